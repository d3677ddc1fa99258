/* A unit's end: explanations and summaries, which the compiler prints apart, joined into facts. */
#include "parsers/unit.h"

#include <limits.h>
#include <stdlib.h>

#include "parsers/classify.h"
#include "parsers/function.h"
#include "src/base/cleanup.h"

/* Equal ones, in the order of the text, are next to each other. */
static int
compare_subjects(const struct explanation *a, const struct explanation *b)
{
	int order = position_compare(&a->place.at, &b->place.at);

	if (order == 0)
		order = (int)a->leak - (int)b->leak;
	if (order == 0 && a->key != b->key)
		order = strcmp(a->key, b->key);
	if (order == 0)
		order = (int)a->moved - (int)b->moved;
	return order;
}

static int
compare_explanations(const void *one, const void *two)
{
	const struct explanation *a = one, *b = two;
	int order = compare_subjects(a, b);

	return order ? order : (a->order > b->order) - (a->order < b->order);
}

/* For all whose first member is a position. */
static int
compare_positions(const void *one, const void *two)
{
	return position_compare(one, two);
}

static void
sort(void *array, size_t count, size_t size, int (*order)(const void *, const void *))
{
	if (count > 1)
		qsort(array, count, size, order);
}

static void
sort_unit(struct unit *unit)
{
	sort(unit->explanations, unit->explanation_count, sizeof *unit->explanations,
		compare_explanations);
	sort(unit->calls, unit->call_count, sizeof *unit->calls, compare_positions);
	sort(unit->declarations, unit->declaration_count, sizeof *unit->declarations,
		compare_positions);
	sort(unit->statics, unit->static_count, sizeof *unit->statics, compare_positions);
}

/* The index of the first element that is not before `key`. */
static size_t
lower_bound(const void *array, size_t count, size_t size, const void *key,
	int (*order)(const void *, const void *))
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (order((const char *)array + middle * size, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first explanation that no summary has taken among those equal to the key, or NULL. */
static struct explanation *
take_equal(struct unit *unit, const struct explanation *key)
{
	size_t i = lower_bound(unit->explanations, unit->explanation_count, sizeof *key, key,
		compare_explanations);

	if (i == unit->explanation_count || compare_subjects(&unit->explanations[i], key) != 0)
		return NULL;
	struct explanation *first = &unit->explanations[i];
	i += first->taken;
	if (i == unit->explanation_count || compare_subjects(&unit->explanations[i], key) != 0)
		return NULL;
	first->taken++;
	return &unit->explanations[i];
}

/* The explanation of the summary: one of a variable for a variable, if there is one. */
static struct explanation *
take_explanation(struct unit *unit, const struct summary *summary, bool leak)
{
	struct explanation key = {
		.place = summary->place,
		.leak = leak,
		.moved = summary->kind == MESSAGE_MOVED,
		.key = summary->key,
	};
	struct explanation *found = take_equal(unit, &key);

	if (found)
		return found;
	key.moved = !key.moved;
	return take_equal(unit, &key);
}

static const struct inlined_call *
find_call(const struct unit *unit, struct position at)
{
	struct inlined_call key = {.at = at};

	/* Without a column, or in code without source, equal positions do not mean the same place.
	 */
	if (at.column == 0)
		return NULL;
	size_t i = lower_bound(unit->calls, unit->call_count, sizeof key, &key, compare_positions);
	bool found = i < unit->call_count && position_compare(&unit->calls[i].at, &at) == 0;
	return found ? &unit->calls[i] : NULL;
}

/*
 * The declaration that a position is in: the last one that begins before it in the same file. -m=2
 * prints a line for every function that is compiled, at the token behind "func". Wrong only for
 * package-level variables that follow a function, whose end is not printed.
 */
static const char *
find_function(const struct unit *unit, struct position at)
{
	struct unit_declaration key = {
		.at = {at.file, at.line, at.column ? at.column + 1 : INT_MAX}};
	size_t i = lower_bound(
		unit->declarations, unit->declaration_count, sizeof key, &key, compare_positions);

	if (i == 0 || !at.file)
		return "";
	const struct unit_declaration *before = &unit->declarations[i - 1];
	bool same_file = before->at.file && strcmp(before->at.file, at.file) == 0;
	return same_file ? before->function : "";
}

static const char *
function_of(struct unit *unit, const struct explanation *explanation, struct position at)
{
	const char *by_position = find_function(unit, at);

	if (!explanation || !explanation->symbol)
		return by_position;
	struct str symbol = str_of(explanation->symbol);
	return function_can_be(symbol, by_position)
		       ? by_position
		       : unit_function(unit, symbol, &explanation->place);
}

static bool
is_static(const struct unit *unit, struct position at)
{
	struct static_value key = {.at = at};
	size_t i =
		lower_bound(unit->statics, unit->static_count, sizeof key, &key, compare_positions);

	return i < unit->static_count && position_compare(&unit->statics[i].at, &at) == 0;
}

static struct str
variable_key(const char *function, const char *variable, struct buf *scratch)
{
	buf_printf(scratch, "%s\n%s", function, variable);
	return buf_str(scratch);
}

static void
index_static_variables(struct unit *unit)
{
	for (size_t i = 0; i < unit->static_count; i++) {
		const struct static_value *value = &unit->statics[i];
		CLEANUP(buf_release) struct buf key = {0};
		if (*value->variable)
			*intern_value(&unit->static_variables,
				variable_key(find_function(unit, value->at), value->variable,
					&key)) = "";
	}
}

static bool
is_static_variable(const struct unit *unit, const struct escape *escape)
{
	CLEANUP(buf_release) struct buf key = {0};

	return unit->static_variables.count &&
	       intern_find(&unit->static_variables,
		       variable_key(escape->function, escape->expression, &key));
}

static enum allocates
allocates(const struct unit *unit, const struct escape *escape)
{
	struct str expression = str_of(escape->expression);

	if (escape->kind == ESCAPE_MOVED)
		return ALLOCATES_YES;
	if (classify_is_empty(expression, escape->flow, escape->flow_count))
		return ALLOCATES_NO;
	if (classify_is_boxed(expression) && classify_is_constant(expression))
		return ALLOCATES_NO;
	if ((classify_is_boxed(expression) || str_eq(expression, STR("func literal"))) &&
		(is_static(unit, escape->at) || is_static_variable(unit, escape)))
		return ALLOCATES_NO;
	/* Only when the capacity is used up. */
	return str_starts(expression, STR("append")) ? ALLOCATES_MAYBE : ALLOCATES_YES;
}

/* Whether the unit declares a method of the name that the selector "x.y.M" ends in. */
static bool
names_method(struct unit *unit, const char *expression)
{
	const char *dot = strrchr(expression, '.');

	if (!dot || strpbrk(expression, " ()[]{}&*\"'+-/"))
		return false;
	return intern_find(&unit->selectors, str_of(dot)) != NULL;
}

/* Among the arguments of a variadic call there are values put into interfaces, hardly ever methods.
 */
static bool
is_variadic_argument(const struct escape *escape)
{
	for (size_t i = 0; i < escape->flow_count; i++)
		if (strcmp(escape->flow[i].from, "... argument") == 0)
			return true;
	return false;
}

/* Where a fact is: no file where the compiler does not know it. */
static struct position
known_position(struct position at)
{
	if (at.file && strcmp(at.file, "<unknown line number>") == 0)
		at.file = NULL;
	return at;
}

static const struct flow_step *
keep_flow(const struct unit *unit, const struct explanation *explanation)
{
	if (explanation->step_count == 0)
		return NULL;
	return arena_copy(&unit->snapshot->arena, &unit->steps[explanation->first_step],
		explanation->step_count, sizeof *unit->steps);
}

static void
set_flow(struct unit *unit, struct escape *escape, const struct explanation *explanation)
{
	escape->flow = keep_flow(unit, explanation);
	escape->flow_count = explanation->step_count;
	bool method_value =
		intern_find(&unit->method_values, str_of(escape->expression)) ||
		(names_method(unit, escape->expression) && !is_variadic_argument(escape));
	escape->reason = classify_reason(escape->kind, str_of(escape->expression), method_value,
		escape->flow, escape->flow_count);
}

static struct escape *
add_escape(struct unit *unit, const struct summary *summary, struct explanation *explanation)
{
	struct snapshot *snapshot = unit->snapshot;
	struct escape *escape =
		GROW(snapshot->escapes, snapshot->escape_count, snapshot->escape_capacity);
	const struct inlined_call *call = find_call(unit, summary->place.at);

	*escape = (struct escape){
		.kind = summary->kind == MESSAGE_MOVED ? ESCAPE_MOVED : ESCAPE_TO_HEAP,
		.origin = summary->place.origin,
		.at = known_position(summary->place.at),
		.generated_from = summary->place.generated_from,
		.package = unit->package,
		.variant = unit->variant,
		.function = function_of(unit, explanation, summary->place.at),
		.expression = summary->subject,
		.message = summary->message,
		.inlined = call ? call->function : NULL,
	};
	if (explanation) {
		explanation->escape = snapshot->escape_count;
		set_flow(unit, escape, explanation);
	} else {
		escape->reason =
			classify_reason(escape->kind, str_of(escape->expression), false, NULL, 0);
	}
	escape->allocates = allocates(unit, escape);
	return escape;
}

/* Whether the expressions can be the same one, before and after the compiler found a constant for a
 * variable in it, or for all of it (Go 1.25). */
static bool
is_folded(const char *expression, const char *before)
{
	size_t type = strcspn(expression, ",");

	if (strncmp(expression, "make(", 5) == 0)
		return strncmp(before, expression, type + 1) == 0;
	return classify_is_constant(str_of(expression)) && classify_is_boxed(str_of(before));
}

/* An explanation that nothing has taken, for an escape whose text was folded after it was
 * explained. Only the first few at the place are looked at: there are never many. */
static void
explain_folded(struct unit *unit, struct escape *escape)
{
	enum { MOST = 64 };
	const struct explanation key = {.place.at = escape->at, .key = ""};
	size_t i = lower_bound(unit->explanations, unit->explanation_count, sizeof key, &key,
		compare_explanations);
	size_t end = i + MOST < unit->explanation_count ? i + MOST : unit->explanation_count;

	for (; i < end; i++) {
		struct explanation *explanation = &unit->explanations[i];
		if (position_compare(&explanation->place.at, &escape->at) != 0)
			return;
		if (explanation->leak || explanation->escape ||
			!is_folded(escape->expression, explanation->subject))
			continue;
		explanation->escape = (size_t)(escape - unit->snapshot->escapes) + 1;
		set_flow(unit, escape, explanation);
		escape->function = function_of(unit, explanation, escape->at);
		escape->allocates = allocates(unit, escape);
		return;
	}
}

/* A slice of a size that is not known is on the stack only where it turns out to be small. */
static void
add_variable_make(struct unit *unit, const struct summary *summary)
{
	struct escape *escape = add_escape(unit, summary, NULL);

	escape->reason = REASON_UNKNOWN_SIZE;
	if (escape->allocates == ALLOCATES_YES)
		escape->allocates = ALLOCATES_MAYBE;
}

static void
add_leak(struct unit *unit, const struct summary *summary)
{
	static const enum leak_kind kinds[] = {
		[MESSAGE_NO_ESCAPE] = LEAK_NONE,
		[MESSAGE_LEAK] = LEAK_HEAP,
		[MESSAGE_LEAK_CONTENT] = LEAK_CONTENT,
		[MESSAGE_LEAK_RESULT] = LEAK_RESULT,
	};
	struct snapshot *snapshot = unit->snapshot;
	const struct explanation *explanation = take_explanation(unit, summary, true);
	struct leak *leak = GROW(snapshot->leaks, snapshot->leak_count, snapshot->leak_capacity);

	*leak = (struct leak){
		.kind = kinds[summary->kind],
		.at = known_position(summary->place.at),
		.package = unit->package,
		.function = function_of(unit, explanation, summary->place.at),
		.parameter = summary->subject,
		.result = summary->result,
		.level = summary->level,
		.message = summary->message,
	};
	if (explanation) {
		leak->flow = keep_flow(unit, explanation);
		leak->flow_count = explanation->step_count;
	}
}

static void
add_summary(struct unit *unit, const struct summary *summary)
{
	bool no_escape = summary->kind == MESSAGE_NO_ESCAPE;

	if (summary->kind == MESSAGE_ESCAPES || summary->kind == MESSAGE_MOVED)
		add_escape(unit, summary, take_explanation(unit, summary, false));
	else if (no_escape && strncmp(summary->subject, "make(", 5) == 0)
		add_variable_make(unit, summary);
	else
		add_leak(unit, summary);
}

/*
 * What is left of the explanations. Up to Go 1.24 one allocation can be explained twice, the second
 * time by its size, which says more. A closure that is explained and never summed up is that of a
 * go statement or of a defer in a loop: a wrapper, of which the compiler prints no summary, but
 * allocated.
 */
static void
add_rest(struct unit *unit, const struct explanation *first, struct explanation *explanation)
{
	struct snapshot *snapshot = unit->snapshot;

	if (first->escape) {
		struct escape *escape = &snapshot->escapes[first->escape - 1], other = *escape;
		set_flow(unit, &other, explanation);
		if (other.reason == REASON_UNKNOWN_SIZE || other.reason == REASON_TOO_LARGE)
			*escape = other;
	} else if (strcmp(explanation->subject, "func literal") == 0) {
		const struct summary summary = {
			.kind = MESSAGE_ESCAPES,
			.place = explanation->place,
			.subject = explanation->subject,
			.message = "func literal escapes to heap",
		};
		add_escape(unit, &summary, explanation)->implied = true;
	}
}

static void
join_rest(struct unit *unit)
{
	const struct explanation *first = unit->explanations;

	for (size_t i = 0; i < unit->explanation_count; i++) {
		struct explanation *explanation = &unit->explanations[i];
		if (i == 0 || compare_subjects(first, explanation) != 0)
			first = explanation;
		if (!explanation->leak && !explanation->escape)
			add_rest(unit, first, explanation);
	}
}

static void
keep_calls(struct unit *unit)
{
	struct snapshot *snapshot = unit->snapshot;

	for (size_t i = 0; i < unit->call_count; i++) {
		struct inlined_call *call =
			GROW(snapshot->calls, snapshot->call_count, snapshot->call_capacity);
		*call = unit->calls[i];
		call->caller = find_function(unit, call->at);
	}
}

void
unit_finish(struct unit *unit)
{
	struct snapshot *snapshot = unit->snapshot;
	size_t first = snapshot->escape_count;

	sort_unit(unit);
	index_static_variables(unit);
	for (size_t i = 0; i < unit->summary_count; i++)
		add_summary(unit, &unit->summaries[i]);
	for (size_t i = first; i < snapshot->escape_count; i++)
		if (snapshot->escapes[i].flow_count == 0 &&
			snapshot->escapes[i].kind == ESCAPE_TO_HEAP)
			explain_folded(unit, &snapshot->escapes[i]);
	join_rest(unit);
	if (!unit->options.escapes_only)
		keep_calls(unit);
}

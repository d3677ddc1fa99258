/* A unit's end: explanations and summaries, which the compiler prints apart, joined into facts. */
#include "parsers/unit.h"

#include <limits.h>
#include <stdlib.h>

#include "parsers/classify.h"
#include "parsers/function.h"
#include "parsers/position.h"

static int
compare_explanations(const void *one, const void *two)
{
	const struct explanation *a = one, *b = two;
	int order = position_compare(&a->at, &b->at);

	return order ? order : (a->order > b->order) - (a->order < b->order);
}

static int
compare_calls(const void *one, const void *two)
{
	const struct inlined_call *a = one, *b = two;

	return position_compare(&a->at, &b->at);
}

static int
compare_inlinings(const void *one, const void *two)
{
	const struct inlining *a = one, *b = two;

	return position_compare(&a->at, &b->at);
}

static int
compare_positions(const void *one, const void *two)
{
	return position_compare(one, two);
}

/* The index of the first element that is not before `key`; elements begin with what the order looks
 * at. */
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

/* Turn the raw lines of an explanation into steps. A "flow:" line says where the steps below it
 * lead. */
static const struct flow_step *
make_flow(struct unit *unit, const struct explanation *explanation, size_t *count,
	struct snapshot *snapshot)
{
	struct flow_step *steps =
		arena_alloc(&snapshot->arena, (explanation->detail_count + 1) * sizeof *steps);
	const char *to = "";
	enum origin origin;

	*count = 0;
	for (size_t i = 0; i < explanation->detail_count; i++) {
		struct message message;
		struct located at;
		pattern_set_match(unit->details, str_of(explanation->details[i]), &message);
		if (message.kind == MESSAGE_FLOW)
			to = arena_str(&snapshot->arena, message.field[FIELD_TO]);
		if (message.kind != MESSAGE_NOTE)
			continue;
		struct flow_step *step = &steps[(*count)++];
		step->to = to;
		step->from = arena_str(&snapshot->arena, message.field[FIELD_FROM]);
		step->via = arena_str(&snapshot->arena, message.field[FIELD_WHY]);
		if (located_parse(&at, message.field[FIELD_POSITION]))
			step->at =
				unit_position(unit, at.file, at.line, at.column, &origin, snapshot);
	}
	return steps;
}

/* Whether the explanation speaks of what the summary sums up. From Go 1.25 on, summaries of append
 * are cut down to that word. */
static bool
explains(const struct explanation *explanation, const struct summary *summary)
{
	if (strcmp(explanation->subject, summary->subject) == 0)
		return true;
	return strcmp(summary->subject, "append") == 0 &&
	       strncmp(explanation->subject, "append(", 7) == 0;
}

/* The first explanation of the summary that no equal one before it has taken, or NULL. */
static struct explanation *
find_explanation(struct unit *unit, const struct summary *summary, bool leak)
{
	struct explanation key = {.at = summary->at};
	size_t i = lower_bound(unit->explanations, unit->explanation_count, sizeof key, &key,
		compare_explanations);

	for (; i < unit->explanation_count; i++) {
		struct explanation *explanation = &unit->explanations[i];
		if (position_compare(&explanation->at, &summary->at) != 0)
			return NULL;
		if (!explanation->escape && explanation->leak == leak &&
			explains(explanation, summary))
			return explanation;
	}
	return NULL;
}

static const struct inlined_call *
find_call(const struct unit *unit, const struct snapshot *snapshot, struct position at)
{
	size_t count = snapshot->call_count - unit->first_call;
	struct inlined_call key = {.at = at};

	/* Without a column, or in code without source, equal positions do not mean the same place.
	 */
	if (count == 0 || at.column == 0)
		return NULL;
	const struct inlined_call *calls = snapshot->calls + unit->first_call;
	size_t i = lower_bound(calls, count, sizeof *calls, &key, compare_calls);
	return i < count && position_compare(&calls[i].at, &at) == 0 ? &calls[i] : NULL;
}

/*
 * The declaration that a position is in: the last one that begins before it in the same file. -m=2
 * prints a line for every function that is compiled, at the token behind "func". Wrong only for
 * package-level variables that follow a function, whose end is not printed.
 */
static const char *
find_function(const struct unit *unit, const struct snapshot *snapshot, struct position at)
{
	struct inlining key = {.at = {at.file, at.line, at.column ? at.column + 1 : INT_MAX}};
	size_t i = snapshot->inlining_count - unit->first_inlining;

	if (i == 0)
		return "";
	const struct inlining *inlinings = snapshot->inlinings + unit->first_inlining;
	i = lower_bound(inlinings, i, sizeof key, &key, compare_inlinings);
	while (i > 0 && inlinings[i - 1].at.file && at.file &&
		strcmp(inlinings[i - 1].at.file, at.file) == 0) {
		i--;
		if (function_is_declaration(str_of(inlinings[i].name)))
			return inlinings[i].function;
	}
	return "";
}

static const char *
function_of(const struct unit *unit, const struct explanation *explanation, struct position at,
	struct snapshot *snapshot)
{
	if (explanation && explanation->function)
		return function_normalise(str_of(explanation->function), &snapshot->arena);
	return find_function(unit, snapshot, at);
}

static bool
is_static(const struct unit *unit, struct position at)
{
	size_t i =
		lower_bound(unit->statics, unit->static_count, sizeof at, &at, compare_positions);

	return i < unit->static_count && position_compare(&unit->statics[i], &at) == 0;
}

static enum allocates
allocates(const struct unit *unit, const struct escape *escape)
{
	struct str expression = str_of(escape->expression);

	if (escape->kind == ESCAPE_MOVED)
		return ALLOCATES_YES;
	if (classify_is_empty(escape->flow, escape->flow_count))
		return ALLOCATES_NO;
	if (classify_is_boxed(expression) && classify_is_constant(expression))
		return ALLOCATES_NO;
	if ((classify_is_boxed(expression) || str_eq(expression, STR("func literal"))) &&
		is_static(unit, escape->at))
		return ALLOCATES_NO;
	/* Only when the capacity is used up. */
	return str_starts(expression, STR("append")) ? ALLOCATES_MAYBE : ALLOCATES_YES;
}

/* A method value is stored in {storage for t.M} by way of {temp}; a field that is put into an
 * interface is not. */
static bool
is_method_value(const struct unit *unit, const char *expression)
{
	size_t n = strlen(expression);

	for (size_t i = 0; i < unit->method_value_count; i++) {
		struct str line = str_of(unit->method_values[i]);
		struct str storage = str_from(line, sizeof "  flow: {storage for " - 1);
		if (storage.n > n && memcmp(storage.p, expression, n) == 0 && storage.p[n] == '}')
			return true;
	}
	return false;
}

/* Whether the unit declares a method of the name that the selector "x.y.M" ends in. */
static bool
names_method(const struct unit *unit, const struct snapshot *snapshot, const char *expression)
{
	const char *dot = strrchr(expression, '.');

	if (!dot || strpbrk(expression, " ()[]{}&*\"'+-/"))
		return false;
	for (size_t i = unit->first_inlining; i < snapshot->inlining_count; i++) {
		const char *method = strchr(snapshot->inlinings[i].function, '.');
		if (method && strcmp(method, dot) == 0)
			return true;
	}
	return false;
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

static void
set_flow(struct unit *unit, struct escape *escape, const struct explanation *explanation,
	struct snapshot *snapshot)
{
	escape->flow = make_flow(unit, explanation, &escape->flow_count, snapshot);
	bool method_value =
		is_method_value(unit, escape->expression) ||
		(names_method(unit, snapshot, escape->expression) && !is_variadic_argument(escape));
	escape->reason = classify_reason(escape->kind, str_of(escape->expression), method_value,
		escape->flow, escape->flow_count);
}

static struct escape *
add_escape(struct unit *unit, const struct summary *summary, struct explanation *explanation,
	struct snapshot *snapshot)
{
	struct escape *escape =
		GROW(snapshot->escapes, snapshot->escape_count, snapshot->escape_capacity);
	const struct inlined_call *call = find_call(unit, snapshot, summary->at);

	*escape = (struct escape){
		.kind = summary->kind == MESSAGE_MOVED ? ESCAPE_MOVED : ESCAPE_TO_HEAP,
		.origin = summary->origin,
		.at = summary->at,
		.package = unit->package,
		.function = function_of(unit, explanation, summary->at, snapshot),
		.expression = arena_strdup(&snapshot->arena, summary->subject),
		.message = arena_strdup(&snapshot->arena, summary->message),
		.inlined = call ? call->function : NULL,
	};
	escape->allocates = allocates(unit, escape);
	if (explanation) {
		explanation->escape = snapshot->escape_count;
		set_flow(unit, escape, explanation, snapshot);
	} else {
		escape->reason =
			classify_reason(escape->kind, str_of(escape->expression), false, NULL, 0);
	}
	return escape;
}

/* The bare name of a parameter, as opposed to any other expression that does not escape. */
static bool
is_parameter_name(const char *text)
{
	return text[0] && !strpbrk(text, " ()[]{}&*\"'`.+-/<>=!,;:|^%");
}

static void
add_leak(struct unit *unit, const struct summary *summary, struct snapshot *snapshot)
{
	static const enum leak_kind kinds[] = {
		[MESSAGE_LEAK] = LEAK_HEAP,
		[MESSAGE_LEAK_CONTENT] = LEAK_CONTENT,
		[MESSAGE_LEAK_RESULT] = LEAK_RESULT,
	};
	enum leak_kind kind = summary->kind == MESSAGE_NO_ESCAPE ? LEAK_NONE : kinds[summary->kind];

	if (kind == LEAK_NONE && !is_parameter_name(summary->subject))
		return;
	struct leak *leak = GROW(snapshot->leaks, snapshot->leak_count, snapshot->leak_capacity);
	const struct explanation *explanation = find_explanation(unit, summary, true);
	*leak = (struct leak){
		.kind = kind,
		.at = summary->at,
		.package = unit->package,
		.function = function_of(unit, explanation, summary->at, snapshot),
		.parameter = arena_strdup(&snapshot->arena, summary->subject),
	};
	if (explanation)
		leak->flow = make_flow(unit, explanation, &leak->flow_count, snapshot);
}

/* Another explanation of the same allocation that already has one, or NULL. */
static const struct explanation *
find_sibling(const struct unit *unit, const struct explanation *explanation)
{
	const struct explanation *first = explanation;

	while (first > unit->explanations && position_compare(&first[-1].at, &explanation->at) == 0)
		first--;
	for (; first < explanation; first++)
		if (first->escape && strcmp(first->subject, explanation->subject) == 0)
			return first;
	return NULL;
}

/*
 * What is left of the explanations. Up to Go 1.24 one allocation can be explained twice, the second
 * time by its size, which says more. A closure that is explained and never summed up is that of a
 * go statement or of a defer in a loop: a wrapper, of which the compiler prints no summary, but
 * allocated.
 */
static void
join_rest(struct unit *unit, struct snapshot *snapshot)
{
	for (size_t i = 0; i < unit->explanation_count; i++) {
		struct explanation *explanation = &unit->explanations[i];
		if (explanation->leak || explanation->escape)
			continue;
		const struct explanation *sibling = find_sibling(unit, explanation);
		if (sibling) {
			struct escape *escape = &snapshot->escapes[sibling->escape - 1],
				      other = *escape;
			set_flow(unit, &other, explanation, snapshot);
			if (other.reason == REASON_UNKNOWN_SIZE || other.reason == REASON_TOO_LARGE)
				*escape = other;
		} else if (strcmp(explanation->subject, "func literal") == 0) {
			struct summary summary = {
				.kind = MESSAGE_ESCAPES,
				.at = explanation->at,
				.origin = explanation->origin,
				.subject = explanation->subject,
				.message = "func literal escapes to heap",
			};
			add_escape(unit, &summary, explanation, snapshot)->implied = true;
		}
	}
}

static void
sort_unit(struct unit *unit, struct snapshot *snapshot)
{
	size_t calls = snapshot->call_count - unit->first_call;
	size_t inlinings = snapshot->inlining_count - unit->first_inlining;

	if (unit->explanation_count)
		qsort(unit->explanations, unit->explanation_count, sizeof *unit->explanations,
			compare_explanations);
	if (calls)
		qsort(snapshot->calls + unit->first_call, calls, sizeof *snapshot->calls,
			compare_calls);
	if (inlinings)
		qsort(snapshot->inlinings + unit->first_inlining, inlinings,
			sizeof *snapshot->inlinings, compare_inlinings);
	if (unit->static_count)
		qsort(unit->statics, unit->static_count, sizeof *unit->statics, compare_positions);
}

void
unit_finish(struct unit *unit, struct snapshot *snapshot)
{
	sort_unit(unit, snapshot);
	for (size_t i = 0; i < unit->summary_count; i++) {
		struct summary *summary = &unit->summaries[i];
		if (summary->kind == MESSAGE_ESCAPES || summary->kind == MESSAGE_MOVED)
			add_escape(unit, summary, find_explanation(unit, summary, false), snapshot);
		else
			add_leak(unit, summary, snapshot);
	}
	join_rest(unit, snapshot);
}

#include "src/cause.h"

#include <limits.h>
#include <stdlib.h>

#include "src/base/cleanup.h"
#include "src/leaks.h"

/* Leaks are followed from function to function no further than this: flows can go in circles. */
#define MOST_STEPS 16

/* A parameter that leaks more than it did. */
struct worse {
	const struct leak *leak; /* of the head */
	struct worse *next;      /* of another function with that name */
};

struct search {
	struct comparison *comparison;
	const struct line_map *map;
	const struct other_changes *changes;
	struct arena scratch;
	struct intern worse; /* by the last word of the function's name */
};

static void
search_release(struct search *search)
{
	intern_release(&search->worse);
	arena_release(&search->scratch);
}

static bool
is_changed(const struct line_map *map, const struct position *at)
{
	return at->file && line_map_changed(map, at->file, at->line);
}

static const struct position *
changed_step(const struct line_map *map, const struct flow_step *flow, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_changed(map, &flow[i].at))
			return &flow[i].at;
	return NULL;
}

/* ---- parameters that leak more ---- */

/* "Get" of "Store.Get". */
static struct str
last_word(const char *function)
{
	const char *dot = strrchr(function, '.');

	return str_of(dot ? dot + 1 : function);
}

static void
add_worse(struct search *search, const struct leak *leak)
{
	const void **first = intern_value(&search->worse, last_word(leak->function));
	struct worse *worse = arena_alloc(&search->scratch, sizeof *worse);

	*worse = (struct worse){leak, (struct worse *)(uintptr_t)*first};
	*first = worse;
}

static void
collect_worse(struct search *search)
{
	CLEANUP(intern_release) struct intern before = {.arena = &search->scratch};
	const struct snapshot *head = search->comparison->head_snapshot;

	leaks_index(&before, search->comparison->base_snapshot);
	for (size_t i = 0; i < head->leak_count; i++) {
		const struct leak *leak = &head->leaks[i], *was;
		if (leak->kind == LEAK_NONE)
			continue;
		was = leaks_find(&before, leak);
		if (was && was->kind < leak->kind)
			add_worse(search, leak);
	}
}

/* The name of what is called in "s.pool.Get(x)(y)", "gen.Map[int](v)": the word before the bracket
 * that the last one closes. */
static struct str
called_name(const char *call)
{
	size_t end = strlen(call);
	int depth = 0;

	while (end > 0) {
		char c = call[--end];
		depth += memchr(")]}", c, 3) != NULL;
		depth -= memchr("([{", c, 3) != NULL;
		/* Type arguments stand between the name and its parameters. */
		if (depth == 0 && c == '(' && !(end > 0 && call[end - 1] == ']'))
			break;
		if (depth == 0 && c == '[')
			break;
	}
	size_t start = end;
	while (start > 0 && !memchr(".( *&)", call[start - 1], 6))
		start--;
	return (struct str){call + start, end - start};
}

/* The parameter that leaks now, of a function that is called like that; one of the package itself
 * first. */
static const struct leak *
find_worse(const struct search *search, const char *call, const char *package)
{
	const struct worse *worse = intern_value_find(&search->worse, called_name(call));
	const struct leak *found = NULL;

	for (; worse; worse = worse->next)
		if (!found || strcmp(worse->leak->package, package) == 0)
			found = worse->leak;
	return found;
}

static const struct leak *
worse_callee(const struct search *search, const struct flow_step *flow, size_t count,
	const char *package)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(flow[i].via, "call parameter") != 0)
			continue;
		const struct leak *leak = find_worse(search, flow[i].from, package);
		if (leak)
			return leak;
	}
	return NULL;
}

/* Where it began: the function whose own lines make the parameter leak. */
static const struct leak *
follow(const struct search *search, const struct leak *leak, const struct position **changed)
{
	for (int i = 0; i < MOST_STEPS; i++) {
		*changed = changed_step(search->map, leak->flow, leak->flow_count);
		if (*changed)
			return leak;
		const struct leak *next =
			worse_callee(search, leak->flow, leak->flow_count, leak->package);
		if (!next || next == leak)
			return leak;
		leak = next;
	}
	return leak;
}

static bool
is_callee_leaks(struct cause *out, const struct search *search, const struct escape *escape)
{
	struct arena *arena = &search->comparison->arena;
	const struct position *changed = NULL;
	const struct leak *leak =
		worse_callee(search, escape->flow, escape->flow_count, escape->package);

	if (!leak)
		return false;
	leak = follow(search, leak, &changed);
	*out = (struct cause){
		.kind = CAUSE_CALLEE_LEAKS,
		.text = arena_printf(arena, "%s lets its parameter %s get to the heap now",
			leak->function, leak->parameter),
		.at = changed ? *changed : leak->at,
		.function = leak->function,
	};
	return true;
}

/* ---- inlining ---- */

/* The first changed line of the function that begins there, which reaches to the next one. */
static bool
changed_within(struct position *out, const struct search *search, const struct inlining *inlining)
{
	const struct snapshot *head = search->comparison->head_snapshot;
	int end = INT_MAX;

	for (size_t i = 0; i < head->inlining_count; i++) {
		const struct inlining *other = &head->inlinings[i];
		if (other->declaration && other->at.file == inlining->at.file &&
			other->at.line > inlining->at.line && other->at.line < end)
			end = other->at.line;
	}
	int line = inlining->at.file
			   ? line_map_next_change(search->map, inlining->at.file, inlining->at.line)
			   : 0;
	if (line == 0 || line >= end)
		return false;
	*out = (struct position){inlining->at.file, line, 0};
	return true;
}

static const struct inlining *
find_inlining(const struct snapshot *snapshot, const struct escape *escape)
{
	for (size_t i = 0; i < snapshot->inlining_count; i++)
		if (position_compare(&snapshot->inlinings[i].at, &escape->at) == 0)
			return &snapshot->inlinings[i];
	return NULL;
}

static struct cause
cause_of_lost(const struct search *search, const struct finding *finding)
{
	const struct snapshot *head = search->comparison->head_snapshot;
	const struct inlining *inlining = find_inlining(head, finding->escape);
	struct cause cause = {
		.kind = CAUSE_INLINING,
		.text = "the function itself was not changed: what is inlined into it has grown, "
			"or "
			"the Go version or its settings were changed",
		.at = finding->escape->at,
		.function = finding->escape->function,
	};

	if (inlining && changed_within(&cause.at, search, inlining))
		cause.text = "the function was changed, and is too expensive or not allowed to be "
			     "inlined now";
	return cause;
}

/* Whether a call that the flow passes was inlined in the base, by a function that cannot be any
 * more. */
static bool
is_not_inlined(struct cause *out, const struct search *search, const struct escape *escape)
{
	const struct comparison *comparison = search->comparison;

	for (size_t i = 0; i < comparison->not_inlined_count; i++) {
		const struct not_inlined *call = &comparison->not_inlined[i];
		for (size_t j = 0; j < escape->flow_count; j++) {
			if (strcmp(escape->flow[j].via, "call parameter") != 0 ||
				position_compare(&escape->flow[j].at, &call->at) != 0)
				continue;
			*out = (struct cause){
				.kind = CAUSE_INLINING,
				.text = arena_printf(&search->comparison->arena,
					"%s is no longer inlined: %s", call->function,
					call->why_not),
				.at = call->declared,
				.function = call->function,
			};
			return true;
		}
	}
	return false;
}

/* Where the function that holds the escape begins. */
static const struct inlining *
enclosing(const struct snapshot *head, const struct escape *escape)
{
	const struct inlining *found = NULL;

	for (size_t i = 0; i < head->inlining_count; i++) {
		const struct inlining *inlining = &head->inlinings[i];
		if (inlining->declaration && inlining->at.file && escape->at.file &&
			inlining->at.line <= escape->at.line &&
			(!found || inlining->at.line > found->at.line) &&
			strcmp(inlining->at.file, escape->at.file) == 0)
			found = inlining;
	}
	return found && strcmp(found->function, escape->function) == 0 ? found : NULL;
}

/* How a variable is used decides as well: one that a function literal assigns to is shared with it,
 * and the flow does not pass that line. */
static bool
is_changed_function(struct cause *out, const struct search *search, const struct escape *escape)
{
	const struct inlining *function = enclosing(search->comparison->head_snapshot, escape);

	*out = (struct cause){
		.kind = CAUSE_CHANGED_FUNCTION,
		.text = "its own line is the same, and another line of its function was changed",
		.function = escape->function,
	};
	return function && changed_within(&out->at, search, function);
}

/* ---- what is in no line of Go ---- */

static bool
is_elsewhere(struct cause *out, const struct search *search, const struct escape *escape)
{
	const struct other_changes *changes = search->changes;
	struct arena *arena = &search->comparison->arena;
	bool calls = false;

	for (size_t i = 0; i < escape->flow_count; i++)
		calls |= strcmp(escape->flow[i].via, "call parameter") == 0;
	*out = (struct cause){.at = changes->at};
	if (changes->dependencies && (calls || escape->inlined)) {
		out->kind = CAUSE_DEPENDENCY;
		out->text =
			arena_printf(arena, "a dependency was changed: %s", changes->dependencies);
	} else if (changes->toolchain) {
		out->kind = CAUSE_TOOLCHAIN;
		out->text = arena_printf(
			arena, "the compiler decides otherwise: %s", changes->toolchain);
	} else if (changes->go_line) {
		out->kind = CAUSE_TOOLCHAIN;
		out->text = arena_printf(arena, "the go line was changed %s", changes->go_line);
	}
	return out->text;
}

static const struct cause no_cause = {
	.kind = CAUSE_UNKNOWN,
	.text = "neither its line nor a line of its flow was changed, and no function that it is "
		"handed to says more: look at the called functions, at the dependencies and at the "
		"Go version",
};

static struct cause
find_cause(const struct search *search, const struct finding *finding)
{
	const struct escape *escape = finding->escape;
	struct cause cause;

	if (finding->lost)
		return cause_of_lost(search, finding);
	if (is_changed(search->map, &escape->at))
		return (struct cause){.kind = CAUSE_CHANGED_LINE,
			.text = "its own line was added or changed",
			.at = escape->at,
			.function = escape->function};
	const struct position *step = changed_step(search->map, escape->flow, escape->flow_count);
	if (step)
		return (struct cause){.kind = CAUSE_CHANGED_FLOW,
			.text = "a line that it passes on its way to the heap was added or changed",
			.at = *step,
			.function = escape->function};
	if (is_callee_leaks(&cause, search, escape) || is_not_inlined(&cause, search, escape) ||
		is_changed_function(&cause, search, escape) || is_elsewhere(&cause, search, escape))
		return cause;
	return no_cause;
}

/* ---- what has one cause ---- */

static bool
is_shared(const struct finding *finding)
{
	enum cause_kind kind = finding->cause.kind;

	return finding_counts(finding) && kind != CAUSE_UNKNOWN && kind != CAUSE_CHANGED_LINE &&
	       kind != CAUSE_CHANGED_FUNCTION;
}

static int
compare_causes(const void *one, const void *two)
{
	const struct cause *const *a = one, *const *b = two;
	int order = (int)(*a)->kind - (int)(*b)->kind;

	if (order == 0)
		order = strcmp((*a)->text, (*b)->text);
	return order ? order : position_compare(&(*a)->at, &(*b)->at);
}

static int
compare_groups(const void *one, const void *two)
{
	const struct cause_group *a = one, *b = two;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return compare_causes(
		&(const struct cause *){&a->cause}, &(const struct cause *){&b->cause});
}

static void
group_causes(struct comparison *comparison)
{
	size_t capacity = 0, count = 0, group_count = 0;
	CLEANUP(free_ptr)
	const struct cause **causes =
		array_grow(NULL, &capacity, comparison->finding_count + 1, sizeof(void *));

	for (size_t i = 0; i < comparison->finding_count; i++)
		if (is_shared(&comparison->findings[i]))
			causes[count++] = &comparison->findings[i].cause;
	qsort(causes, count, sizeof(void *), compare_causes);
	struct cause_group *groups =
		arena_alloc(&comparison->arena, (count / 2 + 1) * sizeof *groups);
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count && compare_causes(&causes[from], &causes[to]) == 0;)
			to++;
		if (to - from > 1)
			groups[group_count++] = (struct cause_group){*causes[from], to - from};
	}
	qsort(groups, group_count, sizeof *groups, compare_groups);
	comparison->groups = groups;
	comparison->group_count = group_count;
}

void
cause_assign(struct comparison *comparison, const struct line_map *map,
	const struct other_changes *changes)
{
	CLEANUP(search_release)
	struct search search = {.comparison = comparison, .map = map, .changes = changes};

	search.worse.arena = &search.scratch;
	collect_worse(&search);
	for (size_t i = 0; i < comparison->finding_count; i++) {
		struct finding *finding = &comparison->findings[i];
		if (finding->state == FINDING_NEW)
			finding->cause = find_cause(&search, finding);
	}
	group_causes(comparison);
}

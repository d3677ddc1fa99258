#include "src/inlining.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/index.h"
#include "src/fingerprint.h"
#include "src/functions.h"

/* Both sides, as this module looks at them. */
struct view {
	struct comparison *comparison;
	const struct sites *base_sites, *head_sites;
	const struct line_map *map;
	struct functions base, head;
	struct index allocations; /* struct site of the head, by directory and function */
};

static void
view_release(struct view *view)
{
	functions_release(&view->base);
	functions_release(&view->head);
	index_release(&view->allocations);
}

/* The wrapper of an instance of a generic function, which is where the function is: what it prints
 * is a copy for callers that do not know the function. */
static bool
is_in_wrapper(const struct functions *functions, const struct site *site)
{
	const struct escape *escape = site->escape;
	const struct inlining *function =
		functions_find(functions, escape->package, escape->function, NULL);

	return function && position_compare(&function->at, &escape->at) == 0;
}

/* What was there before and allocates. */
static void
index_allocations(struct index *index, const struct sites *sites, const struct functions *functions)
{
	for (size_t i = 0; i < sites->count; i++) {
		const struct site *site = &sites->sites[i];
		if (site->partner && site->escape->allocates != ALLOCATES_NO &&
			!(site->copy && is_in_wrapper(functions, site)))
			index_add(index, index_key(site->directory, site->escape->function), site);
	}
	index_sort(index);
}

static void
view_init(struct view *view, struct comparison *comparison, const struct sites *base,
	const struct sites *head, const struct line_map *map)
{
	*view = (struct view){
		.comparison = comparison, .base_sites = base, .head_sites = head, .map = map};
	functions_init(&view->base, comparison->base_snapshot);
	functions_init(&view->head, comparison->head_snapshot);
	index_allocations(&view->allocations, head, &view->head);
}

static const struct inlining *
counterpart(const struct view *view, const struct inlining *base)
{
	return functions_find(&view->head, base->package, base->function, base->name);
}

/* A call of the base that is on a line of the head which is the same, and not inlined there. */
struct lost_call {
	const struct inlined_call *call;
	const struct inlining *base, *head; /* the callee */
	struct position there;
};

struct lost_calls {
	struct lost_call *calls;
	size_t count, capacity;
};

static void
lost_calls_release(struct lost_calls *lost)
{
	free(lost->calls);
}

static bool
is_lost(struct lost_call *out, const struct view *view, const struct inlined_call *call)
{
	const struct comparison *comparison = view->comparison;

	*out = (struct lost_call){.call = call, .there.column = call->at.column};
	if (call->at.column == 0 || !call->at.file ||
		!line_map_to_head(view->map, call->at.file, call->at.line, &out->there.file,
			&out->there.line) ||
		sites_call_inlined(comparison->head_snapshot, out->there, call->function))
		return false;
	/* The map does not live as long as the findings. */
	out->there.file = arena_strdup(&view->comparison->arena, out->there.file);
	out->base = functions_callee(&view->base, call);
	out->head = out->base && out->base->can ? counterpart(view, out->base) : NULL;
	return out->head && !out->head->can && comparison_judges(comparison, call->package) &&
	       comparison_judges(comparison, out->head->package);
}

/* Instances of a generic function are one function. */
static int
compare_functions(const struct inlining *a, const struct inlining *b)
{
	int order = position_compare(&a->at, &b->at);

	return order ? order : strcmp(a->function, b->function);
}

static int
compare_lost_calls(const void *one, const void *two)
{
	const struct lost_call *a = one, *b = two;

	int order = compare_functions(a->head, b->head);

	return order ? order : position_compare(&a->there, &b->there);
}

static void
collect_lost_calls(struct lost_calls *out, const struct view *view)
{
	const struct snapshot *base = view->comparison->base_snapshot;
	struct lost_call call;

	for (size_t i = 0; i < base->call_count; i++) {
		if (!is_lost(&call, view, &base->calls[i]))
			continue;
		out->calls =
			array_grow(out->calls, &out->capacity, out->count + 1, sizeof *out->calls);
		out->calls[out->count++] = call;
	}
	if (out->count > 1)
		qsort(out->calls, out->count, sizeof *out->calls, compare_lost_calls);
}

static const char *
directory_of(const struct inlining *inlining, struct arena *arena)
{
	const char *file = inlining->at.file ? inlining->at.file : "";
	const char *slash = strrchr(file, '/');

	return arena_str(arena, (struct str){file, slash ? (size_t)(slash - file) : 0});
}

/* For the causes of what else escapes because of it. */
static void
note_call(struct comparison *comparison, const struct lost_call *call)
{
	comparison->not_inlined =
		array_grow(comparison->not_inlined, &comparison->not_inlined_capacity,
			comparison->not_inlined_count + 1, sizeof *comparison->not_inlined);
	comparison->not_inlined[comparison->not_inlined_count++] = (struct not_inlined){
		call->there, call->head->at, call->head->function, call->head->why_not};
}

/* The allocations of the function that are in both sides; *first is the first of *count. */
static void
allocations_of(const struct view *view, const struct inlining *callee,
	const struct index_entry **first, size_t *count)
{
	const char *directory = directory_of(callee, &view->comparison->arena);
	uint64_t key = index_key(directory, callee->function);
	const struct index_entry *entry = index_find(&view->allocations, key);

	*first = entry;
	while (index_has(&view->allocations, entry, key))
		entry++;
	*count = (size_t)(entry - *first);
}

static size_t
first_site_at(const struct sites *sites, const struct position *at)
{
	size_t low = 0, high = sites->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (position_compare(&sites->sites[middle].escape->at, at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* How many of the callee's allocations are on the heap at the call already. */
static size_t
count_escaped(const struct sites *sites, const struct inlined_call *call)
{
	size_t count = 0;

	for (size_t i = first_site_at(sites, &call->at);
		i < sites->count && position_compare(&sites->sites[i].escape->at, &call->at) == 0;
		i++)
		count += sites->sites[i].copy && sites->sites[i].escape->allocates != ALLOCATES_NO;
	return count;
}

/* How the finding looks to whoever takes it for an escape: it is where the function is. */
static const struct escape *
as_escape(const struct lost_call *call, struct arena *arena)
{
	const struct inlining *callee = call->head;
	struct escape *escape = arena_alloc(arena, sizeof *escape);

	*escape = (struct escape){
		.kind = ESCAPE_LOST_INLINING,
		.reason = REASON_NOT_INLINED,
		.at = callee->at,
		.package = callee->package,
		.function = callee->function,
		.expression = callee->function,
		.message =
			arena_printf(arena, "cannot inline %s: %s", callee->name, callee->why_not),
	};
	return escape;
}

static const struct lost_inlining *
describe(const struct lost_call *call, const struct index_entry *first, size_t count,
	struct arena *arena)
{
	struct lost_inlining *lost = arena_alloc(arena, sizeof *lost);
	const struct escape **allocations = arena_alloc(arena, count * sizeof *allocations);

	for (size_t i = 0; i < count; i++)
		allocations[i] = ((const struct site *)first[i].of)->escape;
	*lost = (struct lost_inlining){
		.base_cost = call->base->cost,
		.head_cost = call->head->cost,
		.budget = call->head->budget,
		.allocations = allocations,
		.allocation_count = count,
	};
	return lost;
}

/* One finding for the callee of calls [0, count), where any of them allocates now. */
static void
add_lost(const struct view *view, const struct lost_call *calls, size_t count)
{
	struct comparison *comparison = view->comparison;
	struct arena *arena = &comparison->arena;
	struct copy *places = arena_alloc(arena, count * sizeof *places);
	const struct index_entry *first;
	size_t allocations, kept = 0;

	allocations_of(view, calls->head, &first, &allocations);
	for (size_t i = 0; i < count; i++)
		if (count_escaped(view->base_sites, calls[i].call) < allocations)
			places[kept++] = (struct copy){calls[i].there, calls[i].call->caller};
	if (kept == 0)
		return;
	struct finding *finding = comparison_add(comparison);
	*finding = (struct finding){
		.state = FINDING_NEW,
		.escape = as_escape(calls, arena),
		.copies = places,
		.copy_count = kept,
		.lost = describe(calls, first, allocations, arena),
	};
	const char *texts[] = {FINGERPRINT_VERSION, "lost-inlining",
		directory_of(calls->head, arena), calls->head->function};
	fingerprint_format(finding->id, fingerprint_hash(texts, 4));
}

void
inlining_find_lost(struct comparison *comparison, const struct sites *base,
	const struct sites *head, const struct line_map *map)
{
	CLEANUP(view_release) struct view view = {0};
	CLEANUP(lost_calls_release) struct lost_calls lost = {0};

	view_init(&view, comparison, base, head, map);
	collect_lost_calls(&lost, &view);
	for (size_t i = 0; i < lost.count; i++)
		note_call(comparison, &lost.calls[i]);
	for (size_t from = 0, to; from < lost.count; from = to) {
		for (to = from + 1; to < lost.count && compare_functions(lost.calls[to].head,
							       lost.calls[from].head) == 0;)
			to++;
		add_lost(&view, lost.calls + from, to - from);
	}
}

/* Whether the function's cost has grown to the last few below the budget. */
static bool
is_near_budget(const struct view *view, const struct inlining *head)
{
	enum { BUDGET = 80 }; /* cmd/compile/internal/inline: inlineMaxBudget */
	const struct inlining *base =
		functions_find(&view->base, head->package, head->function, head->name);

	return head->can && base && base->can && base->cost < head->cost && head->cost <= BUDGET &&
	       head->cost >= BUDGET - INLINING_HEADROOM;
}

/* How many of its calls have all or some of its allocations on the stack. */
static size_t
count_at_stake(const struct view *view, const struct inlining *callee)
{
	const struct snapshot *head = view->comparison->head_snapshot;
	const struct index_entry *first;
	size_t allocations, count = 0;

	allocations_of(view, callee, &first, &allocations);
	for (size_t i = 0; allocations && i < head->call_count; i++) {
		const struct inlined_call *call = &head->calls[i];
		if (call->at.column && functions_callee(&view->head, call) == callee)
			count += count_escaped(view->head_sites, call) < allocations;
	}
	return count;
}

void
inlining_warn(struct comparison *comparison, const struct sites *base, const struct sites *head)
{
	CLEANUP(view_release) struct view view = {0};
	const struct snapshot *snapshot = comparison->head_snapshot;

	view_init(&view, comparison, base, head, NULL);
	for (size_t i = 0; i < snapshot->inlining_count; i++) {
		const struct inlining *inlining = &snapshot->inlinings[i];
		if (!inlining->declaration || !is_near_budget(&view, inlining))
			continue;
		size_t calls = count_at_stake(&view, inlining);
		if (calls)
			comparison_warn(comparison,
				"%s costs %d of the 80 that inlining allows: above that, %zu "
				"call%s of it would allocate (%s:%d)",
				inlining->name, inlining->cost, calls, calls == 1 ? "" : "s",
				inlining->at.file, inlining->at.line);
	}
}

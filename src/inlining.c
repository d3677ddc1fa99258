#include "src/inlining.h"

#include <stdlib.h>
#include <string.h>

#include "src/allocations.h"
#include "src/base/cleanup.h"
#include "src/base/file.h"
#include "src/base/index.h"
#include "src/fingerprint.h"
#include "src/functions.h"
#include "src/recall.h"

/* Both sides, as this module looks at them. */
struct view {
	struct comparison *comparison;
	const struct sites *base_sites, *head_sites;
	const struct line_map *map;    /* NULL, as the next one, where the base is not */
	const struct renames *renames; /* looked for in the head */
	struct functions base, head;
	struct allocations allocations; /* of the head */
	struct index renamed; /* struct site of the head, by package and function of the base */
	const struct inlining **big; /* of the head: functions and literals that are */
	size_t big_count, big_capacity;
};

static void
view_release(struct view *view)
{
	functions_release(&view->base);
	functions_release(&view->head);
	allocations_release(&view->allocations);
	index_release(&view->renamed);
	free(view->big);
}

static bool
is_same_function(const struct escape *a, const struct escape *b)
{
	return strcmp(a->package, b->package) == 0 && strcmp(a->function, b->function) == 0;
}

/* A function whose allocations are in one of another name or another package now has been renamed:
 * this is known without its text, and however much that was changed. */
static void
index_renamed(struct index *index, const struct sites *base)
{
	for (size_t i = 0; i < base->count; i++) {
		const struct escape *was = base->sites[i].escape;
		const struct site *is = base->sites[i].partner;
		if (is && !is_same_function(was, is->escape))
			index_add(index, index_key(was->package, was->function), is);
	}
	index_sort(index);
}

static void
collect_big(struct view *view)
{
	const struct snapshot *head = view->comparison->head_snapshot;

	for (size_t i = 0; i < head->inlining_count; i++) {
		if (!head->inlinings[i].big)
			continue;
		view->big = array_grow(
			view->big, &view->big_capacity, view->big_count + 1, sizeof *view->big);
		view->big[view->big_count++] = &head->inlinings[i];
	}
}

static void
view_init(struct view *view, struct comparison *comparison, const struct sites *base,
	const struct sites *head)
{
	*view = (struct view){.comparison = comparison, .base_sites = base, .head_sites = head};
	functions_init(&view->base, comparison->base_snapshot);
	functions_init(&view->head, comparison->head_snapshot);
	allocations_init(&view->allocations, comparison, head, &view->head);
	index_renamed(&view->renamed, base);
	collect_big(view);
}

/* Literals have no names that last: they are counted. Those on a line that is the same are the
 * same. */
static const struct inlining *
counterpart_of_literal(const struct view *view, const struct inlining *base)
{
	struct position there = {.column = base->at.column};

	if (!view->map || !base->at.file ||
		!line_map_to_head(
			view->map, base->at.file, base->at.line, &there.file, &there.line))
		return NULL;
	return functions_literal_at(&view->head, &there, base->name);
}

/* What a function of the base, in the file, is called in the head, by its text. */
static const struct inlining *
find_renamed(const struct view *view, const char *package, const char *file, const char *function,
	const char *like)
{
	struct arena *arena = &view->comparison->arena;
	const char *directory = arena_str(arena, path_directory(file ? file : ""));

	renames_apply(view->renames, &directory, &function);
	package = renames_package(view->renames, view->comparison, package);
	return functions_find(&view->head, package, function, like);
}

/* The function of the base as it is in the head, or NULL; `like` as functions_find() has it. */
static const struct inlining *
find_in_head(const struct view *view, const char *package, const char *file, const char *function,
	const char *like)
{
	const struct inlining *found = functions_find(&view->head, package, function, like);
	uint64_t key = index_key(package, function);
	const struct index_entry *entry = index_find(&view->renamed, key);

	if (!found)
		found = find_renamed(view, package, file, function, like);
	if (found || !index_has(&view->renamed, entry, key))
		return found;
	const struct escape *escape = ((const struct site *)entry->of)->escape;
	return functions_find(&view->head, escape->package, escape->function, like);
}

static const struct inlining *
counterpart(const struct view *view, const struct inlining *base)
{
	if (!base->declaration)
		return counterpart_of_literal(view, base);
	return find_in_head(view, base->package, base->at.file, base->function, base->name);
}

/* A call that was inlined in the base, is still there in the head, and is not inlined. */
struct lost_call {
	const struct inlined_call *call;
	const struct inlining *base, *head; /* the callee */
	const struct inlining *big; /* the caller in the head, if the callee can be inlined, and not
				       into that one; else NULL */
	const char *package, *caller; /* in the head */
	struct position there;
	bool changed; /* on a line that was changed: found by the text */
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

/* Instances of a generic function are one function. NULL comes first. */
static int
compare_functions(const struct inlining *a, const struct inlining *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	int order = position_compare(&a->at, &b->at);

	return order ? order : strcmp(a->function, b->function);
}

/* Whether it is one of those: each instance of a generic caller has the same calls. */
static bool
is_known(const struct lost_calls *known, const struct lost_call *call)
{
	for (size_t i = known->count; i > 0; i--) {
		const struct lost_call *other = &known->calls[i - 1];
		if (position_compare(&other->call->at, &call->call->at) != 0)
			break;
		if (compare_functions(other->head, call->head) == 0)
			return true;
	}
	return false;
}

static bool
is_same_caller(const struct inlined_call *a, const struct inlined_call *b)
{
	return strcmp(a->at.file, b->at.file) == 0 && strcmp(a->caller, b->caller) == 0;
}

/* How many calls of the same function on changed lines of the same caller are known already. */
static size_t
count_changed(const struct lost_calls *known, const struct lost_call *like)
{
	size_t count = 0;

	for (size_t i = known->count; i > 0; i--) {
		const struct lost_call *other = &known->calls[i - 1];
		if (!is_same_caller(other->call, like->call))
			break;
		count += other->changed && compare_functions(other->head, like->head) == 0;
	}
	return count;
}

/* Whether the call is inlined in the head as well. */
static bool
is_inlined(const struct view *view, const struct lost_call *lost)
{
	const struct snapshot *head = view->comparison->head_snapshot;
	size_t count;
	const struct inlined_call *calls = snapshot_calls_at(head, &lost->there, &count);

	if (lost->head->declaration)
		return sites_call_inlined(head, lost->there, lost->call->function);
	for (size_t i = 0; i < count; i++)
		if (strcmp(calls[i].callee, lost->head->name) == 0)
			return true;
	return false;
}

/* Find the call in the head: on the line that is the same, or on one of its caller that was
 * changed. */
static bool
locate(struct lost_call *lost, const struct view *view, const struct lost_calls *known)
{
	const struct inlined_call *call = lost->call;
	const struct position *at = &call->at;
	const struct inlining *caller =
		find_in_head(view, call->package, at->file, call->caller, NULL);

	lost->package = caller ? caller->package : call->package;
	lost->caller = caller ? caller->function : call->caller;
	lost->there.column = at->column;
	if (line_map_to_head(view->map, at->file, at->line, &lost->there.file, &lost->there.line)) {
		/* The map does not live as long as the findings. */
		lost->there.file = arena_strdup(&view->comparison->arena, lost->there.file);
		return !is_inlined(view, lost);
	}
	if (!lost->head->declaration)
		return false;
	lost->changed = true;
	return caller &&
	       recall_find(&lost->there, view->comparison, &view->head, view->map, caller,
		       lost->head, count_changed(known, lost)) &&
	       !is_inlined(view, lost);
}

/* Whether the caller had inlined the callee, both of the base. */
static bool
has_inlined(const struct view *view, const struct inlining *caller, const struct inlining *callee)
{
	const struct snapshot *base = view->comparison->base_snapshot;
	size_t count;
	const struct inlined_call *call = snapshot_calls_at(base, &caller->at, &count);
	const struct inlined_call *end = base->calls + base->call_count;
	int line = functions_end(&view->base, caller);

	for (; call < end && strcmp(call->at.file, caller->at.file) == 0 && call->at.line < line;
		call++)
		if (compare_functions(functions_callee(&view->base, call), callee) == 0)
			return true;
	return false;
}

/* Whether what is called there is another function, with which this one came, and which is not
 * inlined there any more either. */
static bool
went_with_another(const struct view *view, const struct lost_call *lost)
{
	const struct comparison *comparison = view->comparison;
	size_t count;
	const struct inlined_call *calls =
		snapshot_calls_at(comparison->base_snapshot, &lost->call->at, &count);

	for (size_t i = 0; i < count; i++) {
		const struct inlining *other = functions_callee(&view->base, &calls[i]);
		if (other && other != lost->base && other->at.file &&
			has_inlined(view, other, lost->base) &&
			!sites_call_inlined(
				comparison->head_snapshot, lost->there, other->function))
			return true;
	}
	return false;
}

/* The function or the literal of the head that the position is in, if that is big. */
static const struct inlining *
find_big(const struct view *view, const struct position *at)
{
	for (size_t i = 0; i < view->big_count; i++) {
		const struct inlining *big = view->big[i];
		if (big->at.file && strcmp(big->at.file, at->file) == 0 &&
			big->at.line <= at->line && at->line < functions_end(&view->head, big) &&
			allocations_is_within(&view->allocations, big, at))
			return big;
	}
	return NULL;
}

/* The callee can be inlined; whether it is not in this caller, because that is big. */
static bool
is_lost_in_big(struct lost_call *lost, const struct view *view, const struct lost_calls *known)
{
	if (view->big_count == 0 || !lost->head->declaration ||
		lost->head->cost <= INLINING_BIG_COST || !locate(lost, view, known) ||
		went_with_another(view, lost))
		return false;
	lost->big = find_big(view, &lost->there);
	return lost->big != NULL;
}

static bool
is_lost(struct lost_call *out, const struct view *view, const struct inlined_call *call,
	const struct lost_calls *known)
{
	const struct comparison *comparison = view->comparison;

	*out = (struct lost_call){.call = call};
	if (call->at.column == 0 || !call->at.file)
		return false;
	out->base = functions_callee(&view->base, call);
	out->head = out->base && out->base->can ? counterpart(view, out->base) : NULL;
	if (!out->head || !comparison_judges(comparison, call->package) ||
		!comparison_judges(comparison, out->head->package) || is_known(known, out))
		return false;
	return out->head->can ? is_lost_in_big(out, view, known) : locate(out, view, known);
}

/* Those that make one finding are equal. */
static int
compare_subjects(const struct lost_call *a, const struct lost_call *b)
{
	int order = compare_functions(a->head, b->head);

	return order ? order : compare_functions(a->big, b->big);
}

static int
compare_lost_calls(const void *one, const void *two)
{
	const struct lost_call *a = one, *b = two;

	int order = compare_subjects(a, b);

	return order ? order : position_compare(&a->there, &b->there);
}

static void
collect_lost_calls(struct lost_calls *out, const struct view *view)
{
	const struct snapshot *base = view->comparison->base_snapshot;
	struct lost_call call;

	for (size_t i = 0; i < base->call_count; i++) {
		if (!is_lost(&call, view, &base->calls[i], out))
			continue;
		out->calls =
			array_grow(out->calls, &out->capacity, out->count + 1, sizeof *out->calls);
		out->calls[out->count++] = call;
	}
	if (out->count > 1)
		qsort(out->calls, out->count, sizeof *out->calls, compare_lost_calls);
}

/* For the causes of what else escapes because of it. */
static void
note_call(struct comparison *comparison, const struct lost_call *call)
{
	comparison->not_inlined =
		array_grow(comparison->not_inlined, &comparison->not_inlined_capacity,
			comparison->not_inlined_count + 1, sizeof *comparison->not_inlined);
	comparison->not_inlined[comparison->not_inlined_count++] = (struct not_inlined){
		call->there, call->head, call->big, call->package, call->caller};
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

static const char *
name_of(const struct inlining *function)
{
	return function->declaration ? function->function : function->name;
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
		.expression = name_of(callee),
		.message =
			arena_printf(arena, "cannot inline %s: %s", callee->name, callee->why_not),
	};
	return escape;
}

/* It is that caller's, where it is called first. */
static const struct escape *
as_escape_in_big(const struct lost_call *call, struct arena *arena)
{
	const struct inlining *callee = call->head;
	struct escape *escape = arena_alloc(arena, sizeof *escape);

	*escape = (struct escape){
		.kind = ESCAPE_LOST_INLINING,
		.reason = REASON_BIG_CALLER,
		.at = call->there,
		.package = call->big->package,
		.function = call->big->function,
		.expression = name_of(callee),
		.message = arena_printf(arena,
			"%s, which costs %d, is not inlined into %s, which is 'big': max cost %d",
			callee->name, callee->cost, call->big->name, INLINING_BIG_COST),
	};
	return escape;
}

static const struct lost_inlining *
describe(const struct lost_call *call, const struct escape *const *allocations, size_t count,
	struct arena *arena)
{
	struct lost_inlining *lost = arena_alloc(arena, sizeof *lost);

	*lost = (struct lost_inlining){
		.function = call->head,
		.base_cost = call->base->cost,
		.head_cost = call->head->cost,
		.budget = call->big ? INLINING_BIG_COST : call->head->budget,
		.big = call->big,
		.allocations = allocations,
		.allocation_count = count,
	};
	return lost;
}

static void
set_identity(struct finding *finding, const struct lost_call *call, struct arena *arena)
{
	const char *texts[] = {FINGERPRINT_VERSION, "lost-inlining",
		arena_str(arena, path_directory(call->head->at.file)), name_of(call->head),
		call->big ? arena_str(arena, path_directory(call->big->at.file)) : NULL,
		call->big ? name_of(call->big) : NULL};

	fingerprint_format(finding->id, fingerprint_hash(texts, call->big ? 6 : 4));
}

/* One finding for the callee of calls [0, count), where any of them allocates now. */
static void
add_lost(const struct view *view, const struct lost_call *calls, size_t count)
{
	struct comparison *comparison = view->comparison;
	struct arena *arena = &comparison->arena;
	struct copy *places = arena_alloc(arena, count * sizeof *places);
	size_t allocation_count, kept = 0;
	const struct escape *const *allocations =
		allocations_of(&view->allocations, calls->head, &allocation_count);

	for (size_t i = 0; i < count; i++)
		if (count_escaped(view->base_sites, calls[i].call) < allocation_count)
			places[kept++] = (struct copy){calls[i].there, calls[i].caller};
	if (kept == 0)
		return;
	struct finding *finding = comparison_add(comparison);
	*finding = (struct finding){
		.state = FINDING_NEW,
		.escape = calls->big ? as_escape_in_big(calls, arena) : as_escape(calls, arena),
		.copies = places,
		.copy_count = kept,
		.lost = describe(calls, allocations, allocation_count, arena),
	};
	set_identity(finding, calls, arena);
}

void
inlining_find_lost(struct comparison *comparison, const struct sites *base,
	const struct sites *head, const struct line_map *map, const struct renames *renames)
{
	CLEANUP(view_release) struct view view = {0};
	CLEANUP(lost_calls_release) struct lost_calls lost = {0};

	view_init(&view, comparison, base, head);
	view.map = map;
	view.renames = renames;
	collect_lost_calls(&lost, &view);
	for (size_t i = 0; i < lost.count; i++)
		note_call(comparison, &lost.calls[i]);
	for (size_t from = 0, to; from < lost.count; from = to) {
		for (to = from + 1; to < lost.count &&
				    compare_subjects(&lost.calls[to], &lost.calls[from]) == 0;)
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
	const struct inlined_call *last = NULL;
	size_t allocations, count = 0;

	allocations_of(&view->allocations, callee, &allocations);
	for (size_t i = 0; allocations && i < head->call_count; i++) {
		const struct inlined_call *call = &head->calls[i];
		if (!call->at.column || functions_callee(&view->head, call) != callee ||
			(last && position_compare(&last->at, &call->at) == 0))
			continue;
		count += count_escaped(view->head_sites, call) < allocations;
		last = call;
	}
	return count;
}

void
inlining_warn(struct comparison *comparison, const struct sites *base, const struct sites *head)
{
	CLEANUP(view_release) struct view view = {0};
	const struct snapshot *snapshot = comparison->head_snapshot;

	view_init(&view, comparison, base, head);
	for (size_t i = 0; i < snapshot->inlining_count; i++) {
		const struct inlining *inlining = &snapshot->inlinings[i];
		if (!inlining->declaration || !inlining->at.file ||
			!is_near_budget(&view, inlining))
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

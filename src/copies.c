#include "src/copies.h"

#include "src/base/cleanup.h"
#include "src/base/file.h"
#include "src/base/hash.h"
#include "src/base/index.h"
#include "src/expression.h"
#include "src/fingerprint.h"
#include "src/functions.h"

/* The escapes of callees, by function, kind and unqualified expression: origins of copies. */
struct origin_search {
	const struct sites *sites;
	struct arena *arena;
	struct index by_key;
	struct functions functions; /* of their side */
};

static uint64_t
key_of_origin(const struct site *site, const char *function, struct arena *arena)
{
	const char *texts[] = {escape_kind_name(site->escape->kind),
		expression_unqualified(site->expression, arena), function};

	return fingerprint_hash(texts, 3);
}

static void
search_init(struct origin_search *search, const struct sites *sites, struct arena *arena)
{
	*search = (struct origin_search){.sites = sites, .arena = arena};
	functions_init(&search->functions, sites->snapshot);
	for (size_t i = 0; i < sites->count; i++) {
		const struct site *site = &sites->sites[i];
		if (!site->copy)
			index_add(&search->by_key,
				key_of_origin(site, site->escape->function, arena), site);
	}
	index_sort(&search->by_key);
}

static void
search_release(struct origin_search *search)
{
	index_release(&search->by_key);
	functions_release(&search->functions);
}

static bool
is_in_package_of(const struct position *a, const struct position *b)
{
	return str_eq(path_directory(a->file), path_directory(b->file));
}

/* One of that key without a partner, else the last that has one; of the callee's package, where the
 * callee is known. */
static const struct site *
find_by_key(const struct origin_search *search, uint64_t key, const struct inlining *callee)
{
	const struct index_entry *entry = index_find(&search->by_key, key);
	const struct site *found = NULL;

	for (; index_has(&search->by_key, entry, key); entry++) {
		const struct site *origin = entry->of;
		if (callee && !is_in_package_of(&origin->escape->at, &callee->at))
			continue;
		found = origin;
		if (!found->partner)
			return found;
	}
	return found;
}

/* How many copies of the origin are known already where this one is. */
static size_t
count_copies(const struct origin_search *search, const struct site *copy, const struct site *origin)
{
	const struct site *site = copy, *first = search->sites->sites;
	size_t count = 0;

	for (; site > first; site--) {
		if (position_compare(&site[-1].escape->at, &copy->escape->at) != 0)
			break;
		count += site[-1].origin == origin;
	}
	return count;
}

/* Of the callee's origins of that key, of which `like` is one, that whose turn it is: several
 * equal allocations of it have a copy each. */
static const struct site *
in_turn(const struct origin_search *search, const struct site *copy, const struct site *like,
	uint64_t key)
{
	const struct index_entry *entry = index_find(&search->by_key, key);
	const struct site *found = like;
	size_t fewest = SIZE_MAX;

	for (; index_has(&search->by_key, entry, key); entry++) {
		const struct site *origin = entry->of;
		if (origin->partner || !is_in_package_of(&origin->escape->at, &like->escape->at))
			continue;
		size_t count = count_copies(search, copy, origin);
		if (count < fewest) {
			found = origin;
			fewest = count;
		}
	}
	return found;
}

/* The origin of a copy; one without partner is preferred, because then both are new (or gone) for
 * the same reason. */
static const struct site *
find_origin(const struct origin_search *search, const struct site *copy)
{
	const struct site *found = NULL;
	size_t count;
	const struct inlined_call *calls =
		snapshot_calls_at(search->sites->snapshot, &copy->escape->at, &count);

	for (size_t i = 0; i < count; i++) {
		const struct inlining *callee = functions_callee(&search->functions, &calls[i]);
		/* A function of another package comes with its name. */
		const char *dot = strchr(calls[i].function, '.');
		const char *names[] = {calls[i].function, dot ? dot + 1 : NULL};
		for (size_t k = 0; k < 2 && names[k]; k++) {
			uint64_t key = key_of_origin(copy, names[k], search->arena);
			const struct site *origin = find_by_key(search, key, callee);
			if (origin && !origin->partner)
				return in_turn(search, copy, origin, key);
			found = origin ? origin : found;
		}
	}
	return found;
}

static uint64_t
hash_of(const char *function)
{
	return hash_bytes(str_of(function), 0);
}

/* The functions of a side that can be inlined, by their names. */
static void
index_inlinable(struct index *out, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->inlining_count; i++) {
		const struct inlining *inlining = &snapshot->inlinings[i];
		if (inlining->can)
			index_add(out, hash_of(inlining->function), inlining);
	}
	index_sort(out);
}

static bool
is_inlinable(const struct index *inlinable, const char *function)
{
	uint64_t key = hash_of(function);

	return index_has(inlinable, index_find(inlinable, key), key);
}

/* Whether the other side calls the function there without inlining it; where the line has changed
 * too, whether that side could not have inlined any call of it. */
static bool
was_plain_call(const struct site *copy, const char *function, const struct snapshot *other,
	const struct index *inlinable, bool to_base, const struct line_map *map)
{
	const struct position *at = &copy->escape->at;
	struct position there = {.column = at->column};
	bool same_line =
		to_base ? line_map_to_base(map, at->file, at->line, &there.file, &there.line)
			: line_map_to_head(map, at->file, at->line, &there.file, &there.line);

	if (same_line)
		return !sites_call_inlined(other, there, function);
	return !is_inlinable(inlinable, function);
}

static bool
has_unpaired_copies(const struct sites *sites)
{
	for (size_t i = 0; i < sites->count; i++)
		if (sites->sites[i].copy && !sites->sites[i].partner)
			return true;
	return false;
}

void
copies_settle(
	struct sites *these, const struct sites *others, bool to_base, const struct line_map *map)
{
	CLEANUP(arena_release) struct arena scratch = {0};
	CLEANUP(search_release) struct origin_search search = {0};
	CLEANUP(index_release) struct index inlinable = {0};

	if (!has_unpaired_copies(these))
		return;
	search_init(&search, these, &scratch);
	index_inlinable(&inlinable, others->snapshot);
	for (size_t i = 0; i < these->count; i++) {
		struct site *copy = &these->sites[i];
		if (!copy->copy || copy->partner)
			continue;
		const struct site *origin = find_origin(&search, copy);
		if (!origin)
			continue;
		if (!origin->partner) {
			copy->origin = origin;
			continue;
		}
		/* It may have another name there. */
		if (was_plain_call(copy, origin->partner->escape->function, others->snapshot,
			    &inlinable, to_base, map))
			copy->partner = origin->partner;
	}
}

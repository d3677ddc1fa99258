#include "src/pairing.h"

#include <stdio.h>
#include <stdlib.h>

#include "src/base/cleanup.h"
#include "src/fingerprint.h"

/* The places of one side that have no partner yet, by key. */
struct keyed {
	uint64_t key;
	struct site *site;
};

typedef uint64_t (*key_fn)(const struct site *site);

static uint64_t
key_of_line(const struct site *site)
{
	char line[16];

	snprintf(line, sizeof line, "%d", site->here.line);
	const char *texts[] = {
		site->here.file, line, escape_kind_name(site->escape->kind), site->expression};
	return fingerprint_hash(texts, 4);
}

static uint64_t
key_in_function(const struct site *site, const char *expression)
{
	const char *texts[] = {site->directory, site->escape->function,
		escape_kind_name(site->escape->kind), site->copy ? "copy" : "", expression};

	return fingerprint_hash(texts, 5);
}

static uint64_t
key_of_function(const struct site *site)
{
	return key_in_function(site, site->expression);
}

/* How many bytes of the expression name a type: those stay as they are. */
static size_t
type_length(const char *expression)
{
	static const char *const types[] = {"&", "new(", "[]", "map[", "func", "append"};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strncmp(expression, types[i], strlen(types[i])) == 0)
			return strlen(expression);
	return strncmp(expression, "make(", 5) == 0 ? strcspn(expression, ",") : 0;
}

/*
 * What is left of an expression when each variable is taken for the same: equal where only names
 * were changed. The reason and the length of the flow must be equal then, because two variables of
 * one function are soon alike.
 */
static uint64_t
key_of_shape(const struct site *site)
{
	CLEANUP(buf_release) struct buf shape = {0};
	const char *rest = site->expression + type_length(site->expression);
	bool in_name = false;

	buf_printf(&shape, "%d %zu %.*s", (int)site->escape->reason, site->escape->flow_count,
		(int)(rest - site->expression), site->expression);
	for (const char *p = rest; *p; p++) {
		bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || *p == '_';
		bool digit = *p >= '0' && *p <= '9';
		bool was_in_name = in_name;
		in_name = letter || (in_name && digit);
		if (!in_name)
			buf_add_char(&shape, *p);
		else if (!was_in_name)
			buf_add_char(&shape, 'x');
	}
	return key_in_function(site, shape.p);
}

/* The ways in which places are paired, in this order; each looks only at what those before it have
 * left. */
static const struct pass {
	key_fn key;
	bool by_line;
} passes[] = {
	{key_of_line, true},
	{key_of_function, false},
	{key_of_shape, false},
};

static int
compare_keyed(const void *one, const void *two)
{
	const struct keyed *a = one, *b = two;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->site->order > b->site->order) - (a->site->order < b->site->order);
}

static struct keyed *
key_unpaired(const struct sites *sites, const struct pass *pass, size_t *count)
{
	size_t capacity = 0;
	struct keyed *keyed = array_grow(NULL, &capacity, sites->count + 1, sizeof *keyed);

	*count = 0;
	for (size_t i = 0; i < sites->count; i++) {
		struct site *site = &sites->sites[i];
		if (!site->partner && (!pass->by_line || site->mapped))
			keyed[(*count)++] = (struct keyed){pass->key(site), site};
	}
	qsort(keyed, *count, sizeof *keyed, compare_keyed);
	return keyed;
}

/* Pair equal keys one to one, in source order; a surplus on either side stays unpaired. */
static void
run_pass(struct sites *base, struct sites *head, const struct pass *pass)
{
	size_t base_count, head_count, b = 0, h = 0;
	CLEANUP(free_ptr) struct keyed *of_base = key_unpaired(base, pass, &base_count);
	CLEANUP(free_ptr) struct keyed *of_head = key_unpaired(head, pass, &head_count);

	while (b < base_count && h < head_count) {
		if (of_base[b].key < of_head[h].key) {
			b++;
		} else if (of_base[b].key > of_head[h].key) {
			h++;
		} else {
			of_base[b].site->partner = of_head[h].site;
			of_head[h++].site->partner = of_base[b++].site;
		}
	}
}

static void
run_passes(struct sites *base, struct sites *head, bool by_line)
{
	for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
		if (by_line || !passes[i].by_line)
			run_pass(base, head, &passes[i]);
}

void
pairing_by_function(struct sites *base, struct sites *head)
{
	run_passes(base, head, false);
}

/* Say for each site where it is in the terms of the head. */
static void
locate(struct sites *base, struct sites *head, const struct line_map *map)
{
	for (size_t i = 0; i < base->count; i++) {
		struct site *site = &base->sites[i];
		const struct position *at = &site->escape->at;
		site->here.column = at->column;
		site->mapped = at->file && line_map_to_head(map, at->file, at->line,
						   &site->here.file, &site->here.line);
	}
	for (size_t i = 0; i < head->count; i++) {
		head->sites[i].here = head->sites[i].escape->at;
		head->sites[i].mapped = head->sites[i].escape->at.file != NULL;
	}
}

/* Copies on one side that have no partner: the escape of the callee that each repeats, on the same
 * side. */
struct origin_search {
	struct sites *sites;
	struct arena *arena;
	struct keyed *keyed; /* all sites that are no copies, by kind and unqualified expression */
	size_t count;
};

static uint64_t
key_of_origin(const struct site *site, struct arena *arena)
{
	const char *texts[] = {
		escape_kind_name(site->escape->kind), site_unqualified(site->expression, arena)};

	return fingerprint_hash(texts, 2);
}

static void
search_init(struct origin_search *search, struct sites *sites, struct arena *arena)
{
	size_t capacity = 0;

	*search = (struct origin_search){.sites = sites, .arena = arena};
	search->keyed = array_grow(NULL, &capacity, sites->count + 1, sizeof *search->keyed);
	for (size_t i = 0; i < sites->count; i++)
		if (!sites->sites[i].copy)
			search->keyed[search->count++] = (struct keyed){
				key_of_origin(&sites->sites[i], arena), &sites->sites[i]};
	qsort(search->keyed, search->count, sizeof *search->keyed, compare_keyed);
}

static void
search_release(struct origin_search *search)
{
	free(search->keyed);
}

/* The origin of a copy; one without partner is preferred, because then both are new (or gone) for
 * the same reason. */
static struct site *
find_origin(const struct origin_search *search, const struct site *copy)
{
	struct site *found = NULL;
	uint64_t key = key_of_origin(copy, search->arena);
	size_t low = 0, high = search->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (search->keyed[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < search->count && search->keyed[low].key == key; low++) {
		struct site *site = search->keyed[low].site;
		if (!sites_call_inlined(
			    search->sites->snapshot, copy->escape->at, site->escape->function))
			continue;
		if (!site->partner)
			return site;
		found = site;
	}
	return found;
}

static bool
is_inlinable(const struct snapshot *snapshot, const char *function)
{
	for (size_t i = 0; i < snapshot->inlining_count; i++)
		if (snapshot->inlinings[i].can &&
			strcmp(snapshot->inlinings[i].function, function) == 0)
			return true;
	return false;
}

/* Whether the other side calls the function there without inlining it; where the line has changed
 * too, whether that side could not have inlined any call of it. */
static bool
was_plain_call(const struct site *copy, const struct site *origin, const struct snapshot *other,
	bool to_base, const struct line_map *map)
{
	const struct position *at = &copy->escape->at;
	struct position there = {.column = at->column};
	bool same_line =
		to_base ? line_map_to_base(map, at->file, at->line, &there.file, &there.line)
			: line_map_to_head(map, at->file, at->line, &there.file, &there.line);

	if (same_line)
		return !sites_call_inlined(other, there, origin->escape->function);
	return !is_inlinable(other, origin->escape->function);
}

/*
 * Decide on the copies of `these` that have no partner. A copy belongs to its origin when that has
 * none either. When the call was there on the other side without being inlined, and the callee
 * allocated, it is the same allocation seen at another place.
 */
static void
settle_copies(struct sites *these, const struct sites *others, struct arena *arena, bool to_base,
	const struct line_map *map)
{
	CLEANUP(search_release) struct origin_search search = {0};

	search_init(&search, these, arena);
	for (size_t i = 0; i < these->count; i++) {
		struct site *copy = &these->sites[i];
		if (!copy->copy || copy->partner)
			continue;
		struct site *origin = find_origin(&search, copy);
		if (!origin)
			continue;
		if (!origin->partner) {
			copy->origin = origin;
			continue;
		}
		if (was_plain_call(copy, origin, others->snapshot, to_base, map))
			copy->partner = origin->partner;
	}
}

void
pairing_identify(struct sites *sites)
{
	size_t capacity = 0, same = 0;
	CLEANUP(free_ptr)
	struct keyed *keyed = array_grow(NULL, &capacity, sites->count + 1, sizeof *keyed);

	for (size_t i = 0; i < sites->count; i++)
		keyed[i] = (struct keyed){key_of_function(&sites->sites[i]), &sites->sites[i]};
	qsort(keyed, sites->count, sizeof *keyed, compare_keyed);
	for (size_t i = 0; i < sites->count; i++) {
		char key[24], ordinal[24];
		same = i > 0 && keyed[i].key == keyed[i - 1].key ? same + 1 : 0;
		snprintf(key, sizeof key, "%llx", (unsigned long long)keyed[i].key);
		snprintf(ordinal, sizeof ordinal, "%zu", same);
		const char *texts[] = {FINGERPRINT_VERSION, key, ordinal};
		keyed[i].site->identity = fingerprint_hash(texts, 3);
	}
}

void
pairing_by_line(
	struct sites *base, struct sites *head, const struct line_map *map, struct arena *arena)
{
	locate(base, head, map);
	run_passes(base, head, true);
	settle_copies(head, base, arena, true, map);
	settle_copies(base, head, arena, false, map);
}

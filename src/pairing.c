#include "src/pairing.h"

#include <stdlib.h>

#include "src/base/cleanup.h"
#include "src/base/hash.h"
#include "src/expression.h"
#include "src/fingerprint.h"
#include "src/tokens.h"

/* The places of one side that have no partner yet, by key. */
struct keyed {
	uint64_t key;
	struct site *site;
};

typedef uint64_t (*key_fn)(const struct site *site, struct arena *arena);

static uint64_t
with_number(uint64_t hash, uint64_t number)
{
	char bytes[8]; /* the same on every machine */

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(number >> (8 * i) & 0xff);
	return hash_bytes((struct str){bytes, sizeof bytes}, hash);
}

static const char *
copy_name(const struct site *site)
{
	return site->copy ? "copy" : "";
}

static uint64_t
key_of_line(const struct site *site, struct arena *arena)
{
	const char *texts[] = {
		site->here.file, escape_kind_name(site->escape->kind), site->expression};

	(void)arena;
	return with_number(fingerprint_hash(texts, 3), (uint64_t)site->here.line);
}

/* The same column of a line that is the same, however the compiler words it. Copies are told apart
 * by nothing but their expression. 0: none. */
static uint64_t
key_of_place(const struct site *site, struct arena *arena)
{
	const char *texts[] = {site->here.file, escape_kind_name(site->escape->kind)};
	uint64_t key = with_number(fingerprint_hash(texts, 2), (uint64_t)site->here.line);

	(void)arena;
	return site->copy || !site->here.column ? 0 : with_number(key, (uint64_t)site->here.column);
}

static uint64_t
key_in_function(const struct site *site, const char *expression)
{
	const char *texts[] = {site->directory, site->function,
		escape_kind_name(site->escape->kind), copy_name(site), expression};

	return fingerprint_hash(texts, 5);
}

static uint64_t
key_of_function(const struct site *site, struct arena *arena)
{
	(void)arena;
	return key_in_function(site, site->expression);
}

static uint64_t
key_of_function_text(const struct site *site, struct arena *arena)
{
	return site->text ? with_number(key_of_function(site, arena), site->text) : 0;
}

static uint64_t
key_of_shape_text(const struct site *site, struct arena *arena)
{
	if (!site->text_shape)
		return 0;
	return with_number(
		key_in_function(site, expression_shape(site->expression, arena)), site->text_shape);
}

/* The reason and the length of the flow must be equal, because two variables of one function are
 * soon alike. */
static uint64_t
key_of_shape(const struct site *site, struct arena *arena)
{
	uint64_t key = key_in_function(site, expression_shape(site->expression, arena));

	return with_number(with_number(key, site->escape->reason), site->escape->flow_count);
}

static uint64_t
key_of_text(const struct site *site, struct arena *arena)
{
	const char *texts[] = {
		escape_kind_name(site->escape->kind), copy_name(site), site->expression};

	(void)arena;
	return site->text ? with_number(fingerprint_hash(texts, 3), site->text) : 0;
}

/* What a pass needs to be known of a place. */
enum need { NEED_NOTHING, NEED_LINE, NEED_TEXT };

/* The ways in which places are paired, in this order; each looks only at what those before it have
 * left. A key of 0 is none. */
static const struct pass {
	key_fn key;
	enum need need;
} passes[] = {
	{key_of_line, NEED_LINE},
	{key_of_place, NEED_LINE},
	{key_of_function_text, NEED_TEXT},
	{key_of_function, NEED_NOTHING},
	{key_of_shape_text, NEED_TEXT},
	{key_of_shape, NEED_NOTHING},
	{key_of_text, NEED_TEXT},
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
key_unpaired(const struct sites *sites, const struct pass *pass, struct arena *arena, size_t *count)
{
	size_t capacity = 0;
	struct keyed *keyed = array_grow(NULL, &capacity, sites->count + 1, sizeof *keyed);

	*count = 0;
	for (size_t i = 0; i < sites->count; i++) {
		struct site *site = &sites->sites[i];
		if (site->partner || (pass->need == NEED_LINE && !site->mapped))
			continue;
		uint64_t key = pass->key(site, arena);
		if (key)
			keyed[(*count)++] = (struct keyed){key, site};
	}
	if (*count > 1)
		qsort(keyed, *count, sizeof *keyed, compare_keyed);
	return keyed;
}

/* Pair equal keys one to one, in source order; a surplus on either side stays unpaired. */
static void
run_pass(struct sites *base, struct sites *head, const struct pass *pass)
{
	CLEANUP(arena_release) struct arena scratch = {0};
	size_t base_count, head_count, b = 0, h = 0;
	CLEANUP(free_ptr) struct keyed *of_base = key_unpaired(base, pass, &scratch, &base_count);
	CLEANUP(free_ptr) struct keyed *of_head = key_unpaired(head, pass, &scratch, &head_count);

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

/* Say for each place of the base what it is called in the head. */
static void
rename_sites(struct sites *base, const struct renames *renames, struct arena *arena)
{
	for (size_t i = 0; i < base->count; i++) {
		struct site *site = &base->sites[i];
		renames_apply(renames, &site->directory, &site->function);
		site->expression = expression_renamed(
			site->expression, renames->names, renames->name_count, arena);
	}
}

void
pairing_by_function(
	struct sites *base, struct sites *head, const struct renames *renames, struct arena *arena)
{
	rename_sites(base, renames, arena);
	for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
		if (passes[i].need == NEED_NOTHING)
			run_pass(base, head, &passes[i]);
}

/* The texts of the lines that were changed, for what has no partner on its line. */
static void
read_lines(struct sites *sites, bool base, const struct evidence *evidence)
{
	for (size_t i = 0; evidence->source && i < sites->count; i++) {
		struct site *site = &sites->sites[i];
		const struct position *at = &site->escape->at;
		bool changed =
			at->file && (base ? !site->mapped
					  : line_map_changed(evidence->map, at->file, at->line));
		if (site->partner || !changed)
			continue;
		struct str line =
			source_line(source_file(evidence->source, base, at->file), at->line);
		site->text = tokens_squeezed(line);
		site->text_shape = site->text ? tokens_shape(line) : 0;
	}
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

/* The escapes of callees, by function, kind and unqualified expression: origins of copies. */
struct origin_search {
	const struct sites *sites;
	struct arena *arena;
	struct keyed *keyed;
	size_t count;
};

static uint64_t
key_of_origin(const struct site *site, const char *function, struct arena *arena)
{
	const char *texts[] = {escape_kind_name(site->escape->kind),
		expression_unqualified(site->expression, arena), function};

	return fingerprint_hash(texts, 3);
}

static void
search_init(struct origin_search *search, struct sites *sites, struct arena *arena)
{
	size_t capacity = 0;

	*search = (struct origin_search){.sites = sites, .arena = arena};
	search->keyed = array_grow(NULL, &capacity, sites->count + 1, sizeof *search->keyed);
	for (size_t i = 0; i < sites->count; i++) {
		struct site *site = &sites->sites[i];
		if (!site->copy)
			search->keyed[search->count++] = (struct keyed){
				key_of_origin(site, site->escape->function, arena), site};
	}
	if (search->count > 1)
		qsort(search->keyed, search->count, sizeof *search->keyed, compare_keyed);
}

static void
search_release(struct origin_search *search)
{
	free(search->keyed);
}

/* One of that key without a partner, else the last that has one. */
static struct site *
find_keyed(const struct origin_search *search, uint64_t key)
{
	struct site *found = NULL;
	size_t low = 0, high = search->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (search->keyed[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < search->count && search->keyed[low].key == key; low++) {
		found = search->keyed[low].site;
		if (!found->partner)
			return found;
	}
	return found;
}

/* The origin of a copy; one without partner is preferred, because then both are new (or gone) for
 * the same reason. */
static struct site *
find_origin(const struct origin_search *search, const struct site *copy)
{
	struct site *found = NULL;
	size_t count;
	const struct inlined_call *calls =
		snapshot_calls_at(search->sites->snapshot, &copy->escape->at, &count);

	for (size_t i = 0; i < count; i++) {
		/* A function of another package comes with its name. */
		const char *dot = strchr(calls[i].function, '.');
		const char *names[] = {calls[i].function, dot ? dot + 1 : NULL};
		for (size_t k = 0; k < 2 && names[k]; k++) {
			struct site *origin =
				find_keyed(search, key_of_origin(copy, names[k], search->arena));
			if (origin && !origin->partner)
				return origin;
			found = origin ? origin : found;
		}
	}
	return found;
}

/* The functions of a side that can be inlined. */
struct inlinable {
	uint64_t *keys;
	size_t count, capacity;
};

static void
inlinable_release(struct inlinable *inlinable)
{
	free(inlinable->keys);
}

static int
compare_hashes(const void *one, const void *two)
{
	const uint64_t *a = one, *b = two;

	return (*a > *b) - (*a < *b);
}

static uint64_t
hash_of(const char *function)
{
	return hash_bytes(str_of(function), 0);
}

static void
inlinable_init(struct inlinable *out, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->inlining_count; i++) {
		if (!snapshot->inlinings[i].can)
			continue;
		out->keys =
			array_grow(out->keys, &out->capacity, out->count + 1, sizeof *out->keys);
		out->keys[out->count++] = hash_of(snapshot->inlinings[i].function);
	}
	if (out->count > 1)
		qsort(out->keys, out->count, sizeof *out->keys, compare_hashes);
}

static bool
is_inlinable(const struct inlinable *inlinable, const char *function)
{
	uint64_t key = hash_of(function);

	return inlinable->count &&
	       bsearch(&key, inlinable->keys, inlinable->count, sizeof key, compare_hashes) != NULL;
}

/* Whether the other side calls the function there without inlining it; where the line has changed
 * too, whether that side could not have inlined any call of it. */
static bool
was_plain_call(const struct site *copy, const char *function, const struct snapshot *other,
	const struct inlinable *inlinable, bool to_base, const struct line_map *map)
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

/*
 * Decide on the copies of `these` that have no partner. A copy belongs to its origin when that has
 * none either. When the call was there on the other side without being inlined, and the callee
 * allocated, it is the same allocation seen at another place.
 */
static void
settle_copies(
	struct sites *these, const struct sites *others, bool to_base, const struct line_map *map)
{
	CLEANUP(arena_release) struct arena scratch = {0};
	CLEANUP(search_release) struct origin_search search = {0};
	CLEANUP(inlinable_release) struct inlinable inlinable = {0};

	search_init(&search, these, &scratch);
	inlinable_init(&inlinable, others->snapshot);
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
		/* It may have another name there. */
		if (was_plain_call(copy, origin->partner->escape->function, others->snapshot,
			    &inlinable, to_base, map))
			copy->partner = origin->partner;
	}
}

static uint64_t
key_of_identity(const struct site *site, struct arena *arena)
{
	return key_in_function(site, expression_worded(site->expression, arena));
}

void
pairing_identify(struct sites *sites)
{
	CLEANUP(arena_release) struct arena scratch = {0};
	const uint64_t version = hash_bytes(STR(FINGERPRINT_VERSION), 0);
	size_t capacity = 0, same = 0;
	CLEANUP(free_ptr)
	struct keyed *keyed = array_grow(NULL, &capacity, sites->count + 1, sizeof *keyed);

	for (size_t i = 0; i < sites->count; i++)
		keyed[i] = (struct keyed){
			key_of_identity(&sites->sites[i], &scratch), &sites->sites[i]};
	qsort(keyed, sites->count, sizeof *keyed, compare_keyed);
	for (size_t i = 0; i < sites->count; i++) {
		same = i > 0 && keyed[i].key == keyed[i - 1].key ? same + 1 : 0;
		keyed[i].site->identity = with_number(with_number(version, keyed[i].key), same);
	}
}

void
pairing_by_line(struct sites *base, struct sites *head, const struct evidence *evidence,
	struct arena *arena)
{
	const struct line_map *map = evidence->map;
	bool texts = false;

	rename_sites(base, evidence->renames, arena);
	locate(base, head, map);
	for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
		if (passes[i].need == NEED_TEXT && !texts) {
			read_lines(base, true, evidence);
			read_lines(head, false, evidence);
			texts = true;
		}
		run_pass(base, head, &passes[i]);
	}
	settle_copies(head, base, true, map);
	settle_copies(base, head, false, map);
}

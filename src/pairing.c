#include "src/pairing.h"

#include "src/base/cleanup.h"
#include "src/base/hash.h"
#include "src/base/index.h"
#include "src/copies.h"
#include "src/expression.h"
#include "src/fingerprint.h"
#include "src/tokens.h"

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

/* The places of one side that have no partner yet, by key, and those of one key in source order. */
static void
index_unpaired(
	struct index *out, const struct sites *sites, const struct pass *pass, struct arena *arena)
{
	for (size_t i = 0; i < sites->count; i++) {
		const struct site *site = &sites->sites[i];
		if (site->partner || (pass->need == NEED_LINE && !site->mapped))
			continue;
		uint64_t key = pass->key(site, arena);
		if (key)
			index_add(out, key, site);
	}
	index_sort(out);
}

/* How many bytes are the same at both ends of two lines. */
static size_t
likeness(struct str a, struct str b)
{
	size_t most = a.n < b.n ? a.n : b.n, front = 0, back = 0;

	while (front < most && a.p[front] == b.p[front])
		front++;
	while (back < most - front && a.p[a.n - 1 - back] == b.p[b.n - 1 - back])
		back++;
	return front + back;
}

/* A run of equal keys. */
struct group {
	const struct index_entry *first;
	size_t count;
};

static struct group
group_at(const struct index *index, size_t from)
{
	return (struct group){&index->entries[from], index_run(index, from)};
}

/* The one without a partner whose line is most like the site's; of several, the first. */
static struct site *
find_alike(const struct site *site, struct group group)
{
	struct site *found = NULL;
	size_t most = 0;

	for (size_t i = 0; i < group.count; i++) {
		struct site *other = group.first[i].of;
		size_t like = other->partner ? 0 : likeness(site->line, other->line);
		if (!other->partner && (!found || like > most)) {
			found = other;
			most = like;
		}
	}
	return found;
}

/* All of the smaller group get a partner. In source order where there are as many on both sides, or
 * so many that comparing each with each takes long. */
static void
pair_groups(struct group few, struct group many)
{
	enum { MOST_LINES = 1000 };
	bool in_order = few.count == many.count || many.count > MOST_LINES;

	for (size_t i = 0; i < few.count; i++) {
		struct site *site = few.first[i].of;
		struct site *other = in_order ? many.first[i].of : find_alike(site, many);
		site->partner = other;
		other->partner = site;
	}
}

/* Pair equal keys one to one; a surplus on either side stays unpaired. */
static void
run_pass(struct sites *base, struct sites *head, const struct pass *pass)
{
	CLEANUP(arena_release) struct arena scratch = {0};
	CLEANUP(index_release) struct index of_base = {0};
	CLEANUP(index_release) struct index of_head = {0};
	size_t b = 0, h = 0;

	index_unpaired(&of_base, base, pass, &scratch);
	index_unpaired(&of_head, head, pass, &scratch);
	while (b < of_base.count && h < of_head.count) {
		struct group one = group_at(&of_base, b), other = group_at(&of_head, h);
		if (one.first->key <= other.first->key)
			b += one.count;
		if (other.first->key <= one.first->key)
			h += other.count;
		if (one.first->key != other.first->key)
			continue;
		if (one.count <= other.count)
			pair_groups(one, other);
		else
			pair_groups(other, one);
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
		site->line = str_unindented(line);
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

static uint64_t
key_of_identity(const struct site *site, struct arena *arena)
{
	return key_in_function(site, expression_worded(site->expression, arena));
}

void
pairing_identify(struct sites *sites)
{
	CLEANUP(arena_release) struct arena scratch = {0};
	CLEANUP(index_release) struct index same = {0};
	const uint64_t version = hash_bytes(STR(FINGERPRINT_VERSION), 0);
	size_t number = 0;

	for (size_t i = 0; i < sites->count; i++)
		index_add(&same, key_of_identity(&sites->sites[i], &scratch), &sites->sites[i]);
	index_sort(&same);
	for (size_t i = 0; i < same.count; i++) {
		const struct index_entry *entry = &same.entries[i];
		struct site *site = entry->of;
		number = i > 0 && entry->key == entry[-1].key ? number + 1 : 0;
		site->identity = with_number(with_number(version, entry->key), number);
	}
}

/* What has no partner in its own function may have one where most lines of that have gone. */
static bool
follow_emptied(struct sites *base, const struct renames *renames)
{
	bool any = false;

	for (size_t i = 0; renames->emptied_count && i < base->count; i++) {
		struct site *site = &base->sites[i];
		if (!site->partner)
			any |= renames_apply_emptied(renames, &site->directory, &site->function);
	}
	return any;
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
	if (follow_emptied(base, evidence->renames))
		for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
			if (passes[i].need != NEED_LINE)
				run_pass(base, head, &passes[i]);
	copies_settle(head, base, true, map);
	copies_settle(base, head, false, map);
}

#include "src/renames.h"

#include <ctype.h>
#include <stdlib.h>

#include "src/base/cleanup.h"
#include "src/declarations.h"
#include "src/fingerprint.h"

/* Both sides while renames are looked for. */
struct search {
	struct renames *out;
	struct comparison *comparison;
	const struct line_map *map;
	const struct source_reader *reader;
	struct declarations base, head;
};

static void
search_release(struct search *search)
{
	declarations_release(&search->base);
	declarations_release(&search->head);
}

void
renames_release(struct renames *renames)
{
	free(renames->directories);
	free(renames->names);
	free(renames->functions);
	*renames = (struct renames){0};
}

static int
compare_renamed(const void *one, const void *two)
{
	const struct renamed *a = one, *b = two;

	return (a->key > b->key) - (a->key < b->key);
}

static const struct renamed *
find(const struct renamed *all, size_t count, uint64_t key)
{
	struct renamed wanted = {.key = key};

	return count ? bsearch(&wanted, all, count, sizeof *all, compare_renamed) : NULL;
}

static const char *
directory_in_head(const struct renames *renames, const char *directory)
{
	const struct renamed *found = find(
		renames->directories, renames->directory_count, declaration_key(directory, NULL));

	return found ? found->directory : directory;
}

void
renames_apply(const struct renames *renames, const char **directory, const char **function)
{
	const struct renamed *found = find(renames->functions, renames->function_count,
		declaration_key(*directory, *function));

	if (found)
		*function = found->function;
	*directory = found ? found->directory : directory_in_head(renames, *directory);
}

/* --- directories */

/* A file that has another directory in the head. */
struct moved_file {
	const char *base, *head;
};

static int
compare_moved(const void *one, const void *two)
{
	const struct moved_file *a = one, *b = two;
	int order = strcmp(a->base, b->base);

	return order ? order : strcmp(a->head, b->head);
}

static struct moved_file *
collect_moved(const struct search *search, size_t *count)
{
	const struct line_map *map = search->map;
	struct arena *arena = &search->comparison->arena;
	size_t capacity = 0;
	struct moved_file *moved = array_grow(NULL, &capacity, map->file_count + 1, sizeof *moved);

	*count = 0;
	for (size_t i = 0; i < map->file_count; i++) {
		const struct file_change *file = &map->files[i];
		if (!file->base_path || !file->head_path ||
			!str_ends(str_of(file->base_path), STR(".go")))
			continue;
		const char *base = directory_of_file(file->base_path, NULL, arena);
		const char *head = directory_of_file(file->head_path, base, arena);
		if (base != head)
			moved[(*count)++] = (struct moved_file){base, head};
	}
	if (*count > 1)
		qsort(moved, *count, sizeof *moved, compare_moved);
	return moved;
}

static bool
has_code(const struct declarations *declarations, const char *directory)
{
	for (size_t i = 0; i < declarations->count; i++)
		if (strcmp(declarations->all[i].directory, directory) == 0)
			return true;
	return false;
}

static void
add_directory(struct search *search, const char *base, const char *head)
{
	struct renames *out = search->out;

	if (has_code(&search->head, base) || has_code(&search->base, head))
		return;
	out->directories = array_grow(out->directories, &out->directory_capacity,
		out->directory_count + 1, sizeof *out->directories);
	out->directories[out->directory_count++] =
		(struct renamed){declaration_key(base, NULL), head, NULL};
}

/* Where most of its files have gone. */
static void
find_directories(struct search *search)
{
	size_t count;
	CLEANUP(free_ptr) struct moved_file *moved = collect_moved(search, &count);

	for (size_t from = 0, to; from < count; from = to) {
		const char *best = NULL;
		size_t most = 0;
		for (to = from; to < count && strcmp(moved[to].base, moved[from].base) == 0;) {
			size_t first = to;
			while (to < count && compare_moved(&moved[to], &moved[first]) == 0)
				to++;
			if (to - first > most) {
				most = to - first;
				best = moved[first].head;
			}
		}
		add_directory(search, moved[from].base, best);
	}
	if (search->out->directory_count > 1)
		qsort(search->out->directories, search->out->directory_count,
			sizeof *search->out->directories, compare_renamed);
}

/* --- names of packages */

static const struct package *
package_in(const struct snapshot *snapshot, const char *directory)
{
	for (size_t i = 0; i < snapshot->package_count; i++) {
		const struct package *package = &snapshot->packages[i];
		if (package->name && package->directory &&
			strcmp(package->directory, directory) == 0)
			return package;
	}
	return NULL;
}

/* Of two packages with one name, of which one was renamed, the other may be meant. */
static bool
is_ambiguous(const struct renames *out, const char *base, const char *head)
{
	for (size_t i = 0; i < out->name_count; i++)
		if (strcmp(out->names[i].base, base) == 0)
			return strcmp(out->names[i].head, head) != 0;
	return false;
}

static void
find_names(struct search *search)
{
	struct renames *out = search->out;
	const struct snapshot *base = search->comparison->base_snapshot;

	for (size_t i = 0; i < base->package_count; i++) {
		const struct package *was = &base->packages[i];
		if (!was->name || !was->directory)
			continue;
		const struct package *is = package_in(
			search->comparison->head_snapshot, directory_in_head(out, was->directory));
		if (!is || strcmp(is->name, was->name) == 0 ||
			is_ambiguous(out, was->name, is->name))
			continue;
		out->names = array_grow(
			out->names, &out->name_capacity, out->name_count + 1, sizeof *out->names);
		out->names[out->name_count++] = (struct package_name){was->name, is->name};
	}
}

/* --- functions */

static void
read_text(struct declaration *declaration, const struct source *source)
{
	int line = declaration->inlining->at.line;
	struct str text = source_from(source, line);
	size_t n = tokens_function(&declaration->text, text);

	if (n == 0)
		return;
	declaration->lines = 1;
	for (size_t i = 0; i < n; i++)
		declaration->lines += text.p[i] == '\n';
}

/* Of those that one side alone has. */
static void
read_texts(struct search *search, struct declarations *of, bool base)
{
	CLEANUP(source_release) struct source source = {0};

	for (size_t i = 0; i < of->count; i++) {
		struct declaration *declaration = &of->all[i];
		const char *file = declaration->inlining->at.file;
		if (declaration->paired || !line_map_differs(search->map, file, base))
			continue;
		source_load(&source, search->reader, base, file);
		read_text(declaration, &source);
	}
}

static void
pair(struct search *search, struct declaration *base, struct declaration *head)
{
	struct renames *out = search->out;

	base->paired = head->paired = true;
	out->functions = array_grow(out->functions, &out->function_capacity,
		out->function_count + 1, sizeof *out->functions);
	out->functions[out->function_count++] =
		(struct renamed){base->key, head->directory, head->inlining->function};
}

/* Those that are on both sides need not be looked for; how many of the head are left. */
static size_t
pair_same(struct search *search)
{
	CLEANUP(declarations_release) struct declarations there = {0};
	size_t capacity = 0, left = 0;

	there.keys = array_grow(NULL, &capacity, search->base.count + 1, sizeof *there.keys);
	for (size_t i = 0; i < search->base.count; i++) {
		struct declaration *base = &search->base.all[i];
		const char *directory = directory_in_head(search->out, base->directory);
		there.keys[i] = declaration_key(directory, base->inlining->function);
		base->paired = declarations_have(&search->head, there.keys[i]);
	}
	there.count = search->base.count;
	declarations_sort_keys(&there);
	for (size_t i = 0; i < search->head.count; i++) {
		struct declaration *head = &search->head.all[i];
		head->paired = declarations_have(&there, head->key);
		left += !head->paired;
	}
	return left;
}

struct keyed_text {
	uint64_t key;
	struct declaration *of;
};

static int
compare_keyed(const void *one, const void *two)
{
	const struct keyed_text *a = one, *b = two;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->of > b->of) - (a->of < b->of);
}

typedef uint64_t (*text_fn)(const struct function_text *text);

static uint64_t
without_name(const struct function_text *text)
{
	return text->without_name;
}

static uint64_t
without_calls(const struct function_text *text)
{
	return text->without_calls;
}

static uint64_t
shape(const struct function_text *text)
{
	return text->shape;
}

static struct keyed_text *
key_texts(const struct search *search, const struct declarations *of, text_fn text, bool anywhere,
	size_t *count)
{
	size_t capacity = 0;
	struct keyed_text *keyed = array_grow(NULL, &capacity, of->count + 1, sizeof *keyed);
	bool base = of == &search->base;

	*count = 0;
	for (size_t i = 0; i < of->count; i++) {
		struct declaration *declaration = &of->all[i];
		if (declaration->paired || declaration->lines == 0)
			continue;
		const char *directory =
			base ? directory_in_head(search->out, declaration->directory)
			     : declaration->directory;
		uint64_t key = text(&declaration->text);
		if (!anywhere)
			key ^= declaration_key(directory, NULL);
		keyed[(*count)++] = (struct keyed_text){key, declaration};
	}
	if (*count > 1)
		qsort(keyed, *count, sizeof *keyed, compare_keyed);
	return keyed;
}

static size_t
same_keys(const struct keyed_text *keyed, size_t from, size_t count)
{
	size_t to = from;

	while (to < count && keyed[to].key == keyed[from].key)
		to++;
	return to - from;
}

/* Equal texts, where there are as many of them on either side. */
static void
pair_texts(struct search *search, text_fn text, bool anywhere)
{
	size_t base_count, head_count, b = 0, h = 0;
	CLEANUP(free_ptr)
	struct keyed_text *base = key_texts(search, &search->base, text, anywhere, &base_count);
	CLEANUP(free_ptr)
	struct keyed_text *head = key_texts(search, &search->head, text, anywhere, &head_count);

	while (b < base_count && h < head_count) {
		size_t of_base = same_keys(base, b, base_count);
		size_t of_head = same_keys(head, h, head_count);
		if (base[b].key < head[h].key) {
			b += of_base;
		} else if (base[b].key > head[h].key) {
			h += of_head;
		} else {
			bool clear = of_base == of_head && (of_base == 1 || !anywhere);
			for (size_t i = 0; clear && i < of_base; i++)
				pair(search, base[b + i].of, head[h + i].of);
			b += of_base;
			h += of_head;
		}
	}
}

/* The functions of the head that the lines of one of the base have gone to. */
struct votes {
	struct declaration *candidate[8];
	int count[8];
	int mapped; /* lines */
};

static void
vote(struct votes *votes, struct declaration *candidate)
{
	for (size_t i = 0; i < sizeof votes->count / sizeof *votes->count; i++) {
		if (votes->candidate[i] && votes->candidate[i] != candidate)
			continue;
		votes->candidate[i] = candidate;
		votes->count[i]++;
		return;
	}
}

/* Closing brackets and empty lines are everywhere. */
static bool
says_something(struct str line)
{
	size_t letters = 0;

	for (size_t i = 0; i < line.n; i++)
		letters += isalnum((unsigned char)line.p[i]) != 0;
	return letters > 2;
}

static void
count_votes(struct votes *votes, const struct search *search, const struct declaration *base,
	const struct source *source)
{
	const struct position *at = &base->inlining->at;

	for (int i = 0; i < base->lines; i++) {
		const char *file;
		int line;
		if (!says_something(source_at(source, at->line + i)) ||
			!line_map_to_head(search->map, at->file, at->line + i, &file, &line))
			continue;
		struct declaration *there = declarations_at(&search->head, file, line);
		if (!there)
			continue;
		votes->mapped++;
		vote(votes, there);
	}
}

/* A function is where more than half of its lines are, that are still there. */
static void
pair_by_lines(struct search *search)
{
	CLEANUP(source_release) struct source source = {0};

	for (size_t i = 0; i < search->base.count; i++) {
		struct declaration *base = &search->base.all[i];
		struct votes votes = {0};
		if (base->lines == 0)
			continue;
		source_load(&source, search->reader, true, base->inlining->at.file);
		count_votes(&votes, search, base, &source);
		for (size_t k = 0; k < sizeof votes.count / sizeof *votes.count; k++) {
			struct declaration *there = votes.candidate[k];
			if (there && !there->paired && !base->paired &&
				2 * votes.count[k] > votes.mapped)
				pair(search, base, there);
		}
	}
}

static void
find_functions(struct search *search)
{
	static const text_fn texts[] = {without_name, without_calls, shape};

	if (!search->reader->read || pair_same(search) == 0)
		return;
	read_texts(search, &search->base, true);
	read_texts(search, &search->head, false);
	pair_texts(search, without_name, false);
	pair_texts(search, without_name, true);
	pair_by_lines(search);
	for (size_t i = 1; i < sizeof texts / sizeof *texts; i++)
		pair_texts(search, texts[i], false);
	if (search->out->function_count > 1)
		qsort(search->out->functions, search->out->function_count,
			sizeof *search->out->functions, compare_renamed);
}

void
renames_find(struct renames *out, struct comparison *comparison, const struct line_map *map,
	const struct source_reader *reader)
{
	CLEANUP(search_release)
	struct search search = {.out = out, .comparison = comparison, .map = map, .reader = reader};

	*out = (struct renames){0};
	if (map->file_count == 0)
		return;
	declarations_collect(&search.base, comparison->base_snapshot, &comparison->arena);
	declarations_collect(&search.head, comparison->head_snapshot, &comparison->arena);
	find_directories(&search);
	find_names(&search);
	find_functions(&search);
}

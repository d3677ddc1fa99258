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
	struct source *source;
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

/* --- texts */

/* A function by something that it is known by. */
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

static size_t
same_keys(const struct keyed_text *keyed, size_t from, size_t count)
{
	size_t to = from;

	while (to < count && keyed[to].key == keyed[from].key)
		to++;
	return to - from;
}

static void
read_text(struct declaration *declaration, const struct source_file *file)
{
	int line = declaration->inlining->at.line;
	struct str text = source_from(file, line);
	size_t n = tokens_function(&declaration->text, text);

	if (n == 0)
		return;
	declaration->lines = 1;
	for (size_t i = 0; i < n; i++)
		declaration->lines += text.p[i] == '\n';
}

/* Of those that have no counterpart, or of those in directories that have none. */
static void
read_texts(struct search *search, struct declarations *of, bool base, bool homeless)
{
	for (size_t i = 0; i < of->count; i++) {
		struct declaration *declaration = &of->all[i];
		const char *file = declaration->inlining->at.file;
		bool wanted = homeless ? declaration->homeless : !declaration->paired;
		if (!wanted || declaration->lines || !line_map_differs(search->map, file, base))
			continue;
		read_text(declaration, source_file(search->source, base, file));
	}
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

/* A directory of the base that has code in the head. */
static bool
is_kept(const struct search *search, const char *directory)
{
	return declarations_in(&search->head, declaration_key(directory, NULL));
}

/* A directory of the head that had none in the base. */
static bool
is_fresh(const struct search *search, const char *directory)
{
	return !declarations_in(&search->base, declaration_key(directory, NULL));
}

static void
add_directory(struct search *search, const char *base, const char *head)
{
	struct renames *out = search->out;

	if (is_kept(search, base) || !is_fresh(search, head))
		return;
	out->directories = array_grow(out->directories, &out->directory_capacity,
		out->directory_count + 1, sizeof *out->directories);
	out->directories[out->directory_count++] =
		(struct renamed){declaration_key(base, NULL), head, NULL};
}

/* The directory that most have gone to, if at least `least` have. */
static void
add_best(struct search *search, const struct moved_file *moved, size_t count, size_t least)
{
	const char *best = NULL;
	size_t most = 0;

	for (size_t from = 0, to = 0; from < count; from = to) {
		while (to < count && compare_moved(&moved[to], &moved[from]) == 0)
			to++;
		if (to - from > most) {
			most = to - from;
			best = moved[from].head;
		}
	}
	if (most > 0 && most >= least)
		add_directory(search, moved->base, best);
}

static size_t
same_base(const struct moved_file *moved, size_t count)
{
	size_t n = 0;

	while (n < count && strcmp(moved[n].base, moved->base) == 0)
		n++;
	return n;
}

static void
sort_directories(struct renames *out)
{
	if (out->directory_count > 1)
		qsort(out->directories, out->directory_count, sizeof *out->directories,
			compare_renamed);
}

/* Where most of its files have gone. */
static void
find_directories(struct search *search)
{
	size_t count, n;
	CLEANUP(free_ptr) struct moved_file *moved = collect_moved(search, &count);

	for (size_t from = 0; from < count; from += n) {
		n = same_base(moved + from, count - from);
		add_best(search, moved + from, n, 1);
	}
	sort_directories(search->out);
}

/* What a function of a directory that is gone or new can be known by. */
enum trait { TRAIT_NAME, TRAIT_SHAPE };

static struct keyed_text *
key_homeless(struct search *search, bool base, enum trait trait, size_t *count)
{
	struct declarations *of = base ? &search->base : &search->head;
	size_t capacity = 0;
	struct keyed_text *keyed = array_grow(NULL, &capacity, of->count + 1, sizeof *keyed);

	*count = 0;
	for (size_t i = 0; i < of->count; i++) {
		struct declaration *declaration = &of->all[i];
		if (!declaration->homeless || (trait == TRAIT_SHAPE && !declaration->lines))
			continue;
		uint64_t key = trait == TRAIT_SHAPE ? declaration->text.shape
						    : declaration_key("", declaration->function);
		keyed[(*count)++] = (struct keyed_text){key, declaration};
	}
	if (*count > 1)
		qsort(keyed, *count, sizeof *keyed, compare_keyed);
	return keyed;
}

static bool
in_one_directory(const struct keyed_text *keyed, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (strcmp(keyed[i].of->directory, keyed->of->directory) != 0)
			return false;
	return true;
}

/* A vote for each function that one directory alone has on either side. */
static void
vote_by_trait(struct search *search, enum trait trait, struct moved_file *votes, size_t *count)
{
	size_t base_count, head_count, b = 0, h = 0;
	CLEANUP(free_ptr)
	struct keyed_text *base = key_homeless(search, true, trait, &base_count);
	CLEANUP(free_ptr)
	struct keyed_text *head = key_homeless(search, false, trait, &head_count);

	while (b < base_count && h < head_count) {
		size_t of_base = same_keys(base, b, base_count);
		size_t of_head = same_keys(head, h, head_count);
		bool same = base[b].key == head[h].key && in_one_directory(base + b, of_base) &&
			    in_one_directory(head + h, of_head);
		for (size_t i = 0; same && i < of_base; i++) {
			if (!base[b + i].of->voted)
				votes[(*count)++] = (struct moved_file){
					base[b].of->directory, head[h].of->directory};
			base[b + i].of->voted = true;
		}
		bool take_base = base[b].key <= head[h].key, take_head = base[b].key >= head[h].key;
		b += take_base ? of_base : 0;
		h += take_head ? of_head : 0;
	}
}

static size_t
functions_in(const struct declarations *of, const char *directory)
{
	size_t count = 0;

	for (size_t i = 0; i < of->count; i++)
		count += strcmp(of->all[i].directory, directory) == 0;
	return count;
}

/* Functions in directories without a counterpart; how many there are. */
static size_t
mark_homeless(struct search *search)
{
	size_t base = 0, head = 0;

	for (size_t i = 0; i < search->base.count; i++) {
		struct declaration *of = &search->base.all[i];
		of->homeless = !is_kept(search, of->directory) &&
			       directory_in_head(search->out, of->directory) == of->directory;
		base += of->homeless;
	}
	for (size_t i = 0; i < search->head.count; i++) {
		struct declaration *of = &search->head.all[i];
		of->homeless = is_fresh(search, of->directory);
		head += of->homeless;
	}
	return base < head ? base : head;
}

/* Where git sees no renamed files, because too much of them has changed: where at least half of
 * its functions are, by name or by text. */
static void
find_rewritten_directories(struct search *search)
{
	size_t capacity = 0, count = 0, n;

	if (!search->source || mark_homeless(search) == 0)
		return;
	read_texts(search, &search->base, true, true);
	read_texts(search, &search->head, false, true);
	CLEANUP(free_ptr)
	struct moved_file *votes =
		array_grow(NULL, &capacity, search->base.count + 1, sizeof *votes);
	vote_by_trait(search, TRAIT_NAME, votes, &count);
	vote_by_trait(search, TRAIT_SHAPE, votes, &count);
	if (count > 1)
		qsort(votes, count, sizeof *votes, compare_moved);
	for (size_t from = 0; from < count; from += n) {
		n = same_base(votes + from, count - from);
		add_best(search, votes + from, n,
			(functions_in(&search->base, votes[from].base) + 1) / 2);
	}
	sort_directories(search->out);
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
pair(struct search *search, struct declaration *base, struct declaration *head)
{
	struct renames *out = search->out;

	base->paired = head->paired = true;
	out->functions = array_grow(out->functions, &out->function_capacity,
		out->function_count + 1, sizeof *out->functions);
	out->functions[out->function_count++] =
		(struct renamed){base->key, head->directory, head->function};
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
		there.keys[i] = declaration_key(directory, base->function);
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

/* Closing brackets and empty lines are everywhere; comments do nothing. */
static bool
says_something(struct str line)
{
	size_t letters = 0, indent = 0;

	while (indent < line.n && isspace((unsigned char)line.p[indent]))
		indent++;
	if (str_starts(str_from(line, indent), STR("//")))
		return false;

	for (size_t i = 0; i < line.n; i++)
		letters += isalnum((unsigned char)line.p[i]) != 0;
	return letters > 2;
}

static void
count_votes(struct votes *votes, const struct search *search, const struct declaration *base,
	const struct source_file *source)
{
	const struct position *at = &base->inlining->at;

	for (int i = 0; i < base->lines; i++) {
		const char *file;
		int line;
		if (!says_something(source_line(source, at->line + i)) ||
			!line_map_to_head(search->map, at->file, at->line + i, &file, &line))
			continue;
		struct declaration *there = declarations_at(&search->head, file, line);
		if (!there)
			continue;
		votes->mapped++;
		vote(votes, there);
	}
}

static void
pair_elected(struct search *search, struct declaration *base, const struct votes *votes)
{
	for (size_t i = 0; i < sizeof votes->count / sizeof *votes->count; i++) {
		struct declaration *there = votes->candidate[i];
		if (there && !there->paired && !base->paired && 2 * votes->count[i] > votes->mapped)
			pair(search, base, there);
	}
}

/* A function is where more than half of its lines are, that are still there. */
static void
pair_by_lines(struct search *search)
{
	for (size_t i = 0; i < search->base.count; i++) {
		struct declaration *base = &search->base.all[i];
		struct votes votes = {0};
		if (base->lines == 0)
			continue;
		count_votes(&votes, search, base,
			source_file(search->source, true, base->inlining->at.file));
		pair_elected(search, base, &votes);
	}
}

/* The lines of functions of the head, by directory and text. */
static struct keyed_text *
key_lines(const struct search *search, size_t *count)
{
	struct keyed_text *keyed = NULL;
	size_t capacity = 0;

	*count = 0;
	for (size_t i = 0; i < search->head.count; i++) {
		struct declaration *head = &search->head.all[i];
		const struct position *at = &head->inlining->at;
		if (head->paired || head->lines == 0)
			continue;
		const struct source_file *file = source_file(search->source, false, at->file);
		for (int k = 0; k < head->lines; k++) {
			struct str line = source_line(file, at->line + k);
			if (!says_something(line))
				continue;
			keyed = array_grow(keyed, &capacity, *count + 1, sizeof *keyed);
			keyed[(*count)++] = (struct keyed_text){
				tokens_squeezed(line) ^ declaration_key(head->directory, NULL),
				head};
		}
	}
	if (*count > 1)
		qsort(keyed, *count, sizeof *keyed, compare_keyed);
	return keyed;
}

/* A vote for each function that has the line, if those are few. */
static void
vote_for_line(struct votes *votes, const struct keyed_text *keyed, size_t count, uint64_t key)
{
	size_t low = 0, high = count;
	struct declaration *last = NULL;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (keyed[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	for (int i = 0; i < 64 && low < count && keyed[low].key == key; i++, low++) {
		if (keyed[low].of != last)
			vote(votes, keyed[low].of);
		last = keyed[low].of;
	}
}

/* Where git sees no renamed file: a function is the one that has more than half of its lines. */
static void
pair_by_same_lines(struct search *search)
{
	size_t count;
	CLEANUP(free_ptr) struct keyed_text *keyed = key_lines(search, &count);

	for (size_t i = 0; count && i < search->base.count; i++) {
		struct declaration *base = &search->base.all[i];
		const struct position *at = &base->inlining->at;
		if (base->paired || base->lines == 0)
			continue;
		const struct source_file *file = source_file(search->source, true, at->file);
		uint64_t directory =
			declaration_key(directory_in_head(search->out, base->directory), NULL);
		struct votes votes = {0};
		for (int k = 0; k < base->lines; k++) {
			struct str line = source_line(file, at->line + k);
			if (!says_something(line))
				continue;
			votes.mapped++;
			vote_for_line(&votes, keyed, count, tokens_squeezed(line) ^ directory);
		}
		pair_elected(search, base, &votes);
	}
}

static void
find_functions(struct search *search)
{
	static const text_fn texts[] = {without_name, without_calls, shape};

	if (!search->source || pair_same(search) == 0)
		return;
	read_texts(search, &search->base, true, false);
	read_texts(search, &search->head, false, false);
	pair_texts(search, without_name, false);
	pair_texts(search, without_name, true);
	pair_by_lines(search);
	for (size_t i = 1; i < sizeof texts / sizeof *texts; i++)
		pair_texts(search, texts[i], false);
	pair_by_same_lines(search);
	if (search->out->function_count > 1)
		qsort(search->out->functions, search->out->function_count,
			sizeof *search->out->functions, compare_renamed);
}

void
renames_find(struct renames *out, struct comparison *comparison, const struct line_map *map)
{
	CLEANUP(search_release)
	struct search search = {
		.out = out, .comparison = comparison, .map = map, .source = comparison->source};

	*out = (struct renames){0};
	if (map->file_count == 0)
		return;
	declarations_collect(&search.base, comparison->base_snapshot, &comparison->arena);
	declarations_collect(&search.head, comparison->head_snapshot, &comparison->arena);
	find_directories(&search);
	find_rewritten_directories(&search);
	find_names(&search);
	find_functions(&search);
}

/* Directories that have another name in the head. */
#include "src/renames_internal.h"

#include <stdlib.h>

#include "src/base/cleanup.h"
#include "src/base/index.h"

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
collect_moved(const struct renames_search *search, size_t *count)
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
is_kept(const struct renames_search *search, const char *directory)
{
	return declarations_in(&search->head, declaration_key(directory, NULL));
}

/* A directory of the head that had none in the base. */
static bool
is_fresh(const struct renames_search *search, const char *directory)
{
	return !declarations_in(&search->base, declaration_key(directory, NULL));
}

static void
add_directory(struct renames_search *search, const char *base, const char *head)
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
add_best(struct renames_search *search, const struct moved_file *moved, size_t count, size_t least)
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
			renames_compare);
}

/* Where most of its files have gone. */
static void
find_moved_directories(struct renames_search *search)
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

static void
index_homeless(struct index *out, const struct declarations *of, enum trait trait)
{
	for (size_t i = 0; i < of->count; i++) {
		const struct declaration *declaration = &of->all[i];
		if (!declaration->homeless || (trait == TRAIT_SHAPE && !declaration->lines))
			continue;
		uint64_t key = trait == TRAIT_SHAPE ? declaration->text.shape
						    : declaration_key("", declaration->function);
		index_add(out, key, declaration);
	}
	index_sort(out);
}

/* That of all functions of the entries; NULL where there are several. */
static const char *
only_directory(const struct index_entry *entries, size_t count)
{
	const struct declaration *first = entries->of;

	for (size_t i = 1; i < count; i++)
		if (strcmp(((const struct declaration *)entries[i].of)->directory,
			    first->directory) != 0)
			return NULL;
	return first->directory;
}

/* A vote for each function that one directory alone has on either side. */
static void
vote_by_trait(
	struct renames_search *search, enum trait trait, struct moved_file *votes, size_t *count)
{
	CLEANUP(index_release) struct index base = {0};
	CLEANUP(index_release) struct index head = {0};
	size_t b = 0, h = 0;

	index_homeless(&base, &search->base, trait);
	index_homeless(&head, &search->head, trait);
	while (b < base.count && h < head.count) {
		const struct index_entry *was = &base.entries[b], *is = &head.entries[h];
		uint64_t key_was = was->key, key_is = is->key;
		size_t of_base = index_run(&base, b), of_head = index_run(&head, h);
		const char *from = only_directory(was, of_base), *to = only_directory(is, of_head);
		for (size_t i = 0; key_was == key_is && from && to && i < of_base; i++) {
			struct declaration *declaration = was[i].of;
			if (!declaration->voted)
				votes[(*count)++] = (struct moved_file){from, to};
			declaration->voted = true;
		}
		b += key_was <= key_is ? of_base : 0;
		h += key_is <= key_was ? of_head : 0;
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
mark_homeless(struct renames_search *search)
{
	size_t base = 0, head = 0;

	for (size_t i = 0; i < search->base.count; i++) {
		struct declaration *of = &search->base.all[i];
		of->homeless = !is_kept(search, of->directory) &&
			       renames_directory(search->out, of->directory) == of->directory;
		base += of->homeless;
	}
	for (size_t i = 0; i < search->head.count; i++) {
		struct declaration *of = &search->head.all[i];
		of->homeless = is_fresh(search, of->directory);
		head += of->homeless;
	}
	return base < head ? base : head;
}

static bool
is_homeless(const struct declaration *declaration)
{
	return declaration->homeless;
}

/* Where git sees no renamed files, because too much of them has changed: where at least half of
 * its functions are, by name or by text. */
static void
find_rewritten_directories(struct renames_search *search)
{
	size_t capacity = 0, count = 0, n;

	if (!search->source || mark_homeless(search) == 0)
		return;
	renames_read_texts(search, &search->base, is_homeless);
	renames_read_texts(search, &search->head, is_homeless);
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

void
renames_find_directories(struct renames_search *search)
{
	find_moved_directories(search);
	find_rewritten_directories(search);
}

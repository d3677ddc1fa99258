/* Directories that have another name in the head. */
#include "src/renames_internal.h"

#include <stdlib.h>

#include "src/base/cleanup.h"

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

static struct keyed_declaration *
key_homeless(struct renames_search *search, bool base, enum trait trait, size_t *count)
{
	struct declarations *of = base ? &search->base : &search->head;
	size_t capacity = 0;
	struct keyed_declaration *keyed = array_grow(NULL, &capacity, of->count + 1, sizeof *keyed);

	*count = 0;
	for (size_t i = 0; i < of->count; i++) {
		struct declaration *declaration = &of->all[i];
		if (!declaration->homeless || (trait == TRAIT_SHAPE && !declaration->lines))
			continue;
		uint64_t key = trait == TRAIT_SHAPE ? declaration->text.shape
						    : declaration_key("", declaration->function);
		keyed[(*count)++] = (struct keyed_declaration){key, declaration};
	}
	if (*count > 1)
		qsort(keyed, *count, sizeof *keyed, renames_compare_keyed);
	return keyed;
}

static bool
in_one_directory(const struct keyed_declaration *keyed, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (strcmp(keyed[i].of->directory, keyed->of->directory) != 0)
			return false;
	return true;
}

/* A vote for each function that one directory alone has on either side. */
static void
vote_by_trait(
	struct renames_search *search, enum trait trait, struct moved_file *votes, size_t *count)
{
	size_t base_count, head_count, b = 0, h = 0;
	CLEANUP(free_ptr)
	struct keyed_declaration *base = key_homeless(search, true, trait, &base_count);
	CLEANUP(free_ptr)
	struct keyed_declaration *head = key_homeless(search, false, trait, &head_count);

	while (b < base_count && h < head_count) {
		size_t of_base = renames_same_keys(base, b, base_count);
		size_t of_head = renames_same_keys(head, h, head_count);
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

#include "src/linemap.h"

#include <stdlib.h>
#include <string.h>

/* NULL before any path. */
static int
compare_paths(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int
order_by_base(const void *a, const void *b)
{
	const struct file_change *one = a, *two = b;
	int order = compare_paths(one->base_path, two->base_path);

	return order ? order : compare_paths(one->head_path, two->head_path);
}

static int
order_by_head(const void *a, const void *b)
{
	const struct file_change *const *one = a, *const *two = b;
	int order = compare_paths((*one)->head_path, (*two)->head_path);

	return order ? order : compare_paths((*one)->base_path, (*two)->base_path);
}

void
line_map_finish(struct line_map *map)
{
	if (map->file_count == 0)
		return;
	qsort(map->files, map->file_count, sizeof *map->files, order_by_base);
	map->by_head = arena_alloc(&map->arena, map->file_count * sizeof *map->by_head);
	for (size_t i = 0; i < map->file_count; i++)
		map->by_head[i] = &map->files[i];
	qsort(map->by_head, map->file_count, sizeof *map->by_head, order_by_head);
}

static int
match_base(const void *path, const void *file)
{
	return compare_paths(path, ((const struct file_change *)file)->base_path);
}

static int
match_head(const void *path, const void *file)
{
	const struct file_change *const *entry = file;

	return compare_paths(path, (*entry)->head_path);
}

static const struct file_change *
find_base(const struct line_map *map, const char *path)
{
	if (map->file_count == 0)
		return NULL;
	return bsearch(path, map->files, map->file_count, sizeof *map->files, match_base);
}

static const struct file_change *
find_head(const struct line_map *map, const char *path)
{
	if (map->file_count == 0)
		return NULL;
	const struct file_change *const *found =
		bsearch(path, map->by_head, map->file_count, sizeof *map->by_head, match_head);
	return found ? *found : NULL;
}

static struct line_change
swapped(struct line_change change)
{
	return (struct line_change){
		change.head_line, change.head_count, change.base_line, change.base_count};
}

/* The line on the other side; 0 where it has none. */
static int
across(const struct file_change *file, int line, bool to_head)
{
	struct line_change change = {0};
	size_t low = 0, high = file->change_count;

	if (file->binary || line <= 0)
		return 0;
	/* The last change that begins at the line or before it. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct line_change *at = &file->changes[middle];
		if ((to_head ? at->base_line : at->head_line) <= line)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return line;
	change = to_head ? file->changes[low - 1] : swapped(file->changes[low - 1]);
	int past = line - (change.base_line + change.base_count);
	return past < 0 ? 0 : change.head_line + change.head_count + past;
}

bool
line_map_to_head(const struct line_map *map, const char *base_path, int base_line,
	const char **head_path, int *head_line)
{
	const struct file_change *file = find_base(map, base_path);
	int line = file && file->head_path ? across(file, base_line, true) : file ? 0 : base_line;

	if (line <= 0)
		return false;
	*head_path = file ? file->head_path : base_path;
	*head_line = line;
	return true;
}

bool
line_map_to_base(const struct line_map *map, const char *head_path, int head_line,
	const char **base_path, int *base_line)
{
	const struct file_change *file = find_head(map, head_path);
	int line = file && file->base_path ? across(file, head_line, false) : file ? 0 : head_line;

	if (line <= 0)
		return false;
	*base_path = file ? file->base_path : head_path;
	*base_line = line;
	return true;
}

bool
line_map_changed(const struct line_map *map, const char *head_path, int head_line)
{
	const struct file_change *file = find_head(map, head_path);

	if (!file || !file->base_path)
		return file;
	return head_line > 0 && across(file, head_line, false) == 0;
}

int
line_map_next_change(const struct line_map *map, const char *head_path, int head_line)
{
	const struct file_change *file = find_head(map, head_path);

	if (!file)
		return 0;
	if (!file->base_path)
		return head_line;
	for (size_t i = 0; i < file->change_count; i++) {
		const struct line_change *change = &file->changes[i];
		int last = change->head_line + (change->head_count ? change->head_count - 1 : 0);
		if (last >= head_line)
			return change->head_line > head_line ? change->head_line : head_line;
	}
	return 0;
}

bool
line_map_differs(const struct line_map *map, const char *path, bool base)
{
	return (base ? find_base(map, path) : find_head(map, path)) != NULL;
}

void
line_map_release(struct line_map *map)
{
	free(map->files);
	arena_release(&map->arena);
	*map = (struct line_map){0};
}

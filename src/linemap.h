/* The model, part 2: where each line of the base is in the head. Plain data, filled by repo. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "src/base/arena.h"

/* A stretch of lines that differs: base lines [base_line, base_line + base_count) became head lines
 * [head_line, head_line + head_count). Where a count is 0, the line is the one *after* which
 * nothing was taken or put in, plus one: both lines are always those of the first line that the
 * stretch has or would have. */
struct line_change {
	int base_line, base_count;
	int head_line, head_count;
};

/* A file that differs between base and head in content or name. Files not listed are the same in
 * both. */
struct file_change {
	const char *base_path;             /* NULL: only in the head */
	const char *head_path;             /* NULL: only in the base */
	bool binary;                       /* no line is known to correspond */
	const struct line_change *changes; /* ascending */
	size_t change_count;
};

struct line_map {
	struct arena arena;
	struct file_change *files; /* sorted by base_path after line_map_finish(); NULL first */
	size_t file_count, file_capacity;
	const struct file_change **by_head; /* sorted by head_path */
};

/* Call once after all files were added. */
void line_map_finish(struct line_map *map);

/* Where the line of the base is in the head. False when the line or its file is gone or was
 * changed. *head_path is borrowed from the map, or is base_path itself. */
bool line_map_to_head(const struct line_map *map, const char *base_path, int base_line,
	const char **head_path, int *head_line);

/* The other way round. */
bool line_map_to_base(const struct line_map *map, const char *head_path, int head_line,
	const char **base_path, int *base_line);

/* Whether the line of the head was added or changed since the base. */
bool line_map_changed(const struct line_map *map, const char *head_path, int head_line);

/* The first line of the head from that one on that was added or changed; where lines were only
 * taken out, the line behind them. 0 where there is none. */
int line_map_next_change(const struct line_map *map, const char *head_path, int head_line);

/* Whether the file of the base, or of the head, differs in content or name. */
bool line_map_differs(const struct line_map *map, const char *path, bool base);

void line_map_release(struct line_map *map);

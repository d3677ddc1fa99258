#include "src/excerpt.h"

#include <stdlib.h>

#include "src/base/cleanup.h"

#define CONTEXT 3
#define LONGEST_LINE 500

/* One file, split into lines. Findings come sorted by file, so that one is enough to keep. */
struct source_file {
	const char *path;
	bool base;
	struct buf text;
	struct str *lines;
	size_t count, capacity;
};

static void
release_source(struct source_file *file)
{
	buf_release(&file->text);
	free(file->lines);
	*file = (struct source_file){0};
}

static void
load(struct source_file *file, const char *path, bool base, excerpt_read_fn read, void *ctx)
{
	struct err ignored;

	if (file->path && file->base == base && strcmp(file->path, path) == 0)
		return;
	buf_clear(&file->text);
	file->count = 0;
	file->path = path;
	file->base = base;
	if (read(&file->text, base, path, ctx, &ignored) != 0)
		return;
	struct str rest = buf_str(&file->text), line;
	while (str_next(&line, &rest, '\n')) {
		file->lines = array_grow(
			file->lines, &file->capacity, file->count + 1, sizeof *file->lines);
		file->lines[file->count++] = line;
	}
}

static struct str
shorten(struct str line)
{
	if (str_ends(line, STR("\r")))
		line.n--;
	return line.n > LONGEST_LINE ? (struct str){line.p, LONGEST_LINE} : line;
}

static void
take(struct finding *finding, const struct source_file *file, const struct line_map *map,
	struct arena *arena)
{
	const struct position *at = &finding->escape->at;
	size_t line = (size_t)at->line;
	size_t first = line > CONTEXT ? line - CONTEXT : 1;
	size_t last = line + CONTEXT < file->count ? line + CONTEXT : file->count;

	if (at->line < 1 || line > file->count)
		return;
	struct source_line *lines = arena_alloc(arena, (last - first + 1) * sizeof *lines);
	for (size_t i = first; i <= last; i++)
		lines[i - first] = (struct source_line){
			.line = (int)i,
			.text = arena_str(arena, shorten(file->lines[i - 1])),
			.changed = !file->base && line_map_changed(map, at->file, (int)i),
		};
	finding->source = lines;
	finding->source_count = last - first + 1;
}

void
excerpt_load(
	struct comparison *comparison, const struct line_map *map, excerpt_read_fn read, void *ctx)
{
	CLEANUP(release_source) struct source_file file = {0};

	for (size_t i = 0; i < comparison->finding_count; i++) {
		struct finding *finding = &comparison->findings[i];
		bool fixed = finding->state == FINDING_FIXED;
		if ((finding->state != FINDING_NEW && !fixed) || !finding->escape->at.file)
			continue;
		load(&file, finding->escape->at.file, fixed, read, ctx);
		take(finding, &file, map, &comparison->arena);
	}
}

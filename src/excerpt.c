#include "src/excerpt.h"

#include "src/base/cleanup.h"
#include "src/excerpt_hash.h"

#define CONTEXT 3
#define LONGEST_LINE 500

static struct str
shorten(struct str line)
{
	if (str_ends(line, STR("\r")))
		line.n--;
	return line.n > LONGEST_LINE ? (struct str){line.p, LONGEST_LINE} : line;
}

static void
take(struct finding *finding, const struct source_file *file, bool base, const struct line_map *map,
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
			.changed = !base && line_map_changed(map, at->file, (int)i),
		};
	finding->source = lines;
	finding->source_count = last - first + 1;
}

/* The hashes of the file that was asked for last: findings of one file follow each other. */
struct last_hashes {
	const struct source_file *file;
	struct line_hashes hashes;
};

static void
last_hashes_release(struct last_hashes *last)
{
	line_hashes_release(&last->hashes);
}

static const char *
line_hash(struct last_hashes *last, const struct source_file *file, int line, struct arena *arena)
{
	if (last->file != file) {
		line_hashes_release(&last->hashes);
		line_hashes_init(&last->hashes, file->text);
		last->file = file;
	}
	return line_hashes_name(&last->hashes, line, arena);
}

void
excerpt_load(struct comparison *comparison, const struct line_map *map)
{
	CLEANUP(last_hashes_release) struct last_hashes last = {0};

	for (size_t i = 0; i < comparison->finding_count; i++) {
		struct finding *finding = &comparison->findings[i];
		const struct position *at = &finding->escape->at;
		bool fixed = finding->state == FINDING_FIXED;
		if ((!finding_is_new(finding) && !fixed) || !at->file)
			continue;
		const struct source_file *file = source_file(comparison->source, fixed, at->file);
		take(finding, file, fixed, map, &comparison->arena);
		if (finding->source)
			finding->line_hash = line_hash(&last, file, at->line, &comparison->arena);
	}
}

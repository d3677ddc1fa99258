#include "src/excerpt.h"

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

void
excerpt_load(struct comparison *comparison, const struct line_map *map)
{
	for (size_t i = 0; i < comparison->finding_count; i++) {
		struct finding *finding = &comparison->findings[i];
		bool fixed = finding->state == FINDING_FIXED;
		if ((!finding_is_new(finding) && !fixed) || !finding->escape->at.file)
			continue;
		const struct source_file *file =
			source_file(comparison->source, fixed, finding->escape->at.file);
		take(finding, file, fixed, map, &comparison->arena);
	}
}

#include "src/source.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/arena.h"

static void
split(struct source *source)
{
	struct str rest = buf_str(&source->text), line;

	while (str_next(&line, &rest, '\n')) {
		source->lines = array_grow(
			source->lines, &source->capacity, source->count + 1, sizeof *source->lines);
		source->lines[source->count++] = line;
	}
}

void
source_load(struct source *source, const struct source_reader *reader, bool base, const char *path)
{
	struct err ignored;

	if (source->path && source->base == base && strcmp(source->path, path) == 0)
		return;
	buf_clear(&source->text);
	source->count = 0;
	source->path = path;
	source->base = base;
	if (reader->read && reader->read(&source->text, base, path, reader->ctx, &ignored) == 0)
		split(source);
}

void
source_release(struct source *source)
{
	buf_release(&source->text);
	free(source->lines);
	*source = (struct source){0};
}

struct str
source_at(const struct source *source, int line)
{
	if (line < 1 || (size_t)line > source->count)
		return (struct str){"", 0};
	return source->lines[line - 1];
}

struct str
source_from(const struct source *source, int line)
{
	if (line < 1 || (size_t)line > source->count)
		return (struct str){"", 0};
	const char *from = source->lines[line - 1].p;
	return (struct str){from, (size_t)(source->text.p + source->text.n - from)};
}

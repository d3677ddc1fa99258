#include "src/source.h"

#include <stdlib.h>

#include "src/base/cleanup.h"
#include "src/tokens.h"

static const struct source_file no_file;

static const struct source_file *
load(struct source *source, bool base, const char *path)
{
	CLEANUP(buf_release) struct buf text = {0};
	struct source_file *file = arena_alloc(&source->arena, sizeof *file);
	struct str *lines = NULL;
	size_t capacity = 0;
	struct err ignored;

	if (source->read(&text, base, path, source->ctx, &ignored) != 0)
		return file;
	file->text = (struct str){arena_str(&source->arena, buf_str(&text)), text.n};
	struct str rest = file->text, line;
	while (str_next(&line, &rest, '\n')) {
		lines = array_grow(lines, &capacity, file->count + 1, sizeof *lines);
		lines[file->count++] = line;
	}
	file->lines = arena_copy(&source->arena, lines, file->count, sizeof *lines);
	free(lines);
	return file;
}

const struct source_file *
source_file(struct source *source, bool base, const char *path)
{
	if (!source || !path)
		return &no_file;
	struct intern *files = base ? &source->base : &source->head;
	files->arena = &source->arena;
	const void **file = intern_value(files, str_of(path));
	if (!*file)
		*file = load(source, base, path);
	return *file;
}

struct str
source_line(const struct source_file *file, int line)
{
	if (line < 1 || (size_t)line > file->count)
		return STR("");
	return file->lines[line - 1];
}

struct str
source_from(const struct source_file *file, int line)
{
	if (line < 1 || (size_t)line > file->count)
		return STR("");
	return str_from(file->text, (size_t)(file->lines[line - 1].p - file->text.p));
}

bool
source_has_word(struct str line, struct str word)
{
	for (const char *at = line.p, *end = line.p + line.n; word.n && at < end; at++) {
		at = memmem(at, (size_t)(end - at), word.p, word.n);
		if (!at)
			return false;
		if ((at == line.p || !token_is_name(at[-1])) &&
			(at + word.n == end || !token_is_name(at[word.n])))
			return true;
	}
	return false;
}

/* Goes on behind the comments of the form that the text begins with; *inside: one is not ended. */
static struct str
skip_comments(struct str text, bool *inside)
{
	for (;;) {
		text = str_unindented(text);
		if (!*inside && !str_starts(text, STR("/*")))
			return text;
		const char *end = memmem(text.p, text.n, "*/", 2);
		*inside = !end;
		if (!end)
			return str_from(text, text.n);
		text = str_from(text, (size_t)(end - text.p) + 2);
	}
}

bool
source_is_generated(const struct source_file *file)
{
	bool inside = false;

	for (size_t i = 0; i < file->count; i++) {
		struct str line = file->lines[i];
		if (str_ends(line, STR("\r")))
			line.n--;
		if (!inside && str_starts(line, STR("// Code generated ")) &&
			str_ends(line, STR(" DO NOT EDIT.")))
			return true;
		line = skip_comments(line, &inside);
		if (!inside && line.n && !str_starts(line, STR("//")))
			return false;
	}
	return false;
}

void
source_release(struct source *source)
{
	intern_release(&source->base);
	intern_release(&source->head);
	arena_release(&source->arena);
}

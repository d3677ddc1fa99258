/* The model, part 5: the text of the files of both sides. */
#pragma once

#include "src/base/arena.h"
#include "src/base/err.h"
#include "src/base/intern.h"

/* Append the content of a file of the base or the head to *out. */
typedef int (*source_read_fn)(
	struct buf *out, bool base, const char *path, void *ctx, struct err *err);

/* {0} with a function to read files, which are read when they are needed and kept. */
struct source {
	source_read_fn read;
	void *ctx;
	struct arena arena;
	struct intern base, head; /* struct source_file by path */
};

/* A file, and its lines, without their ends. */
struct source_file {
	struct str text;
	const struct str *lines;
	size_t count;
};

/* The file; one without lines where it cannot be read or there is no source. Lives as long as the
 * source. */
const struct source_file *source_file(struct source *source, bool base, const char *path);

/* A line, from 1; empty where there is none. */
struct str source_line(const struct source_file *file, int line);

/* The text from the line on to the end of the file. */
struct str source_from(const struct source_file *file, int line);

/* Whether the word stands in the line, not as a part of a longer one. */
bool source_has_word(struct str line, struct str word);

/* Whether the file says of itself that it was generated, in the way that Go's tools do: a line
 * "// Code generated … DO NOT EDIT." before the package clause (go.dev/s/generatedcode). */
bool source_is_generated(const struct source_file *file);

void source_release(struct source *source);

/* The model, part 4: the text of one source file of the base or the head, by lines. */
#pragma once

#include <stdbool.h>

#include "src/base/err.h"
#include "src/base/str.h"

/* Append the content of a file of the base or the head to *out. */
typedef int (*source_read_fn)(
	struct buf *out, bool base, const char *path, void *ctx, struct err *err);

/* Where texts come from; `read` may be NULL: then there are none. */
struct source_reader {
	source_read_fn read;
	void *ctx;
};

/* {0} is no file. */
struct source {
	const char *path;
	bool base;
	struct buf text;
	struct str *lines; /* without their ends */
	size_t count, capacity;
};

/* Hold that file, unless it is held already; no lines where it cannot be read. `path` is
 * borrowed. */
void source_load(
	struct source *source, const struct source_reader *reader, bool base, const char *path);
void source_release(struct source *source);

/* The line, counted from 1; empty where there is none. */
struct str source_at(const struct source *source, int line);

/* The text from the line on to the end of the file. */
struct str source_from(const struct source *source, int line);

/* The lines of source around findings. */
#pragma once

#include "src/base/err.h"
#include "src/comparison.h"
#include "src/linemap.h"

/* Append the content of a file of the base or the head to *out. */
typedef int (*excerpt_read_fn)(
	struct buf *out, bool base, const char *path, void *ctx, struct err *err);

/* Give each new and each fixed finding its source lines. A file that cannot be read leaves them
 * out. */
void excerpt_load(
	struct comparison *comparison, const struct line_map *map, excerpt_read_fn read, void *ctx);

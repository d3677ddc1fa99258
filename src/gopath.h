/* Paths by their text alone: no file is looked at. */
#pragma once

#include "src/base/arena.h"

/* Without ".", empty and, where something stands before them, ".." components. "" is what is left
 * of ".". */
char *gopath_clean(struct arena *arena, const char *path);

/* What follows the root in a path at or below it, without a leading slash; "" for the root itself,
 * NULL when it is not below. Borrowed from `path`. */
const char *gopath_below(const char *path, const char *root);

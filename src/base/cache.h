/* Where this user's caches are: the XDG base directory specification. */
#pragma once

#include "src/base/err.h"

/* $XDG_CACHE_HOME/heapwarden/NAME, or ~/.cache/heapwarden/NAME; need not exist. *path is the
 * caller's, freed with free(). Fails where neither variable is an absolute path. */
MUST_CHECK int cache_directory(char **path, const char *name, struct err *err);

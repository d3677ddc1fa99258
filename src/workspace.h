/* The private directory of one run: exported trees and go's temporary files. */
#pragma once

#include "src/base/err.h"

struct workspace {
	char *path; /* absolute */
};

/* Create it below $XDG_CACHE_HOME/heapwarden (~/.cache/heapwarden). Where git's or go's own caches
 * can be, this can. */
MUST_CHECK int workspace_open(struct workspace *workspace, struct err *err);

/* Create a directory of that name in it; *path is the caller's. */
MUST_CHECK int workspace_directory(
	char **path, const struct workspace *workspace, const char *name, struct err *err);

/* Remove it with all that is in it. */
void workspace_close(struct workspace *workspace);

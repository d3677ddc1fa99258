/* What the form of a printed file name tells, where nobody knows the tree that it is in. */
#pragma once

#include "src/snapshot.h"

/* The name without "./", in the arena, and whose code it is. What is neither a module's, nor
 * vendored, nor generated, nor said to be Go's ("$GOROOT/src/…") is taken as the repository's own.
 */
const char *resolve_plainly(struct str printed, enum origin *origin, struct arena *arena);

/* Whether the printed file is none of the package's: its directory is neither the package's import
 * path (-trimpath) nor an end of it. */
bool resolve_is_foreign(struct str printed, const char *package);

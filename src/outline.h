/* Whether two revisions have the same packages with the same files, although bodies of functions
 * and declarations differ: then `go list` says the same of both. */
#pragma once

#include "src/inputs.h"

/* Compares what go reads of them: the same paths, and where a Go file differs,
 * the same text up to its first declaration that is no import, comments included, and the same
 * //go:embed and //go:debug directives. False as well where that cannot be told. */
bool outline_is_same(struct repo *repo, struct inputs *one, struct inputs *two);

/* Of two Go files. */
bool outline_is_same_text(struct str one, struct str two);

/* What a template of go list has put between tabs, percent-encoded, because names of directories
 * and go's words may hold anything. */
#pragma once

#include "src/base/arena.h"

/* The next field of the line, taken off it; empty where there is none. */
struct str gofields_next(struct str *line);

/* As Go's template function urlquery encodes; in the arena. */
char *gofields_decode(struct arena *arena, struct str text);

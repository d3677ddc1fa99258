/* "file:line:column: message" taken apart. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "src/base/str.h"

struct located {
	struct str file; /* as printed; with -L, of the file that was compiled */
	int line,
		column; /* 0: not printed; columns from 255 on are not (cmd/internal/src, xlogue) */
	struct str said; /* with -L: the position that a //line directive gave, as printed; else
			    empty */
	struct str rest; /* the message with its indentation; empty for a bare position */
};

/* Names of files that hold a colon, a newline or a quote: what belongs to them cannot be told by
 * the form of the text alone. Base names in any order, borrowed. */
struct odd_names {
	const char *const *names;
	size_t count;
};

/* False when the text does not begin with a position and ": ". */
bool located_split(struct located *out, struct str text, const struct odd_names *odd);

/* A position that stands alone, as behind "at" in a flow. */
bool located_parse(struct located *out, struct str text, const struct odd_names *odd);

/* The length of the longest odd name that the text begins with; 0 when it begins with none. */
size_t located_odd_name(struct str text, const struct odd_names *odd);

/* Whether the text ends in the part of an odd name that stands before a newline of it. */
bool located_is_broken(struct str text, const struct odd_names *odd);

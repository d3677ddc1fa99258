/* "file:line:column: message" taken apart. */
#pragma once

#include <stdbool.h>

#include "src/base/str.h"

struct located {
	struct str file; /* as printed */
	int line,
		column; /* 0: not printed; columns from 255 on are not (cmd/internal/src, xlogue) */
	struct str rest; /* the message with its indentation; empty for a bare position */
};

/* False when the text does not begin with a position and ": ". */
bool located_split(struct located *out, struct str text);

/* A position that stands alone, as behind "at" in a flow. */
bool located_parse(struct located *out, struct str text);

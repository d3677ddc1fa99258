/* The name that GitHub gives a line: what a code scanning alert is recognised by. */
#pragma once

#include <stdint.h>

#include "src/base/arena.h"

/* The hash of each line of one text. Released with line_hashes_release(). */
struct line_hashes {
	uint64_t *lines;
	size_t count, capacity;
};

/*
 * As github/codeql-action computes `primaryLocationLineHash` (src/fingerprints.ts): over 100 UTF-16
 * units from the start of the line on, without blanks and tabs, any line end as a newline, the end
 * of the text as 65535 and then zeros; hash * 37 + unit, modulo 2^64.
 */
void line_hashes_init(struct line_hashes *hashes, struct str text);

/* "39fa2ee980eb94b0:1", the second number tells which line of the text it is that has this hash. In
 * the arena; NULL where there is no such line. */
const char *line_hashes_name(const struct line_hashes *hashes, int line, struct arena *arena);

void line_hashes_release(struct line_hashes *hashes);

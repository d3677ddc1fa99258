/* Facts in words: what a snapshot holds, one line a fact, and what is expected of it. For the
 * self-check, which compiles a program whose facts are known. */
#pragma once

#include "src/snapshot.h"

/* Lines like "a.go:20:2: moved-to-heap x in moved: returned, allocates yes; address-of, return". */
struct facts {
	struct arena arena;
	const char **lines;
	size_t count, capacity;
};

/*
 * Add the facts of the snapshot: each escape, leak, inlining decision and inlined call. A fact at a
 * position outside of that file (code that the compiler makes) begins with "-" in place of it.
 */
void facts_read(struct facts *facts, const struct snapshot *snapshot, const char *file);

/*
 * Add the facts that the Go source expects of Go 1.`minor` (0: a development version, newer than
 * all). Its comments are the expectations, each of the nearest line above that is none:
 *	//want [VERSIONS] COLUMN: FACT
 * VERSIONS are 1.22, 1.22-, -1.24 or 1.22-1.24; none is all. A COLUMN of "-" is a position outside
 * of the file.
 */
void facts_expected(struct facts *facts, const char *source, const char *file, int minor);

/* Add to `missing` what is in `expected` alone, to `surplus` what is in `read` alone, in their
 * order. Equal facts are counted. */
void facts_compare(struct facts *missing, struct facts *surplus, const struct facts *expected,
	const struct facts *read);

void facts_add(struct facts *facts, struct str line);
void facts_release(struct facts *facts);

/* Several comparisons of the same two states to one: of build variants, of modules, of shares of
 * the packages. */
#pragma once

#include "src/comparison.h"

/* One of them; all borrowed. */
struct merge_part {
	const struct comparison *comparison;
	const char *name; /* what it is called where it does not fit: its file */
	const char *tool; /* the version of heapwarden that made it; "" not known */
};

/* {0} before; released with merge_release(). */
struct merged {
	struct snapshot base, head;
	struct comparison comparison;
	/* The result: `comparison`, or the one of the parts that says all that the others say.
	 * Strings are those of the parts, which must outlive it. */
	const struct comparison *result;
};

/*
 * Make one of all. Parts differ in the variant, the target with the settings and flags of its
 * build, in their packages, or in both. A finding is there once, in the state that is worst, and
 * says in which variants it has it; packages have the larger of their counts; what can only be
 * summed up (unchanged ones that are not listed, escapes outside) is that of the variant that has
 * most. No verdict is stronger than a failure, and that than a pass; each violation says whose it
 * is where it is not everybody's. A part that another one contains changes nothing. The order of
 * the parts changes nothing.
 *
 * Fails, naming both and what differs, where two are not of the same base, head, or major version
 * of heapwarden, or have only some packages of the same variant in common.
 */
MUST_CHECK int merge_comparisons(
	struct merged *out, const struct merge_part *parts, size_t count, struct err *err);

void merge_release(struct merged *merged);

/* Whether all unchanged findings are listed, as --all demands. */
bool merge_lists_unchanged(const struct comparison *comparison);

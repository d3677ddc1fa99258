/* A comparison counted package by package, for the writers that show it so. */
#pragma once

#include "src/comparison.h"

struct package_tally {
	const char *package;   /* import path */
	const char *directory; /* as in struct package: "" is the root, NULL unknown */
	size_t new, without_allocation, not_counted, fixed, moved, accepted;
	size_t base,
		head; /* escapes that the compiler printed, copies and repeated prints included */
	bool failed;  /* not analysed in the base or the head */
};

struct tally {
	struct package_tally *packages; /* sorted by import path */
	size_t count, capacity;
	size_t functions, new_packages; /* how many have new escapes that count */
};

/* Every package of either side, those not analysed and those that only a finding names included.
 * Released with tally_release(). */
void tally_init(struct tally *tally, const struct comparison *comparison);
void tally_release(struct tally *tally);

/* Whether a finding of the package is anything but unchanged. Of the others it is not known what is
 * unchanged in them, unless all findings were asked for: they may have been left out. */
bool tally_differs(const struct package_tally *row);

/* The package's row; NULL when the comparison knows no such package. */
struct package_tally *tally_package(const struct tally *tally, const char *package);

/*
 * The findings for which `want` holds, sorted by package, then (where by_function is set) by
 * function, then as in the comparison. *count of them, an array that the caller frees.
 */
const struct finding **findings_sorted(const struct comparison *comparison,
	bool (*want)(const struct finding *), bool by_function, size_t *count);

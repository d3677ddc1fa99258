/* From two revisions to a comparison with its verdict, and to the documents: what check and diff
 * share. */
#pragma once

#include "src/analysis.h"
#include "src/comparison.h"

/* What to compare. */
struct comparing {
	struct side base, head;
	bool writes_baseline; /* the baseline that was named need not be there yet */
};

/* What to do with a comparison, which lives no longer. */
typedef int (*comparing_use_fn)(const struct comparison *comparison, void *ctx, struct err *err);

/* Build, parse and compare both sides, judge, and hand the comparison over. */
MUST_CHECK int comparing_with(struct analysis *analysis, const struct comparing *what,
	comparing_use_fn use, void *ctx, struct err *err);

/* Write the documents that were asked for, and tell of the verdict where none of them does. */
MUST_CHECK int comparing_write(
	const struct options *options, const struct comparison *comparison, struct err *err);

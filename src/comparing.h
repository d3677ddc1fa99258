/* From two revisions to a comparison with its verdict, and to the documents: what check and diff
 * share. */
#pragma once

#include "src/analysis.h"
#include "src/comparison.h"

/* What to compare. */
struct comparing {
	struct side base, head;
};

/* Build, parse and compare both sides, judge, and write the documents that were asked for. *status
 * is the verdict's. */
MUST_CHECK int comparing_run(enum verdict_status *status, struct analysis *analysis,
	const struct comparing *what, struct err *err);

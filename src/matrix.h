/* What check and diff do: one comparison, or one for each variant of the build and each module, of
 * which one is made. */
#pragma once

#include "src/comparing.h"

/* Choose the two states, in an analysis that was opened for it. */
typedef int (*matrix_choose_fn)(
	struct comparing *what, struct analysis *analysis, void *ctx, struct err *err);

struct matrix {
	struct options *options; /* with the variants, and whether all modules are wanted */
	const char *const *packages;
	size_t package_count;
	matrix_choose_fn choose;
	void *ctx;
};

/* Compare, and write the documents that were asked for. *status is the verdict's. */
MUST_CHECK int matrix_run(
	enum verdict_status *status, const struct matrix *matrix, struct err *err);

/* One tree under two versions of Go: what a compiler allocates more or less than another one. */
#pragma once

#include "src/analysis.h"
#include "src/comparison.h"
#include "src/recording.h"

/* One tree, compiled twice. {0} before; released with toolchains_release(). */
struct toolchains {
	struct recording base_recording, head_recording;
	struct snapshot base, head;
	struct comparison comparison;
};

/*
 * Compile the tree with both versions ("go1.24.13") and compare what they decided. The analysis
 * uses the second one afterwards.
 */
MUST_CHECK int toolchains_compare(struct toolchains *out, struct analysis *analysis,
	const struct side *side, const char *one, const char *two, struct err *err);

void toolchains_release(struct toolchains *toolchains);

/* The verdict of a comparison by the head's settings and by the base's. */
#pragma once

#include "src/comparing.h"
#include "src/profiling.h"

/* The profiles that the head's settings name, and the base's where they differ. {0} has none. */
struct profiles {
	struct profiling head, base;
};

/* Read them; release *out in any case. */
MUST_CHECK int judging_read(struct profiles *out, struct analysis *analysis,
	const struct comparing *what, struct err *err);

/* Fails where one of them is not of what is compared. */
MUST_CHECK int judging_check(
	const struct profiles *profiles, const struct comparison *comparison, struct err *err);

/*
 * Give the verdict by the head's settings, and where they and the base's differ, by those as well:
 * a change may not loosen the gate that it has to pass.
 */
void judging_run(
	struct comparison *comparison, struct analysis *analysis, const struct profiles *profiles);

void judging_release(struct profiles *profiles);

/* The profile that findings are ranked by: where it is, and what it says of a comparison. */
#pragma once

#include "src/analysis.h"
#include "src/comparison.h"
#include "src/profile.h"

/* A profile that the settings name. */
struct profiling {
	const char *name;   /* as it was named; NULL: there is none */
	const char *origin; /* where: "--profile", ".heapwarden:3" */
	struct profile profile;
};

/*
 * Read the profile that the settings name, with the pprof of the toolchain that was chosen. One
 * that a flag or the environment names is the file at hand, from where the user is. One that
 * .heapwarden names is of the repository: that of the base, so that no change can bring the profile
 * that it is judged by; where the base has none, the head's. Where none is named *out is empty.
 * Release *out in any case.
 */
MUST_CHECK int profiling_read(struct profiling *out, struct analysis *analysis,
	const struct config *config, const struct revision *base, const struct revision *head,
	struct err *err);

/* Fails where the profile has none of the packages that are compared: it is of another program. */
MUST_CHECK int profiling_check(
	const struct profiling *profiling, const struct comparison *comparison, struct err *err);

/*
 * Say of each new finding which share of the profile its function has. A function that neither the
 * profile nor the base has is left unknown: the profile can be older than it. To be called before
 * the policy judges; also where there is no profile, which takes back what another one said.
 */
void profiling_apply(const struct profiling *profiling, struct comparison *comparison);

void profiling_release(struct profiling *profiling);

/* A revision's recording, out of the store or by a build, and the facts that are read of it: where
 * gobuild, the store and the parser are put together. */
#pragma once

#include "src/analysis.h"
#include "src/recording.h"

/* Another revision that was recorded with the same Go. */
struct recorded {
	struct recording *recording; /* which it imports is read of the store when it is needed */
	const struct revision *revision;
};

/*
 * Record what the compiler says of the revision with the Go that was chosen. When it had to be
 * built, all facts are in *facts and all units are read; else the facts are still to be read with
 * recorder_read(), and only the packages are there. Packages that do not build are among them with
 * go's error, which goes to standard error as well; what cannot be listed at all is one such
 * package, named by its pattern; neither is kept. The facts borrow from the recording. Where
 * `like` is not NULL and has the same packages, these are not listed again; and where the compiler
 * must say the same of a package, it is not built again, and its unit is still to be read. The
 * recording borrows from that one. Release both, after a failure too.
 */
MUST_CHECK int recorder_record(struct recording *out, struct snapshot *facts,
	const struct recorded *like, struct analysis *analysis, const struct revision *revision,
	struct err *err);

/* Keep what could not be kept before, because its sites were not counted. */
void recorder_keep(
	struct recording *recording, struct analysis *analysis, const struct revision *revision);

/* Read the units that are not read, but for those that are equal to the other side's. What the
 * store has lost is built. */
MUST_CHECK int recorder_read(struct snapshot *facts, struct recording *recording,
	struct analysis *analysis, const struct revision *revision, struct err *err);

/* What decides the build of the revision with the Go that was chosen, in the analysis, and whether
 * it is in the store already. NULL where it would not be kept. */
MUST_CHECK int recorder_look_up(const char **decided, bool *is_kept, struct analysis *analysis,
	const struct revision *revision, struct err *err);

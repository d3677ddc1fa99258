/* Where the baseline of a run is, and the day that it is read with. */
#pragma once

#include "src/analysis.h"
#include "src/baseline.h"

/* The file of the setting baseline.file: relative to the repository's root where it is below it,
 * else absolute. A flag and the environment may name any file, from where the user is; .heapwarden
 * one of the repository, from its root. In the analysis. Fails with ERR_USAGE. */
MUST_CHECK int exceptions_path(const char **out, struct analysis *analysis, struct err *err);

/* Read the baseline as it is in the revision; one outside of the repository from where it is. Where
 * there is none, *out is empty; but that fails where a flag or the environment names it, unless it
 * may be lacking. Release *out in any case. */
MUST_CHECK int exceptions_read(struct baseline *out, struct analysis *analysis,
	const struct revision *revision, bool may_lack, struct err *err);

/* The day that exceptions have to last for: that of the commit, today for what is not committed. */
void exceptions_day(char out[11], const struct revision *revision);

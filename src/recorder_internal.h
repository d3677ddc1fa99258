/* What the files of the recorder share. */
#pragma once

#include "src/inputs.h"
#include "src/outside.h"
#include "src/reader.h"
#include "src/recorder.h"

/* A recording in the making. */
struct making {
	struct recording *out;
	struct snapshot *facts;
	const struct recorded *like; /* another revision's, or NULL */
	struct analysis *analysis;
	struct inputs inputs, others; /* of the revision that is recorded, and of the other one */
	struct outside outside;       /* of the revision that is recorded, where there is a store */
	const char *decided; /* what decides it (src/buildkey.h); NULL where that cannot be told */
};

/* By a build. *whole tells whether all that was asked for could be built. */
MUST_CHECK int recorder_build(bool *whole, struct making *making, struct err *err);

/* By a build of what `like` does not tell. *found is false where that cannot be done, or was in
 * vain: then nothing is recorded. Needs the list of packages. */
MUST_CHECK int recorder_build_part(
	bool *found, struct making *making, struct reader *reader, struct err *err);

/* Build once, and read what go prints. */
MUST_CHECK int recorder_run(struct process_end *end, struct snapshot *facts, struct reader *reader,
	const struct gobuild *build, struct err *err);

/* Whether another build of what decides would have to print the same: all that go has listed is in
 * the tree or followed. */
bool recorder_can_keep(const struct outside *outside, const struct package_list *list);

/* A file that was embedded is no part of the key, and without it there would be no build. */
bool recorder_has_embedded(
	const struct recording *recording, struct repo *repo, const struct revision *revision);

/* Which packages the recording's packages import, out of the store where it has to be; NULL where
 * it is not known. */
const char *recorder_imports(struct recording *recording, struct store *store);

/* Note which packages the facts' functions are inlined from, which is how callees are printed. */
void recorder_mention_callees(struct recording *recording, const struct snapshot *facts);

/* Count what the facts have, of units that were read. */
void recorder_count(struct recording *recording, const struct snapshot *facts);

/* What a side of a comparison has beside facts of units. */
void recorder_set_packages(struct snapshot *facts, const struct package_list *list);

/* Count the sites, when all units are read. */
void recorder_count_sites(struct recording *recording, const struct snapshot *facts);

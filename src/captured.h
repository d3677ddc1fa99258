/* What the compiler has said in a build of the user's, in the words of one of ours. */
#pragma once

#include "src/analysis.h"
#include "src/builtids.h"

/* A build of the user's that has ended. */
struct capture {
	const char *directory; /* the files that src/gorecord.h has left; NULL: there are none */
	struct builtids ids;   /* of all that was compiled, then or before */
};

struct captured {
	struct buf text; /* as go would print it */
	bool is_whole;   /* all packages are in it */
};

/*
 * What the compiler has said of the packages of the list: in that build, or in an earlier one with
 * the same name, which the store has. Where the build had no -trimpath the compiler names files by
 * their absolute paths: they are named as with it. Not whole where a package was compiled nowhere
 * that is known of, or names a file by a path that cannot be told. Release it in any case.
 */
MUST_CHECK int captured_read(struct captured *out, struct analysis *analysis,
	const struct gobuild *build, const struct package_list *list, struct err *err);

/* Keep what was compiled, for later builds. The recording has its texts, and is in the store. */
MUST_CHECK int captured_keep(
	struct analysis *analysis, const struct recording *recording, struct err *err);

void captured_release(struct captured *captured);

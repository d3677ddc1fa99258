/* The self-check: a program whose facts are known (src/selfcheck/) is compiled with a Go, and what
 * is read of the compiler's words is compared with what must be read. */
#pragma once

#include "src/facts.h"
#include "src/gobuild.h"

/* What is wrong; nothing when the Go is understood. */
struct selfcheck {
	struct facts missing;        /* expected, but not read */
	struct facts surplus;        /* read, but not expected */
	struct facts not_understood; /* lines of the compiler */
};

/*
 * Compile and compare, with the go command, toolchain and temporary directory of `build`, whose
 * tree, directory, flags and packages do not matter. Fails where the program does not compile, with
 * go's own words. Release *out also after a failure.
 */
MUST_CHECK int selfcheck_run(struct selfcheck *out, const struct gobuild *build,
	const struct toolchain *toolchain, struct err *err);

bool selfcheck_passed(const struct selfcheck *check);

/* What is wrong, in indented lines, at most so many of each kind; those that are left out are
 * counted. */
void selfcheck_describe(struct buf *out, const struct selfcheck *check, size_t most);

/* Whether this very toolchain has passed before: the user's cache remembers it. */
bool selfcheck_remembered(const struct gobuild *build, const struct toolchain *toolchain);

/* Run the check; remember that it has passed, or fail with what is wrong and what to do. Where
 * nothing can be remembered it is no failure. */
MUST_CHECK int selfcheck_require(
	const struct gobuild *build, const struct toolchain *toolchain, struct err *err);

void selfcheck_release(struct selfcheck *check);

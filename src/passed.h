/* Which toolchains have passed the self-check: remembered in the user's cache, one file each. */
#pragma once

#include <stdbool.h>

#include "src/base/str.h"
#include "src/gobuild.h"

/* What decides the outcome of the check, and the file that says that it was a good one; `path` is
 * NULL where nothing can be remembered. */
struct passed {
	char *path;
	struct buf key;
};

/*
 * The toolchain's record: heapwarden's version and the text of the program, Go's version, target
 * and place, and the files that are run (heapwarden itself, the go command and its compiler), which
 * count as changed when their size or time is another. Where go or its compiler cannot be found,
 * nothing can be remembered. Released with passed_release().
 */
void passed_open(struct passed *out, const struct gobuild *build, const struct toolchain *toolchain,
	const char *program);

bool passed_before(const struct passed *passed);

/* Remember it, if that can be. */
void passed_keep(const struct passed *passed);

void passed_release(struct passed *passed);

/* The names that go gives to what it has compiled: of the sources, the compiler, and all else that
 * decides what comes out. */
#pragma once

#include "src/base/arena.h"
#include "src/gobuild.h"

struct builtid {
	const char *package; /* import path */
	const char *id;      /* with the flags that make the compiler explain itself: a hash */
};

struct builtids {
	struct arena arena;
	struct builtid *all;
	size_t count, capacity;
};

/* How the user has built. */
struct built_by {
	const char *program; /* the go command */
	const char *directory;
	const char *const *flags;
	size_t flag_count;
	const char *const *packages;
	size_t package_count;
	const char *explain; /* gobuild_compiler_flags() */
};

/* Ask go for them, in the user's own environment, after a build with these flags: nothing is built
 * then. Where go does not tell there are none. */
void builtids_read(struct builtids *out, const struct built_by *by);

/* NULL where there is none. */
const char *builtids_find(const struct builtids *ids, const char *package);

void builtids_release(struct builtids *ids);

/* What go.mod says, as far as it can make allocations appear that no line of the repository
 * explains, and which directories it or go.work leads to. */
#pragma once

#include "src/base/arena.h"

struct requirement {
	const char *module, *version;
};

struct directories {
	const char **paths; /* as they are written: absolute, or relative to the file */
	size_t count, capacity;
};

struct gomod {
	const char *go;        /* "1.22"; NULL where there is no go line */
	const char *toolchain; /* "go1.24.13"; NULL where there is no toolchain line */
	struct requirement
		*requirements; /* sorted by module; replaced ones with what replaces them */
	size_t count, capacity;
	struct directories replacing, used; /* of go.mod and go.work; of go.work alone */
};

/* Read the text of a go.mod, or of a go.work (https://go.dev/ref/mod#go-mod-file); what is not
 * understood is passed over. A replacement of one version holds where that version is required.
 * Strings in the arena; released with gomod_release(). */
void gomod_read(struct gomod *out, struct str text, struct arena *arena);
void gomod_release(struct gomod *gomod);

/* The version of the module, or NULL. */
const char *gomod_version(const struct gomod *gomod, const char *module);

/* A variant of the build: settings of go's environment and build flags. */
#pragma once

#include "src/goflags.h"

/* All in the arena that it was read with, but for what `flags` grows. */
struct variant {
	const char *const *settings; /* "GOOS=windows" */
	size_t setting_count;
	struct goflags flags; /* beside those of the command line */
};

/*
 * Read "GOOS=windows CGO_ENABLED=0 -tags=netgo": settings, then flags as in GOFLAGS; none of both
 * is the build as it would be without. Fails with ERR_USAGE on what is no setting that decides what
 * is compiled, and on flags that cannot be let through.
 */
MUST_CHECK int variant_read(
	struct variant *out, const char *text, struct arena *arena, struct err *err);
void variant_release(struct variant *variant);

/* What variant_enter() has changed. */
struct variant_saved {
	char **values; /* of each setting that there is; NULL: it was not set */
};

/* Put the settings into our own environment, which go inherits, and what was there back. */
void variant_enter(struct variant_saved *saved, const struct variant *variant);
void variant_leave(struct variant_saved *saved);

/* What our environment sets, beside the target, of that which decides what is compiled, *count of
 * them, sorted: "CGO_ENABLED=0". In the arena; NULL where there is nothing. */
const char *const *variant_settings(size_t *count, struct arena *arena);

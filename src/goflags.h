/* go's build flags: which go through to the build, which heapwarden sets itself, which would change
 * what the compiler prints. */
#pragma once

#include "src/base/arena.h"
#include "src/base/err.h"

/* A growing list of words, each in an arena. */
struct goflags {
	const char **words;
	size_t count, capacity;
};

/*
 * Take go's build flags (-tags x, -tags=x, --mod=vendor, …) out of the command line: they are moved
 * to *out, spelled "-name=value", and argv is closed up (*argc shrinks, argv stays
 * NULL-terminated). Arguments after "--" are left alone, as is everything that is no flag of go. A
 * flag that heapwarden cannot let through (-race, -gcflags, …) fails with ERR_USAGE and says why.
 */
MUST_CHECK int goflags_take(
	struct goflags *out, int *argc, char **argv, struct arena *arena, struct err *err);

/* Split the value of GOFLAGS; flags that would change what the compiler prints are left out and, if
 * `dropped` is not NULL, named there. Quoting as in cmd/go (since Go 1.18): words in ' or ". */
MUST_CHECK int goflags_split(struct goflags *out, const char *value, struct goflags *dropped,
	struct arena *arena, struct err *err);

void goflags_release(struct goflags *flags);

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

/* The arguments of a `go build` of the user's. */
struct goflags_build {
	struct goflags flags;  /* those that decide what is compiled, as from goflags_take() */
	struct goflags all;    /* those, and all others that go list takes and that matter to what
				  is compiled or linked */
	const char *directory; /* of -C; NULL: none */
	const char *apart;     /* a flag with which the build does not show what the compiler would
				  explain without it, though that is the same; NULL: none */
	const char *reason; /* why that is another thing than what is built without the flags that
			       heapwarden refuses, or none at all; NULL: it is the same */
	int first_flag;     /* behind -C, which must be the first */
	int first_package;  /* index of the first that is no flag */
};

/* Read them as go does, which ends with the first that is no flag. What is wrong with them is a
 * reason, too. The words are in the arena. */
void goflags_read_build(
	struct goflags_build *out, int argc, const char *const *argv, struct arena *arena);

void goflags_release(struct goflags *flags);

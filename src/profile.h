/* A profile as `go tool pprof -raw` prints it: how much of it passes through which function. */
#pragma once

#include <stdbool.h>

#include "src/base/err.h"
#include "src/base/intern.h"

/* {0} is no profile. */
struct profile {
	struct arena arena;
	const char *measure;    /* "alloc_space", "cpu": what the shares are of; NULL: no profile */
	struct intern packages; /* those that it knows */
	struct intern functions; /* "PACKAGE FUNCTION" with what is counted of it */
	uint64_t total;
};

/*
 * Read the text that `go tool pprof -raw -symbolize=none` prints (Go 1.21 to 1.26). What counts is
 * the column alloc_space, else the last one: of a CPU profile the time, of others the delay.
 * Inlined calls are functions like others. Fails where the text is none of that form. Release *out
 * in any case.
 */
MUST_CHECK int profile_read(struct profile *out, struct str text, struct err *err);

/* Whether there is a function of the package, by its import path, or "main" of a program's own. */
bool profile_knows(const struct profile *profile, const char *package);

/*
 * What passes through the function or what it calls, in thousandths of a per cent of all; -1 where
 * the profile does not have it. The function is as function_normalise() has it: what passes through
 * its literals is its own.
 */
int profile_share(const struct profile *profile, const char *package, const char *function);

void profile_release(struct profile *profile);

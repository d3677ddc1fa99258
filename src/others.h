/* Lines that are no message of the compiler, by the package they stand in: errors when the build
 * failed, else not understood. */
#pragma once

#include <stdio.h>

#include "src/base/intern.h"
#include "src/gobuild.h"

/* No build fails with more than that to say. */
#define OTHERS_LIMIT ((size_t)8 * 1024 * 1024)

struct others {
	struct arena arena;
	struct intern index; /* the number of each package from 1, as value by its name */
	struct package_lines {
		const char *package; /* NULL: outside of any */
		struct buf lines; /* the first of them, up to OTHERS_LIMIT bytes of all packages */
		size_t count, left_out;
	} * packages;
	size_t count, capacity;
	size_t bytes;
	bool failed; /* the build did: the lines are errors */
};

void others_add(struct others *others, struct str line, const char *package);

/* Print what was added as go did, each package's lines below its header. */
void others_print(const struct others *others, FILE *to);

/*
 * The build ended with that status: what was added are errors. Set them in the packages of the
 * list; packages that it does not have (a dependency that does not build) are added to it. Where no
 * line tells a package, all of the list failed. Strings in the arena.
 */
void others_fail_packages(
	struct others *others, struct package_list *list, int status, struct arena *arena);

/* Count in the snapshot what was not understood, and keep the first lines. */
void others_account(const struct others *others, struct snapshot *snapshot);

void others_release(struct others *others);

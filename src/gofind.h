/* The go commands of this machine. */
#pragma once

#include "src/gobuild.h"

struct go_programs {
	struct arena arena;
	const char **paths; /* as they were found */
	const char **files; /* the same, symbolic links resolved */
	size_t count, capacity, file_capacity;
};

/*
 * The one that HEAPWARDEN_GO names, those of PATH, those in the places where Go is usually put, and
 * the toolchains that go has downloaded (`build` tells how to ask it where). Each file once, in
 * that order. Released with go_programs_release().
 */
void gofind_all(struct go_programs *out, const struct gobuild *build);

void go_programs_release(struct go_programs *programs);

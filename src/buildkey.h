/* What decides what a build prints, put into a key for the store. */
#pragma once

#include "src/base/arena.h"
#include "src/base/hash.h"
#include "src/gobuild.h"

/* All that goes in beside the build; borrowed. */
struct build_input {
	const struct gobuild *build;
	const struct toolchain *toolchain;
	const char *prefix;                /* where go is run, relative to the tree */
	const struct content_id *relevant; /* of the tree: repo_relevant() */
	const struct content_id *tests;    /* with the test files; NULL where they are not built */
	struct str outside;                /* of what is not in the tree: outside_find() */
};

/* The lines "name=value" that are hashed, in the arena; NULL where the go command or its compiler
 * cannot be found. */
const char *buildkey_decided(const struct build_input *input, struct arena *arena);

/* Whether two of these differ in nothing but the sources. */
bool buildkey_differs_in_sources(const char *one, const char *two);

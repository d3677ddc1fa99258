/* What decides a build and is outside of its tree: modules that a directory elsewhere replaces or
 * that go.work uses, and files that flags name. */
#pragma once

#include "src/gobuild.h"
#include "src/repo.h"

struct outside {
	struct arena arena;
	struct buf text;    /* all that is to be known of it; empty where there is none */
	const char **roots; /* directories that are followed, symbolic links resolved */
	size_t count, capacity;
	bool known; /* false: something cannot be followed */
};

/*
 * Find it before go is asked anything, by go.mod, go.work and the flags of the build. A directory
 * that a revision names relative to itself is not followed, because its export has no such
 * neighbours: outside_has() tells afterwards whether go went there. Fails when interrupted. Release
 * it in any case. Source: https://go.dev/ref/mod#go-mod-file-replace, #workspaces
 */
MUST_CHECK int outside_find(struct outside *out, struct repo *repo, const struct revision *revision,
	const struct gobuild *build, struct err *err);

/* Whether all that go has listed is in the tree or in directories that are followed. */
bool outside_has(const struct outside *outside, const struct package_list *list);

void outside_release(struct outside *outside);

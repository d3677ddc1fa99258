/* What the files of the repo module share with each other. */
#pragma once

#include "src/repo.h"

struct git_oid;
struct git_repository;
struct git_tree;

struct repo {
	struct git_repository *git;
	char *root; /* NULL where the repository is bare */
	char *prefix;
};

/* Fill *err with the formatted text, ": " and what libgit2 said last. Returns -1. */
int repo_fail(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether the repository fetches some of its objects only when git itself needs them (git clone
 * --filter). */
bool repo_is_partial(const struct repo *repo);

/* The youngest of the best common ancestors, as git finds it in a shallow clone: commits whose
 * parents are missing have none (libgit2 before 1.7 fails there). Gives a libgit2 code. */
int repo_common_ancestor(struct git_oid *out, const struct repo *repo, const struct git_oid *one,
	const struct git_oid *two);

/* The revision's tree; the caller frees it. Fails for the working tree. */
int repo_tree(
	struct git_tree **out, struct repo *repo, const struct revision *revision, struct err *err);

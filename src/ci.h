/* What the CI system that runs us says of the change under test, in environment variables. */
#pragma once

#include <stdbool.h>

/* A change that is to be merged: a pull request or merge request. Strings are borrowed from the
 * environment. */
struct ci_change {
	const char *system;   /* "GitHub Actions" */
	const char *variable; /* that names the branch: "GITHUB_BASE_REF" */
	const char *branch;   /* into which it is to be merged: "main", "release/1.2" */
	const char *commit;   /* what is to be tested; NULL where the system does not say */
	bool merged;          /* that commit is the system's own: the change merged into the branch,
				 which is its first parent */
	const char *base_variable; /* that names the merge base itself, which may be of an older
				      push; NULL: there is none */
	const char *base;          /* hex digits */
};

/* The change that the environment tells of; false where it tells of none. Variables that are empty,
 * and commits of zeros alone, say nothing. "refs/heads/" is taken off the branch. */
bool ci_change(struct ci_change *out);

/* The repository's default branch, and the variable that names it; NULL where none does. */
const char *ci_default_branch(const char **variable);

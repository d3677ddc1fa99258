/* What the files of the repo module share with each other. */
#pragma once

#include "src/repo.h"

struct git_commit;
struct git_index;
struct git_oid;
struct git_odb_backend;
struct git_repository;
struct git_tree;

struct repo {
	struct git_repository *git;
	char *root; /* NULL where the repository is bare */
	char *prefix;
	char *index_file;               /* where git has the index that is meant */
	struct git_odb_backend *memory; /* for objects that are nowhere else; NULL: none so far */
};

/* Open the repository of the directory, or where that is ".", the one that GIT_DIR and
 * GIT_WORK_TREE name. Gives a libgit2 code. */
int repo_open_named(struct git_repository **out, const char *directory);

/* Which index (GIT_INDEX_FILE) and which objects (GIT_OBJECT_DIRECTORY and its alternates) are
 * meant, if git's variables speak of this repository and not of another one. */
int repo_take_environment(struct repo *repo, struct err *err);

/* Fill *err with the formatted text, ": " and what libgit2 said last. Returns -1. */
int repo_fail(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether the repository fetches some of its objects only when git itself needs them (git clone
 * --filter). */
bool repo_is_partial(const struct repo *repo);

/* Fail with ERR_NOT_FOUND: `what`, and how to bring what a shallow or partial clone lacks. */
int repo_fail_incomplete(const struct repo *repo, const char *what, struct err *err);

/* The next parent that a commit's raw header names, which is taken off it; false where there is
 * none left. Not by git_commit_parent_id(): from libgit2 1.7 on commits at which a shallow clone
 * ends have no parents. */
bool repo_next_parent(struct git_oid *out, struct str *header);

/* What the commit tells: all but the name. */
void repo_fill_commit(struct revision *out, struct git_commit *commit, struct arena *arena);

/* Whether attributes may have git put other bytes into the working tree than it keeps. */
enum repo_filters {
	REPO_FILTERS_NONE,
	REPO_FILTERS_SOME,    /* git_attr_get_many() tells for which files */
	REPO_FILTERS_UNKNOWN, /* an attribute in the index alone, which it does not see */
};

/* What git's own files of attributes and the index say of it (filter, ident, working-tree-encoding:
 * gitattributes(5)); for the .gitattributes of the working tree there is repo_filters_in(). To ask
 * git for each file takes longer than all else that is read of it. */
enum repo_filters repo_filters(const struct repo *repo, const struct git_index *index);

/* Whether a file of attributes has the name of such a one, wherever. */
bool repo_filters_in(struct str attributes);

/* The revision's tree; the caller frees it. Fails for the working tree. */
int repo_tree(
	struct git_tree **out, struct repo *repo, const struct revision *revision, struct err *err);

/* A tree by its name; `name` is what a message calls it. The caller frees it. */
int repo_look_up_tree(struct git_tree **out, const struct repo *repo, const struct git_oid *id,
	const char *name, struct err *err);

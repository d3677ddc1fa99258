/* Everything that is git, through libgit2: revisions, trees, line maps. Never writes to the
 * repository, its index or its working tree. */
#pragma once

#include "src/base/err.h"
#include "src/base/intern.h"
#include "src/linemap.h"
#include "src/revision.h"

struct repo;

/*
 * Open the repository that the directory is in: any subdirectory, linked worktrees, bare ones; for
 * "." the one that GIT_DIR names. *out is the caller's, closed with repo_close(). Fails with
 * ERR_NOT_FOUND and a message that says what to do where there is none; a repository of another
 * owner (git's safe.directory) and one in a format that libgit2 does not know each have their own
 * message.
 */
MUST_CHECK int repo_open(struct repo **out, const char *directory, struct err *err);
void repo_close(struct repo *repo);
void repo_cleanup(struct repo **repo); /* for CLEANUP() */

/* The working tree's root, absolute, symbolic links resolved, without a trailing slash; NULL where
 * the repository is bare. Borrowed. */
const char *repo_root(const struct repo *repo);

/* The name of the root's directory; "repository" where the repository is bare. Borrowed. */
const char *repo_title(const struct repo *repo);

/* The directory given to repo_open(), relative to the root: "" or "a/b". Borrowed. */
const char *repo_prefix(const struct repo *repo);

/*
 * Resolve any form of revision that git does (gitrevisions(7)): branches, tags, abbreviated names,
 * HEAD~20, @{u}, @{-1}, :/text, describe's output, tree-ish names. Fails with ERR_NOT_FOUND where
 * there is none, naming the revision and saying what to do (in a shallow clone: the git fetch that
 * would bring it).
 */
MUST_CHECK int repo_resolve(struct revision *out, struct repo *repo, const char *name,
	struct arena *arena, struct err *err);

/* The working tree as a revision. Fails in a bare repository. */
MUST_CHECK int repo_worktree(
	struct revision *out, struct repo *repo, struct arena *arena, struct err *err);

/*
 * The index as a revision: what git commit would commit, in a hook exactly what it is about to. Its
 * tree is made in memory. Files that were only announced (git add --intent-to-add) are not part of
 * it. The index is that of GIT_INDEX_FILE where git's variables are of this repository. Fails in a
 * bare repository, and where there is a conflict in the index.
 */
MUST_CHECK int repo_index(
	struct revision *out, struct repo *repo, struct arena *arena, struct err *err);

/* The trees of an index are in memory alone: append those that its commit does not have, so that a
 * later run can tell what a directory with that tree holds; and know them again, which whoever asks
 * for one of them finds then. What is not such a text is not taken. */
MUST_CHECK int repo_keep_trees(
	struct buf *out, struct repo *repo, const struct revision *index, struct err *err);
void repo_recall_trees(struct repo *repo, struct str kept);

/* The last common ancestor of two commits. */
struct merge_base {
	struct revision revision; /* its name is "A...B" */
	size_t count;             /* of those that are equally good: the youngest is taken */
};

/* Find it. Fails with ERR_NOT_FOUND where there is none, and where a shallow clone has too little
 * history to tell, with the command that brings more of it. */
MUST_CHECK int repo_merge_base(struct merge_base *out, struct repo *repo,
	const struct revision *one, const struct revision *two, struct arena *arena,
	struct err *err);

/*
 * The branch of that name as it is elsewhere ("main" is then "origin/main"; other remotes are
 * looked at after origin), else the local one; the name may begin with that of a remote. Fails with
 * ERR_NOT_FOUND where there is none, with the command that brings it.
 */
MUST_CHECK int repo_branch(struct revision *out, struct repo *repo, const char *branch,
	struct arena *arena, struct err *err);

/* A commit's first parent, the empty tree for one that has none. Fails with ERR_NOT_FOUND where a
 * shallow clone ends at the commit, with the command that brings it. */
MUST_CHECK int repo_first_parent(struct revision *out, struct repo *repo,
	const struct revision *revision, struct arena *arena, struct err *err);

/* How many parents the commit has, missing ones included; 0 where the revision is none. */
size_t repo_parent_count(struct repo *repo, const struct revision *revision);

/* The tree without files as a revision. */
struct revision repo_empty_tree(void);

/*
 * Write the revision's tree into an existing empty directory. Submodules become empty directories,
 * LFS pointers stay pointers: contents are the blobs' bytes, without filters. A blob that is
 * missing (partial clone) leaves its file out, but for .go files, go.mod, go.work and modules.txt,
 * without which go would build another program: those fail with ERR_NOT_FOUND. Neither index nor
 * working tree nor any reference is touched. On failure what was written stays.
 */
MUST_CHECK int repo_export(
	struct repo *repo, const struct revision *revision, const char *directory, struct err *err);

/*
 * The same into a directory that holds the tree `from` (hex digits) by an earlier export: what
 * differs is taken away and written, nothing else is touched. After a failure the directory holds
 * neither.
 */
MUST_CHECK int repo_move(struct repo *repo, const char *from, const struct revision *revision,
	const char *directory, struct err *err);

/* Whether the directory still holds all of the tree, and nothing in it was changed after that time
 * (seconds UTC). */
bool repo_holds(struct repo *repo, const char *tree, const char *directory, int64_t since);

/* The directory that git keeps the repository's objects and references in, shared by its linked
 * worktrees; absolute, with a slash at its end. Borrowed. */
const char *repo_common_directory(const struct repo *repo);

/* Where git looks for the repository's hooks: core.hooksPath, else in the common directory. In the
 * arena. */
const char *repo_hooks_directory(const struct repo *repo, struct arena *arena);

/* What git is in the middle of, and goes on with when the user has resolved something. */
enum repo_operation {
	REPO_NO_OPERATION,
	REPO_MERGE,
	REPO_REBASE, /* git rebase and git am */
	REPO_PICK,   /* git cherry-pick and git revert */
};

enum repo_operation repo_operation(const struct repo *repo);

/* "Ada <ada@example.com>" as git's configuration has it; NULL where it has not. In the arena. */
const char *repo_user(const struct repo *repo, struct arena *arena);

/* Append the version of libgit2 that is used. */
void repo_library(struct buf *version);

/* Which line of `base` is which line of `head`, renames included. `base` is never the working tree;
 * `head` may be, with its untracked files (ignored ones not). *out is released with
 * line_map_release(). */
MUST_CHECK int repo_line_map(struct line_map *out, struct repo *repo, const struct revision *base,
	const struct revision *head, struct err *err);

/*
 * Append all that go reads of the revision when it builds packages without their tests: Go,
 * assembly and C sources, profiles, go.mod and what belongs to it. For each file a text "fHASH
 * PATH" ("l" for a link of any name: it may stand for a directory), ended by a NUL, in the order of
 * the paths. Of the working tree it is everything that is there, ignored or not, submodules
 * included, which an export leaves empty. What //go:embed takes in is not part of it. *known is
 * false where a link leads to what go would read and is not told by the name: out of the tree, or
 * to a file of another kind.
 */
MUST_CHECK int repo_relevant(struct buf *out, bool *known, struct repo *repo,
	const struct revision *revision, struct err *err);

/* The same, and the test files as well. */
MUST_CHECK int repo_relevant_with_tests(struct buf *out, bool *known, struct repo *repo,
	const struct revision *revision, struct err *err);

/* Whether go reads a file of that name when it builds packages, and their tests where that is said.
 */
bool repo_is_relevant(const char *path, bool tests);

/* The same of a directory that is not the repository's (a module that replaces another), by what
 * is there now. *known is false as well where there is too much of it. */
MUST_CHECK int repo_relevant_outside(
	struct buf *out, bool *known, const char *directory, bool tests, struct err *err);

/* The path in one of these texts. */
const char *repo_relevant_path(const char *line);

/* Put the trees of all commits that a reference or a HEAD, of any worktree, leads to into the
 * table, by their hex digits. Where history ends (a shallow clone) or is missing, so does the
 * search. */
MUST_CHECK int repo_reachable(struct intern *trees, struct repo *repo, struct err *err);

/* Whether the revision has a file or a directory of that path relative to the root. */
bool repo_has(struct repo *repo, const struct revision *revision, const char *path);

/* The content of a file at the revision, appended to *out. ERR_NOT_FOUND where there is none. Paths
 * are relative to the root. */
MUST_CHECK int repo_read(struct buf *out, struct repo *repo, const struct revision *revision,
	const char *path, struct err *err);

#include <git2.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/interrupt.h"
#include "src/repo_internal.h"

/* The commits still to be looked at, and those that were met. */
struct walk {
	git_repository *git;
	struct arena arena;
	struct intern met;
	git_oid *stack;
	size_t count, capacity;
	struct intern *trees;
};

static void
walk_release(struct walk *walk)
{
	free(walk->stack);
	intern_release(&walk->met);
	arena_release(&walk->arena);
}

static void
free_reference(git_reference **reference)
{
	git_reference_free(*reference);
}

static void
free_object(git_object **object)
{
	git_object_free(*object);
}

static void
free_commit(git_commit **commit)
{
	git_commit_free(*commit);
}

static void
free_repository(git_repository **git)
{
	git_repository_free(*git);
}

static void
free_worktree(git_worktree **worktree)
{
	git_worktree_free(*worktree);
}

static void
push(struct walk *walk, const git_oid *id)
{
	struct str bytes = {(const char *)id->id, sizeof id->id};
	const void **met = intern_value(&walk->met, bytes);

	if (*met)
		return;
	*met = "";
	walk->stack =
		array_grow(walk->stack, &walk->capacity, walk->count + 1, sizeof *walk->stack);
	walk->stack[walk->count++] = *id;
}

static void
note_tree(struct walk *walk, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof hex, id);
	intern(walk->trees, str_of(hex));
}

/* What is neither a commit nor a tree has none; what is missing neither. */
static void
push_reference(struct walk *walk, git_reference *reference)
{
	CLEANUP(free_object) git_object *object = NULL;

	if (git_reference_peel(&object, reference, GIT_OBJECT_COMMIT) == 0)
		push(walk, git_object_id(object));
	else if (git_reference_peel(&object, reference, GIT_OBJECT_TREE) == 0)
		note_tree(walk, git_object_id(object));
}

static int
take_reference(git_reference *reference, void *ctx)
{
	push_reference(ctx, reference);
	git_reference_free(reference);
	return 0;
}

static void
push_head(struct walk *walk, git_repository *git)
{
	CLEANUP(free_reference) git_reference *head = NULL;

	if (git_repository_head(&head, git) == 0)
		push_reference(walk, head);
}

/* Not by git_repository_head_for_worktree(): up to libgit2 1.5 what it gives belongs to a
 * repository that is closed already. */
static void
push_worktree(struct walk *walk, const char *name)
{
	CLEANUP(free_worktree) git_worktree *worktree = NULL;
	CLEANUP(free_repository) git_repository *git = NULL;

	if (git_worktree_lookup(&worktree, walk->git, name) == 0 &&
		git_repository_open_from_worktree(&git, worktree) == 0)
		push_head(walk, git);
}

/* Each worktree has a HEAD of its own; the first one's is in the common directory. */
static void
push_heads(struct walk *walk)
{
	CLEANUP(free_repository) git_repository *first = NULL;
	git_strarray names = {0};

	push_head(walk, walk->git);
	if (git_repository_open_bare(&first, git_repository_commondir(walk->git)) == 0)
		push_head(walk, first);
	if (git_worktree_list(&names, walk->git) != 0)
		return;
	for (size_t i = 0; i < names.count; i++)
		push_worktree(walk, names.strings[i]);
	git_strarray_dispose(&names);
}

static void
visit(struct walk *walk, const git_oid *id)
{
	CLEANUP(free_commit) git_commit *commit = NULL;

	if (git_commit_lookup(&commit, walk->git, id) != 0)
		return;
	note_tree(walk, git_commit_tree_id(commit));
	for (unsigned i = 0; i < git_commit_parentcount(commit); i++)
		push(walk, git_commit_parent_id(commit, i));
}

int
repo_reachable(struct intern *trees, struct repo *repo, struct err *err)
{
	CLEANUP(walk_release) struct walk walk = {.git = repo->git, .trees = trees};

	walk.met.arena = &walk.arena;
	if (git_reference_foreach(repo->git, take_reference, &walk) != 0)
		return repo_fail(err, "cannot list the references");
	push_heads(&walk);
	while (walk.count) {
		const git_oid id = walk.stack[--walk.count];
		visit(&walk, &id);
		if (interrupt_signal())
			return err_set(err, ERR_INTERRUPTED, "interrupted");
	}
	return 0;
}

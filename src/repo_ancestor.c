#include <git2.h>
#include <search.h>
#include <stdlib.h>

#include "src/repo_internal.h"

/* A commit that is reached from one of the two, or from both. */
struct ancestor {
	git_oid id;
	git_time_t time;
	bool present;
	bool has_common_child;
	unsigned sides; /* bit 0: reached from the first commit, bit 1: from the second */
	struct ancestor *next;
	struct ancestor *next_to_visit;
};

struct history {
	git_repository *git;
	struct arena arena;
	void *by_id; /* tsearch(3) */
	struct ancestor *all;
	struct ancestor *to_visit;
};

static void
keep_node(void *node)
{
	(void)node;
}

static void
history_release(struct history *history)
{
	tdestroy(history->by_id, keep_node);
	arena_release(&history->arena);
}

static void
free_commit(git_commit **commit)
{
	git_commit_free(*commit);
}

static int
compare_ids(const void *a, const void *b)
{
	const struct ancestor *one = a, *two = b;

	return git_oid_cmp(&one->id, &two->id);
}

static struct ancestor *
ancestor_of(struct history *history, const git_oid *id)
{
	struct ancestor key = {.id = *id};
	struct ancestor **found = tfind(&key, &history->by_id, compare_ids);

	if (found)
		return *found;
	struct ancestor *added = arena_alloc(&history->arena, sizeof *added);
	*added = (struct ancestor){.id = *id, .next = history->all};
	history->all = added;
	if (!tsearch(added, &history->by_id, compare_ids))
		abort();
	return added;
}

static void
reach(struct history *history, struct ancestor *ancestor, unsigned side)
{
	if (ancestor->sides & side)
		return;
	ancestor->sides |= side;
	ancestor->next_to_visit = history->to_visit;
	history->to_visit = ancestor;
}

static void
visit(struct history *history, struct ancestor *ancestor, unsigned side)
{
	CLEANUP(free_commit) git_commit *commit = NULL;

	if (git_commit_lookup(&commit, history->git, &ancestor->id) != 0)
		return;
	ancestor->present = true;
	ancestor->time = git_commit_time(commit);
	for (unsigned i = 0; i < git_commit_parentcount(commit); i++) {
		struct ancestor *parent = ancestor_of(history, git_commit_parent_id(commit, i));
		/* Final in the walk from the second commit, when all that the first reaches is
		 * known. */
		if (ancestor->sides == 3)
			parent->has_common_child = true;
		reach(history, parent, side);
	}
}

static void
walk(struct history *history, const git_oid *from, unsigned side)
{
	reach(history, ancestor_of(history, from), side);
	while (history->to_visit) {
		struct ancestor *ancestor = history->to_visit;
		history->to_visit = ancestor->next_to_visit;
		visit(history, ancestor, side);
	}
}

int
repo_common_ancestor(git_oid *out, const struct repo *repo, const git_oid *one, const git_oid *two)
{
	CLEANUP(history_release) struct history history = {.git = repo->git};
	const struct ancestor *best = NULL;

	walk(&history, one, 1);
	walk(&history, two, 2);
	for (const struct ancestor *a = history.all; a; a = a->next) {
		if (a->sides == 3 && a->present && !a->has_common_child &&
			(!best || a->time > best->time))
			best = a;
	}
	if (!best)
		return GIT_ENOTFOUND;
	*out = best->id;
	return 0;
}

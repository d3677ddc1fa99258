#include <git2.h>
#include <search.h>
#include <stdlib.h>

#include "src/repo_internal.h"

/* From where a commit is reached: the first of the two, the second, what both have in common. */
enum { FROM_ONE = 1, FROM_TWO = 2, FROM_BOTH = FROM_ONE | FROM_TWO, FROM_BEST = 4 };

/* A commit that is reached. */
struct ancestor {
	git_oid id;
	git_time_t time;
	bool present;
	bool has_common_child;
	unsigned sides; /* by which it is reached */
	struct ancestor *next;
	struct ancestor *next_to_visit;
};

/* The best common ancestor of two commits. */
struct common {
	git_oid id;
	size_t count; /* of those that are equally good; the youngest is taken */
	bool certain; /* none that is missing could be better */
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
	struct str header = str_of(git_commit_raw_header(commit));
	for (git_oid id; repo_next_parent(&id, &header);) {
		struct ancestor *parent = ancestor_of(history, &id);
		/* Final in the walk from the second commit, when all that the first reaches is
		 * known. */
		if ((ancestor->sides & FROM_BOTH) == FROM_BOTH)
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

static bool
is_best(const struct ancestor *a)
{
	return (a->sides & FROM_BOTH) == FROM_BOTH && a->present && !a->has_common_child;
}

/* The younger one; of two that are equally old, the one whose name is less. */
static bool
is_before(git_time_t time, const git_oid *id, git_time_t other_time, const git_oid *other)
{
	return time != other_time ? time > other_time : git_oid_cmp(id, other) < 0;
}

/* Whether all that is missing lies behind what was found: then nothing of it can be a better common
 * ancestor. */
static bool
is_certain(struct history *history, const struct ancestor *best, size_t count)
{
	bool certain = true;

	walk(history, &best->id, FROM_BEST);
	for (const struct ancestor *a = history->all; a; a = a->next)
		if (!a->present && (count > 1 || !(a->sides & FROM_BEST)))
			certain = false;
	return certain;
}

/* In a clone that may lack commits. Not by libgit2: before 1.7 it fails where parents are missing,
 * and it does not tell whether one that is missing could be nearer. */
static int
find_in_part(struct common *out, const struct repo *repo, const git_oid *one, const git_oid *two)
{
	CLEANUP(history_release) struct history history = {.git = repo->git};
	const struct ancestor *best = NULL;

	*out = (struct common){0};
	walk(&history, one, FROM_ONE);
	walk(&history, two, FROM_TWO);
	for (const struct ancestor *a = history.all; a; a = a->next) {
		if (!is_best(a))
			continue;
		out->count++;
		if (!best || is_before(a->time, &a->id, best->time, &best->id))
			best = a;
	}
	if (!best)
		return GIT_ENOTFOUND;
	out->id = best->id;
	/* One that is an ancestor of the other is the only best one, whatever is missing. */
	out->certain = git_oid_equal(one, &best->id) || git_oid_equal(two, &best->id) ||
		       is_certain(&history, best, out->count);
	return 0;
}

static git_time_t
time_of(const struct repo *repo, const git_oid *id)
{
	CLEANUP(free_commit) git_commit *commit = NULL;

	return git_commit_lookup(&commit, repo->git, id) == 0 ? git_commit_time(commit) : 0;
}

static int
find_in_whole(struct common *out, const struct repo *repo, const git_oid *one, const git_oid *two)
{
	git_oidarray all = {0};
	int rc = git_merge_bases(&all, repo->git, one, two);

	if (rc != 0)
		return rc;
	*out = (struct common){.id = all.ids[0], .count = all.count, .certain = true};
	for (size_t i = 1; i < all.count; i++)
		if (is_before(time_of(repo, &all.ids[i]), &all.ids[i], time_of(repo, &out->id),
			    &out->id))
			out->id = all.ids[i];
	git_oidarray_dispose(&all);
	return 0;
}

static int
fail_finding(const struct repo *repo, int rc, const struct revision *one,
	const struct revision *two, struct err *err)
{
	CLEANUP(buf_release) struct buf what = {0};
	bool shallow = git_repository_is_shallow(repo->git) == 1;

	if (rc != 0 && rc != GIT_ENOTFOUND)
		return repo_fail(
			err, "cannot find the merge base of '%s' and '%s'", one->name, two->name);
	buf_printf(&what,
		rc == 0 ? "the last common ancestor of '%s' and '%s' cannot be told in this "
			  "repository"
			: "'%s' and '%s' have no common ancestor in this repository",
		one->name, two->name);
	return shallow ? repo_fail_incomplete(repo, what.p, err)
		       : err_set(err, ERR_NOT_FOUND, "%s", what.p);
}

int
repo_merge_base(struct merge_base *out, struct repo *repo, const struct revision *one,
	const struct revision *two, struct arena *arena, struct err *err)
{
	CLEANUP(free_commit) git_commit *commit = NULL;
	bool shallow = git_repository_is_shallow(repo->git) == 1;
	const struct revision *both[] = {one, two};
	struct common common;
	git_oid ids[2];

	for (size_t i = 0; i < 2; i++)
		if (!both[i]->commit || git_oid_fromstr(&ids[i], both[i]->commit) != 0)
			return err_set(err, ERR_NOT_FOUND, "'%s' is no commit", both[i]->name);
	int rc = (shallow ? find_in_part : find_in_whole)(&common, repo, &ids[0], &ids[1]);
	if (rc != 0 || !common.certain)
		return fail_finding(repo, rc, one, two, err);
	if (git_commit_lookup(&commit, repo->git, &common.id) != 0)
		return repo_fail(
			err, "cannot read the merge base of '%s' and '%s'", one->name, two->name);
	*out = (struct merge_base){
		.revision.name = arena_printf(arena, "%s...%s", one->name, two->name),
		.count = common.count,
	};
	repo_fill_commit(&out->revision, commit, arena);
	return 0;
}

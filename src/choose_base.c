#include "src/choose_base.h"

#include <string.h>

#include "src/ci.h"

/* What is known while a base is looked for. */
struct search {
	struct analysis *analysis;
	const struct side *head;
	struct revision commit; /* the head's, "HEAD" for the working tree */
};

/* A branch that the head is meant for. */
struct target {
	struct revision revision;
	const char *what; /* "the upstream of the branch" */
};

/* Whether what go reads is in the head as it is in its commit. */
static int
is_unchanged(bool *unchanged, const struct search *search, struct err *err)
{
	CLEANUP(line_map_release) struct line_map map = {0};
	const struct revision *head = &search->head->revision;
	bool tests = analysis_has_tests(search->analysis);

	*unchanged = true;
	if (head->worktree &&
		repo_line_map(&map, search->analysis->repo, &search->commit, head, err) != 0)
		return -1;
	for (size_t i = 0; i < map.file_count; i++) {
		const struct file_change *file = &map.files[i];
		if ((file->base_path && repo_is_relevant(file->base_path, tests)) ||
			(file->head_path && repo_is_relevant(file->head_path, tests)))
			*unchanged = false;
	}
	return 0;
}

static int
take_first_parent(struct side *base, struct search *search, const char *why, struct err *err)
{
	struct arena *arena = &search->analysis->arena;

	if (repo_first_parent(
		    &base->revision, search->analysis->repo, &search->commit, arena, err) != 0)
		return -1;
	base->chosen_because =
		base->revision.commit
			? arena_printf(arena, "first parent of %s, %s", search->commit.name, why)
			: arena_printf(arena, "%s is the first commit", search->commit.name);
	return 0;
}

/* *nothing is true where the branch has all of the head: there is nothing to compare. */
static int
take_merge_base(struct side *base, bool *nothing, struct search *search,
	const struct target *target, struct err *err)
{
	struct arena *arena = &search->analysis->arena;
	struct merge_base found;

	if (repo_merge_base(&found, search->analysis->repo, &target->revision, &search->commit,
		    arena, err) != 0)
		return -1;
	base->revision = found.revision;
	base->chosen_because = arena_printf(arena, "merge base of %s with %s, %s",
		search->commit.name, target->revision.name, target->what);
	if (found.count > 1)
		base->chosen_because = arena_printf(
			arena, "%s; the youngest of %zu", base->chosen_because, found.count);
	*nothing = false;
	return strcmp(found.revision.commit, search->commit.commit) == 0
		       ? is_unchanged(nothing, search, err)
		       : 0;
}

static const char *
contained(struct search *search, const struct target *target)
{
	return arena_printf(&search->analysis->arena, "which is in %s, %s, already",
		target->revision.name, target->what);
}

/* --- the change of a CI system */

static bool
is_own_merge(const struct search *search, const struct ci_change *change)
{
	return change->merged && change->commit &&
	       strcmp(change->commit, search->commit.commit) == 0 &&
	       repo_parent_count(search->analysis->repo, &search->commit) == 2;
}

/* The merge base as the system names it, where the branch is not there. */
static bool
take_named(struct side *base, struct search *search, const struct ci_change *change)
{
	struct err ignored;

	if (!change->base ||
		analysis_resolve(&base->revision, search->analysis, change->base, &ignored) != 0)
		return false;
	base->chosen_because = arena_printf(&search->analysis->arena,
		"named by %s, the merge base with the target branch %s", change->base_variable,
		change->branch);
	return true;
}

static int
take_change(
	struct side *base, struct search *search, const struct ci_change *change, struct err *err)
{
	struct analysis *analysis = search->analysis;
	struct target target = {
		.what = arena_printf(
			&analysis->arena, "the target branch that %s names", change->variable),
	};
	bool nothing;

	if (is_own_merge(search, change))
		return take_first_parent(base, search,
			arena_printf(&analysis->arena, "the merge into %s that %s has made",
				change->branch, change->system),
			err);
	if (repo_branch(&target.revision, analysis->repo, change->branch, &analysis->arena, err) !=
		0) {
		if (err->code == ERR_NOT_FOUND && take_named(base, search, change))
			return 0;
		return err_wrap(
			err, "%s names the target branch '%s'", change->variable, change->branch);
	}
	if (take_merge_base(base, &nothing, search, &target, err) != 0)
		return err_wrap(
			err, "%s names the target branch '%s'", change->variable, change->branch);
	return nothing ? take_first_parent(base, search, contained(search, &target), err) : 0;
}

/* --- what git knows */

enum { CANDIDATES = 4 };

/* One of them, the first ones first; false where there is none. */
static bool
find_candidate(struct target *target, struct search *search, int number)
{
	struct analysis *analysis = search->analysis;
	struct arena *arena = &analysis->arena;
	const char *name = search->commit.name, *variable, *branch = ci_default_branch(&variable);
	struct err ignored;

	switch (number) {
	case 0:
		name = arena_printf(arena, "%s@{upstream}", name);
		target->what = arena_printf(arena, "the upstream of %s", search->commit.name);
		if (search->head->revision.worktree)
			return false;
		break;
	case 1:
		name = "@{upstream}";
		target->what = "the upstream of the branch";
		break;
	case 2:
		target->what = arena_printf(arena, "the default branch that %s names", variable);
		return branch &&
		       repo_branch(&target->revision, analysis->repo, branch, arena, &ignored) == 0;
	default:
		name = "origin/HEAD";
		target->what = "origin's default branch";
	}
	return analysis_resolve(&target->revision, analysis, name, &ignored) == 0;
}

/* A branch that has all of the head tells of no change: another one may. */
static int
take_candidate(struct side *base, struct search *search, struct err *err)
{
	const char *contained_why = NULL;

	for (int i = 0; i < CANDIDATES; i++) {
		struct target target = {0};
		bool nothing;
		if (!find_candidate(&target, search, i))
			continue;
		if (take_merge_base(base, &nothing, search, &target, err) != 0)
			return err_wrap(err, "%s", target.what);
		if (!nothing)
			return 0;
		if (!contained_why)
			contained_why = contained(search, &target);
	}
	if (contained_why)
		return take_first_parent(base, search, contained_why, err);
	return err_set(err, ERR_USAGE,
		"nothing to compare with: the branch has no upstream and there is no origin/HEAD; "
		"name a revision with --base REV");
}

/* --- what the user has named */

/* "REV...": its merge base with the head. */
static int
take_given(struct side *base, struct search *search, const char *name, struct err *err)
{
	struct target target = {.what = "given with --base"};
	struct analysis *analysis = search->analysis;
	const char *revision =
		arena_str(&analysis->arena, (struct str){name, strlen(name) - strlen("...")});
	bool nothing;

	if (analysis_resolve(&target.revision, analysis, revision, err) != 0 ||
		take_merge_base(base, &nothing, search, &target, err) != 0)
		return err_wrap(err, "--base");
	return 0;
}

/* The head's commit, by the name that the user knows it by. */
static int
find_commit(struct search *search, struct err *err)
{
	const struct revision *head = &search->head->revision;

	if (!head->commit)
		return err_set(err, ERR_USAGE,
			"nothing to compare with: '%s' is no commit; name a revision with --base "
			"REV",
			head->name);
	if (analysis_resolve(&search->commit, search->analysis, head->commit, err) != 0)
		return -1;
	search->commit.name = head->worktree || head->index ? "HEAD" : head->name;
	return 0;
}

int
choose_base(struct side *base, struct analysis *analysis, const struct side *head, struct err *err)
{
	struct search search = {.analysis = analysis, .head = head};
	const char *given = analysis->options->base;
	struct ci_change change;

	if (given && !str_ends(str_of(given), STR("..."))) {
		base->chosen_because = "given with --base";
		return analysis_resolve(&base->revision, analysis, given, err) == 0
			       ? 0
			       : err_wrap(err, "--base");
	}
	if (!given && !head->revision.commit && (head->revision.worktree || head->revision.index)) {
		base->revision = repo_empty_tree();
		base->chosen_because = "the branch has no commit yet";
		return 0;
	}
	if (find_commit(&search, err) != 0)
		return -1;
	if (given)
		return take_given(base, &search, given, err);
	if (head->revision.index) {
		base->revision = search.commit;
		base->chosen_because = "what the staged changes are made to";
		return 0;
	}
	if (ci_change(&change))
		return take_change(base, &search, &change, err);
	return take_candidate(base, &search, err);
}

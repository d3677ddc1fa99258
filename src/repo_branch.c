#include <git2.h>
#include <stdlib.h>
#include <string.h>

#include "src/repo_internal.h"

static void
free_commit(git_commit **commit)
{
	git_commit_free(*commit);
}

static void
free_object(git_object **object)
{
	git_object_free(*object);
}

static void
free_reference(git_reference **reference)
{
	git_reference_free(*reference);
}

bool
repo_next_parent(git_oid *out, struct str *header)
{
	for (struct str line; str_next(&line, header, '\n');) {
		if (str_starts(line, STR("parent ")))
			return line.n >= 7 + GIT_OID_HEXSZ &&
			       git_oid_fromstrn(out, line.p + 7, GIT_OID_HEXSZ) == 0;
	}
	return false;
}

/* --- branches */

/* Whether the reference is there; then *out is its commit, under the short name. */
static bool
take_reference(struct revision *out, struct repo *repo, const char *full, const char *name,
	struct arena *arena)
{
	CLEANUP(free_reference) git_reference *reference = NULL;
	CLEANUP(free_object) git_object *commit = NULL;

	if (git_reference_lookup(&reference, repo->git, full) != 0 ||
		git_reference_peel(&commit, reference, GIT_OBJECT_COMMIT) != 0)
		return false;
	*out = (struct revision){.name = arena_strdup(arena, name)};
	repo_fill_commit(out, (git_commit *)commit, arena);
	return true;
}

static bool
take_tracking(struct revision *out, struct repo *repo, const char *remote, const char *branch,
	struct arena *arena)
{
	CLEANUP(buf_release) struct buf full = {0};
	static const char remotes[] = "refs/remotes/";

	buf_printf(&full, "%s%s%s%s", remotes, remote, *remote ? "/" : "", branch);
	return take_reference(out, repo, full.p, full.p + sizeof remotes - 1, arena);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Origin first, then by name. `remote` "" stands for the one that the branch's own name begins
 * with.
 */
static bool
find_tracking(struct revision *out, struct repo *repo, const char *branch, struct arena *arena)
{
	git_strarray names = {0};
	bool found = take_tracking(out, repo, "origin", branch, arena);

	if (found || git_remote_list(&names, repo->git) != 0)
		return found;
	if (names.count)
		qsort(names.strings, names.count, sizeof *names.strings, compare_names);
	for (size_t i = 0; i < names.count && !found; i++)
		found = take_tracking(out, repo, names.strings[i], branch, arena);
	for (size_t i = 0; i < names.count && !found; i++) {
		size_t n = strlen(names.strings[i]);
		found = strncmp(branch, names.strings[i], n) == 0 && branch[n] == '/' &&
			take_tracking(out, repo, "", branch, arena);
	}
	git_strarray_dispose(&names);
	return found;
}

int
repo_branch(struct revision *out, struct repo *repo, const char *branch, struct arena *arena,
	struct err *err)
{
	CLEANUP(buf_release) struct buf full = {0};
	bool shallow = git_repository_is_shallow(repo->git) == 1;
	int valid = 0;

	buf_printf(&full, "refs/heads/%s", branch);
	if (git_reference_name_is_valid(&valid, full.p) != 0 || !valid)
		return err_set(err, ERR_FAILED, "'%s' is no name that a branch can have", branch);
	if (find_tracking(out, repo, branch, arena) ||
		take_reference(out, repo, full.p, branch, arena))
		return 0;
	return err_set(err, ERR_NOT_FOUND,
		"this repository has no branch '%s'%s: bring it with 'git fetch %sorigin "
		"+refs/heads/%s:refs/remotes/origin/%s'",
		branch, shallow ? ", and is a shallow clone" : "", shallow ? "--unshallow " : "",
		branch, branch);
}

/* --- parents */

static int
look_up(git_commit **out, const struct repo *repo, const struct revision *revision)
{
	git_oid id;

	if (!revision->commit || git_oid_fromstr(&id, revision->commit) != 0)
		return GIT_ENOTFOUND;
	return git_commit_lookup(out, repo->git, &id);
}

size_t
repo_parent_count(struct repo *repo, const struct revision *revision)
{
	CLEANUP(free_commit) git_commit *commit = NULL;
	size_t count = 0;
	git_oid id;

	if (look_up(&commit, repo, revision) != 0)
		return 0;
	for (struct str header = str_of(git_commit_raw_header(commit));
		repo_next_parent(&id, &header);)
		count++;
	return count;
}

struct revision
repo_empty_tree(void)
{
	return (struct revision){
		.name = "the empty tree",
		.tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
		.subject = "",
	};
}

int
repo_first_parent(struct revision *out, struct repo *repo, const struct revision *revision,
	struct arena *arena, struct err *err)
{
	CLEANUP(free_commit) git_commit *commit = NULL;
	CLEANUP(free_commit) git_commit *parent = NULL;
	git_oid id;

	if (look_up(&commit, repo, revision) != 0)
		return repo_fail(err, "cannot read the commit '%s'", revision->name);
	struct str header = str_of(git_commit_raw_header(commit));
	if (!repo_next_parent(&id, &header)) {
		*out = repo_empty_tree();
		return 0;
	}
	int rc = git_commit_lookup(&parent, repo->git, &id);
	if (rc == GIT_ENOTFOUND && git_repository_is_shallow(repo->git) == 1)
		return err_set(err, ERR_NOT_FOUND,
			"the parent of '%s' is missing in this repository, which is a shallow "
			"clone: "
			"bring it with 'git fetch --deepen=1 origin %s'",
			revision->name, revision->commit);
	if (rc != 0)
		return repo_fail(err, "cannot read the parent of '%s'", revision->name);
	*out = (struct revision){.name = arena_printf(arena, "%s^", revision->name)};
	repo_fill_commit(out, parent, arena);
	return 0;
}

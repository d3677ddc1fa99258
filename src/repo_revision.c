#include "src/repo.h"

#include <ctype.h>
#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "src/repo_internal.h"

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

static void
free_config(git_config **config)
{
	git_config_free(*config);
}

/* A revision's name taken apart: "main@{u}~2" is name "main", at "u" and rest "~2". */
struct spelling {
	struct str name, at, rest;
	bool has_at;
};

static struct spelling
split(const char *text)
{
	size_t n = 0;

	while (text[n] && !strchr("^~:", text[n]) && !(text[n] == '@' && text[n + 1] == '{'))
		n++;
	struct spelling parts = {.name = {text, n}, .rest = str_of(text + n)};
	const char *end = text[n] == '@' ? strchr(text + n, '}') : NULL;
	if (end) {
		parts.has_at = true;
		parts.at = (struct str){text + n + 2, (size_t)(end - text) - n - 2};
		parts.rest = str_of(end + 1);
	}
	return parts;
}

static bool
str_is(struct str s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

/* The abbreviated object name at the end of what git describe prints ("v1.0-3-g12ab34c"); empty
 * where it is none. */
static struct str
described_object(struct str name)
{
	size_t digits = 0, count = 0;

	while (digits < name.n && isxdigit((unsigned char)name.p[name.n - 1 - digits]))
		digits++;
	size_t left = name.n - digits;
	if (digits < 4 || left < 2 || name.p[left - 1] != 'g' || name.p[left - 2] != '-')
		return (struct str){0};
	left -= 2;
	while (count < left && isdigit((unsigned char)name.p[left - 1 - count]))
		count++;
	bool ok = count > 0 && left > count + 1 && name.p[left - count - 1] == '-';
	return ok ? str_from(name, name.n - digits) : (struct str){0};
}

static bool
is_reference(struct repo *repo, struct str name)
{
	CLEANUP(free_reference) git_reference *reference = NULL;
	CLEANUP(buf_release) struct buf text = {0};

	buf_add(&text, name);
	return git_reference_dwim(&reference, repo->git, buf_str(&text).p) == 0;
}

/* HEAD's own log. libgit2 before 1.9 reads that of the branch that HEAD stands on. */
static int
add_from_head_log(struct buf *out, struct repo *repo, struct str position)
{
	git_reflog *log = NULL;
	size_t n = (size_t)str_int(position);
	char hex[GIT_OID_HEXSZ + 1];

	if (git_reflog_read(&log, repo->git, "HEAD") != 0)
		return GIT_ENOTFOUND;
	const git_reflog_entry *entry = git_reflog_entry_byindex(log, n);
	if (entry)
		buf_add(out,
			str_of(git_oid_tostr(hex, sizeof hex, git_reflog_entry_id_new(entry))));
	git_reflog_free(log);
	return entry ? 0 : GIT_ENOTFOUND;
}

static int
add_transformed(struct buf *out, const git_refspec *spec, const char *reference)
{
	git_buf name = {0};
	int rc = git_refspec_transform(&name, spec, reference);

	if (rc == 0)
		buf_add(out, str_of(name.ptr));
	git_buf_dispose(&name);
	return rc;
}

/* Where the remote lets a reference appear: first as a push would name it there, then as a fetch
 * names that here. */
static int
add_pushed(struct buf *out, git_remote *remote, const char *branch)
{
	CLEANUP(buf_release) struct buf there = {0};
	size_t count = git_remote_refspec_count(remote);

	for (size_t i = 0; i < count && there.n == 0; i++) {
		const git_refspec *spec = git_remote_get_refspec(remote, i);
		if (git_refspec_direction(spec) == GIT_DIRECTION_PUSH &&
			git_refspec_src_matches(spec, branch))
			add_transformed(&there, spec, branch);
	}
	if (there.n == 0)
		buf_add(&there, str_of(branch));
	for (size_t i = 0; i < count; i++) {
		const git_refspec *spec = git_remote_get_refspec(remote, i);
		if (git_refspec_direction(spec) == GIT_DIRECTION_FETCH &&
			git_refspec_src_matches(spec, there.p))
			return add_transformed(out, spec, there.p);
	}
	return GIT_ENOTFOUND;
}

/* The remote that git push would use for the branch ("refs/heads/…"). */
static int
push_remote(git_remote **out, struct repo *repo, const char *branch)
{
	CLEANUP(free_config) git_config *config = NULL;
	CLEANUP(buf_release) struct buf own = {0}, upstream = {0};
	const char *name = "origin";

	if (git_repository_config_snapshot(&config, repo->git) != 0)
		return -1;
	const char *shorthand = branch + strlen("refs/heads/");
	buf_printf(&own, "branch.%s.pushRemote", shorthand);
	buf_printf(&upstream, "branch.%s.remote", shorthand);
	if (git_config_get_string(&name, config, own.p) != 0 &&
		git_config_get_string(&name, config, "remote.pushDefault") != 0 &&
		git_config_get_string(&name, config, upstream.p) != 0)
		name = "origin";
	return git_remote_lookup(out, repo->git, name);
}

/* BRANCH@{push}, which libgit2 does not know. */
static int
add_push_target(struct buf *out, struct repo *repo, struct str name)
{
	CLEANUP(free_reference) git_reference *reference = NULL;
	CLEANUP(buf_release) struct buf text = {0};
	git_remote *remote = NULL;

	buf_add(&text, name.n ? name : STR("HEAD"));
	int rc = git_reference_dwim(&reference, repo->git, text.p);
	if (rc != 0)
		return rc;
	const char *branch = git_reference_name(reference);
	if (!git_reference_is_branch(reference))
		return GIT_ENOTFOUND;
	rc = push_remote(&remote, repo, branch);
	if (rc != 0)
		return rc;
	rc = add_pushed(out, remote, branch);
	git_remote_free(remote);
	return rc;
}

/* The name in a form that libgit2 1.5 understands as git does. Gives a libgit2 code. */
static int
expand(struct buf *out, struct repo *repo, const char *text)
{
	struct spelling parts = split(text);

	if (str_eq(parts.name, STR("@")))
		parts.name = STR("HEAD");
	struct str object = described_object(parts.name);
	bool upstream = str_is(parts.at, "u") || str_is(parts.at, "upstream");
	bool head = str_eq(parts.name, STR("HEAD"));
	int rc = 0;
	if (parts.has_at && str_is(parts.at, "push"))
		rc = add_push_target(out, repo, parts.name);
	else if (parts.has_at && head && str_int(parts.at) > 0)
		rc = add_from_head_log(out, repo, parts.at);
	else if (parts.has_at && head && !upstream && str_int(parts.at) < 0)
		rc = GIT_EINVALIDSPEC; /* by date: libgit2 before 1.9 takes the branch's log */
	else if (parts.has_at)
		buf_printf(out, "%.*s@{%.*s}", STR_ARG(parts.name),
			STR_ARG(upstream ? STR("u") : parts.at));
	else if (object.n && !is_reference(repo, parts.name))
		buf_add(out, object);
	else
		buf_add(out, parts.name);
	buf_add(out, parts.rest);
	return rc;
}

int
repo_fail_incomplete(const struct repo *repo, const char *what, struct err *err)
{
	if (git_repository_is_shallow(repo->git) == 1)
		return err_set(err, ERR_NOT_FOUND,
			"%s, which is a shallow clone: bring more of its history with 'git fetch "
			"--deepen=100', or all of it with 'git fetch --unshallow'",
			what);
	return err_set(err, ERR_NOT_FOUND,
		"%s, which is a partial clone: bring what is missing with 'git fetch "
		"--refetch --no-filter'",
		what);
}

static bool
is_incomplete(const struct repo *repo)
{
	return git_repository_is_shallow(repo->git) == 1 || repo_is_partial(repo);
}

static bool
is_null_name(const char *name)
{
	return strlen(name) >= GIT_OID_HEXSZ && name[strspn(name, "0")] == '\0';
}

static bool
is_whole_name(const char *name)
{
	size_t digits = strspn(name, "0123456789abcdefABCDEF");

	return digits == GIT_OID_HEXSZ && name[digits] == '\0';
}

/* A commit by its whole name: somebody had it. */
static int
fail_lost(const struct repo *repo, const char *name, struct err *err)
{
	return err_set(err, ERR_NOT_FOUND,
		"there is no commit %s in this repository%s: bring it with 'git fetch origin %s'; "
		"where "
		"that fails, a forced push has replaced it: name another revision",
		name, git_repository_is_shallow(repo->git) == 1 ? ", which is a shallow clone" : "",
		name);
}

static int
fail_unknown(struct repo *repo, const char *name, struct err *err)
{
	CLEANUP(buf_release) struct buf what = {0}, remote = {0};

	if (is_null_name(name))
		return err_set(err, ERR_NOT_FOUND,
			"'%s' names no revision: it is git's way to say that there is nothing yet, "
			"as before the first push of a branch; name another revision, or none, so "
			"that heapwarden finds one",
			name);
	struct str first = split(name).name;
	bool is_head = str_is(first, "HEAD") || str_is(first, "@");
	if (is_head && git_repository_head_unborn(repo->git) == 1)
		return err_set(err, ERR_NOT_FOUND,
			"there is no revision '%s' in this repository: its branch has no commit "
			"yet",
			name);
	buf_printf(&what, "there is no revision '%s' in this repository", name);
	if (is_whole_name(name))
		return fail_lost(repo, name, err);
	if (is_incomplete(repo))
		return repo_fail_incomplete(repo, what.p, err);
	buf_printf(&remote, "origin/%s", name);
	if (is_reference(repo, buf_str(&remote)))
		return err_set(err, ERR_NOT_FOUND, "%s: there is '%s'", what.p, remote.p);
	return err_set(err, ERR_NOT_FOUND,
		"%s: check it with \"git rev-parse --verify '%s'\", or bring it with 'git fetch'",
		what.p, name);
}

static int
fail_lookup(struct repo *repo, const char *name, int rc, struct err *err)
{
	if (rc == GIT_EAMBIGUOUS)
		return err_set(err, ERR_NOT_FOUND,
			"'%s' is ambiguous: the names of several objects begin so; write more of "
			"it",
			name);
	/* libgit2 calls a path in a tree that a partial clone lacks an invalid name. */
	if (rc == GIT_EINVALIDSPEC && !repo_is_partial(repo))
		return err_set(err, ERR_NOT_FOUND,
			"cannot read '%s' as a revision: name the commit itself, as 'git "
			"rev-parse' prints it",
			name);
	if (rc == GIT_ENOTFOUND || rc == GIT_EUNBORNBRANCH || rc == GIT_EINVALIDSPEC)
		return fail_unknown(repo, name, err);
	return repo_fail(err, "cannot resolve '%s'", name);
}

static int
find_object(git_object **out, struct repo *repo, const char *name, struct err *err)
{
	CLEANUP(buf_release) struct buf plain = {0};

	git_error_clear();
	int rc = expand(&plain, repo, name);
	if (rc == 0)
		rc = git_revparse_single(out, repo->git, buf_str(&plain).p);
	return rc == 0 ? 0 : fail_lookup(repo, name, rc, err);
}

static char *
hex_of(const git_oid *id, struct arena *arena)
{
	char hex[GIT_OID_HEXSZ + 1];

	return arena_strdup(arena, git_oid_tostr(hex, sizeof hex, id));
}

void
repo_fill_commit(struct revision *out, git_commit *commit, struct arena *arena)
{
	const char *summary = git_commit_summary(commit);

	out->commit = hex_of(git_commit_id(commit), arena);
	out->tree = hex_of(git_commit_tree_id(commit), arena);
	out->subject = arena_strdup(arena, summary ? summary : "");
	out->time = git_commit_time(commit);
}

int
repo_resolve(struct revision *out, struct repo *repo, const char *name, struct arena *arena,
	struct err *err)
{
	CLEANUP(free_object) git_object *object = NULL;
	CLEANUP(free_object) git_object *target = NULL;
	struct revision revision = {.name = arena_strdup(arena, name), .subject = ""};

	if (find_object(&object, repo, name, err) != 0)
		return -1;
	if (git_object_peel(&target, object, GIT_OBJECT_COMMIT) == 0) {
		repo_fill_commit(&revision, (git_commit *)target, arena);
		*out = revision;
		return 0;
	}
	int rc = git_object_peel(&target, object, GIT_OBJECT_TREE);
	if (rc == GIT_ENOTFOUND)
		return fail_lookup(repo, name, rc, err);
	if (rc != 0)
		return err_set(err, ERR_NOT_FOUND, "'%s' is a %s: neither a commit nor a tree",
			name, git_object_type2string(git_object_type(object)));
	revision.tree = hex_of(git_object_id(target), arena);
	*out = revision;
	return 0;
}

int
repo_worktree(struct revision *out, struct repo *repo, struct arena *arena, struct err *err)
{
	struct revision revision = {.subject = ""};

	if (!repo->root)
		return err_set(err, ERR_FAILED,
			"the repository is bare and has no working tree: name a revision");
	if (git_repository_head_unborn(repo->git) != 1 &&
		repo_resolve(&revision, repo, "HEAD", arena, err) != 0)
		return -1;
	revision.worktree = true;
	revision.name = "working tree";
	revision.tree = NULL;
	*out = revision;
	return 0;
}

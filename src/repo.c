#include "src/repo.h"

#include <git2.h>
#include <git2/sys/repository.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/file.h"
#include "src/repo_internal.h"

static void
free_repository(git_repository **git)
{
	git_repository_free(*git);
}

static void
free_config(git_config **config)
{
	git_config_free(*config);
}

int
repo_fail(struct err *err, const char *format, ...)
{
	const git_error *last = git_error_last();
	CLEANUP(free_ptr)
	char *reason = strdup(last && last->message ? last->message : "unknown error");
	char context[sizeof err->msg];
	va_list args;

	va_start(args, format);
	vsnprintf(context, sizeof context, format, args);
	va_end(args);
	err_set(err, ERR_FAILED, "%s", reason);
	return err_wrap(err, "%s", context);
}

static int
note_wildcard(const git_config_entry *entry, void *ctx)
{
	bool *found = ctx;

	/* As in git, an empty value takes back what was said before it. */
	*found = strcmp(entry->value, "*") == 0 || (*found && entry->value[0]);
	return 0;
}

/* Whether the user's own git configuration trusts every directory; libgit2 before 1.7 does not know
 * "*". */
static bool
trusts_every_owner(void)
{
	CLEANUP(free_config) git_config *config = NULL;
	bool found = false;

	if (git_config_open_default(&config) != 0)
		return false;
	git_config_get_multivar_foreach(config, "safe.directory", NULL, note_wildcard, &found);
	return found;
}

static int
open_unchecked(git_repository **out, const char *directory)
{
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	int rc = git_repository_open_ext(out, directory, 0, NULL);
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1);
	return rc;
}

static int
fail_foreign(git_repository *git, struct err *err)
{
	const char *workdir = git_repository_workdir(git);
	const char *path = workdir ? workdir : git_repository_path(git);
	int n = (int)strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	return err_set(err, ERR_FAILED,
		"the git repository '%.*s' belongs to another user: if you trust it, run "
		"'git config --global --add safe.directory %.*s'",
		n, path, n, path);
}

static int
fail_open(const char *directory, struct err *err)
{
	repo_fail(err, "cannot open the git repository of '%s'", directory);
	if (strstr(err->msg, "format"))
		err_wrap(err, "this format of repository is not supported (SHA-256 object names?)");
	else if (strstr(err->msg, "unsupported"))
		err_wrap(err, "this format of repository is not supported");
	return -1;
}

static int
open_git(git_repository **out, const char *directory, struct err *err)
{
	CLEANUP(free_repository) git_repository *foreign = NULL;
	int rc = repo_open_named(out, directory);

	if (rc == 0)
		return 0;
	if (rc != GIT_EOWNER && rc != GIT_ENOTFOUND)
		return fail_open(directory, err);
	/* libgit2 1.5 calls a repository of another owner not found where nothing is said of safe
	 * directories. */
	if (open_unchecked(&foreign, directory) != 0)
		return err_set(err, ERR_NOT_FOUND,
			"'%s' is not inside a git repository: run heapwarden in one, or name it "
			"with -C DIR",
			directory);
	if (!trusts_every_owner())
		return fail_foreign(foreign, err);
	*out = foreign;
	foreign = NULL;
	return 0;
}

static int
set_root(struct repo *repo, const char *here, struct err *err)
{
	const char *workdir = git_repository_workdir(repo->git);

	repo->prefix = strdup("");
	if (!workdir)
		return 0;
	repo->root = realpath(workdir, NULL);
	if (!repo->root)
		return err_errno(err, "cannot resolve '%s'", workdir);
	size_t n = strcmp(repo->root, "/") == 0 ? 0 : strlen(repo->root);
	if (strncmp(here, repo->root, n) == 0 && here[n] == '/') {
		free(repo->prefix);
		repo->prefix = strdup(here + n + 1);
	}
	return 0;
}

/*
 * From here on libgit2 takes an empty index for the repository's own. It can then neither write the
 * real one nor stumble over one that it cannot read (sparse and split indexes).
 */
static int
hide_index(git_repository *git, struct err *err)
{
	git_index *empty = NULL;

	if (git_index_new(&empty) != 0)
		return repo_fail(err, "cannot open the git repository");
	int rc = git_repository_set_index(git, empty);
	git_index_free(empty);
	return rc == 0 ? 0 : repo_fail(err, "cannot open the git repository");
}

int
repo_open(struct repo **out, const char *directory, struct err *err)
{
	/* Extensions of the format that make no difference to somebody who only reads. */
	static const char *extensions[] = {"worktreeconfig", "partialclone", "preciousobjects"};
	CLEANUP(free_ptr) char *here = realpath(directory, NULL);

	if (!here)
		return err_errno(err, "cannot open directory '%s'", directory);
	CLEANUP(repo_cleanup) struct repo *repo = calloc(1, sizeof *repo);
	if (!repo)
		abort();
	git_libgit2_init();
	/* As git does: packs have checksums of their own (an export takes 0.6 s instead of 0.85 s).
	 */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	git_libgit2_opts(
		GIT_OPT_SET_EXTENSIONS, extensions, sizeof extensions / sizeof *extensions);
	if (open_git(&repo->git, directory, err) != 0 || hide_index(repo->git, err) != 0 ||
		set_root(repo, here, err) != 0 || repo_take_environment(repo, err) != 0)
		return -1;
	*out = repo;
	repo = NULL;
	return 0;
}

void
repo_close(struct repo *repo)
{
	if (!repo)
		return;
	git_repository_free(repo->git);
	git_libgit2_shutdown();
	free(repo->root);
	free(repo->prefix);
	free(repo->index_file);
	free(repo);
}

void
repo_cleanup(struct repo **repo)
{
	repo_close(*repo);
}

const char *
repo_root(const struct repo *repo)
{
	return repo->root;
}

const char *
repo_title(const struct repo *repo)
{
	const char *root = repo_root(repo);
	const char *slash = root ? strrchr(root, '/') : NULL;

	return slash ? slash + 1 : "repository";
}

const char *
repo_prefix(const struct repo *repo)
{
	return repo->prefix;
}

const char *
repo_common_directory(const struct repo *repo)
{
	return git_repository_commondir(repo->git);
}

/* remote.<name>.promisor = true. Not by git_config_foreach_match(): up to libgit2 1.5 it leaks for
 * each entry that does not match. */
static int
note_promisor(const git_config_entry *entry, void *ctx)
{
	bool *found = ctx;
	int promises = 0;
	struct str name = str_of(entry->name);

	if (str_starts(name, STR("remote.")) && str_ends(name, STR(".promisor")) &&
		git_config_parse_bool(&promises, entry->value) == 0 && promises)
		*found = true;
	return 0;
}

bool
repo_is_partial(const struct repo *repo)
{
	CLEANUP(free_config) git_config *config = NULL;
	bool found = false;

	if (git_repository_config_snapshot(&config, repo->git) == 0)
		git_config_foreach(config, note_promisor, &found);
	return found;
}

const char *
repo_hooks_directory(const struct repo *repo, struct arena *arena)
{
	CLEANUP(free_config) git_config *config = NULL;
	git_buf named = {0};

	if (git_repository_config_snapshot(&config, repo->git) != 0 ||
		git_config_get_path(&named, config, "core.hooksPath") != 0)
		return arena_printf(arena, "%shooks", repo_common_directory(repo));
	CLEANUP(free_ptr) char *path = path_join(repo->root ? repo->root : "", named.ptr);
	git_buf_dispose(&named);
	return arena_strdup(arena, path);
}

enum repo_operation
repo_operation(const struct repo *repo)
{
	switch (git_repository_state(repo->git)) {
	case GIT_REPOSITORY_STATE_MERGE:
		return REPO_MERGE;
	case GIT_REPOSITORY_STATE_REBASE:
	case GIT_REPOSITORY_STATE_REBASE_INTERACTIVE:
	case GIT_REPOSITORY_STATE_REBASE_MERGE:
	case GIT_REPOSITORY_STATE_APPLY_MAILBOX:
	case GIT_REPOSITORY_STATE_APPLY_MAILBOX_OR_REBASE:
		return REPO_REBASE;
	case GIT_REPOSITORY_STATE_CHERRYPICK:
	case GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE:
	case GIT_REPOSITORY_STATE_REVERT:
	case GIT_REPOSITORY_STATE_REVERT_SEQUENCE:
		return REPO_PICK;
	default:
		return REPO_NO_OPERATION;
	}
}

void
repo_library(struct buf *version)
{
	int major, minor, revision;

	git_libgit2_version(&major, &minor, &revision);
	buf_printf(version, "%d.%d.%d", major, minor, revision);
}

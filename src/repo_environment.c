/* What git tells its hooks: which repository, index and objects they are to work with. */
#include <git2.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/file.h"
#include "src/repo_internal.h"

static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static void
free_repository(git_repository **git)
{
	git_repository_free(*git);
}

/* GIT_DIR is git's word for "this one, wherever you are"; -C is the user's for another one. */
int
repo_open_named(git_repository **out, const char *directory)
{
	CLEANUP(free_repository) git_repository *git = NULL;
	const char *named = variable("GIT_DIR"), *work_tree = variable("GIT_WORK_TREE");

	if (!named || strcmp(directory, ".") != 0)
		return git_repository_open_ext(out, directory, 0, NULL);
	int rc = git_repository_open_ext(&git, named, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);
	if (rc == 0 && work_tree)
		rc = git_repository_set_workdir(git, work_tree, 0);
	if (rc != 0)
		return rc;
	*out = git;
	git = NULL;
	return 0;
}

/* Whether the repository is the one that git's variables speak of. */
static bool
is_meant(git_repository *git)
{
	const char *named = variable("GIT_DIR");
	git_buf found = {0};

	if (!named && git_repository_discover(&found, ".", 0, NULL) != 0)
		return false;
	CLEANUP(free_ptr) char *meant = realpath(named ? named : found.ptr, NULL);
	CLEANUP(free_ptr) char *is = realpath(git_repository_path(git), NULL);
	git_buf_dispose(&found);
	return meant && is && strcmp(meant, is) == 0;
}

/* Relative ones are from where git started the hook: the root of the working tree. */
static char *
index_file(git_repository *git, bool meant)
{
	const char *named = meant ? variable("GIT_INDEX_FILE") : NULL;
	const char *root = git_repository_workdir(git);

	if (!named)
		return path_join(git_repository_path(git), "index");
	return root ? path_join(root, named) : strdup(named);
}

/* While a push is looked at, its objects are in quarantine: in a directory of their own. */
static int
add_objects(git_odb *odb)
{
	struct str rest = str_of(getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES")), directory;
	const char *own = variable("GIT_OBJECT_DIRECTORY");

	if (own && path_exists(own) && git_odb_add_disk_alternate(odb, own) != 0)
		return -1;
	while (str_next(&directory, &rest, ':')) {
		CLEANUP(buf_release) struct buf path = {0};
		buf_add(&path, directory);
		if (path.n && path_exists(path.p) && git_odb_add_disk_alternate(odb, path.p) != 0)
			return -1;
	}
	return 0;
}

int
repo_take_environment(struct repo *repo, struct err *err)
{
	bool meant = is_meant(repo->git);
	git_odb *odb = NULL;

	repo->index_file = index_file(repo->git, meant);
	if (!meant)
		return 0;
	if (git_repository_odb(&odb, repo->git) != 0)
		return repo_fail(err, "cannot open the object database");
	int rc = add_objects(odb);
	git_odb_free(odb);
	return rc == 0 ? 0 : repo_fail(err, "cannot open the objects that git's environment names");
}

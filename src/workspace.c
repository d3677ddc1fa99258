#include "src/workspace.h"

#include <stdlib.h>

#include "src/base/file.h"

/* The XDG base directory specification: a relative XDG_CACHE_HOME is ignored. */
static int
cache_home(char **path, struct err *err)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache && cache[0] == '/') {
		*path = path_join(cache, "heapwarden");
		return 0;
	}
	if (home && home[0] == '/') {
		*path = path_join(home, ".cache/heapwarden");
		return 0;
	}
	return err_set(err, ERR_FAILED,
		"no place for temporary trees: neither HOME nor XDG_CACHE_HOME is an absolute "
		"path; set one of them");
}

int
workspace_open(struct workspace *workspace, struct err *err)
{
	CLEANUP(free_ptr) char *parent = NULL;

	if (cache_home(&parent, err) != 0)
		return -1;
	return dir_make_temporary(&workspace->path, parent, "run-", err);
}

int
workspace_directory(
	char **path, const struct workspace *workspace, const char *name, struct err *err)
{
	CLEANUP(free_ptr) char *joined = path_join(workspace->path, name);

	if (dir_make(joined, err) != 0)
		return -1;
	*path = joined;
	joined = NULL;
	return 0;
}

void
workspace_close(struct workspace *workspace)
{
	if (workspace->path)
		dir_remove(workspace->path);
	free(workspace->path);
	workspace->path = NULL;
}

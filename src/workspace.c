#include "src/workspace.h"

#include <assert.h>
#include <stdlib.h>

#include "src/base/cache.h"
#include "src/base/file.h"

int
workspace_open(struct workspace *workspace, struct err *err)
{
	CLEANUP(free_ptr) char *parent = NULL;

	if (cache_directory(&parent, "runs", err) != 0)
		return -1;
	return dir_make_temporary(&workspace->temporary, parent, "", err);
}

int
workspace_tree(const char **directory, struct workspace *workspace, struct repo *repo,
	const struct revision *revision, struct err *err)
{
	assert(workspace->slot_count < WORKSPACE_SLOTS);
	struct slot *slot = &workspace->slots[workspace->slot_count];

	if (slot_open(slot, repo, revision, err) != 0)
		return -1;
	workspace->slot_count++;
	*directory = slot->directory;
	return 0;
}

void
workspace_close(struct workspace *workspace)
{
	for (size_t i = 0; i < workspace->slot_count; i++)
		slot_close(&workspace->slots[i]);
	if (workspace->temporary)
		dir_remove(workspace->temporary);
	free(workspace->temporary);
	*workspace = (struct workspace){0};
}

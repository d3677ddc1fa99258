/* The private directories of one run: slots with exported trees, and a place for go's temporary
 * files. */
#pragma once

#include "src/slot.h"

#define WORKSPACE_SLOTS 2

struct workspace {
	char *temporary; /* absolute; removed at the end */
	struct slot slots[WORKSPACE_SLOTS];
	size_t slot_count;
};

/* Create the temporary directory below the user's cache directory. */
MUST_CHECK int workspace_open(struct workspace *workspace, struct err *err);

/* Have the revision's tree in a slot; *directory is borrowed from the workspace. */
MUST_CHECK int workspace_tree(const char **directory, struct workspace *workspace,
	struct repo *repo, const struct revision *revision, struct err *err);

/* Remove what is temporary and leave the slots to the next run. */
void workspace_close(struct workspace *workspace);

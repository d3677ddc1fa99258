/* What go reads of a revision (repo_relevant()), found out when it is asked for first. */
#pragma once

#include "src/repo.h"

/* {.revision = …} at the beginning. */
struct inputs {
	const struct revision *revision;
	struct buf files; /* as repo_relevant() writes them */
	bool is_read;
	bool known; /* that it is all */
};

/* Read them, unless that was done. */
MUST_CHECK int inputs_read(struct inputs *inputs, struct repo *repo, struct err *err);

void inputs_release(struct inputs *inputs);

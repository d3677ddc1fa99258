/* The model, part 4: one state of a repository. Plain data, filled by repo. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* One state of the repository. Its strings are in the arena given to the function that made it. */
struct revision {
	bool worktree; /* the files as they are in the working tree; commit is then HEAD, or NULL on
			  an unborn branch */
	bool index;    /* what is staged; commit is as for the working tree */
	const char *name;    /* as the user wrote it; "working tree", "index" */
	const char *commit;  /* 40 (64) hex digits, or NULL where the name is a tree */
	const char *tree;    /* 40 hex digits; NULL for the working tree */
	const char *subject; /* first line of the commit's message; "" where there is none */
	int64_t time;        /* committer's time, seconds UTC; 0 where there is no commit */
};

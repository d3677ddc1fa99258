/* What makes a comparison fail. */
#pragma once

#include "src/comparison.h"

/*
 * Give the verdict: none when something could not be analysed or read, fail when there are new
 * findings that count, else pass; with one plain sentence for each reason that it is not a pass.
 */
void policy_judge(struct comparison *comparison);

/* The exit status that the verdict stands for: 0 pass, 1 fail, 2 none. */
int policy_exit_status(enum verdict_status status);

/* What a check compares with. */
#pragma once

#include "src/analysis.h"
#include "src/comparison.h"

/*
 * Fill *base: what --base names ("REV..." is the merge base with REV), else HEAD for the index,
 * else the merge base of the head with the first of these that there is: the target branch that the
 * CI system names, the upstream of the branch, the default branch. A merge that the CI system has
 * made itself, a head that the branch has already, and the first commit are compared with their
 * first parents. Fails with ERR_NOT_FOUND where a shallow or partial clone lacks what is needed,
 * and says which command brings it.
 */
MUST_CHECK int choose_base(
	struct side *base, struct analysis *analysis, const struct side *head, struct err *err);

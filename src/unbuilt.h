/* Packages that one of the sides says nothing about. */
#pragma once

#include "src/comparison.h"
#include "src/renames.h"

/* Fill in comparison->not_analysed (sorted), with how many escapes the other side has in each, and
 * their sum in the summary. From then on comparison_judges() knows them. */
void unbuilt_find(struct comparison *comparison, const struct renames *renames);

/* Calls that are no longer inlined: the compiler prints no new escape for what they allocate. */
#pragma once

#include "src/linemap.h"
#include "src/renames.h"
#include "src/site.h"

/*
 * Add a finding of the kind lost-inlining for each function that could be inlined in the base and
 * cannot in the head, with those of its calls whose copies of its allocations had stayed on the
 * stack: each of them allocates now. A call is on a line that is the same, or, where that was
 * changed, is found again by its text. Allocations that are new themselves are not counted again.
 * The same for each function that a caller inlined in the base, and does not in the head because
 * the caller is big. Needs sites that are paired.
 */
void inlining_find_lost(struct comparison *comparison, const struct sites *base,
	const struct sites *head, const struct line_map *map, const struct renames *renames);

/*
 * Add a warning for each function whose cost has come within INLINING_HEADROOM of the budget, and
 * whose calls would allocate if it were not inlined any more.
 */
#define INLINING_HEADROOM 3
void inlining_warn(
	struct comparison *comparison, const struct sites *base, const struct sites *head);

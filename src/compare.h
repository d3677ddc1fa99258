/* Two snapshots to findings: what is new, fixed, moved, unchanged. */
#pragma once

#include "src/comparison.h"
#include "src/linemap.h"

/*
 * Compare comparison->base_snapshot with comparison->head_snapshot, both sorted, and fill in
 * findings (sorted), not_analysed and summary. One to one, each site consumed once, counted: same
 * mapped line, then same function, renamed or not, then same function with identifiers renamed,
 * then moved text; what is left is new or fixed. Sites of packages that the other side could not
 * build are not judged. Of files that differ, texts are read from comparison->source where they are
 * needed.
 */
void compare_snapshots(struct comparison *comparison, const struct line_map *map);

/* Two snapshots to findings: what is new, fixed, moved, unchanged. */
#pragma once

#include "src/comparison.h"
#include "src/linemap.h"

/*
 * Compare comparison->base_snapshot with comparison->head_snapshot, both sorted, and fill in
 * findings (sorted), not_analysed and summary. One to one, each site consumed once, counted: same
 * mapped line, then same function, then same function with identifiers renamed; what is left is new
 * or fixed. Sites of packages that the other side could not build are not judged.
 */
void compare_snapshots(struct comparison *comparison, const struct line_map *map);

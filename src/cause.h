/* Which change made a new finding. */
#pragma once

#include "src/comparison.h"
#include "src/linemap.h"

/* Set the cause of each new finding: its own line was changed, or a line that its flow passes; else
 * unknown, said so. */
void cause_assign(struct comparison *comparison, const struct line_map *map);

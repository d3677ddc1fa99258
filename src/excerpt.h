/* The lines of source around findings. */
#pragma once

#include "src/comparison.h"
#include "src/linemap.h"

/* Give each new and each fixed finding its source lines. A file that cannot be read leaves them
 * out. */
void excerpt_load(struct comparison *comparison, const struct line_map *map);

/* Exceptions: new findings that a comment in the source, or the baseline, accepts; and the
 * contracts of comments. */
#pragma once

#include "src/baseline.h"
#include "src/linemap.h"

/*
 * Make the findings that are accepted so, and note the contracts that the head does not keep. What
 * is written without a reason, has expired, or excepts nothing, is warned of. `baseline` may be
 * NULL; `day` is the one to compare with ("2027-01-31").
 *
 * Comments are looked for in files that differ from the base, in those with new findings and in
 * those with calls that are no longer inlined: what is in others cannot have come to matter. An
 * exception excepts something as long as the head allocates there, in the base or not. To be called
 * when findings are known and before anything is made of their number.
 */
void accept_apply(struct comparison *comparison, const struct line_map *map,
	struct baseline *baseline, const char *day);

/* Mark the entries that except nothing, because the head has no such allocation in a package all of
 * whose findings are known, and count them. */
size_t accept_find_stale(const struct comparison *comparison, struct baseline *baseline);

/* Copies by inlining that have no partner: whose they are. */
#pragma once

#include "src/linemap.h"
#include "src/site.h"

/*
 * Decide on the copies of `these` that have no partner, once all others are paired. A copy belongs
 * to its origin when that has none either. When the call was there on the other side without being
 * inlined, and the callee allocated, it is the same allocation seen at another place.
 */
void copies_settle(
	struct sites *these, const struct sites *others, bool to_base, const struct line_map *map);

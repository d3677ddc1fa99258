/* Which site of the base is which of the head: one to one, counted, the surest way first. */
#pragma once

#include "src/linemap.h"
#include "src/renames.h"
#include "src/site.h"
#include "src/source.h"

/* Give each site its identity: what it is, and which of those that are the same, by number. */
void pairing_identify(struct sites *sites);

/* What tells which place of the base is which of the head. */
struct evidence {
	const struct line_map *map;
	const struct renames *renames;
	struct source *source; /* NULL: no text is known */
};

/*
 * Set `partner` of what belongs together, first by the line map, then by function and expression,
 * then where only identifiers differ, then where the text of the line is the same. A copy by
 * inlining that finds no partner gets `origin` when the callee's own escape has none either; it
 * counts as paired when its call was on the other side, not inlined, and the callee allocated
 * there: the same allocation, printed at another place. What has neither afterwards is on one side
 * only. Texts that are made are in the arena.
 */
void pairing_by_line(struct sites *base, struct sites *head, const struct evidence *evidence,
	struct arena *arena);

/* The same for code without lines in the repository: by function alone. */
void pairing_by_function(
	struct sites *base, struct sites *head, const struct renames *renames, struct arena *arena);

/* The shortcut for what is equal: a package of which the compiler says the same on both sides, and
 * none of whose files was changed, has nothing new. Its text need not be loaded, read or compared.
 */
#pragma once

#include "src/comparison.h"
#include "src/linemap.h"
#include "src/recording.h"

struct shortcut {
	struct arena arena;
	struct intern packages; /* that are left out of the comparison */
};

/*
 * Find them, and mark their units in both recordings. A package that one which differs mentions, or
 * that mentions one, is not among them: what a function is, is told where it is declared, and who
 * calls it where it is called. Nothing is found where a recording was not counted, or has lines
 * that are not understood; the head's sites alone may be unknown. Release *out in any case.
 */
void shortcut_find(struct shortcut *out, struct recording *base, struct recording *head,
	const struct line_map *map);

/* Nothing is left out, and what was marked is to be read. */
void shortcut_give_up(struct shortcut *shortcut, struct recording *base, struct recording *head);

/* Leave them out of the comparison, and count the head's sites where they are not counted: what is
 * equal has as many as in the base. To be called when both sides are read; the comparison borrows
 * from all of these. */
void shortcut_take(const struct shortcut *shortcut, struct comparison *comparison,
	const struct recording *base, struct recording *head);

void shortcut_release(struct shortcut *shortcut);

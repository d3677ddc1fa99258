/* Exported trees that outlive a run: a slot is moved from one tree to the next by what differs,
 * which is far less than a whole export. They are below $XDG_CACHE_HOME/heapwarden/slots; deleting
 * them loses time, never data. */
#pragma once

#include "src/repo.h"

struct slot {
	char *directory; /* where the tree is, absolute; NULL when the slot is not open */
	int lock;        /* held as long as it is open */
};

/*
 * Take a slot of the repository that no other run uses, at best one that holds the tree already,
 * and make it hold the revision's tree. A slot that a run was killed in, or that somebody else has
 * written to, is exported anew. Slots of any repository that were not used for 30 days are removed.
 */
MUST_CHECK int slot_open(
	struct slot *slot, struct repo *repo, const struct revision *revision, struct err *err);

/* Leave it to the next run. */
void slot_close(struct slot *slot);

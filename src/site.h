/* Allocation sites: the escapes of a snapshot, each place once, as a comparison looks at them. */
#pragma once

#include <stdint.h>

#include "src/comparison.h"

struct site {
	const struct escape *escape;
	/* The next three of a base in the terms of the head, as soon as renames are known. */
	const char *directory; /* of its file: the package that the place belongs to, whichever unit
				  printed it */
	const char *function;  /* that holds it */
	const char *expression; /* plain, as expression.h says */
	struct position here; /* in the terms of the head: where it is, or, for the base, where its
				 line has gone */
	bool mapped;          /* `here` is known */
	bool copy; /* at a position where a call was inlined: may belong to an escape of the callee
		    */
	uint64_t identity;         /* fingerprint's hash */
	uint64_t text, text_shape; /* of its line, where that was changed and is needed; else 0 */
	struct str line;      /* that line without its indentation, as long as the source lives */
	struct site *partner; /* its counterpart on the other side */
	const struct site *origin; /* the escape of the callee that this is a copy of */
	size_t order;
};

/* Which of a snapshot's escapes. */
enum sites_of {
	SITES_OWN,        /* in the repository's own files */
	SITES_OUTSIDE,    /* all others */
	SITES_NOT_JUDGED, /* in the repository's own files, of packages that are not judged: what
			     they printed is left out of the others */
};

struct sites {
	struct site *sites; /* by position */
	size_t count, capacity;
	const struct snapshot *snapshot;
};

/*
 * Collect the sites of a snapshot. Repeated prints of one place (generic shapes, PGO and test
 * variants, closures compiled twice) make one; where equal lines do mean several allocations (no
 * column printed, a sum that is also put into an interface, copies by inlining) they stay several.
 * Strings in the arena; release with sites_release().
 */
void sites_collect(struct sites *out, const struct comparison *comparison,
	const struct snapshot *snapshot, enum sites_of which, struct arena *arena);

void sites_release(struct sites *sites);

/* Whether a call of the function (normalised, perhaps behind its package's name) was inlined at the
 * position. */
bool sites_call_inlined(const struct snapshot *snapshot, struct position at, const char *function);

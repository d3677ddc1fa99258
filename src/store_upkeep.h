/* The upkeep of a store: what is in it, whether it is whole, what may go, and copies of it. */
#pragma once

#include <stdint.h>

#include "src/store.h"

/* Counts and bytes; times are seconds UTC. */
struct store_summary {
	int64_t file_bytes; /* of the database, without what was never given back */
	int64_t snapshots, units;
	int64_t packed_bytes, text_bytes; /* of the units, as they are kept and as they were */
};

struct stored_snapshot {
	const char *key, *go, *target;
	int64_t made, used, units;
};

MUST_CHECK int store_summarise(struct store_summary *out, struct store *store, struct err *err);

/* Hand over each snapshot, the one that was used last first; valid until the function returns. */
MUST_CHECK int store_list(struct store *store,
	void (*take)(const struct stored_snapshot *snapshot, void *ctx), void *ctx,
	struct err *err);

/* Look at every byte: SQLite's own structure, references, digests, texts. Appends a line for each
 * thing that is wrong; none says that the store is whole. */
MUST_CHECK int store_verify(struct buf *wrong, struct store *store, struct err *err);

/* Which snapshots go; all of what is given. */
struct prune {
	int64_t unused_since; /* those not used since, seconds UTC; 0: none for that reason */
	int64_t max_bytes;    /* then those used longest ago, until the file is no larger; -1 */
	/* Those of which no tree is among these (hex digits); NULL: none for that reason. */
	const struct intern *reachable;
};

/* What went. */
struct pruned {
	int64_t snapshots, units, bytes; /* by how much the file became smaller */
};

/* Take snapshots out, the units that no other one has printed, and give the room back. */
MUST_CHECK int store_prune(
	struct pruned *out, struct store *store, const struct prune *what, struct err *err);

/* Write all of it into a new file, which is a store as well. */
MUST_CHECK int store_export(struct store *store, const char *path, struct err *err);

/* What came. */
struct imported {
	int64_t snapshots, units;
};

/*
 * Take in the snapshots of another store's file that are not there yet, or on failure nothing. That
 * file is verified first. Fails where it is damaged, of a newer heapwarden, or no store.
 */
MUST_CHECK int store_import(
	struct imported *out, struct store *store, const char *path, struct err *err);

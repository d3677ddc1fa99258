/* What the files of the store share with each other: SQLite with our errors. */
#pragma once

#include <stdint.h>

#include "src/store.h"

struct sqlite3;
struct sqlite3_stmt;

struct store {
	struct sqlite3 *db;
	char *path;
	const char *reader;
	bool read_only;
	bool is_kept; /* where it is, even when it is damaged */
	bool damaged; /* found out on the way */
};

/* Fill *err with what could not be done ("use") and SQLite's words. Returns -1. */
int store_fail(struct store *store, struct err *err, const char *what);

/* Statements without results. */
MUST_CHECK int store_run(struct store *store, const char *sql, struct err *err);

MUST_CHECK int store_prepare(
	struct sqlite3_stmt **out, struct store *store, const char *sql, struct err *err);
void store_finalize(struct sqlite3_stmt **statement); /* for CLEANUP() */

/* The text must live until the statement has run; NULL is NULL. */
void store_bind(struct sqlite3_stmt *statement, int at, const char *text);

/* One step: *row tells whether there is a row. */
MUST_CHECK int store_step(
	bool *row, struct store *store, struct sqlite3_stmt *statement, struct err *err);

/* Run it and make it ready to be run again. */
MUST_CHECK int store_do(struct store *store, struct sqlite3_stmt *statement, struct err *err);

/* The first number that a query gives; 0 where it gives none. */
MUST_CHECK int store_number(int64_t *out, struct store *store, const char *sql, struct err *err);

/* A transaction that writes; its end, which keeps everything when `result` is 0, else nothing, and
 * gives -1 then. */
MUST_CHECK int store_begin(struct store *store, struct err *err);
MUST_CHECK int store_end(struct store *store, int result, struct err *err);

/* Read the snapshot with that key as store_find() does, and throw it away. */
MUST_CHECK int store_check_snapshot(struct store *store, const char *key, struct err *err);

/* A recording on its way out of the store, or into it. */
struct transfer {
	struct store *store;
	struct recording *recording;
	int64_t snapshot;
	const char *reader; /* who counted the snapshot's sites */
	const char *digest; /* of the snapshot, as it was written */
	bool damaged;       /* a unit's digest is another */
	struct err *err;
};

/* Read the snapshot with that key, its digest not checked; `snapshot` is 0 where there is none.
 * *used is when it was used last, seconds UTC. */
MUST_CHECK int store_read(struct transfer *transfer, const char *key, int64_t *used);

/* Of what is known of a unit and is not told by its text's name. */
struct content_id store_unit_digest(const struct recorded_unit *unit, const char *reader);

/* Of all that a snapshot holds, in the order that it is read in: SQLite does not notice when bytes
 * of its file have changed. */
struct content_id store_snapshot_digest(const struct transfer *transfer, const char *key);

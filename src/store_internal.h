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

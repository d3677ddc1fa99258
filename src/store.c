#include "src/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "src/base/cleanup.h"
#include "src/base/file.h"
#include "src/store_internal.h"

/* "HWdn": how file(1) and we tell a store from any other database. */
#define APPLICATION_ID 0x4857646e
#define VERSION 2

/* How long to wait for another process that writes. */
#define PATIENCE_MS 10000

/* Which packages import which: package_list.imports, by its hash, as one frame of zstd. */
#define ADDED_IN_2                                                                                 \
	"CREATE TABLE imports("                                                                    \
	" content TEXT PRIMARY KEY, text BLOB NOT NULL, size INTEGER NOT NULL);"                   \
	"ALTER TABLE snapshot ADD COLUMN imports TEXT;"

/* What brings a store of that version to the next. */
static const char *const added_after[VERSION] = {[1] = ADDED_IN_2};

static const char schema[] =
	"CREATE TABLE unit("
	" id INTEGER PRIMARY KEY,"
	" content TEXT NOT NULL UNIQUE," /* hash of the text */
	" text BLOB NOT NULL,"           /* one frame of zstd */
	" size INTEGER NOT NULL,"        /* of the text */
	" reader TEXT NOT NULL,"         /* who found the next three */
	" mentions TEXT NOT NULL, escapes INTEGER NOT NULL, summary_lines INTEGER NOT NULL,"
	" digest TEXT NOT NULL);" /* of the four above */
	"CREATE TABLE snapshot("
	" id INTEGER PRIMARY KEY,"
	" key TEXT NOT NULL UNIQUE,"
	" decided TEXT NOT NULL,"
	" go TEXT NOT NULL, target TEXT NOT NULL,"
	" made INTEGER NOT NULL, used INTEGER NOT NULL," /* seconds UTC */
	" reader TEXT NOT NULL,"                         /* who counted the next two */
	" sites INTEGER NOT NULL, not_understood INTEGER NOT NULL,"
	" digest TEXT NOT NULL);" /* of all that is read of it */
	"CREATE TABLE printed("
	" snapshot INTEGER NOT NULL REFERENCES snapshot ON DELETE CASCADE,"
	" package TEXT NOT NULL,"
	" unit INTEGER NOT NULL REFERENCES unit,"
	" PRIMARY KEY(snapshot, package)) WITHOUT ROWID;"
	"CREATE INDEX printed_unit ON printed(unit);"
	"CREATE TABLE package("
	" snapshot INTEGER NOT NULL REFERENCES snapshot ON DELETE CASCADE,"
	" path TEXT NOT NULL, directory TEXT, name TEXT, absent INTEGER NOT NULL, error TEXT,"
	" PRIMARY KEY(snapshot, path)) WITHOUT ROWID;"
	"CREATE TABLE module("
	" snapshot INTEGER NOT NULL REFERENCES snapshot ON DELETE CASCADE,"
	" replaced INTEGER NOT NULL, path TEXT NOT NULL, relative TEXT,"
	" PRIMARY KEY(snapshot, replaced, path)) WITHOUT ROWID;"
	"CREATE TABLE file("
	" snapshot INTEGER NOT NULL REFERENCES snapshot ON DELETE CASCADE,"
	" kind TEXT NOT NULL," /* source, odd, embedded */
	" package TEXT NOT NULL, name TEXT NOT NULL,"
	" PRIMARY KEY(snapshot, kind, package, name)) WITHOUT ROWID;"
	/* Which git trees a snapshot was made of, or would be. */
	"CREATE TABLE tree("
	" tree TEXT NOT NULL, snapshot INTEGER NOT NULL REFERENCES snapshot ON DELETE CASCADE,"
	" PRIMARY KEY(tree, snapshot)) WITHOUT ROWID;"
	"CREATE INDEX tree_snapshot ON tree(snapshot);"
	"CREATE TABLE relevant("
	" tree TEXT NOT NULL, reader TEXT NOT NULL, content TEXT NOT NULL,"
	" PRIMARY KEY(tree, reader)) WITHOUT ROWID;" ADDED_IN_2;

int
store_fail(struct store *store, struct err *err, const char *what)
{
	int code = sqlite3_errcode(store->db) & 0xff;

	bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;

	store->damaged = store->damaged || damaged;
	return err_set(err, damaged ? ERR_DAMAGED : ERR_FAILED, "cannot %s the store '%s': %s",
		what, store->path, sqlite3_errmsg(store->db));
}

int
store_run(struct store *store, const char *sql, struct err *err)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_fail(store, err, "use");
	return 0;
}

int
store_prepare(sqlite3_stmt **out, struct store *store, const char *sql, struct err *err)
{
	if (sqlite3_prepare_v2(store->db, sql, -1, out, NULL) != SQLITE_OK)
		return store_fail(store, err, "use");
	return 0;
}

void
store_finalize(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
}

void
store_bind(sqlite3_stmt *statement, int at, const char *text)
{
	sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

int
store_step(bool *row, struct store *store, sqlite3_stmt *statement, struct err *err)
{
	int code = sqlite3_step(statement);

	*row = code == SQLITE_ROW;
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return store_fail(store, err, "use");
	return 0;
}

int
store_do(struct store *store, sqlite3_stmt *statement, struct err *err)
{
	bool row;
	int result = store_step(&row, store, statement, err);

	sqlite3_reset(statement);
	return result;
}

/* A number that a pragma or a count gives. */
int
store_number(int64_t *out, struct store *store, const char *sql, struct err *err)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	bool row;

	if (store_prepare(&statement, store, sql, err) != 0 ||
		store_step(&row, store, statement, err) != 0)
		return -1;
	*out = row ? sqlite3_column_int64(statement, 0) : 0;
	return 0;
}

int
store_begin(struct store *store, struct err *err)
{
	return store_run(store, "BEGIN IMMEDIATE", err);
}

int
store_end(struct store *store, int result, struct err *err)
{
	if (result == 0 && store_run(store, "COMMIT", err) == 0)
		return 0;
	sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return -1;
}

/* Of a new file, or of an older heapwarden's. */
static int
make_schema(struct store *store, struct err *err)
{
	int64_t version;
	char marks[80];

	if (store_begin(store, err) != 0)
		return -1;
	/* Another process may have been faster. */
	int result = store_number(&version, store, "PRAGMA user_version", err);
	if (result == 0 && version == 0)
		result = store_run(store, schema, err);
	for (int64_t from = version; result == 0 && from > 0 && from < VERSION; from++)
		result = store_run(store, added_after[from], err);
	snprintf(marks, sizeof marks, "PRAGMA application_id=%d; PRAGMA user_version=%d",
		APPLICATION_ID, VERSION);
	if (result == 0 && version < VERSION)
		result = store_run(store, marks, err);
	return store_end(store, result, err);
}

/* Is it ours, and of a version that we know? An empty file is a new store. */
static int
check_version(struct store *store, struct err *err)
{
	int64_t id, version, tables;

	if (store_number(&version, store, "PRAGMA user_version", err) != 0 ||
		store_number(&id, store, "PRAGMA application_id", err) != 0 ||
		store_number(&tables, store, "SELECT count(*) FROM sqlite_master", err) != 0)
		return -1;
	if (id == APPLICATION_ID && version > VERSION)
		return err_set(err, ERR_FAILED,
			"the store '%s' was made by a newer heapwarden: it is left alone; use a "
			"newer "
			"one, or name another place with --store",
			store->path);
	if (id != APPLICATION_ID && tables)
		return err_set(err, ERR_FAILED,
			"'%s' is no store of heapwarden's: it is left alone; name another place "
			"with "
			"--store",
			store->path);
	if (version < VERSION && !store->read_only && !(version && store->is_kept))
		return make_schema(store, err);
	if (version == 0)
		return err_set(err, ERR_FAILED, "the store '%s' is empty and cannot be written",
			store->path);
	if (version < VERSION)
		return err_set(err, ERR_FAILED,
			"the store '%s' was made by an older heapwarden and cannot be brought up "
			"to date here: use a copy that can be written, as a store",
			store->path);
	return 0;
}

static void
close_database(struct store *store)
{
	sqlite3_close(store->db);
	store->db = NULL;
}

static int
open_database(struct store *store, struct err *err)
{
	int flags = store->read_only ? SQLITE_OPEN_READONLY
				     : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

	if (sqlite3_open_v2(store->path, &store->db, flags, NULL) != SQLITE_OK)
		return store_fail(store, err, "open");
	/* To root everything seems to be writable. */
	store->read_only = sqlite3_db_readonly(store->db, "main") == 1;
	sqlite3_busy_timeout(store->db, PATIENCE_MS);
	if (store_run(store, "PRAGMA foreign_keys=ON; PRAGMA synchronous=NORMAL", err) != 0)
		return -1;
	return check_version(store, err);
}

/* The directory that the store is in; to be freed. */
static char *
parent_of(const char *path)
{
	struct str directory = path_directory(path);

	if (directory.n == 0)
		return strdup(path[0] == '/' ? "/" : ".");
	return strndup(directory.p, directory.n);
}

/* Rename it and what belongs to it, so that somebody can look at it. */
static int
rename_all(const struct store *store, const char *aside, struct err *err)
{
	static const char *const suffixes[] = {"-journal", "-wal", "-shm", ""};

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		CLEANUP(buf_release) struct buf from = {0};
		CLEANUP(buf_release) struct buf to = {0};
		buf_printf(&from, "%s%s", store->path, suffixes[i]);
		buf_printf(&to, "%s%s", aside, suffixes[i]);
		if (rename(from.p, to.p) != 0 && errno != ENOENT)
			return err_errno(err, "cannot set the damaged store '%s' aside", from.p);
	}
	return 0;
}

/* Whether what is under the store's name is still the file that was opened. */
static bool
is_in_place(const struct store *store)
{
	int moved = 0;

	return sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) ==
		       SQLITE_OK &&
	       !moved;
}

/* Of several processes that find the damage one sets it aside; what is there for the others is the
 * new one. */
static int
set_aside(const struct store *store, struct buf *notice, struct err *err)
{
	CLEANUP(buf_release) struct buf aside = {0};
	CLEANUP(free_ptr) char *directory = parent_of(store->path);
	CLEANUP(close_fd) int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || flock(fd, LOCK_EX) != 0)
		return err_errno(err, "cannot lock the directory '%s'", directory);
	if (!is_in_place(store))
		return 0;
	buf_printf(&aside, "%s.damaged-%lld", store->path, (long long)time(NULL));
	while (path_exists(aside.p))
		buf_add_char(&aside, '+');
	if (rename_all(store, aside.p, err) != 0)
		return -1;
	buf_printf(notice,
		"the store '%s' is damaged: it was set aside as '%s', and a new one is begun; "
		"nothing is lost but the time to build anew",
		store->path, aside.p);
	return 0;
}

/* Whether the place can only be read. */
static bool
is_read_only(const char *path)
{
	CLEANUP(free_ptr) char *directory = parent_of(path);

	return access(directory, W_OK) != 0 || (path_exists(path) && access(path, W_OK) != 0);
}

static int
make_parent(const char *path, struct err *err)
{
	CLEANUP(free_ptr) char *directory = parent_of(path);

	return path_exists(directory) ? 0 : dir_make(directory, err);
}

/* Where SQLite keeps the number that an application gives its files (https://sqlite.org/fileformat,
 * "Application ID"). */
#define APPLICATION_ID_AT 68

/* Whether the file that is damaged was ours: it has our number, or is where we put it without being
 * asked. Any other was named by mistake, and is not ours to set aside. */
static bool
was_store(const char *path)
{
	static const unsigned char number[] = {APPLICATION_ID >> 24, APPLICATION_ID >> 16 & 0xff,
		APPLICATION_ID >> 8 & 0xff, APPLICATION_ID & 0xff};
	unsigned char is[sizeof number] = {0};
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);

	return str_ends(str_of(path), STR("/heapwarden/store.db")) ||
	       (fd >= 0 && pread(fd, is, sizeof is, APPLICATION_ID_AT) == (ssize_t)sizeof is &&
		       memcmp(is, number, sizeof is) == 0);
}

static int
open_or_begin_anew(struct store *store, struct buf *notice, struct err *err)
{
	if (make_parent(store->path, err) != 0)
		return -1;
	store->read_only = is_read_only(store->path);
	if (open_database(store, err) == 0)
		return 0;
	if (store->damaged && !was_store(store->path)) {
		store->damaged = false;
		return err_set(err, ERR_FAILED,
			"'%s' is no store: it is left alone; name another place with --store",
			store->path);
	}
	if (!store->damaged || store->read_only || set_aside(store, notice, err) != 0)
		return -1;
	close_database(store);
	store->damaged = false;
	return open_database(store, err);
}

static struct store *
new_store(const char *path, const char *reader)
{
	size_t one = 0;
	struct store *store = array_grow(NULL, &one, 1, sizeof *store);

	*store = (struct store){.path = strdup(path), .reader = reader};
	return store;
}

/* Close it, and leave it where it is. */
static void
free_store(struct store *store)
{
	close_database(store);
	free(store->path);
	free(store);
}

int
store_open(struct store **out, const char *path, const char *reader, struct buf *notice,
	struct err *err)
{
	struct store *store = new_store(path, reader);

	if (open_or_begin_anew(store, notice, err) != 0) {
		free_store(store);
		return -1;
	}
	*out = store;
	return 0;
}

int
store_open_as_is(struct store **out, const char *path, struct err *err)
{
	if (!path_exists(path))
		return err_set(err, ERR_NOT_FOUND, "there is no store '%s'", path);
	struct store *store = new_store(path, "");
	store->is_kept = true;
	store->read_only = is_read_only(path);
	if (open_database(store, err) != 0) {
		free_store(store);
		return -1;
	}
	*out = store;
	return 0;
}

void
store_close(struct store *store, struct buf *notice)
{
	struct err ignored;

	if (!store)
		return;
	if (store->damaged && !store->read_only && !store->is_kept)
		(void)!set_aside(store, notice, &ignored);
	free_store(store);
}

#include "src/store.h"

#include <sqlite3.h>
#include <stdint.h>
#include <time.h>

#include "src/base/cleanup.h"
#include "src/base/zstd.h"
#include "src/store_internal.h"

/* A statement that writes one row after the other. */
struct writing {
	sqlite3_stmt *statement;
	struct transfer *transfer;
};

static int
writing_begin(struct writing *writing, struct transfer *transfer, const char *sql)
{
	*writing = (struct writing){NULL, transfer};
	if (store_prepare(&writing->statement, transfer->store, sql, transfer->err) != 0)
		return -1;
	sqlite3_bind_int64(writing->statement, 1, transfer->snapshot);
	return 0;
}

static int
writing_row(struct writing *writing)
{
	return store_do(writing->transfer->store, writing->statement, writing->transfer->err);
}

static void
writing_release(struct writing *writing)
{
	sqlite3_finalize(writing->statement);
}

/* The columns that both statements below set. */
static void
bind_unit(struct store *store, sqlite3_stmt *statement, const struct recorded_unit *unit,
	const struct content_id *digest)
{
	store_bind(statement, 1, unit->id.hex);
	store_bind(statement, 2, store->reader);
	store_bind(statement, 3, unit->mentions);
	sqlite3_bind_int64(statement, 4, (sqlite3_int64)unit->escapes);
	sqlite3_bind_int64(statement, 5, (sqlite3_int64)unit->summary_lines);
	store_bind(statement, 6, digest->hex);
}

static int
insert_unit(struct transfer *transfer, const struct recorded_unit *unit,
	const struct content_id *digest)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;

	if (store_prepare(&statement, transfer->store,
		    "INSERT INTO unit(content, reader, mentions, escapes, summary_lines, digest, "
		    "text, size) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		    transfer->err) != 0)
		return -1;
	bind_unit(transfer->store, statement, unit, digest);
	sqlite3_bind_blob64(statement, 7, unit->frame.p, unit->frame.n, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 8, (sqlite3_int64)unit->size);
	return store_do(transfer->store, statement, transfer->err);
}

/* Where the unit is there already, what is known of it is what was found now. */
static int
write_unit(struct transfer *transfer, const struct recorded_unit *unit)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	struct content_id digest = store_unit_digest(unit, transfer->store->reader);

	if (store_prepare(&statement, transfer->store,
		    "UPDATE unit SET reader = ?2, mentions = ?3, escapes = ?4, "
		    "summary_lines = ?5, digest = ?6 WHERE content = ?1",
		    transfer->err) != 0)
		return -1;
	bind_unit(transfer->store, statement, unit, &digest);
	if (store_do(transfer->store, statement, transfer->err) != 0)
		return -1;
	if (sqlite3_changes(transfer->store->db) || unit->frame.n == 0)
		return 0;
	return insert_unit(transfer, unit, &digest);
}

static int
write_units(struct transfer *transfer)
{
	CLEANUP(writing_release) struct writing printed = {0};
	const struct recording *recording = transfer->recording;

	if (writing_begin(&printed, transfer,
		    "INSERT INTO printed(snapshot, package, unit) "
		    "SELECT ?1, ?2, id FROM unit WHERE content = ?3") != 0)
		return -1;
	for (size_t i = 0; i < recording->count; i++) {
		const struct recorded_unit *unit = &recording->units[i];
		if (write_unit(transfer, unit) != 0)
			return -1;
		store_bind(printed.statement, 2, unit->package);
		store_bind(printed.statement, 3, unit->id.hex);
		if (writing_row(&printed) != 0)
			return -1;
		if (sqlite3_changes(transfer->store->db) != 1)
			return err_set(transfer->err, ERR_FAILED, "the store '%s' has lost a unit",
				transfer->store->path);
	}
	return 0;
}

static int
write_packages(struct transfer *transfer)
{
	CLEANUP(writing_release) struct writing row = {0};
	const struct package_list *list = &transfer->recording->list;

	if (writing_begin(&row, transfer,
		    "INSERT INTO package(snapshot, path, directory, name, absent, error) "
		    "VALUES(?1, ?2, ?3, ?4, ?5, ?6)") != 0)
		return -1;
	for (size_t i = 0; i < list->count; i++) {
		const struct package *package = &list->packages[i];
		store_bind(row.statement, 2, package->import_path);
		store_bind(row.statement, 3, package->directory);
		store_bind(row.statement, 4, package->name);
		sqlite3_bind_int(row.statement, 5, package->absent);
		store_bind(row.statement, 6, package->error);
		if (writing_row(&row) != 0)
			return -1;
	}
	return 0;
}

static int
write_modules(struct transfer *transfer, bool replaced)
{
	CLEANUP(writing_release) struct writing row = {0};
	const struct package_list *list = &transfer->recording->list;
	const struct module *modules = replaced ? list->replaced : list->modules;
	size_t count = replaced ? list->replaced_count : list->module_count;

	if (writing_begin(&row, transfer,
		    "INSERT INTO module(snapshot, replaced, path, relative) "
		    "VALUES(?1, ?2, ?3, ?4)") != 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		sqlite3_bind_int(row.statement, 2, replaced);
		store_bind(row.statement, 3, modules[i].path);
		store_bind(row.statement, 4, modules[i].relative);
		if (writing_row(&row) != 0)
			return -1;
	}
	return 0;
}

static int
write_file(struct writing *row, const char *kind, const char *package, const char *name)
{
	store_bind(row->statement, 2, kind);
	store_bind(row->statement, 3, package);
	store_bind(row->statement, 4, name);
	return writing_row(row);
}

static int
write_files(struct transfer *transfer)
{
	CLEANUP(writing_release) struct writing row = {0};
	const struct recording *recording = transfer->recording;
	const struct package_list *list = &recording->list;
	int result = 0;

	/* Two packages may have files of one odd name. */
	if (writing_begin(&row, transfer,
		    "INSERT OR IGNORE INTO file(snapshot, kind, package, name) "
		    "VALUES(?1, ?2, ?3, ?4)") != 0)
		return -1;
	for (size_t i = 0; result == 0 && i < list->file_count; i++)
		result = write_file(&row, "source", list->files[i].package, list->files[i].name);
	for (size_t i = 0; result == 0 && i < list->odd_name_count; i++)
		result = write_file(&row, "odd", "", list->odd_names[i]);
	for (size_t i = 0; result == 0 && i < list->embedded_count; i++)
		result = write_file(&row, "embedded", "", list->embedded[i]);
	return result;
}

static int
write_snapshot(struct transfer *transfer, const char *key, const char *decided)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	const struct recording *recording = transfer->recording;
	struct store *store = transfer->store;
	int64_t now = time(NULL);

	if (store_prepare(&statement, store,
		    "INSERT OR REPLACE INTO snapshot(key, decided, go, target, made, used, reader, "
		    "sites, not_understood, digest, imports) "
		    "VALUES(?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, '', ?9)",
		    transfer->err) != 0)
		return -1;
	store_bind(statement, 1, key);
	store_bind(statement, 2, decided);
	store_bind(statement, 3, recording->go_version);
	store_bind(statement, 4, recording->target);
	sqlite3_bind_int64(statement, 5, now);
	store_bind(statement, 6, store->reader);
	sqlite3_bind_int64(statement, 7, (sqlite3_int64)recording->sites);
	sqlite3_bind_int64(statement, 8, (sqlite3_int64)recording->not_understood);
	store_bind(statement, 9, *recording->imports.hex ? recording->imports.hex : NULL);
	if (store_do(store, statement, transfer->err) != 0)
		return -1;
	transfer->snapshot = sqlite3_last_insert_rowid(store->db);
	return 0;
}

static int
write_tree(struct transfer *transfer, const char *tree)
{
	CLEANUP(writing_release) struct writing row = {0};

	if (!tree)
		return 0;
	if (writing_begin(&row, transfer,
		    "INSERT OR IGNORE INTO tree(snapshot, tree) VALUES(?1, ?2)") != 0)
		return -1;
	store_bind(row.statement, 2, tree);
	return writing_row(&row);
}

/* Where it was read of a store it is there already. */
static int
write_imports(struct transfer *transfer)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	CLEANUP(buf_release) struct buf frame = {0};
	const struct recording *recording = transfer->recording;
	struct str text = str_of(recording->list.imports);

	if (!recording->list.imports)
		return 0;
	if (store_prepare(&statement, transfer->store,
		    "INSERT OR IGNORE INTO imports(content, text, size) VALUES(?1, ?2, ?3)",
		    transfer->err) != 0)
		return -1;
	zstd_pack(&frame, text);
	store_bind(statement, 1, recording->imports.hex);
	sqlite3_bind_blob64(statement, 2, frame.p, frame.n, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 3, (sqlite3_int64)text.n);
	return store_do(transfer->store, statement, transfer->err);
}

/* The digest is that of what can be read now. */
static int
seal(struct transfer *written, const char *key)
{
	CLEANUP(recording_release) struct recording recording = {0};
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	struct transfer is = {
		.store = written->store, .recording = &recording, .err = written->err};
	int64_t used;

	if (store_read(&is, key, &used) != 0 ||
		store_prepare(&statement, is.store, "UPDATE snapshot SET digest = ?1 WHERE id = ?2",
			is.err) != 0)
		return -1;
	struct content_id digest = store_snapshot_digest(&is, key);
	store_bind(statement, 1, digest.hex);
	sqlite3_bind_int64(statement, 2, written->snapshot);
	return store_do(is.store, statement, is.err);
}

static int
write_all(struct transfer *transfer, const char *key, const char *decided, const char *tree)
{
	if (write_snapshot(transfer, key, decided) != 0 || write_units(transfer) != 0 ||
		write_packages(transfer) != 0 || write_modules(transfer, false) != 0 ||
		write_modules(transfer, true) != 0 || write_files(transfer) != 0 ||
		write_imports(transfer) != 0 || write_tree(transfer, tree) != 0)
		return -1;
	return seal(transfer, key);
}

int
store_save(struct store *store, const char *key, const char *decided, const char *tree,
	const struct recording *recording, struct err *err)
{
	/* Nothing of it is changed. */
	struct transfer transfer = {
		.store = store,
		.recording = (struct recording *)(uintptr_t)recording,
		.err = err,
	};

	if (store->read_only)
		return 0;
	if (store_begin(store, err) != 0)
		return -1;
	return store_end(store, write_all(&transfer, key, decided, tree), err);
}

int
store_keep_relevant(
	struct store *store, const char *tree, const struct content_id *relevant, struct err *err)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;

	if (store->read_only)
		return 0;
	if (store_prepare(&statement, store, "INSERT OR REPLACE INTO relevant VALUES(?1, ?2, ?3)",
		    err) != 0)
		return -1;
	store_bind(statement, 1, tree);
	store_bind(statement, 2, store->reader);
	store_bind(statement, 3, relevant->hex);
	return store_do(store, statement, err);
}

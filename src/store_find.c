#include "src/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "src/base/cleanup.h"
#include "src/base/zstd.h"
#include "src/store_internal.h"

/* No unit is larger: see UNIT_LIMIT of the parser. */
#define TEXT_LIMIT ((size_t)4 * 1024 * 1024 * 1024)

/* When a snapshot was used is written down at most that often, so that reading does not write. */
#define USED_SECONDS ((int64_t)24 * 60 * 60)

/* Column of the row, in the arena; NULL where it is NULL. */
static const char *
nullable(sqlite3_stmt *statement, int at, struct arena *arena)
{
	const void *text = sqlite3_column_blob(statement, at);
	struct str value = {text ? text : "", (size_t)sqlite3_column_bytes(statement, at)};

	return sqlite3_column_type(statement, at) == SQLITE_NULL ? NULL : arena_str(arena, value);
}

/* One that is never NULL, but where the file is damaged. */
static const char *
column(sqlite3_stmt *statement, int at, struct arena *arena)
{
	const char *text = nullable(statement, at, arena);

	return text ? text : "";
}

static struct content_id
content_of(const char *hex)
{
	struct content_id id = {0};

	snprintf(id.hex, sizeof id.hex, "%s", hex);
	return id;
}

/* What is done with each row of a query about one snapshot. */
typedef void (*row_fn)(struct transfer *transfer, sqlite3_stmt *statement);

static int
each_row(struct transfer *transfer, const char *sql, row_fn take)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	bool row;

	if (store_prepare(&statement, transfer->store, sql, transfer->err) != 0)
		return -1;
	sqlite3_bind_int64(statement, 1, transfer->snapshot);
	for (;;) {
		if (store_step(&row, transfer->store, statement, transfer->err) != 0)
			return -1;
		if (!row)
			return 0;
		take(transfer, statement);
	}
}

/* Rows are gathered in an array of the recording's arena, which is grown by doubling. */
static void *
append(struct arena *arena, void *array, size_t count, size_t size)
{
	bool full = (count & (count - 1)) == 0;

	if (!full)
		return array;
	void *bigger = arena_alloc(arena, (count ? 2 * count : 1) * size);
	if (count)
		memcpy(bigger, array, count * size);
	return bigger;
}

static void
take_unit(struct transfer *transfer, sqlite3_stmt *statement)
{
	struct recording *recording = transfer->recording;
	struct arena *arena = &recording->arena;
	const char *reader = column(statement, 3, arena);

	recording->units = array_grow(recording->units, &recording->capacity, recording->count + 1,
		sizeof *recording->units);
	struct recorded_unit *unit = &recording->units[recording->count++];
	*unit = (struct recorded_unit){
		.package = column(statement, 0, arena),
		.id = content_of(column(statement, 1, arena)),
		.mentions = column(statement, 2, arena),
		.escapes = (size_t)sqlite3_column_int64(statement, 4),
		.summary_lines = (size_t)sqlite3_column_int64(statement, 5),
	};
	const char *digest = column(statement, 6, arena);
	if (strcmp(store_unit_digest(unit, reader).hex, digest) != 0)
		transfer->damaged = true;
	if (strcmp(reader, transfer->store->reader) != 0)
		recording->is_counted = false;
}

static void
take_package(struct transfer *transfer, sqlite3_stmt *statement)
{
	struct arena *arena = &transfer->recording->arena;
	struct package_list *list = &transfer->recording->list;

	list->packages = append(arena, list->packages, list->count, sizeof *list->packages);
	list->packages[list->count++] = (struct package){
		.import_path = column(statement, 0, arena),
		.directory = nullable(statement, 1, arena),
		.name = nullable(statement, 2, arena),
		.absent = sqlite3_column_int(statement, 3),
		.error = nullable(statement, 4, arena),
	};
}

static void
take_module(struct transfer *transfer, sqlite3_stmt *statement)
{
	struct arena *arena = &transfer->recording->arena;
	struct package_list *list = &transfer->recording->list;
	bool replaced = sqlite3_column_int(statement, 0);
	struct module **modules = replaced ? &list->replaced : &list->modules;
	size_t *count = replaced ? &list->replaced_count : &list->module_count;

	*modules = append(arena, *modules, *count, sizeof **modules);
	(*modules)[(*count)++] = (struct module){
		.path = column(statement, 1, arena),
		.relative = nullable(statement, 2, arena),
	};
}

static void
take_source(struct transfer *transfer, sqlite3_stmt *statement)
{
	struct arena *arena = &transfer->recording->arena;
	struct package_list *list = &transfer->recording->list;

	list->files = append(arena, list->files, list->file_count, sizeof *list->files);
	list->files[list->file_count++] =
		(struct package_file){column(statement, 0, arena), column(statement, 1, arena)};
}

static void
take_odd(struct transfer *transfer, sqlite3_stmt *statement)
{
	struct arena *arena = &transfer->recording->arena;
	struct package_list *list = &transfer->recording->list;

	list->odd_names =
		append(arena, list->odd_names, list->odd_name_count, sizeof *list->odd_names);
	list->odd_names[list->odd_name_count++] = column(statement, 1, arena);
}

static void
take_embedded(struct transfer *transfer, sqlite3_stmt *statement)
{
	struct arena *arena = &transfer->recording->arena;
	struct package_list *list = &transfer->recording->list;

	list->embedded =
		append(arena, list->embedded, list->embedded_count, sizeof *list->embedded);
	list->embedded[list->embedded_count++] = column(statement, 1, arena);
}

#define FILES_OF "SELECT package, name FROM file WHERE snapshot = ?1 AND kind = "

/* What is read of a snapshot, one query after the other, in the order that the model wants: SQLite
 * compares texts as bytes, as strcmp() does. */
static const struct {
	const char *sql;
	row_fn take;
} queries[] = {
	{"SELECT package, content, mentions, reader, escapes, summary_lines, digest FROM printed "
	 "JOIN unit ON unit.id = unit WHERE snapshot = ?1 ORDER BY package",
		take_unit},
	{"SELECT path, directory, name, absent, error FROM package WHERE snapshot = ?1 ORDER BY "
	 "path",
		take_package},
	{"SELECT replaced, path, relative FROM module WHERE snapshot = ?1 ORDER BY replaced, "
	 "length(path) DESC, path",
		take_module},
	{FILES_OF "'source' ORDER BY package, name", take_source},
	{FILES_OF "'odd' ORDER BY name", take_odd},
	{FILES_OF "'embedded' ORDER BY name", take_embedded},
};

/* The row of the snapshot itself; 0 in `snapshot` where there is none. */
static int
find_snapshot(struct transfer *transfer, const char *key, int64_t *used)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	struct recording *recording = transfer->recording;
	struct arena *arena = &recording->arena;
	bool row;

	if (store_prepare(&statement, transfer->store,
		    "SELECT id, used, go, target, reader, sites, not_understood, digest, imports "
		    "FROM snapshot WHERE key = ?1",
		    transfer->err) != 0)
		return -1;
	store_bind(statement, 1, key);
	if (store_step(&row, transfer->store, statement, transfer->err) != 0)
		return -1;
	transfer->snapshot = 0;
	if (!row)
		return 0;
	transfer->snapshot = sqlite3_column_int64(statement, 0);
	*used = sqlite3_column_int64(statement, 1);
	recording->go_version = column(statement, 2, arena);
	recording->target = column(statement, 3, arena);
	transfer->reader = column(statement, 4, arena);
	recording->is_counted = strcmp(transfer->reader, transfer->store->reader) == 0;
	recording->sites = (size_t)sqlite3_column_int64(statement, 5);
	recording->not_understood = (size_t)sqlite3_column_int64(statement, 6);
	transfer->digest = column(statement, 7, arena);
	recording->imports = content_of(column(statement, 8, arena));
	return 0;
}

/* It matters to pruning alone: where it cannot be written it is not. */
static void
touch(struct store *store, int64_t snapshot, int64_t used)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	int64_t now = time(NULL);
	struct err ignored;

	if (store->read_only || now - used < USED_SECONDS ||
		store_prepare(&statement, store, "UPDATE snapshot SET used = ?1 WHERE id = ?2",
			&ignored) != 0)
		return;
	sqlite3_bind_int64(statement, 1, now);
	sqlite3_bind_int64(statement, 2, snapshot);
	(void)!store_do(store, statement, &ignored);
}

int
store_read(struct transfer *transfer, const char *key, int64_t *used)
{
	if (find_snapshot(transfer, key, used) != 0)
		return -1;
	for (size_t i = 0; transfer->snapshot && i < sizeof queries / sizeof *queries; i++)
		if (each_row(transfer, queries[i].sql, queries[i].take) != 0)
			return -1;
	return 0;
}

static int
check_digests(struct transfer *transfer, const char *key)
{
	struct store *store = transfer->store;

	if (!transfer->damaged &&
		strcmp(store_snapshot_digest(transfer, key).hex, transfer->digest) == 0)
		return 0;
	store->damaged = true;
	return err_set(transfer->err, ERR_FAILED,
		"a snapshot in the store '%s' is not what was written", store->path);
}

static int
find(struct transfer *transfer, const char *key, int64_t *used)
{
	/* All of it as it is at one time, whatever others write. */
	if (store_run(transfer->store, "BEGIN", transfer->err) != 0)
		return -1;
	int result = store_read(transfer, key, used);
	sqlite3_exec(transfer->store->db, "END", NULL, NULL, NULL);
	return result == 0 && transfer->snapshot ? check_digests(transfer, key) : result;
}

int
store_find(
	struct recording *out, bool *found, struct store *store, const char *key, struct err *err)
{
	struct transfer transfer = {.store = store, .recording = out, .err = err};
	int64_t used = 0;

	*out = (struct recording){0};
	int result = find(&transfer, key, &used);
	*found = result == 0 && transfer.snapshot;
	if (*found)
		touch(store, transfer.snapshot, used);
	return result;
}

int
store_check_snapshot(struct store *store, const char *key, struct err *err)
{
	CLEANUP(recording_release) struct recording recording = {0};
	struct transfer transfer = {.store = store, .recording = &recording, .err = err};
	int64_t used;

	return find(&transfer, key, &used);
}

/* Append what the frame holds, which must be what has that name. */
static int
unpack(struct buf *out, struct str frame, size_t size, const struct content_id *id, struct err *err)
{
	size_t before = out->n;

	if (size > TEXT_LIMIT || zstd_unpack(out, frame, size, err) != 0)
		return -1;
	struct content_id is = hash_content((struct str){out->p + before, out->n - before});
	return out->n - before == size && strcmp(is.hex, id->hex) == 0 ? 0 : -1;
}

/* The query gives a frame of zstd and its text's size, by the text's name. */
static int
read_text(struct buf *out, struct store *store, const char *sql, const struct content_id *id,
	struct err *err)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	size_t before = out->n;
	bool row;

	if (store_prepare(&statement, store, sql, err) != 0)
		return -1;
	store_bind(statement, 1, id->hex);
	if (store_step(&row, store, statement, err) != 0)
		return -1;
	if (!row)
		return err_set(err, ERR_NOT_FOUND, "the store '%s' has lost a text", store->path);
	struct str frame = {
		sqlite3_column_blob(statement, 0), (size_t)sqlite3_column_bytes(statement, 0)};
	if (unpack(out, frame, (size_t)sqlite3_column_int64(statement, 1), id, err) == 0)
		return 0;
	out->n = before;
	store->damaged = true;
	return err_set(
		err, ERR_FAILED, "a text in the store '%s' is not what was written", store->path);
}

int
store_text(struct buf *out, struct store *store, const struct content_id *id, struct err *err)
{
	return read_text(out, store, "SELECT text, size FROM unit WHERE content = ?1", id, err);
}

int
store_imports(struct buf *out, struct store *store, const struct content_id *id, struct err *err)
{
	return read_text(out, store, "SELECT text, size FROM imports WHERE content = ?1", id, err);
}

int
store_relevant(
	struct content_id *out, bool *found, struct store *store, const char *tree, struct err *err)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	CLEANUP(arena_release) struct arena arena = {0};

	*out = (struct content_id){0};
	if (store_prepare(&statement, store,
		    "SELECT content FROM relevant WHERE tree = ?1 AND reader = ?2", err) != 0)
		return -1;
	store_bind(statement, 1, tree);
	store_bind(statement, 2, store->reader);
	if (store_step(found, store, statement, err) != 0)
		return -1;
	if (*found)
		*out = content_of(column(statement, 0, &arena));
	return 0;
}

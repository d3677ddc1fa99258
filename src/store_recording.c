#include "src/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
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

/* A field of what a digest is made of: NULL is not "". */
static void
add_field(struct buf *out, const char *text)
{
	buf_add_char(out, text ? 't' : 'n');
	if (text)
		buf_add(out, (struct str){text, strlen(text) + 1});
}

/* What is known of a unit and is not told by its text's name. */
static struct content_id
unit_digest(const struct recorded_unit *unit, const char *reader)
{
	CLEANUP(buf_release) struct buf fields = {0};

	add_field(&fields, unit->id.hex);
	add_field(&fields, reader);
	add_field(&fields, unit->mentions);
	buf_printf(&fields, "%zu %zu", unit->escapes, unit->summary_lines);
	return hash_content(buf_str(&fields));
}

static void
add_modules(struct buf *out, const struct module *modules, size_t count)
{
	buf_printf(out, "%zu", count);
	for (size_t i = 0; i < count; i++) {
		add_field(out, modules[i].path);
		add_field(out, modules[i].relative);
	}
}

static void
add_names(struct buf *out, const char *const *names, size_t count)
{
	buf_printf(out, "%zu", count);
	for (size_t i = 0; i < count; i++)
		add_field(out, names[i]);
}

static void
add_list(struct buf *out, const struct package_list *list)
{
	buf_printf(out, "%zu", list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct package *package = &list->packages[i];
		add_field(out, package->import_path);
		add_field(out, package->directory);
		add_field(out, package->name);
		add_field(out, package->error);
		buf_add_char(out, package->absent ? 'a' : 'p');
	}
	add_modules(out, list->modules, list->module_count);
	add_modules(out, list->replaced, list->replaced_count);
	buf_printf(out, "%zu", list->file_count);
	for (size_t i = 0; i < list->file_count; i++) {
		add_field(out, list->files[i].package);
		add_field(out, list->files[i].name);
	}
	add_names(out, list->odd_names, list->odd_name_count);
	add_names(out, list->embedded, list->embedded_count);
}

/* Of all that a snapshot holds, in the order that it is read in: SQLite does not notice when bytes
 * of its file have changed. */
static struct content_id
snapshot_digest(const struct transfer *transfer, const char *key)
{
	CLEANUP(buf_release) struct buf fields = {0};
	const struct recording *recording = transfer->recording;

	add_field(&fields, key);
	add_field(&fields, recording->go_version);
	add_field(&fields, recording->target);
	add_field(&fields, transfer->reader);
	buf_printf(&fields, "%zu %zu %zu", recording->sites, recording->not_understood,
		recording->count);
	for (size_t i = 0; i < recording->count; i++) {
		add_field(&fields, recording->units[i].package);
		add_field(&fields, recording->units[i].id.hex);
	}
	add_list(&fields, &recording->list);
	return hash_content(buf_str(&fields));
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
	if (strcmp(unit_digest(unit, reader).hex, digest) != 0)
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
		    "SELECT id, used, go, target, reader, sites, not_understood, digest "
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

static int
read_snapshot(struct transfer *transfer, const char *key, int64_t *used)
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

	if (!transfer->damaged && strcmp(snapshot_digest(transfer, key).hex, transfer->digest) == 0)
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
	int result = read_snapshot(transfer, key, used);
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

int
store_text(struct buf *out, struct store *store, const struct content_id *id, struct err *err)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	size_t before = out->n;
	bool row;

	if (store_prepare(
		    &statement, store, "SELECT text, size FROM unit WHERE content = ?1", err) != 0)
		return -1;
	store_bind(statement, 1, id->hex);
	if (store_step(&row, store, statement, err) != 0)
		return -1;
	if (!row)
		return err_set(err, ERR_NOT_FOUND, "the store '%s' has lost a unit", store->path);
	struct str frame = {
		sqlite3_column_blob(statement, 0), (size_t)sqlite3_column_bytes(statement, 0)};
	if (unpack(out, frame, (size_t)sqlite3_column_int64(statement, 1), id, err) == 0)
		return 0;
	out->n = before;
	store->damaged = true;
	return err_set(
		err, ERR_FAILED, "a unit in the store '%s' is not what was written", store->path);
}

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
	struct content_id digest = unit_digest(unit, transfer->store->reader);

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
		    "sites, not_understood, digest) VALUES(?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, '')",
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

/* The digest is that of what can be read now. */
static int
seal(struct transfer *written, const char *key)
{
	CLEANUP(recording_release) struct recording recording = {0};
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	struct transfer is = {
		.store = written->store, .recording = &recording, .err = written->err};
	int64_t used;

	if (read_snapshot(&is, key, &used) != 0 ||
		store_prepare(&statement, is.store, "UPDATE snapshot SET digest = ?1 WHERE id = ?2",
			is.err) != 0)
		return -1;
	struct content_id digest = snapshot_digest(&is, key);
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
		write_tree(transfer, tree) != 0)
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

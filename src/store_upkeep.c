#include "src/store_upkeep.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/intern.h"
#include "src/store_internal.h"

int
store_summarise(struct store_summary *out, struct store *store, struct err *err)
{
	const struct {
		const char *sql;
		int64_t *number;
	} questions[] = {
		{"SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
			&out->file_bytes},
		{"SELECT count(*) FROM snapshot", &out->snapshots},
		{"SELECT count(*) FROM unit", &out->units},
		{"SELECT total(length(text)) FROM unit", &out->packed_bytes},
		{"SELECT total(size) FROM unit", &out->text_bytes},
	};

	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
		if (store_number(questions[i].number, store, questions[i].sql, err) != 0)
			return -1;
	return 0;
}

/* A text column, which is empty where the file is damaged. */
static const char *
text_of(sqlite3_stmt *statement, int at)
{
	const void *text = sqlite3_column_text(statement, at);

	return text ? text : "";
}

int
store_list(struct store *store, void (*take)(const struct stored_snapshot *snapshot, void *ctx),
	void *ctx, struct err *err)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	bool row;

	if (store_prepare(&statement, store,
		    "SELECT key, go, target, made, used, "
		    "(SELECT count(*) FROM printed WHERE snapshot = id) "
		    "FROM snapshot ORDER BY used DESC, id DESC",
		    err) != 0)
		return -1;
	for (;;) {
		if (store_step(&row, store, statement, err) != 0)
			return -1;
		if (!row)
			return 0;
		const struct stored_snapshot snapshot = {
			.key = text_of(statement, 0),
			.go = text_of(statement, 1),
			.target = text_of(statement, 2),
			.made = sqlite3_column_int64(statement, 3),
			.used = sqlite3_column_int64(statement, 4),
			.units = sqlite3_column_int64(statement, 5),
		};
		take(&snapshot, ctx);
	}
}

/* --- verify */

/* A query of which each row's first column is looked at. */
static int
each_text(struct buf *wrong, struct store *store, const char *sql,
	void (*look)(struct buf *wrong, struct store *store, const char *text), struct err *err)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	bool row;

	if (store_prepare(&statement, store, sql, err) != 0)
		return -1;
	for (;;) {
		if (store_step(&row, store, statement, err) != 0)
			return -1;
		if (!row)
			return 0;
		look(wrong, store, text_of(statement, 0));
	}
}

static void
look_at_message(struct buf *wrong, struct store *store, const char *text)
{
	(void)store;
	if (strcmp(text, "ok") != 0)
		buf_printf(wrong, "%s\n", text);
}

static void
look_at_reference(struct buf *wrong, struct store *store, const char *table)
{
	(void)store;
	buf_printf(wrong, "table %s: a row belongs to nothing\n", table);
}

static void
look_at_snapshot(struct buf *wrong, struct store *store, const char *key)
{
	struct err err;

	if (store_check_snapshot(store, key, &err) != 0)
		buf_printf(wrong, "snapshot %s: %s\n", key, err.msg);
}

/* One that is named by its content. */
static void
look_at_text(struct buf *wrong, struct store *store, const char *content, const char *what,
	int (*read)(struct buf *, struct store *, const struct content_id *, struct err *))
{
	CLEANUP(buf_release) struct buf text = {0};
	struct content_id id = {0};
	struct err err;

	memcpy(id.hex, content, strnlen(content, sizeof id.hex - 1));
	if (read(&text, store, &id, &err) != 0)
		buf_printf(wrong, "%s %s: %s\n", what, content, err.msg);
}

static void
look_at_unit(struct buf *wrong, struct store *store, const char *content)
{
	look_at_text(wrong, store, content, "unit", store_text);
}

static void
look_at_imports(struct buf *wrong, struct store *store, const char *content)
{
	look_at_text(wrong, store, content, "imports", store_imports);
}

int
store_verify(struct buf *wrong, struct store *store, struct err *err)
{
	static const struct {
		const char *sql;
		void (*look)(struct buf *wrong, struct store *store, const char *text);
	} looks[] = {
		{"PRAGMA integrity_check", look_at_message},
		{"PRAGMA foreign_key_check", look_at_reference},
		{"SELECT key FROM snapshot ORDER BY key", look_at_snapshot},
		{"SELECT content FROM unit ORDER BY content", look_at_unit},
		{"SELECT imports FROM snapshot WHERE imports IS NOT NULL GROUP BY imports",
			look_at_imports},
	};

	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
		if (each_text(wrong, store, looks[i].sql, looks[i].look, err) == 0)
			continue;
		if (!store->damaged)
			return -1;
		buf_printf(wrong, "%s\n", err->msg);
	}
	return 0;
}

/* --- prune */

/* What a snapshot's tree has that decides the build: the line "relevant=…" of what decided. */
#define RELEVANT "substr(decided, instr(decided, 'relevant=') + 9, 32)"

static int
run_with_number(struct store *store, const char *sql, int64_t number, struct err *err)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;

	if (store_prepare(&statement, store, sql, err) != 0)
		return -1;
	sqlite3_bind_int64(statement, 1, number);
	return store_do(store, statement, err);
}

static int
note_reachable(struct store *store, const struct intern *reachable, struct err *err)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;

	if (store_run(store,
		    "CREATE TEMP TABLE IF NOT EXISTS reachable(tree TEXT PRIMARY KEY); "
		    "DELETE FROM reachable",
		    err) != 0 ||
		store_prepare(
			&statement, store, "INSERT OR IGNORE INTO reachable VALUES(?1)", err) != 0)
		return -1;
	for (size_t i = 0; i < reachable->capacity; i++) {
		if (!reachable->slots[i].text)
			continue;
		store_bind(statement, 1, reachable->slots[i].text);
		if (store_do(store, statement, err) != 0)
			return -1;
	}
	return 0;
}

/* A snapshot is of the trees that it was built of, and of those in which the same decides. */
static int
remove_unreachable(struct store *store, const struct intern *reachable, struct err *err)
{
	if (note_reachable(store, reachable, err) != 0)
		return -1;
	return store_run(store,
		"DELETE FROM relevant WHERE tree NOT IN (SELECT tree FROM reachable);"
		"DELETE FROM tree WHERE tree NOT IN (SELECT tree FROM reachable);"
		"DELETE FROM snapshot WHERE id NOT IN (SELECT snapshot FROM tree) "
		"AND " RELEVANT " NOT IN (SELECT content FROM relevant)",
		err);
}

static int
remove_unprinted(struct store *store, struct err *err)
{
	return store_run(store,
		"DELETE FROM unit WHERE id NOT IN (SELECT unit FROM printed);"
		"DELETE FROM imports WHERE content NOT IN "
		"(SELECT imports FROM snapshot WHERE imports IS NOT NULL)",
		err);
}

static int
remove_until(struct store *store, int64_t max_bytes, struct err *err)
{
	int64_t bytes, snapshots;

	for (;;) {
		if (remove_unprinted(store, err) != 0 ||
			store_number(&bytes, store,
				"SELECT (page_count - freelist_count) * page_size FROM "
				"pragma_page_count, pragma_freelist_count, pragma_page_size",
				err) != 0 ||
			store_number(&snapshots, store, "SELECT count(*) FROM snapshot", err) != 0)
			return -1;
		if (bytes <= max_bytes || snapshots == 0)
			return 0;
		if (store_run(store,
			    "DELETE FROM snapshot WHERE id = "
			    "(SELECT id FROM snapshot ORDER BY used, id LIMIT 1)",
			    err) != 0)
			return -1;
	}
}

static int
remove_all(struct store *store, const struct prune *what, struct err *err)
{
	if (what->unused_since && run_with_number(store, "DELETE FROM snapshot WHERE used < ?1",
					  what->unused_since, err) != 0)
		return -1;
	if (what->reachable && remove_unreachable(store, what->reachable, err) != 0)
		return -1;
	if (what->max_bytes >= 0 && remove_until(store, what->max_bytes, err) != 0)
		return -1;
	if (store_run(store,
		    "DELETE FROM relevant WHERE content NOT IN (SELECT " RELEVANT " FROM snapshot)",
		    err) != 0)
		return -1;
	return remove_unprinted(store, err);
}

int
store_prune(struct pruned *out, struct store *store, const struct prune *what, struct err *err)
{
	struct store_summary before, after;

	if (store->read_only)
		return err_set(err, ERR_FAILED, "the store '%s' can only be read", store->path);
	if (store_summarise(&before, store, err) != 0 || store_begin(store, err) != 0 ||
		store_end(store, remove_all(store, what, err), err) != 0 ||
		store_run(store, "VACUUM", err) != 0 || store_summarise(&after, store, err) != 0)
		return -1;
	*out = (struct pruned){
		.snapshots = before.snapshots - after.snapshots,
		.units = before.units - after.units,
		.bytes = before.file_bytes - after.file_bytes,
	};
	return 0;
}

/* --- copies */

static int
run_with_path(struct store *store, const char *sql, const char *path, struct err *err)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;

	if (store_prepare(&statement, store, sql, err) != 0)
		return -1;
	store_bind(statement, 1, path);
	return store_do(store, statement, err);
}

int
store_export(struct store *store, const char *path, struct err *err)
{
	return run_with_path(store, "VACUUM INTO ?1", path, err);
}

/* What is not there yet, by the names that are the same everywhere: keys and contents. */
static const char take_in[] =
	"CREATE TEMP TABLE taken AS SELECT id AS old, key FROM other.snapshot "
	"WHERE key NOT IN (SELECT key FROM main.snapshot);"
	"INSERT OR IGNORE INTO main.unit"
	"(content, text, size, reader, mentions, escapes, summary_lines, digest) "
	"SELECT content, text, size, reader, mentions, escapes, summary_lines, digest "
	"FROM other.unit WHERE id IN "
	"(SELECT unit FROM other.printed WHERE snapshot IN (SELECT old FROM taken));"
	"INSERT OR IGNORE INTO main.imports(content, text, size) "
	"SELECT content, text, size FROM other.imports WHERE content IN "
	"(SELECT imports FROM other.snapshot WHERE id IN (SELECT old FROM taken));"
	"INSERT INTO main.snapshot(key, decided, go, target, made, used, reader, sites, "
	"not_understood, digest, imports) SELECT key, decided, go, target, made, used, reader, "
	"sites, not_understood, digest, imports FROM other.snapshot WHERE id IN (SELECT old FROM "
	"taken);"
	"CREATE TEMP TABLE became AS SELECT taken.old, mine.id AS snapshot "
	"FROM taken JOIN main.snapshot AS mine USING (key);"
	"INSERT INTO main.printed SELECT became.snapshot, package, mine.id "
	"FROM became JOIN other.printed AS theirs ON theirs.snapshot = old "
	"JOIN other.unit AS theirs_unit ON theirs_unit.id = theirs.unit "
	"JOIN main.unit AS mine USING (content);"
	"INSERT INTO main.package SELECT became.snapshot, path, directory, name, absent, error "
	"FROM became JOIN other.package AS theirs ON theirs.snapshot = old;"
	"INSERT INTO main.module SELECT became.snapshot, replaced, path, relative "
	"FROM became JOIN other.module AS theirs ON theirs.snapshot = old;"
	"INSERT INTO main.file SELECT became.snapshot, kind, package, name "
	"FROM became JOIN other.file AS theirs ON theirs.snapshot = old;"
	"INSERT OR IGNORE INTO main.tree SELECT tree, mine.id FROM other.tree AS theirs "
	"JOIN other.snapshot AS from_there ON from_there.id = theirs.snapshot "
	"JOIN main.snapshot AS mine USING (key);"
	"INSERT OR IGNORE INTO main.relevant SELECT tree, reader, content FROM other.relevant;"
	"DROP TABLE taken; DROP TABLE became";

static int
import_attached(struct imported *out, struct store *store, struct err *err)
{
	struct store_summary before, after;

	if (store_begin(store, err) != 0)
		return -1;
	int result = store_summarise(&before, store, err) != 0 ||
		     store_run(store, take_in, err) != 0 ||
		     store_summarise(&after, store, err) != 0;
	if (store_end(store, result, err) != 0)
		return -1;
	out->snapshots = after.snapshots - before.snapshots;
	out->units = after.units - before.units;
	return 0;
}

static int
verify_other(const char *path, struct err *err)
{
	CLEANUP(buf_release) struct buf wrong = {0};
	struct store *other = NULL;

	if (store_open_as_is(&other, path, err) != 0)
		return -1;
	int result = store_verify(&wrong, other, err);
	store_close(other, NULL);
	if (result == 0 && wrong.n)
		return err_set(err, ERR_FAILED, "'%s' is damaged, nothing of it was taken in: %.*s",
			path, (int)strcspn(wrong.p, "\n"), wrong.p);
	return result;
}

int
store_import(struct imported *out, struct store *store, const char *path, struct err *err)
{
	struct err ignored;

	if (store->read_only)
		return err_set(err, ERR_FAILED, "the store '%s' can only be read", store->path);
	if (verify_other(path, err) != 0 ||
		run_with_path(store, "ATTACH ?1 AS other", path, err) != 0)
		return -1;
	int result = import_attached(out, store, err);
	(void)!store_run(store, "DETACH other", &ignored);
	return result;
}

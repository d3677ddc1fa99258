#include "src/store.h"

#include <sqlite3.h>

#include "src/base/cleanup.h"
#include "src/store_internal.h"

/* Made when there is something to put in: stores were made without it, and an older heapwarden does
 * not look at it. */
static const char schema[] =
	"CREATE TABLE IF NOT EXISTS compiled("
	" build TEXT PRIMARY KEY,"
	" content TEXT NOT NULL,"
	" digest TEXT NOT NULL," /* of the two and the package */
	" snapshot INTEGER NOT NULL REFERENCES snapshot ON DELETE CASCADE) WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS compiled_snapshot ON compiled(snapshot);";

static const char exists[] = "SELECT count(*) FROM sqlite_master WHERE name = 'compiled'";

/* SQLite does not notice changed bytes, and a wrong row would give a package the words of another.
 */
static struct content_id
digest_of(const char *build, const char *package, const char *content)
{
	CLEANUP(buf_release) struct buf fields = {0};

	buf_printf(&fields, "%s\n%s\n%s", build, package, content);
	return hash_content(buf_str(&fields));
}

static const char *
text_at(sqlite3_stmt *statement, int at)
{
	const char *text = (const char *)sqlite3_column_text(statement, at);

	return text ? text : "";
}

int
store_compiled(struct buf *out, bool *found, struct store *store, const struct compiled *compiled,
	struct err *err)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;
	struct content_id unit;
	int64_t is_there;

	*found = false;
	if (store_number(&is_there, store, exists, err) != 0)
		return -1;
	if (!is_there)
		return 0;
	if (store_prepare(&statement, store,
		    "SELECT content, digest FROM compiled WHERE build = ?1", err) != 0)
		return -1;
	store_bind(statement, 1, compiled->build);
	if (store_step(found, store, statement, err) != 0)
		return -1;
	if (!*found)
		return 0;
	const char *content = text_at(statement, 0);
	struct content_id digest = digest_of(compiled->build, compiled->package, content);
	*found = strcmp(digest.hex, text_at(statement, 1)) == 0 &&
		 (!*content || strlen(content) < sizeof unit.hex);
	if (!*found || !*content)
		return 0;
	memcpy(unit.hex, content, strlen(content) + 1);
	return store_text(out, store, &unit, err);
}

static int
keep_one(struct store *store, sqlite3_stmt *statement, const struct compiled *compiled,
	const char *key, struct err *err)
{
	struct content_id digest = digest_of(compiled->build, compiled->package, compiled->content);

	store_bind(statement, 1, compiled->build);
	store_bind(statement, 2, compiled->content);
	store_bind(statement, 3, digest.hex);
	store_bind(statement, 4, key);
	return store_do(store, statement, err);
}

static int
keep_all(struct store *store, const char *key, const struct compiled *all, size_t count,
	struct err *err)
{
	CLEANUP(store_finalize) sqlite3_stmt *statement = NULL;

	if (store_run(store, schema, err) != 0 ||
		store_prepare(&statement, store,
			"INSERT OR REPLACE INTO compiled(build, content, digest, snapshot) "
			"SELECT ?1, ?2, ?3, id FROM snapshot WHERE key = ?4",
			err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (keep_one(store, statement, &all[i], key, err) != 0)
			return -1;
	return 0;
}

int
store_keep_compiled(struct store *store, const char *key, const struct compiled *all, size_t count,
	struct err *err)
{
	if (store->read_only || count == 0)
		return 0;
	if (store_begin(store, err) != 0)
		return -1;
	return store_end(store, keep_all(store, key, all, count, err), err);
}

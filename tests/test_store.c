#include "src/store.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/base/file.h"
#include "tests/test.h"

#define READER "reader"
#define DECIDED "key=1\nrelevant=0123\n"

static char directory[] = "/tmp/heapwarden-store-XXXXXX";

/* A new store for each test. */
static const char *
new_path(void)
{
	static char path[128];
	static int number;

	snprintf(path, sizeof path, "%s/%d/heapwarden/store.db", directory, ++number);
	return path;
}

static struct store *
open_with(const char *path, const char *reader, struct buf *notice)
{
	struct store *store = NULL;
	struct err err = {0};

	if (store_open(&store, path, reader, notice, &err) != 0)
		fail_msg("%s", err.msg);
	return store;
}

/* Where nothing is wrong. */
static struct store *
open_store(const char *path)
{
	CLEANUP(buf_release) struct buf notice = {0};
	struct store *store = open_with(path, READER, &notice);

	assert_int_equal(notice.n, 0);
	return store;
}

static void
close_store(struct store *store)
{
	CLEANUP(buf_release) struct buf notice = {0};

	store_close(store, &notice);
	assert_int_equal(notice.n, 0);
}

/* --- recordings */

static void
add_unit(struct recording *recording, const char *package, const char *text)
{
	struct recorded_unit *unit = recording_add(recording, package, str_of(text));

	unit->escapes = strlen(text);
	unit->summary_lines = strlen(package);
	recording_mention(recording, package, "log");
	recording_mention(recording, package, "/example.com/odd\tname");
}

/* Every list with something in it, names that are odd, in the order that the model wants. */
static struct package packages[] = {
	{.import_path = "example.com/app", .directory = "", .name = "main"},
	{.import_path = "example.com/app/a\nb", .directory = "a\nb", .name = "a\xff"},
	{.import_path = "example.com/app/gone", .absent = true, .error = "no such\ndirectory"},
};
static struct module modules[] = {
	{.path = "example.com/app/inner", .relative = "inner"},
	{.path = "example.com/app", .relative = ""},
};
static struct module replaced[] = {
	{.path = "example.com/dep@v1.2.3", .relative = "dep with blank"},
	{.path = "example.com/out@v0.0.1", .relative = NULL},
};
static struct package_file files[] = {
	{"example.com/app", "a.go"},
	{"example.com/app", "b:c.go"},
	{"example.com/app/a\nb", "a.go"},
};
static const char *odd_names[] = {"b:c.go", "new\nline.go", "quote\".go"};
static const char *embedded[] = {"a\nb/data", "text.txt"};

static void
fill(struct recording *recording)
{
	recording->go_version = "go1.26.8";
	recording->target = "linux/amd64";
	recording->list = (struct package_list){
		.packages = packages,
		.count = sizeof packages / sizeof *packages,
		.modules = modules,
		.module_count = sizeof modules / sizeof *modules,
		.replaced = replaced,
		.replaced_count = sizeof replaced / sizeof *replaced,
		.files = files,
		.file_count = sizeof files / sizeof *files,
		.odd_names = odd_names,
		.odd_name_count = sizeof odd_names / sizeof *odd_names,
		.embedded = embedded,
		.embedded_count = sizeof embedded / sizeof *embedded,
	};
	add_unit(recording, "example.com/app/a\nb", "# a\n./a.go:1:2: x escapes to heap");
	add_unit(recording, "example.com/app", "./b.go:1:2: moved to heap: \xff\n\ttext");
	add_unit(recording, "", "go: downloading");
	recording->is_counted = true;
	recording->sites = 7;
	recording->not_understood = 3;
	recording_finish(recording);
}

/* One package whose unit has that text. */
static void
fill_small(struct recording *recording, const char *text)
{
	recording->go_version = "go1.26.8";
	recording->target = "linux/amd64";
	recording->list = (struct package_list){.packages = packages, .count = 1};
	add_unit(recording, "example.com/app", text);
	recording->is_counted = true;
	recording_finish(recording);
}

static int
save(struct store *store, const char *key, const struct recording *recording, struct err *err)
{
	return store_save(store, key, DECIDED, "tree", recording, err);
}

static void
save_small(struct store *store, const char *key, const char *text)
{
	CLEANUP(recording_release) struct recording recording = {0};
	struct err err = {0};

	fill_small(&recording, text);
	if (save(store, key, &recording, &err) != 0)
		fail_msg("%s", err.msg);
}

/* Whether the store has the key; fails the test where it is damaged. */
static bool
has(struct store *store, const char *key)
{
	CLEANUP(recording_release) struct recording recording = {0};
	struct err err = {0};
	bool found;

	if (store_find(&recording, &found, store, key, &err) != 0)
		fail_msg("%s", err.msg);
	return found;
}

static void
assert_same_text(const char *is, const char *was)
{
	if (was)
		assert_string_equal(is, was);
	else
		assert_null(is);
}

static void
assert_same_modules(const struct module *is, const struct module *was, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(is[i].path, was[i].path);
		assert_same_text(is[i].relative, was[i].relative);
	}
}

static void
assert_same_names(const char *const *is, const char *const *was, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_string_equal(is[i], was[i]);
}

static void
assert_same_list(const struct package_list *is, const struct package_list *was)
{
	assert_int_equal(is->count, was->count);
	for (size_t i = 0; i < is->count; i++) {
		assert_string_equal(is->packages[i].import_path, was->packages[i].import_path);
		assert_same_text(is->packages[i].directory, was->packages[i].directory);
		assert_same_text(is->packages[i].name, was->packages[i].name);
		assert_same_text(is->packages[i].error, was->packages[i].error);
		assert_int_equal(is->packages[i].absent, was->packages[i].absent);
	}
	assert_int_equal(is->module_count, was->module_count);
	assert_same_modules(is->modules, was->modules, is->module_count);
	assert_int_equal(is->replaced_count, was->replaced_count);
	assert_same_modules(is->replaced, was->replaced, is->replaced_count);
	assert_int_equal(is->file_count, was->file_count);
	for (size_t i = 0; i < is->file_count; i++) {
		assert_string_equal(is->files[i].package, was->files[i].package);
		assert_string_equal(is->files[i].name, was->files[i].name);
	}
	assert_int_equal(is->odd_name_count, was->odd_name_count);
	assert_same_names(is->odd_names, was->odd_names, is->odd_name_count);
	assert_int_equal(is->embedded_count, was->embedded_count);
	assert_same_names(is->embedded, was->embedded, is->embedded_count);
}

static void
assert_same_units(struct store *store, const struct recording *is, const struct recording *was)
{
	assert_int_equal(is->count, was->count);
	for (size_t i = 0; i < is->count; i++) {
		CLEANUP(buf_release) struct buf text = {0};
		const struct recorded_unit *one = &is->units[i], *other = &was->units[i];
		struct err err = {0};
		assert_string_equal(one->package, other->package);
		assert_string_equal(one->id.hex, other->id.hex);
		assert_string_equal(one->mentions, other->mentions);
		assert_int_equal(one->escapes, other->escapes);
		assert_int_equal(one->summary_lines, other->summary_lines);
		assert_int_equal(one->frame.n, 0);
		assert_false(one->is_read);
		buf_add(&text, STR("before "));
		assert_int_equal(store_text(&text, store, &one->id, &err), 0);
		assert_int_equal(text.n, 7 + other->size);
		assert_string_equal(hash_content(str_from(buf_str(&text), 7)).hex, other->id.hex);
	}
}

static void
test_same_recording(void **state)
{
	CLEANUP(recording_release) struct recording was = {0};
	CLEANUP(recording_release) struct recording is = {0};
	struct err err = {0};
	bool found = true;

	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	assert_int_equal(store_find(&is, &found, store, "key", &err), 0);
	assert_false(found);
	fill(&was);
	assert_int_equal(save(store, "key", &was, &err), 0);
	/* By another process. */
	close_store(store);
	store = open_store(path);
	assert_int_equal(store_find(&is, &found, store, "key", &err), 0);
	assert_true(found);
	assert_string_equal(is.go_version, was.go_version);
	assert_string_equal(is.target, was.target);
	assert_true(is.is_counted);
	assert_int_equal(is.sites, 7);
	assert_int_equal(is.not_understood, 3);
	assert_same_list(&is.list, &was.list);
	assert_same_units(store, &is, &was);
	close_store(store);
}

/* A recording as it came out of the store, whose units have no texts, can be saved again. */
static void
test_saved_without_texts(void **state)
{
	CLEANUP(recording_release) struct recording was = {0};
	CLEANUP(recording_release) struct recording is = {0};
	CLEANUP(recording_release) struct recording lacking = {0};
	struct err err = {0};
	bool found;

	(void)state;
	struct store *store = open_store(new_path());
	fill(&was);
	assert_int_equal(save(store, "one", &was, &err), 0);
	assert_int_equal(store_find(&is, &found, store, "one", &err), 0);
	assert_int_equal(save(store, "two", &is, &err), 0);
	recording_release(&is);
	assert_int_equal(store_find(&is, &found, store, "two", &err), 0);
	assert_same_units(store, &is, &was);
	/* But not where the text is nowhere, and then nothing of it is kept. */
	fill_small(&lacking, "never saved");
	buf_release(&lacking.units[0].frame);
	assert_int_equal(save(store, "three", &lacking, &err), -1);
	assert_non_null(strstr(err.msg, "has lost a unit"));
	assert_false(has(store, "three"));
	close_store(store);
}

/* --- looking into the file */

/* Each row's first column, a line each; to be released. */
static struct buf
ask(const char *path, const char *sql)
{
	struct buf out = {0};
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	while (sqlite3_prepare_v2(db, sql, -1, &statement, &sql) == SQLITE_OK && statement) {
		while (sqlite3_step(statement) == SQLITE_ROW)
			buf_printf(&out, "%s\n", (const char *)sqlite3_column_text(statement, 0));
		sqlite3_finalize(statement);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return out;
}

static void
assert_answer(const char *path, const char *sql, const char *answer)
{
	CLEANUP(buf_release) struct buf is = ask(path, sql);

	assert_string_equal(buf_str(&is).p, answer);
}

static void
change(const char *path, const char *sql)
{
	CLEANUP(buf_release) struct buf ignored = ask(path, sql);
}

static struct buf
bytes_of(const char *path)
{
	struct buf bytes = {0};
	struct err err = {0};

	if (file_read(&bytes, path, &err) != 0)
		fail_msg("%s", err.msg);
	return bytes;
}

static void
test_once_each(void **state)
{
	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	save_small(store, "one", "the same");
	save_small(store, "two", "the same");
	save_small(store, "three", "another");
	assert_answer(path, "SELECT count(*) FROM unit", "2\n");
	assert_answer(path, "SELECT count(*) FROM printed", "3\n");
	close_store(store);
}

static void
test_replaced_key(void **state)
{
	CLEANUP(recording_release) struct recording full = {0};
	CLEANUP(recording_release) struct recording is = {0};
	struct err err = {0};
	bool found;

	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	fill(&full);
	assert_int_equal(save(store, "key", &full, &err), 0);
	save_small(store, "key", "what is now so");
	assert_int_equal(store_find(&is, &found, store, "key", &err), 0);
	assert_true(found);
	assert_int_equal(is.count, 1);
	assert_int_equal(is.list.count, 1);
	assert_int_equal(is.list.module_count + is.list.file_count + is.list.embedded_count, 0);
	assert_answer(path,
		"SELECT count(*) FROM snapshot; SELECT count(*) FROM package; "
		"SELECT count(*) FROM module; SELECT count(*) FROM file; PRAGMA foreign_key_check",
		"1\n1\n0\n0\n");
	close_store(store);
}

static void
test_other_reader(void **state)
{
	CLEANUP(buf_release) struct buf notice = {0};
	CLEANUP(recording_release) struct recording is = {0};
	struct err err = {0};
	bool found;

	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	save_small(store, "key", "text");
	close_store(store);
	store = open_with(path, "another", &notice);
	assert_int_equal(store_find(&is, &found, store, "key", &err), 0);
	assert_true(found);
	assert_false(is.is_counted);
	/* It counts the unit in a snapshot of its own; what the first one knew is no more. */
	save_small(store, "other", "text");
	close_store(store);
	store = open_store(path);
	recording_release(&is);
	assert_int_equal(store_find(&is, &found, store, "key", &err), 0);
	assert_true(found);
	assert_false(is.is_counted);
	close_store(store);
}

static void
test_relevant(void **state)
{
	struct content_id is, was = hash_content(STR("what is relevant"));
	struct err err = {0};
	bool found;

	(void)state;
	struct store *store = open_store(new_path());
	assert_int_equal(store_relevant(&is, &found, store, "tree", &err), 0);
	assert_false(found);
	for (int i = 0; i < 2; i++)
		assert_int_equal(store_keep_relevant(store, "tree", &was, &err), 0);
	assert_int_equal(store_relevant(&is, &found, store, "tree", &err), 0);
	assert_true(found);
	assert_string_equal(is.hex, was.hex);
	close_store(store);
}

/* --- what is not as it should be */

/* How many files of that kind are beside the store. */
static int
count_beside(const char *path, const char *ending)
{
	CLEANUP(buf_release) struct buf command = {0};
	int count = -1;

	buf_printf(&command, "ls %s%s 2>/dev/null | wc -l", path, ending);
	FILE *pipe = popen(command.p, "r");
	assert_non_null(pipe);
	assert_int_equal(fscanf(pipe, "%d", &count), 1);
	pclose(pipe);
	return count;
}

static void
overwrite(const char *path, const char *text, off_t at)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, text, strlen(text), at), strlen(text));
	close(fd);
}

static void
expect_begun_anew(const char *path)
{
	CLEANUP(buf_release) struct buf notice = {0};
	struct store *store = open_with(path, READER, &notice);

	assert_non_null(strstr(buf_str(&notice).p, "is damaged: it was set aside as '"));
	assert_false(has(store, "key"));
	save_small(store, "key", "text");
	close_store(store);
	close_store(open_store(path));
	assert_int_equal(count_beside(path, ".damaged-*"), 1);
}

static void
test_damaged_at_once(void **state)
{
	(void)state;
	const char *path = new_path();
	close_store(open_store(path));
	overwrite(path, "this is no database, nor has it ever been one", 0);
	expect_begun_anew(path);
}

static void
test_cut_off(void **state)
{
	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	save_small(store, "key", "text");
	close_store(store);
	assert_int_equal(truncate(path, 6000), 0);
	expect_begun_anew(path);
}

/* What each of these does to the file is noticed when the snapshot is read or a text is, and at the
 * end the store is set aside. */
static const struct damage {
	const char *name, *sql;
} damages[] = {
	{"text", "UPDATE unit SET text = substr(text, 1, 20) || 'x' || substr(text, 22)"},
	{"text of another unit", "UPDATE unit SET text = (SELECT text FROM unit LIMIT 1 OFFSET 1)"},
	{"size", "UPDATE unit SET size = 4000000000"},
	{"mentions", "UPDATE unit SET mentions = mentions || 'fmt'"},
	{"escapes", "UPDATE unit SET escapes = escapes + 1"},
	{"reader", "UPDATE unit SET reader = 'somebody'"},
	{"unit of another package", "UPDATE printed SET unit = 1"},
	{"package that printed nothing", "DELETE FROM printed WHERE package = ''"},
	{"unit that is not there", "DELETE FROM unit WHERE id = 1"},
	{"directory", "UPDATE package SET directory = 'elsewhere' WHERE name = 'main'"},
	{"no directory", "UPDATE package SET directory = NULL"},
	{"package", "DELETE FROM package WHERE name = 'main'"},
	{"module", "UPDATE module SET relative = 'x' WHERE replaced = 0"},
	{"replaced module", "DELETE FROM module WHERE replaced"},
	{"file", "DELETE FROM file WHERE kind = 'source'"},
	{"odd name", "DELETE FROM file WHERE kind = 'odd'"},
	{"embedded file", "DELETE FROM file WHERE kind = 'embedded'"},
	{"count of sites", "UPDATE snapshot SET sites = 0"},
	{"lines not understood", "UPDATE snapshot SET not_understood = 0"},
	{"Go", "UPDATE snapshot SET go = 'go1.25.0'"},
	{"key of another snapshot", "UPDATE snapshot SET key = 'key' WHERE key = 'other'"},
	{"NULL where none may be",
		"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, ' NOT "
		"NULL', ''); PRAGMA writable_schema = RESET; UPDATE unit SET mentions = NULL, "
		"reader = NULL; UPDATE snapshot SET reader = NULL, digest = NULL"},
};

/* -1 where something of the recording cannot be had. */
static int
load_all(struct store *store, struct err *err)
{
	CLEANUP(recording_release) struct recording recording = {0};
	CLEANUP(buf_release) struct buf text = {0};
	bool found;

	if (store_find(&recording, &found, store, "key", err) != 0)
		return -1;
	for (size_t i = 0; i < recording.count; i++)
		if (store_text(&text, store, &recording.units[i].id, err) != 0)
			return -1;
	return 0;
}

static void
test_damaged_on_the_way(void **state)
{
	const struct damage *damage = *state;
	CLEANUP(recording_release) struct recording recording = {0};
	CLEANUP(buf_release) struct buf notice = {0};
	struct err err = {0};

	const char *path = new_path();
	struct store *store = open_store(path);
	fill(&recording);
	if (strcmp(damage->name, "key of another snapshot") != 0)
		assert_int_equal(save(store, "key", &recording, &err), 0);
	assert_int_equal(save(store, "other", &recording, &err), 0);
	close_store(store);
	change(path, damage->sql);
	store = open_with(path, READER, &notice);
	assert_int_equal(notice.n, 0);
	assert_int_equal(load_all(store, &err), -1);
	assert_non_null(strstr(err.msg, path));
	store_close(store, &notice);
	assert_non_null(strstr(buf_str(&notice).p, "is damaged: it was set aside as '"));
	assert_int_equal(count_beside(path, ".damaged-*"), 1);
	close_store(open_store(path));
}

/* Overwritten anywhere: what comes out is what was written, or nothing. */
static void
test_overwritten(void **state)
{
	CLEANUP(recording_release) struct recording recording = {0};
	struct err err = {0};
	int noticed = 0;

	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	fill(&recording);
	assert_int_equal(save(store, "key", &recording, &err), 0);
	close_store(store);
	CLEANUP(buf_release) struct buf whole = bytes_of(path);
	for (size_t at = 100; at + 16 < whole.n; at += 509) {
		CLEANUP(buf_release) struct buf notice = {0};
		CLEANUP(recording_release) struct recording is = {0};
		bool found = false;
		overwrite(path, "", 0);
		int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
		assert_int_equal(pwrite(fd, whole.p, whole.n, 0), whole.n);
		close(fd);
		overwrite(path, "\xff\x01wrong bytes..", (off_t)at);
		if (store_open(&store, path, READER, &notice, &err) != 0)
			continue;
		bool intact = store_find(&is, &found, store, "key", &err) == 0 && found;
		if (intact)
			assert_same_list(&is.list, &recording.list);
		for (size_t i = 0; i < is.count; i++) {
			CLEANUP(buf_release) struct buf text = {0};
			if (intact && store_text(&text, store, &is.units[i].id, &err) == 0)
				assert_string_equal(hash_content(buf_str(&text)).hex,
					recording.units[i].id.hex);
		}
		noticed += !intact;
		store_close(store, &notice);
	}
	assert_true(noticed > 0);
}

/* Another process has set it aside and begun anew: its store is left alone. */
static void
test_damaged_for_two(void **state)
{
	CLEANUP(buf_release) struct buf notice = {0};
	struct err err = {0};

	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	save_small(store, "key", "text");
	close_store(store);
	change(path, "UPDATE unit SET escapes = 5");
	struct store *one = open_store(path), *two = open_store(path);
	assert_int_equal(load_all(one, &err), -1);
	assert_int_equal(load_all(two, &err), -1);
	store_close(one, &notice);
	assert_true(notice.n > 0);
	store = open_store(path);
	save_small(store, "key", "text");
	buf_clear(&notice);
	store_close(two, &notice);
	assert_int_equal(notice.n, 0);
	assert_int_equal(load_all(store, &err), 0);
	close_store(store);
	assert_int_equal(count_beside(path, ".damaged-*"), 1);
}

/* The file cannot be opened, says so, and is byte for byte what it was. */
static void
expect_left_alone(const char *path, const char *message)
{
	CLEANUP(buf_release) struct buf notice = {0};
	CLEANUP(buf_release) struct buf before = bytes_of(path);
	struct store *store = NULL;
	struct err err = {0};

	assert_int_equal(store_open(&store, path, READER, &notice, &err), -1);
	assert_null(store);
	assert_non_null(strstr(err.msg, message));
	assert_int_equal(notice.n, 0);
	CLEANUP(buf_release) struct buf after = bytes_of(path);
	assert_int_equal(before.n, after.n);
	assert_memory_equal(before.p, after.p, before.n);
	assert_int_equal(count_beside(path, "?*"), 0);
}

static void
test_newer_version(void **state)
{
	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	save_small(store, "key", "text");
	close_store(store);
	change(path, "PRAGMA user_version = 9999; ALTER TABLE unit ADD COLUMN more");
	expect_left_alone(path, "was made by a newer heapwarden");
}

static void
test_foreign_text(void **state)
{
	(void)state;
	char path[160];
	snprintf(path, sizeof path, "%s.md", new_path());
	close_store(open_store(path));
	assert_int_equal(truncate(path, 0), 0);
	overwrite(path, "A text that somebody has named by mistake, and that is long enough.\n", 0);
	expect_left_alone(path, "is no store");
}

/* A database of another program, which is damaged, under a name that one of ours could have; one
 * that has our number is ours under any name. */
static void
test_foreign_damage(void **state)
{
	(void)state;
	char path[160];
	for (int ours = 0; ours < 2; ours++) {
		snprintf(path, sizeof path, "%s.db", new_path());
		close_store(open_store(path));
		if (!ours)
			change(path, "PRAGMA application_id = 1");
		overwrite(path, "no database", 0);
		if (!ours) {
			expect_left_alone(path, "is no store");
			continue;
		}
		CLEANUP(buf_release) struct buf notice = {0};
		close_store(open_with(path, READER, &notice));
		assert_int_equal(count_beside(path, ".damaged-*"), 1);
	}
}

static void
test_foreign_database(void **state)
{
	(void)state;
	const char *path = new_path();
	close_store(open_store(path));
	assert_int_equal(unlink(path), 0);
	change(path, "CREATE TABLE bookmark(address); INSERT INTO bookmark VALUES('x')");
	expect_left_alone(path, "is no store of heapwarden's");
	change(path, "PRAGMA user_version = 1");
	expect_left_alone(path, "is no store of heapwarden's");
}

static void
test_empty_file(void **state)
{
	(void)state;
	const char *path = new_path();
	close_store(open_store(path));
	assert_int_equal(truncate(path, 0), 0);
	struct store *store = open_store(path);
	save_small(store, "key", "text");
	close_store(store);
}

/* --- places that can only be read, or hold no more */

/* A file system of its own, in a child, which alone sees it and ends with what the function gives:
 * 77 is skipped. */
static int
in_child(int (*function)(const char *path), const char *path)
{
	int status = 0;

	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(function(path));
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static char *
directory_of(const char *path)
{
	struct str name = path_directory(path);

	return strndup(name.p, name.n);
}

/* What is there is found, and what is saved is not. */
static int
use_read_only(const char *path)
{
	CLEANUP(buf_release) struct buf notice = {0};
	CLEANUP(recording_release) struct recording recording = {0};
	struct store *store = NULL;
	struct err err = {0};

	if (store_open(&store, path, READER, &notice, &err) != 0 || notice.n)
		return 1;
	fill_small(&recording, "more");
	if (load_all(store, &err) != 0 || save(store, "more", &recording, &err) != 0 ||
		store_keep_relevant(store, "tree", &recording.units[0].id, &err) != 0)
		return 2;
	if (has(store, "more"))
		return 3;
	store_close(store, &notice);
	return notice.n ? 4 : 0;
}

/* Root may write to files that say otherwise: a file system that is mounted so stops root as well.
 */
static int
use_read_only_mount(const char *path)
{
	CLEANUP(free_ptr) char *place = directory_of(path);

	if (geteuid() != 0) {
		if (chmod(path, 0400) != 0 || chmod(place, 0500) != 0)
			return 9;
		int result = use_read_only(path);
		return chmod(place, 0700) == 0 ? result : 9;
	}
	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount(place, place, NULL, MS_BIND, NULL) != 0 ||
		mount(NULL, place, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) != 0)
		return 77;
	return use_read_only(path);
}

static void
test_read_only(void **state)
{
	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	save_small(store, "key", "text");
	close_store(store);
	CLEANUP(buf_release) struct buf before = bytes_of(path);
	int result = in_child(use_read_only_mount, path);
	if (result == 77)
		skip();
	assert_int_equal(result, 0);
	CLEANUP(buf_release) struct buf after = bytes_of(path);
	assert_int_equal(before.n, after.n);
	assert_memory_equal(before.p, after.p, before.n);
}

/* Text that does not become smaller. */
static struct buf
noise(unsigned seed, size_t n)
{
	struct buf text = {0};

	srand(seed);
	while (text.n < n)
		buf_add_char(&text, (char)('!' + rand() % 90));
	return text;
}

/* Fill it until that fails; then it must still be a store, with all that was saved before. */
static int
fill_up(const char *path)
{
	CLEANUP(buf_release) struct buf notice = {0};
	struct store *store = NULL;
	struct err err = {0};
	char key[16];
	int saved = 0;

	if (store_open(&store, path, READER, &notice, &err) != 0)
		return 1;
	for (int result = 0; result == 0 && saved < 1000; saved += result == 0) {
		CLEANUP(buf_release) struct buf text = noise((unsigned)saved, 50000);
		CLEANUP(recording_release) struct recording recording = {0};
		fill_small(&recording, text.p);
		snprintf(key, sizeof key, "%d", saved);
		result = save(store, key, &recording, &err);
	}
	if (saved == 0 || saved == 1000)
		return 2;
	for (int i = 0; i <= saved; i++) {
		snprintf(key, sizeof key, "%d", i);
		if (has(store, key) != (i < saved))
			return 3;
	}
	store_close(store, &notice);
	return notice.n ? 4 : 0;
}

static int
fill_little_room(const char *path)
{
	const struct rlimit limit = {400000, 400000};

	signal(SIGXFSZ, SIG_IGN);
	return setrlimit(RLIMIT_FSIZE, &limit) == 0 ? fill_up(path) : 9;
}

static int
fill_small_disk(const char *path)
{
	CLEANUP(free_ptr) char *place = directory_of(path);

	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("store", place, "tmpfs", 0, "size=500k") != 0)
		return 77;
	return fill_up(path);
}

static void
test_little_room(void **state)
{
	(void)state;
	const char *path = new_path();
	close_store(open_store(path));
	assert_int_equal(in_child(fill_little_room, path), 0);
	assert_answer(path, "PRAGMA integrity_check", "ok\n");
}

static void
test_full_disk(void **state)
{
	(void)state;
	const char *path = new_path();
	close_store(open_store(path));
	int result = in_child(fill_small_disk, path);
	if (result == 77)
		skip();
	assert_int_equal(result, 0);
}

/* --- several at once */

/* Save snapshots that share most of their units with those of others, from number `from` on. */
static int
save_many(const char *path, int from, int count)
{
	CLEANUP(buf_release) struct buf notice = {0};
	struct store *store = NULL;
	struct err err = {0};

	if (store_open(&store, path, READER, &notice, &err) != 0 || notice.n)
		return 1;
	for (int i = from; i < from + count; i++) {
		CLEANUP(recording_release) struct recording recording = {0};
		char text[32], key[32];
		snprintf(text, sizeof text, "unit %d", i / 2);
		snprintf(key, sizeof key, "%d", i);
		for (int unit = 0; unit < 20; unit++) {
			CLEANUP(buf_release) struct buf name = {0};
			buf_printf(&name, "package %d", unit);
			recording_add(&recording, name.p, buf_str(&name));
		}
		fill_small(&recording, text);
		if (save(store, key, &recording, &err) != 0)
			return 2;
	}
	store_close(store, &notice);
	return notice.n ? 3 : 0;
}

static pid_t
start_saving(const char *path, int from, int count)
{
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(save_many(path, from, count));
	return child;
}

static void
test_two_at_once(void **state)
{
	pid_t children[4];

	(void)state;
	const char *path = new_path();
	/* The first ones make the store as well. */
	for (int i = 0; i < 4; i++)
		children[i] = start_saving(path, i * 15, 20);
	for (int i = 0; i < 4; i++) {
		int status = -1;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	assert_answer(path, "PRAGMA integrity_check; SELECT count(*) FROM snapshot", "ok\n65\n");
	assert_answer(path, "SELECT count(*) FROM unit", "53\n");
}

/* Killed at any time: the store is whole, and so is each snapshot in it. */
static void
test_killed(void **state)
{
	(void)state;
	const char *path = new_path();
	for (int i = 0; i < 60; i++) {
		pid_t child = start_saving(path, i * 1000, 1000);
		int status;
		usleep((useconds_t)(1000 + i * 397));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		struct store *store = open_store(path);
		close_store(store);
	}
	assert_answer(path,
		"PRAGMA integrity_check; PRAGMA foreign_key_check; SELECT count(*) FROM "
		"snapshot WHERE (SELECT count(*) FROM printed WHERE snapshot = id) != 21",
		"ok\n0\n");
	CLEANUP(buf_release) struct buf keys = ask(path, "SELECT key FROM snapshot");
	struct str rest = buf_str(&keys), key;
	assert_true(keys.n > 0);
	struct store *store = open_store(path);
	while (str_next(&key, &rest, '\n')) {
		CLEANUP(free_ptr) char *name = strndup(key.p, key.n);
		assert_true(has(store, name));
	}
	close_store(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_recording),
		cmocka_unit_test(test_saved_without_texts),
		cmocka_unit_test(test_once_each),
		cmocka_unit_test(test_replaced_key),
		cmocka_unit_test(test_other_reader),
		cmocka_unit_test(test_relevant),
		cmocka_unit_test(test_damaged_at_once),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_overwritten),
		cmocka_unit_test(test_damaged_for_two),
		cmocka_unit_test(test_newer_version),
		cmocka_unit_test(test_foreign_text),
		cmocka_unit_test(test_foreign_database),
		cmocka_unit_test(test_foreign_damage),
		cmocka_unit_test(test_empty_file),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_little_room),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_two_at_once),
		cmocka_unit_test(test_killed),
	};

	if (!mkdtemp(directory))
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	failed += RUN_TABLE("damages", damages, test_damaged_on_the_way);
	dir_remove(directory);
	return failed != 0;
}

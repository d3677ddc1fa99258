/* Stores in a directory of their own, and recordings to put into them. */
#pragma once

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/file.h"
#include "src/store.h"
#include "tests/test.h"

#define READER "reader"
#define DECIDED "key=1\nrelevant=0123\n"

static char directory[] = "/tmp/heapwarden-store-XXXXXX";

/* A new store for each test. */
static inline const char *
new_path(void)
{
	static char path[128];
	static int number;

	snprintf(path, sizeof path, "%s/%d/heapwarden/store.db", directory, ++number);
	return path;
}

static inline struct store *
open_with(const char *path, const char *reader, struct buf *notice)
{
	struct store *store = NULL;
	struct err err = {0};

	if (store_open(&store, path, reader, notice, &err) != 0)
		fail_msg("%s", err.msg);
	return store;
}

/* Where nothing is wrong. */
static inline struct store *
open_store(const char *path)
{
	CLEANUP(buf_release) struct buf notice = {0};
	struct store *store = open_with(path, READER, &notice);

	assert_int_equal(notice.n, 0);
	return store;
}

static inline void
close_store(struct store *store)
{
	CLEANUP(buf_release) struct buf notice = {0};

	store_close(store, &notice);
	assert_int_equal(notice.n, 0);
}

/* --- recordings */

static inline void
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

static inline void
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
static inline void
fill_small(struct recording *recording, const char *text)
{
	recording->go_version = "go1.26.8";
	recording->target = "linux/amd64";
	recording->list = (struct package_list){.packages = packages, .count = 1};
	add_unit(recording, "example.com/app", text);
	recording->is_counted = true;
	recording_finish(recording);
}

static inline int
save(struct store *store, const char *key, const struct recording *recording, struct err *err)
{
	return store_save(store, key, DECIDED, "tree", recording, err);
}

static inline void
save_small(struct store *store, const char *key, const char *text)
{
	CLEANUP(recording_release) struct recording recording = {0};
	struct err err = {0};

	fill_small(&recording, text);
	if (save(store, key, &recording, &err) != 0)
		fail_msg("%s", err.msg);
}

/* Whether the store has the key; fails the test where it is damaged. */
static inline bool
has(struct store *store, const char *key)
{
	CLEANUP(recording_release) struct recording recording = {0};
	struct err err = {0};
	bool found;

	if (store_find(&recording, &found, store, key, &err) != 0)
		fail_msg("%s", err.msg);
	return found;
}

static inline void
assert_same_text(const char *is, const char *was)
{
	if (was)
		assert_string_equal(is, was);
	else
		assert_null(is);
}

static inline void
assert_same_modules(const struct module *is, const struct module *was, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(is[i].path, was[i].path);
		assert_same_text(is[i].relative, was[i].relative);
	}
}

static inline void
assert_same_names(const char *const *is, const char *const *was, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_string_equal(is[i], was[i]);
}

static inline void
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

static inline void
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

/* --- looking into the file */

/* Each row's first column, a line each; to be released. */
static inline struct buf
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

static inline void
assert_answer(const char *path, const char *sql, const char *answer)
{
	CLEANUP(buf_release) struct buf is = ask(path, sql);

	assert_string_equal(buf_str(&is).p, answer);
}

static inline void
change(const char *path, const char *sql)
{
	CLEANUP(buf_release) struct buf ignored = ask(path, sql);
}

static inline struct buf
bytes_of(const char *path)
{
	struct buf bytes = {0};
	struct err err = {0};

	if (file_read(&bytes, path, &err) != 0)
		fail_msg("%s", err.msg);
	return bytes;
}

/* Run the tests in a new directory. */
#define RUN_STORE_TESTS(tests, failed)                                                             \
	do {                                                                                       \
		if (!mkdtemp(directory))                                                           \
			return 1;                                                                  \
		(failed) = cmocka_run_group_tests(tests, NULL, NULL);                              \
	} while (0)

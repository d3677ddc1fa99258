/* What is put into a store comes out of it, and is there once. */
#include "tests/store_fixture.h"

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

/* The graph of imports is a text of its own, which several snapshots share. */
static void
test_imports(void **state)
{
	CLEANUP(recording_release) struct recording is = {0};
	CLEANUP(buf_release) struct buf text = {0};
	struct err err = {0};
	bool found;

	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	for (int i = 0; i < 2; i++) {
		CLEANUP(recording_release) struct recording was = {0};
		fill(&was);
		was.list.imports = "a\t/a\tapp@ 1.22\tfmt \n";
		was.imports = hash_content(str_of(was.list.imports));
		assert_int_equal(save(store, i ? "two" : "one", &was, &err), 0);
	}
	assert_int_equal(store_find(&is, &found, store, "two", &err), 0);
	assert_null(is.list.imports);
	assert_int_equal(store_imports(&text, store, &is.imports, &err), 0);
	assert_string_equal(text.p, "a\t/a\tapp@ 1.22\tfmt \n");
	/* Saved again without its text. */
	assert_int_equal(save(store, "three", &is, &err), 0);
	assert_answer(path, "SELECT count(*) FROM imports; SELECT count(imports) FROM snapshot",
		"1\n3\n");
	assert_int_equal(store_imports(&text, store, &(struct content_id){"0123"}, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	close_store(store);
}

/* One that a heapwarden before the graph of imports has made is brought up to date, and what is in
 * it is still believed. */
static void
test_older_version(void **state)
{
	CLEANUP(recording_release) struct recording is = {0};
	struct err err = {0};
	bool found;

	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	save_small(store, "before", "text");
	close_store(store);
	change(path, "ALTER TABLE snapshot DROP COLUMN imports; DROP TABLE imports; "
		     "PRAGMA user_version=1");
	store = open_store(path);
	assert_int_equal(store_find(&is, &found, store, "before", &err), 0);
	assert_true(found);
	assert_string_equal(is.imports.hex, "");
	save_small(store, "after", "text");
	close_store(store);
	assert_answer(path, "PRAGMA user_version; SELECT count(*) FROM snapshot", "2\n2\n");
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
		cmocka_unit_test(test_imports),
		cmocka_unit_test(test_older_version),
	};
	int failed;

	RUN_STORE_TESTS(tests, failed);
	dir_remove(directory);
	return failed != 0;
}

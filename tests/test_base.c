#include "tests/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/base/arena.h"
#include "src/base/err.h"
#include "src/base/file.h"
#include "src/base/utf8.h"

static char directory[] = "/tmp/heapwarden-test-XXXXXX";

static int
make_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

static int
remove_directory(void **state)
{
	(void)state;
	dir_remove(directory);
	return path_exists(directory);
}

static void
test_err(void **state)
{
	struct err err = {0};
	char longer[sizeof err.msg];

	(void)state;
	assert_int_equal(err_set(&err, ERR_USAGE, "no such %s", "thing"), -1);
	assert_int_equal(err_wrap(&err, "--base %d", 1), -1);
	assert_string_equal(err.msg, "--base 1: no such thing");
	assert_int_equal(err.code, ERR_USAGE);
	errno = ENOENT;
	err_errno(&err, "cannot open '%s'", "x");
	assert_string_equal(err.msg, "cannot open 'x': No such file or directory");
	assert_int_equal(err.code, ERR_NOT_FOUND);
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	err_set(&err, ERR_FAILED, "%s%s", longer, longer);
	err_wrap(&err, "%s", longer);
	assert_true(strlen(err.msg) < sizeof err.msg);
	assert_non_null(strstr(err.msg, "xx: "));
}

static void
test_arena(void **state)
{
	struct arena arena = {0};
	char *first = arena_strdup(&arena, "first");

	(void)state;
	for (size_t size = 1; size < 300000; size = size * 3 + 1) {
		unsigned char *bytes = arena_alloc(&arena, size);
		assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(bytes[i], 0);
		memset(bytes, 0xff, size);
	}
	assert_string_equal(first, "first");
	assert_string_equal(arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
	assert_string_equal(arena_str(&arena, (struct str){"abc", 2}), "ab");
	assert_null(arena_strdup(&arena, NULL));
	assert_null(arena_copy(&arena, NULL, 0, 4));
	arena_release(&arena);
	arena_release(&arena);
}

static void
test_str(void **state)
{
	struct str rest = STR("a,,b"), part;
	struct buf buf = {0};

	(void)state;
	while (str_next(&part, &rest, ','))
		buf_printf(&buf, "<%.*s>", STR_ARG(part));
	assert_string_equal(buf.p, "<a><><b>");
	buf_release(&buf);
	assert_true(str_starts(STR("abc"), STR("ab")) && !str_starts(STR("a"), STR("ab")));
	assert_true(str_ends(STR("abc"), STR("bc")) && !str_ends(STR("c"), STR("bc")));
	assert_int_equal(str_int(STR("2147483647")), 2147483647);
	assert_int_equal(str_int(STR("2147483648")), -1);
	assert_int_equal(str_int(STR("")), -1);
	assert_int_equal(str_int(STR("1x")), -1);
	assert_int_equal(str_from(STR("ab"), 5).n, 0);
}

static const struct {
	const char *bytes;
	size_t n;
	int32_t point;
	size_t taken;
} sequences[] = {
	{"a", 1, 'a', 1},
	{"\xc3\xa9", 2, 0xE9, 2},
	{"\xe2\x86\x90", 3, 0x2190, 3},
	{"\xf0\x9f\x8e\x89", 4, 0x1F389, 4},
	{"\xff", 1, -1, 1},
	{"\xc0\xaf", 2, -1, 1},
	{"\xe2\x86", 2, -1, 1},
	{"\xed\xa0\x80", 3, -1, 1},
	{"\xf4\x90\x80\x80", 4, -1, 1},
	{"\xe0\x80\xaf", 3, -1, 1},
};

static void
test_utf8(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
		struct str rest = {sequences[i].bytes, sequences[i].n};
		struct buf again = {0};
		assert_int_equal(utf8_next(&rest), sequences[i].point);
		assert_int_equal(sequences[i].n - rest.n, sequences[i].taken);
		if (sequences[i].point < 0)
			continue;
		utf8_add(&again, sequences[i].point);
		assert_memory_equal(again.p, sequences[i].bytes, sequences[i].n);
		buf_release(&again);
	}
	assert_true(utf8_is_unsafe(0x1B) && utf8_is_unsafe(0x202E) && utf8_is_unsafe(0));
	assert_false(utf8_is_unsafe('\t') || utf8_is_unsafe('\n') || utf8_is_unsafe(0xE9));
	assert_int_equal(utf8_width(0x4E16), 2);
	assert_int_equal(utf8_width(0x301), 0);
	assert_int_equal(utf8_width('x'), 1);
}

static void
test_upper(void **state)
{
	size_t count = 0;

	(void)state;
	assert_true(utf8_starts_upper(STR("A")) && utf8_starts_upper(STR("\u00c9tat")));
	assert_false(utf8_starts_upper(STR("\u00e9tat")) || utf8_starts_upper(STR("a")));
	assert_false(utf8_starts_upper(STR("\u4e16")) || utf8_starts_upper(STR("_A")));
	assert_false(utf8_starts_upper(STR("")) || utf8_starts_upper(STR("\xc9")));
	assert_true(utf8_is_upper(0x1C4) && !utf8_is_upper(0x1C5) && !utf8_is_upper(0x1C6));
	assert_true(utf8_is_upper(0x1D400) && !utf8_is_upper(0x1D41A));
	for (int32_t point = 0; point <= 0x10FFFF; point++)
		count += utf8_is_upper(point);
	assert_int_equal(count, 1831); /* as in Go's unicode.Upper */
}

static void
write_whole(const char *path, const char *text)
{
	CLEANUP(file_out_release) struct file_out out = {0};
	struct err err;

	assert_int_equal(file_out_open(&out, path, &err), 0);
	fputs(text, out.fp);
	assert_int_equal(file_out_commit(&out, &err), 0);
}

static void
expect_content(const char *path, const char *text)
{
	CLEANUP(buf_release) struct buf content = {0};
	struct err err;

	assert_int_equal(file_read(&content, path, &err), 0);
	assert_string_equal(content.p, text);
}

/* What was there stays until the new document is whole, and stays when it is given up. */
static void
test_file_out(void **state)
{
	CLEANUP(free_ptr) char *path = path_join(directory, "report");
	CLEANUP(free_ptr) char *link = path_join(directory, "link");
	struct file_out out = {0};
	struct stat status;
	struct err err;

	(void)state;
	write_whole(path, "one");
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(symlink("report", link), 0);
	assert_int_equal(file_out_open(&out, path, &err), 0);
	fputs("two", out.fp);
	fflush(out.fp);
	expect_content(path, "one");
	CLEANUP(free_ptr) char *temporary = strdup(out.temporary);
	file_out_release(&out);
	expect_content(path, "one");
	assert_false(path_exists(temporary));
	write_whole(link, "three");
	expect_content(path, "three");
	assert_int_equal(lstat(link, &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
}

static void
test_file_out_failures(void **state)
{
	CLEANUP(free_ptr) char *nowhere = path_join(directory, "no/such/place");
	struct file_out out = {0};
	struct err err;

	(void)state;
	assert_int_equal(file_out_open(&out, nowhere, &err), -1);
	assert_non_null(strstr(err.msg, nowhere));
	file_out_release(&out);
	assert_int_equal(file_out_open(&out, directory, &err), -1);
	assert_non_null(strstr(err.msg, "is a directory"));
	file_out_release(&out);
	assert_int_equal(file_out_open(&out, "/dev/full", &err), 0);
	fputs("text", out.fp);
	assert_int_equal(file_out_commit(&out, &err), -1);
	assert_non_null(strstr(err.msg, "No space left"));
}

static void
test_directories(void **state)
{
	CLEANUP(free_ptr) char *deep = path_join(directory, "a/b/c");
	CLEANUP(free_ptr) char *outside = path_join(directory, "kept");
	CLEANUP(free_ptr) char *parent = path_join(directory, "a");
	CLEANUP(free_ptr) char *link = path_join(deep, "link");
	CLEANUP(free_ptr) char *temporary = NULL;
	struct err err;

	(void)state;
	assert_int_equal(dir_make(deep, &err), 0);
	assert_int_equal(dir_make(deep, &err), 0);
	write_whole(outside, "x");
	assert_int_equal(symlink(directory, link), 0);
	assert_int_equal(chmod(deep, 0500), 0);
	assert_int_equal(dir_make_temporary(&temporary, parent, "run-", &err), 0);
	assert_true(path_exists(temporary));
	dir_remove(parent);
	assert_false(path_exists(parent));
	expect_content(outside, "x");
}

static void
test_path_join(void **state)
{
	static const char *const rows[][3] = {{"a", "b", "a/b"}, {"a/", "b", "a/b"},
		{"a", "/b", "/b"}, {"a", "", "a"}, {"", "b", "b"}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		CLEANUP(free_ptr) char *joined = path_join(rows[i][0], rows[i][1]);
		assert_string_equal(joined, rows[i][2]);
	}
}

static void
test_path_directory(void **state)
{
	(void)state;
	assert_true(str_eq(path_directory("a/b/c.go"), STR("a/b")));
	assert_true(str_eq(path_directory("c.go"), STR("")));
	assert_true(str_eq(path_directory("/c.go"), STR("")));
	assert_true(str_eq(path_directory(NULL), STR("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_err),
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_str),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_upper),
		cmocka_unit_test(test_file_out),
		cmocka_unit_test(test_file_out_failures),
		cmocka_unit_test(test_directories),
		cmocka_unit_test(test_path_join),
		cmocka_unit_test(test_path_directory),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}

#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "src/base/file.h"
#include "src/base/process.h"

/* A directory with tools that say how they were called. */
struct tools {
	char *directory;
};

static int
tools_make(void **state)
{
	static const char *const names[] = {"link", "link.exe", "compile"};
	struct tools *tools = calloc(1, sizeof *tools);
	struct err err = {0};

	assert_int_equal(
		dir_make_temporary(&tools->directory, "/tmp", "heapwarden-test-", &err), 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		CLEANUP(free_ptr) char *path = path_join(tools->directory, names[i]);
		FILE *fp = fopen(path, "w");
		assert_non_null(fp);
		fputs("#!/bin/sh\necho \"ran $*\"\necho errors >&2\nexit 3\n", fp);
		assert_int_equal(fclose(fp), 0);
		assert_int_equal(chmod(path, 0755), 0);
	}
	*state = tools;
	return 0;
}

static int
tools_remove(void **state)
{
	struct tools *tools = *state;

	dir_remove(tools->directory);
	free(tools->directory);
	free(tools);
	return 0;
}

static void
keep(struct str bytes, void *ctx)
{
	buf_add(ctx, bytes);
}

/* Run `toolexec words…` in the tools' directory; the first word is the tool. Both outputs are in
 * *text. */
static int
run(struct buf *text, const struct tools *tools, const char *const *words)
{
	const char *argv[16] = {TOOLEXEC_PROGRAM, "toolexec"};
	CLEANUP(free_ptr) char *tool = path_join(tools->directory, words[0]);
	struct process process = {.argv = argv,
		.dir = tools->directory,
		.on_stdout = keep,
		.on_stderr = keep,
		.ctx = text};
	struct process_end end;
	struct err err = {0};

	argv[2] = tool;
	for (size_t i = 1; words[i]; i++)
		argv[2 + i] = words[i];
	assert_int_equal(process_run(&end, &process, &err), 0);
	assert_int_equal(end.signal, 0);
	return end.status;
}

/* clang-format off */
static const struct link_row {
	const char *name;
	const char *words[8];
} answered[] = {
	{"-o FILE", {"link", "-o", "out", "-importcfg", "x", "main.a"}},
	{"-o=FILE", {"link", "-buildmode=exe", "-o=out", "main.a"}},
	{"link.exe", {"link.exe", "-o", "out"}},
};

static const struct pass_row {
	const char *name;
	const char *words[8];
	const char *text;
} passed[] = {
	{"another tool", {"compile", "-o", "out", "a b.go"}, "ran -o out a b.go\nerrors\n"},
	{"version", {"link", "-V=full"}, "ran -V=full\nerrors\n"},
	{"version, with an output", {"link", "-o", "out", "-V"}, "ran -o out -V\nerrors\n"},
	{"a link without an output", {"link", "main.a"}, "ran main.a\nerrors\n"},
	{"a link with its arguments in a file", {"link", "@response"}, "ran @response\nerrors\n"},
};
/* clang-format on */

static void
test_answered(void **state)
{
	const struct link_row *row = *state;
	void *fixture;
	CLEANUP(buf_release) struct buf text = {0};
	struct stat status;

	tools_make(&fixture);
	const struct tools *tools = fixture;
	mode_t mask = umask(027);
	assert_int_equal(run(&text, tools, row->words), 0);
	umask(mask);
	assert_string_equal(buf_str(&text).p, "");

	CLEANUP(free_ptr) char *output = path_join(tools->directory, "out");
	assert_int_equal(stat(output, &status), 0);
	assert_int_equal(status.st_size, 0);
	assert_int_equal(status.st_mode & 0777, 0750);
	tools_remove(&fixture);
}

static void
test_passed(void **state)
{
	const struct pass_row *row = *state;
	void *fixture;
	CLEANUP(buf_release) struct buf text = {0};

	tools_make(&fixture);
	const struct tools *tools = fixture;
	assert_int_equal(run(&text, tools, row->words), 3);
	assert_string_equal(buf_str(&text).p, row->text);
	CLEANUP(free_ptr) char *output = path_join(tools->directory, "out");
	assert_false(path_exists(output));
	tools_remove(&fixture);
}

static void
test_failures(void **state)
{
	CLEANUP(buf_release) struct buf text = {0};

	assert_int_equal(run(&text, *state, (const char *[]){"missing", NULL}), 127);
	assert_non_null(strstr(text.p, "missing': No such file or directory"));
	buf_clear(&text);
	assert_int_equal(
		run(&text, *state, (const char *[]){"link", "-o", "no/such/out", NULL}), 127);
	assert_non_null(strstr(text.p, "cannot write 'no/such/out': No such file or directory"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_failures, tools_make, tools_remove),
	};

	return RUN_TABLE("toolexec answered", answered, test_answered) +
	       RUN_TABLE("toolexec passed", passed, test_passed) +
	       cmocka_run_group_tests_name("toolexec", tests, NULL, NULL);
}

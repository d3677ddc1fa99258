#include "tests/goworld.h"

#include <stdlib.h>
#include <string.h>

#include "src/gotests.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const all[] = {"./..."};

/* The package is in the list, in that directory, and its error has these words; NULL where it has
 * none. */
static void
assert_package(const struct package_list *packages, const char *import_path, const char *directory,
	const char *error)
{
	for (size_t i = 0; i < packages->count; i++) {
		const struct package *package = &packages->packages[i];
		if (strcmp(package->import_path, import_path) != 0)
			continue;
		/* Go 1.19 says where a missing package would be, later ones do not. */
		if (package->directory && !directory && !error)
			fail_msg("%s: %s", import_path, package->directory);
		if (directory) {
			assert_non_null(package->directory);
			assert_string_equal(package->directory, directory);
		}
		if ((package->error != NULL) != (error != NULL))
			fail_msg("%s: %s", import_path,
				package->error ? package->error : "no error");
		if (error)
			assert_has(package->error, error);
		return;
	}
	fail_msg("%s is not in the list", import_path);
}

static void
assert_absent(const struct package_list *packages, const char *import_path, bool absent)
{
	for (size_t i = 0; i < packages->count; i++) {
		if (strcmp(packages->packages[i].import_path, import_path) == 0) {
			assert_int_equal(packages->packages[i].absent, absent);
			return;
		}
	}
	fail_msg("%s is not in the list", import_path);
}

static void
test_list(void **state)
{
	static const char *const paths[] = {"example.com/app", "example.com/app/cmd/a",
		"example.com/app/cmd/b", "example.com/app/gen", "example.com/app/line",
		"example.com/app/sub", "example.com/app/use"};
	CLEANUP(run_release) struct run run = {0};

	run_use_tree(&run, *state, "app", all, 1);
	run_list(&run);
	assert_int_equal(run.list.count, COUNT(paths));
	for (size_t i = 0; i < COUNT(paths); i++) {
		assert_string_equal(run.list.packages[i].import_path, paths[i]);
		assert_null(run.list.packages[i].error);
		assert_false(run.list.packages[i].absent);
	}
	assert_package(&run.list, "example.com/app", "", NULL);
	assert_package(&run.list, "example.com/app/cmd/a", "cmd/a", NULL);
	assert_string_equal(run.list.packages[1].name, "main");
	assert_int_equal(run.list.module_count, 1);
	assert_string_equal(run.list.modules[0].path, "example.com/app");
	assert_string_equal(run.list.modules[0].directory, run.build.tree);
	assert_string_equal(run.list.modules[0].relative, "");
}

/* One that is named by itself is in the list, whatever is wrong with it. */
static void
test_list_names(void **state)
{
	static const char *const names[] = {"./gone", "./sub", "./testonly", "./excluded",
		"example.com/app/gone/too", "example.com/other/gone", "fmt", "example.com/dep/x",
		"./nothing/..."};
	CLEANUP(run_release) struct run run = {0};

	run_use_tree(&run, *state, "app", names, COUNT(names));
	run_list(&run);
	assert_int_equal(run.list.count, COUNT(names) - 1);
	assert_package(&run.list, "example.com/app/gone", NULL, "directory not found");
	assert_absent(&run.list, "example.com/app/gone", true);
	assert_package(&run.list, "example.com/app/gone/too", NULL, "app/gone/too");
	assert_absent(&run.list, "example.com/app/gone/too", true);
	assert_package(&run.list, "example.com/other/gone", NULL, "example.com/other/gone");
	assert_absent(&run.list, "example.com/other/gone", false);
	assert_package(&run.list, "example.com/app/sub", "sub", NULL);
	assert_package(
		&run.list, "example.com/app/testonly", "testonly", "no non-test Go files in ");
	assert_absent(&run.list, "example.com/app/testonly", false);
	assert_package(&run.list, "example.com/app/excluded", "excluded",
		"build constraints exclude all Go files");
	assert_absent(&run.list, "example.com/app/excluded", false);
	assert_package(&run.list, "fmt", NULL, NULL);
	assert_package(&run.list, "example.com/dep/x", "vendor/example.com/dep/x", NULL);

	/* What is left is built all the same. */
	run_build(&run);
	assert_int_equal(run.end.status, 0);
	assert_has(run.text.p, "# example.com/app/sub\n");
	assert_has(run.text.p, "# fmt\n");
}

/* A directory below the root, and names that are relative to it. */
static void
test_list_below(void **state)
{
	static const char *const names[] = {".", "../gen", "../../app/gone"};
	CLEANUP(run_release) struct run run = {0};

	run_use_tree(&run, *state, "app", names, COUNT(names));
	run.build.directory = arena_printf(&run.arena, "%s/sub", run.build.tree);
	run_list(&run);
	assert_int_equal(run.list.count, 3);
	assert_package(&run.list, "example.com/app/sub", "sub", NULL);
	assert_package(&run.list, "example.com/app/gen", "gen", NULL);
	assert_absent(&run.list, "example.com/app/gone", true);
}

static void
test_list_nothing(void **state)
{
	static const char *const patterns[] = {
		"./nothing/...", "./testonly/...", "example.com/nothing/..."};
	CLEANUP(run_release) struct run run = {0};

	for (size_t count = 1; count <= COUNT(patterns); count++) {
		run_use_tree(&run, *state, "app", patterns, count);
		run_list(&run);
		assert_int_equal(run.list.count, 0);
		run.end = (struct process_end){7, 7};
		run_build(&run);
		assert_int_equal(run.end.status, 0);
		assert_int_equal(run.text.n, 0);
	}
}

/* A package that has nothing but tests is one where they are built. */
static void
test_list_tests(void **state)
{
	static const char *const patterns[] = {"./testonly/...", "./sub"};
	CLEANUP(run_release) struct run run = {0};

	run_use_tree(&run, *state, "app", patterns, COUNT(patterns));
	run.build.tests = true;
	run_list(&run);
	assert_int_equal(run.list.count, 2);
	assert_package(&run.list, "example.com/app/testonly", "testonly", NULL);
	assert_package(&run.list, "example.com/app/sub", "sub", NULL);
}

/* How go names variants, and what is tested from outside. */
static void
test_variants(void **state)
{
	static const struct {
		const char *listed, *import_path, *tested;
	} rows[] = {
		{"a.b/p", "a.b/p", NULL},
		{"a.b/p_test", "a.b/p_test", NULL},
		{"a.b/p.test", "a.b/p.test", NULL},
		{"a.b/p [a.b/p.test]", "a.b/p", NULL},
		{"a.b/q [a.b/p.test]", "a.b/q", NULL},
		{"a.b/p_test [a.b/p.test]", "a.b/p_test", "a.b/p"},
		{"a.b/r_test [a.b/p.test]", "a.b/r_test", NULL},
		{"a.b/p_test_test [a.b/p_test.test]", "a.b/p_test_test", "a.b/p_test"},
	};
	CLEANUP(arena_release) struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *tested = gotests_tested(rows[i].listed, &arena);
		assert_string_equal(
			gotests_import_path(rows[i].listed, &arena), rows[i].import_path);
		assert_int_equal(!tested, !rows[i].tested);
		if (tested)
			assert_string_equal(tested, rows[i].tested);
	}
}

static void
test_list_failures(void **state)
{
	static const struct {
		const char *tree, *pattern, *words;
	} rows[] = {
		{"nomod", "./...", "does not contain main module"},
		{"nomod", ".", "go.mod file not found"},
		{"badmod", "./...", "unknown directive: modul"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(run_release) struct run run = {0};
		run_use_tree(&run, *state, rows[i].tree, &rows[i].pattern, 1);
		run_ask(&run);
		assert_int_equal(
			gobuild_list(&run.list, &run.build, &run.toolchain, &run.arena, &run.err),
			-1);
		assert_int_equal(run.err.code, ERR_FAILED);
		assert_has(run.err.msg, rows[i].words);
	}
}

/* Packages that cannot be loaded do not keep the others from being built. */
static void
test_broken(void **state)
{
	CLEANUP(run_release) struct run run = {0};

	run_use_tree(&run, *state, "broken", all, 1);
	run_list(&run);
	assert_int_equal(run.list.count, 3);
	assert_package(&run.list, "example.com/broken/badimport", "badimport",
		"no required module provides package example.com/nope/x");
	assert_package(&run.list, "example.com/broken/usesbad", "usesbad",
		"no required module provides package example.com/nope/x");
	assert_package(&run.list, "example.com/broken/good", "good", NULL);
	run_build(&run);
	assert_int_equal(run.end.status, 0);
	assert_has(run.text.p, "# example.com/broken/good\n");

	static const char *const bad[] = {"./badimport"};
	run_use_tree(&run, *state, "broken", bad, 1);
	run_list(&run);
	run_build(&run);
	assert_int_equal(run.end.status, 0);
	assert_int_equal(run.text.n, 0);
}

static void
test_skipped(void **state)
{
	CLEANUP(run_release) struct run run = {0};

	run_use_tree(&run, *state, "wrong", all, 1);
	run_list(&run);
	for (size_t i = 0; i < run.list.count; i++)
		assert_null(run.list.packages[i].error);
	run_build(&run);
	assert_int_not_equal(run.end.status, 0);
	assert_has(run.text.p, "lib/x.go:3:13: cannot use \"a\"");
	assert_has(run.text.p, "# example.com/wrong/other\n");

	assert_string_equal(run.list.packages[0].import_path, "example.com/wrong/lib");
	run.list.packages[0].error = "does not compile";
	run_must(&run,
		gobuild_mark_skipped(&run.list, &run.build, &run.toolchain, &run.arena, &run.err));
	static const char skipped[] =
		"skipped by go: it depends on example.com/wrong/lib, which does not build";
	assert_package(&run.list, "example.com/wrong/lib", "lib", "does not compile");
	assert_package(&run.list, "example.com/wrong/user", "user", skipped);
	assert_package(&run.list, "example.com/wrong/users", "users", skipped);
	assert_package(&run.list, "example.com/wrong/other", "other", NULL);
}

static void
test_workspace(void **state)
{
	static const char *const names[] = {"./one"};
	CLEANUP(run_release) struct run run = {0};
	enum origin origin;

	run_use_tree(&run, *state, "work", names, 1);
	run_list(&run);
	assert_has(run.toolchain.module_file, "/work/go.work");
	assert_int_equal(run.list.count, 1);
	assert_package(&run.list, "example.com/one", "one", NULL);
	assert_int_equal(run.list.module_count, 2);
	run_build(&run);
	assert_int_equal(run.end.status, 0);
	assert_has(run.text.p, "example.com/two/x.go:3:");
	assert_string_equal(gobuild_resolve(STR("example.com/two/x.go"), "example.com/one", &origin,
				    &run.list, &run.toolchain, run.build.tree, &run.arena),
		"two/x.go");
	assert_int_equal(origin, ORIGIN_OWN);

	/* A go.work above the tree is none of ours. */
	run_use_tree(&run, *state, "work/two", all, 1);
	run_list(&run);
	assert_int_equal(run.list.module_count, 1);
	run_use_tree(&run, *state, "work/one", all, 1);
	run_list(&run);
	assert_package(&run.list, "example.com/one", "",
		"no required module provides package example.com/two");

	/* Nor is ours used when the user does not want it. */
	run_use_tree(&run, *state, "work", names, 1);
	run.build.directory = arena_printf(&run.arena, "%s/one", run.build.tree);
	run.build.packages = all;
	setenv("GOWORK", "off", 1);
	run_list(&run);
	unsetenv("GOWORK");
	assert_int_equal(run.list.module_count, 1);
}

/* Modules that directories replace: in the tree, outside of it, and one that nothing is used of. */
static void
test_replaced(void **state)
{
	CLEANUP(run_release) struct run run = {0};
	enum origin origin;

	run_use_tree(&run, *state, "replaced", all, 1);
	run.build.directory = arena_printf(&run.arena, "%s/app", run.build.tree);
	run_list(&run);
	assert_int_equal(run.list.count, 1);
	assert_package(&run.list, "example.com/app", "app", NULL);
	assert_int_equal(run.list.module_count, 1);
	assert_int_equal(run.list.replaced_count, 2);
	run_build(&run);
	assert_int_equal(run.end.status, 0);
	assert_has(run.text.p, "example.com/app2@v0.0.0/x.go:3:");
	assert_string_equal(gobuild_resolve(STR("example.com/app2@v0.0.0/x.go"), "example.com/app",
				    &origin, &run.list, &run.toolchain, run.build.tree, &run.arena),
		"app2/x.go");
	assert_int_equal(origin, ORIGIN_OWN);
	assert_has(run.text.p, "example.com/away@v1.0.0/x.go:3:");
	assert_string_equal(gobuild_resolve(STR("example.com/away@v1.0.0/x.go"), "example.com/app",
				    &origin, &run.list, &run.toolchain, run.build.tree, &run.arena),
		"example.com/away@v1.0.0/x.go");
	assert_int_equal(origin, ORIGIN_MODULE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_list_names),
		cmocka_unit_test(test_list_below),
		cmocka_unit_test(test_list_nothing),
		cmocka_unit_test(test_list_tests),
		cmocka_unit_test(test_variants),
		cmocka_unit_test(test_list_failures),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_skipped),
		cmocka_unit_test(test_workspace),
		cmocka_unit_test(test_replaced),
	};

	return cmocka_run_group_tests_name("golist", tests, world_make, world_remove);
}

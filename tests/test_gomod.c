#include "tests/test.h"

#include <string.h>

#include "src/base/cleanup.h"
#include "src/gomod.h"

static const char text[] = "module example.com/app // the app\n"
			   "\n"
			   "go 1.22\n"
			   "toolchain go1.24.13\n"
			   "require example.com/single v1.0.0\n"
			   "require (\n"
			   "\texample.com/b v1.2.3\n"
			   "\t\"example.com/quoted\" v0.1.0 // indirect\r\n"
			   "\texample.com/a v0.0.0-20260102030405-abcdefabcdef\n"
			   "\t// a comment\n"
			   "\n"
			   ")\n"
			   "replace example.com/b => ../b\n"
			   "replace (\n"
			   "\texample.com/single v1.0.0 => example.com/fork v1.0.1\n"
			   "\texample.com/absent => ../absent\n"
			   ")\n"
			   "exclude example.com/x v1.0.0\n"
			   "retract (\n"
			   "\tv1.0.0\n"
			   ")\n";

static void
test_read(void **state)
{
	CLEANUP(gomod_release) struct gomod gomod = {0};
	CLEANUP(arena_release) struct arena arena = {0};

	(void)state;
	gomod_read(&gomod, str_of(text), &arena);
	assert_string_equal(gomod.go, "1.22");
	assert_string_equal(gomod.toolchain, "go1.24.13");
	assert_int_equal(gomod.count, 4);
	assert_string_equal(
		gomod_version(&gomod, "example.com/a"), "v0.0.0-20260102030405-abcdefabcdef");
	assert_string_equal(gomod_version(&gomod, "example.com/b"), "../b");
	assert_string_equal(gomod_version(&gomod, "example.com/quoted"), "v0.1.0");
	assert_string_equal(gomod_version(&gomod, "example.com/single"), "example.com/fork@v1.0.1");
	assert_null(gomod_version(&gomod, "example.com/x"));
}

/* What is no go.mod says little, and does no harm. */
static void
test_broken(void **state)
{
	static const char *const broken[] = {"", "require", "require (", "go", "replace a =>",
		")\n)", "\n\n", "\"", "require a"};

	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		CLEANUP(gomod_release) struct gomod gomod = {0};
		CLEANUP(arena_release) struct arena arena = {0};
		gomod_read(&gomod, str_of(broken[i]), &arena);
		assert_int_equal(gomod.count, 0);
		assert_null(gomod_version(&gomod, "a"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

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
			   "\texample.com/quoted v0.0.9 => ../another\n"
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

/* The directories that are led to, in the order of the file. */
static void
test_directories(void **state)
{
	static const char lines[] = "use ./one // it\nuse (\n\t../two\n\t\"./a b\"\n)\n"
				    "replace example.com/a v1.0.0 => ../a\n"
				    "replace (\n\texample.com/b => /b\n\texample.com/c => "
				    "example.com/d v1.0.0\n)\n";
	static const char *const used[] = {"./one", "../two", "./a b"}, *const by[] = {
										"../a", "/b"};
	CLEANUP(gomod_release) struct gomod gomod = {0};
	CLEANUP(arena_release) struct arena arena = {0};

	(void)state;
	gomod_read(&gomod, str_of(lines), &arena);
	assert_int_equal(gomod.used.count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(gomod.used.paths[i], used[i]);
	assert_int_equal(gomod.replacing.count, 2);
	for (size_t i = 0; i < 2; i++)
		assert_string_equal(gomod.replacing.paths[i], by[i]);
}

/* What a go.mod says of the version of example.com/a, NULL where it says nothing. */
static const struct version_row {
	const char *name, *text, *version;
} versions[] = {
	{"replaced before it is required",
		"replace example.com/a => ../a\nrequire example.com/a v1.0.0\n", "../a"},
	{"that version is replaced",
		"require example.com/a v1.0.0\nreplace example.com/a v1.0.0 => ../a\n", "../a"},
	{"another version is replaced",
		"require example.com/a v1.0.1\nreplace example.com/a v1.0.0 => ../a\n", "v1.0.1"},
	{"that version before any",
		"require example.com/a v1.0.0\n"
		"replace example.com/a v1.0.0 => example.com/b v2.0.0\n"
		"replace example.com/a => ../a\n",
		"example.com/b@v2.0.0"},
	{"another version and any",
		"require example.com/a v1.0.0\n"
		"replace example.com/a v1.1.0 => example.com/b v2.0.0\n"
		"replace example.com/a => ../a\n",
		"../a"},
	{"block without a blank", "require(\n\texample.com/a v1.0.0\n)\n", "v1.0.0"},
	{"replacements in a block without a blank",
		"require example.com/a v1.0.0\nreplace(\n"
		"example.com/a => ../a\n)\n",
		"../a"},
	{"block after a block", "require ( // one\n)// end\nrequire(//two\nexample.com/a v1.0.0\n)",
		"v1.0.0"},
	{"empty block", "require ()\nrequire example.com/a v1.0.0\n", "v1.0.0"},
	{"empty block without a blank", "retract()\nrequire example.com/a v1.0.0\n", "v1.0.0"},
	{"comment behind a word", "require example.com/a v1.0.0//indirect\n", "v1.0.0"},
	{"comment in place of a version", "require example.com/a //v1.0.0\n", NULL},
	{"no comment in a string",
		"require example.com/a v1.0.0\nreplace example.com/a => \"..//a b\"// it\n",
		"..//a b"},
	{"raw string", "require `example.com/a` `v1.0.0`// it\n", "v1.0.0"},
	{"bracket in a string", "require example.com/a v1.0.0\nreplace example.com/a => `../(a`\n",
		"../(a"},
	{"block of what is left out", "exclude(\nexample.com/a v1.0.0\n)\n", NULL},
};

static void
test_version(void **state)
{
	const struct version_row *row = *state;
	CLEANUP(gomod_release) struct gomod gomod = {0};
	CLEANUP(arena_release) struct arena arena = {0};

	gomod_read(&gomod, str_of(row->text), &arena);
	const char *version = gomod_version(&gomod, "example.com/a");
	if (row->version)
		assert_non_null(version);
	assert_string_equal(version ? version : "none", row->version ? row->version : "none");
}

/* What is no go.mod says little, and does no harm. */
static void
test_broken(void **state)
{
	static const char *const broken[] = {"", "require", "require (", "require ( )", "go",
		"replace a =>", "replace a => b", ")\n)", "\n\n", "\"", "`a\\", "\"a\\",
		"require a", "require( a v1\n"};

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
		cmocka_unit_test(test_directories),
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ||
	       RUN_TABLE("versions", versions, test_version);
}

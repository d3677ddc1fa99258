#include "src/passed.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/base/file.h"
#include "tests/test.h"

/* A directory with a cache, a go command and a compiler. */
struct place {
	char *directory, *cache, *go, *compiler;
};

static char *
path_in(const struct place *place, const char *name)
{
	return path_join(place->directory, name);
}

/* The time is always the same, so that a change of the content alone can be told by its size. */
static void
write_file(const char *path, const char *text)
{
	const struct timespec times[] = {{1000, 5}, {1000, 5}};
	FILE *fp = fopen(path, "w");

	assert_non_null(fp);
	fputs(text, fp);
	assert_int_equal(fclose(fp), 0);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static int
place_make(void **state)
{
	struct place *place = calloc(1, sizeof *place);
	struct err err;

	assert_int_equal(
		dir_make_temporary(&place->directory, "/tmp", "heapwarden-test-", &err), 0);
	place->cache = path_in(place, "cache");
	place->go = path_in(place, "go");
	place->compiler = path_in(place, "compile");
	setenv("XDG_CACHE_HOME", place->cache, 1);
	*state = place;
	return 0;
}

static int
place_remove(void **state)
{
	struct place *place = *state;

	dir_remove(place->directory);
	free(place->directory);
	free(place->cache);
	free(place->go);
	free(place->compiler);
	free(place);
	return 0;
}

/* What the outcome of the check depends on. */
struct world {
	struct gobuild build;
	struct toolchain toolchain;
	const char *program;
};

static struct world
world_of(const struct place *place)
{
	write_file(place->go, "go");
	write_file(place->compiler, "compile");
	return (struct world){
		.build = {.program = place->go},
		.toolchain = {.version = "go1.26.8",
			.minor = 26,
			.target = "linux/amd64",
			.goroot = "/usr/local/go",
			.experiments = "",
			.tools = place->directory},
		.program = "package selfcheck",
	};
}

static bool
remembered(const struct world *world)
{
	CLEANUP(passed_release) struct passed passed = {0};

	passed_open(&passed, &world->build, &world->toolchain, world->program);
	return passed_before(&passed);
}

static void
keep(const struct world *world)
{
	CLEANUP(passed_release) struct passed passed = {0};

	passed_open(&passed, &world->build, &world->toolchain, world->program);
	passed_keep(&passed);
}

static void
change_version(struct world *world)
{
	world->toolchain.version = "go1.26.9";
}

static void
change_target(struct world *world)
{
	world->toolchain.target = "linux/arm64";
}

static void
change_experiments(struct world *world)
{
	world->toolchain.experiments = "newinliner";
}

static void
change_goroot(struct world *world)
{
	world->toolchain.goroot = "/opt/go";
}

static void
change_program(struct world *world)
{
	world->program = "package selfcheck // and more";
}

static void
change_go_size(struct world *world)
{
	write_file(world->build.program, "another go");
}

static void
change_go_time(struct world *world)
{
	const struct timespec times[] = {{1000, 5}, {1000, 6}};

	assert_int_equal(utimensat(AT_FDCWD, world->build.program, times, 0), 0);
}

static void
change_compiler(struct world *world)
{
	CLEANUP(free_ptr) char *path = path_join(world->toolchain.tools, "compile");

	write_file(path, "another compiler");
}

static void
remove_compiler(struct world *world)
{
	world->toolchain.tools = "/nowhere";
}

static void
remove_go(struct world *world)
{
	world->build.program = "/nowhere/go";
}

static void
change_nothing(struct world *world)
{
	(void)world;
}

struct row {
	const char *name;
	void (*change)(struct world *world);
	bool remembered, after_keeping;
};

static const struct row rows[] = {
	{"nothing has changed", change_nothing, true, true},
	{"another version", change_version, false, true},
	{"another target", change_target, false, true},
	{"other experiments", change_experiments, false, true},
	{"another place", change_goroot, false, true},
	{"other expectations", change_program, false, true},
	{"a go command of another size", change_go_size, false, true},
	{"a go command of another time", change_go_time, false, true},
	{"another compiler", change_compiler, false, true},
	{"no compiler to be found", remove_compiler, false, false},
	{"no go command to be found", remove_go, false, false},
};

static void
test_change(void **state)
{
	const struct row *row = *state;
	void *place;

	place_make(&place);
	struct world world = world_of(place);
	assert_false(remembered(&world));
	keep(&world);
	assert_true(remembered(&world));
	row->change(&world);
	assert_int_equal(remembered(&world), row->remembered);
	keep(&world);
	assert_int_equal(remembered(&world), row->after_keeping);
	place_remove(&place);
}

static void
test_damaged_record(void **state)
{
	const struct place *place = *state;
	struct world world = world_of(place);
	CLEANUP(passed_release) struct passed passed = {0};

	keep(&world);
	passed_open(&passed, &world.build, &world.toolchain, world.program);
	write_file(passed.path, "");
	assert_false(remembered(&world));
	keep(&world);
	assert_true(remembered(&world));
}

/* No file may be made there, by nobody, root included. */
static void
test_unwritable_cache(void **state)
{
	const struct place *place = *state;
	struct world world = world_of(place);

	setenv("XDG_CACHE_HOME", place->go, 1);
	keep(&world);
	assert_false(remembered(&world));
	setenv("XDG_CACHE_HOME", "relative", 1);
	setenv("HOME", "", 1);
	keep(&world);
	assert_false(remembered(&world));
	assert_false(path_exists("relative"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_damaged_record, place_make, place_remove),
		cmocka_unit_test_setup_teardown(test_unwritable_cache, place_make, place_remove),
	};
	int failed = RUN_TABLE("change", rows, test_change);

	return failed + cmocka_run_group_tests(tests, NULL, NULL);
}

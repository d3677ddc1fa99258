#include "tests/goworld.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/file.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct go local = {"local", NULL, "local"};
static const struct go go_1_22 = {"go1.22.12", NULL, "go1.22.12"};
static const struct go go_1_19 = {"go1.19", "/usr/lib/go-1.19/bin/go", NULL};

static const char *const all[] = {"./..."};

static size_t
occurrences(const char *text, const char *words)
{
	size_t count = 0;

	while ((text = strstr(text, words))) {
		count++;
		text += strlen(words);
	}
	return count;
}

static void
test_toolchain(void **state)
{
	const struct world *world = *state;
	CLEANUP(run_release) struct run run = {0};
	CLEANUP(free_ptr) char *file = world_path(world, "app/go.mod");
	CLEANUP(free_ptr) char *root = shell_word("go env GOROOT");
	CLEANUP(free_ptr) char *tools = shell_word("go env GOTOOLDIR");
	CLEANUP(free_ptr) char *target = shell_word("echo $(go env GOOS)/$(go env GOARCH)");

	run_use_tree(&run, world, "app", all, 1);
	setenv("GOFLAGS", "-tags=a,b -race '-mod=vendor' -v", 1);
	setenv("GOEXPERIMENT", "fieldtrack", 1);
	run_ask(&run);
	setenv("GOFLAGS", "", 1);
	unsetenv("GOEXPERIMENT");
	assert_has(run.toolchain.version, "go1.");
	assert_true(run.toolchain.minor >= 19);
	assert_string_equal(run.toolchain.module_file, file);
	assert_string_equal(run.toolchain.goroot, root);
	assert_string_equal(run.toolchain.tools, tools);
	assert_string_equal(run.toolchain.experiments, "fieldtrack");
	assert_string_equal(run.toolchain.target, target);
	assert_int_equal(run.toolchain.flag_count, 2);
	assert_string_equal(run.toolchain.flags[0], "-tags=a,b");
	assert_string_equal(run.toolchain.flags[1], "-mod=vendor");
}

static void
test_other_toolchains(void **state)
{
	static const struct {
		const struct go *go;
		const char *version;
		int minor;
	} rows[] = {{&go_1_22, "go1.22.12", 22}, {&go_1_19, "go1.19.", 19}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(run_release) struct run run = {0};
		run_use_go(&run, *state, rows[i].go);
		run_use_tree(&run, *state, "nomod", all, 1);
		run_ask(&run);
		assert_has(run.toolchain.version, rows[i].version);
		assert_int_equal(run.toolchain.minor, rows[i].minor);
		assert_null(run.toolchain.module_file);
	}
}

/* The named command wins over the variable's, and that over the one of PATH. */
static void
test_program(void **state)
{
	CLEANUP(free_ptr) char *in_path = shell_word("realpath \"$(command -v go)\"");
	CLEANUP(free_ptr) char *other = world_path(*state, "other");
	struct gobuild build = {0};

	world_write(*state, "other", "");
	CLEANUP(free_ptr) char *found = gobuild_program(&build);
	assert_string_equal(found, in_path);
	setenv("HEAPWARDEN_GO", other, 1);
	CLEANUP(free_ptr) char *by_variable = gobuild_program(&build);
	assert_string_equal(by_variable, other);
	build.program = in_path;
	CLEANUP(free_ptr) char *named = gobuild_program(&build);
	assert_string_equal(named, in_path);
	unsetenv("HEAPWARDEN_GO");
	build.program = "/nowhere/go";
	assert_null(gobuild_program(&build));
}

static void
test_toolchain_failures(void **state)
{
	CLEANUP(run_release) struct run run = {0};
	CLEANUP(free_ptr) char *path = shell_word("echo \"$PATH\"");

	run_use_tree(&run, *state, "app", all, 1);
	run_ask(&run);
	if (run.toolchain.minor >= 21) {
		run.build.toolchain = "go1.999.1";
		assert_int_equal(
			gobuild_toolchain(&run.toolchain, &run.build, &run.arena, &run.err), -1);
		assert_has(run.err.msg, "go1.999.1");
	}

	run.build.toolchain = NULL;
	setenv("GOFLAGS", "'-tags=a", 1);
	assert_int_equal(gobuild_toolchain(&run.toolchain, &run.build, &run.arena, &run.err), -1);
	assert_has(run.err.msg, "unterminated '");
	setenv("GOFLAGS", "", 1);

	setenv("PATH", "/nowhere", 1);
	assert_int_equal(gobuild_toolchain(&run.toolchain, &run.build, &run.arena, &run.err), -1);
	setenv("PATH", path, 1);
	assert_int_equal(run.err.code, ERR_NOT_FOUND);
	assert_string_equal(run.err.msg, "there is no go command in PATH: install Go "
					 "(https://go.dev/dl), or name it in HEAPWARDEN_GO");

	setenv("HEAPWARDEN_GO", "/nowhere/go", 1);
	assert_int_equal(gobuild_toolchain(&run.toolchain, &run.build, &run.arena, &run.err), -1);
	assert_int_equal(run.err.code, ERR_NOT_FOUND);
	assert_has(run.err.msg, "HEAPWARDEN_GO: cannot run '/nowhere/go'");
}

static void
keep_line(const char *line, void *ctx)
{
	buf_printf(ctx, "%s\n", line);
}

/* The real go, behind a program that writes down the environment that it was given. */
static void
test_environment(void **state)
{
	const struct world *world = *state;
	CLEANUP(run_release) struct run run = {0};
	CLEANUP(buf_release) struct buf lines = {0};
	CLEANUP(buf_release) struct buf seen = {0};
	CLEANUP(free_ptr) char *spy = world_path(world, "spy");
	CLEANUP(free_ptr) char *goenv = world_path(world, "goenv");
	CLEANUP(free_ptr) char *environment = world_path(world, "seen");

	world_write(world, "spy", "#!/bin/sh\nenv > \"${0%spy}seen\"\nexec go \"$@\"\n");
	assert_int_equal(chmod(spy, 0755), 0);
	run_use_tree(&run, world, "app", all, 1);
	run.build.directory = arena_printf(&run.arena, "%s/sub", run.build.tree);
	run.build.on_command = keep_line;
	run.build.ctx = &lines;
	setenv("HEAPWARDEN_GO", spy, 1);
	setenv("GIT_DIR", "/nowhere", 1);
	setenv("GIT_INDEX_FILE", "/nowhere", 1);
	setenv("GIT_SSH_COMMAND", "ssh -4", 1);
	setenv("GOWORK", "/nowhere", 1);
	setenv("GOENV", goenv, 1);
	run_list(&run);
	/* With -race, which the file asks for, go would fail: cgo is off. */
	setenv("CGO_ENABLED", "0", 1);
	run_build(&run);
	unsetenv("CGO_ENABLED");
	setenv("GOENV", "off", 1);
	unsetenv("GOWORK");
	unsetenv("GIT_DIR");
	unsetenv("GIT_INDEX_FILE");
	unsetenv("GIT_SSH_COMMAND");

	assert_int_equal(run.end.status, 0);
	assert_int_equal(run.toolchain.flag_count, 1);
	assert_string_equal(run.toolchain.flags[0], "-tags=fromfile");
	assert_int_equal(file_read(&seen, environment, &run.err), 0);
	assert_null(strstr(seen.p, "GIT_DIR="));
	assert_null(strstr(seen.p, "GIT_INDEX_FILE="));
	assert_has(seen.p, "GIT_SSH_COMMAND=ssh -4\n");
	assert_has(seen.p, "\nGOFLAGS= \n");
	assert_has(seen.p, "\nGOWORK=off\n");
	assert_has(seen.p, arena_printf(&run.arena, "\nGOTMPDIR=%s\n", run.build.temporary));
	assert_has(seen.p, arena_printf(&run.arena, "\nPWD=%s\n", run.build.directory));
	assert_has(lines.p,
		arena_printf(&run.arena, "cd %s && 'GOFLAGS= ' GOWORK=off ", run.build.directory));
	assert_has(lines.p,
		" build -trimpath -buildvcs=false -o /dev/null '-gcflags=-m=2 -L -d=closure=1");
}

/* "unit: file (origin)" for each position that was printed. */
static void
resolve_all(struct buf *out, struct run *run)
{
	struct str rest = buf_str(&run->text);
	struct str unit = {"", 0};

	for (struct str line; str_next(&line, &rest, '\n');) {
		const char *colon = memchr(line.p, ':', line.n);
		enum origin origin;
		if (str_starts(line, STR("# ")))
			unit = str_from(line, 2);
		if (!colon || line.p[0] == '#')
			continue;
		const char *file = gobuild_resolve((struct str){line.p, (size_t)(colon - line.p)},
			arena_str(&run->arena, unit), &origin, &run->list, &run->toolchain,
			run->build.tree, &run->arena);
		buf_printf(out, "%.*s: %s (%s)\n", STR_ARG(unit), file, origin_name(origin));
	}
}

static void
assert_resolved(const struct buf *names, const char *unit, const char *file, enum origin origin)
{
	CLEANUP(buf_release) struct buf line = {0};

	buf_printf(&line, "%s: %s (%s)\n", unit, file, origin_name(origin));
	assert_has(buf_str(names).p, line.p);
}

static void
test_names(void **state, const struct go *go)
{
	static const char *const files[] = {"./sub/s.go"};
	CLEANUP(run_release) struct run run = {0};
	CLEANUP(buf_release) struct buf names = {0};

	run_use_go(&run, *state, go);
	run_use_tree(&run, *state, "app", all, 1);
	run_list(&run);
	run_build(&run);
	if (run.end.status != 0)
		fail_msg("%s", buf_str(&run.text).p);
	resolve_all(&names, &run);
	assert_resolved(&names, "example.com/app", "root.go", ORIGIN_OWN);
	assert_resolved(&names, "example.com/app/sub", "sub/s.go", ORIGIN_OWN);
	assert_resolved(&names, "example.com/app/use", "use/use.go", ORIGIN_OWN);
	assert_resolved(&names, "example.com/app/use", "gen/gen.go", ORIGIN_OWN);
	assert_resolved(&names, "example.com/app/line", "line/foo.y", ORIGIN_GENERATED);
	assert_resolved(&names, "example.com/app/cmd/a", "cmd/a/main.go", ORIGIN_OWN);
	assert_resolved(&names, "example.com/app/use", "sync/atomic/type.go", ORIGIN_STANDARD);
	assert_resolved(
		&names, "example.com/app/use", "vendor/example.com/dep/x/x.go", ORIGIN_VENDORED);
	assert_null(strstr(buf_str(&names).p, origin_name(ORIGIN_UNKNOWN)));

	/* Files on the command line are a package of their own. */
	run_use_tree(&run, *state, "app", files, 1);
	run_list(&run);
	run_build(&run);
	buf_clear(&names);
	resolve_all(&names, &run);
	assert_resolved(&names, "command-line-arguments", "sub/s.go", ORIGIN_OWN);
	assert_null(strstr(buf_str(&names).p, origin_name(ORIGIN_UNKNOWN)));
}

static void
test_names_local(void **state)
{
	test_names(state, &local);
}

static void
test_names_1_22(void **state)
{
	test_names(state, &go_1_22);
}

static void
test_names_1_19(void **state)
{
	test_names(state, &go_1_19);
}

/* Code that no run before has compiled: the name of the world's directory is new each time. */
static void
write_news(const struct world *world, const char *word)
{
	CLEANUP(buf_release) struct buf text = {0};

	buf_printf(&text, "package sub\n\nconst News = \"%s %s\"\n", strrchr(world->directory, '-'),
		word);
	world_write(world, "app/sub/news.go", text.p);
}

static void
remember_files(struct buf *out, const struct run *run)
{
	shell(out, run->build.tree, "find . -printf '%p %s %i %T@ %m\\n' | sort");
}

/* The same build by hand, linked and told in full. */
static void
build_plainly(struct buf *text, const struct run *run, const struct go *go)
{
	CLEANUP(buf_release) struct buf script = {0};
	const char *more =
		run->toolchain.minor == 0 || run->toolchain.minor >= 25 ? ",escapedebug=1" : "";

	buf_printf(&script,
		"GOTOOLCHAIN=%s %s build -x -trimpath -buildvcs=false -o /dev/null '-gcflags=-m=2 "
		"-L "
		"-d=closure=1%s' ./...",
		go->toolchain, go->program ? go->program : "go", more);
	shell(text, run->build.tree, script.p);
}

/* Packages that the user built need no compiler run of ours, nor the other way round; and only the
 * user's are linked. */
static void
test_cache(void **state, const struct go *go)
{
	static const char *const in_full[] = {"-x"};
	const struct world *world = *state;
	CLEANUP(run_release) struct run run = {0};
	CLEANUP(buf_release) struct buf before = {0};
	CLEANUP(buf_release) struct buf after = {0};
	CLEANUP(buf_release) struct buf plain = {0};

	run_use_go(&run, world, go);
	write_news(world, "ours first");
	run_use_tree(&run, world, "app", all, 1);
	run.build.flags = in_full;
	run.build.flag_count = 1;
	remember_files(&before, &run);
	run_list(&run);
	run_build(&run);
	remember_files(&after, &run);
	assert_int_equal(run.end.status, 0);
	assert_string_equal(before.p, after.p);
	assert_true(occurrences(run.text.p, "/compile -o ") > 0);
	assert_int_equal(occurrences(run.text.p, TOOLEXEC_PROGRAM " toolexec "),
		occurrences(run.text.p, "/compile -o ") + 2);
	assert_int_equal(occurrences(run.text.p, "/link -o "), 2);
	build_plainly(&plain, &run, go);
	assert_int_equal(occurrences(plain.p, "/compile -o "), 0);
	assert_int_equal(occurrences(plain.p, "/link -o "), 2);

	buf_clear(&plain);
	write_news(world, "the user's first");
	build_plainly(&plain, &run, go);
	assert_true(occurrences(plain.p, "/compile -o ") > 0);
	run_build(&run);
	assert_int_equal(run.end.status, 0);
	assert_int_equal(occurrences(run.text.p, "/compile -o "), 0);
	assert_has(run.text.p, "s.go:4:2: moved to heap: x\n");

	/* A link that was answered is not taken for a program. */
	buf_clear(&plain);
	shell(&plain, run.build.tree, "go run -trimpath ./cmd/a");
	assert_string_equal(plain.p, "1\n");
}

static void
test_cache_local(void **state)
{
	test_cache(state, &local);
}

static void
test_cache_1_22(void **state)
{
	test_cache(state, &go_1_22);
}

/* Where links cannot be answered, they are made. */
static void
test_without_toolexec(void **state)
{
	static const char *const in_full[] = {"-x"};
	static const char *const selves[] = {"/nowhere/heapwarden", "/bin/false"};

	for (size_t i = 0; i < COUNT(selves); i++) {
		CLEANUP(run_release) struct run run = {0};
		run_use_tree(&run, *state, "app", all, 1);
		run.build.self = selves[i];
		run.build.flags = in_full;
		run.build.flag_count = 1;
		run_list(&run);
		run_build(&run);
		assert_int_equal(run.end.status, 0);
		assert_null(strstr(run.text.p, "toolexec"));
		assert_int_equal(occurrences(run.text.p, "/link -o "), 2);
		assert_has(run.text.p, "s.go:4:2: moved to heap: x\n");
	}
}

/* go splits -toolexec into words: a path with spaces or one kind of quotes gets through, one with
 * both is left out. */
static void
test_odd_paths(void **state)
{
	static const struct {
		const char *name;
		bool used;
	} rows[] = {
		{"with space", true}, {"it's", true}, {"say \"it\"", true}, {"it's \"it\"", false}};
	static const char *const names[] = {"./cmd/a", "./sub"};
	static const char *const in_full[] = {"-x"};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(run_release) struct run run = {0};
		CLEANUP(free_ptr) char *self = world_path(*state, rows[i].name);
		run_use_tree(&run, *state, "app", names, COUNT(names));
		run.build.self = self;
		run.build.flags = in_full;
		run.build.flag_count = 1;
		assert_int_equal(symlink(TOOLEXEC_PROGRAM, self), 0);
		run_list(&run);
		run_build(&run);
		if (run.end.status != 0)
			fail_msg("%s: %s", rows[i].name, run.text.p);
		assert_int_equal(strstr(run.text.p, "toolexec") != NULL, rows[i].used);
		assert_has(run.text.p, "s.go:4:2: moved to heap: x\n");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_toolchain),
		cmocka_unit_test(test_other_toolchains),
		cmocka_unit_test(test_program),
		cmocka_unit_test(test_toolchain_failures),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_names_local),
		cmocka_unit_test(test_names_1_22),
		cmocka_unit_test(test_names_1_19),
		cmocka_unit_test(test_cache_local),
		cmocka_unit_test(test_cache_1_22),
		cmocka_unit_test(test_without_toolexec),
		cmocka_unit_test(test_odd_paths),
	};

	return cmocka_run_group_tests_name("gobuild", tests, world_make, world_remove);
}

#include "tests/test.h"

#include <string.h>

#include "src/goflags.h"

enum { MAX_WORDS = 8 };

static void
assert_words(const struct goflags *flags, const char *const *expected)
{
	size_t count = 0;

	while (expected[count])
		count++;
	assert_int_equal(flags->count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(flags->words[i], expected[i]);
}

/* clang-format off */
static const struct take_row {
	const char *name;
	const char *argv[MAX_WORDS]; /* beside the program's name */
	const char *left[MAX_WORDS]; /* of it */
	const char *taken[MAX_WORDS];
} takes[] = {
	{"nothing", {NULL}, {NULL}, {NULL}},
	{"value in the next word", {"-tags", "x", "./..."}, {"./..."}, {"-tags=x"}},
	{"value after =", {"./...", "-tags=x"}, {"./..."}, {"-tags=x"}},
	{"two dashes", {"--tags=x", "--mod", "vendor"}, {NULL}, {"-tags=x", "-mod=vendor"}},
	{"value that looks like a flag", {"-tags", "-v", "a"}, {"a"}, {"-tags=-v"}},
	{"empty value", {"-tags=", "a"}, {"a"}, {"-tags="}},
	{"value with =", {"-asmflags=-D=x"}, {NULL}, {"-asmflags=-D=x"}},
	{"no value", {"-modcacherw", "a"}, {"a"}, {"-modcacherw"}},
	{"switched off", {"-modcacherw=false"}, {NULL}, {"-modcacherw=false"}},
	{"all others that go through",
		{"-p", "4", "-modfile=m.mod", "-overlay", "o.json", "-pgo=off"}, {NULL},
		{"-p=4", "-modfile=m.mod", "-overlay=o.json", "-pgo=off"}},
	{"installsuffix", {"-installsuffix", "x"}, {NULL}, {"-installsuffix=x"}},
	{"what does not matter is taken and forgotten",
		{"-ldflags", "-s -w", "-trimpath", "-buildvcs=auto", "-buildmode=pie"}, {NULL},
		{NULL}},
	{"the usual compiler", {"-compiler=gc", "-linkshared", "-gccgoflags=x"}, {NULL}, {NULL}},
	{"refused ones that are switched off", {"-race=false", "-cover=0", "-a=F"}, {NULL}, {NULL}},
	{"heapwarden's own", {"-v", "-C", "dir", "-q", "--base", "main", "--format=json"},
		{"-v", "-C", "dir", "-q", "--base", "main", "--format=json"}, {NULL}},
	{"its words that begin like go's", {"--tagsx", "--model", "-pv", "--a11y"},
		{"--tagsx", "--model", "-pv", "--a11y"}, {NULL}},
	{"after --", {"-p=2", "--", "-tags", "x"}, {"--", "-tags", "x"}, {"-p=2"}},
	{"a single dash", {"-", "-p=2"}, {"-"}, {"-p=2"}},
};

static const struct refuse_row {
	const char *name;
	const char *argv[MAX_WORDS];
	const char *words; /* in the message */
} refusals[] = {
	{"race", {"-race"}, "-race cannot be used here: it makes the compiler"},
	{"race, switched on", {"./...", "--race=true"}, "-race cannot"},
	{"msan", {"-msan"}, "-msan cannot"},
	{"asan", {"-asan"}, "-asan cannot"},
	{"cover", {"-cover"}, "coverage rewrites"},
	{"covermode", {"-covermode=atomic"}, "coverage rewrites"},
	{"coverpkg", {"-coverpkg", "./..."}, "coverage rewrites"},
	{"gcflags", {"-gcflags=-l"}, "-gcflags cannot be used here: heapwarden sets"},
	{"toolexec", {"-toolexec", "x"}, "-toolexec cannot"},
	{"a", {"-a"}, "build cache"},
	{"n", {"-n"}, "without running"},
	{"x", {"-x"}, "go's own text"},
	{"o", {"-o", "prog"}, "nothing to keep"},
	{"work", {"-work"}, "nothing to keep"},
	{"pkgdir", {"-pkgdir=x"}, "nothing to keep"},
	{"json", {"-json"}, "--format json"},
	{"gccgo", {"-compiler", "gccgo"}, "-compiler=gccgo cannot be used here"},
	{"mod=mod", {"-mod=mod"}, "-mod=mod cannot be used here: it lets go rewrite go.mod"},
	{"no value", {"-tags"}, "-tags needs a value"},
	{"neither true nor false", {"-modcacherw=maybe"},
		"-modcacherw is true or false, not 'maybe'"},
};

static const struct split_row {
	const char *name, *value;
	const char *through[MAX_WORDS];
	const char *dropped[MAX_WORDS];
} splits[] = {
	{"empty", "", {NULL}, {NULL}},
	{"spaces alone", " \t\r\n", {NULL}, {NULL}},
	{"several", "-tags=a,b  -mod=vendor\t-p=2", {"-tags=a,b", "-mod=vendor", "-p=2"}, {NULL}},
	{"single quotes", "'-tags=a b' -p=2", {"-tags=a b", "-p=2"}, {NULL}},
	{"double quotes", "\"-tags=a 'b'\"", {"-tags=a 'b'"}, {NULL}},
	{"a quote within a word is no quote", "-tags='a", {"-tags='a"}, {NULL}},
	{"a quote ends the word", "'-p=2'-mod=vendor", {"-p=2", "-mod=vendor"}, {NULL}},
	{"two dashes", "--tags=x", {"-tags=x"}, {NULL}},
	{"dropped", "-race -tags=x -gcflags=-l -mod=mod", {"-tags=x"},
		{"-race", "-gcflags=-l", "-mod=mod"}},
	{"not reported", "-v -trimpath -buildvcs=false -ldflags=-s -race=false -C=x", {NULL},
		{NULL}},
	{"of other commands, or of a Go to come", "-count=1 -p=2", {"-p=2"}, {"-count=1"}},
};

static const struct bad_row {
	const char *name, *value, *words;
} bad_values[] = {
	{"unterminated single quote", "-p=2 '-tags=a", "unterminated '"},
	{"unterminated double quote", "\"", "unterminated \""},
	{"no flag", "tags=a", "'tags=a', which is no flag"},
	{"dashes alone", "--", "'--', which is no flag"},
	{"no value", "-tags", "GOFLAGS: go's flag -tags needs a value"},
};
/* clang-format on */

static int
copy_argv(char *out[MAX_WORDS + 2], const char *const *words, struct arena *arena)
{
	int argc = 1;

	out[0] = arena_strdup(arena, "heapwarden");
	while (*words)
		out[argc++] = arena_strdup(arena, *words++);
	out[argc] = NULL;
	return argc;
}

static void
test_take(void **state)
{
	const struct take_row *row = *state;
	CLEANUP(arena_release) struct arena arena = {0};
	CLEANUP(goflags_release) struct goflags taken = {0};
	char *argv[MAX_WORDS + 2];
	struct err err = {0};

	int argc = copy_argv(argv, row->argv, &arena);
	assert_int_equal(goflags_take(&taken, &argc, argv, &arena, &err), 0);
	assert_words(&taken, row->taken);

	assert_string_equal(argv[0], "heapwarden");
	for (int i = 1; i < argc; i++)
		assert_string_equal(argv[i], row->left[i - 1]);
	assert_null(row->left[argc - 1]);
	assert_null(argv[argc]);
}

static void
test_refuse(void **state)
{
	const struct refuse_row *row = *state;
	CLEANUP(arena_release) struct arena arena = {0};
	CLEANUP(goflags_release) struct goflags taken = {0};
	char *argv[MAX_WORDS + 2];
	struct err err = {0};

	int argc = copy_argv(argv, row->argv, &arena);
	assert_int_equal(goflags_take(&taken, &argc, argv, &arena, &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
	if (!strstr(err.msg, row->words))
		fail_msg("'%s' is not in '%s'", row->words, err.msg);
}

/* A `go build` of the user's. */
static const struct build_row {
	const char *name;
	const char *argv[MAX_WORDS];
	const char *flags[MAX_WORDS]; /* what decides */
	const char *directory, *apart, *reason;
	int first_flag, first_package;
} builds[] = {
	{.name = "nothing"},
	{.name = "packages", .argv = {"./...", "-race"}},
	{.name = "flags",
		.argv = {"-tags", "x", "-o", "a", "-p=4", "--", "-x"},
		.flags = {"-tags=x"},
		.first_package = 6},
	{.name = "no matter",
		.argv = {"-a", "-v", "-work", "-json", "-trimpath", "-ldflags=-s", "."},
		.first_package = 6},
	{.name = "a directory",
		.argv = {"-C", "x", "-C=y", "-mod=vendor"},
		.flags = {"-mod=vendor"},
		.directory = "y",
		.first_flag = 2,
		.first_package = 4},
	{.name = "commands", .argv = {"-x"}, .apart = "x", .first_package = 1},
	{.name = "no build", .argv = {"-n"}, .reason = "with -n", .first_package = 1},
	{.name = "a build, after all", .argv = {"-n=false"}, .first_package = 1},
	{.name = "other code", .argv = {"-race"}, .reason = "-race", .first_package = 1},
	{.name = "the same code", .argv = {"-race=0"}, .first_package = 1},
	{.name = "unknown", .argv = {"-what"}, .reason = "-what", .first_package = 1},
	{.name = "no value", .argv = {"-tags"}, .reason = "needs a value", .first_package = 1},
	{.name = "another tool",
		.argv = {"-toolexec=x"},
		.reason = "-toolexec",
		.first_package = 1},
};

static void
assert_text(const char *is, const char *expected)
{
	if (!is || !expected)
		assert_ptr_equal(is, expected);
	else if (!strstr(is, expected))
		fail_msg("'%s' is not in '%s'", expected, is);
}

static void
test_build(void **state)
{
	const struct build_row *row = *state;
	CLEANUP(arena_release) struct arena arena = {0};
	struct goflags_build build;
	int count = 0;

	while (row->argv[count])
		count++;
	goflags_read_build(&build, count, row->argv, &arena);
	assert_words(&build.flags, row->flags);
	assert_text(build.directory, row->directory);
	assert_text(build.apart, row->apart);
	assert_text(build.reason, row->reason);
	assert_int_equal(build.first_flag, row->first_flag);
	assert_int_equal(build.first_package, row->first_package);
	goflags_release(&build.flags);
	goflags_release(&build.all);
}

static void
test_split(void **state)
{
	const struct split_row *row = *state;
	CLEANUP(arena_release) struct arena arena = {0};
	CLEANUP(goflags_release) struct goflags through = {0};
	CLEANUP(goflags_release) struct goflags again = {0};
	CLEANUP(goflags_release) struct goflags dropped = {0};
	struct err err = {0};

	assert_int_equal(goflags_split(&through, row->value, &dropped, &arena, &err), 0);
	assert_words(&through, row->through);
	assert_words(&dropped, row->dropped);
	assert_int_equal(goflags_split(&again, row->value, NULL, &arena, &err), 0);
	assert_words(&again, row->through);
}

static void
test_bad_value(void **state)
{
	const struct bad_row *row = *state;
	CLEANUP(arena_release) struct arena arena = {0};
	CLEANUP(goflags_release) struct goflags through = {0};
	struct err err = {0};

	assert_int_equal(goflags_split(&through, row->value, NULL, &arena, &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
	if (!strstr(err.msg, row->words))
		fail_msg("'%s' is not in '%s'", row->words, err.msg);
}

int
main(void)
{
	return RUN_TABLE("goflags take", takes, test_take) +
	       RUN_TABLE("goflags refuse", refusals, test_refuse) +
	       RUN_TABLE("goflags of a build", builds, test_build) +
	       RUN_TABLE("goflags split", splits, test_split) +
	       RUN_TABLE("goflags bad value", bad_values, test_bad_value);
}

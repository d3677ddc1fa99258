/* What is known is taken out of what go prints. */
#include "tests/test.h"

#include "src/base/cleanup.h"
#include "src/sieve.h"

/* Known are a and b; c is affected though it is known; d is not known. */
#define A "# a\na/a.go:1:2: x escapes to heap\n"
#define B "# b\nb/b.go:1:2: moved to heap: y\nb/b.go:2:2: z\n"
#define C "# c\nc/c.go:1:2: old\n"

static const struct row {
	const char *name, *text;
	const char *passed; /* NULL: what was taken out is not what is known */
} rows[] = {
	{"nothing", "", ""},
	{"what is known", A B, ""},
	{"what is affected stays", A "# c\nc/c.go:1:2: new\n" B, "# c\nc/c.go:1:2: new\n"},
	{"what is not known stays", "# d\nd/d.go:1:2: new\n" A, "# d\nd/d.go:1:2: new\n"},
	{"what stands before any header stays", "go: downloading x\n" B, "go: downloading x\n"},
	{"a variant is another package", "# a [a.test]\na/a.go:1:2: new\n" A,
		"# a [a.test]\na/a.go:1:2: new\n"},
	{"a last line without an end", A "# d\nd/d.go:1:2: new", "# d\nd/d.go:1:2: new"},
	{"a line more than is known", A "a/a.go:2:2: new\n" B, NULL},
	{"a line less", B "# a\n", NULL},
	{"another line", "# b\nb/b.go:1:2: moved to heap: y\nb/b.go:2:2: other\n", NULL},
	{"known but for the end of its last line", "# a\na/a.go:1:2: x escapes to heap", NULL},
	{"a line of an affected package that looks like a header hides nothing",
		"# c\nc/c.go:1:2: one\n# a\nc/c.go:3:2: hidden\n", NULL},
	{"a package in two pieces", "# b\nb/b.go:1:2: moved to heap: y\n" A "# b\nb/b.go:2:2: z\n",
		NULL},
};

static void
keep(struct str bytes, void *ctx)
{
	buf_add(ctx, bytes);
}

static void
add_known(struct recording *recording, const char *package, const char *text)
{
	struct str rest = str_of(text), line;

	while (str_next(&line, &rest, '\n'))
		recording_add(recording, package, line);
}

/* Fed piece by piece: where the bytes are cut does not matter. */
static void
check(const struct row *row, size_t piece)
{
	CLEANUP(arena_release) struct arena arena = {0};
	CLEANUP(intern_release) struct intern affected = {.arena = &arena};
	CLEANUP(recording_release) struct recording known = {0};
	CLEANUP(buf_release) struct buf passed = {0};
	CLEANUP(sieve_release)
	struct sieve sieve = {.known = &known, .affected = &affected, .pass = keep, .ctx = &passed};

	add_known(&known, "a", A);
	add_known(&known, "b", B);
	add_known(&known, "c", C);
	recording_finish(&known);
	intern(&affected, STR("c"));
	for (struct str rest = str_of(row->text); rest.n; rest = str_from(rest, piece))
		sieve_feed(&sieve, (struct str){rest.p, rest.n < piece ? rest.n : piece});
	sieve_finish(&sieve);
	assert_int_equal(sieve.differs, row->passed == NULL);
	if (row->passed)
		assert_string_equal(buf_str(&passed).p, row->passed);
}

static void
test_row(void **state)
{
	check(*state, 1);
	check(*state, 7);
	check(*state, 1000);
}

int
main(void)
{
	return RUN_TABLE("a sieve", rows, test_row);
}

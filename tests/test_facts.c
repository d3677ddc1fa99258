#include "src/facts.h"

#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/file.h"
#include "tests/test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The lines, one below the other; to be released. */
static struct buf
joined(const struct facts *facts)
{
	struct buf text = {0};

	buf_add(&text, STR(""));
	for (size_t i = 0; i < facts->count; i++)
		buf_printf(&text, "%s\n", facts->lines[i]);
	return text;
}

static void
assert_facts(const struct facts *facts, const char *expected)
{
	CLEANUP(buf_release) struct buf text = joined(facts);

	assert_string_equal(buf_str(&text).p, expected);
}

/* --- what is expected */

struct expectation {
	const char *name;
	const char *source;
	int minor;
	const char *expected;
};

static const struct expectation expectations[] = {
	{"no comment", "x := 1\n", 26, ""},
	{"of the line above", "package a\nx := 1\n\t\t//want 2: fact\n", 26, "a.go:2:2: fact\n"},
	{"several of one line",
		"x := 1\n//want 2: one\n//want 13: two words: a, b\ny\n//want 1: three\n", 26,
		"a.go:1:2: one\na.go:1:13: two words: a, b\na.go:4:1: three\n"},
	{"a comment that only speaks of it", "//\t//want 2: fact\n// want 2: fact\n", 26, ""},
	{"without a place in the file", "x\n//want -: fact\n", 26, "-: fact\n"},
	{"without a newline at the end", "x\n//want 2: fact", 26, "a.go:1:2: fact\n"},
	{"from a version on", "x\n//want 1.25- 2: fact\n", 25, "a.go:1:2: fact\n"},
	{"before it", "x\n//want 1.25- 2: fact\n", 24, ""},
	{"up to a version", "x\n//want -1.24 2: fact\n", 24, "a.go:1:2: fact\n"},
	{"after it", "x\n//want -1.24 2: fact\n", 25, ""},
	{"the first of a range", "x\n//want 1.20-1.22 -: fact\n", 20, "-: fact\n"},
	{"the last of a range", "x\n//want 1.20-1.22 -: fact\n", 22, "-: fact\n"},
	{"outside of a range", "x\n//want 1.20-1.22 -: fact\n", 23, ""},
	{"one version", "x\n//want 1.22 2: fact\n", 22, "a.go:1:2: fact\n"},
	{"not that version", "x\n//want 1.22 2: fact\n", 23, ""},
	{"a development version is newer than all", "x\n//want 1.25- 2: new\n//want -1.30 2: old\n",
		0, "a.go:1:2: new\n"},
};

static void
test_expected(void **state)
{
	const struct expectation *row = *state;
	CLEANUP(facts_release) struct facts facts = {0};

	facts_expected(&facts, row->source, "a.go", row->minor);
	assert_facts(&facts, row->expected);
}

/* A version that is misspelled would never hold, and its fact would never be looked for. */
static void
test_every_comment_counts(void **state)
{
	CLEANUP(buf_release) struct buf source = {0};
	struct str line;
	struct err err;
	size_t comments = 0;

	(void)state;
	assert_int_equal(file_read(&source, SOURCE_DIR "/src/selfcheck/selfcheck.go", &err), 0);
	for (struct str rest = buf_str(&source); str_next(&line, &rest, '\n');) {
		CLEANUP(facts_release) struct facts facts = {0};
		CLEANUP(buf_release) struct buf copy = {0};
		if (!memmem(line.p, line.n, "\t//want ", 8) || str_starts(line, STR("//")))
			continue;
		comments++;
		buf_add(&copy, line);
		for (int minor = 19; minor <= 26; minor++)
			facts_expected(&facts, buf_str(&copy).p, "a.go", minor);
		if (facts.count == 0)
			fail_msg("never holds: %s", buf_str(&copy).p);
	}
	assert_true(comments > 50);
}

/* --- what was read */

static const struct flow_step flow[] = {
	{.to = "~r0", .from = "&x", .via = "address-of"},
	{.to = "{heap}", .from = "return &x", .via = "return"},
};

static struct escape escapes[] = {
	{.kind = ESCAPE_MOVED,
		.reason = REASON_RETURNED,
		.allocates = ALLOCATES_YES,
		.at = {"a.go", 20, 2},
		.function = "T.F",
		.expression = "x",
		.flow = flow,
		.flow_count = 2},
	{.kind = ESCAPE_TO_HEAP,
		.reason = REASON_GOROUTINE,
		.allocates = ALLOCATES_MAYBE,
		.at = {"a.go", 21, 3},
		.function = "",
		.expression = "func literal",
		.implied = true,
		.inlined = "G",
		.flow = flow,
		.flow_count = 1},
	{.kind = ESCAPE_TO_HEAP,
		.reason = REASON_INTERFACE,
		.allocates = ALLOCATES_NO,
		.at = {"b.go", 1, 1},
		.function = "F",
		.expression = "1"},
};

static struct leak leaks[] = {
	{.kind = LEAK_NONE, .at = {"a.go", 1, 5}, .function = "F", .parameter = "p"},
	{.kind = LEAK_RESULT,
		.at = {0},
		.function = "F",
		.parameter = "q",
		.result = "~r0",
		.level = 1,
		.flow = flow,
		.flow_count = 2},
};

static struct inlining inlinings[] = {
	{.can = true, .cost = 9, .at = {"a.go", 1, 6}, .name = "F"},
	{.can = true, .at = {"a.go", 2, 6}, .name = "G"},
	{.cost = 120,
		.budget = 80,
		.at = {"a.go", 3, 6},
		.name = "H",
		.why_not = "function too complex: cost 120 exceeds budget 80"},
};

static struct inlined_call calls[] = {
	{.at = {"a.go", 30, 7}, .callee = "(*T).F"},
};

static void
test_read(void **state)
{
	const struct snapshot snapshot = {
		.escapes = escapes,
		.escape_count = COUNT(escapes),
		.leaks = leaks,
		.leak_count = COUNT(leaks),
		.inlinings = inlinings,
		.inlining_count = COUNT(inlinings),
		.calls = calls,
		.call_count = COUNT(calls),
	};
	CLEANUP(facts_release) struct facts facts = {0};

	(void)state;
	facts_read(&facts, &snapshot, "a.go");
	assert_facts(&facts,
		"a.go:20:2: moved-to-heap x in T.F: returned, allocates yes; "
		"address-of, return, to {heap}\n"
		"a.go:21:3: escapes-to-heap func literal in no function: goroutine, "
		"allocates maybe, implied, "
		"inlined from G; address-of, to ~r0\n"
		"-: escapes-to-heap 1 in F: interface, allocates no\n"
		"a.go:1:5: parameter p of F leaks: none\n"
		"-: parameter q of F leaks: result ~r0 at level 1; address-of, return, to {heap}\n"
		"a.go:1:6: can inline F, with a cost\n"
		"a.go:2:6: can inline G\n"
		"a.go:3:6: cannot inline H: function too complex: cost N exceeds "
		"budget N, with a cost and a "
		"budget\n"
		"a.go:30:7: inlining call to (*T).F\n");
}

/* --- the difference */

struct difference {
	const char *name;
	const char *expected, *read; /* a letter each */
	const char *missing, *surplus;
};

static const struct difference differences[] = {
	{"nothing", "", "", "", ""},
	{"equal", "ab", "ab", "", ""},
	{"in another order", "abc", "cba", "", ""},
	{"one was not read", "abc", "ac", "b", ""},
	{"none was read", "cab", "", "cab", ""},
	{"one was not expected", "ac", "axc", "", "x"},
	{"none was expected", "", "ba", "", "ba"},
	{"read as another", "abc", "axc", "b", "x"},
	{"once in place of twice", "aab", "ab", "a", ""},
	{"twice in place of once", "ab", "aab", "", "a"},
};

static void
add_letters(struct facts *facts, const char *letters)
{
	for (; *letters; letters++)
		facts_add(facts, (struct str){letters, 1});
}

static void
assert_letters(const struct facts *facts, const char *letters)
{
	assert_int_equal(facts->count, strlen(letters));
	for (size_t i = 0; i < facts->count; i++)
		assert_int_equal(facts->lines[i][0], letters[i]);
}

static void
test_compare(void **state)
{
	const struct difference *row = *state;
	CLEANUP(facts_release) struct facts expected = {0};
	CLEANUP(facts_release) struct facts read = {0};
	CLEANUP(facts_release) struct facts missing = {0};
	CLEANUP(facts_release) struct facts surplus = {0};

	add_letters(&expected, row->expected);
	add_letters(&read, row->read);
	facts_compare(&missing, &surplus, &expected, &read);
	assert_letters(&missing, row->missing);
	assert_letters(&surplus, row->surplus);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_every_comment_counts),
	};
	int failed = RUN_TABLE("expected", expectations, test_expected);

	failed += RUN_TABLE("compare", differences, test_compare);
	return failed + cmocka_run_group_tests(tests, NULL, NULL);
}

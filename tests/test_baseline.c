/* The file of accepted findings: what is read of it, and how it is written. */
#include "tests/test.h"

#include "src/base/cleanup.h"
#include "src/baseline.h"

#define FIRST "heapwarden-baseline 1 fingerprint 2\n"
#define A "0123456789 moved-to-heap p F \"x\" reason=\"r\"\n"
#define B                                                                                          \
	"abcdef0123 escapes-to-heap p \"\" \"&T{...}\" reason=\"s\" author=\"Ada <a@b>\" "         \
	"expires=2027-01-31\n"

/* clang-format off */
static const struct row {
	const char *name;
	const char *text;
	const char *written; /* NULL: as the text */
	const char *error;   /* NULL: none */
} rows[] = {
	{"as it is written", "# head\n\n" FIRST B A, NULL, NULL},
	{"no entry", "# head\n\n" FIRST, NULL, NULL},
	{"comments only", "# head\n", "# head\n" FIRST, NULL},
	{"empty", "", FIRST, NULL},
	{"sorted", FIRST A B, FIRST B A, NULL},
	{"comments go with the entry below", FIRST "# of a\n" A "\n# of b\n" B "# end\n", FIRST "\n# of b\n" B "# of a\n" A "# end\n", NULL},
	{"merged with itself", FIRST A FIRST A, FIRST A A, NULL},
	{"other blanks, and line ends of Windows", FIRST "  0123456789\tmoved-to-heap  p F x\treason=r\r\n", FIRST A, NULL},
	{"quotes", FIRST "0123456789 moved-to-heap p F \"a \\\"b\\\" \\\\ \\n\\t\" reason=\"it's\"\n", NULL, NULL},
	{"not a baseline", A, NULL, "f, line 1: this is no baseline"},
	{"of later", "heapwarden-baseline 2 fingerprint 2\n", NULL, "f, line 1: a newer heapwarden"},
	{"of another form", "heapwarden-baseline 1\n", NULL, "f, line 1: this is not"},
	{"too short", FIRST "0123456789 moved-to-heap p\n", NULL, "f, line 2: an entry is"},
	{"no fingerprint", FIRST "012345678G moved-to-heap p F x reason=r\n", NULL, "f, line 2: a fingerprint has 10"},
	{"no reason", FIRST "0123456789 moved-to-heap p F x\n", NULL, "f, line 2: there is no reason="},
	{"empty reason", FIRST "0123456789 moved-to-heap p F x reason=\"\"\n", NULL, "f, line 2: there is no reason="},
	{"another field", FIRST "0123456789 moved-to-heap p F x reason=r why=s\n", NULL, "f, line 2: behind the expression"},
	{"a reason without quotes", FIRST "0123456789 moved-to-heap p F x reason=two words\n", NULL, "f, line 2: behind the expression"},
	{"twice", FIRST "0123456789 moved-to-heap p F x reason=r reason=s\n", NULL, "f, line 2: something is said twice"},
	{"no day", FIRST "0123456789 moved-to-heap p F x reason=r expires=2027-13-01\n", NULL, "f, line 2: expires= is a day"},
	{"an open quote", FIRST "\n0123456789 moved-to-heap p F \"x reason=r\n", NULL, "f, line 3: a quote is not closed"},
	{"an open quote behind a backslash", FIRST "0123456789 moved-to-heap p F \"x\\", NULL, "f, line 2: a quote is not closed"},
	{"no blank behind a quote", FIRST "0123456789 moved-to-heap p F \"x\"reason=r\n", NULL, "f, line 2: there is no blank"},
};
/* clang-format on */

static void
test_row(void **state)
{
	CLEANUP(baseline_release) struct baseline baseline = {0};
	CLEANUP(buf_release) struct buf out = {0};
	const struct row *row = *state;
	struct err err = {0};

	int result = baseline_read(&baseline, str_of(row->text), "f", "2", &err);
	assert_int_equal(result, row->error ? -1 : 0);
	if (row->error) {
		assert_int_equal(err.code, ERR_USAGE);
		assert_memory_equal(err.msg, row->error, strlen(row->error));
		return;
	}
	baseline_format(&out, &baseline, "2");
	assert_string_equal(out.p, row->written ? row->written : row->text);
}

static void
test_expiry(void **state)
{
	struct baseline_entry until = {.expires = "2027-01-31"}, always = {0};
	char day[11];

	(void)state;
	baseline_day(day, 1801440000); /* 2027-02-01T00:00:00Z */
	assert_string_equal(day, "2027-02-01");
	assert_true(baseline_is_expired(&until, day));
	assert_false(baseline_is_expired(&always, day));
	baseline_day(day, 1801439999);
	assert_false(baseline_is_expired(&until, day));
	assert_false(baseline_is_day("2027-1-31"));
	assert_false(baseline_is_day("2027-00-31"));
	assert_false(baseline_is_day("2027-04-31"));
	assert_false(baseline_is_day("2027-01-31 "));
	assert_true(baseline_is_day("2028-02-29"));
}

static void
test_other_fingerprints(void **state)
{
	CLEANUP(baseline_release) struct baseline baseline = {0};
	struct err err;

	(void)state;
	assert_int_equal(baseline_read(&baseline, STR(FIRST A), "f", "3", &err), 0);
	assert_true(baseline.other_fingerprints);
	assert_non_null(baseline_find(&baseline, "0123456789"));
	assert_null(baseline_find(&baseline, "0123456780"));
}

/* Of two lines for one finding, as git's union merge leaves them, the one that lasts counts. */
static void
test_find_lasting(void **state)
{
#define ENTRY "0123456789 moved-to-heap p F x reason=r"
	static const struct {
		const char *name, *text;
		int line;
	} entries[] = {
		{"equal", ENTRY "\n" ENTRY "\n", 2},
		{"later", ENTRY " expires=2026-01-31\n" ENTRY " expires=2027-01-31\n", 3},
		{"earlier", ENTRY " expires=2027-01-31\n" ENTRY " expires=2026-01-31\n", 2},
		{"always", ENTRY " expires=2027-01-31\n" ENTRY "\n", 3},
		{"until", ENTRY "\n" ENTRY " expires=2027-01-31\n", 2},
	};
#undef ENTRY

	(void)state;
	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
		CLEANUP(baseline_release) struct baseline baseline = {0};
		CLEANUP(buf_release) struct buf text = {0};
		struct err err;

		buf_printf(&text, "%s%s", FIRST, entries[i].text);
		assert_int_equal(
			baseline_read(&baseline, buf_str(&text), entries[i].name, "2", &err), 0);
		const struct baseline_entry *found = baseline_find(&baseline, "0123456789");
		if (found->line != entries[i].line)
			fail_msg("%s: line %d", entries[i].name, found->line);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expiry),
		cmocka_unit_test(test_other_fingerprints),
		cmocka_unit_test(test_find_lasting),
	};
	int failed = RUN_TABLE("baselines", rows, test_row);

	return failed + cmocka_run_group_tests_name("days", tests, NULL, NULL);
}

#include "tests/test.h"

#include <string.h>

#include "src/match.h"
#include "src/policy.h"

enum { MOST_PLACES = 8, MOST_SAID = 4 };

/* --- patterns */

/* clang-format off */
static const struct glob_row {
	const char *name;
	const char *pattern, *text;
	bool matches;
} globs[] = {
	{"the same", "a/b", "a/b", true},
	{"a part", "a/b", "a/bc", false},
	{"a star", "*.pb.go", "x.pb.go", true},
	{"a star stops at a slash", "*.pb.go", "x/y.pb.go", false},
	{"two stars do not", "**.pb.go", "x/y.pb.go", true},
	{"three dots", "a/.../c", "a/b/x/c", true},
	{"a star behind three dots", "a/...*.go", "a/b/x.go", true},
	{"stars that must be tried again", "a*b*c", "axbxbxc", true},
	{"stars that fit nowhere", "a*b*c", "axbxbxcd", false},
	{"a question mark", "a?c", "abc", true},
	{"no slash for a question mark", "a?c", "a/c", false},
	{"nothing", "", "", true},
	{"a star for nothing", "*", "", true},
	{"something for nothing", "a", "", false},
};

static const struct place_row {
	const char *name;
	char of; /* 'p'ackages, 'f'iles, 'F'unctions */
	const char *pattern;
	const char *package, *directory, *what; /* what: the file, or the function */
	bool matches;
} places[] = {
	{"directory", 'p', "./codec", "m/codec", "codec", NULL, true},
	{"directory without a dot", 'p', "codec", "m/codec", "codec", NULL, true},
	{"import path", 'p', "m/codec", "m/codec", "codec", NULL, true},
	{"a directory is no import path", 'p', "./m/codec", "m/codec", "codec", NULL, false},
	{"all below", 'p', "./codec/...", "m/codec/x", "codec/x", NULL, true},
	{"and itself", 'p', "./codec/...", "m/codec", "codec", NULL, true},
	{"not what begins so", 'p', "./codec/...", "m/codecs", "codecs", NULL, false},
	{"everything", 'p', "./...", "m/codec", "codec", NULL, true},
	{"the root is in everything", 'p', "./...", "m", "", NULL, true},
	{"the root", 'p', ".", "m", "", NULL, true},
	{"no other is the root", 'p', ".", "m/codec", "codec", NULL, false},
	{"directory not known", 'p', "./codec", "m/codec", NULL, NULL, false},

	{"a file", 'f', "a/b.go", NULL, NULL, "a/b.go", true},
	{"a name anywhere", 'f', "*_gen.go", NULL, NULL, "a/b/c_gen.go", true},
	{"a directory", 'f', "a/b/", NULL, NULL, "a/b/c/d.go", true},
	{"a directory without a slash", 'f', "a/b", NULL, NULL, "a/b/c.go", true},
	{"a directory of that name at the top", 'f', "gen", NULL, NULL, "gen/x.go", true},
	{"not what begins so", 'f', "a/b", NULL, NULL, "a/bc.go", false},
	{"directories that differ", 'f', "a/*/gen/", NULL, NULL, "a/x/gen/y.go", true},
	{"no file", 'f', "*", NULL, NULL, NULL, false},

	{"function", 'F', "Encode", "m", "", "Encode", true},
	{"method by its name", 'F', "Encode*", "m", "", "Buffer.EncodeAll", true},
	{"method by its type", 'F', "Buffer.*", "m", "", "Buffer.Encode", true},
	{"as in a stack trace", 'F', "(*Buffer).Encode", "m", "", "Buffer.Encode", true},
	{"another type", 'F', "Buffer.*", "m", "", "Store.Encode", false},
	{"of a package", 'F', "./codec:Encode", "m/codec", "codec", "Encode", true},
	{"of another package", 'F', "./codec:Encode", "m", "", "Encode", false},
	{"all of a package", 'F', "./codec/...:", "m/codec", "codec", "Any.Thing", true},
	{"any package", 'F', ":Encode", "m", "", "Encode", true},
};

/* --- the verdict */

/* A place that allocates in both sides ('='), only in the head ('+'), only in the base ('-'). */
struct at {
	char side;
	const char *package, *function, *file;
	enum reason reason;
	enum escape_kind kind;
	enum allocates allocates;
	int share; /* of a profile, one more than in the finding; 0: it does not know the function */
};

#define F(side, function) {side, "m", function, "a.go", REASON_RETURNED, ESCAPE_TO_HEAP, ALLOCATES_YES, 0}
#define P(function, share) {'+', "m", function, "a.go", REASON_RETURNED, ESCAPE_TO_HEAP, ALLOCATES_YES, (share) + 1}
#define C(side, function) {side, "m/codec", function, "codec/c.go", REASON_CALL, ESCAPE_MOVED, ALLOCATES_YES, 0}
#define G(side, function) {side, "m", function, "gen.go", REASON_STORED, ESCAPE_TO_HEAP, ALLOCATES_YES, 0}
#define NONE(side, function) {side, "m", function, "a.go", REASON_RETURNED, ESCAPE_TO_HEAP, ALLOCATES_NO, 0}
#define MAYBE(side, function) {side, "m", function, "a.go", REASON_APPEND, ESCAPE_TO_HEAP, ALLOCATES_MAYBE, 0}
#define LOST(function) {'+', "m", function, "a.go", REASON_NOT_INLINED, ESCAPE_LOST_INLINING, ALLOCATES_YES, 0}

static const struct policy_row {
	const char *name;
	const char *said[MOST_SAID]; /* "policy.max-new=1"; "[hot x" is the section alone */
	struct at places[MOST_PLACES];
	enum verdict_status status;
	const char *violation; /* in the first; NULL: none */
	size_t new, not_counted;
	const char *because; /* in the first that is not counted */
} rows[] = {
	{"nothing is new", {NULL}, {F('=', "A"), F('-', "B")}, VERDICT_PASS, NULL, 0, 0, NULL},
	{"one is new", {NULL}, {F('+', "A")}, VERDICT_FAIL, "1 new heap escape in 1 function", 1, 0, NULL},
	{"what may allocate is new", {NULL}, {MAYBE('+', "A")}, VERDICT_FAIL, "1 new", 1, 0, NULL},
	{"what allocates nothing is new", {NULL}, {NONE('+', "A")}, VERDICT_PASS, NULL, 0, 0, NULL},
	{"two in one function", {NULL}, {F('+', "A"), F('+', "A")}, VERDICT_FAIL,
		"2 new heap escapes in 1 function", 2, 0, NULL},

	{"as many as may be", {"policy.max-new=2"}, {F('+', "A"), F('+', "B")}, VERDICT_PASS, NULL, 2, 0, NULL},
	{"one more", {"policy.max-new=1"}, {F('+', "A"), F('+', "B")}, VERDICT_FAIL,
		"2 new heap escapes in 2 functions (1 may be new: policy.max-new, f:1)", 2, 0, NULL},
	{"lost inlining is counted with them", {"policy.max-new=1"}, {F('+', "A"), LOST("B")}, VERDICT_FAIL,
		"1 new heap escape", 1, 0, NULL},
	{"lost inlining alone", {NULL}, {LOST("B")}, VERDICT_FAIL, "1 function is no longer inlined", 0, 0, NULL},
	{"nothing fails", {"policy.fail-on=none"}, {F('+', "A"), LOST("B")}, VERDICT_PASS, NULL, 1, 0, NULL},
	{"not even hot code", {"policy.fail-on=none", "policy.hot=A"}, {F('+', "A")}, VERDICT_PASS, NULL, 1, 0, NULL},

	{"another kind", {"policy.kinds=moved-to-heap"}, {F('+', "A")}, VERDICT_PASS, NULL, 0, 1,
		"policy.kinds (f:1) does not name escapes-to-heap"},
	{"that kind", {"policy.kinds=moved-to-heap"}, {C('+', "A"), F('+', "A")}, VERDICT_FAIL, "1 new", 1, 1, NULL},
	{"lost inlining is a kind", {"policy.kinds=moved-to-heap"}, {LOST("A")}, VERDICT_PASS, NULL, 0, 1, NULL},
	{"another reason", {"policy.reasons=interface, call"}, {F('+', "A")}, VERDICT_PASS, NULL, 0, 1,
		"policy.reasons (f:1) does not name returned"},
	{"that reason", {"policy.reasons=interface, call"}, {C('+', "A")}, VERDICT_FAIL, "1 new", 1, 0, NULL},
	{"another package", {"policy.packages=./codec/..."}, {F('+', "A")}, VERDICT_PASS, NULL, 0, 1,
		"policy.packages (f:1) does not name m"},
	{"that package", {"policy.packages=./codec/..."}, {C('+', "A")}, VERDICT_FAIL, "1 new", 1, 0, NULL},
	{"a package left out", {"policy.ignore-packages=./codec"}, {C('+', "A"), F('+', "A")}, VERDICT_FAIL,
		"1 new", 1, 1, "policy.ignore-packages (f:1) names ./codec"},
	{"a file left out", {"policy.ignore-paths=x.go, codec/"}, {C('+', "A")}, VERDICT_PASS, NULL, 0, 1,
		"policy.ignore-paths (f:1) names codec/"},
	{"a generated file", {NULL}, {G('+', "A")}, VERDICT_PASS, NULL, 0, 1, "generated file"},
	{"generated files count", {"policy.generated=true"}, {G('+', "A")}, VERDICT_FAIL, "1 new", 1, 0, NULL},

	{"enough of the profile", {NULL}, {P("A", 1000)}, VERDICT_FAIL, "1 new", 1, 0, NULL},
	{"too little of the profile", {NULL}, {P("A", 999), P("B", 0)}, VERDICT_PASS, NULL, 0, 2,
		"0.999% of the profile: below 1% nothing counts (policy.profile-min, default)"},
	{"the profile does not know it", {NULL}, {P("A", 0), F('+', "B")}, VERDICT_FAIL, "1 new", 1, 1, NULL},
	{"another share", {"policy.profile-min=0.25%"}, {P("A", 250), P("B", 249)}, VERDICT_FAIL, "1 new", 1, 1,
		"0.249% of the profile: below 0.25% nothing counts (policy.profile-min, f:1)"},
	{"ranked alone", {"policy.profile-min=0"}, {P("A", 0)}, VERDICT_FAIL, "1 new", 1, 0, NULL},
	{"hot code that the profile has little of", {"policy.hot=A"}, {P("A", 0)}, VERDICT_FAIL, "hot code", 1, 0, NULL},

	{"hot code beyond what may be new", {"policy.max-new=9", "policy.hot=Enc*"}, {F('+', "Encode"), F('+', "B")},
		VERDICT_FAIL, "1 of what is new is in hot code: Encode", 2, 0, NULL},
	{"hot code that may allocate", {"policy.max-new=9", "policy.hot=Enc*"}, {MAYBE('+', "Encode")},
		VERDICT_FAIL, "hot code", 1, 0, NULL},
	{"hot code that allocates nothing", {"policy.hot=Enc*"}, {NONE('+', "Encode")}, VERDICT_PASS, NULL, 0, 0, NULL},
	{"hot code of a kind that is left out", {"policy.kinds=moved-to-heap", "policy.hot=Enc*"},
		{F('+', "Encode")}, VERDICT_FAIL, "1 new", 1, 0, NULL},
	{"hot code that is not new", {"policy.hot=Enc*"}, {F('=', "Encode")}, VERDICT_PASS, NULL, 0, 0, NULL},
	{"a hot section", {"policy.max-new=9", "[hot ./codec:A"}, {C('+', "A"), F('+', "A")}, VERDICT_FAIL,
		"1 of what is new is in hot code: A", 2, 0, NULL},
	{"why it is hot", {"policy.max-new=9", "hot.A.because=every request"}, {F('+', "A")}, VERDICT_FAIL,
		"in hot code: A (every request)", 1, 0, NULL},
	{"two hot functions", {"policy.max-new=9", "policy.hot=A, B"}, {F('+', "A"), F('+', "B")}, VERDICT_FAIL,
		"2 of what is new is in hot code: A and others", 2, 0, NULL},

	{"within the budget", {"budget../codec/....total=2"}, {C('=', "A"), C('=', "B"), F('=', "A")}, VERDICT_PASS, NULL, 0, 0, NULL},
	{"beyond the budget, nothing new", {"budget../codec/....total=1"}, {C('=', "A"), C('=', "B")}, VERDICT_FAIL,
		"./codec/... has 2 heap allocations, of which its budget allows 1 (f:1)", 0, 0, NULL},
	{"what is gone is in no budget", {"budget../codec/....total=1"}, {C('=', "A"), C('-', "B")}, VERDICT_PASS, NULL, 0, 0, NULL},
	{"a budget of functions", {"budget.:A.total=1"}, {C('=', "A"), F('=', "A"), F('=', "B")}, VERDICT_FAIL,
		":A has 2 heap allocations", 0, 0, NULL},
	{"a budget of nothing", {"budget.....total=0"}, {NONE('=', "A")}, VERDICT_PASS, NULL, 0, 0, NULL},
	{"a budget without generated files", {"budget.....total=0"}, {G('=', "A")}, VERDICT_PASS, NULL, 0, 0, NULL},
	{"as many as before", {"policy.fail-on=budgets", "budget.....ratchet="}, {F('+', "A"), F('-', "B")}, VERDICT_PASS, NULL, 1, 0, NULL},
	{"more than before", {"policy.fail-on=budgets", "budget.....ratchet="}, {F('+', "A"), F('=', "B")}, VERDICT_FAIL,
		"... has 1 heap allocation more than in the base", 1, 0, NULL},
	{"a ratchet that is off", {"policy.fail-on=budgets", "budget.....ratchet=no"}, {F('+', "A")}, VERDICT_PASS, NULL, 1, 0, NULL},
	{"new alone does not fail budgets", {"policy.fail-on=budgets"}, {F('+', "A")}, VERDICT_PASS, NULL, 1, 0, NULL},
	{"hot code fails with budgets", {"policy.fail-on=budgets", "policy.hot=A"}, {F('+', "A")}, VERDICT_FAIL, "hot code", 1, 0, NULL},
};

static const struct generated_row {
	const char *name;
	const char *text;
	bool generated;
} generated[] = {
	{"by hand", "package p\n", false},
	{"the line", "// Code generated by x. DO NOT EDIT.\npackage p\n", true},
	{"lines of Windows", "// Code generated by x. DO NOT EDIT.\r\npackage p\r\n", true},
	{"below a licence", "// Copyright\n\n/* more\n of it */\n\n// Code generated by x; DO NOT EDIT.\n\npackage p\n", true},
	{"below the package clause", "package p\n// Code generated by x. DO NOT EDIT.\n", false},
	{"behind a comment and the clause", "/* a */ package p\n// Code generated by x. DO NOT EDIT.\n", false},
	{"inside of a comment", "/*\n// Code generated by x. DO NOT EDIT.\n*/\npackage p\n", false},
	{"indented", " // Code generated by x. DO NOT EDIT.\npackage p\n", false},
	{"without a full stop", "// Code generated by x. DO NOT EDIT\npackage p\n", false},
	{"in other words", "// Generated by x. DO NOT EDIT.\npackage p\n", false},
	{"nothing", "", false},
};
/* clang-format on */

static void
globs_row(void **state)
{
	const struct glob_row *row = *state;

	assert_int_equal(match_glob(str_of(row->pattern), str_of(row->text)), row->matches);
}

static void
places_row(void **state)
{
	const struct place_row *row = *state;
	bool matches = row->of == 'p'   ? match_package(row->pattern, row->package, row->directory)
		       : row->of == 'f' ? match_path(row->pattern, row->what)
					: match_function(row->pattern, row->package, row->directory,
						  row->what);

	assert_int_equal(matches, row->matches);
}

/* "section.key=value", or "[section pattern". */
static void
say(struct config *config, const char *text, int line)
{
	CLEANUP(free_ptr) char *copy = strdup(text);
	CLEANUP(buf_release) struct buf origin = {0};
	struct err err = {0};
	int result;

	buf_printf(&origin, "f:%d", line);
	if (copy[0] == '[') {
		char *pattern = strchr(copy, ' ');
		*pattern = '\0';
		result = config_add_section(config, copy + 1, pattern + 1, origin.p, &err);
	} else {
		char *value = strrchr(copy, '=');
		*value = '\0';
		result = config_add_entry(config, copy, value + 1, origin.p, &err);
	}
	if (result != 0)
		fail_msg("%s", err.msg);
}

static int
read_text(struct buf *out, bool base, const char *path, void *ctx, struct err *err)
{
	(void)base, (void)ctx, (void)err;
	buf_add(out, strcmp(path, "gen.go") == 0 ? STR("// Code generated by x. DO NOT EDIT.\n")
						 : STR("package p\n"));
	return 0;
}

static void
add_place(struct comparison *comparison, struct escape *escape, const struct at *at)
{
	static const struct lost_inlining lost;
	struct finding *finding = comparison_add(comparison);

	*escape = (struct escape){.kind = at->kind,
		.reason = at->reason,
		.allocates = at->allocates,
		.at = {at->file, 1, 1},
		.package = at->package,
		.function = at->function,
		.expression = "x"};
	*finding = (struct finding){.id = "0",
		.state = at->side == '+'   ? FINDING_NEW
			 : at->side == '-' ? FINDING_FIXED
					   : FINDING_UNCHANGED,
		.escape = escape,
		.base = at->side == '=' ? escape : NULL,
		.share = {at->share > 0, at->share > 0 ? at->share - 1 : 0},
		.lost = at->kind == ESCAPE_LOST_INLINING ? &lost : NULL};
}

static const char *
first_reason(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->finding_count; i++)
		if (comparison->findings[i].not_counted)
			return comparison->findings[i].not_counted;
	return "";
}

static void
policy_row_test(void **state)
{
	static struct package packages[] = {
		{.import_path = "m", .directory = ""},
		{.import_path = "m/codec", .directory = "codec"},
	};
	static const struct snapshot snapshot = {.packages = packages, .package_count = 2};
	const struct policy_row *row = *state;
	struct escape escapes[MOST_PLACES];
	CLEANUP(config_release) struct config config = {0};
	CLEANUP(source_release) struct source source = {.read = read_text};
	CLEANUP(comparison_release)
	struct comparison comparison = {
		.base_snapshot = &snapshot, .head_snapshot = &snapshot, .source = &source};

	for (int i = 0; i < MOST_SAID && row->said[i]; i++)
		say(&config, row->said[i], i + 1);
	for (int i = 0; i < MOST_PLACES && row->places[i].side; i++)
		add_place(&comparison, &escapes[i], &row->places[i]);
	policy_judge(&comparison, &config);
	/* To judge again changes nothing. */
	policy_judge(&comparison, &config);
	const struct verdict *verdict = &comparison.verdict;
	const char *said = verdict->violation_count ? verdict->violations[0] : "";
	if (verdict->status != row->status)
		fail_msg("%s: %s", verdict_status_name(verdict->status), said);
	assert_int_equal(verdict->violation_count > 0, row->violation != NULL);
	bool found = !row->violation;
	for (size_t i = 0; i < verdict->violation_count; i++)
		found |= strstr(verdict->violations[i], row->violation ? row->violation : "") !=
			 NULL;
	if (!found)
		fail_msg("'%s' is not in: %s", row->violation, said);
	assert_int_equal(comparison.summary.new, row->new);
	assert_int_equal(comparison.summary.new_not_counted, row->not_counted);
	if (row->because)
		assert_string_equal(first_reason(&comparison), row->because);
}

static int
read_row(struct buf *out, bool base, const char *path, void *ctx, struct err *err)
{
	const struct generated_row *row = ctx;

	(void)base, (void)path, (void)err;
	buf_add(out, str_of(row->text));
	return 0;
}

static void
generated_row_test(void **state)
{
	const struct generated_row *row = *state;
	CLEANUP(source_release) struct source source = {.read = read_row, .ctx = *state};

	assert_int_equal(source_is_generated(source_file(&source, false, "a.go")), row->generated);
}

/* The words of the settings are those of the reports. */
static void
the_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < REASON_COUNT; i++) {
		const struct config_value word = {
			.id = SETTING_REASONS, .text = reason_text((enum reason)i)->name};
		assert_int_equal(config_word_choice(&word), i);
	}
	for (size_t i = 0; setting(SETTING_KINDS)->choices[i]; i++)
		assert_string_equal(
			setting(SETTING_KINDS)->choices[i], escape_kind_name((enum escape_kind)i));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(the_words)};

	return RUN_TABLE("globs", globs, globs_row) + RUN_TABLE("places", places, places_row) +
	       RUN_TABLE("policy", rows, policy_row_test) +
	       RUN_TABLE("generated", generated, generated_row_test) +
	       cmocka_run_group_tests_name("words", tests, NULL, NULL);
}

#include "tests/git_fixture.h"

#include "src/config.h"
#include "src/repo_config.h"

/* --- values */

/* clang-format off */
static const struct check_row {
	const char *name;
	enum setting_id id;
	const char *text;
	const char *words; /* of the message; NULL: it is a value */
} checks[] = {
	{"a choice", SETTING_FAIL_ON, "none", NULL},
	{"no choice", SETTING_FAIL_ON, "all", "policy.fail-on is one of new, budgets, none, not 'all'"},
	{"a choice in capitals", SETTING_FAIL_ON, "None", "not 'None'"},
	{"a number", SETTING_MAX_NEW, "12", NULL},
	{"no number", SETTING_MAX_NEW, "-1", "policy.max-new is a number from 0 on, not '-1'"},
	{"a number and more", SETTING_MAX_NEW, "1k", "not '1k'"},
	{"an empty number", SETTING_MAX_NEW, "", "not ''"},
	{"a list", SETTING_KINDS, "moved-to-heap, lost-inlining", NULL},
	{"an empty list", SETTING_KINDS, "", NULL},
	{"a list with blanks for dashes", SETTING_REASONS, "too large,unknown size", NULL},
	{"a wrong word of a list", SETTING_KINDS, "moved-to-heap, lost", "lost-inlining, not 'lost'"},
	{"a switch", SETTING_GENERATED, "Yes", NULL},
	{"a switch without value", SETTING_GENERATED, "", NULL},
	{"no switch", SETTING_GENERATED, "2", "policy.generated is true or false, not '2'"},
	{"too large a number", SETTING_MAX_NEW, "99999999999", "not '99999999999'"},
};

/* What a text in git's syntax says; `shown` is "name=value@line" of each, one after the other. */
static const struct text_row {
	const char *name;
	const char *text;
	const char *shown;
	const char *words; /* of the message; NULL: it is read */
} texts[] = {
	{"nothing", "", "", NULL},
	{"comments", "# one\n; two\n\n[a]\n# three\nx = 1 # four\n", "[a]@4 a.x=1@6 ", NULL},
	{"no value is an empty one", "[a]\nx\n", "[a]@1 a.x=@2 ", NULL},
	{"names have no case", "[A]\nMax-New = 1\n", "[A]@1 a.max-new=1@2 ", NULL},
	{"subsections do", "[a \"X.y/...\"]\n\tk = 1\n", "[a X.y/...]@1 a.X.y/....k=1@2 ", NULL},
	{"quotes in a subsection", "[a \"x\\\"y\\\\z\"]\nk=1\n", "[a x\"y\\z]@1 a.x\"y\\z.k=1@2 ", NULL},
	{"a value behind its header", "[a] x = 1\n", "[a]@1 a.x=1@1 ", NULL},
	{"said twice", "[a]\nx=1\n[b]\nx=2\n[a]\nx=3\n", "[a]@1 [b]@3 [a]@5 a.x=1@2 b.x=2@4 a.x=3@6 ", NULL},
	{"a value of two lines", "[a]\nx = 1 \\\n  y = 2\nz = 3\n", "[a]@1 a.x=1   y = 2@2 a.z=3@4 ", NULL},
	{"a comment goes over no line", "[a]\nx = 1 # \\\ny = 2\n", "[a]@1 a.x=1@2 a.y=2@3 ", NULL},
	{"an even number of backslashes", "[a]\nx = 1\\\\\ny = 2\n", "[a]@1 a.x=1\\@2 a.y=2@3 ", NULL},
	{"lines of Windows", "[a]\r\nx = 1\r\n", "[a]@1 a.x=1@2 ", NULL},
	{"a byte order mark", "\xef\xbb\xbf[a]\nx = 1\n", "[a]@1 a.x=1@2 ", NULL},
	{"an empty section", "[a \"b\"]\n", "[a b]@1 ", NULL},
	{"no section", "\nx = 1\n", NULL, "NAME:2: 'x' stands before any [section]"},
	{"a broken header", "\n[a\nx = 1\n", NULL, "in NAME:2"},
	{"an include", "[a]\nx=1\n[include]\npath=/etc/passwd\n", NULL, "NAME:3: [include] is not possible"},
	{"one behind another header", "[a] [include] path=/etc/passwd\n", NULL, "NAME:1: [include] is"},
	{"one with blanks, in capitals", "[ \tINCLUDE ]\npath=x\n", NULL, "NAME:1: [INCLUDE] is"},
	{"an include on a condition", "[includeIf \"gitdir:/\"]\npath=x\n", NULL, "NAME:1: [includeIf] is"},
};

/* What a file may say, and what holds then. */
static const struct entry_row {
	const char *name;
	const char *key, *value;
	const char *words; /* of the message; NULL: it is taken */
} entries[] = {
	{"known", "policy.max-new", "3", NULL},
	{"in capitals", "Policy.Max-New", "3", NULL},
	{"unknown key", "policy.max", "3", "f:7: there is no setting 'max' in [policy]: the settings there are "},
	{"unknown section", "gate.max-new", "3", "f:7: there is no section [gate]: the sections are [policy], [hot \"PATTERN\"], [budget \"PATTERN\"]"},
	{"a pattern where there is none", "policy.x.max-new", "3", "f:7: there is no section [policy \"…\"]"},
	{"bad value", "policy.max-new", "x", "f:7: policy.max-new is a number from 0 on, not 'x'"},
};
/* clang-format on */

static void
checks_row(void **state)
{
	const struct check_row *row = *state;
	const char *name = setting(row->id)->name;
	struct err err = {0};

	assert_int_equal(config_check(row->id, row->text, name, &err), row->words ? -1 : 0);
	if (row->words && !strstr(err.msg, row->words))
		fail_msg("'%s' is not in: %s", row->words, err.msg);
}

static int
show_entry(const char *name, const char *value, int line, void *ctx, struct err *err)
{
	(void)err;
	buf_printf(ctx, "%s=%s@%d ", name, value, line);
	return 0;
}

static int
show_section(const char *section, const char *pattern, int line, void *ctx, struct err *err)
{
	(void)err;
	buf_printf(ctx, "[%s%s%s]@%d ", section, pattern ? " " : "", pattern ? pattern : "", line);
	return 0;
}

static void
texts_row(void **state)
{
	const struct text_row *row = *state;
	CLEANUP(buf_release) struct buf shown = {0};
	const struct config_reader reader = {show_entry, show_section, &shown};
	struct err err = {0};
	int result = repo_config_read(&reader, str_of(row->text), "NAME", ".", &err);

	assert_int_equal(result, row->words ? -1 : 0);
	if (row->words && !strstr(err.msg, row->words))
		fail_msg("'%s' is not in: %s", row->words, err.msg);
	if (!row->words)
		assert_string_equal(buf_str(&shown).p, row->shown);
	assert_false(path_exists("./config"));
}

static void
entries_row(void **state)
{
	const struct entry_row *row = *state;
	CLEANUP(config_release) struct config config = {0};
	struct err err = {0};
	int result = config_add_entry(&config, row->key, row->value, "f:7", &err);

	assert_int_equal(result, row->words ? -1 : 0);
	if (row->words && !strstr(err.msg, row->words))
		fail_msg("'%s' is not in: %s", row->words, err.msg);
	if (!row->words)
		assert_int_equal(config_number(&config, SETTING_MAX_NEW), 3);
}

/* The words of a list are in one source; a later one stands in place of all of them. */
static void
lists(void **state)
{
	CLEANUP(config_release) struct config config = {0};
	const struct config_value *words;
	struct err err = {0};
	size_t count;

	(void)state;
	config_list(&count, &config, SETTING_HOT);
	assert_int_equal(count, 0);
	assert_int_equal(config_add_entry(&config, "policy.hot", "A, B", "f:1", &err), 0);
	assert_int_equal(config_add_entry(&config, "policy.hot", "C", "f:2", &err), 0);
	words = config_list(&count, &config, SETTING_HOT);
	assert_int_equal(count, 3);
	assert_string_equal(words[1].text, "B");
	assert_string_equal(words[2].origin, "f:2");
	config_add_flag(&config, SETTING_HOT, "D");
	words = config_list(&count, &config, SETTING_HOT);
	assert_int_equal(count, 1);
	assert_string_equal(words[0].origin, "--hot");
	config_release(&config);
	assert_int_equal(config_add_entry(&config, "policy.hot", "A", "f:1", &err), 0);
	config_add_flag(&config, SETTING_HOT, "");
	config_list(&count, &config, SETTING_HOT);
	assert_int_equal(count, 0);
}

/* Sections with patterns; one that has nothing in it is there all the same. */
static void
sections(void **state)
{
	CLEANUP(config_release) struct config config = {0};
	struct err err = {0};
	size_t count, total = 0;

	(void)state;
	assert_int_equal(config_add_section(&config, "Hot", "a.b", "f:1", &err), 0);
	assert_int_equal(config_add_section(&config, "budget", "./x/...", "f:2", &err), 0);
	assert_int_equal(config_add_entry(&config, "budget../x/....total", "40", "f:3", &err), 0);
	assert_int_equal(config_add_entry(&config, "budget.y.ratchet", "", "f:4", &err), 0);
	const char *const *patterns = config_sections(&count, &config, "budget");
	assert_int_equal(count, 2);
	assert_string_equal(patterns[0], "./x/...");
	assert_true(config_section_number(&total, &config, SETTING_BUDGET_TOTAL, "./x/..."));
	assert_int_equal(total, 40);
	assert_false(config_section_number(&total, &config, SETTING_BUDGET_TOTAL, "y"));
	assert_true(config_section_switch(&config, SETTING_BUDGET_RATCHET, "y"));
	assert_false(config_section_switch(&config, SETTING_BUDGET_RATCHET, "./x/..."));
	patterns = config_sections(&count, &config, "hot");
	assert_int_equal(count, 1);
	assert_string_equal(patterns[0], "a.b");
	assert_int_equal(config_add_section(&config, "hot", NULL, "f:5", &err), -1);
	assert_int_equal(config_add_section(&config, "warm", "x", "f:5", &err), -1);
}

static void
assert_holds(const struct config *config, size_t number, const char *origin)
{
	assert_int_equal(config_number(config, SETTING_MAX_NEW), number);
	assert_string_equal(config_get(config, SETTING_MAX_NEW, NULL).origin, origin);
}

/* A flag, else the environment, else the file, else the default; in one source, what comes last. */
static void
the_order(void **state)
{
	CLEANUP(config_release) struct config config = {0};
	struct err err = {0};

	(void)state;
	assert_holds(&config, 0, "default");
	assert_int_equal(config_add_entry(&config, "policy.max-new", "1", "f:1", &err), 0);
	assert_int_equal(config_add_entry(&config, "policy.max-new", "2", "f:2", &err), 0);
	assert_holds(&config, 2, "f:2");
	config_add_flag(&config, SETTING_MAX_NEW, "3");
	setenv("HEAPWARDEN_MAX_NEW", "4", 1);
	assert_int_equal(config_add_environment(&config, &err), 0);
	assert_holds(&config, 3, "--max-new");
	config_release(&config);
	assert_int_equal(config_add_environment(&config, &err), 0);
	assert_holds(&config, 4, "HEAPWARDEN_MAX_NEW");
	setenv("HEAPWARDEN_MAX_NEW", "many", 1);
	assert_int_equal(config_add_environment(&config, &err), -1);
	assert_non_null(strstr(err.msg, "HEAPWARDEN_MAX_NEW is a number"));
	unsetenv("HEAPWARDEN_MAX_NEW");
}

/* What every row of the table must be. */
static void
the_table(void **state)
{
	(void)state;
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		const struct setting *row = setting(id);
		struct err err = {0};
		assert_non_null(row->name);
		assert_non_null(row->fallback);
		assert_non_null(row->help);
		if (config_check(id, row->fallback, row->name, &err) != 0 &&
			(row->fallback[0] || !strstr(row->name, ".*.")))
			fail_msg("the default of %s is none of its values: %s", row->name, err.msg);
		if (row->type != SETTING_IS_SWITCH && row->flag && !row->argument)
			fail_msg("--%s of %s has no argument", row->flag, row->name);
		for (enum setting_id other = 0; other < id; other++)
			assert_string_not_equal(setting(other)->name, row->name);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(sections),
		cmocka_unit_test(the_order),
		cmocka_unit_test(the_table),
	};
	char directory[] = "/tmp/heapwarden-config-XXXXXX";

	fixture_enter(directory);
	int failed = RUN_TABLE("values", checks, checks_row) +
		     RUN_TABLE("texts", texts, texts_row) +
		     RUN_TABLE("entries", entries, entries_row) +
		     cmocka_run_group_tests_name("config", tests, NULL, NULL);
	fixture_leave(directory);
	return failed;
}

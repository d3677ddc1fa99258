#include <stdlib.h>
#include <string.h>

#include "src/variant.h"
#include "tests/test.h"

/* What is read, joined with spaces; or a part of the message. */
static const struct {
	const char *name, *text, *settings, *flags, *message;
} rows[] = {
	{"neither", "", "", "", NULL},
	{"blanks", " \t ", "", "", NULL},
	{"a system", "GOOS=windows", "GOOS=windows", "", NULL},
	{"two", " GOOS=js  GOARCH=wasm ", "GOOS=js GOARCH=wasm", "", NULL},
	{"flags alone", "-tags=a,b", "", "-tags=a,b", NULL},
	{"both", "CGO_ENABLED=0 -tags=a --mod=vendor", "CGO_ENABLED=0", "-tags=a -mod=vendor",
		NULL},
	{"quoted", "GOARM=7 '-tags=a b'", "GOARM=7", "-tags=a b", NULL},
	{"no value", "GOARM=", "GOARM=", "", NULL},
	{"a word", "windows", NULL, NULL, "'windows' is none of them"},
	{"another setting", "GOFLAGS=-race", NULL, NULL, "'GOFLAGS=-race' is none of them"},
	{"a setting behind flags", "-tags=a GOOS=windows", NULL, NULL, "GOOS=windows"},
	{"a flag that is refused", "-race", NULL, NULL, "'-race' cannot be in a variant"},
	{"no flag of go", "-nosuch", NULL, NULL, "'-nosuch' cannot be in a variant"},
};

static void
assert_words(const char *const *words, size_t count, const char *expected)
{
	CLEANUP(buf_release) struct buf joined = {0};

	for (size_t i = 0; i < count; i++)
		buf_printf(&joined, "%s%s", i ? " " : "", words[i]);
	assert_string_equal(buf_str(&joined).p, expected);
}

static void
test_read(void **state)
{
	const struct {
		const char *name, *text, *settings, *flags, *message;
	} *row = *state;
	CLEANUP(arena_release) struct arena arena = {0};
	CLEANUP(variant_release) struct variant variant = {0};
	struct err err = {0};
	int result = variant_read(&variant, row->text, &arena, &err);

	assert_int_equal(result, row->message ? -1 : 0);
	if (row->message) {
		assert_non_null(strstr(err.msg, row->message));
		return;
	}
	assert_words(variant.settings, variant.setting_count, row->settings);
	assert_words(variant.flags.words, variant.flags.count, row->flags);
}

static void
test_environment(void **state)
{
	static const char *const settings[] = {"GOOS=windows", "CGO_ENABLED=1", "GOAMD64=v3"};
	const struct variant variant = {.settings = settings, .setting_count = 3};
	CLEANUP(arena_release) struct arena arena = {0};
	struct variant_saved saved;
	size_t count;

	(void)state;
	setenv("CGO_ENABLED", "0", 1);
	unsetenv("GOOS");
	unsetenv("GOAMD64");
	unsetenv("GOEXPERIMENT");
	variant_enter(&saved, &variant);
	assert_string_equal(getenv("GOOS"), "windows");
	const char *const *now = variant_settings(&count, &arena);
	assert_words(now, count, "CGO_ENABLED=1 GOAMD64=v3");
	variant_leave(&saved);
	assert_null(getenv("GOOS"));
	assert_string_equal(getenv("CGO_ENABLED"), "0");
	now = variant_settings(&count, &arena);
	assert_words(now, count, "CGO_ENABLED=0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_environment)};

	return RUN_TABLE("read", rows, test_read) + cmocka_run_group_tests(tests, NULL, NULL);
}

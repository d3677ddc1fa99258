#include "src/reason.h"

#include <string.h>

#include "tests/test.h"

struct row {
	const char *name;
	enum reason reason;
	size_t hints;
};

static const struct row rows[] = {
	{"unknown", REASON_UNKNOWN, 2},
	{"returned", REASON_RETURNED, 3},
	{"stored", REASON_STORED, 3},
	{"sent", REASON_SENT, 3},
	{"interface", REASON_INTERFACE, 3},
	{"closure", REASON_CLOSURE, 3},
	{"goroutine", REASON_GOROUTINE, 3},
	{"call", REASON_CALL, 3},
	{"too large", REASON_TOO_LARGE, 3},
	{"unknown size", REASON_UNKNOWN_SIZE, 3},
	{"append", REASON_APPEND, 3},
	{"not inlined", REASON_NOT_INLINED, 3},
	{"big caller", REASON_BIG_CALLER, 2},
	{"unknown", REASON_COUNT, 2},
	{"unknown", (enum reason)1000, 2},
};

static void
assert_sentence(const char *text)
{
	assert_non_null(text);
	size_t n = strlen(text);
	assert_true(n > 0);
	assert_int_equal(text[n - 1], '.');
	assert_null(strstr(text, "  "));
}

/* The number of hints is told, because a forgotten comma would make one hint of two. */
static void
texts_of_reason(void **state)
{
	const struct row *row = *state;
	const struct reason_text *text = reason_text(row->reason);
	size_t hints = 0;

	assert_string_equal(text->name, row->name);
	assert_sentence(text->what);
	assert_sentence(text->why);
	while (hints < 3 && text->hints[hints])
		assert_sentence(text->hints[hints++]);
	assert_int_equal(hints, row->hints);
}

int
main(void)
{
	return RUN_TABLE("reason", rows, texts_of_reason);
}

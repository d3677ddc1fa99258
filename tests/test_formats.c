#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/finding_text.h"
#include "report/markdown_text.h"
#include "tests/sample.h"
#include "tests/test.h"

/* ---- outside text in Markdown ---- */

struct markdown_row {
	const char *name, *text, *code, *words, *html;
};

#define ZWSP "\xe2\x80\x8b"

static const struct markdown_row markdown_rows[] = {
	{"plain", "Store.Get", "`Store.Get`", "Store.Get", "<code>Store.Get</code>"},
	{"backtick", "a`b", "``a`b``", "a\\`b", "<code>a&#96;b</code>"},
	{"backticks at the ends", "`a``", "``` `a`` ```", "\\`a\\`\\`",
		"<code>&#96;a&#96;&#96;</code>"},
	{"blanks at the ends", " a ", "`  a  `", " a ", "<code> a </code>"},
	{"nothing", "", "`-`", "", "<code></code>"},
	{"mention", "@me", "`@me`", "\\@" ZWSP "me", "<code>&#64;me</code>"},
	{"address", "https://x www.y", "`https://x www.y`", "https:" ZWSP "//x www." ZWSP "y",
		"<code>https://x www.y</code>"},
	{"markup", "<b>*x*</b>", "`<b>*x*</b>`", "\\<b\\>\\*x\\*\\</b\\>",
		"<code>&#60;b&#62;&#42;x&#42;&#60;/b&#62;</code>"},
	{"link", "[a](b)", "`[a](b)`", "\\[a\\](b)", "<code>&#91;a&#93;(b)</code>"},
	{"lines", "a\n\n<script>", "`a\\x0a\\x0a<script>`", "a\\\\x0a\\\\x0a\\<script\\>",
		"<code>a&#92;x0a&#92;x0a&#60;script&#62;</code>"},
	{"bytes", "\xff\x1b[m", "`\xef\xbf\xbd\\x1b[m`", "\xef\xbf\xbd\\\\x1b\\[m",
		"<code>\xef\xbf\xbd&#92;x1b&#91;m</code>"},
};

static void
assert_text(
	void (*add)(struct buf *, struct str), const struct markdown_row *row, const char *wanted)
{
	CLEANUP(buf_release) struct buf out = {0};

	add(&out, str_of(row->text));
	assert_string_equal(buf_str(&out).p, wanted);
}

static void
test_markdown(void **state)
{
	const struct markdown_row *row = *state;

	assert_text(markdown_code, row, row->code);
	assert_text(markdown_words, row, row->words);
	assert_text(markdown_html_code, row, row->html);
}

static void
test_markdown_block(void **state)
{
	CLEANUP(buf_release) struct buf out = {0};

	(void)state;
	markdown_block(&out, STR("a\r\n```\nb\x1b"), "go", 2);
	assert_string_equal(out.p, "  ````go\n  a\n  ```\n  b\\x1b\n  ````\n");
}

static void
test_cut(void **state)
{
	CLEANUP(buf_release) struct buf out = {0};

	(void)state;
	cut_text(&out, STR("aä"), 3);
	assert_string_equal(out.p, "aä");
	buf_clear(&out);
	cut_text(&out, STR("aäb"), 2);
	assert_string_equal(out.p, "a…");
}

/* ---- documents ---- */

/* The document is the caller's. */
static char *
document(const char *format, const struct comparison *comparison,
	const struct report_options *options)
{
	char *text = NULL;
	size_t size = 0;
	struct err err = {0};
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	if (report_writer(format)->comparison(comparison, options, out, &err) != 0)
		fail_msg("%s", err.msg);
	fclose(out);
	assert_int_equal(strlen(text), size);
	return text;
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
		n++;
	return n;
}

struct content_row {
	const char *name, *format;
	struct report_options options;
	const char *parts[8];
};

static const struct content_row content_rows[] = {
	{"annotations", "github", {0},
		{"::error title=heapwarden%3A returned,file=internal/store/store.go,line=42,col=9,"
		 "endColumn=39::new heap escape in Store.Get: &Entry{...} escapes to heap%0Awhat: ",
			"::error title=heapwarden::example.com/acme/app/broken was not analysed in "
			"the base",
			/* The colon and the comma of a path would end the property. */
			",file=web/<script>alert('1')</script>]]>--></style>\\x1b[31m\\u202e"}},
	{"rows", "csv", {0},
		{"\"moved\",\"2234567890\",\"escapes-to-heap\",\"yes\",\"stored\","
		 "\"example.com/acme/app\",\"run\",\"&config{...}\",\"&config{...} escapes to "
		 "heap\",\"main.go\",30,7,\"old.go\",8,7,",
			"\"accepted\",\"6234567890\"", "\"not-analysed\",\"\",\"\"",
			"\r\n\"fixed\",\"1234567890\""}},
	{"known ones on request", "csv", {.all = true}, {"\"unchanged\",\"3234567890\""}},
	{"lines", "concise", {0},
		{"./internal/store/store.go:42:9: new heap escape in Store.Get: &Entry{...} "
		 "escapes "
		 "to heap [heap-escape-returned]\n",
			"\nexample.com/acme/app/broken was not analysed in the head"}},
	{"service messages", "teamcity", {0},
		{"##teamcity[inspection typeId='heap-escape-unknown-size' message='new heap escape "
		 "in Store.List: make(|[|]byte, n) escapes to heap' "
		 "file='internal/store/store.go' line='50' SEVERITY='ERROR']\n",
			"alert(|'1|')</script>|]|]>--></style>\\x1b|[31m\\u202e|0xFFFD\"",
			"##teamcity[buildProblem description='heapwarden: fail: 4 new heap "
			"escapes, "
			"none is allowed' identity='heapwarden-verdict']\n"}},
	{"numbers", "metrics", {0},
		{"\nheapwarden_new_escapes 4\n", "\nheapwarden_package_escapes{package=\"example."
						 "com/acme/app/internal/store\"} "
						 "3\n"}},
	{"stock", "codequality", {0},
		{"\"fingerprint\": \"3234567890\"", "\"severity\": \"info\"",
			"\"path\": \"broken\"",
			"\"fingerprint\": \"not-analysed/base/example.com/acme/app/broken\"",
			"\"check_name\": \"heap-escape-too-large\""}},
	{"alerts", "sarif", {0},
		{"\"uri\": \"web/%3Cscript%3Ealert('1')%3C/script%3E%5D%5D%3E--%3E%3C/"
		 "style%3E%1B%5B31m%E2%80%AE%EF%BF%BD%22&amp;%01%EF%BF%BF.go\"",
			"\"heapwarden/v1\": \"7c1f03ab12\"", "\"executionSuccessful\": true",
			"\"text\": \"&Entry{...} (return)\"", "\"id\": \"heapwarden/linux/amd64/\"",
			"\"text\": \"also here, by inlining in Serve\""}},
	{"results of all states", "sarif", {.sarif_all = true, .all = true},
		{"\"baselineState\": \"absent\"", "\"baselineState\": \"updated\"",
			"\"baselineState\": \"unchanged\"", "\"kind\": \"external\""}},
	{"files and lines", "junit", {.junit_extended = true},
		{"<testsuites name=\"heapwarden\" tests=\"13\" failures=\"3\" errors=\"1\" "
		 "time=\"0.000\">",
			"<testcase name=\"Store.Get\" classname=\"internal/store\" time=\"0.000\" "
			"file=\"internal/store/store.go\" line=\"42\">",
			"<property name=\"escape.id\" value=\"7c1f03ab12\"/>"}},
};

static void
test_content(void **state)
{
	const struct content_row *row = *state;
	CLEANUP(sample_release) struct sample sample;

	sample_init(&sample);
	CLEANUP(free_ptr) char *text = document(row->format, &sample.comparison, &row->options);
	for (size_t i = 0; i < sizeof row->parts / sizeof *row->parts && row->parts[i]; i++)
		if (!strstr(text, row->parts[i]))
			fail_msg("not found: %s\nin %s", row->parts[i], text);
}

/* GitHub's profile has nothing that is not new: all that is in it is an open alert there. */
static void
test_sarif_new_only(void **state)
{
	const struct report_options options = {0};
	CLEANUP(sample_release) struct sample sample;

	(void)state;
	sample_init(&sample);
	CLEANUP(free_ptr) char *text = document("sarif", &sample.comparison, &options);
	assert_null(strstr(text, "baselineState"));
	assert_int_equal(count(text, "\"heapwarden/v1\""), 4);
}

/* What is known must be there for the formats that are compared by others. */
static void
test_not_listed(void **state)
{
	const struct report_options options = {0};
	CLEANUP(sample_release) struct sample sample;
	struct err err = {0};

	(void)state;
	sample_init(&sample);
	sample.comparison.summary.unchanged++;
	assert_int_equal(report_writer("codequality")
				 ->comparison(&sample.comparison, &options, stdout, &err),
		-1);
	assert_non_null(strstr(err.msg, "--all"));
}

struct limit_row {
	const char *name, *format, *each, *rest;
	size_t findings, shown, most_bytes;
};

static const struct limit_row limit_rows[] = {
	{"ten annotations", "github", "::error ", "and ", 10, 10, 100000},
	{"eleven annotations", "github", "::error ", "and 2 more, which", 11, 10, 100000},
	{"2001 annotations", "github", "::error ", "and 1992 more, which", 2001, 10, 100000},
	{"results", "sarif", "\"heapwarden/v1\"", "1 more results are left out", 5001, 5000,
		100000000},
	{"a comment", "markdown", "<details><summary>", "more** of the 2001 new ones", 2001, 0,
		65536},
	{"a summary", "github-summary", "<details><summary>", "more** of the 2001 new ones", 2001,
		500, 1 << 20},
};

static void
test_limit(void **state)
{
	const struct limit_row *row = *state;
	const struct report_options options = {0};
	CLEANUP(sample_release) struct sample sample;

	sample_init_many(&sample, row->findings);
	CLEANUP(free_ptr) char *text = document(row->format, &sample.comparison, &options);
	assert_true(strlen(text) <= row->most_bytes);
	if (row->shown)
		assert_int_equal(count(text, row->each), row->shown);
	if (row->findings > row->shown)
		assert_non_null(strstr(text, row->rest));
}

/* A text of any length does not push out what must be said. */
static void
test_long_texts(void **state)
{
	static const char *const formats[] = {"markdown", "github-summary", "github", "teamcity"};
	const struct report_options options = {0};
	const size_t length = 2000000;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(free_ptr) char *long_text = malloc(length + 1);

	(void)state;
	assert_non_null(long_text);
	memset(long_text, '@', length);
	long_text[length] = '\0';
	const char *const violations[] = {long_text};
	struct not_analysed failed = {"example.com/x", "head", long_text, 0};
	struct escape escape = {.package = long_text,
		.function = long_text,
		.expression = long_text,
		.message = long_text,
		.at = {long_text, 1, 1}};
	sample_init_many(&sample, 1);
	struct comparison comparison = sample.comparison;
	struct finding finding = {.escape = &escape, .cause = {.text = long_text}};
	comparison.findings = &finding;
	comparison.not_analysed = &failed;
	comparison.not_analysed_count = 1;
	comparison.verdict = (struct verdict){VERDICT_NONE, violations, 1};
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		CLEANUP(free_ptr) char *text = document(formats[i], &comparison, &options);
		assert_true(strlen(text) < 65536);
		assert_non_null(strstr(text, "example.com/x"));
		assert_true(strstr(text, "…") || strstr(text, "|0x2026"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_markdown_block),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_sarif_new_only),
		cmocka_unit_test(test_not_listed),
		cmocka_unit_test(test_long_texts),
	};

	return RUN_TABLE("markdown", markdown_rows, test_markdown) +
	       RUN_TABLE("content", content_rows, test_content) +
	       RUN_TABLE("limits", limit_rows, test_limit) +
	       cmocka_run_group_tests_name("formats", tests, NULL, NULL);
}

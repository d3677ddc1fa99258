#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/document.h"
#include "tests/sample.h"
#include "tests/test.h"

static const char damaged[] = "package that \xff";

static const struct inlining big = {.package = "m", .name = "Big", .function = "Big"};

static const struct escape lost_allocation = {
	.at = {"web/web.go", 3, 4},
	.package = "example.com/acme/app/web",
	.function = "New",
	.expression = "&T{...}",
	.message = "&T{...} escapes to heap",
};

static const struct escape *const lost_allocations[] = {&lost_allocation, &lost_allocation};

static const struct escape lost_escape = {
	.kind = ESCAPE_LOST_INLINING,
	.reason = REASON_BIG_CALLER,
	.at = {"web/\xff.go", 3, 6},
	.package = "example.com/acme/app/web",
	.function = "New",
	.expression = "New",
	.message = "New is not inlined any more",
};

static const struct lost_inlining lost_inlinings[] = {
	{.base_cost = 70, .head_cost = 90, .budget = 80, .allocations = lost_allocations},
	{.big = &big, .allocations = lost_allocations, .allocation_count = 2},
};

static const struct leak was = {.at = {"a.go", 1, 2},
	.package = "m",
	.function = "F",
	.parameter = "p",
	.message = "leaking param: p"};
static const struct leak is = {.kind = LEAK_HEAP,
	.at = {"a.go", 1, 2},
	.package = "m",
	.function = "F",
	.parameter = "p",
	.message = "leaking param: p"};

static const struct source_line lost_source[] = {{3, "\t\xff\xfe := New(x)", true}};

static void
init_full(struct sample *sample)
{
	static const struct cause_group groups[] = {
		{{CAUSE_DEPENDENCY, damaged, {"go.mod", 3, 1}, NULL}, 2},
		{{CAUSE_CALLEE_LEAKS, "f lets it go", {NULL, 0, 0}, "f"}, 3},
	};
	static struct contract contracts[] = {{&was, &is}, {&is, &was}};
	static const char *const variants[] = {"linux/amd64", "windows/amd64 -tags=\x1b"};
	static const char *const settings[] = {"CGO_ENABLED=0"};
	struct comparison *comparison = &sample->comparison;

	sample_init(sample);
	for (size_t i = 0; i < 2; i++) {
		struct finding *finding = comparison_add(comparison);
		*finding = (struct finding){.id = "abcdef0123",
			.escape = &lost_escape,
			.lost = &lost_inlinings[i],
			.source = lost_source,
			.source_count = 1};
	}
	comparison->summary.lost_inlining = 2;
	comparison->groups = groups;
	comparison->group_count = 2;
	comparison->contracts =
		array_grow(NULL, &comparison->contract_capacity, 2, sizeof *comparison->contracts);
	memcpy(comparison->contracts, contracts, sizeof contracts);
	comparison->contract_count = 2;
	comparison->has_contracts = true;
	comparison->module = "sub";
	comparison->variants = variants;
	comparison->variant_count = 2;
	comparison->findings[0].holds = variants + 1;
	comparison->findings[0].hold_count = 1;
	comparison->findings[1].holds = variants;
	comparison->findings[1].hold_count = 2;
	sample->head.settings = settings;
	sample->head.setting_count = 1;
	comparison_warn(comparison, "the base asks for %s", damaged);
	sample->base.lines.not_understood = 2;
	sample->base.not_understood[0] = "./x.go:1:2: \x1b[31mnews";
	sample->base.go_version = "go1.25.1\x1b[31m";
}

static void
init_no_verdict(struct sample *sample)
{
	static const char *const why[] = {"no Go file was found", "and no package"};

	sample_init_empty(sample);
	sample->comparison.verdict = (struct verdict){VERDICT_NONE, why, 2};
	sample->comparison.has_contracts = true;
	sample->head.go_version = sample->head.target = NULL;
}

static void
init_2001(struct sample *sample)
{
	sample_init_many(sample, 2001);
}

/* ---- the same bytes ---- */

/* What the writer makes, in *out, to be freed. */
static void
write_comparison(char **out, const struct writer *writer, const struct comparison *comparison,
	const struct report_options *options)
{
	struct err err = {0};
	size_t n;
	FILE *stream = open_memstream(out, &n);

	assert_non_null(stream);
	if (writer->comparison(comparison, options, stream, &err) != 0)
		fail_msg("%s: %s", writer->name, err.msg);
	fclose(stream);
}

static void
write_scan(char **out, const struct writer *writer, const struct scan *scan,
	const struct report_options *options)
{
	struct err err = {0};
	size_t n;
	FILE *stream = open_memstream(out, &n);

	assert_non_null(stream);
	if (writer->scan(scan, options, stream, &err) != 0)
		fail_msg("%s: %s", writer->name, err.msg);
	fclose(stream);
}

static void
read_back(struct document *out, const char *json)
{
	struct err err = {0};

	if (document_read(out, str_of(json), &err) != 0)
		fail_msg("%s\n%s", err.msg, json);
}

struct kind {
	const char *name;
	void (*init)(struct sample *);
	bool all;
};

static const struct kind kinds[] = {
	{"some of everything", init_full, false},
	{"with what is unchanged", init_full, true},
	{"empty", sample_init_empty, false},
	{"no verdict", init_no_verdict, false},
	{"many", init_2001, false},
};

static void
test_comparison(void **state)
{
	const struct kind *kind = *state;
	const struct report_options options = {.all = kind->all, .max_details = 20};
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(document_release) struct document document = {0};
	CLEANUP(free_ptr) char *json = NULL;

	kind->init(&sample);
	write_comparison(&json, report_writer("json"), &sample.comparison, &options);
	read_back(&document, json);
	assert_false(document.is_scan);
	assert_int_equal(document.has_unchanged, kind->all);
	for (const struct writer *const *writer = report_writers(); *writer; writer++) {
		CLEANUP(free_ptr) char *direct = NULL;
		CLEANUP(free_ptr) char *again = NULL;
		/* What is whole refuses a document that lists no unchanged ones. */
		if (!(*writer)->comparison || ((*writer)->whole && !kind->all))
			continue;
		write_comparison(&direct, *writer, &sample.comparison, &options);
		write_comparison(&again, *writer, &document.comparison, &options);
		assert_string_equal(direct, again);
	}
}

static void
test_scan(void **state)
{
	const struct kind *kind = *state;
	const struct report_options options = {.all = kind->all, .max_details = 20};
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(document_release) struct document document = {0};
	CLEANUP(free_ptr) char *json = NULL;

	kind->init(&sample);
	write_scan(&json, report_writer("json"), &sample.scan, &options);
	read_back(&document, json);
	assert_true(document.is_scan);
	for (const struct writer *const *writer = report_writers(); *writer; writer++) {
		CLEANUP(free_ptr) char *direct = NULL;
		CLEANUP(free_ptr) char *again = NULL;
		if (!(*writer)->scan)
			continue;
		write_scan(&direct, *writer, &sample.scan, &options);
		write_scan(&again, *writer, &document.scan, &options);
		assert_string_equal(direct, again);
	}
}

/* ---- what is no document ---- */

static const struct {
	const char *name, *text, *message;
} wrong[] = {
	{"nothing", "", "there is nothing in it"},
	{"text", "error[returned]: new heap escape", "not a whole JSON document: line 1, "},
	{"an array", "[]", "no JSON object"},
	{"another JSON", "{}", "its \"schema\" is missing"},
	{"of another program", "{\"schema\": \"sarif/2\"}", "its \"schema\" is \"sarif/2\""},
	{"no text", "{\"schema\": 1}", "\"schema\" is not a string"},
	{"of a later schema", "{\"schema\": \"heapwarden.comparison/2\"}", "reads number 1"},
	{"of a later scan", "{\"schema\": \"heapwarden.snapshot/1.1\"}", "reads number 1"},
	{"no more than a schema", "{\"schema\": \"heapwarden.comparison/1\"}",
		"\"base\" is missing"},
	{"a NUL", "{\"schema\": \"heapwarden.comparison/1\\u0000\"}", "not a whole JSON document"},
};

static void
test_wrong(void **state)
{
	const struct {
		const char *name, *text, *message;
	} *row = *state;
	CLEANUP(document_release) struct document document = {0};
	struct err err = {0};

	assert_int_equal(document_read(&document, str_of(row->text), &err), -1);
	assert_non_null(strstr(err.msg, row->message));
}

/* A document in which the first `from` became `to`. */
static const struct {
	const char *name, *from, *to, *message;
} changes[] = {
	{"a text for a number", "\"line\": 42", "\"line\": \"42\"",
		"\"findings\", number 1: \"line\" is not a whole number"},
	{"a fraction", "\"line\": 42", "\"line\": 4.2", "\"line\" is not a whole number"},
	{"more than an int", "\"line\": 42", "\"line\": 4294967296", "\"line\" is not a whole"},
	{"more than an integer", "\"line\": 42", "\"line\": 42949672960000000000",
		"not a whole JSON document"},
	{"below nothing", "\"line\": 42", "\"line\": -2", "\"line\" is not a whole number"},
	{"an absurd count", "\"moved\": 1", "\"moved\": 9223372036854775807", "\"moved\" is not"},
	{"a number for a text", "\"title\": \"app", "\"title\": 7, \"x\": \"app",
		"\"title\" is not a string"},
	{"an object for a list", "\"warnings\": [", "\"warnings\": {}, \"x\": [",
		"\"warnings\" is not an array"},
	{"a list for an object", "\"verdict\": {", "\"verdict\": [], \"x\": {",
		"\"verdict\" is not an object"},
	{"a number in a list of texts", "\"violations\": [", "\"violations\": [1, ",
		"\"violations\" has an element that is not a string"},
	{"a finding that is none", "\"findings\": [", "\"findings\": [null, ",
		"\"findings\", number 1: is not an object"},
	{"a step that is none", "\"flow\": [", "\"flow\": [[], ", "number 1: \"to\" is missing"},
	{"a word of another version", "\"state\": \"new\"", "\"state\": \"odd\"",
		"\"state\" is \"odd\", which this version of heapwarden does not know"},
	{"a reason of another version", "\"reason\": \"returned\"", "\"reason\": \"bored\"",
		"\"reason\" is \"bored\", which"},
	{"an id that is none", "\"id\": \"7c1f03ab12\"", "\"id\": \"\\u001b[31m7c1f\"",
		"hexadecimal digits"},
	{"a short id", "\"id\": \"7c1f03ab12\"", "\"id\": \"7c1f03ab1\"", "hexadecimal digits"},
	{"a commit that is none", "\"commit\": \"4f1c", "\"commit\": \"-4f1c",
		"not the name of an object of git"},
	{"neither side", "\"side\": \"base\"", "\"side\": \"both\"", "neither \"base\" nor"},
	{"bytes that are none", "_bytes\": \"", "_bytes\": \"0", "not bytes in hexadecimal"},
	{"a NUL among bytes", "_bytes\": \"", "_bytes\": \"00", "not bytes in hexadecimal"},
	{"neither true nor false", "\"changed\": true", "\"changed\": 1", "neither true nor false"},
	{"a leak of another version", "\"base\": \"none\"", "\"base\": \"some\"",
		"\"contracts\", number 1: \"base\" is \"some\", which"},
};

static void
write_full(char **json)
{
	const struct report_options options = {.all = true};
	CLEANUP(sample_release) struct sample sample;

	init_full(&sample);
	write_comparison(json, report_writer("json"), &sample.comparison, &options);
}

static void
test_change(void **state)
{
	const struct {
		const char *name, *from, *to, *message;
	} *row = *state;
	CLEANUP(free_ptr) char *json = NULL;
	CLEANUP(buf_release) struct buf text = {0};
	CLEANUP(document_release) struct document document = {0};
	struct err err = {0};

	write_full(&json);
	const char *at = strstr(json, row->from);
	assert_non_null(at);
	buf_add(&text, (struct str){json, (size_t)(at - json)});
	buf_printf(&text, "%s%s", row->to, at + strlen(row->from));
	assert_int_equal(document_read(&document, buf_str(&text), &err), -1);
	if (!strstr(err.msg, row->message))
		fail_msg("%s", err.msg);
}

/* Wherever a document is cut off, it is none. */
static void
test_cut_off(void **state)
{
	CLEANUP(free_ptr) char *json = NULL;

	(void)state;
	write_full(&json);
	size_t whole = strlen(json) - 1;
	for (size_t n = 0; n < whole; n += 97) {
		CLEANUP(document_release) struct document document = {0};
		struct err err = {0};
		assert_int_equal(document_read(&document, (struct str){json, n}, &err), -1);
		assert_true(err.msg[0]);
	}
}

static void
test_deep(void **state)
{
	CLEANUP(buf_release) struct buf text = {0};
	CLEANUP(document_release) struct document document = {0};
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < 1000000; i++)
		buf_add_char(&text, '[');
	assert_int_equal(document_read(&document, buf_str(&text), &err), -1);
	assert_non_null(strstr(err.msg, "not a whole JSON document"));
}

/* What older versions did not write is empty, and what newer ones add is left alone. */
static void
test_other_versions(void **state)
{
	static const char old[] =
		"{\"schema\": \"heapwarden.comparison/1\", \"added\": {\"deep\": [1]},"
		"\"base\": {\"kind\": \"commit\", \"revision\": \"v1\"},"
		"\"head\": {\"kind\": \"worktree\", \"revision\": \"working tree\"},"
		"\"go\": {\"version\": \"go1.26.8\", \"target\": \"linux/amd64\"}, \"summary\": {},"
		"\"verdict\": {\"status\": \"pass\"}, \"findings\": []}";
	const struct report_options options = {0};
	CLEANUP(document_release) struct document document = {0};

	(void)state;
	read_back(&document, old);
	assert_true(document.comparison.head.revision.worktree);
	assert_int_equal(document.comparison.verdict.status, VERDICT_PASS);
	for (const struct writer *const *writer = report_writers(); *writer; writer++) {
		CLEANUP(free_ptr) char *text = NULL;
		if ((*writer)->comparison)
			write_comparison(&text, *writer, &document.comparison, &options);
	}
}

static void
test_no_file(void **state)
{
	CLEANUP(document_release) struct document document = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(document_open(&document, SOURCE_DIR "/no/such.json", &err), -1);
	assert_non_null(strstr(err.msg, "no/such.json"));
	assert_int_equal(document_open(&document, SOURCE_DIR "/README.md", &err), -1);
	assert_non_null(strstr(err.msg, "README.md: not a whole JSON document"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_other_versions),
		cmocka_unit_test(test_no_file),
	};

	return RUN_TABLE("comparison", kinds, test_comparison) +
	       RUN_TABLE("scan", kinds, test_scan) + RUN_TABLE("wrong", wrong, test_wrong) +
	       RUN_TABLE("change", changes, test_change) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}

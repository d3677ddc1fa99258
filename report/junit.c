#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/report.h"
#include "report/tally.h"
#include "report/xml.h"

/*
 * The strict flavour: valid against the schema of Jenkins' xUnit plugin (junit-10.xsd) and against
 * the one of Ant (windyroad) at once. A suite is a package, a case is a function: it passes and
 * fails under one name, so that the consumers' histories work.
 */

struct junit {
	struct xml *xml;
	const struct comparison *comparison;
	const struct tally *tally;
	const struct finding **findings; /* those that make cases, by package and function */
	size_t finding_count, used;
	bool all;
	char timestamp[32];
	int id;            /* of the next suite */
	size_t not_passed; /* failures and errors so far */
};

/* The findings of one function: one test case. */
struct test_case {
	const struct finding **findings;
	size_t count, new, accepted;
};

struct suite {
	const struct package_tally *row;
	const char *name;
	const struct finding **findings;
	size_t count;
	size_t cases, failures, errors, skipped;
};

static bool
makes_case(const struct finding *finding)
{
	return origin_is_own(finding->escape->origin) || finding_counts(finding);
}

static const char *
function_name(const struct escape *escape)
{
	return escape->function[0] ? escape->function : "[vars]";
}

/* Takes the next function's findings off the front of the suite's. */
static bool
next_case(struct test_case *out, const struct finding ***rest, size_t *count)
{
	const struct finding **all = *rest;

	*out = (struct test_case){.findings = all};
	while (out->count < *count) {
		const struct finding *finding = all[out->count];
		if (strcmp(finding->escape->function, all[0]->escape->function) != 0)
			break;
		out->count++;
		out->new += finding_counts(finding);
		out->accepted += finding->state == FINDING_ACCEPTED;
	}
	*rest += out->count;
	*count -= out->count;
	return out->count > 0;
}

/* ---- the text of a failure ---- */

static const struct source_line *
source_of(const struct finding *finding)
{
	for (size_t i = 0; i < finding->source_count; i++)
		if (finding->source[i].line == finding->escape->at.line)
			return &finding->source[i];
	return NULL;
}

/* Always at the end of a line: log matchers take "path.go:L:C: text" for an error of the compiler.
 */
static void
write_position(struct xml *xml, const struct position *at)
{
	xml_textf(xml, "--> %s", at->file ? at->file : "(position not known)");
	if (at->file && at->line > 0)
		xml_textf(xml, ":%d", at->line);
	if (at->file && at->line > 0 && at->column > 0)
		xml_textf(xml, ":%d", at->column);
	xml_text(xml, "\n");
}

static void
write_source(struct xml *xml, const struct finding *finding)
{
	const struct source_line *line = source_of(finding);

	if (!line)
		return;
	struct str text = str_of(line->text);
	if (str_ends(text, STR("\r")))
		text.n--;
	xml_textf(xml, "    %c %d | ", line->changed ? '+' : ' ', line->line);
	xml_text_str(xml, text);
	xml_text(xml, "\n");
}

static void
write_flow(struct xml *xml, const struct escape *escape)
{
	if (escape->flow_count == 0)
		return;
	xml_text(xml, "    how it gets to the heap:\n");
	for (size_t i = 0; i < escape->flow_count; i++) {
		const struct flow_step *step = &escape->flow[i];
		xml_textf(xml, "    %zu. %s receives %s", i + 1, step->to, step->from);
		if (step->via)
			xml_textf(xml, " (%s)", step->via);
		xml_text(xml, " ");
		write_position(xml, &step->at);
	}
}

static void
write_reason(struct xml *xml, enum reason reason)
{
	const struct reason_text *text = reason_text(reason);

	xml_textf(xml, "    %s: %s\n", text->name, text->what);
	if (text->why)
		xml_textf(xml, "    why: %s\n", text->why);
	for (size_t i = 0; i < sizeof text->hints / sizeof *text->hints && text->hints[i]; i++)
		xml_textf(xml, "    try: %s\n", text->hints[i]);
}

static void
write_copies(struct xml *xml, const struct finding *finding)
{
	for (size_t i = 0; i < finding->copy_count; i++) {
		xml_textf(xml, "    %s %s ",
			finding->lost ? "allocates now at the call in"
				      : "also here, by inlining in",
			finding->copies[i].function);
		write_position(xml, &finding->copies[i].at);
	}
}

static void
write_lost(struct xml *xml, const struct lost_inlining *lost)
{
	if (!lost)
		return;
	if (lost->base_cost > 0 && !lost->big)
		xml_textf(xml, "    it cost %d in the base\n", lost->base_cost);
	for (size_t i = 0; i < lost->allocation_count; i++) {
		xml_textf(xml, "    at each call: %s ", lost->allocations[i]->message);
		write_position(xml, &lost->allocations[i]->at);
	}
}

static void
write_holds(struct xml *xml, const struct finding *finding)
{
	xml_text(xml, "    only for: ");
	for (size_t i = 0; i < finding->hold_count; i++)
		xml_textf(xml, "%s%s", i ? ", " : "", finding->holds[i]);
	xml_text(xml, "\n");
}

static void
write_site(const struct junit *junit, const struct finding *finding)
{
	struct xml *xml = junit->xml;

	xml_text(xml, "\n");
	write_position(xml, &finding->escape->at);
	xml_textf(xml, "    %s\n    id %s\n", finding->escape->message, finding->id);
	write_source(xml, finding);
	if (finding->cause.text)
		xml_textf(xml, "    cause: %s\n", finding->cause.text);
	if (finding->cause.at.file && finding->cause.kind != CAUSE_CHANGED_LINE)
		write_position(xml, &finding->cause.at);
	write_reason(xml, finding->escape->reason);
	write_flow(xml, finding->escape);
	write_lost(xml, finding->lost);
	write_copies(xml, finding);
	if (finding_is_partial(junit->comparison, finding))
		write_holds(xml, finding);
}

/* ---- cases ---- */

/* The summary is the message and, for consumers that read the text alone, its first line. */
static void
open_outcome(struct junit *junit, const char *element, const char *type, const char *message)
{
	xml_open(junit->xml, element);
	if (type)
		xml_attr(junit->xml, "type", type);
	xml_attr(junit->xml, "message", message);
	xml_textf(junit->xml, "%s\n", message);
}

static void
open_case(struct junit *junit, const char *name, const char *class)
{
	xml_open(junit->xml, "testcase");
	xml_attr(junit->xml, "name", name);
	xml_attr(junit->xml, "classname", class);
	xml_attr(junit->xml, "time", "0.000");
}

static void
write_failure(struct junit *junit, const struct test_case *test)
{
	const struct escape *first = test->findings[0]->escape;
	CLEANUP(buf_release) struct buf message = {0};

	buf_printf(&message, "%zu new heap escape%s in %s", test->new, test->new == 1 ? "" : "s",
		function_name(first));
	open_outcome(junit, "failure", "escape.new", message.p);
	for (size_t i = 0; i < test->count; i++)
		if (finding_counts(test->findings[i]))
			write_site(junit, test->findings[i]);
	xml_close(junit->xml);
}

static void
write_skipped(struct junit *junit, const struct test_case *test)
{
	CLEANUP(buf_release) struct buf message = {0};

	buf_printf(&message, "%zu accepted heap escape%s in %s", test->accepted,
		test->accepted == 1 ? "" : "s", function_name(test->findings[0]->escape));
	open_outcome(junit, "skipped", NULL, message.p);
	for (size_t i = 0; i < test->count; i++)
		if (test->findings[i]->state == FINDING_ACCEPTED)
			write_site(junit, test->findings[i]);
	xml_close(junit->xml);
}

static void
write_function_case(struct junit *junit, const struct suite *suite, const struct test_case *test)
{
	open_case(junit, function_name(test->findings[0]->escape), suite->name);
	if (test->new > 0)
		write_failure(junit, test);
	else if (test->accepted > 0)
		write_skipped(junit, test);
	xml_close(junit->xml);
}

/* "not analysed in the head: package x; expected ;": what went wrong, by its first line. */
static void
describe_not_analysed(struct buf *out, const struct not_analysed *package)
{
	struct str words = str_of(package->error ? package->error : "go gave no reason");
	struct str line = {0};

	for (struct str rest = words; str_next(&line, &rest, '\n');)
		if (line.n > 0 && line.p[0] != '#')
			break;
	buf_printf(out, "not analysed in the %s: %.*s", package->side, STR_ARG(line));
	if (package->not_judged)
		buf_printf(out, " (%zu escape%s in the %s %s not judged)", package->not_judged,
			package->not_judged == 1 ? "" : "s", not_analysed_other_side(package),
			package->not_judged == 1 ? "is" : "are");
}

static void
write_indented(struct xml *xml, const char *text)
{
	struct str rest = str_of(text), line;

	while (str_next(&line, &rest, '\n')) {
		xml_text(xml, "    ");
		xml_text_str(xml, line);
		xml_text(xml, "\n");
	}
}

/* A package may be missing on both sides: one error element tells of both, as a case can have but
 * one. */
static void
write_package_error(struct junit *junit, const char *package)
{
	const struct comparison *comparison = junit->comparison;
	bool opened = false;

	for (size_t i = 0; i < comparison->not_analysed_count; i++) {
		const struct not_analysed *entry = &comparison->not_analysed[i];
		CLEANUP(buf_release) struct buf message = {0};
		if (strcmp(entry->package, package) != 0)
			continue;
		describe_not_analysed(&message, entry);
		if (!opened)
			open_outcome(junit, "error", "escape.not-analysed", message.p);
		else
			xml_textf(junit->xml, "%s\n", message.p);
		write_indented(junit->xml, entry->error);
		opened = true;
	}
	if (opened)
		xml_close(junit->xml);
}

/* ---- suites ---- */

static void
property(struct xml *xml, const char *name, const char *value)
{
	xml_open(xml, "property");
	xml_attr(xml, "name", name);
	xml_attr(xml, "value", value);
	xml_close(xml);
}

static void
property_count(struct xml *xml, const char *name, size_t value)
{
	xml_open(xml, "property");
	xml_attr(xml, "name", name);
	xml_attrf(xml, "value", "%zu", value);
	xml_close(xml);
}

static const char *
revision_id(const struct revision *revision)
{
	return revision->commit ? revision->commit : revision->tree;
}

static void
write_properties(struct junit *junit, const struct package_tally *row)
{
	const struct comparison *comparison = junit->comparison;
	struct xml *xml = junit->xml;

	xml_open(xml, "properties");
	property(xml, "escape.base.commit", revision_id(&comparison->base.revision));
	property(xml, "escape.head.commit", revision_id(&comparison->head.revision));
	property(xml, "go.version", comparison->head_snapshot->go_version);
	property(xml, "go.target", comparison->head_snapshot->target);
	property_count(xml, "escapes.base", row->base);
	property_count(xml, "escapes.head", row->head);
	property_count(xml, "escapes.new", row->new);
	property_count(xml, "escapes.fixed", row->fixed);
	property_count(xml, "escapes.accepted", row->accepted);
	xml_close(xml);
}

static void
write_fixed(struct junit *junit, const struct suite *suite)
{
	struct xml *xml = junit->xml;

	xml_open(xml, "system-out");
	if (suite->row->fixed > 0)
		xml_textf(xml, "%zu heap escape%s fixed; where the base had %s:\n",
			suite->row->fixed, suite->row->fixed == 1 ? "" : "s",
			suite->row->fixed == 1 ? "it" : "them");
	for (size_t i = 0; i < suite->count; i++) {
		const struct escape *escape = suite->findings[i]->escape;
		if (suite->findings[i]->state != FINDING_FIXED)
			continue;
		xml_textf(xml, "%s, in %s ", escape->message, function_name(escape));
		write_position(xml, &escape->at);
	}
	xml_close(xml);
}

static void
open_suite(struct junit *junit, const struct suite *suite)
{
	struct xml *xml = junit->xml;

	xml_open(xml, "testsuite");
	xml_attr(xml, "name", suite->name);
	xml_attr(xml, "package", suite->row->package);
	xml_attrf(xml, "id", "%d", junit->id++);
	xml_attr(xml, "timestamp", junit->timestamp);
	xml_attr(xml, "hostname", "localhost");
	xml_attrf(xml, "tests", "%zu", suite->cases);
	xml_attrf(xml, "failures", "%zu", suite->failures);
	xml_attrf(xml, "errors", "%zu", suite->errors);
	xml_attrf(xml, "skipped", "%zu", suite->skipped);
	xml_attr(xml, "time", "0.000");
	write_properties(junit, suite->row);
}

static void
close_suite(struct junit *junit, const struct suite *suite)
{
	write_fixed(junit, suite);
	xml_element(junit->xml, "system-err", NULL, NULL);
	xml_close(junit->xml);
	junit->not_passed += suite->failures + suite->errors;
}

/* The root package has no directory to be named by: the last element of its import path, with as
 * many before it as it takes not to be the name of another suite. */
static const char *
root_name(const struct tally *tally, const char *import_path)
{
	const char *name = import_path + strlen(import_path);

	for (bool taken = true; taken && name > import_path;) {
		do
			name--;
		while (name > import_path && name[-1] != '/');
		taken = false;
		for (size_t i = 0; i < tally->count; i++) {
			const char *directory = tally->packages[i].directory;
			taken = taken || (directory && strcmp(directory, name) == 0);
		}
	}
	return name;
}

static const char *
suite_name(const struct tally *tally, const struct package_tally *row)
{
	if (!row->directory)
		return row->package;
	return row->directory[0] ? row->directory : root_name(tally, row->package);
}

static struct suite
suite_of(struct junit *junit, const struct package_tally *row)
{
	struct suite suite = {
		.row = row,
		.name = suite_name(junit->tally, row),
		.findings = junit->findings + junit->used,
		.cases = 1,
		.errors = row->failed,
	};
	struct test_case test;

	while (junit->used < junit->finding_count &&
		strcmp(junit->findings[junit->used]->escape->package, row->package) == 0) {
		junit->used++;
		suite.count++;
	}
	if (!junit->all && !tally_differs(row))
		suite.count = 0;
	const struct finding **rest = suite.findings;
	for (size_t left = suite.count; next_case(&test, &rest, &left); suite.cases++) {
		suite.failures += test.new > 0;
		suite.skipped += test.new == 0 && test.accepted > 0;
	}
	return suite;
}

static void
write_suite(struct junit *junit, const struct package_tally *row)
{
	struct suite suite = suite_of(junit, row);
	struct test_case test;

	open_suite(junit, &suite);
	open_case(junit, "[package]", suite.name);
	write_package_error(junit, row->package);
	xml_close(junit->xml);
	const struct finding **rest = suite.findings;
	for (size_t left = suite.count; next_case(&test, &rest, &left);)
		write_function_case(junit, &suite, &test);
	close_suite(junit, &suite);
}

/* The comparison as a whole: a document is never without a case, and never all green where the
 * verdict is not. */
static void
write_verdict_suite(struct junit *junit)
{
	const struct verdict *verdict = &junit->comparison->verdict;
	const struct package_tally row = {.package = "[comparison]"};
	bool failed = verdict->violation_count > 0 && verdict->status == VERDICT_FAIL;
	bool error = verdict->violation_count > 0 && verdict->status == VERDICT_NONE;
	struct suite suite = {
		.row = &row, .name = row.package, .cases = 1, .failures = failed, .errors = error};

	open_suite(junit, &suite);
	open_case(junit, "[verdict]", suite.name);
	if (failed || error) {
		open_outcome(junit, failed ? "failure" : "error",
			failed ? "escape.policy" : "escape.no-verdict", verdict->violations[0]);
		for (size_t i = 1; i < verdict->violation_count; i++)
			xml_textf(junit->xml, "%s\n", verdict->violations[i]);
		xml_close(junit->xml);
	}
	xml_close(junit->xml);
	close_suite(junit, &suite);
}

static bool
needs_verdict_suite(const struct junit *junit)
{
	const struct verdict *verdict = &junit->comparison->verdict;

	if (junit->tally->count == 0)
		return true;
	return verdict->status != VERDICT_PASS && verdict->violation_count > 0 &&
	       junit->not_passed == 0;
}

static void
format_timestamp(char *out, size_t size, int64_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm utc = {0};

	if (!gmtime_r(&time, &utc) || strftime(out, size, "%Y-%m-%dT%H:%M:%S", &utc) == 0)
		snprintf(out, size, "1970-01-01T00:00:00");
}

static int
junit_comparison(const struct comparison *comparison, const struct report_options *options,
	FILE *out, struct err *err)
{
	CLEANUP(xml_cleanup) struct xml *xml = xml_new(out, XML_DOCUMENT);
	CLEANUP(tally_release) struct tally tally = {0};
	struct junit junit = {
		.xml = xml, .comparison = comparison, .tally = &tally, .all = options->all};

	tally_init(&tally, comparison);
	CLEANUP(free_ptr)
	const struct finding **findings =
		findings_sorted(comparison, makes_case, true, &junit.finding_count);
	junit.findings = findings;
	format_timestamp(junit.timestamp, sizeof junit.timestamp, comparison->head.revision.time);

	xml_open(xml, "testsuites");
	for (size_t i = 0; i < tally.count; i++)
		write_suite(&junit, &tally.packages[i]);
	if (needs_verdict_suite(&junit))
		write_verdict_suite(&junit);
	return xml_finish(xml, err);
}

const struct writer junit_writer = {
	.name = "junit",
	.description = "JUnit XML: a suite per package, a test case per function",
	.comparison = junit_comparison,
};

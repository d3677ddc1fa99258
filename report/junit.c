#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/junit_site.h"
#include "report/report.h"
#include "report/tally.h"
#include "report/xml.h"

/*
 * Strict, it is valid against the schema of Jenkins' xUnit plugin (junit-10.xsd) and against the
 * one of Ant (windyroad) at once. Extended, it has what GitLab, CircleCI and others read beside
 * that: totals, and of each case that does not pass file, line and properties. A suite is a
 * package, a case is a function: it passes and fails under one name, so that the consumers'
 * histories work.
 */

struct junit {
	struct xml *xml;
	const struct comparison *comparison;
	const struct report_options *options;
	const struct tally *tally;
	const struct finding **findings; /* those that make cases, by package and function */
	size_t finding_count, used;
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

/* Where the gate is passed, what is new was allowed, and is as little a failure as what was
 * accepted: a server that counts failures says what the exit status says. */
static bool
fails(const struct junit *junit, const struct test_case *test)
{
	return test->new > 0 && junit->comparison->verdict.status != VERDICT_PASS;
}

static bool
is_skipped(const struct junit *junit, const struct test_case *test)
{
	return !fails(junit, test) && test->new + test->accepted > 0;
}

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

/* ---- cases ---- */

static void
property(struct xml *xml, const char *name, const char *value)
{
	xml_open(xml, "property");
	xml_attr(xml, "name", name);
	xml_attr(xml, "value", value);
	xml_close(xml);
}

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

/* The finding that a case does not pass for: a new one, else an accepted one, else NULL. */
static const struct finding *
decisive(const struct test_case *test)
{
	for (size_t i = 0; i < test->count; i++)
		if (test->new ? finding_counts(test->findings[i])
			      : test->findings[i]->state == FINDING_ACCEPTED)
			return test->findings[i];
	return NULL;
}

static void
write_file_and_line(struct junit *junit, const struct finding *finding)
{
	if (!junit->options->junit_extended || !finding || !finding->escape->at.file)
		return;
	xml_attr(junit->xml, "file", finding->escape->at.file);
	if (finding->escape->at.line > 0)
		xml_attrf(junit->xml, "line", "%d", finding->escape->at.line);
}

/* Of the findings that the case does not pass for. */
static void
write_case_properties(struct junit *junit, const struct test_case *test)
{
	if (!junit->options->junit_extended || !decisive(test))
		return;
	xml_open(junit->xml, "properties");
	for (size_t i = 0; i < test->count; i++) {
		const struct finding *finding = test->findings[i];
		if (!finding_counts(finding) && finding->state != FINDING_ACCEPTED)
			continue;
		property(junit->xml, "escape.id", finding->id);
		property(junit->xml, "escape.state", finding_state_name(finding->state));
		property(junit->xml, "escape.reason", reason_text(finding->escape->reason)->name);
	}
	xml_close(junit->xml);
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
			junit_write_site(junit->xml, junit->comparison, test->findings[i]);
	xml_close(junit->xml);
}

/* "1 new heap escape in F, which the policy allows", "2 accepted heap escapes in F: REASON". */
static void
describe_skipped(struct buf *out, const struct test_case *test)
{
	const char *function = function_name(test->findings[0]->escape);
	const struct acceptance *why = NULL;
	bool allowed = test->new > 0;
	size_t count = allowed ? test->new : test->accepted;

	for (size_t i = 0; i < test->count && !why; i++)
		why = test->findings[i]->accepted;
	buf_printf(out, "%zu %s heap escape%s in %s", count, allowed ? "new" : "accepted",
		count == 1 ? "" : "s", function);
	if (allowed)
		buf_printf(out, ", which the policy allows");
	else if (why)
		buf_printf(out, ": %s", why->reason);
}

static void
write_skipped(struct junit *junit, const struct test_case *test)
{
	CLEANUP(buf_release) struct buf message = {0};

	describe_skipped(&message, test);
	open_outcome(junit, "skipped", NULL, message.p);
	for (size_t i = 0; i < test->count; i++)
		if (finding_counts(test->findings[i]) ||
			test->findings[i]->state == FINDING_ACCEPTED)
			junit_write_site(junit->xml, junit->comparison, test->findings[i]);
	xml_close(junit->xml);
}

static void
write_function_case(struct junit *junit, const struct suite *suite, const struct test_case *test)
{
	open_case(junit, function_name(test->findings[0]->escape), suite->name);
	write_file_and_line(junit, decisive(test));
	write_case_properties(junit, test);
	if (fails(junit, test))
		write_failure(junit, test);
	else if (is_skipped(junit, test))
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
		junit_write_position(xml, &escape->at);
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
	if (!junit->options->all && !tally_differs(row))
		suite.count = 0;
	const struct finding **rest = suite.findings;
	for (size_t left = suite.count; next_case(&test, &rest, &left); suite.cases++) {
		suite.failures += fails(junit, &test);
		suite.skipped += is_skipped(junit, &test);
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

/* Ahead of all suites, for those who do not add up themselves. */
static void
write_totals(struct junit *junit)
{
	struct suite total = {0};

	for (size_t i = 0; i < junit->tally->count; i++) {
		struct suite suite = suite_of(junit, &junit->tally->packages[i]);
		total.cases += suite.cases;
		total.failures += suite.failures;
		total.errors += suite.errors;
	}
	junit->used = 0;
	junit->not_passed = total.failures + total.errors;
	if (needs_verdict_suite(junit)) {
		total.cases++;
		total.failures += junit->comparison->verdict.status == VERDICT_FAIL;
		total.errors += junit->comparison->verdict.status == VERDICT_NONE;
	}
	junit->not_passed = 0;
	xml_attr(junit->xml, "name", "heapwarden");
	xml_attrf(junit->xml, "tests", "%zu", total.cases);
	xml_attrf(junit->xml, "failures", "%zu", total.failures);
	xml_attrf(junit->xml, "errors", "%zu", total.errors);
	xml_attr(junit->xml, "time", "0.000");
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
		.xml = xml, .comparison = comparison, .options = options, .tally = &tally};

	tally_init(&tally, comparison);
	CLEANUP(free_ptr)
	const struct finding **findings =
		findings_sorted(comparison, makes_case, true, &junit.finding_count);
	junit.findings = findings;
	format_timestamp(junit.timestamp, sizeof junit.timestamp, comparison->head.revision.time);

	xml_open(xml, "testsuites");
	if (options->junit_extended)
		write_totals(&junit);
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

/* SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0). As it is, for GitHub's code scanning, which
 * takes every result for an open alert: only what is new and counts. With sarif_all, for viewers
 * that know states: all that the JSON document lists. */
#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>

#include "report/finding_text.h"
#include "report/json_text.h"
#include "report/report.h"
#include "report/sarif_internal.h"
#include "src/base/cleanup.h"

/* GitHub refuses a file of more than 25,000 results and shows 5,000 of them. */
#define MOST_RESULTS 5000

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static void
set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

/* ---- rules ---- */

/* "HeapEscapeTooLarge". */
static void
add_pascal_name(struct buf *out, const char *words)
{
	bool first = true;

	buf_add(out, STR("HeapEscape"));
	for (const char *c = words; *c; c++) {
		if (*c != ' ')
			buf_add_char(out, first ? (char)toupper((unsigned char)*c) : *c);
		first = *c == ' ';
	}
}

/* Our own words, in which "*", "_" and "[" are code and not Markdown. */
static void
add_markdown(struct buf *out, const char *words)
{
	for (const char *c = words; *c; c++) {
		if (strchr("\\`*_[]<>#", *c))
			buf_add_char(out, '\\');
		buf_add_char(out, *c);
	}
}

static json_t *
help(const struct reason_text *reason)
{
	CLEANUP(buf_release) struct buf text = {0}, markdown = {0};
	json_t *object = json_object();

	buf_printf(&text, "%s %s", reason->what, reason->why);
	add_markdown(&markdown, text.p);
	buf_add(&text, STR("\nWhat to try:"));
	buf_add(&markdown, STR("\n\n**What to try**\n\n"));
	for (size_t i = 0; i < sizeof reason->hints / sizeof *reason->hints && reason->hints[i];
		i++) {
		buf_printf(&text, "\n- %s", reason->hints[i]);
		buf_add(&markdown, STR("- "));
		add_markdown(&markdown, reason->hints[i]);
		buf_add_char(&markdown, '\n');
	}
	set(object, "text", json_text(text.p));
	set(object, "markdown", json_text(markdown.p));
	return object;
}

static json_t *
rule(enum reason which)
{
	const struct reason_text *reason = reason_text(which);
	CLEANUP(buf_release) struct buf id = {0}, name = {0}, title = {0};
	json_t *object = json_object();

	rule_name(&id, which);
	add_pascal_name(&name, reason->name);
	buf_printf(&title, "Heap escape: %s.", reason->name);
	set(object, "id", json_text(id.p));
	set(object, "name", json_text(name.p));
	set(object, "shortDescription", json_pack("{s:o}", "text", json_text(title.p)));
	set(object, "fullDescription", json_pack("{s:o}", "text", json_text(reason->what)));
	set(object, "help", help(reason));
	set(object, "defaultConfiguration", json_pack("{s:s}", "level", "error"));
	set(object, "properties",
		json_pack("{s:[s,s,s], s:s, s:s}", "tags", "performance", "memory", "go",
			"precision", "very-high", "problem.severity", "error"));
	return object;
}

static json_t *
tool(void)
{
	json_t *driver = json_object(), *rules = json_array();

	for (int reason = 0; reason < REASON_COUNT; reason++)
		json_array_append_new(rules, rule((enum reason)reason));
	set(driver, "name", json_string("heapwarden"));
	set(driver, "version", json_string(HEAPWARDEN_VERSION));
	set(driver, "semanticVersion", json_string(HEAPWARDEN_VERSION));
	set(driver, "rules", rules);
	return json_pack("{s:o}", "driver", driver);
}

/* ---- the run ---- */

static void
notify(json_t *notifications, const char *level, struct str words)
{
	json_t *notification = json_object();

	set(notification, "level", json_string(level));
	set(notification, "message", sarif_message(words));
	json_array_append_new(notifications, notification);
}

/* Where there is no verdict, no list of results is the whole truth. */
static json_t *
invocations(const struct comparison *comparison, size_t left_out)
{
	const struct verdict *verdict = &comparison->verdict;
	json_t *invocation = json_object(), *notifications = json_array();

	for (size_t i = 0; i < comparison->not_analysed_count; i++) {
		CLEANUP(buf_release) struct buf words = {0};
		not_analysed_text(&words, &comparison->not_analysed[i]);
		notify(notifications, "error", buf_str(&words));
	}
	for (size_t i = 0; verdict->status == VERDICT_NONE && i < verdict->violation_count; i++)
		notify(notifications, "error", str_of(verdict->violations[i]));
	for (size_t i = 0; i < comparison->warning_count; i++)
		notify(notifications, "warning", str_of(comparison->warnings[i]));
	if (left_out) {
		CLEANUP(buf_release) struct buf words = {0};
		buf_printf(&words, "%zu more results are left out: GitHub shows %d", left_out,
			MOST_RESULTS);
		notify(notifications, "warning", buf_str(&words));
	}
	set(invocation, "executionSuccessful", json_boolean(verdict->status != VERDICT_NONE));
	set(invocation, "toolExecutionNotifications", notifications);
	return json_pack("[o]", invocation);
}

static json_t *
variants(const struct comparison *comparison)
{
	json_t *array = json_array();

	for (size_t i = 0; i < comparison->variant_count; i++)
		json_array_append_new(array, json_text(comparison->variants[i]));
	return array;
}

static json_t *
properties(const struct comparison *comparison)
{
	const struct revision *base = &comparison->base.revision,
			      *head = &comparison->head.revision;
	json_t *object = json_object();

	set(object, "base", json_text(base->commit ? base->commit : base->tree));
	set(object, "head", json_text(head->commit ? head->commit : head->tree));
	set(object, "goVersion", json_text(comparison->head_snapshot->go_version));
	set(object, "goTarget", json_text(comparison->head_snapshot->target));
	if (comparison->variant_count)
		set(object, "variants", variants(comparison));
	set(object, "verdict", json_string(verdict_status_name(comparison->verdict.status)));
	return object;
}

/* GitHub takes what stands before the last slash for the category: results of several targets do
 * not replace each other. */
static json_t *
automation(const struct comparison *comparison)
{
	CLEANUP(buf_release) struct buf id = {0};

	buf_printf(&id, "heapwarden/%s/", comparison->head_snapshot->target);
	return json_pack("{s:o}", "id", json_text(id.p));
}

static json_t *
all_results(const struct comparison *comparison, bool unchanged)
{
	json_t *results = json_array();

	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		if (unchanged || finding->state != FINDING_UNCHANGED)
			json_array_append_new(results, sarif_result(comparison, finding, true));
	}
	return results;
}

static json_t *
new_results(const struct comparison *comparison, size_t *left_out)
{
	size_t count;
	CLEANUP(free_ptr) const struct finding **findings = findings_by_weight(comparison, &count);
	size_t most = count < MOST_RESULTS ? count : MOST_RESULTS;
	json_t *results = json_array();

	for (size_t i = 0; i < most; i++)
		json_array_append_new(results, sarif_result(comparison, findings[i], false));
	*left_out = count - most;
	return results;
}

static int
sarif_comparison(const struct comparison *comparison, const struct report_options *options,
	FILE *out, struct err *err)
{
	json_t *document = json_object(), *run = json_object();
	size_t left_out = 0;

	json_t *results = options->sarif_all ? all_results(comparison, options->all)
					     : new_results(comparison, &left_out);
	set(run, "tool", tool());
	set(run, "automationDetails", automation(comparison));
	set(run, "columnKind", json_string("utf16CodeUnits"));
	set(run, "originalUriBaseIds",
		json_pack("{s:{s:{s:s}}}", "%SRCROOT%", "description", "text",
			"The root of the repository."));
	set(run, "invocations", invocations(comparison, left_out));
	set(run, "results", results);
	set(run, "properties", properties(comparison));
	set(document, "$schema", json_string(SCHEMA));
	set(document, "version", json_string("2.1.0"));
	set(document, "runs", json_pack("[o]", run));
	return json_text_dump(document, out, err);
}

const struct writer sarif_writer = {
	.name = "sarif",
	.description = "SARIF 2.1.0: alerts for GitHub's code scanning, and for viewers",
	.comparison = sarif_comparison,
};

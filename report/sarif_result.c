#include <ctype.h>
#include <jansson.h>
#include <string.h>

#include "report/finding_text.h"
#include "report/json_text.h"
#include "report/sarif_internal.h"
#include "report/terminal.h"
#include "src/base/cleanup.h"
#include "src/base/utf8.h"

/* GitHub takes 1,000 locations of a result and keeps 100. */
#define MOST_RELATED 100
#define LONGEST_MESSAGE 4000

json_t *
sarif_message(struct str outside)
{
	CLEANUP(buf_release) struct buf safe = {0}, cut = {0}, plain = {0};
	json_t *message = json_object();

	terminal_add(&safe, outside);
	cut_text(&cut, buf_str(&safe), LONGEST_MESSAGE);
	for (size_t i = 0; i < cut.n; i++) {
		buf_add_char(&plain, cut.p[i]);
		if (cut.p[i] == ']' && cut.p[i + 1] == '(')
			utf8_add(&plain, 0x200B);
	}
	json_object_set_new(message, "text", json_text(plain.n ? plain.p : "-"));
	return message;
}

/* RFC 3986: what is no part of a path's segments is written as %XX. Bytes that are no UTF-8 have
 * become U+FFFD before, as in every document. */
static json_t *
uri(const char *file)
{
	CLEANUP(buf_release) struct buf valid = {0}, out = {0};

	for (struct str rest = str_of(file); rest.n;) {
		int32_t point = utf8_next(&rest);
		utf8_add(&valid, point < 0 ? 0xFFFD : point);
	}
	for (size_t i = 0; i < valid.n; i++) {
		unsigned char c = (unsigned char)valid.p[i];
		if (isalnum(c) || (c && strchr("-._~!$&'()*+,;=@/", c)))
			buf_add_char(&out, (char)c);
		else
			buf_printf(&out, "%%%02X", c);
	}
	return json_text(out.p);
}

json_t *
sarif_artifact(const char *file)
{
	json_t *artifact = json_object();

	json_object_set_new(artifact, "uri", uri(file));
	json_object_set_new(artifact, "uriBaseId", json_string("%SRCROOT%"));
	return artifact;
}

/* Columns are those of UTF-16; 0 where they are not known. */
static json_t *
physical_location(const struct position *at, int start, int end)
{
	json_t *location = json_object(), *region = json_object();

	json_object_set_new(region, "startLine", json_integer(at->line > 0 ? at->line : 1));
	if (start > 0)
		json_object_set_new(region, "startColumn", json_integer(start));
	if (end > 0) {
		json_object_set_new(region, "endLine", json_integer(at->line));
		json_object_set_new(region, "endColumn", json_integer(end));
	}
	json_object_set_new(location, "artifactLocation", sarif_artifact(at->file));
	json_object_set_new(location, "region", region);
	return location;
}

/* Where the expression is, with the text of its line. */
static json_t *
own_location(const struct finding *finding)
{
	const struct source_line *line = finding_line(finding);
	int start = 0, end = 0;

	finding_columns(finding, &start, &end);
	json_t *location = physical_location(&finding->escape->at, start, end);
	if (line)
		json_object_set_new(json_object_get(location, "region"), "snippet",
			json_pack("{s:o}", "text", json_text(line->text)));
	return location;
}

static json_t *
logical_locations(const struct escape *escape)
{
	CLEANUP(buf_release) struct buf name = {0};
	json_t *array = json_array(), *function = json_object();

	buf_printf(&name, "%s.%s", escape->package, escape->function);
	json_object_set_new(function, "fullyQualifiedName", json_text(name.p));
	json_object_set_new(function, "kind", json_string("function"));
	json_array_append_new(array, function);
	return array;
}

static json_t *
locations(const struct finding *finding)
{
	json_t *array = json_array(), *location = json_object();
	const struct escape *escape = finding->escape;

	if (escape->at.file)
		json_object_set_new(location, "physicalLocation", own_location(finding));
	if (escape->function[0])
		json_object_set_new(location, "logicalLocations", logical_locations(escape));
	json_array_append_new(array, location);
	return array;
}

/* A place beside the finding's own, with words. */
static json_t *
place(const struct finding *finding, const struct position *at, struct str words)
{
	json_t *location = json_object();

	json_object_set_new(
		location, "physicalLocation", physical_location(at, column_near(finding, at), 0));
	json_object_set_new(location, "message", sarif_message(words));
	return location;
}

static json_t *
flow_step(const struct finding *finding, size_t index)
{
	const struct flow_step *step = &finding->escape->flow[index];
	CLEANUP(buf_release) struct buf words = {0};
	json_t *location = json_object();
	bool last = index + 1 == finding->escape->flow_count;

	buf_add(&words, str_of(step->from));
	if (step->via)
		buf_printf(&words, " (%s)", step->via);
	json_object_set_new(location, "location", place(finding, &step->at, buf_str(&words)));
	json_object_set_new(location, "executionOrder", json_integer((json_int_t)index + 1));
	json_object_set_new(location, "importance", json_string(last ? "essential" : "important"));
	return location;
}

/* One thread, through the steps of which the place is known; NULL where there is none. */
static json_t *
code_flows(const struct finding *finding)
{
	json_t *steps = json_array(), *thread = json_object(), *flow = json_object();

	for (size_t i = 0; i < finding->escape->flow_count; i++)
		if (finding->escape->flow[i].at.file)
			json_array_append_new(steps, flow_step(finding, i));
	bool empty = json_array_size(steps) == 0;
	json_object_set_new(thread, "locations", steps);
	json_object_set_new(flow, "threadFlows", json_pack("[o]", thread));
	json_t *flows = json_pack("[o]", flow);
	if (!empty)
		return flows;
	json_decref(flows);
	return NULL;
}

static void
add_related(
	json_t *related, const struct finding *finding, const struct position *at, struct str words)
{
	if (!at->file || json_array_size(related) == MOST_RELATED)
		return;
	json_t *location = place(finding, at, words);
	json_object_set_new(location, "id", json_integer((json_int_t)json_array_size(related) + 1));
	json_array_append_new(related, location);
}

/* The cause, the copies, what a function that is no longer inlined allocates. */
static json_t *
related_locations(const struct finding *finding)
{
	const struct lost_inlining *lost = finding->lost;
	json_t *related = json_array();

	if (finding->cause.text)
		add_related(related, finding, &finding->cause.at, str_of(finding->cause.text));
	for (size_t i = 0; lost && i < lost->allocation_count; i++)
		add_related(related, finding, &lost->allocations[i]->at,
			str_of(lost->allocations[i]->message));
	for (size_t i = 0; i < finding->copy_count; i++) {
		CLEANUP(buf_release) struct buf words = {0};
		buf_printf(&words, "%s %s",
			lost ? "allocates now at the call in" : "also here, by inlining in",
			finding->copies[i].function);
		add_related(related, finding, &finding->copies[i].at, buf_str(&words));
	}
	return related;
}

static json_t *
message(const struct comparison *comparison, const struct finding *finding)
{
	CLEANUP(buf_release) struct buf words = {0};

	headline(&words, comparison, finding);
	buf_printf(&words, ". %s", reason_text(finding->escape->reason)->what);
	if (finding->cause.text) {
		buf_add(&words, STR(" Cause: "));
		cause_text(&words, &finding->cause);
		buf_add_char(&words, '.');
	}
	return sarif_message(buf_str(&words));
}

static json_t *
fingerprints(const struct finding *finding)
{
	json_t *object = json_object();

	if (finding->line_hash)
		json_object_set_new(
			object, "primaryLocationLineHash", json_text(finding->line_hash));
	json_object_set_new(object, "heapwarden/v1", json_text(finding->id));
	return object;
}

/* In which of the variants that the run names the result holds. */
static json_t *
properties(const struct finding *finding)
{
	json_t *holds = json_array();

	for (size_t i = 0; i < finding->hold_count; i++)
		json_array_append_new(holds, json_text(finding->holds[i]));
	return json_pack("{s:o}", "holds", holds);
}

static const char *
baseline_state(const struct finding *finding)
{
	static const char *const states[] = {
		[FINDING_NEW] = "new",
		[FINDING_FIXED] = "absent",
		[FINDING_MOVED] = "updated",
		[FINDING_UNCHANGED] = "unchanged",
	};

	if (finding->state == FINDING_ACCEPTED)
		return finding->base ? "unchanged" : "new";
	return states[finding->state];
}

static void
set_baseline(json_t *result, const struct finding *finding)
{
	json_object_set_new(result, "baselineState", json_string(baseline_state(finding)));
	if (finding->state == FINDING_ACCEPTED)
		json_object_set_new(
			result, "suppressions", json_pack("[{s:s}]", "kind", "external"));
}

json_t *
sarif_result(const struct comparison *comparison, const struct finding *finding, bool baseline)
{
	CLEANUP(buf_release) struct buf rule = {0};
	json_t *result = json_object(), *flows = code_flows(finding),
	       *related = related_locations(finding);

	rule_name(&rule, finding->escape->reason);
	json_object_set_new(result, "ruleId", json_text(rule.p));
	json_object_set_new(result, "ruleIndex", json_integer(finding->escape->reason));
	json_object_set_new(
		result, "level", json_string(finding_counts(finding) ? "error" : "note"));
	json_object_set_new(result, "message", message(comparison, finding));
	json_object_set_new(result, "locations", locations(finding));
	json_object_set_new(result, "partialFingerprints", fingerprints(finding));
	if (flows)
		json_object_set_new(result, "codeFlows", flows);
	if (json_array_size(related))
		json_object_set(result, "relatedLocations", related);
	json_decref(related);
	if (finding->hold_count)
		json_object_set_new(result, "properties", properties(finding));
	if (baseline)
		set_baseline(result, finding);
	return result;
}

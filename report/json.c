/* JSON: the contract of docs/json.md; here "heapwarden.comparison/1", in json_scan.c
 * "heapwarden.snapshot/1". json_read*.c read what is written here. */
#include <jansson.h>

#include "report/json_scan.h"
#include "report/json_text.h"
#include "report/json_value.h"
#include "report/report.h"
#include "report/tally.h"
#include "src/base/cleanup.h"

/* A side, and how its build went. */
static json_t *
built_side(const struct side *of, const struct snapshot *snapshot)
{
	json_t *object = json_value_side(of);

	json_value_set(object, "go", json_text(snapshot->go_version));
	json_value_set(
		object, "lines_not_understood", json_value_number(snapshot->lines.not_understood));
	json_value_set(object, "not_understood_samples", json_value_not_understood(snapshot));
	return object;
}

static json_t *
summary(const struct comparison *comparison)
{
	const struct summary *of = &comparison->summary;
	const struct {
		const char *key;
		size_t value;
	} numbers[] = {
		{"new", of->new},
		{"new_without_allocation", of->new_without_allocation},
		{"new_not_counted", of->new_not_counted},
		{"lost_inlining", of->lost_inlining},
		{"new_outside", of->new_outside},
		{"not_printed", of->not_printed},
		{"fixed", of->fixed},
		{"moved", of->moved},
		{"unchanged", of->unchanged},
		{"accepted", of->accepted},
		{"copies", of->copies},
		{"base_total", of->base_total},
		{"head_total", of->head_total},
		{"base_summary_lines", of->base_lines},
		{"head_summary_lines", of->head_lines},
		{"not_judged", of->not_judged},
		{"packages", of->packages},
		{"packages_failed", of->packages_failed},
		{"lines_not_understood", of->lines_not_understood},
	};
	json_t *object = json_object();

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		json_value_set(object, numbers[i].key, json_value_number(numbers[i].value));
	return object;
}

static json_t *
verdict(const struct verdict *of)
{
	json_t *object = json_object();

	json_value_set(object, "status", json_text(verdict_status_name(of->status)));
	json_value_set(object, "violations", json_value_texts(of->violations, of->violation_count));
	return object;
}

static json_t *
cause(const struct cause *of)
{
	json_t *object = json_object();

	json_value_set(object, "kind", json_text(cause_kind_name(of->kind)));
	json_value_set(object, "text", json_text(of->text));
	json_value_set_position(object, &of->at);
	json_value_set(object, "function", json_text(of->function));
	return object;
}

static json_t *
copies(const struct finding *finding)
{
	json_t *array = json_array();

	for (size_t i = 0; i < finding->copy_count; i++) {
		json_t *copy = json_value_position(&finding->copies[i].at);
		json_value_set(copy, "function", json_text(finding->copies[i].function));
		json_array_append_new(array, copy);
	}
	return array;
}

static json_t *
source(const struct finding *finding)
{
	json_t *array = json_array();

	for (size_t i = 0; i < finding->source_count; i++) {
		const struct source_line *line = &finding->source[i];
		json_t *object = json_object();
		json_value_set(object, "line", json_integer(line->line));
		json_value_set_exact(object, "text", line->text);
		json_value_set(object, "changed", json_boolean(line->changed));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
lost_inlining(const struct lost_inlining *of)
{
	json_t *object = json_object(), *allocations = json_array();

	json_value_set(object, "base_cost", json_integer(of->base_cost));
	json_value_set(object, "head_cost", json_integer(of->head_cost));
	json_value_set(object, "budget", json_integer(of->budget));
	json_value_set(object, "big_caller", json_text(of->big ? of->big->function : NULL));
	for (size_t i = 0; i < of->allocation_count; i++) {
		json_t *allocation = json_value_position(&of->allocations[i]->at);
		json_value_set(allocation, "expression", json_text(of->allocations[i]->expression));
		json_value_set(allocation, "message", json_text(of->allocations[i]->message));
		json_array_append_new(allocations, allocation);
	}
	json_value_set(object, "allocations", allocations);
	return object;
}

static json_t *
accepted(const struct acceptance *of)
{
	json_t *object = json_object();

	json_value_set(object, "how", json_text(of->how));
	json_value_set(object, "reason", json_text(of->reason));
	json_value_set(object, "author", json_text(of->author));
	json_value_set(object, "expires", json_text(of->expires));
	json_value_set(object, "file", json_text(of->file));
	json_value_set(object, "line", json_integer(of->line));
	return object;
}

static json_t *
finding(const struct finding *of)
{
	json_t *object = json_object();

	json_value_set(object, "id", json_text(of->id));
	json_value_set(object, "state", json_text(finding_state_name(of->state)));
	json_value_set(object, "counts", json_boolean(finding_counts(of)));
	json_value_set(object, "counts_because", json_text(of->not_counted));
	json_value_set(object, "hot", json_text(of->hot));
	json_value_set(object, "profile_share",
		of->share.is_known ? json_real(of->share.thousandths / 100000.0) : json_null());
	json_value_set_escape(object, of->escape);
	json_value_set(object, "origin", json_text(origin_name(of->escape->origin)));
	json_value_set(object, "implied", json_boolean(of->escape->implied));
	json_value_set(object, "base", of->base ? json_value_position(&of->base->at) : json_null());
	json_value_set(object, "message", json_text(of->escape->message));
	json_value_set(object, "flow", json_value_flow(of->escape->flow, of->escape->flow_count));
	json_value_set(object, "cause", of->cause.text ? cause(&of->cause) : json_null());
	json_value_set(object, "copies", copies(of));
	if (of->lost)
		json_value_set(object, "lost_inlining", lost_inlining(of->lost));
	if (of->accepted)
		json_value_set(object, "accepted", accepted(of->accepted));
	json_value_set(object, "source", source(of));
	json_value_set(object, "line_hash", json_text(of->line_hash));
	if (of->hold_count)
		json_value_set(object, "holds", json_value_texts(of->holds, of->hold_count));
	return object;
}

static json_t *
findings(const struct comparison *comparison, bool all)
{
	json_t *array = json_array();

	for (size_t i = 0; i < comparison->finding_count; i++)
		if (all || comparison->findings[i].state != FINDING_UNCHANGED)
			json_array_append_new(array, finding(&comparison->findings[i]));
	return array;
}

static json_t *
not_analysed(const struct comparison *comparison)
{
	json_t *array = json_array();

	for (size_t i = 0; i < comparison->not_analysed_count; i++) {
		const struct not_analysed *entry = &comparison->not_analysed[i];
		json_t *object = json_object();
		json_value_set(object, "package", json_text(entry->package));
		json_value_set(object, "side", json_text(entry->side));
		json_value_set(object, "error", json_text(entry->error));
		json_value_set(object, "not_judged", json_value_number(entry->not_judged));
		json_array_append_new(array, object);
	}
	return array;
}

static bool
is_known(const struct finding *finding)
{
	return finding->state == FINDING_UNCHANGED && origin_is_own(finding->escape->origin);
}

/* A side's count; null where it has no such package. */
static json_t *
package_count(const struct snapshot *snapshot, const char *name, size_t count)
{
	const struct package *package = snapshot_package(snapshot, name);

	return package && !package->absent && !package->pattern ? json_value_number(count)
								: json_null();
}

/* The names of functions that have unchanged escapes, as far as they are of that package: from
 * findings by package and function. */
static json_t *
known_functions(const struct package_tally *row, const struct finding **findings, size_t count,
	size_t *next)
{
	json_t *array = json_array();
	const char *last = NULL;

	for (; *next < count && strcmp(findings[*next]->escape->package, row->package) == 0;
		++*next) {
		const char *function = findings[*next]->escape->function;
		if (tally_differs(row) && (!last || strcmp(last, function) != 0))
			json_array_append_new(array, json_text(function));
		last = function;
	}
	return array;
}

/* What is known package by package: no finding need be there for it. */
static json_t *
compared_packages(const struct comparison *comparison)
{
	CLEANUP(tally_release) struct tally tally = {0};
	json_t *array = json_array();
	size_t count, next = 0;
	CLEANUP(free_ptr)
	const struct finding **known = findings_sorted(comparison, is_known, true, &count);

	tally_init(&tally, comparison);
	for (size_t i = 0; i < tally.count; i++) {
		const struct package_tally *row = &tally.packages[i];
		const char *name = row->package;
		json_t *object = json_object();
		json_value_set(object, "package", json_text(name));
		json_value_set(object, "directory", json_text(row->directory));
		json_value_set(
			object, "base", package_count(comparison->base_snapshot, name, row->base));
		json_value_set(
			object, "head", package_count(comparison->head_snapshot, name, row->head));
		json_value_set(
			object, "known_functions", known_functions(row, known, count, &next));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
causes(const struct comparison *comparison)
{
	json_t *array = json_array();

	for (size_t i = 0; i < comparison->group_count; i++) {
		json_t *object = cause(&comparison->groups[i].cause);
		json_value_set(object, "new", json_value_number(comparison->groups[i].count));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
contracts(const struct comparison *comparison)
{
	json_t *array = json_array();

	for (size_t i = 0; i < comparison->contract_count; i++) {
		const struct contract *contract = &comparison->contracts[i];
		json_t *object = json_value_position(&contract->head->at);
		json_value_set(object, "package", json_text(contract->head->package));
		json_value_set(object, "function", json_text(contract->head->function));
		json_value_set(object, "parameter", json_text(contract->head->parameter));
		json_value_set(object, "base", json_text(leak_kind_name(contract->base->kind)));
		json_value_set(object, "head", json_text(leak_kind_name(contract->head->kind)));
		json_value_set(object, "message", json_text(contract->head->message));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
broken_contracts(const struct comparison *comparison)
{
	json_t *array = json_array();

	for (size_t i = 0; i < comparison->broken_count; i++) {
		const struct broken_contract *broken = &comparison->broken[i];
		json_t *object = json_object();
		json_value_set(object, "contract", json_text(broken->contract));
		json_value_set(object, "file", json_text(broken->at.file));
		json_value_set(object, "line", json_integer(broken->at.line));
		json_value_set(object, "text", json_text(broken->text));
		json_value_set(object, "breaker", json_value_position(&broken->breaker));
		json_value_set(object, "new", json_boolean(broken->is_new));
		json_array_append_new(array, object);
	}
	return array;
}

static int
json_comparison(const struct comparison *comparison, const struct report_options *options,
	FILE *out, struct err *err)
{
	json_t *document = json_object();

	json_value_set(document, "schema", json_text("heapwarden.comparison/1"));
	json_value_set(document, "tool", json_value_tool());
	json_value_set(document, "title", json_text(comparison->title));
	json_value_set(document, "module", json_text(comparison->module));
	json_value_set(document, "base", built_side(&comparison->base, comparison->base_snapshot));
	json_value_set(document, "head", built_side(&comparison->head, comparison->head_snapshot));
	json_value_set(document, "go", json_value_toolchain(comparison->head_snapshot));
	if (comparison->variant_count)
		json_value_set(document, "variants",
			json_value_texts(comparison->variants, comparison->variant_count));
	json_value_set(document, "summary", summary(comparison));
	json_value_set(document, "verdict", verdict(&comparison->verdict));
	json_value_set(document, "profile", json_text(comparison->profile));
	json_value_set(document, "findings", findings(comparison, options->all));
	json_value_set(document, "not_analysed", not_analysed(comparison));
	json_value_set(document, "packages", compared_packages(comparison));
	json_value_set(document, "causes", causes(comparison));
	if (comparison->has_contracts)
		json_value_set(document, "contracts", contracts(comparison));
	json_value_set(document, "broken_contracts", broken_contracts(comparison));
	json_value_set(document, "warnings",
		json_value_texts(comparison->warnings, comparison->warning_count));
	return json_text_dump(document, out, err);
}

const struct writer json_writer = {
	.name = "json",
	.description = "all that is known, for programs",
	.all_facts = true,
	.comparison = json_comparison,
	.scan = json_scan,
};

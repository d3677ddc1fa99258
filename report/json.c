/* JSON: the contract of docs/json.md, "heapwarden.comparison/1" and "heapwarden.snapshot/1".
 * json_read.c reads what is written here. */
#include <jansson.h>

#include "report/json_text.h"
#include "report/report.h"
#include "report/tally.h"
#include "src/base/cleanup.h"

/* The gate, under a short name. */
static json_t *
text(const char *bytes)
{
	return json_text(bytes);
}

static json_t *
texts(const char *const *list, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, text(list[i]));
	return array;
}

static json_t *
number(size_t value)
{
	return json_integer((json_int_t)value);
}

static void
set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

/* Text in which single bytes count, because columns do or because it names a file. Where the gate
 * changes it, its bytes stand beside it, in hexadecimal. */
static void
set_exact(json_t *object, const char *key, const char *bytes)
{
	CLEANUP(buf_release) struct buf digits = {0};
	CLEANUP(buf_release) struct buf name = {0};
	json_t *whole = json_string(bytes ? bytes : "");

	set(object, key, text(bytes));
	if (whole) {
		json_decref(whole);
		return;
	}
	for (const char *at = bytes; *at; at++)
		buf_printf(&digits, "%02x", (unsigned char)*at);
	buf_printf(&name, "%s_bytes", key);
	set(object, name.p, json_string(digits.p));
}

static void
set_position(json_t *object, const struct position *at)
{
	set_exact(object, "file", at->file);
	set(object, "line", json_integer(at->line));
	set(object, "column", json_integer(at->column));
}

static json_t *
position(const struct position *at)
{
	json_t *object = json_object();

	set_position(object, at);
	return object;
}

static json_t *
flow(const struct flow_step *steps, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *step = json_object();
		set(step, "to", text(steps[i].to));
		set(step, "from", text(steps[i].from));
		set(step, "via", text(steps[i].via));
		set_position(step, &steps[i].at);
		json_array_append_new(array, step);
	}
	return array;
}

/* What an escape is, in a finding and in a snapshot alike. */
static void
set_escape(json_t *object, const struct escape *escape)
{
	set(object, "kind", text(escape_kind_name(escape->kind)));
	set(object, "allocates", text(allocates_name(escape->allocates)));
	set(object, "package", text(escape->package));
	set(object, "function", text(escape->function));
	set_exact(object, "expression", escape->expression);
	set(object, "reason", text(reason_text(escape->reason)->name));
	set_position(object, &escape->at);
	if (str_ends(str_of(escape->at.file), STR("_test.go")))
		set(object, "test", json_true());
}

static json_t *
side(const struct side *of)
{
	const struct revision *revision = &of->revision;
	json_t *object = json_object();

	set(object, "kind",
		text(revision->worktree    ? "worktree"
			: revision->index  ? "index"
			: revision->commit ? "commit"
					   : "tree"));
	set(object, "revision", text(revision->name));
	set(object, "commit", text(revision->commit));
	set(object, "tree", text(revision->tree));
	set(object, "chosen_because", text(of->chosen_because));
	set(object, "subject", text(revision->subject));
	set(object, "time", json_integer(revision->time));
	return object;
}

static json_t *
not_understood(const struct snapshot *snapshot)
{
	const size_t most = sizeof snapshot->not_understood / sizeof *snapshot->not_understood;
	json_t *array = json_array();

	for (size_t i = 0; i < most && snapshot->not_understood[i]; i++)
		json_array_append_new(array, text(snapshot->not_understood[i]));
	return array;
}

/* A side, and how its build went. */
static json_t *
built_side(const struct side *of, const struct snapshot *snapshot)
{
	json_t *object = side(of);

	set(object, "go", text(snapshot->go_version));
	set(object, "lines_not_understood", number(snapshot->lines.not_understood));
	set(object, "not_understood_samples", not_understood(snapshot));
	return object;
}

static json_t *
tool(void)
{
	json_t *object = json_object();

	set(object, "name", text("heapwarden"));
	set(object, "version", text(HEAPWARDEN_VERSION));
	return object;
}

static json_t *
toolchain(const struct snapshot *snapshot)
{
	json_t *object = json_object();

	set(object, "version", text(snapshot->go_version));
	set(object, "target", text(snapshot->target));
	set(object, "flags", texts(snapshot->flags, snapshot->flag_count));
	if (snapshot->setting_count)
		set(object, "settings", texts(snapshot->settings, snapshot->setting_count));
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
		set(object, numbers[i].key, number(numbers[i].value));
	return object;
}

static json_t *
verdict(const struct verdict *of)
{
	json_t *object = json_object();

	set(object, "status", text(verdict_status_name(of->status)));
	set(object, "violations", texts(of->violations, of->violation_count));
	return object;
}

static json_t *
cause(const struct cause *of)
{
	json_t *object = json_object();

	set(object, "kind", text(cause_kind_name(of->kind)));
	set(object, "text", text(of->text));
	set_position(object, &of->at);
	set(object, "function", text(of->function));
	return object;
}

static json_t *
copies(const struct finding *finding)
{
	json_t *array = json_array();

	for (size_t i = 0; i < finding->copy_count; i++) {
		json_t *copy = position(&finding->copies[i].at);
		set(copy, "function", text(finding->copies[i].function));
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
		set(object, "line", json_integer(line->line));
		set_exact(object, "text", line->text);
		set(object, "changed", json_boolean(line->changed));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
lost_inlining(const struct lost_inlining *of)
{
	json_t *object = json_object(), *allocations = json_array();

	set(object, "base_cost", json_integer(of->base_cost));
	set(object, "head_cost", json_integer(of->head_cost));
	set(object, "budget", json_integer(of->budget));
	set(object, "big_caller", text(of->big ? of->big->function : NULL));
	for (size_t i = 0; i < of->allocation_count; i++) {
		json_t *allocation = position(&of->allocations[i]->at);
		set(allocation, "expression", text(of->allocations[i]->expression));
		set(allocation, "message", text(of->allocations[i]->message));
		json_array_append_new(allocations, allocation);
	}
	set(object, "allocations", allocations);
	return object;
}

static json_t *
accepted(const struct acceptance *of)
{
	json_t *object = json_object();

	set(object, "how", text(of->how));
	set(object, "reason", text(of->reason));
	set(object, "author", text(of->author));
	set(object, "expires", text(of->expires));
	set(object, "file", text(of->file));
	set(object, "line", json_integer(of->line));
	return object;
}

static json_t *
finding(const struct finding *of)
{
	json_t *object = json_object();

	set(object, "id", text(of->id));
	set(object, "state", text(finding_state_name(of->state)));
	set(object, "counts", json_boolean(finding_counts(of)));
	set(object, "counts_because", text(of->not_counted));
	set(object, "hot", text(of->hot));
	set(object, "profile_share",
		of->share.is_known ? json_real(of->share.thousandths / 100000.0) : json_null());
	set_escape(object, of->escape);
	set(object, "origin", text(origin_name(of->escape->origin)));
	set(object, "implied", json_boolean(of->escape->implied));
	set(object, "base", of->base ? position(&of->base->at) : json_null());
	set(object, "message", text(of->escape->message));
	set(object, "flow", flow(of->escape->flow, of->escape->flow_count));
	set(object, "cause", of->cause.text ? cause(&of->cause) : json_null());
	set(object, "copies", copies(of));
	if (of->lost)
		set(object, "lost_inlining", lost_inlining(of->lost));
	if (of->accepted)
		set(object, "accepted", accepted(of->accepted));
	set(object, "source", source(of));
	set(object, "line_hash", text(of->line_hash));
	if (of->hold_count)
		set(object, "holds", texts(of->holds, of->hold_count));
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
		set(object, "package", text(entry->package));
		set(object, "side", text(entry->side));
		set(object, "error", text(entry->error));
		set(object, "not_judged", number(entry->not_judged));
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

	return package && !package->absent && !package->pattern ? number(count) : json_null();
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
			json_array_append_new(array, text(function));
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
		set(object, "package", text(name));
		set(object, "directory", text(row->directory));
		set(object, "base", package_count(comparison->base_snapshot, name, row->base));
		set(object, "head", package_count(comparison->head_snapshot, name, row->head));
		set(object, "known_functions", known_functions(row, known, count, &next));
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
		set(object, "new", number(comparison->groups[i].count));
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
		json_t *object = position(&contract->head->at);
		set(object, "package", text(contract->head->package));
		set(object, "function", text(contract->head->function));
		set(object, "parameter", text(contract->head->parameter));
		set(object, "base", text(leak_kind_name(contract->base->kind)));
		set(object, "head", text(leak_kind_name(contract->head->kind)));
		set(object, "message", text(contract->head->message));
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
		set(object, "contract", text(broken->contract));
		set(object, "file", text(broken->at.file));
		set(object, "line", json_integer(broken->at.line));
		set(object, "text", text(broken->text));
		set(object, "breaker", position(&broken->breaker));
		set(object, "new", json_boolean(broken->is_new));
		json_array_append_new(array, object);
	}
	return array;
}

static int
json_comparison(const struct comparison *comparison, const struct report_options *options,
	FILE *out, struct err *err)
{
	json_t *document = json_object();

	set(document, "schema", text("heapwarden.comparison/1"));
	set(document, "tool", tool());
	set(document, "title", text(comparison->title));
	set(document, "module", text(comparison->module));
	set(document, "base", built_side(&comparison->base, comparison->base_snapshot));
	set(document, "head", built_side(&comparison->head, comparison->head_snapshot));
	set(document, "go", toolchain(comparison->head_snapshot));
	if (comparison->variant_count)
		set(document, "variants", texts(comparison->variants, comparison->variant_count));
	set(document, "summary", summary(comparison));
	set(document, "verdict", verdict(&comparison->verdict));
	set(document, "profile", text(comparison->profile));
	set(document, "findings", findings(comparison, options->all));
	set(document, "not_analysed", not_analysed(comparison));
	set(document, "packages", compared_packages(comparison));
	set(document, "causes", causes(comparison));
	if (comparison->has_contracts)
		set(document, "contracts", contracts(comparison));
	set(document, "broken_contracts", broken_contracts(comparison));
	set(document, "warnings", texts(comparison->warnings, comparison->warning_count));
	return json_text_dump(document, out, err);
}

static json_t *
escapes(const struct snapshot *snapshot)
{
	json_t *array = json_array();

	for (size_t i = 0; i < snapshot->escape_count; i++) {
		const struct escape *escape = &snapshot->escapes[i];
		json_t *object = json_object();
		set_escape(object, escape);
		set(object, "origin", text(origin_name(escape->origin)));
		set(object, "implied", json_boolean(escape->implied));
		set(object, "inlined", text(escape->inlined));
		set(object, "generated_from", text(escape->generated_from));
		set(object, "message", text(escape->message));
		set(object, "flow", flow(escape->flow, escape->flow_count));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
leaks(const struct snapshot *snapshot)
{
	json_t *array = json_array();

	for (size_t i = 0; i < snapshot->leak_count; i++) {
		const struct leak *leak = &snapshot->leaks[i];
		json_t *object = json_object();
		set(object, "kind", text(leak_kind_name(leak->kind)));
		set(object, "package", text(leak->package));
		set(object, "function", text(leak->function));
		set(object, "parameter", text(leak->parameter));
		set(object, "result", text(leak->result));
		set(object, "level", json_integer(leak->level));
		set(object, "message", text(leak->message));
		set_position(object, &leak->at);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
inlinings(const struct snapshot *snapshot)
{
	json_t *array = json_array();

	for (size_t i = 0; i < snapshot->inlining_count; i++) {
		const struct inlining *inlining = &snapshot->inlinings[i];
		json_t *object = json_object();
		set(object, "can", json_boolean(inlining->can));
		set(object, "package", text(inlining->package));
		set(object, "function", text(inlining->name));
		set(object, "cost", json_integer(inlining->cost));
		set(object, "budget", json_integer(inlining->budget));
		set(object, "why_not", text(inlining->why_not));
		set(object, "big", json_boolean(inlining->big));
		set_position(object, &inlining->at);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
inlined_calls(const struct snapshot *snapshot)
{
	json_t *array = json_array();

	for (size_t i = 0; i < snapshot->call_count; i++) {
		json_t *object = position(&snapshot->calls[i].at);
		set(object, "package", text(snapshot->calls[i].package));
		set(object, "callee", text(snapshot->calls[i].callee));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
packages(const struct snapshot *snapshot)
{
	json_t *array = json_array();

	for (size_t i = 0; i < snapshot->package_count; i++) {
		const struct package *package = &snapshot->packages[i];
		json_t *object = json_object();
		set(object, "package", text(package->import_path));
		set(object, "directory", text(package->directory));
		set(object, "error", text(package->error));
		set(object, "absent", json_boolean(package->absent));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
lines(const struct snapshot *snapshot)
{
	json_t *object = json_object(), *kinds = json_object();

	set(object, "total", number(snapshot->lines.total));
	set(object, "summaries", number(snapshot->lines.summaries));
	set(object, "not_needed", number(snapshot->lines.not_needed));
	set(object, "not_understood", number(snapshot->lines.not_understood));
	for (size_t i = 0; i < snapshot->lines.kind_count; i++)
		set(kinds, snapshot->lines.kinds[i].name, number(snapshot->lines.kinds[i].count));
	set(object, "kinds", kinds);
	set(object, "not_understood_samples", not_understood(snapshot));
	return object;
}

static int
json_scan(const struct scan *scan, const struct report_options *options, FILE *out, struct err *err)
{
	json_t *document = json_object();

	(void)options;
	set(document, "schema", text("heapwarden.snapshot/1"));
	set(document, "tool", tool());
	set(document, "title", text(scan->title));
	set(document, "tree", side(&scan->side));
	set(document, "go", toolchain(scan->snapshot));
	set(document, "lines", lines(scan->snapshot));
	set(document, "packages", packages(scan->snapshot));
	set(document, "escapes", escapes(scan->snapshot));
	set(document, "leaks", leaks(scan->snapshot));
	set(document, "inlinings", inlinings(scan->snapshot));
	set(document, "inlined_calls", inlined_calls(scan->snapshot));
	return json_text_dump(document, out, err);
}

const struct writer json_writer = {
	.name = "json",
	.description = "all that is known, for programs",
	.all_facts = true,
	.comparison = json_comparison,
	.scan = json_scan,
};

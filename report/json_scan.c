/* "heapwarden.snapshot/1". */
#include "report/json_scan.h"

#include <jansson.h>

#include "report/json_text.h"
#include "report/json_value.h"

static json_t *
escapes(const struct snapshot *snapshot)
{
	json_t *array = json_array();

	for (size_t i = 0; i < snapshot->escape_count; i++) {
		const struct escape *escape = &snapshot->escapes[i];
		json_t *object = json_object();
		json_value_set_escape(object, escape);
		json_value_set(object, "origin", json_text(origin_name(escape->origin)));
		json_value_set(object, "implied", json_boolean(escape->implied));
		json_value_set(object, "inlined", json_text(escape->inlined));
		json_value_set(object, "generated_from", json_text(escape->generated_from));
		json_value_set(object, "message", json_text(escape->message));
		json_value_set(object, "flow", json_value_flow(escape->flow, escape->flow_count));
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
		json_value_set(object, "kind", json_text(leak_kind_name(leak->kind)));
		json_value_set(object, "package", json_text(leak->package));
		json_value_set(object, "function", json_text(leak->function));
		json_value_set(object, "parameter", json_text(leak->parameter));
		json_value_set(object, "result", json_text(leak->result));
		json_value_set(object, "level", json_integer(leak->level));
		json_value_set(object, "message", json_text(leak->message));
		json_value_set_position(object, &leak->at);
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
		json_value_set(object, "can", json_boolean(inlining->can));
		json_value_set(object, "package", json_text(inlining->package));
		json_value_set(object, "function", json_text(inlining->name));
		json_value_set(object, "cost", json_integer(inlining->cost));
		json_value_set(object, "budget", json_integer(inlining->budget));
		json_value_set(object, "why_not", json_text(inlining->why_not));
		json_value_set(object, "big", json_boolean(inlining->big));
		json_value_set_position(object, &inlining->at);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
inlined_calls(const struct snapshot *snapshot)
{
	json_t *array = json_array();

	for (size_t i = 0; i < snapshot->call_count; i++) {
		json_t *object = json_value_position(&snapshot->calls[i].at);
		json_value_set(object, "package", json_text(snapshot->calls[i].package));
		json_value_set(object, "callee", json_text(snapshot->calls[i].callee));
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
		json_value_set(object, "package", json_text(package->import_path));
		json_value_set(object, "directory", json_text(package->directory));
		json_value_set(object, "error", json_text(package->error));
		json_value_set(object, "absent", json_boolean(package->absent));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
lines(const struct snapshot *snapshot)
{
	json_t *object = json_object(), *kinds = json_object();

	json_value_set(object, "total", json_value_number(snapshot->lines.total));
	json_value_set(object, "summaries", json_value_number(snapshot->lines.summaries));
	json_value_set(object, "not_needed", json_value_number(snapshot->lines.not_needed));
	json_value_set(object, "not_understood", json_value_number(snapshot->lines.not_understood));
	for (size_t i = 0; i < snapshot->lines.kind_count; i++)
		json_value_set(kinds, snapshot->lines.kinds[i].name,
			json_value_number(snapshot->lines.kinds[i].count));
	json_value_set(object, "kinds", kinds);
	json_value_set(object, "not_understood_samples", json_value_not_understood(snapshot));
	return object;
}

int
json_scan(const struct scan *scan, const struct report_options *options, FILE *out, struct err *err)
{
	json_t *document = json_object();

	(void)options;
	json_value_set(document, "schema", json_text("heapwarden.snapshot/1"));
	json_value_set(document, "tool", json_value_tool());
	json_value_set(document, "title", json_text(scan->title));
	json_value_set(document, "tree", json_value_side(&scan->side));
	json_value_set(document, "go", json_value_toolchain(scan->snapshot));
	json_value_set(document, "lines", lines(scan->snapshot));
	json_value_set(document, "packages", packages(scan->snapshot));
	json_value_set(document, "escapes", escapes(scan->snapshot));
	json_value_set(document, "leaks", leaks(scan->snapshot));
	json_value_set(document, "inlinings", inlinings(scan->snapshot));
	json_value_set(document, "inlined_calls", inlined_calls(scan->snapshot));
	return json_text_dump(document, out, err);
}

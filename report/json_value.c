#include "report/json_value.h"

#include <jansson.h>

#include "report/json_text.h"
#include "src/base/cleanup.h"

struct json_t *
json_value_texts(const char *const *list, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_text(list[i]));
	return array;
}

struct json_t *
json_value_number(size_t value)
{
	return json_integer((json_int_t)value);
}

void
json_value_set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

/* Text in which single bytes count, because columns do or because it names a file. Where the gate
 * changes it, its bytes stand beside it, in hexadecimal. */
void
json_value_set_exact(json_t *object, const char *key, const char *bytes)
{
	CLEANUP(buf_release) struct buf digits = {0};
	CLEANUP(buf_release) struct buf name = {0};
	json_t *whole = json_string(bytes ? bytes : "");

	json_value_set(object, key, json_text(bytes));
	if (whole) {
		json_decref(whole);
		return;
	}
	for (const char *at = bytes; *at; at++)
		buf_printf(&digits, "%02x", (unsigned char)*at);
	buf_printf(&name, "%s_bytes", key);
	json_value_set(object, name.p, json_string(digits.p));
}

void
json_value_set_position(json_t *object, const struct position *at)
{
	json_value_set_exact(object, "file", at->file);
	json_value_set(object, "line", json_integer(at->line));
	json_value_set(object, "column", json_integer(at->column));
}

struct json_t *
json_value_position(const struct position *at)
{
	json_t *object = json_object();

	json_value_set_position(object, at);
	return object;
}

struct json_t *
json_value_flow(const struct flow_step *steps, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *step = json_object();
		json_value_set(step, "to", json_text(steps[i].to));
		json_value_set(step, "from", json_text(steps[i].from));
		json_value_set(step, "via", json_text(steps[i].via));
		json_value_set_position(step, &steps[i].at);
		json_array_append_new(array, step);
	}
	return array;
}

/* What an escape is, in a finding and in a snapshot alike. */
void
json_value_set_escape(json_t *object, const struct escape *escape)
{
	json_value_set(object, "kind", json_text(escape_kind_name(escape->kind)));
	json_value_set(object, "allocates", json_text(allocates_name(escape->allocates)));
	json_value_set(object, "package", json_text(escape->package));
	json_value_set(object, "function", json_text(escape->function));
	json_value_set_exact(object, "expression", escape->expression);
	json_value_set(object, "reason", json_text(reason_text(escape->reason)->name));
	json_value_set_position(object, &escape->at);
	if (str_ends(str_of(escape->at.file), STR("_test.go")))
		json_value_set(object, "test", json_true());
}

struct json_t *
json_value_side(const struct side *of)
{
	const struct revision *revision = &of->revision;
	json_t *object = json_object();

	json_value_set(object, "kind",
		json_text(revision->worktree ? "worktree"
			  : revision->index  ? "index"
			  : revision->commit ? "commit"
					     : "tree"));
	json_value_set(object, "revision", json_text(revision->name));
	json_value_set(object, "commit", json_text(revision->commit));
	json_value_set(object, "tree", json_text(revision->tree));
	json_value_set(object, "chosen_because", json_text(of->chosen_because));
	json_value_set(object, "subject", json_text(revision->subject));
	json_value_set(object, "time", json_integer(revision->time));
	return object;
}

struct json_t *
json_value_not_understood(const struct snapshot *snapshot)
{
	const size_t most = sizeof snapshot->not_understood / sizeof *snapshot->not_understood;
	json_t *array = json_array();

	for (size_t i = 0; i < most && snapshot->not_understood[i]; i++)
		json_array_append_new(array, json_text(snapshot->not_understood[i]));
	return array;
}

struct json_t *
json_value_tool(void)
{
	json_t *object = json_object();

	json_value_set(object, "name", json_text("heapwarden"));
	json_value_set(object, "version", json_text(HEAPWARDEN_VERSION));
	return object;
}

struct json_t *
json_value_toolchain(const struct snapshot *snapshot)
{
	json_t *object = json_object();

	json_value_set(object, "version", json_text(snapshot->go_version));
	json_value_set(object, "target", json_text(snapshot->target));
	json_value_set(object, "flags", json_value_texts(snapshot->flags, snapshot->flag_count));
	if (snapshot->setting_count)
		json_value_set(object, "settings",
			json_value_texts(snapshot->settings, snapshot->setting_count));
	return object;
}

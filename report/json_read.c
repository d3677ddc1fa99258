#include "report/json_read.h"

#include <jansson.h>
#include <string.h>

#include "src/base/file.h"

/* ---- words ---- */

static const char *
kind_word(int i)
{
	return escape_kind_name((enum escape_kind)i);
}

static const char *
allocates_word(int i)
{
	return allocates_name((enum allocates)i);
}

static const char *
reason_word(int i)
{
	return reason_text((enum reason)i)->name;
}

static const char *
origin_word(int i)
{
	return origin_name((enum origin)i);
}

static const char *
leak_kind_word(int i)
{
	return leak_kind_name((enum leak_kind)i);
}

int
json_read_leak_kind(struct members *members, const json_t *object, const char *key)
{
	return members_choice(members, object, key, leak_kind_word, LEAK_HEAP + 1);
}

/* ---- parts of both ---- */

struct position
json_read_position(struct members *members, const json_t *object)
{
	return (struct position){
		.file = members_exact(members, object, "file"),
		.line = members_int(members, object, "line"),
		.column = members_int(members, object, "column"),
	};
}

const struct flow_step *
json_read_flow(struct members *members, const json_t *object, size_t *count)
{
	const json_t *array = members_array(members, object, "flow");
	size_t length = json_array_size(array);
	struct flow_step *steps = arena_alloc(members->arena, (length + 1) * sizeof *steps);

	*count = length;
	for (size_t i = 0; i < length; i++) {
		const json_t *step = json_array_get(array, i);
		steps[i] = (struct flow_step){
			.to = members_need_text(members, step, "to"),
			.from = members_need_text(members, step, "from"),
			.via = members_text(members, step, "via"),
			.at = json_read_position(members, step),
		};
	}
	return steps;
}

void
json_read_escape(struct escape *out, struct members *members, const json_t *object)
{
	const char *expression = members_exact(members, object, "expression");

	*out = (struct escape){
		.kind = (enum escape_kind)members_choice(
			members, object, "kind", kind_word, ESCAPE_LOST_INLINING + 1),
		.reason = (enum reason)members_choice(
			members, object, "reason", reason_word, REASON_COUNT),
		.allocates = (enum allocates)members_choice(
			members, object, "allocates", allocates_word, ALLOCATES_MAYBE + 1),
		.implied = members_bool(members, object, "implied"),
		.at = json_read_position(members, object),
		.package = members_need_text(members, object, "package"),
		.function = members_need_text(members, object, "function"),
		.expression = expression ? expression : "",
		.message = members_need_text(members, object, "message"),
	};
	/* Documents of versions that did not write it have the repository's own findings. */
	if (members_has(object, "origin"))
		out->origin = (enum origin)members_choice(
			members, object, "origin", origin_word, ORIGIN_UNKNOWN + 1);
	out->flow = json_read_flow(members, object, &out->flow_count);
}

/* A name of git's for an object, which is written as it stands; NULL where there is none. */
static const char *
object_name(struct members *members, const json_t *object, const char *key)
{
	const char *name = members_text(members, object, key);

	if (!name || (*name && strspn(name, "0123456789abcdef") == strlen(name)))
		return name;
	members_fail(members, "\"%s\" is \"%s\", and not the name of an object of git", key, name);
	return NULL;
}

void
json_read_side(struct side *out, struct members *members, const json_t *object)
{
	const char *kind = members_need_text(members, object, "kind");

	out->chosen_because = members_text(members, object, "chosen_because");
	out->revision = (struct revision){
		.worktree = strcmp(kind, "worktree") == 0,
		.index = strcmp(kind, "index") == 0,
		.name = members_text(members, object, "revision"),
		.commit = object_name(members, object, "commit"),
		.tree = object_name(members, object, "tree"),
		.subject = members_text(members, object, "subject"),
		.time = members_int64(members, object, "time"),
	};
}

void
json_read_samples(struct snapshot *out, struct members *members, const json_t *object)
{
	const size_t most = sizeof out->not_understood / sizeof *out->not_understood;
	size_t count;
	const char **texts = members_texts(members, object, "not_understood_samples", &count);

	for (size_t i = 0; i < count && i < most; i++)
		out->not_understood[i] = texts[i];
}

void
json_read_toolchain(struct snapshot *out, struct members *members, const json_t *object)
{
	out->go_version = members_text(members, object, "version");
	out->target = members_text(members, object, "target");
	out->flags = members_texts(members, object, "flags", &out->flag_count);
	out->settings = members_texts(members, object, "settings", &out->setting_count);
}

/* ---- the document ---- */

/* Which document it is: "heapwarden.comparison/1". */
static void
read_schema(struct document *out, struct members *members, const json_t *root)
{
	static const char comparison[] = "heapwarden.comparison/", scan[] = "heapwarden.snapshot/";
	const char *schema = members_text(members, root, "schema");
	const char *slash = schema ? strchr(schema, '/') : NULL;

	if (members->failed)
		return;
	if (!slash || (strncmp(schema, comparison, sizeof comparison - 1) != 0 &&
			      strncmp(schema, scan, sizeof scan - 1) != 0)) {
		members_fail(members,
			"not a document of heapwarden: its \"schema\" is %s%s%s; such documents "
			"are written with --format json",
			schema ? "\"" : "", schema ? schema : "missing", schema ? "\"" : "");
		return;
	}
	if (strcmp(slash, "/1") != 0)
		members_fail(members,
			"its schema is \"%s\", and this version of heapwarden reads number 1: use "
			"the version that wrote it, or a newer one",
			schema);
	out->is_scan = strncmp(schema, scan, sizeof scan - 1) == 0;
}

static int
read_root(struct document *out, const json_t *root, struct err *err)
{
	struct members members = {.arena = &out->arena, .err = err};
	const char *tool;

	if (!json_is_object(root))
		return err_set(err, ERR_FAILED, "not a document of heapwarden: no JSON object");
	read_schema(out, &members, root);
	if (members.failed)
		return -1;
	tool = members_text(&members, members_object(&members, root, "tool"), "version");
	out->tool = tool ? tool : "";
	if (out->is_scan)
		json_read_scan(out, &members, root);
	else
		json_read_comparison(out, &members, root);
	return members.failed ? -1 : 0;
}

static void
release_root(json_t **root)
{
	json_decref(*root);
}

int
document_read(struct document *out, struct str bytes, struct err *err)
{
	json_error_t error;
	CLEANUP(release_root) json_t *root = json_loadb(bytes.p, bytes.n, 0, &error);

	*out = (struct document){.tool = ""};
	if (bytes.n == 0)
		return err_set(err, ERR_FAILED, "there is nothing in it");
	if (!root)
		return err_set(err, ERR_FAILED, "not a whole JSON document: line %d, column %d: %s",
			error.line, error.column, error.text);
	return read_root(out, root, err);
}

int
document_open(struct document *out, const char *path, struct err *err)
{
	CLEANUP(buf_release) struct buf bytes = {0};

	*out = (struct document){0};
	if (file_read(&bytes, path, err) != 0)
		return -1;
	if (document_read(out, buf_str(&bytes), err) != 0)
		return err_wrap(err, "%s", strcmp(path, "-") == 0 ? "standard input" : path);
	return 0;
}

void
document_release(struct document *document)
{
	comparison_release(&document->comparison);
	snapshot_release(&document->base);
	snapshot_release(&document->head);
	arena_release(&document->arena);
	*document = (struct document){0};
}

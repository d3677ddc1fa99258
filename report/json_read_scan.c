/* The reader of "heapwarden.snapshot/1". */
#include <jansson.h>

#include "report/json_read.h"

static void
read_kinds(struct line_counts *out, struct members *members, const json_t *object)
{
	const json_t *from = members_object(members, object, "kinds");
	size_t count = json_object_size(from), i = 0;
	struct line_kind *kinds = arena_alloc(members->arena, (count + 1) * sizeof *kinds);

	/* The library walks only what may be changed; nothing is. */
	json_t *walked = (json_t *)(uintptr_t)from;
	for (void *at = json_object_iter(walked); at; at = json_object_iter_next(walked, at)) {
		const char *name = json_object_iter_key(at);
		kinds[i++] = (struct line_kind){.name = arena_strdup(members->arena, name),
			.count = members_count(members, from, name)};
	}
	out->kinds = kinds;
	out->kind_count = count;
}

static void
read_lines(struct snapshot *out, struct members *members, const json_t *object)
{
	out->lines = (struct line_counts){
		.total = members_count(members, object, "total"),
		.summaries = members_count(members, object, "summaries"),
		.not_needed = members_count(members, object, "not_needed"),
		.not_understood = members_count(members, object, "not_understood"),
	};
	read_kinds(&out->lines, members, object);
	json_read_samples(out, members, object);
}

static struct package
read_package(struct members *members, const json_t *object)
{
	return (struct package){
		.import_path = members_need_text(members, object, "package"),
		.directory = members_text(members, object, "directory"),
		.error = members_text(members, object, "error"),
		.absent = members_bool(members, object, "absent"),
	};
}

static struct escape
read_escape(struct members *members, const json_t *object)
{
	struct escape escape;

	json_read_escape(&escape, members, object);
	escape.inlined = members_text(members, object, "inlined");
	escape.generated_from = members_text(members, object, "generated_from");
	return escape;
}

static struct leak
read_leak(struct members *members, const json_t *object)
{
	return (struct leak){
		.kind = (enum leak_kind)json_read_leak_kind(members, object, "kind"),
		.at = json_read_position(members, object),
		.package = members_need_text(members, object, "package"),
		.function = members_need_text(members, object, "function"),
		.parameter = members_need_text(members, object, "parameter"),
		.result = members_text(members, object, "result"),
		.level = members_int(members, object, "level"),
		.message = members_need_text(members, object, "message"),
	};
}

static struct inlining
read_inlining(struct members *members, const json_t *object)
{
	return (struct inlining){
		.can = members_bool(members, object, "can"),
		.cost = members_int(members, object, "cost"),
		.budget = members_int(members, object, "budget"),
		.at = json_read_position(members, object),
		.package = members_need_text(members, object, "package"),
		.name = members_need_text(members, object, "function"),
		.why_not = members_text(members, object, "why_not"),
		.big = members_bool(members, object, "big"),
	};
}

static struct inlined_call
read_call(struct members *members, const json_t *object)
{
	return (struct inlined_call){
		.at = json_read_position(members, object),
		.package = members_need_text(members, object, "package"),
		.callee = members_need_text(members, object, "callee"),
	};
}

/* Each element of the list, by the function, into the array of the snapshot. */
#define READ_LIST(member, array, name, read)                                                       \
	do {                                                                                       \
		const json_t *from = members_array(members, root, member);                         \
		size_t count = json_array_size(from);                                              \
		out->array =                                                                       \
			array_grow(NULL, &out->name##_capacity, count + 1, sizeof *out->array);    \
		for (size_t i = 0; i < count && !members->failed; i++)                             \
			out->array[out->name##_count++] =                                          \
				read(members, members_at(members, from, member, i));               \
		members->list = NULL;                                                              \
	} while (0)

static void
read_facts(struct snapshot *out, struct members *members, const json_t *root)
{
	READ_LIST("packages", packages, package, read_package);
	READ_LIST("escapes", escapes, escape, read_escape);
	READ_LIST("leaks", leaks, leak, read_leak);
	READ_LIST("inlinings", inlinings, inlining, read_inlining);
	READ_LIST("inlined_calls", calls, call, read_call);
}

void
json_read_scan(struct document *out, struct members *members, const json_t *root)
{
	const char *title = members_text(members, root, "title");

	out->scan = (struct scan){.title = title ? title : "", .snapshot = &out->head};
	json_read_side(&out->scan.side, members, members_object(members, root, "tree"));
	json_read_toolchain(&out->head, members, members_object(members, root, "go"));
	read_lines(&out->head, members, members_object(members, root, "lines"));
	read_facts(&out->head, members, root);
}

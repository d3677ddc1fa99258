/* The reader of "heapwarden.comparison/1". */
#include <string.h>

#include "report/json_read.h"

static const char *
state_word(int i)
{
	return finding_state_name((enum finding_state)i);
}

static const char *
cause_word(int i)
{
	return cause_kind_name((enum cause_kind)i);
}

static const char *
status_word(int i)
{
	return verdict_status_name((enum verdict_status)i);
}

static void
read_summary(struct summary *out, struct members *members, const struct json_t *object)
{
	const struct {
		const char *key;
		size_t *value;
	} numbers[] = {
		{"new", &out->new},
		{"new_without_allocation", &out->new_without_allocation},
		{"lost_inlining", &out->lost_inlining},
		{"new_outside", &out->new_outside},
		{"not_printed", &out->not_printed},
		{"fixed", &out->fixed},
		{"moved", &out->moved},
		{"unchanged", &out->unchanged},
		{"accepted", &out->accepted},
		{"new_not_counted", &out->new_not_counted},
		{"copies", &out->copies},
		{"base_total", &out->base_total},
		{"head_total", &out->head_total},
		{"base_summary_lines", &out->base_lines},
		{"head_summary_lines", &out->head_lines},
		{"not_judged", &out->not_judged},
		{"packages", &out->packages},
		{"packages_failed", &out->packages_failed},
		{"lines_not_understood", &out->lines_not_understood},
	};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		*numbers[i].value = members_count(members, object, numbers[i].key);
}

static void
read_verdict(struct verdict *out, struct members *members, const struct json_t *object)
{
	out->status = (enum verdict_status)members_choice(
		members, object, "status", status_word, VERDICT_NONE + 1);
	out->violations = members_texts(members, object, "violations", &out->violation_count);
}

static void
read_cause(struct cause *out, struct members *members, const struct json_t *object)
{
	*out = (struct cause){
		.kind = (enum cause_kind)members_choice(
			members, object, "kind", cause_word, CAUSE_TOOLCHAIN + 1),
		.text = members_need_text(members, object, "text"),
		.at = json_read_position(members, object),
		.function = members_text(members, object, "function"),
	};
}

static void
read_side(struct side *out, struct snapshot *snapshot, struct members *members,
	const struct json_t *object)
{
	json_read_side(out, members, object);
	if (!out->revision.name)
		members_fail(members, "\"revision\" is missing");
	snapshot->go_version = members_text(members, object, "go");
	snapshot->lines.not_understood = members_count(members, object, "lines_not_understood");
	json_read_samples(snapshot, members, object);
}

/* ---- findings ---- */

/* Where its counterpart was: no more is known of it. */
static const struct escape *
read_base(const struct escape *head, struct members *members, const struct json_t *object)
{
	const struct json_t *position = members_object(members, object, "base");

	if (!position)
		return NULL;
	struct escape *base = arena_alloc(members->arena, sizeof *base);
	*base = *head;
	base->at = json_read_position(members, position);
	return base;
}

static void
read_copies(struct finding *out, struct members *members, const struct json_t *object)
{
	const struct json_t *array = members_array(members, object, "copies");
	size_t count = members_length(array);
	struct copy *copies = arena_alloc(members->arena, (count + 1) * sizeof *copies);

	for (size_t i = 0; i < count; i++) {
		const struct json_t *copy = members_element(array, i);
		copies[i].at = json_read_position(members, copy);
		copies[i].function = members_need_text(members, copy, "function");
	}
	out->copies = copies;
	out->copy_count = count;
}

static void
read_source(struct finding *out, struct members *members, const struct json_t *object)
{
	const struct json_t *array = members_array(members, object, "source");
	size_t count = members_length(array);
	struct source_line *lines = arena_alloc(members->arena, (count + 1) * sizeof *lines);

	for (size_t i = 0; i < count; i++) {
		const struct json_t *line = members_element(array, i);
		const char *text = members_exact(members, line, "text");
		lines[i] = (struct source_line){
			.line = members_int(members, line, "line"),
			.text = text ? text : "",
			.changed = members_bool(members, line, "changed"),
		};
	}
	out->source = lines;
	out->source_count = count;
}

static const struct escape *const *
read_allocations(size_t *out_count, struct members *members, const struct json_t *object,
	const char *package)
{
	const struct json_t *array = members_array(members, object, "allocations");
	size_t count = members_length(array);
	const struct escape **list = arena_alloc(members->arena, (count + 1) * sizeof *list);
	struct escape *escapes = arena_alloc(members->arena, (count + 1) * sizeof *escapes);

	for (size_t i = 0; i < count; i++) {
		const struct json_t *allocation = members_element(array, i);
		escapes[i] = (struct escape){
			.at = json_read_position(members, allocation),
			.package = package,
			.function = "",
			.expression = members_need_text(members, allocation, "expression"),
			.message = members_need_text(members, allocation, "message"),
		};
		list[i] = &escapes[i];
	}
	*out_count = count;
	return list;
}

static const struct inlining *
function_named(const char *name, const struct escape *escape, struct members *members)
{
	struct inlining *inlining = arena_alloc(members->arena, sizeof *inlining);

	*inlining = (struct inlining){
		.at = escape->at, .package = escape->package, .name = name, .function = name};
	return inlining;
}

static void
read_lost(struct finding *out, struct members *members, const struct json_t *object)
{
	const struct json_t *from = members_object(members, object, "lost_inlining");
	const struct escape *escape = out->escape;

	if (!from)
		return;
	struct lost_inlining *lost = arena_alloc(members->arena, sizeof *lost);
	const char *big = members_text(members, from, "big_caller");
	*lost = (struct lost_inlining){
		.function = function_named(escape->function, escape, members),
		.big = big ? function_named(big, escape, members) : NULL,
		.base_cost = members_int(members, from, "base_cost"),
		.head_cost = members_int(members, from, "head_cost"),
		.budget = members_int(members, from, "budget"),
	};
	lost->allocations =
		read_allocations(&lost->allocation_count, members, from, escape->package);
	out->lost = lost;
}

/* What stands in commands and links as it is. */
static void
read_id(struct finding *out, struct members *members, const struct json_t *object)
{
	const char *id = members_need_text(members, object, "id");

	if (strlen(id) == sizeof out->id - 1 && strspn(id, "0123456789abcdef") == strlen(id))
		memcpy(out->id, id, sizeof out->id);
	else
		members_fail(members, "\"id\" is \"%s\", and not %zu hexadecimal digits", id,
			sizeof out->id - 1);
}

static void
read_finding(struct finding *out, struct members *members, const struct json_t *object)
{
	const struct json_t *cause = members_object(members, object, "cause");
	struct escape *escape = arena_alloc(members->arena, sizeof *escape);

	*out = (struct finding){.escape = escape};
	json_read_escape(escape, members, object);
	read_id(out, members, object);
	out->state = (enum finding_state)members_choice(
		members, object, "state", state_word, FINDING_STATE_COUNT);
	out->base = read_base(escape, members, object);
	if (cause)
		read_cause(&out->cause, members, cause);
	read_copies(out, members, object);
	read_lost(out, members, object);
	read_source(out, members, object);
	out->line_hash = members_text(members, object, "line_hash");
	out->holds = members_texts(members, object, "holds", &out->hold_count);
	out->not_counted = members_text(members, object, "counts_because");
	out->hot = members_text(members, object, "hot");
	out->share = (struct profile_share){
		.is_known = members_has(object, "profile_share"),
		.thousandths = members_share(members, object, "profile_share"),
	};
}

static void
read_accepted(struct finding *out, struct members *members, const struct json_t *finding)
{
	const struct json_t *object = members_object(members, finding, "accepted");
	struct acceptance *accepted;

	if (!object)
		return;
	accepted = arena_alloc(members->arena, sizeof *accepted);
	*accepted = (struct acceptance){
		.how = members_need_text(members, object, "how"),
		.reason = members_need_text(members, object, "reason"),
		.author = members_text(members, object, "author"),
		.expires = members_text(members, object, "expires"),
		.file = members_need_text(members, object, "file"),
		.line = members_int(members, object, "line"),
	};
	out->accepted = accepted;
}

static void
read_findings(struct document *out, struct members *members, const struct json_t *root)
{
	const struct json_t *array = members_array(members, root, "findings");
	size_t count = members_length(array);

	for (size_t i = 0; i < count && !members->failed; i++) {
		const struct json_t *object = members_at(members, array, "findings", i);
		struct finding *finding = comparison_add(&out->comparison);
		read_finding(finding, members, object);
		read_accepted(finding, members, object);
		out->has_unchanged |= finding->state == FINDING_UNCHANGED;
	}
	members->list = NULL;
}

/* ---- packages ---- */

/* Its count, where the side has the package. */
static size_t
read_package(struct snapshot *out, struct members *members, const struct json_t *object,
	const char *key, const char *name)
{
	if (!members_has(object, key))
		return 0;
	out->packages = array_grow(out->packages, &out->package_capacity, out->package_count + 1,
		sizeof *out->packages);
	out->packages[out->package_count++] = (struct package){
		.import_path = name,
		.directory = members_text(members, object, "directory"),
	};
	return members_count(members, object, key);
}

/* A finding that stands for those which the document does not list. */
static void
add_known(struct document *out, struct members *members, const char *package, const char *function)
{
	struct escape *escape = arena_alloc(members->arena, sizeof *escape);

	*escape = (struct escape){
		.package = package, .function = function, .expression = "", .message = ""};
	*comparison_add(&out->comparison) =
		(struct finding){.state = FINDING_UNCHANGED, .escape = escape};
}

static void
read_known(struct document *out, struct members *members, const struct json_t *object,
	const char *package)
{
	size_t count;
	const char **functions = members_texts(members, object, "known_functions", &count);

	for (size_t i = 0; i < count && !out->has_unchanged; i++)
		add_known(out, members, package, functions[i]);
}

static void
read_packages(struct document *out, struct members *members, const struct json_t *root)
{
	const struct json_t *array = members_array(members, root, "packages");
	size_t count = members_length(array);
	struct left_out *counts = arena_alloc(members->arena, (count + 1) * sizeof *counts);

	for (size_t i = 0; i < count && !members->failed; i++) {
		const struct json_t *object = members_at(members, array, "packages", i);
		const char *name = members_need_text(members, object, "package");
		counts[i] = (struct left_out){
			.package = name,
			.base = read_package(&out->base, members, object, "base", name),
			.head = read_package(&out->head, members, object, "head", name),
		};
		read_known(out, members, object, name);
	}
	members->list = NULL;
	out->comparison.left_out = counts;
	out->comparison.left_out_count = count;
	snapshot_sort(&out->base);
	snapshot_sort(&out->head);
}

static void
read_not_analysed(struct comparison *out, struct members *members, const struct json_t *root)
{
	const struct json_t *array = members_array(members, root, "not_analysed");
	size_t count = members_length(array);

	out->not_analysed =
		array_grow(NULL, &out->not_analysed_capacity, count + 1, sizeof *out->not_analysed);
	for (size_t i = 0; i < count && !members->failed; i++) {
		const struct json_t *object = members_at(members, array, "not_analysed", i);
		const char *error = members_text(members, object, "error");
		struct not_analysed *entry = &out->not_analysed[out->not_analysed_count++];
		*entry = (struct not_analysed){
			.package = members_need_text(members, object, "package"),
			.side = members_need_text(members, object, "side"),
			.error = error ? error : "",
			.not_judged = members_count(members, object, "not_judged"),
		};
		if (strcmp(entry->side, "base") != 0 && strcmp(entry->side, "head") != 0)
			members_fail(members, "\"side\" is neither \"base\" nor \"head\"");
	}
	members->list = NULL;
}

/* ---- the rest ---- */

static void
read_causes(struct comparison *out, struct members *members, const struct json_t *root)
{
	const struct json_t *array = members_array(members, root, "causes");
	size_t count = members_length(array);
	struct cause_group *groups = arena_alloc(members->arena, (count + 1) * sizeof *groups);

	for (size_t i = 0; i < count && !members->failed; i++) {
		const struct json_t *object = members_at(members, array, "causes", i);
		read_cause(&groups[i].cause, members, object);
		groups[i].count = members_count(members, object, "new");
	}
	members->list = NULL;
	out->groups = groups;
	out->group_count = count;
}

static struct contract
read_contract(struct members *members, const struct json_t *object)
{
	struct leak *head = arena_alloc(members->arena, sizeof *head);
	struct leak *base = arena_alloc(members->arena, sizeof *base);

	*head = (struct leak){
		.at = json_read_position(members, object),
		.package = members_need_text(members, object, "package"),
		.function = members_need_text(members, object, "function"),
		.parameter = members_need_text(members, object, "parameter"),
		.message = members_need_text(members, object, "message"),
	};
	*base = *head;
	base->kind = (enum leak_kind)json_read_leak_kind(members, object, "base");
	head->kind = (enum leak_kind)json_read_leak_kind(members, object, "head");
	return (struct contract){base, head};
}

static void
read_contracts(struct comparison *out, struct members *members, const struct json_t *root)
{
	const struct json_t *array = members_array(members, root, "contracts");
	size_t count = members_length(array);

	out->has_contracts = array != NULL;
	out->contracts =
		array_grow(NULL, &out->contract_capacity, count + 1, sizeof *out->contracts);
	for (size_t i = 0; i < count && !members->failed; i++)
		out->contracts[out->contract_count++] =
			read_contract(members, members_at(members, array, "contracts", i));
	members->list = NULL;
}

static void
read_broken_contracts(struct comparison *out, struct members *members, const struct json_t *root)
{
	const struct json_t *array = members_array(members, root, "broken_contracts");
	size_t count = members_length(array);

	for (size_t i = 0; i < count && !members->failed; i++) {
		const struct json_t *object = members_at(members, array, "broken_contracts", i);
		const struct json_t *breaker = members_object(members, object, "breaker");
		out->broken = array_grow(out->broken, &out->broken_capacity, out->broken_count + 1,
			sizeof *out->broken);
		out->broken[out->broken_count++] = (struct broken_contract){
			.contract = members_need_text(members, object, "contract"),
			.at = json_read_position(members, object),
			.breaker = breaker ? json_read_position(members, breaker)
					   : (struct position){0},
			.text = members_need_text(members, object, "text"),
			.is_new = members_bool(members, object, "new"),
		};
	}
	members->list = NULL;
}

static void
read_warnings(struct comparison *out, struct members *members, const struct json_t *root)
{
	size_t count;
	const char **texts = members_texts(members, root, "warnings", &count);

	for (size_t i = 0; i < count; i++)
		comparison_warn(out, "%s", texts[i]);
}

/* What no writer can do without. */
static void
require(struct members *members, const struct json_t *root)
{
	static const char *const keys[] = {"base", "head", "go", "summary", "verdict", "findings"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!members_has(root, keys[i]))
			members_fail(members, "\"%s\" is missing", keys[i]);
}

void
json_read_comparison(struct document *out, struct members *members, const struct json_t *root)
{
	struct comparison *comparison = &out->comparison;

	require(members, root);
	comparison->title = members_text(members, root, "title");
	comparison->profile = members_text(members, root, "profile");
	comparison->module = members_text(members, root, "module");
	comparison->variants = members_texts(members, root, "variants", &comparison->variant_count);
	comparison->base_snapshot = &out->base;
	comparison->head_snapshot = &out->head;
	read_side(&comparison->base, &out->base, members, members_object(members, root, "base"));
	read_side(&comparison->head, &out->head, members, members_object(members, root, "head"));
	json_read_toolchain(&out->head, members, members_object(members, root, "go"));
	read_summary(&comparison->summary, members, members_object(members, root, "summary"));
	read_verdict(&comparison->verdict, members, members_object(members, root, "verdict"));
	read_findings(out, members, root);
	read_not_analysed(comparison, members, root);
	read_packages(out, members, root);
	read_causes(comparison, members, root);
	read_contracts(comparison, members, root);
	read_broken_contracts(comparison, members, root);
	read_warnings(comparison, members, root);
}

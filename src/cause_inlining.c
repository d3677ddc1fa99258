#include "src/cause_internal.h"

#include <limits.h>
#include <string.h>

/* The directive that forbids to inline it, where that was added. It is in the comment above. */
static bool
changed_directive(
	struct position *out, const struct search *search, const struct inlining *function)
{
	const struct position *at = &function->at;
	const struct source_file *file = source_file(search->comparison->source, false, at->file);

	if (function->can || !function->why_not || strncmp(function->why_not, "marked ", 7) != 0)
		return false;
	for (int line = at->line - 1; line > 0; line--) {
		struct str text = source_line(file, line);
		if (!str_starts(text, STR("//")))
			return false;
		if (str_starts(text, STR("//go:")) &&
			line_map_changed(search->map, at->file, line)) {
			*out = (struct position){at->file, line, 0};
			return true;
		}
	}
	return false;
}

/* The first changed line from there on that is more than a comment; a blank one, which may be in
 * place of another, where there is no other. Where lines were only taken out, the line behind them
 * says nothing about them. */
static int
changed_line(const struct search *search, const char *path, int from, int end)
{
	const struct source_file *file = source_file(search->comparison->source, false, path);
	int line = line_map_next_change(search->map, path, from), blank = 0;

	while (line && line < end && (size_t)line <= file->count &&
		line_map_changed(search->map, path, line) &&
		!cause_has_code(source_line(file, line))) {
		if (!blank && source_line(file, line).n == 0)
			blank = line;
		line = line_map_next_change(search->map, path, line + 1);
	}
	return line && line < end && (!blank || (size_t)line <= file->count) ? line : blank;
}

bool
cause_change_of(struct position *out, const struct search *search, const struct inlining *function)
{
	const char *file = function->at.file;
	int line;

	if (!file)
		return false;
	if (changed_directive(out, search, function))
		return true;
	line = changed_line(
		search, file, function->at.line, functions_end(&search->head, function));
	if (line == 0)
		return false;
	*out = (struct position){file, line, 0};
	return true;
}

/* A function that is inlined into another one, or was. */
struct part {
	const struct inlining *base, *head;
	int growth; /* of its cost; INT_MAX where it is not inlined any more */
	bool changed;
	struct position at; /* where it was changed */
};

static struct part
part_of(const struct search *search, const struct inlined_call *call)
{
	struct part part = {.base = functions_callee(&search->base, call)};

	if (part.base && part.base->can)
		part.head = functions_find(
			&search->head, part.base->package, part.base->function, part.base->name);
	if (!part.head)
		return part;
	part.growth = part.head->can ? part.head->cost - part.base->cost : INT_MAX;
	part.changed = cause_change_of(&part.at, search, part.head);
	return part;
}

/* The calls that were inlined into the function in the base. */
static void
calls_within(const struct search *search, const struct inlining *head,
	const struct inlined_call **first, const struct inlined_call **end)
{
	const struct snapshot *snapshot = search->comparison->base_snapshot;
	const struct inlining *base =
		head->declaration
			? functions_find(&search->base, head->package, head->function, head->name)
			: NULL;
	size_t count;

	*first = *end = snapshot->calls;
	if (!base || !base->at.file)
		return;
	int line = functions_end(&search->base, base);
	*first = *end = snapshot_calls_at(snapshot, &base->at, &count);
	while (*end < snapshot->calls + snapshot->call_count &&
		strcmp((*end)->at.file, base->at.file) == 0 && (*end)->at.line < line)
		++*end;
}

/* The part of a function that has grown most; without one there is no head. */
static struct part
grown_part(const struct search *search, const struct inlining *head)
{
	const struct inlined_call *call, *end;
	struct part most = {0};

	calls_within(search, head, &call, &end);
	for (; call < end; call++) {
		struct part part = part_of(search, call);
		if (part.growth > most.growth)
			most = part;
	}
	return most;
}

/* One of the functions of other modules that are inlined into it, where that module is another
 * version. */
static bool
is_module_part(struct cause *out, const struct search *search, const struct inlining *head)
{
	const struct inlined_call *call, *end;

	calls_within(search, head, &call, &end);
	for (; call < end; call++)
		if (!functions_callee(&search->base, call) &&
			cause_is_module_of(out, search, head->at.file, call->callee))
			return true;
	return false;
}

static const char *
describe_part(const struct part *part, struct arena *arena)
{
	if (!part->head->can)
		return arena_printf(arena, "%s, which was inlined into it, is not any more: %s",
			part->head->function, part->head->why_not);
	return arena_printf(arena, "%s, which is inlined into it, costs %d and did cost %d",
		part->head->function, part->head->cost, part->base->cost);
}

/* Which change keeps the function of the head from being inlined; followed into what is inlined
 * into it. */
static struct cause
why_lost(const struct search *search, const struct inlining *lost)
{
	struct arena *arena = &search->comparison->arena;
	struct cause cause = {CAUSE_INLINING, NULL, lost->at, lost->function};
	const struct inlining *function = lost;

	if (cause_change_of(&cause.at, search, lost)) {
		cause.text = arena_printf(arena,
			"%s was changed, and is too expensive or not allowed to be inlined now",
			lost->function);
		return cause;
	}
	for (int i = 0; i < CAUSE_MOST_STEPS; i++) {
		struct part part = grown_part(search, function);
		if (!part.head)
			break;
		function = part.head;
		cause.text = describe_part(&part, arena);
		cause.function = function->function;
		cause.at = part.changed ? part.at : function->at;
		if (part.changed)
			return cause;
	}
	if (is_module_part(&cause, search, function))
		return cause;
	if (!cause.text)
		cause.text = arena_printf(arena,
			"%s itself was not changed: what is inlined into it has grown, or the Go "
			"version or its settings were changed",
			lost->function);
	return cause;
}

/* Which change made the caller big; or the callee too expensive for one that is. */
static struct cause
why_lost_in_big(
	const struct search *search, const struct inlining *big, const struct inlining *lost)
{
	struct arena *arena = &search->comparison->arena;
	const struct inlining *callee =
		functions_find(&search->base, lost->package, lost->function, lost->name);
	struct cause cause;

	if (callee && callee->can && callee->cost <= INLINING_BIG_COST) {
		cause = why_lost(search, lost);
		cause.text = arena_printf(arena,
			"%s costs %d and did cost %d: into a big function such as %s only what "
			"costs up to %d is inlined",
			lost->function, lost->cost, callee->cost, big->name, INLINING_BIG_COST);
		return cause;
	}
	cause = (struct cause){CAUSE_INLINING, NULL, big->at, big->function};
	cause_change_of(&cause.at, search, big);
	cause.text = arena_printf(arena,
		"%s has become big (more than 5,000 nodes of the syntax tree): only what costs up "
		"to %d is inlined into it now",
		big->name, INLINING_BIG_COST);
	return cause;
}

struct cause
cause_of_lost(const struct search *search, const struct finding *finding)
{
	const struct lost_inlining *lost = finding->lost;

	return lost->big ? why_lost_in_big(search, lost->big, lost->function)
			 : why_lost(search, lost->function);
}

static bool
is_same_caller(const struct not_inlined *call, const struct escape *escape)
{
	return strcmp(call->caller, escape->function) == 0 &&
	       strcmp(call->package, escape->package) == 0;
}

/* A call that is no longer inlined, which the flow passes; or else one in the same function, before
 * a call that the flow passes: what that returns, such as a function or a value in an interface, is
 * not known any more, and so not what is called either. */
static const struct not_inlined *
find_not_inlined(const struct search *search, const struct escape *escape, bool *passed)
{
	const struct comparison *comparison = search->comparison;
	const struct not_inlined *before = NULL;

	for (size_t i = 0; i < escape->flow_count; i++) {
		const struct flow_step *step = &escape->flow[i];
		if (strcmp(step->via, "call parameter") != 0)
			continue;
		for (size_t j = 0; j < comparison->not_inlined_count; j++) {
			const struct not_inlined *call = &comparison->not_inlined[j];
			*passed = position_compare(&step->at, &call->at) == 0;
			if (*passed)
				return call;
			if (is_same_caller(call, escape) && call->at.line <= step->at.line &&
				(!before || call->at.line > before->at.line))
				before = call;
		}
	}
	*passed = false;
	return before;
}

bool
cause_is_not_inlined(struct cause *out, const struct search *search, const struct escape *escape)
{
	bool passed;
	const struct not_inlined *call = find_not_inlined(search, escape, &passed);

	if (!call)
		return false;
	*out = call->big ? why_lost_in_big(search, call->big, call->callee)
			 : why_lost(search, call->callee);
	out->text = arena_printf(&search->comparison->arena, "%s is no longer inlined%s: %s",
		call->callee->function,
		passed ? "" : ", and what is called afterwards is not known any more",
		call->big ? out->text : call->callee->why_not);
	return true;
}

#include "src/facts.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"

void
facts_add(struct facts *facts, struct str line)
{
	facts->lines =
		array_grow(facts->lines, &facts->capacity, facts->count + 1, sizeof *facts->lines);
	facts->lines[facts->count++] = arena_str(&facts->arena, line);
}

void
facts_release(struct facts *facts)
{
	free(facts->lines);
	arena_release(&facts->arena);
	*facts = (struct facts){0};
}

/* --- what was read */

static void
add_position(struct buf *line, const struct position *at, const char *file)
{
	if (at->file && strcmp(at->file, file) == 0)
		buf_printf(line, "%s:%d:%d: ", file, at->line, at->column);
	else
		buf_add(line, STR("-: "));
}

static void
add_flow(struct buf *line, const struct flow_step *flow, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(line, "%s%s", i ? ", " : "; ", flow[i].via);
	if (count)
		buf_printf(line, ", to %s", flow[count - 1].to);
}

/* Costs differ from version to version: each number becomes N. */
static void
add_without_numbers(struct buf *line, const char *text)
{
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			buf_add_char(line, *text);
		else if (!isdigit((unsigned char)text[1]))
			buf_add_char(line, 'N');
	}
}

static void
describe_escape(struct buf *line, const struct escape *escape)
{
	buf_printf(line, "%s %s in %s: %s, allocates %s", escape_kind_name(escape->kind),
		escape->expression, escape->function[0] ? escape->function : "no function",
		reason_text(escape->reason)->name, allocates_name(escape->allocates));
	if (escape->implied)
		buf_add(line, STR(", implied"));
	if (escape->inlined)
		buf_printf(line, ", inlined from %s", escape->inlined);
	add_flow(line, escape->flow, escape->flow_count);
}

static void
describe_leak(struct buf *line, const struct leak *leak)
{
	buf_printf(line, "parameter %s of %s leaks: %s", leak->parameter, leak->function,
		leak_kind_name(leak->kind));
	if (leak->result)
		buf_printf(line, " %s at level %d", leak->result, leak->level);
	add_flow(line, leak->flow, leak->flow_count);
}

static void
describe_inlining(struct buf *line, const struct inlining *inlining)
{
	buf_printf(line, "%s inline %s", inlining->can ? "can" : "cannot", inlining->name);
	if (inlining->why_not) {
		buf_add(line, STR(": "));
		add_without_numbers(line, inlining->why_not);
	}
	if (inlining->cost)
		buf_add(line, STR(", with a cost"));
	if (inlining->budget)
		buf_add(line, STR(" and a budget"));
	if (inlining->big)
		buf_add(line, STR(", is big"));
}

static void
describe_call(struct buf *line, const struct inlined_call *call)
{
	buf_printf(line, "inlining call to %s", call->callee);
}

#define ADD_ALL(facts, array, size, file, describe)                                                \
	for (size_t i = 0; i < (size); i++) {                                                      \
		CLEANUP(buf_release) struct buf line = {0};                                        \
		add_position(&line, &(array)[i].at, file);                                         \
		describe(&line, &(array)[i]);                                                      \
		facts_add(facts, buf_str(&line));                                                  \
	}

void
facts_read(struct facts *facts, const struct snapshot *snapshot, const char *file)
{
	ADD_ALL(facts, snapshot->escapes, snapshot->escape_count, file, describe_escape);
	ADD_ALL(facts, snapshot->leaks, snapshot->leak_count, file, describe_leak);
	ADD_ALL(facts, snapshot->inlinings, snapshot->inlining_count, file, describe_inlining);
	ADD_ALL(facts, snapshot->calls, snapshot->call_count, file, describe_call);
}

/* --- what is expected */

/* "1.22"; -1 when it is no version. */
static int
minor_of(struct str version)
{
	return str_starts(version, STR("1.")) ? str_int(str_from(version, 2)) : -1;
}

/* Whether "1.22", "1.22-", "-1.24" or "1.22-1.24" holds. */
static bool
holds(struct str versions, int minor)
{
	const char *dash = memchr(versions.p, '-', versions.n);

	if (!dash)
		return minor_of(versions) == minor;
	struct str first = {versions.p, (size_t)(dash - versions.p)};
	struct str last = str_from(versions, first.n + 1);
	return minor >= minor_of(first) && (last.n == 0 || minor <= minor_of(last));
}

/* The rest of a want comment, for that line of the file. */
static void
add_wanted(struct facts *facts, struct str rest, const char *file, int line, int minor)
{
	CLEANUP(buf_release) struct buf fact = {0};
	struct str word = {"", 0};

	str_next(&word, &rest, ' ');
	if (!str_ends(word, STR(":"))) {
		if (!holds(word, minor))
			return;
		str_next(&word, &rest, ' ');
	}
	if (!str_eq(word, STR("-:")))
		buf_printf(&fact, "%s:%d:", file, line);
	buf_printf(&fact, "%.*s %.*s", STR_ARG(word), STR_ARG(rest));
	facts_add(facts, buf_str(&fact));
}

void
facts_expected(struct facts *facts, const char *source, const char *file, int minor)
{
	struct str rest = str_of(source), line;
	int number = 0, of = 0;

	while (str_next(&line, &rest, '\n')) {
		number++;
		while (line.n && line.p[0] == '\t')
			line = str_from(line, 1);
		if (str_starts(line, STR("//want ")))
			add_wanted(facts, str_from(line, 7), file, of, minor ? minor : INT_MAX);
		else
			of = number;
	}
}

/* --- the difference */

/* Take the line out of the list; false where it is not in there. */
static bool
take(const char **lines, size_t count, const char *line)
{
	for (size_t i = 0; i < count; i++) {
		if (lines[i] && strcmp(lines[i], line) == 0) {
			lines[i] = NULL;
			return true;
		}
	}
	return false;
}

void
facts_compare(struct facts *missing, struct facts *surplus, const struct facts *expected,
	const struct facts *read)
{
	CLEANUP(arena_release) struct arena arena = {0};
	const char **left = arena_copy(&arena, read->lines, read->count, sizeof *read->lines);

	for (size_t i = 0; i < expected->count; i++)
		if (!take(left, read->count, expected->lines[i]))
			facts_add(missing, str_of(expected->lines[i]));
	for (size_t i = 0; i < read->count; i++)
		if (left[i])
			facts_add(surplus, str_of(left[i]));
}

#include "report/finding_text.h"

#include <string.h>

#include "report/terminal.h"
#include "src/base/arena.h"
#include "src/base/utf8.h"

void
rule_name(struct buf *out, enum reason reason)
{
	buf_add(out, STR("heap-escape-"));
	for (const char *c = reason_text(reason)->name; *c; c++)
		buf_add_char(out, *c == ' ' ? '-' : *c);
}

const char *
function_text(const struct escape *escape)
{
	return escape->function && escape->function[0] ? escape->function
						       : "package-level variables";
}

void
headline(struct buf *out, const struct comparison *comparison, const struct finding *finding)
{
	static const char *const words[] = {
		[FINDING_NEW] = "new heap escape",
		[FINDING_FIXED] = "heap escape fixed",
		[FINDING_MOVED] = "known heap escape, moved,",
		[FINDING_UNCHANGED] = "known heap escape",
		[FINDING_ACCEPTED] = "accepted heap escape",
	};

	if (finding->lost && finding->state == FINDING_NEW)
		buf_add(out, STR("calls allocate now: "));
	else
		buf_printf(out, "%s in ", words[finding->state]);
	buf_printf(out, "%s: %s", function_text(finding->escape), finding->escape->message);
	if (finding->lost && !finding->lost->big && finding->lost->base_cost)
		buf_printf(out, " (it was %d)", finding->lost->base_cost);
	if (finding->escape->allocates == ALLOCATES_NO)
		buf_add(out, STR(" (allocates nothing)"));
	if (!finding_is_partial(comparison, finding))
		return;
	buf_add(out, STR(" (only for "));
	holds_text(out, finding);
	buf_add_char(out, ')');
}

void
holds_text(struct buf *out, const struct finding *finding)
{
	for (size_t i = 0; i < finding->hold_count; i++)
		buf_printf(out, "%s%s", i ? ", " : "", finding->holds[i]);
}

void
cause_text(struct buf *out, const struct cause *cause)
{
	if (!cause->text)
		return;
	buf_add(out, str_of(cause->text));
	if (!cause->at.file || cause->kind == CAUSE_CHANGED_LINE)
		return;
	buf_add(out, STR(", at "));
	position_text(out, &cause->at);
}

void
not_analysed_text(struct buf *out, const struct not_analysed *entry)
{
	struct str line = {0};

	buf_printf(out, "%s was not analysed in the %s", entry->package, entry->side);
	if (entry->not_judged)
		buf_printf(out, " (%zu escape%s in the %s %s not judged)", entry->not_judged,
			entry->not_judged == 1 ? "" : "s", not_analysed_other_side(entry),
			entry->not_judged == 1 ? "is" : "are");
	for (struct str rest = str_of(entry->error); rest.n && str_next(&line, &rest, '\n');)
		if (line.n > 0 && line.p[0] != '#')
			break;
	if (line.n)
		buf_printf(out, ": %.*s", STR_ARG(line));
}

void
verdict_text(struct buf *out, const struct verdict *verdict)
{
	static const char *const words[] = {
		[VERDICT_PASS] = "pass",
		[VERDICT_FAIL] = "fail",
		[VERDICT_NONE] = "no verdict",
	};

	buf_add(out, str_of(words[verdict->status]));
	for (size_t i = 0; i < verdict->violation_count; i++)
		buf_printf(out, "%s%s", i ? "; " : ": ", verdict->violations[i]);
}

void
position_text(struct buf *out, const struct position *at)
{
	buf_add(out, str_of(at->file ? at->file : "(no position)"));
	if (at->file && at->line > 0)
		buf_printf(out, ":%d", at->line);
	if (at->file && at->line > 0 && at->column > 0)
		buf_printf(out, ":%d", at->column);
}

static const struct source_line *
line_near(const struct finding *finding, const struct position *at)
{
	const struct position *own = &finding->escape->at;

	if (!at->file || !own->file || strcmp(at->file, own->file) != 0)
		return NULL;
	for (size_t i = 0; i < finding->source_count; i++)
		if (finding->source[i].line == at->line)
			return &finding->source[i];
	return NULL;
}

const struct source_line *
finding_line(const struct finding *finding)
{
	return line_near(finding, &finding->escape->at);
}

/* How many UTF-16 units the first bytes of the line are. */
static int
units(struct str line, size_t bytes)
{
	struct str rest = {line.p, bytes < line.n ? bytes : line.n};
	int count = 0;

	while (rest.n)
		count += utf8_next(&rest) > 0xFFFF ? 2 : 1;
	return count;
}

bool
finding_columns(const struct finding *finding, int *start, int *end)
{
	const struct source_line *line = finding_line(finding);
	size_t from, to;

	if (!line || finding->escape->at.column < 1)
		return false;
	struct str text = str_of(line->text);
	terminal_span(text, finding->escape->at.column, &from, &to);
	*start = units(text, from) + 1;
	*end = units(text, to) + 1;
	return *end > *start;
}

int
column_near(const struct finding *finding, const struct position *at)
{
	const struct source_line *line = line_near(finding, at);

	return line && at->column > 0 ? units(str_of(line->text), (size_t)at->column - 1) + 1 : 0;
}

void
cut_text(struct buf *out, struct str text, size_t most)
{
	struct str rest = text;
	size_t kept = 0;

	if (text.n <= most) {
		buf_add(out, text);
		return;
	}
	while (rest.n) {
		utf8_next(&rest);
		if (text.n - rest.n > most)
			break;
		kept = text.n - rest.n;
	}
	buf_add(out, (struct str){text.p, kept});
	buf_add(out, STR("…"));
}

const struct finding **
findings_by_weight(const struct comparison *comparison, size_t *count)
{
	const struct finding **sorted = NULL;
	size_t capacity = 0, n = 0;

	for (int changed_line = 1; changed_line >= 0; changed_line--) {
		for (size_t i = 0; i < comparison->finding_count; i++) {
			const struct finding *finding = &comparison->findings[i];
			bool is_changed = finding->cause.kind == CAUSE_CHANGED_LINE;
			if (!finding_counts(finding) || is_changed != (changed_line == 1))
				continue;
			sorted = array_grow(sorted, &capacity, n + 1, sizeof *sorted);
			sorted[n++] = finding;
		}
	}
	*count = n;
	return sorted;
}

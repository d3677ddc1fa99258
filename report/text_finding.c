/* One finding as text: where, the source, how it gets to the heap, why, what to do. */
#include "report/finding_text.h"
#include "report/text.h"

static void
put_source(const struct text *text, const struct finding *finding, int width)
{
	const struct source_line *source = finding_line(finding);
	size_t from, to;

	text_gutter(text, width, 0, "|\n");
	if (!source)
		return;
	struct str line = str_of(source->text);
	text_gutter(text, width, source->line, "| ");
	terminal_text(text->out, line);
	putc('\n', text->out);
	if (finding->escape->at.column) {
		terminal_span(line, finding->escape->at.column, &from, &to);
		text_gutter(text, width, 0, "| ");
		terminal_indent(text->out, line, from);
		text_style(text, STYLE_BAD);
		for (size_t n = terminal_width(line, from, to); n > 0; n--)
			putc('^', text->out);
		text_style(text, STYLE_PLAIN);
		putc('\n', text->out);
	}
	text_gutter(text, width, 0, "|\n");
}

/* A note under a finding: "   = what: …". Returns with the cursor behind the label. */
static void
label(const struct text *text, int width, const char *name)
{
	text_gutter(text, width, 0, "= ");
	text_style(text, STYLE_STRONG);
	fprintf(text->out, "%s: ", name);
	text_style(text, STYLE_PLAIN);
}

static void
put_flow(const struct text *text, const struct escape *escape, int width)
{
	for (size_t i = 0; i < escape->flow_count; i++) {
		const struct flow_step *step = &escape->flow[i];
		if (i == 0)
			label(text, width, "flow");
		else
			fprintf(text->out, "%*s", width + 9, "");
		fprintf(text->out, "%zu. ", i + 1);
		text_put(text, step->from);
		fputs(" (", text->out);
		text_put(text, step->via);
		putc(')', text->out);
		if (step->at.file) {
			fputs("  at ", text->out);
			text_position(text, &step->at);
		}
		putc('\n', text->out);
	}
}

static void
put_advice(const struct text *text, const struct finding *finding, int width)
{
	const struct reason_text *reason = reason_text(finding->escape->reason);

	label(text, width, "what");
	fprintf(text->out, "%s\n", reason->what);
	if (finding->cause.text) {
		label(text, width, "cause");
		text_put(text, finding->cause.text);
		if (finding->cause.at.file && finding->cause.kind != CAUSE_CHANGED_LINE) {
			fputs("  at ", text->out);
			text_position(text, &finding->cause.at);
		}
		putc('\n', text->out);
	}
	if (reason->hints[0]) {
		label(text, width, "try");
		fprintf(text->out, "%s\n", reason->hints[0]);
	}
}

static void
put_lost(const struct text *text, const struct lost_inlining *lost, int width)
{
	for (size_t i = 0; lost && i < lost->allocation_count && i < 3; i++) {
		label(text, width, "at each call");
		text_put(text, lost->allocations[i]->message);
		fputs("  at ", text->out);
		text_position(text, &lost->allocations[i]->at);
		putc('\n', text->out);
	}
	if (lost && lost->allocation_count > 3) {
		label(text, width, "at each call");
		fprintf(text->out, "%zu more allocations\n", lost->allocation_count - 3);
	}
}

static void
put_copies(const struct text *text, const struct finding *finding, int width)
{
	const char *name = finding->lost ? "call" : "also";

	for (size_t i = 0; i < finding->copy_count && i < 3; i++) {
		label(text, width, name);
		fputs(finding->lost ? "in " : "inlined into ", text->out);
		text_put(text, finding->copies[i].function[0] ? finding->copies[i].function
							      : "package-level variables");
		fputs("  at ", text->out);
		text_position(text, &finding->copies[i].at);
		putc('\n', text->out);
	}
	if (finding->copy_count > 3) {
		label(text, width, name);
		fprintf(text->out, "%s %zu more places\n", finding->lost ? "at" : "inlined at",
			finding->copy_count - 3);
	}
}

/* Where that is not everywhere. */
static void
put_holds(const struct text *text, const struct finding *finding, int width)
{
	CLEANUP(buf_release) struct buf holds = {0};

	if (!finding_is_partial(text->comparison, finding))
		return;
	holds_text(&holds, finding);
	label(text, width, "only for");
	text_put(text, holds.p);
	putc('\n', text->out);
}

static void
put_share(const struct text *text, const struct finding *finding, int width)
{
	if (!text->comparison->profile)
		return;
	label(text, width, "profile");
	if (finding->share.is_known)
		fprintf(text->out, "%s of it passes through this function\n",
			share_text(finding->share.thousandths).text);
	else
		fputs("it does not have this function, nor has the base: it counts\n", text->out);
}

void
text_finding(const struct text *text, const struct finding *finding)
{
	const struct escape *escape = finding->escape;
	int width = snprintf(NULL, 0, "%d", escape->at.line);

	text_style(text, STYLE_BAD);
	fprintf(text->out, "error[%s]", reason_text(escape->reason)->name);
	text_style(text, STYLE_STRONG);
	fputs(finding->lost ? ": calls allocate now: " : ": new heap escape in ", text->out);
	text_put(text, function_text(escape));
	fputs(": ", text->out);
	text_put(text, escape->message);
	if (finding->lost && !finding->lost->big && finding->lost->base_cost)
		fprintf(text->out, " (it was %d)", finding->lost->base_cost);
	text_style(text, STYLE_PLAIN);
	putc('\n', text->out);
	fprintf(text->out, "%*s", width, "");
	text_styled(text, STYLE_PLACE, "--> ");
	text_position(text, &escape->at);
	putc('\n', text->out);
	put_source(text, finding, width);
	put_flow(text, escape, width);
	put_advice(text, finding, width);
	put_lost(text, finding->lost, width);
	put_copies(text, finding, width);
	put_holds(text, finding, width);
	if (finding->hot) {
		label(text, width, "hot");
		text_put(text, finding->hot);
		fputs(" names this function: nothing in it may be new\n", text->out);
	}
	put_share(text, finding, width);
	label(text, width, "id");
	fprintf(text->out, "%s\n", finding->id);
	label(text, width, "accept");
	fprintf(text->out,
		"//heapwarden:allow REASON, or heapwarden baseline write %s --reason …\n\n",
		finding->id);
}

#include "report/junit_site.h"

#include "report/finding_text.h"
#include "src/base/cleanup.h"

void
junit_write_position(struct xml *xml, const struct position *at)
{
	xml_textf(xml, "--> %s", at->file ? at->file : "(position not known)");
	if (at->file && at->line > 0)
		xml_textf(xml, ":%d", at->line);
	if (at->file && at->line > 0 && at->column > 0)
		xml_textf(xml, ":%d", at->column);
	xml_text(xml, "\n");
}

static void
write_source(struct xml *xml, const struct finding *finding)
{
	const struct source_line *line = finding_line(finding);

	if (!line)
		return;
	struct str text = str_of(line->text);
	if (str_ends(text, STR("\r")))
		text.n--;
	xml_textf(xml, "    %c %d | ", line->changed ? '+' : ' ', line->line);
	xml_text_str(xml, text);
	xml_text(xml, "\n");
}

static void
write_flow(struct xml *xml, const struct escape *escape)
{
	if (escape->flow_count == 0)
		return;
	xml_text(xml, "    how it gets to the heap:\n");
	for (size_t i = 0; i < escape->flow_count; i++) {
		const struct flow_step *step = &escape->flow[i];
		xml_textf(xml, "    %zu. %s receives %s", i + 1, step->to, step->from);
		if (step->via)
			xml_textf(xml, " (%s)", step->via);
		xml_text(xml, " ");
		junit_write_position(xml, &step->at);
	}
}

static void
write_reason(struct xml *xml, enum reason reason)
{
	const struct reason_text *text = reason_text(reason);

	xml_textf(xml, "    %s: %s\n", text->name, text->what);
	if (text->why)
		xml_textf(xml, "    why: %s\n", text->why);
	for (size_t i = 0; i < sizeof text->hints / sizeof *text->hints && text->hints[i]; i++)
		xml_textf(xml, "    try: %s\n", text->hints[i]);
}

static void
write_copies(struct xml *xml, const struct finding *finding)
{
	for (size_t i = 0; i < finding->copy_count; i++) {
		xml_textf(xml, "    %s %s ",
			finding->lost ? "allocates now at the call in"
				      : "also here, by inlining in",
			finding->copies[i].function);
		junit_write_position(xml, &finding->copies[i].at);
	}
}

static void
write_lost(struct xml *xml, const struct lost_inlining *lost)
{
	if (!lost)
		return;
	if (lost->base_cost > 0 && !lost->big)
		xml_textf(xml, "    it cost %d in the base\n", lost->base_cost);
	for (size_t i = 0; i < lost->allocation_count; i++) {
		xml_textf(xml, "    at each call: %s ", lost->allocations[i]->message);
		junit_write_position(xml, &lost->allocations[i]->at);
	}
}

static void
write_holds(struct xml *xml, const struct finding *finding)
{
	CLEANUP(buf_release) struct buf holds = {0};

	holds_text(&holds, finding);
	xml_textf(xml, "    only for: %s\n", holds.p);
}

void
junit_write_site(
	struct xml *xml, const struct comparison *comparison, const struct finding *finding)
{
	xml_text(xml, "\n");
	junit_write_position(xml, &finding->escape->at);
	xml_textf(xml, "    %s\n    id %s\n", finding->escape->message, finding->id);
	write_source(xml, finding);
	if (finding->accepted)
		xml_textf(xml, "    accepted: %s\n", finding->accepted->reason);
	if (finding->cause.text)
		xml_textf(xml, "    cause: %s\n", finding->cause.text);
	if (finding->cause.at.file && finding->cause.kind != CAUSE_CHANGED_LINE)
		junit_write_position(xml, &finding->cause.at);
	write_reason(xml, finding->escape->reason);
	write_flow(xml, finding->escape);
	write_lost(xml, finding->lost);
	write_copies(xml, finding);
	if (finding_is_partial(comparison, finding))
		write_holds(xml, finding);
}

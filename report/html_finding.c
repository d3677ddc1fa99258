#include "report/html.h"

/* ---- the excerpt of the source ---- */

/* How much of the line the expression takes from `at` on, when its text is `start` and, where the
 * compiler cut it ("&Entry{...}"), what follows up to the brace or parenthesis that closes it. */
static size_t
extent(struct str line, size_t at, struct str start, bool cut)
{
	size_t i = at + start.n;
	int depth = 1;

	if (!cut || (line.p[i - 1] != '{' && line.p[i - 1] != '('))
		return start.n;
	for (; i < line.n && depth > 0; i++) {
		depth += line.p[i] == '{' || line.p[i] == '(';
		depth -= line.p[i] == '}' || line.p[i] == ')';
	}
	return i - at;
}

/* The part of an expression, as the compiler prints it, that the source has to the letter. */
static struct str
literal_part(const char *expression, bool *cut)
{
	struct str text = str_of(expression);
	const char *dots = strstr(expression, "...");

	*cut = dots != NULL;
	if (str_eq(text, STR("func literal")))
		return STR("func");
	if (dots)
		text.n = (size_t)(dots - expression);
	return text;
}

/* Where the expression is in its line: the place nearest to the column that covers it. Go's columns
 * point at the start of most expressions, at the parenthesis of a call, and at the brace of a
 * literal. Nothing found gives an empty slice. */
static struct str
find_expression(struct str line, const struct escape *escape)
{
	bool cut;
	struct str part = literal_part(escape->expression, &cut);
	size_t column = escape->at.column > 0 ? (size_t)escape->at.column - 1 : line.n;

	if (part.n == 0 || column >= line.n)
		return (struct str){line.p, 0};
	for (size_t back = 0; back < part.n && back <= column; back++) {
		size_t at = column - back;
		if (str_starts(str_from(line, at), part))
			return (struct str){line.p + at, extent(line, at, part, cut)};
	}
	return (struct str){line.p, 0};
}

static void
write_code(struct xml *xml, struct str line, const struct escape *escape)
{
	struct str marked = escape ? find_expression(line, escape) : (struct str){line.p, 0};
	size_t before = (size_t)(marked.p - line.p);

	xml_text_str(xml, (struct str){line.p, before});
	if (marked.n > 0) {
		xml_open(xml, "mark");
		xml_text_str(xml, marked);
		xml_close(xml);
	}
	xml_text_str(xml, str_from(line, before + marked.n));
}

static void
write_line(struct xml *xml, const struct source_line *source, const struct escape *here, int width)
{
	struct str line = str_of(source->text);

	if (str_ends(line, STR("\r")))
		line.n--;
	xml_open(xml, "span");
	xml_attrf(xml, "class", "line%s%s", source->changed ? " changed" : "", here ? " here" : "");
	xml_open(xml, "i");
	xml_textf(xml, "%c%*d %c", here ? '>' : ' ', width, source->line,
		source->changed ? '+' : ' ');
	xml_close(xml);
	write_code(xml, line, here);
	xml_text(xml, "\n");
	xml_close(xml);
}

static void
write_excerpt(struct xml *xml, const struct finding *finding)
{
	const struct escape *escape = finding->escape;
	bool changed = false;

	if (finding->source_count == 0)
		return;
	int last = finding->source[finding->source_count - 1].line;
	int width = snprintf(NULL, 0, "%d", last);
	for (size_t i = 0; i < finding->source_count; i++)
		changed = changed || finding->source[i].changed;
	xml_open(xml, "figure");
	xml_open(xml, "figcaption");
	xml_textf(xml, "%s in the %s%s", escape->at.file ? escape->at.file : "Source",
		finding->state == FINDING_FIXED ? "base" : "head",
		changed ? "; + marks lines that were changed since the base" : "");
	xml_close(xml);
	xml_open(xml, "pre");
	xml_attr(xml, "tabindex", "0");
	xml_open(xml, "code");
	for (size_t i = 0; i < finding->source_count; i++) {
		const struct source_line *line = &finding->source[i];
		write_line(xml, line, line->line == escape->at.line ? escape : NULL, width);
	}
	xml_close(xml);
	xml_close(xml);
	xml_close(xml);
}

/* ---- what is said of it ---- */

static void
write_reason(struct xml *xml, const struct escape *escape)
{
	const struct reason_text *text = reason_text(escape->reason);

	xml_open(xml, "p");
	xml_text(xml, text->what);
	if (text->why)
		xml_textf(xml, " %s", text->why);
	xml_close(xml);
	if (escape->allocates == ALLOCATES_NO)
		xml_element(xml, "p", NULL, "It allocates nothing when the program runs.");
	if (escape->allocates == ALLOCATES_MAYBE)
		xml_element(xml, "p", NULL,
			"What the compiler prints does not tell whether this allocates on every "
			"run.");
	if (escape->implied)
		xml_element(xml, "p", NULL,
			"The compiler prints no summary line for this allocation; it follows from "
			"its other messages.");
	xml_open(xml, "p");
	xml_text(xml, "The compiler says: ");
	xml_element(xml, "code", NULL, escape->message);
	xml_close(xml);
}

static void
write_step(struct xml *xml, const struct flow_step *step)
{
	xml_open(xml, "li");
	xml_element(xml, "code", NULL, step->to);
	xml_text(xml, " receives ");
	xml_element(xml, "code", NULL, step->from);
	if (step->via)
		xml_textf(xml, " (%s)", step->via);
	if (step->at.file) {
		xml_text(xml, " at ");
		html_position(xml, &step->at);
	}
	xml_close(xml);
}

static void
write_flow(struct xml *xml, const struct escape *escape)
{
	if (escape->flow_count == 0)
		return;
	xml_element(xml, "h4", NULL, "How it gets to the heap");
	xml_open(xml, "ol");
	xml_attr(xml, "class", "flow");
	for (size_t i = 0; i < escape->flow_count; i++)
		write_step(xml, &escape->flow[i]);
	xml_close(xml);
}

static void
write_hints(struct xml *xml, enum reason reason)
{
	const struct reason_text *text = reason_text(reason);

	if (!text->hints[0])
		return;
	xml_element(xml, "h4", NULL, "What to try");
	xml_open(xml, "ul");
	for (size_t i = 0; i < sizeof text->hints / sizeof *text->hints && text->hints[i]; i++)
		xml_element(xml, "li", NULL, text->hints[i]);
	xml_close(xml);
}

static void
write_copies(struct xml *xml, const struct finding *finding)
{
	if (finding->copy_count == 0)
		return;
	xml_element(xml, "h4", NULL,
		finding->lost ? "Calls that allocate now" : "Also here, by inlining");
	xml_open(xml, "ul");
	for (size_t i = 0; i < finding->copy_count; i++) {
		xml_open(xml, "li");
		xml_element(xml, "code", NULL, html_function(finding->copies[i].function));
		xml_text(xml, " at ");
		html_position(xml, &finding->copies[i].at);
		xml_close(xml);
	}
	xml_close(xml);
}

static void
write_lost(struct xml *xml, const struct lost_inlining *lost)
{
	if (!lost)
		return;
	if (lost->base_cost > 0 && !lost->big) {
		xml_open(xml, "p");
		xml_textf(xml, "In the base it cost %d.", lost->base_cost);
		xml_close(xml);
	}
	xml_element(xml, "h4", NULL, "What it allocates at each call");
	xml_open(xml, "ul");
	for (size_t i = 0; i < lost->allocation_count; i++) {
		xml_open(xml, "li");
		xml_element(xml, "code", NULL, lost->allocations[i]->message);
		xml_text(xml, " at ");
		html_position(xml, &lost->allocations[i]->at);
		xml_close(xml);
	}
	xml_close(xml);
}

static void
write_cause(struct xml *xml, const struct cause *cause)
{
	if (!cause->text)
		return;
	xml_open(xml, "p");
	xml_element(xml, "strong", NULL, "Cause:");
	xml_textf(xml, " %s", cause->text);
	if (cause->at.file) {
		xml_text(xml, ", ");
		html_position(xml, &cause->at);
	} else {
		xml_text(xml, ".");
	}
	xml_close(xml);
}

static void
write_accepted(struct xml *xml, const struct acceptance *accepted)
{
	struct position at;

	if (!accepted)
		return;
	at = (struct position){accepted->file, accepted->line, 0};
	xml_open(xml, "p");
	xml_element(xml, "strong", NULL, "Accepted:");
	xml_textf(xml, " %s", accepted->reason);
	if (accepted->author)
		xml_textf(xml, " (%s)", accepted->author);
	if (accepted->expires)
		xml_textf(xml, ", up to %s", accepted->expires);
	xml_text(xml, ", ");
	html_position(xml, &at);
	xml_close(xml);
}

static const char *
tag_text(const struct finding *finding)
{
	switch (finding->state) {
	case FINDING_NEW:
		return finding_counts(finding) ? "New"
		       : finding->not_counted  ? "Not counted"
					       : "No allocation";
	case FINDING_FIXED:
		return "Fixed";
	case FINDING_MOVED:
		return "Moved";
	case FINDING_ACCEPTED:
		return "Accepted";
	case FINDING_UNCHANGED:
	case FINDING_STATE_COUNT:
		break;
	}
	return "Unchanged";
}

static void
write_summary(struct xml *xml, const struct finding *finding)
{
	const struct escape *escape = finding->escape;
	struct position at = escape->at;

	xml_open(xml, "summary");
	xml_open(xml, "span");
	xml_attrf(xml, "class", "tag %s",
		finding_counts(finding)           ? "new"
		: finding->state == FINDING_FIXED ? "fixed"
						  : "other");
	xml_text(xml, tag_text(finding));
	xml_close(xml);
	xml_text(xml, " ");
	xml_element(xml, "code", "function", html_function(escape->function));
	xml_text(xml, " ");
	xml_element(xml, "code", NULL, escape->expression);
	xml_text(xml, " ");
	xml_element(xml, "span", "reason", reason_text(escape->reason)->name);
	xml_text(xml, " ");
	at.column = 0;
	html_position(xml, &at);
	xml_close(xml);
}

/* What the policy says of it. */
static void
write_policy(struct xml *xml, const struct finding *finding)
{
	if (finding->not_counted) {
		xml_open(xml, "p");
		xml_text(xml, "It does not count: ");
		xml_text(xml, finding->not_counted);
		xml_text(xml, ".");
		xml_close(xml);
	}
	if (finding->hot) {
		xml_open(xml, "p");
		xml_text(xml, "It is in hot code, in which nothing may be new: ");
		xml_element(xml, "code", NULL, finding->hot);
		xml_close(xml);
	}
	if (finding->share.is_known) {
		xml_open(xml, "p");
		xml_textf(xml, "%s of the profile passes through this function.",
			share_text(finding->share.thousandths).text);
		xml_close(xml);
	}
}

static void
write_holds(struct xml *xml, const struct finding *finding)
{
	xml_open(xml, "p");
	xml_element(xml, "strong", NULL, "Only for:");
	for (size_t i = 0; i < finding->hold_count; i++) {
		xml_text(xml, i ? ", " : " ");
		xml_element(xml, "code", NULL, finding->holds[i]);
	}
	xml_close(xml);
}

void
html_finding(struct xml *xml, const struct comparison *comparison, const struct finding *finding,
	bool open)
{
	xml_open(xml, "details");
	xml_attr(xml, "class", "finding");
	xml_attrf(xml, "id", "e-%s", finding->id);
	if (open)
		xml_attr(xml, "open", "open");
	write_summary(xml, finding);
	write_policy(xml, finding);
	write_accepted(xml, finding->accepted);
	if (finding_is_partial(comparison, finding))
		write_holds(xml, finding);
	write_cause(xml, &finding->cause);
	write_reason(xml, finding->escape);
	write_excerpt(xml, finding);
	write_flow(xml, finding->escape);
	if (finding_counts(finding))
		write_hints(xml, finding->escape->reason);
	write_lost(xml, finding->lost);
	write_copies(xml, finding);
	xml_open(xml, "p");
	xml_attr(xml, "class", "meta");
	xml_text(xml, "ID ");
	xml_element(xml, "code", NULL, finding->id);
	xml_close(xml);
	xml_close(xml);
}

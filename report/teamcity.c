/* Service messages of TeamCity (jetbrains.com/help/teamcity/service-messages.html): inspections, a
 * build problem where the verdict is not "pass", numbers for its charts. */
#include "report/finding_text.h"
#include "report/report.h"
#include "report/terminal.h"
#include "src/base/cleanup.h"
#include "src/base/utf8.h"

/* What TeamCity takes: messages and paths 4,000 characters, the identity of a problem 60. */
#define LONGEST_VALUE 3900

static void
add_unit(struct buf *out, unsigned unit)
{
	buf_printf(out, "|0x%04X", unit);
}

/* The value of an attribute. The gate has left no line ends; what is not ASCII is written in UTF-16
 * units, whatever encoding the agent reads. */
static void
add_value(struct buf *out, struct str outside)
{
	CLEANUP(buf_release) struct buf safe = {0}, cut = {0};

	terminal_add(&safe, outside);
	cut_text(&cut, buf_str(&safe), LONGEST_VALUE);
	for (struct str rest = buf_str(&cut); rest.n;) {
		int32_t point = utf8_next(&rest);
		unsigned value = (unsigned)point;
		if (point < 0x80 && point > 0) {
			if (memchr("|'[]", point, 4))
				buf_add_char(out, '|');
			buf_add_char(out, (char)point);
		} else if (point > 0xFFFF) {
			add_unit(out, 0xD7C0 + (value >> 10));
			add_unit(out, 0xDC00 + (value & 0x3FF));
		} else {
			add_unit(out, value);
		}
	}
}

static void
begin(struct buf *message, const char *name)
{
	buf_printf(message, "##teamcity[%s", name);
}

static void
attribute(struct buf *message, const char *name, struct str outside)
{
	buf_printf(message, " %s='", name);
	add_value(message, outside);
	buf_add_char(message, '\'');
}

static void
end(struct buf *message, FILE *out)
{
	buf_add(message, STR("]\n"));
	fwrite(message->p, 1, message->n, out);
	buf_clear(message);
}

/* An inspection's kind is told before the first of them. */
static void
put_rule(FILE *out, enum reason reason)
{
	CLEANUP(buf_release) struct buf message = {0}, name = {0};

	rule_name(&name, reason);
	begin(&message, "inspectionType");
	buf_printf(&message, " id='%s'", name.p);
	buf_printf(&message, " name='Heap escape: %s'", reason_text(reason)->name);
	attribute(&message, "description", str_of(reason_text(reason)->what));
	attribute(&message, "category", STR("Heap escapes"));
	end(&message, out);
}

static void
put_finding(FILE *out, const struct comparison *comparison, const struct finding *finding)
{
	CLEANUP(buf_release) struct buf message = {0}, text = {0}, name = {0};
	const struct escape *escape = finding->escape;

	rule_name(&name, escape->reason);
	headline(&text, comparison, finding);
	begin(&message, "inspection");
	buf_printf(&message, " typeId='%s'", name.p);
	attribute(&message, "message", buf_str(&text));
	attribute(&message, "file", str_of(escape->at.file ? escape->at.file : "(no position)"));
	if (escape->at.line)
		buf_printf(&message, " line='%d'", escape->at.line);
	attribute(&message, "SEVERITY", STR("ERROR"));
	end(&message, out);
}

static void
put_number(FILE *out, const char *key, size_t number)
{
	fprintf(out, "##teamcity[buildStatisticValue key='%s' value='%zu']\n", key, number);
}

static void
put_problem(FILE *out, const char *identity, const struct buf *description)
{
	CLEANUP(buf_release) struct buf message = {0};

	begin(&message, "buildProblem");
	attribute(&message, "description", buf_str(description));
	attribute(&message, "identity", str_of(identity));
	end(&message, out);
}

static void
put_verdict(FILE *out, const struct comparison *comparison)
{
	CLEANUP(buf_release) struct buf text = {0};

	if (comparison->verdict.status == VERDICT_PASS)
		return;
	buf_add(&text, STR("heapwarden: "));
	verdict_text(&text, &comparison->verdict);
	put_problem(out, "heapwarden-verdict", &text);
}

/* A line of the log that stands out: what is missing is no inspection of a file. */
static void
put_not_analysed(FILE *out, const struct not_analysed *entry)
{
	CLEANUP(buf_release) struct buf message = {0}, text = {0};

	not_analysed_text(&text, entry);
	begin(&message, "message");
	attribute(&message, "text", buf_str(&text));
	attribute(&message, "status", STR("ERROR"));
	end(&message, out);
}

static void
put_findings(FILE *out, const struct comparison *comparison)
{
	bool told[REASON_COUNT] = {false};

	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		enum reason reason = finding->escape->reason;
		if (!finding_counts(finding))
			continue;
		if (!told[reason])
			put_rule(out, reason);
		told[reason] = true;
		put_finding(out, comparison, finding);
	}
}

static int
teamcity_comparison(const struct comparison *comparison, const struct report_options *options,
	FILE *out, struct err *err)
{
	const struct summary *summary = &comparison->summary;

	(void)options;
	(void)err;
	put_findings(out, comparison);
	for (size_t i = 0; i < comparison->not_analysed_count; i++)
		put_not_analysed(out, &comparison->not_analysed[i]);
	put_number(out, "heapEscapes", summary->head_total);
	put_number(out, "heapEscapesNew", summary->new);
	put_number(out, "heapEscapesFixed", summary->fixed);
	put_number(out, "heapLostInlining", summary->lost_inlining);
	put_verdict(out, comparison);
	return 0;
}

const struct writer teamcity_writer = {
	.name = "teamcity",
	.description = "service messages of TeamCity, for a build's log",
	.comparison = teamcity_comparison,
};

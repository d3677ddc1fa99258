/* Workflow commands of GitHub Actions: annotations of a pull request's lines, without any right or
 * token (actions/toolkit, packages/core/src/command.ts). */
#include <stdlib.h>

#include "report/finding_text.h"
#include "report/report.h"
#include "report/terminal.h"
#include "src/base/cleanup.h"

/* GitHub shows ten of a level for a step (actions/toolkit, docs/problem-matchers.md). */
#define MOST_ANNOTATIONS 10
#define LONGEST_TEXT 4000

/* Outside text in a command: past the gate no line end is left to end it with. */
static void
add_escaped(struct buf *out, struct str outside, bool property)
{
	CLEANUP(buf_release) struct buf safe = {0}, cut = {0};

	terminal_add(&safe, outside);
	cut_text(&cut, buf_str(&safe), LONGEST_TEXT);
	for (size_t i = 0; i < cut.n; i++) {
		unsigned char c = (unsigned char)cut.p[i];
		if (c == '%' || (property && (c == ':' || c == ',')))
			buf_printf(out, "%%%02X", c);
		else
			buf_add_char(out, (char)c);
	}
}

static void
add_line(struct buf *out, const char *label, struct str outside)
{
	if (outside.n == 0)
		return;
	buf_printf(out, "%%0A%s: ", label);
	add_escaped(out, outside, false);
}

static void
add_columns(struct buf *out, const struct finding *finding)
{
	int start, end;

	if (finding_columns(finding, &start, &end))
		buf_printf(out, ",col=%d,endColumn=%d", start, end);
}

static void
put_finding(FILE *out, const struct comparison *comparison, const struct finding *finding)
{
	CLEANUP(buf_release) struct buf command = {0}, text = {0}, cause = {0};
	const struct escape *escape = finding->escape;
	const struct reason_text *reason = reason_text(escape->reason);

	headline(&text, comparison, finding);
	cause_text(&cause, &finding->cause);
	buf_printf(&command, "::error title=heapwarden%%3A %s", reason->name);
	if (escape->at.file) {
		buf_add(&command, STR(",file="));
		add_escaped(&command, str_of(escape->at.file), true);
	}
	if (escape->at.file && escape->at.line) {
		buf_printf(&command, ",line=%d", escape->at.line);
		add_columns(&command, finding);
	}
	buf_add(&command, STR("::"));
	add_escaped(&command, buf_str(&text), false);
	add_line(&command, "what", str_of(reason->what));
	add_line(&command, "cause", buf_str(&cause));
	add_line(&command, "try", str_of(reason->hints[0]));
	add_line(&command, "id", str_of(finding->id));
	fprintf(out, "%s\n", command.p);
}

static void
put_plain(FILE *out, const char *level, struct str outside)
{
	CLEANUP(buf_release) struct buf command = {0};

	buf_printf(&command, "::%s title=heapwarden::", level);
	add_escaped(&command, outside, false);
	fprintf(out, "%s\n", command.p);
}

static void
put_more(FILE *out, const char *level, size_t more)
{
	CLEANUP(buf_release) struct buf text = {0};

	buf_printf(&text,
		"and %zu more, which GitHub would not show here: they are in the other reports of "
		"this run, such as github-summary",
		more);
	put_plain(out, level, buf_str(&text));
}

/* How many of so many are shown: all, or as many as leave room for the one that tells of the
 * rest. */
static size_t
shown_of(size_t count)
{
	return count <= MOST_ANNOTATIONS ? count : MOST_ANNOTATIONS - 1;
}

/* What is not about a line comes first: without it the rest is misread. */
static bool
needs_verdict(const struct comparison *comparison, size_t findings)
{
	enum verdict_status status = comparison->verdict.status;

	return status == VERDICT_NONE || (status == VERDICT_FAIL && findings == 0);
}

static void
put_errors(FILE *out, const struct comparison *comparison)
{
	size_t count, shown = 0;
	CLEANUP(free_ptr) const struct finding **findings = findings_by_weight(comparison, &count);
	size_t verdicts = needs_verdict(comparison, count);
	size_t total = verdicts + comparison->not_analysed_count + count;
	size_t most = shown_of(total);

	if (verdicts) {
		CLEANUP(buf_release) struct buf text = {0};
		verdict_text(&text, &comparison->verdict);
		put_plain(out, "error", buf_str(&text));
		shown++;
	}
	for (size_t i = 0; i < comparison->not_analysed_count && shown < most; i++, shown++) {
		CLEANUP(buf_release) struct buf text = {0};
		not_analysed_text(&text, &comparison->not_analysed[i]);
		put_plain(out, "error", buf_str(&text));
	}
	for (size_t i = 0; i < count && shown < most; i++, shown++)
		put_finding(out, comparison, findings[i]);
	if (shown < total)
		put_more(out, "error", total - shown);
}

static int
github_comparison(const struct comparison *comparison, const struct report_options *options,
	FILE *out, struct err *err)
{
	size_t warnings = shown_of(comparison->warning_count);

	(void)options;
	(void)err;
	put_errors(out, comparison);
	for (size_t i = 0; i < warnings; i++)
		put_plain(out, "warning", str_of(comparison->warnings[i]));
	if (warnings < comparison->warning_count)
		put_more(out, "warning", comparison->warning_count - warnings);
	return 0;
}

const struct writer github_writer = {
	.name = "github",
	.description = "annotations of GitHub Actions, for a step's log",
	.comparison = github_comparison,
};

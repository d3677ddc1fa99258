/* One line a finding, for editors and for tools that read compilers: "./a.go:3:1: text". The only
 * format of which a line begins with a position. */
#include "report/finding_text.h"
#include "report/report.h"
#include "report/terminal.h"
#include "src/base/cleanup.h"

static void
put_line(FILE *out, const struct buf *outside)
{
	terminal_text(out, buf_str(outside));
	putc('\n', out);
}

static void
put_finding(FILE *out, const struct comparison *comparison, const struct finding *finding)
{
	CLEANUP(buf_release) struct buf line = {0};

	/* With "./" no log matcher takes a part of the path for the whole. */
	if (finding->escape->at.file)
		buf_add(&line, STR("./"));
	position_text(&line, &finding->escape->at);
	buf_add(&line, STR(": "));
	headline(&line, comparison, finding);
	buf_add(&line, STR(" ["));
	rule_name(&line, finding->escape->reason);
	buf_add(&line, STR("]"));
	put_line(out, &line);
}

static int
concise_comparison(const struct comparison *comparison, const struct report_options *options,
	FILE *out, struct err *err)
{
	(void)err;
	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		bool in_head = finding->state != FINDING_FIXED;
		if (finding_counts(finding) || (options->all && in_head))
			put_finding(out, comparison, finding);
	}
	for (size_t i = 0; i < comparison->not_analysed_count; i++) {
		CLEANUP(buf_release) struct buf line = {0};
		not_analysed_text(&line, &comparison->not_analysed[i]);
		put_line(out, &line);
	}
	if (comparison->verdict.status == VERDICT_NONE) {
		CLEANUP(buf_release) struct buf line = {0};
		verdict_text(&line, &comparison->verdict);
		put_line(out, &line);
	}
	return 0;
}

const struct writer concise_writer = {
	.name = "concise",
	.description = "a line per new escape, for editors",
	.comparison = concise_comparison,
};

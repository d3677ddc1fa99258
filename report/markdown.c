/* Markdown as GitHub and GitLab show it: a comment for a pull request, and the summary of a step.
 */
#include <stdlib.h>

#include "report/finding_text.h"
#include "report/markdown_text.h"
#include "report/report.h"
#include "report/tally.h"
#include "src/base/cleanup.h"

/* What differs between the two documents. */
struct form {
	const char *marker; /* by which the comment of the last run is found again; "" none */
	size_t most_bytes;  /* what the reader takes: GitHub 65,536 characters for a comment, 1 MiB
			       for all of a step's summary, which is left some room */
	size_t most_details;
};

/* Room that is kept for saying what was left out. */
#define RESERVE 2000

/* Of go's words about one package. */
#define LONGEST_ERROR 4000

struct page {
	const struct form *form;
	const struct comparison *comparison;
	struct buf text;
};

static void
page_release(struct page *page)
{
	buf_release(&page->text);
}

/* Takes the part in where there is room for it. */
static bool
add_part(struct page *page, const struct buf *part)
{
	if (page->text.n + part->n + RESERVE > page->form->most_bytes)
		return false;
	buf_add(&page->text, buf_str(part));
	return true;
}

/* ---- the head of the page ---- */

static void
add_revision(struct buf *out, const struct revision *revision)
{
	const char *commit = revision->commit ? revision->commit : revision->tree;

	markdown_code(out, str_of(revision->name));
	if (!revision->worktree && commit && strncmp(commit, revision->name, 7) != 0)
		buf_printf(out, " (%.10s)", commit);
}

static void
add_verdict(struct page *page)
{
	static const char *const words[] = {
		[VERDICT_PASS] = "✅ **Pass:** no new heap escapes",
		[VERDICT_FAIL] = "❌ **Fail**",
		[VERDICT_NONE] = "⚠️ **No verdict**",
	};
	const struct verdict *verdict = &page->comparison->verdict;
	struct buf *out = &page->text;

	buf_printf(out, "%s### Heap escapes\n\n%s", page->form->marker, words[verdict->status]);
	for (size_t i = 0; i < verdict->violation_count && i < 5; i++) {
		buf_add(out, i ? STR("; ") : STR(": "));
		markdown_words(out, str_of(verdict->violations[i]));
	}
	buf_add(out, STR("\n\n"));
}

static void
add_numbers(struct page *page)
{
	const struct summary *summary = &page->comparison->summary;

	buf_add(&page->text, STR("| new | no longer inlined | fixed | accepted | known | packages "
				 "| not analysed |\n|--:|--:|--:|--:|--:|--:|--:|\n"));
	buf_printf(&page->text, "| %zu | %zu | %zu | %zu | %zu | %zu | %zu |\n\n", summary->new,
		summary->lost_inlining, summary->fixed, summary->accepted,
		summary->unchanged + summary->moved, summary->packages, summary->packages_failed);
}

static void
add_compared(struct page *page)
{
	const struct comparison *comparison = page->comparison;
	struct buf *out = &page->text;

	buf_add(out, STR("Base "));
	add_revision(out, &comparison->base.revision);
	buf_add(out, STR(", head "));
	add_revision(out, &comparison->head.revision);
	buf_add(out, STR(", "));
	markdown_code(out, str_of(comparison->head_snapshot->go_version));
	buf_add_char(out, ' ');
	markdown_code(out, str_of(comparison->head_snapshot->target));
	buf_add(out, STR(".\n\n"));
}

/* ---- a finding ---- */

static void
add_position(struct buf *out, const struct position *at)
{
	CLEANUP(buf_release) struct buf text = {0};

	position_text(&text, at);
	markdown_code(out, buf_str(&text));
}

static void
add_summary_line(struct buf *out, const struct finding *finding)
{
	CLEANUP(buf_release) struct buf at = {0};

	position_text(&at, &finding->escape->at);
	buf_add(out, STR("<details><summary>"));
	markdown_html_code(out, buf_str(&at));
	buf_add(out, STR(" "));
	markdown_html_code(out, str_of(function_text(finding->escape)));
	buf_add(out, finding->lost ? STR(": calls allocate now: ") : STR(": "));
	markdown_html_code(out, str_of(finding->escape->message));
	buf_printf(out, " (%s)</summary>\n\n", reason_text(finding->escape->reason)->name);
}

static void
add_source(struct buf *out, const struct finding *finding)
{
	CLEANUP(buf_release) struct buf lines = {0};

	for (size_t i = 0; i < finding->source_count; i++) {
		const struct source_line *line = &finding->source[i];
		bool here = line->line == finding->escape->at.line;
		buf_printf(&lines, "%c%c%5d  %s\n", here ? '>' : ' ', line->changed ? '+' : ' ',
			line->line, line->text);
	}
	if (lines.n)
		markdown_block(out, buf_str(&lines), "", 0);
	buf_add_char(out, '\n');
}

static void
add_flow(struct buf *out, const struct escape *escape)
{
	for (size_t i = 0; i < escape->flow_count; i++) {
		const struct flow_step *step = &escape->flow[i];
		buf_printf(out, "%zu. ", i + 1);
		markdown_code(out, str_of(step->from));
		if (step->via) {
			buf_add(out, STR(" ("));
			markdown_words(out, str_of(step->via));
			buf_add(out, STR(")"));
		}
		if (step->at.file) {
			buf_add(out, STR(", "));
			add_position(out, &step->at);
		}
		buf_add_char(out, '\n');
	}
	if (escape->flow_count)
		buf_add_char(out, '\n');
}

static void
add_copies(struct buf *out, const struct finding *finding)
{
	const char *words =
		finding->lost ? "Allocates now at the call in " : "Also here, by inlining, in ";

	for (size_t i = 0; i < finding->copy_count && i < 10; i++) {
		const struct copy *copy = &finding->copies[i];
		buf_printf(out, "- %s", words);
		markdown_code(out, str_of(copy->function));
		buf_add(out, STR(", "));
		add_position(out, &copy->at);
		buf_add_char(out, '\n');
	}
	if (finding->copy_count > 10)
		buf_printf(out, "- and at %zu more places\n", finding->copy_count - 10);
	if (finding->copy_count)
		buf_add_char(out, '\n');
}

static void
add_holds(struct buf *out, const struct finding *finding)
{
	buf_add(out, STR("\\\n**Only for:** "));
	for (size_t i = 0; i < finding->hold_count; i++) {
		buf_add(out, i ? STR(", ") : STR(""));
		markdown_code(out, str_of(finding->holds[i]));
	}
}

static void
add_advice(struct buf *out, const struct comparison *comparison, const struct finding *finding)
{
	const struct reason_text *reason = reason_text(finding->escape->reason);
	CLEANUP(buf_release) struct buf cause = {0};

	buf_add(out, STR("**What:** "));
	markdown_words(out, str_of(reason->what));
	cause_text(&cause, &finding->cause);
	if (cause.n) {
		buf_add(out, STR("\\\n**Cause:** "));
		markdown_words(out, buf_str(&cause));
	}
	if (reason->hints[0]) {
		buf_add(out, STR("\\\n**Try:** "));
		markdown_words(out, str_of(reason->hints[0]));
	}
	if (finding_is_partial(comparison, finding))
		add_holds(out, finding);
	buf_printf(out, "\\\n**Id:** `%s`\n\n", finding->id);
}

static void
add_finding(struct buf *out, const struct comparison *comparison, const struct finding *finding)
{
	add_summary_line(out, finding);
	add_source(out, finding);
	add_flow(out, finding->escape);
	add_advice(out, comparison, finding);
	add_copies(out, finding);
	buf_add(out, STR("</details>\n\n"));
}

/* ---- the parts of the page ---- */

static void
add_findings(struct page *page)
{
	size_t count, shown = 0;
	CLEANUP(free_ptr)
	const struct finding **findings = findings_by_weight(page->comparison, &count);

	for (; shown < count && shown < page->form->most_details; shown++) {
		CLEANUP(buf_release) struct buf part = {0};
		add_finding(&part, page->comparison, findings[shown]);
		if (!add_part(page, &part))
			break;
	}
	if (shown < count)
		buf_printf(&page->text,
			"**%zu more** of the %zu new ones are not shown here, because the page "
			"would be too long: the other reports of this run have them all.\n\n",
			count - shown, count);
}

static void
add_not_analysed(struct page *page)
{
	const struct comparison *comparison = page->comparison;
	size_t shown = 0;

	for (; shown < comparison->not_analysed_count && shown < page->form->most_details;
		shown++) {
		const struct not_analysed *entry = &comparison->not_analysed[shown];
		CLEANUP(buf_release) struct buf part = {0}, error = {0};
		cut_text(&error, str_of(entry->error), LONGEST_ERROR);
		buf_add(&part, STR("<details><summary>Not analysed in the "));
		buf_printf(&part, "%s: ", entry->side);
		markdown_html_code(&part, str_of(entry->package));
		buf_add(&part, STR("</summary>\n\n"));
		markdown_block(&part, buf_str(&error), "", 0);
		buf_add(&part, STR("\n</details>\n\n"));
		if (!add_part(page, &part))
			break;
	}
	if (shown < comparison->not_analysed_count)
		buf_printf(&page->text,
			"**%zu more** packages were not analysed and are not shown here.\n\n",
			comparison->not_analysed_count - shown);
}

static void
add_warnings(struct page *page)
{
	for (size_t i = 0; i < page->comparison->warning_count; i++) {
		CLEANUP(buf_release) struct buf part = {0};
		buf_add(&part, STR("**Warning:** "));
		markdown_words(&part, str_of(page->comparison->warnings[i]));
		buf_add(&part, STR("\n\n"));
		if (!add_part(page, &part))
			break;
	}
}

static void
add_fixed(struct page *page)
{
	const struct comparison *comparison = page->comparison;
	CLEANUP(buf_release) struct buf part = {0};
	size_t shown = 0;

	if (comparison->summary.fixed == 0)
		return;
	buf_printf(&part, "<details><summary>Fixed: %zu</summary>\n\n", comparison->summary.fixed);
	for (size_t i = 0; i < comparison->finding_count && shown < 20; i++) {
		const struct finding *finding = &comparison->findings[i];
		if (finding->state != FINDING_FIXED)
			continue;
		buf_add(&part, STR("- "));
		markdown_code(&part, str_of(finding->escape->message));
		buf_add(&part, STR(" in "));
		markdown_code(&part, str_of(function_text(finding->escape)));
		buf_add_char(&part, '\n');
		shown++;
	}
	if (shown < comparison->summary.fixed)
		buf_printf(&part, "- and %zu more\n", comparison->summary.fixed - shown);
	buf_add(&part, STR("\n</details>\n\n"));
	add_part(page, &part);
}

static int
write_page(const struct form *form, const struct comparison *comparison, FILE *out)
{
	CLEANUP(page_release) struct page page = {.form = form, .comparison = comparison};

	add_verdict(&page);
	add_numbers(&page);
	add_warnings(&page);
	add_not_analysed(&page);
	add_findings(&page);
	add_fixed(&page);
	add_compared(&page);
	fwrite(page.text.p, 1, page.text.n, out);
	return 0;
}

static int
comment(const struct comparison *comparison, const struct report_options *options, FILE *out,
	struct err *err)
{
	static const struct form form = {"<!-- heapwarden -->\n", 65000, 100};

	(void)options;
	(void)err;
	return write_page(&form, comparison, out);
}

static int
step_summary(const struct comparison *comparison, const struct report_options *options, FILE *out,
	struct err *err)
{
	static const struct form form = {"", 1000000, 500};

	(void)options;
	(void)err;
	return write_page(&form, comparison, out);
}

const struct writer markdown_writer = {
	.name = "markdown",
	.description = "a comment for a pull or merge request",
	.comparison = comment,
};

const struct writer github_summary_writer = {
	.name = "github-summary",
	.description = "Markdown for the summary of a step of GitHub Actions",
	.comparison = step_summary,
};

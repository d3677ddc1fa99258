/* Text for terminals and logs. No line begins with "file.go:line:column:", which log matchers take
 * for an error. */
#include <stdlib.h>

#include "report/finding_text.h"
#include "report/report.h"
#include "report/tally.h"
#include "report/text.h"
#include "src/base/cleanup.h"

void
text_put(const struct text *text, const char *outside)
{
	terminal_text(text->out, str_of(outside ? outside : ""));
}

void
text_style(const struct text *text, enum style style)
{
	terminal_style(text->out, text->options->colour, style);
}

void
text_styled(const struct text *text, enum style with, const char *ours)
{
	text_style(text, with);
	fputs(ours, text->out);
	text_style(text, STYLE_PLAIN);
}

const char *
text_plural(size_t count)
{
	return count == 1 ? "" : "s";
}

void
text_position(const struct text *text, const struct position *at)
{
	text_put(text, at->file ? at->file : "(no position)");
	if (at->line)
		fprintf(text->out, ":%d", at->line);
	if (at->column)
		fprintf(text->out, ":%d", at->column);
}

void
text_gutter(const struct text *text, int width, int line, const char *mark)
{
	text_style(text, STYLE_PLACE);
	if (line)
		fprintf(text->out, "%*d %s", width, line, mark);
	else
		fprintf(text->out, "%*s %s", width, "", mark);
	text_style(text, STYLE_PLAIN);
}

/* Beyond the findings shown in full: where the rest is. */
static void
put_rest(const struct text *text, size_t shown)
{
	CLEANUP(tally_release) struct tally tally = {0};
	size_t most = 1, widest = 1;

	fprintf(text->out, "… and %zu more. New escapes by package:\n",
		text->comparison->summary.new + text->comparison->summary.lost_inlining - shown);
	tally_init(&tally, text->comparison);
	for (size_t i = 0; i < tally.count; i++) {
		if (tally.packages[i].new > most)
			most = tally.packages[i].new;
		if (tally.packages[i].new &&strlen(tally.packages[i].package) > widest)
			widest = strlen(tally.packages[i].package);
	}
	for (size_t i = 0; i < tally.count; i++) {
		const struct package_tally *row = &tally.packages[i];
		if (!row->new)
			continue;
		fputs("  ", text->out);
		text_put(text, row->package);
		fprintf(text->out, "%*s%5zu ", (int)(widest - strlen(row->package)) + 1, "",
			row->new);
		size_t bar = most > 40 ? (row->new * 40 + most - 1) / most : row->new;
		text_style(text, STYLE_BAD);
		for (size_t n = 0; n < bar; n++)
			putc('+', text->out);
		text_style(text, STYLE_PLAIN);
		putc('\n', text->out);
	}
	putc('\n', text->out);
}

/* What is new and does not count, a line each. */
static void
put_not_counted(const struct text *text)
{
	const struct comparison *comparison = text->comparison;
	size_t left = comparison->summary.new_not_counted, most = text->options->max_details;

	for (size_t i = 0; left && most && i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		if (finding->state != FINDING_NEW || !finding->not_counted)
			continue;
		text_styled(text, STYLE_STRONG, "not counted");
		fputs(": in ", text->out);
		text_put(text, function_text(finding->escape));
		fputs(": ", text->out);
		text_put(text, finding->escape->message);
		text_styled(text, STYLE_PLACE, "  --> ");
		text_position(text, &finding->escape->at);
		fputs(": ", text->out);
		text_put(text, finding->not_counted);
		putc('\n', text->out);
		left--;
		most--;
	}
	if (comparison->summary.new_not_counted && left)
		fprintf(text->out, "not counted: %zu more\n", left);
	if (comparison->summary.new_not_counted)
		putc('\n', text->out);
}

static void
put_failed_name(const struct text *text, const char *package)
{
	text_styled(text, STYLE_BAD, "not analysed");
	fputs(": ", text->out);
	text_put(text, package);
}

static void
put_own_words(const struct text *text, const char *error)
{
	struct str rest = str_of(error), line;

	while (str_next(&line, &rest, '\n')) {
		text_gutter(text, 3, 0, "| ");
		terminal_text(text->out, line);
		putc('\n', text->out);
	}
}

static void
put_not_analysed(const struct text *text)
{
	const struct comparison *comparison = text->comparison;

	for (size_t i = 0; i < comparison->not_analysed_count; i++) {
		const struct not_analysed *entry = &comparison->not_analysed[i];
		put_failed_name(text, entry->package);
		fprintf(text->out, " (%s", entry->side);
		if (entry->not_judged)
			fprintf(text->out, "; %zu escape%s in the %s %s not judged",
				entry->not_judged, text_plural(entry->not_judged),
				not_analysed_other_side(entry),
				entry->not_judged == 1 ? "is" : "are");
		fputs(")\n", text->out);
		/* What is said of several in a row is said once. */
		bool more = i + 1 < comparison->not_analysed_count;
		if (!more || strcmp(entry->side, entry[1].side) != 0 ||
			strcmp(entry->error, entry[1].error) != 0)
			put_own_words(text, entry->error);
	}
	if (comparison->not_analysed_count)
		putc('\n', text->out);
}

/* In a line each: they fail nothing. */
static void
put_accepted(const struct text *text)
{
	const struct comparison *comparison = text->comparison;
	size_t shown = 0;

	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		if (finding->state != FINDING_ACCEPTED || shown++ >= text->options->max_details)
			continue;
		text_styled(text, STYLE_STRONG, "accepted");
		fputs(": ", text->out);
		text_put(text, function_text(finding->escape));
		fputs(": ", text->out);
		text_put(text, finding->escape->message);
		if (finding->accepted) {
			fputs(", because: ", text->out);
			text_put(text, finding->accepted->reason);
		}
		fputs("  --> ", text->out);
		text_position(text, &finding->escape->at);
		putc('\n', text->out);
	}
	if (shown > text->options->max_details)
		fprintf(text->out, "… and %zu more that are accepted\n",
			shown - text->options->max_details);
	if (shown)
		putc('\n', text->out);
}

/* What several findings have in common is worth mending first. */
static void
put_groups(const struct text *text)
{
	for (size_t i = 0; i < text->comparison->group_count; i++) {
		const struct cause_group *group = &text->comparison->groups[i];
		text_style(text, STYLE_STRONG);
		fprintf(text->out, "%zu of them because ", group->count);
		text_style(text, STYLE_PLAIN);
		text_put(text, group->cause.text);
		if (group->cause.at.file) {
			fputs("  --> ", text->out);
			text_position(text, &group->cause.at);
		}
		putc('\n', text->out);
	}
	if (text->comparison->group_count)
		putc('\n', text->out);
}

/* "store.Put: entry leaks to the heap (it did not escape)". */
static void
put_contracts(const struct text *text)
{
	static const char *const is[] = {
		[LEAK_NONE] = "does not escape any more",
		[LEAK_CONTENT] = "lets what it points to get to the heap",
		[LEAK_RESULT] = "leaks to a result",
		[LEAK_HEAP] = "leaks to the heap",
	};
	static const char *const was[] = {
		[LEAK_NONE] = "it did not escape",
		[LEAK_CONTENT] = "what it points to did",
		[LEAK_RESULT] = "it leaked to a result",
		[LEAK_HEAP] = "it leaked to the heap",
	};
	const struct comparison *comparison = text->comparison;

	for (size_t i = 0; i < comparison->contract_count; i++) {
		const struct leak *base = comparison->contracts[i].base,
				  *head = comparison->contracts[i].head;
		text_styled(text, head->kind > base->kind ? STYLE_BAD : STYLE_GOOD, "contract");
		fputs(": ", text->out);
		text_put(text, head->package);
		fputs(": ", text->out);
		text_put(text, head->function);
		fputs(": ", text->out);
		text_put(text, head->parameter);
		fprintf(text->out, " %s (%s)  --> ", is[head->kind], was[base->kind]);
		text_position(text, &head->at);
		putc('\n', text->out);
	}
	if (comparison->has_contracts && comparison->contract_count == 0)
		fputs("contract: no parameter of an exported function leaks otherwise than "
		      "before\n",
			text->out);
	if (comparison->has_contracts)
		putc('\n', text->out);
}

static void
put_warnings(const struct text *text)
{
	for (size_t i = 0; i < text->comparison->warning_count; i++) {
		text_style(text, STYLE_STRONG);
		fputs("warning", text->out);
		text_style(text, STYLE_PLAIN);
		fputs(": ", text->out);
		text_put(text, text->comparison->warnings[i]);
		fputs("\n\n", text->out);
	}
}

static void
put_not_understood(const struct text *text, const struct snapshot *snapshot, const char *side)
{
	const size_t most = sizeof snapshot->not_understood / sizeof *snapshot->not_understood;

	if (!snapshot->lines.not_understood)
		return;
	text_styled(text, STYLE_BAD, "not understood");
	fprintf(text->out, ": %zu line%s of what ", snapshot->lines.not_understood,
		text_plural(snapshot->lines.not_understood));
	text_put(text, snapshot->go_version ? snapshot->go_version : "go");
	fprintf(text->out, " printed for the %s, such as\n", side);
	for (size_t i = 0; i < most && snapshot->not_understood[i]; i++) {
		text_gutter(text, 3, 0, "| ");
		text_put(text, snapshot->not_understood[i]);
		putc('\n', text->out);
	}
	putc('\n', text->out);
}

/* A revision in few characters: its name, and its commit where the name does not say it. */
static void
put_revision(const struct text *text, const struct revision *revision)
{
	const char *commit = revision->commit ? revision->commit : revision->tree;

	text_put(text, revision->name);
	if (!revision->worktree && !revision->index && commit &&
		strncmp(commit, revision->name, 7) != 0)
		fprintf(text->out, " (%.10s)", commit);
}

static void
put_numbers(const struct text *text)
{
	const struct summary *summary = &text->comparison->summary;

	fprintf(text->out, "%zu known", summary->unchanged + summary->moved);
	if (summary->moved)
		fprintf(text->out, " (%zu moved)", summary->moved);
	fprintf(text->out, ", %zu fixed", summary->fixed);
	if (summary->accepted)
		fprintf(text->out, ", %zu accepted", summary->accepted);
	if (summary->new_without_allocation)
		fprintf(text->out, ", %zu new that allocate%s nothing",
			summary->new_without_allocation,
			summary->new_without_allocation == 1 ? "s" : "");
	if (summary->new_not_counted)
		fprintf(text->out, ", %zu new that the policy does not count",
			summary->new_not_counted);
	fprintf(text->out, "; %zu package%s", summary->packages, text_plural(summary->packages));
}

static void
put_compared(const struct text *text)
{
	const struct comparison *comparison = text->comparison;

	fputs("base ", text->out);
	put_revision(text, &comparison->base.revision);
	fputs(", head ", text->out);
	put_revision(text, &comparison->head.revision);
	fputs(", ", text->out);
	text_put(text, comparison->head_snapshot->go_version);
	putc(' ', text->out);
	text_put(text, comparison->head_snapshot->target);
	fputs(")\n", text->out);
}

/* What is new may be so. */
static void
put_pass(const struct text *text)
{
	const struct summary *summary = &text->comparison->summary;
	size_t new = summary->new + summary->lost_inlining;

	if (new == 0) {
		text_styled(text, STYLE_GOOD, "ok: no new heap escapes");
		return;
	}
	text_styled(text, STYLE_GOOD, "ok: ");
	fprintf(text->out, "the policy allows what is new: %zu heap escape%s", new,
		text_plural(new));
}

static void
put_verdict(const struct text *text)
{
	const struct comparison *comparison = text->comparison;
	const struct verdict *verdict = &comparison->verdict;

	if (verdict->status == VERDICT_PASS)
		put_pass(text);
	if (verdict->status == VERDICT_NONE)
		text_styled(text, STYLE_BAD, "no verdict: ");
	for (size_t i = 0; i < verdict->violation_count; i++) {
		fputs(i ? "; " : "", text->out);
		text_put(text, verdict->violations[i]);
	}
	fputs(" (", text->out);
	put_numbers(text);
	fputs("; ", text->out);
	put_compared(text);
}

static int
text_comparison(const struct comparison *comparison, const struct report_options *options,
	FILE *out, struct err *err)
{
	struct text text = {out, options, comparison};
	size_t shown = 0, most = options->max_details;

	(void)err;
	if (options->verbosity < 0 && comparison->verdict.status == VERDICT_PASS)
		return 0;
	for (size_t i = 0; i < comparison->finding_count && shown < most; i++) {
		if (!finding_counts(&comparison->findings[i]))
			continue;
		text_finding(&text, &comparison->findings[i]);
		shown++;
	}
	if (comparison->summary.new + comparison->summary.lost_inlining > shown)
		put_rest(&text, shown);
	put_not_counted(&text);
	put_groups(&text);
	put_accepted(&text);
	put_contracts(&text);
	put_warnings(&text);
	put_not_analysed(&text);
	put_not_understood(&text, comparison->base_snapshot, "base");
	put_not_understood(&text, comparison->head_snapshot, "head");
	put_verdict(&text);
	return 0;
}

static int
text_scan(const struct scan *scan, const struct report_options *options, FILE *out, struct err *err)
{
	const struct snapshot *snapshot = scan->snapshot;
	struct text text = {out, options, NULL};

	(void)err;
	for (size_t i = 0; i < snapshot->escape_count; i++) {
		const struct escape *escape = &snapshot->escapes[i];
		if (!origin_is_own(escape->origin) && !options->all)
			continue;
		text_put(&text, function_text(escape));
		fputs(": ", out);
		text_put(&text, escape->message);
		fprintf(out, " [%s]", reason_text(escape->reason)->name);
		if (escape->allocates == ALLOCATES_NO)
			fputs(" (allocates nothing)", out);
		text_styled(&text, STYLE_PLACE, "  --> ");
		text_position(&text, &escape->at);
		putc('\n', out);
	}
	for (size_t i = 0; i < snapshot->package_count; i++) {
		const struct package *package = &snapshot->packages[i];
		if (!package->error || package->absent)
			continue;
		put_failed_name(&text, package->import_path);
		putc('\n', out);
		put_own_words(&text, package->error);
	}
	put_not_understood(&text, snapshot, "tree");
	if (options->verbosity >= 0)
		fprintf(out,
			"%zu heap escapes, %zu lines of the compiler's output, %zu not "
			"understood\n",
			snapshot->escape_count, snapshot->lines.total,
			snapshot->lines.not_understood);
	return 0;
}

const struct writer text_writer = {
	.name = "text",
	.description = "for terminals and logs",
	.comparison = text_comparison,
	.scan = text_scan,
};

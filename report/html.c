#include "report/html.h"
#include "report/tally.h"

/* ---- the verdict ---- */

static const char *
verdict_class(const struct verdict *verdict)
{
	if (verdict->status == VERDICT_NONE && verdict->violation_count == 0)
		return "verdict";
	switch (verdict->status) {
	case VERDICT_PASS:
		return "verdict pass";
	case VERDICT_FAIL:
		return "verdict fail";
	case VERDICT_NONE:
		break;
	}
	return "verdict none";
}

/* A comparison without a policy has no verdict and no violations: nothing is put before what it
 * found. */
static const char *
verdict_word(const struct verdict *verdict)
{
	switch (verdict->status) {
	case VERDICT_PASS:
		return "Pass:";
	case VERDICT_FAIL:
		return "Fail:";
	case VERDICT_NONE:
		break;
	}
	return verdict->violation_count > 0 ? "No verdict:" : NULL;
}

static void
write_headline(struct xml *xml, const struct comparison *comparison)
{
	const char *word = verdict_word(&comparison->verdict);
	size_t new = comparison->summary.new, lost = comparison->summary.lost_inlining;

	xml_open(xml, "h2");
	xml_attr(xml, "id", "verdict");
	if (word) {
		xml_element(xml, "b", NULL, word);
		xml_text(xml, " ");
	}
	if (new > 0)
		xml_textf(xml, "%zu new heap escape%s", new, html_plural(new));
	if (lost > 0)
		xml_textf(xml, "%s%zu function%s no longer inlined", new ? ", " : "", lost,
			html_plural(lost));
	if (new + lost == 0)
		xml_text(xml, word && comparison->verdict.status == VERDICT_NONE
				      ? "no new heap escape was found, but not all could be judged"
				      : "no new heap escapes");
	xml_close(xml);
}

static bool
is_clean(const struct comparison *comparison)
{
	const struct summary *summary = &comparison->summary;

	return comparison->verdict.status == VERDICT_PASS && summary->new == 0 &&
	       summary->lost_inlining == 0 && summary->packages_failed == 0 &&
	       summary->new_without_allocation == 0 && summary->new_not_counted == 0 &&
	       summary->new_outside == 0 && summary->accepted == 0 &&
	       summary->lines_not_understood == 0;
}

static void
write_doubts(struct xml *xml, const struct summary *summary)
{
	if (summary->packages_failed > 0) {
		xml_open(xml, "p");
		xml_textf(xml, "%zu package%s not analysed: ", summary->packages_failed,
			summary->packages_failed == 1 ? " was" : "s were");
		xml_open(xml, "a");
		xml_attr(xml, "href", "#not-analysed");
		xml_text(xml, "why");
		xml_close(xml);
		xml_text(xml, ".");
		xml_close(xml);
	}
	if (summary->lines_not_understood > 0) {
		xml_open(xml, "p");
		xml_textf(xml, "%zu line%s of the compiler's output %s not understood.",
			summary->lines_not_understood, html_plural(summary->lines_not_understood),
			summary->lines_not_understood == 1 ? "was" : "were");
		xml_close(xml);
	}
}

/* What several findings have in common is worth mending first. */
static void
write_groups(struct xml *xml, const struct comparison *comparison)
{
	if (comparison->group_count == 0 && comparison->warning_count == 0)
		return;
	xml_open(xml, "ul");
	for (size_t i = 0; i < comparison->group_count; i++) {
		const struct cause_group *group = &comparison->groups[i];
		xml_open(xml, "li");
		xml_textf(xml, "%zu of them because %s", group->count, group->cause.text);
		if (group->cause.at.file) {
			xml_text(xml, ", ");
			html_position(xml, &group->cause.at);
		}
		xml_close(xml);
	}
	for (size_t i = 0; i < comparison->warning_count; i++) {
		xml_open(xml, "li");
		xml_textf(xml, "Warning: %s", comparison->warnings[i]);
		xml_close(xml);
	}
	xml_close(xml);
}

static void
write_verdict(struct xml *xml, const struct comparison *comparison)
{
	const struct verdict *verdict = &comparison->verdict;

	xml_open(xml, "section");
	xml_attr(xml, "class", verdict_class(verdict));
	xml_attr(xml, "aria-labelledby", "verdict");
	write_headline(xml, comparison);
	if (is_clean(comparison))
		xml_element(xml, "p", NULL,
			"What the compiler puts on the heap now, it put there in the base, too.");
	if (verdict->violation_count > 0) {
		xml_open(xml, "ul");
		for (size_t i = 0; i < verdict->violation_count; i++)
			xml_element(xml, "li", NULL, verdict->violations[i]);
		xml_close(xml);
	}
	write_groups(xml, comparison);
	write_doubts(xml, &comparison->summary);
	xml_close(xml);
}

static void
write_numbers(struct xml *xml, const struct summary *summary)
{
	xml_open(xml, "dl");
	xml_attr(xml, "class", "numbers");
	html_number(xml, summary->new, "new");
	html_number(xml, summary->new_without_allocation, "new, without allocation");
	if (summary->new_not_counted)
		html_number(xml, summary->new_not_counted, "new, not counted");
	html_number(xml, summary->fixed, "fixed");
	html_number(xml, summary->accepted, "accepted");
	html_number(xml, summary->moved, "moved");
	html_number(xml, summary->unchanged, "unchanged");
	xml_close(xml);
}

/* ---- what was compared ---- */

static void
write_variants(struct xml *xml, const struct comparison *comparison)
{
	if (comparison->variant_count == 0)
		return;
	html_fact(xml, "Variants");
	for (size_t i = 0; i < comparison->variant_count; i++) {
		xml_text(xml, i > 0 ? ", " : "");
		xml_element(xml, "code", NULL, comparison->variants[i]);
	}
	html_fact_end(xml);
}

static void
write_compared(struct xml *xml, const struct comparison *comparison)
{
	const struct summary *summary = &comparison->summary;

	html_section(xml, "compared", "What was compared", -1);
	html_facts(xml, "The two states and how they were built");
	html_side(xml, "Base", &comparison->base);
	html_side(xml, "Head", &comparison->head);
	html_toolchain(xml, comparison->head_snapshot);
	write_variants(xml, comparison);
	html_fact(xml, "Packages");
	xml_textf(xml, "%zu", summary->packages);
	if (summary->packages_failed > 0)
		xml_textf(xml, ", %zu of them not analysed", summary->packages_failed);
	html_fact_end(xml);
	html_fact(xml, "Escapes");
	xml_textf(xml, "%zu printed by the compiler in the base, %zu in the head",
		summary->base_total, summary->head_total);
	html_fact_end(xml);
	html_facts_end(xml);
	xml_close(xml);
}

/* ---- packages ---- */

static void
write_package_row(struct xml *xml, const struct package_tally *row)
{
	xml_open(xml, "tr");
	xml_open(xml, "th");
	xml_attr(xml, "scope", "row");
	xml_element(xml, "code", NULL, row->package);
	if (row->failed)
		xml_text(xml, " (not analysed)");
	xml_close(xml);
	html_cell_count(xml, row->new);
	html_cell_count(xml, row->fixed);
	html_cell_count(xml, row->base);
	html_cell_count(xml, row->head);
	xml_close(xml);
}

static void
write_package_total(struct xml *xml, const struct tally *tally)
{
	struct package_tally sum = {0};

	for (size_t i = 0; i < tally->count; i++) {
		sum.new += tally->packages[i].new;
		sum.fixed += tally->packages[i].fixed;
		sum.base += tally->packages[i].base;
		sum.head += tally->packages[i].head;
	}
	xml_open(xml, "tr");
	xml_open(xml, "th");
	xml_attr(xml, "scope", "row");
	xml_text(xml, "All packages");
	xml_close(xml);
	html_cell_count(xml, sum.new);
	html_cell_count(xml, sum.fixed);
	html_cell_count(xml, sum.base);
	html_cell_count(xml, sum.head);
	xml_close(xml);
}

static void
write_packages(struct xml *xml, const struct tally *tally)
{
	static const char *const titles[] = {"Package", "#New", "#Fixed", "#Base", "#Head"};

	html_section(xml, "packages", "By package", (long)tally->count);
	html_table(xml,
		"New and fixed escapes, and how many the compiler printed for the base and the "
		"head, "
		"copies by inlining included",
		titles, sizeof titles / sizeof *titles);
	for (size_t i = 0; i < tally->count; i++)
		write_package_row(xml, &tally->packages[i]);
	xml_close(xml);
	xml_open(xml, "tfoot");
	write_package_total(xml, tally);
	html_table_end(xml);
	xml_close(xml);
}

static bool
same_words(const struct not_analysed *a, const struct not_analysed *b)
{
	return strcmp(a->package, b->package) == 0 && a->error && b->error &&
	       strcmp(a->error, b->error) == 0;
}

static void
write_not_analysed(struct xml *xml, const struct comparison *comparison, size_t packages)
{
	size_t not_judged = comparison->summary.not_judged;

	html_section(xml, "not-analysed", "Not analysed", (long)packages);
	xml_open(xml, "p");
	xml_text(xml, "Nothing is said of these packages: they are neither clean nor fixed. ");
	if (not_judged)
		xml_textf(xml, "The other side has %zu escape%s in them, neither new nor fixed. ",
			not_judged, html_plural(not_judged));
	xml_text(xml, "In go's own words:");
	xml_close(xml);
	for (size_t i = 0; i < comparison->not_analysed_count; i++) {
		const struct not_analysed *entry = &comparison->not_analysed[i];
		bool both = i + 1 < comparison->not_analysed_count && same_words(entry, entry + 1);
		html_own_words(xml, entry->package, both ? "base and the head" : entry->side,
			entry->error);
		i += both;
	}
	xml_close(xml);
}

static size_t
count_failed(const struct tally *tally)
{
	size_t failed = 0;

	for (size_t i = 0; i < tally->count; i++)
		failed += tally->packages[i].failed;
	return failed;
}

static void
write_method(struct xml *xml, const struct summary *summary)
{
	html_section(xml, "method", "Method and limits", -1);
	xml_element(xml, "p", NULL,
		"Both states were built with the same Go, target and flags, and what the compiler "
		"said of each "
		"(go build -gcflags=-m=2) was compared one to one: first by the line that a line "
		"became, "
		"then by function and expression, then by the text of the line. What has no "
		"counterpart is new or fixed. Where a match was ambiguous, the surplus is new.");
	xml_element(xml, "p", NULL,
		"An escape is the compiler's decision that a value lives on the heap. It says that "
		"there is an "
		"allocation, not how often it runs nor how large it is: a benchmark with -benchmem "
		"tells. A function that was inlined is counted where it is written, not at each "
		"call.");
	xml_element(xml, "p", NULL,
		"Another Go version, target, build tag or profile can decide otherwise. Tests are "
		"not part of "
		"the build, and so not of this page.");
	if (summary->new_outside > 0) {
		xml_open(xml, "p");
		xml_textf(xml,
			"%zu new escape%s in code outside of the repository's own files (generic "
			"code of other "
			"modules, wrappers made by the compiler) %s not judged.",
			summary->new_outside, html_plural(summary->new_outside),
			summary->new_outside == 1 ? "is" : "are");
		xml_close(xml);
	}
	xml_close(xml);
}

/* ---- the page ---- */

static void
write_nav(struct xml *xml, const struct comparison *comparison,
	const struct report_options *options, const struct tally *tally)
{
	xml_open(xml, "nav");
	xml_attr(xml, "aria-label", "Sections");
	xml_open(xml, "ul");
	html_findings_links(xml, comparison, options);
	html_link(xml, "packages", "By package", (long)tally->count);
	if (comparison->not_analysed_count > 0)
		html_link(xml, "not-analysed", "Not analysed", (long)count_failed(tally));
	html_link(xml, "method", "Method and limits", -1);
	xml_close(xml);
	xml_close(xml);
}

static void
write_range(struct xml *xml, const struct comparison *comparison)
{
	xml_open(xml, "p");
	xml_attr(xml, "class", "range");
	html_revision(xml, &comparison->base.revision);
	xml_text(xml, " \u2192 ");
	html_revision(xml, &comparison->head.revision);
	xml_close(xml);
}

static int
html_comparison(const struct comparison *comparison, const struct report_options *options,
	FILE *out, struct err *err)
{
	CLEANUP(xml_cleanup) struct xml *xml = xml_new(out, XML_HTML);
	CLEANUP(tally_release) struct tally tally = {0};

	tally_init(&tally, comparison);
	html_start(xml, comparison->title);
	write_range(xml, comparison);
	html_main(xml);
	write_verdict(xml, comparison);
	write_numbers(xml, &comparison->summary);
	write_nav(xml, comparison, options, &tally);
	write_compared(xml, comparison);
	html_findings(xml, comparison, options);
	write_packages(xml, &tally);
	if (comparison->not_analysed_count > 0)
		write_not_analysed(xml, comparison, count_failed(&tally));
	write_method(xml, &comparison->summary);
	return html_finish(xml, err);
}

const struct writer html_writer = {
	.name = "html",
	.description = "one HTML page without scripts, to be read or kept as an artifact",
	.comparison = html_comparison,
	.scan = html_scan,
};

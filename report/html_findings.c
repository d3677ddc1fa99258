#include "report/html.h"
#include "report/tally.h"

/* New findings are shown open up to OPEN_MAX. DETAILS_MAX of a section are shown in full and the
 * rest as rows of a table, so that browsers cope. */
enum { OPEN_MAX = 20, DETAILS_MAX = 2000 };

static bool
is_without_allocation(const struct finding *finding)
{
	return finding->state == FINDING_NEW && !finding_counts(finding) && !finding->not_counted;
}

static bool
is_not_counted(const struct finding *finding)
{
	return finding->state == FINDING_NEW && finding->not_counted;
}

static bool
is_fixed(const struct finding *finding)
{
	return finding->state == FINDING_FIXED;
}

static bool
is_accepted(const struct finding *finding)
{
	return finding->state == FINDING_ACCEPTED;
}

static bool
is_moved(const struct finding *finding)
{
	return finding->state == FINDING_MOVED;
}

static bool
is_unchanged(const struct finding *finding)
{
	return finding->state == FINDING_UNCHANGED;
}

/* Where the findings of a comparison are written to. */
struct findings_page {
	struct xml *xml;
	const struct comparison *comparison;
};

/* A part of the page that shows the findings of one kind. */
struct findings_section {
	const char *id, *title, *intro;
	bool (*want)(const struct finding *);
	bool brief;    /* as a table that is folded away, not each in full */
	bool may_open; /* shown open where they are few */
	bool all_only; /* left out but for --all */
	bool if_empty; /* there even when it is empty */
};

static const struct findings_section sections[] = {
	{
		.id = "new",
		.title = "New heap escapes",
		.want = finding_counts,
		.may_open = true,
		.if_empty = true,
	},
	{
		.id = "without-allocation",
		.title = "New, without allocation",
		.intro = "The compiler reports these as escapes, but nothing is allocated for "
			 "them: constants "
			 "and zero-size values in interfaces, functions that capture nothing. They "
			 "do "
			 "not count as new.",
		.want = is_without_allocation,
	},
	{
		.id = "not-counted",
		.title = "New, not counted",
		.intro = "New, and left out by the policy: generated files, packages, files, kinds "
			 "and reasons that do not count, and functions that the profile has little "
			 "of.",
		.want = is_not_counted,
	},
	{
		.id = "accepted",
		.title = "Accepted",
		.intro = "New, and accepted on purpose: they do not fail the comparison.",
		.want = is_accepted,
	},
	{
		.id = "fixed",
		.title = "Fixed",
		.intro = "On the heap in the base, and no longer. Positions are those of the base.",
		.want = is_fixed,
	},
	{
		.id = "moved",
		.title = "Moved",
		.intro = "The same allocations at another place: code was moved, or something was "
			 "renamed.",
		.want = is_moved,
		.brief = true,
	},
	{
		.id = "unchanged",
		.title = "Unchanged",
		.intro = "On the heap in the base and in the head.",
		.want = is_unchanged,
		.brief = true,
		.all_only = true,
	},
};

enum { SECTION_COUNT = sizeof sections / sizeof *sections };

static void
write_finding_row(struct xml *xml, const struct finding *finding)
{
	const struct escape *escape = finding->escape;

	xml_open(xml, "tr");
	html_cell_code(xml, html_function(escape->function));
	html_cell_code(xml, escape->expression);
	xml_element(xml, "td", NULL, reason_text(escape->reason)->name);
	xml_open(xml, "td");
	if (finding->base && position_compare(&finding->base->at, &escape->at) != 0) {
		html_position(xml, &finding->base->at);
		xml_text(xml, " \u2192 ");
	}
	html_position(xml, &escape->at);
	xml_close(xml);
	xml_close(xml);
}

static void
write_finding_table(
	struct xml *xml, const char *caption, const struct finding **findings, size_t count)
{
	static const char *const titles[] = {"Function", "Expression", "Reason", "Position"};

	html_table(xml, caption, titles, sizeof titles / sizeof *titles);
	for (size_t i = 0; i < count; i++)
		write_finding_row(xml, findings[i]);
	html_table_end(xml);
}

static void
write_folded_table(struct xml *xml, const struct findings_section *section,
	const struct finding **findings, size_t count)
{
	xml_open(xml, "details");
	xml_open(xml, "summary");
	xml_textf(xml, "Show %zu finding%s", count, html_plural(count));
	xml_close(xml);
	write_finding_table(xml, section->title, findings, count);
	xml_close(xml);
}

static void
write_in_full(struct findings_page *page, const struct finding **findings, size_t count, bool open)
{
	struct xml *xml = page->xml;
	const char *package = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!package || strcmp(package, findings[i]->escape->package) != 0) {
			package = findings[i]->escape->package;
			xml_open(xml, "h3");
			xml_element(xml, "code", NULL, package);
			xml_close(xml);
		}
		html_finding(xml, page->comparison, findings[i], open);
	}
}

static void
write_findings(struct findings_page *page, const struct findings_section *section,
	const struct finding **findings, size_t count)
{
	struct xml *xml = page->xml;
	size_t full = count < DETAILS_MAX ? count : DETAILS_MAX;

	html_section(xml, section->id, section->title, (long)count);
	xml_element(xml, "p", NULL, count > 0 ? section->intro : "None.");
	if (section->brief) {
		write_folded_table(xml, section, findings, count);
	} else {
		write_in_full(page, findings, full, section->may_open && count <= OPEN_MAX);
		if (full < count) {
			xml_open(xml, "p");
			xml_textf(xml, "The first %zu are shown in full, the other %zu as a table.",
				full, count - full);
			xml_close(xml);
			write_finding_table(xml, "The others", findings + full, count - full);
		}
	}
	xml_close(xml);
}

static bool
is_shown(const struct findings_section *section, const struct report_options *options, size_t count)
{
	if (section->all_only && !options->all)
		return false;
	return count > 0 || section->if_empty;
}

void
html_findings_links(
	struct xml *xml, const struct comparison *comparison, const struct report_options *options)
{
	for (size_t i = 0; i < SECTION_COUNT; i++) {
		size_t count = 0;
		for (size_t k = 0; k < comparison->finding_count; k++)
			count += sections[i].want(&comparison->findings[k]);
		if (is_shown(&sections[i], options, count))
			html_link(xml, sections[i].id, sections[i].title, (long)count);
	}
}

void
html_findings(
	struct xml *xml, const struct comparison *comparison, const struct report_options *options)
{
	struct findings_page page = {xml, comparison};

	for (size_t i = 0; i < SECTION_COUNT; i++) {
		size_t count;
		CLEANUP(free_ptr)
		const struct finding **findings =
			findings_sorted(comparison, sections[i].want, false, &count);
		if (is_shown(&sections[i], options, count))
			write_findings(&page, &sections[i], findings, count);
	}
}

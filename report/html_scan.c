#include "report/html.h"

#include <stdlib.h>

struct scan_page {
	struct xml *xml;
	const struct snapshot *snapshot;
	const struct escape **escapes; /* those that are shown, by package and position */
	size_t count;
	size_t free;   /* of those: known to allocate nothing */
	size_t others; /* not shown: in code of others */
};

static int
by_package(const void *a, const void *b)
{
	const struct escape *const *one = a, *const *two = b;
	int order = strcmp((*one)->package, (*two)->package);

	if (order == 0)
		order = position_compare(&(*one)->at, &(*two)->at);
	/* Both are in the snapshot's array: the address is the order there. */
	return order ? order : (*one > *two) - (*one < *two);
}

static void
collect(struct scan_page *page, bool all)
{
	const struct snapshot *snapshot = page->snapshot;
	size_t capacity = 0;

	for (size_t i = 0; i < snapshot->escape_count; i++) {
		const struct escape *escape = &snapshot->escapes[i];
		if (!origin_is_own(escape->origin) && !all) {
			page->others++;
			continue;
		}
		page->escapes = array_grow(
			page->escapes, &capacity, page->count + 1, sizeof(const struct escape *));
		page->escapes[page->count++] = escape;
		page->free += escape->allocates == ALLOCATES_NO;
	}
	if (page->count > 0)
		qsort(page->escapes, page->count, sizeof(const struct escape *), by_package);
}

static void
page_release(struct scan_page *page)
{
	free(page->escapes);
}

/* How many escapes from `from` on are of its package. */
static size_t
package_run(const struct scan_page *page, size_t from)
{
	size_t n = 1;

	while (from + n < page->count &&
		strcmp(page->escapes[from]->package, page->escapes[from + n]->package) == 0)
		n++;
	return n;
}

static size_t
count_failed(const struct snapshot *snapshot)
{
	size_t failed = 0;

	for (size_t i = 0; i < snapshot->package_count; i++)
		failed += snapshot->packages[i].error != NULL;
	return failed;
}

static void
write_summary(struct scan_page *page)
{
	struct xml *xml = page->xml;

	xml_open(xml, "section");
	xml_attr(xml, "class", "verdict");
	xml_attr(xml, "aria-labelledby", "result");
	xml_open(xml, "h2");
	xml_attr(xml, "id", "result");
	if (page->count > 0)
		xml_textf(xml, "%zu heap escape%s", page->count, html_plural(page->count));
	else
		xml_text(xml, "No heap escapes");
	xml_close(xml);
	xml_element(xml, "p", NULL,
		"What the compiler puts on the heap in this tree, copies by inlining included.");
	if (page->others > 0) {
		xml_open(xml, "p");
		xml_textf(xml,
			"%zu more in code outside of the repository's own files %s not shown.",
			page->others, page->others == 1 ? "is" : "are");
		xml_close(xml);
	}
	xml_close(xml);
}

static void
write_numbers(struct scan_page *page)
{
	struct xml *xml = page->xml;

	xml_open(xml, "dl");
	xml_attr(xml, "class", "numbers");
	html_number(xml, page->count, "escapes");
	html_number(xml, page->free, "of them without allocation");
	html_number(xml, page->snapshot->package_count, "packages");
	html_number(xml, count_failed(page->snapshot), "packages not analysed");
	html_number(xml, page->snapshot->lines.not_understood, "lines not understood");
	xml_close(xml);
}

static void
write_scanned(struct scan_page *page, const struct side *side)
{
	html_section(page->xml, "scanned", "What was scanned", -1);
	html_facts(page->xml, "The tree and how it was built");
	if (side->revision.name)
		html_side(page->xml, "Tree", side);
	html_toolchain(page->xml, page->snapshot);
	html_facts_end(page->xml);
	xml_close(page->xml);
}

static void
write_row(struct xml *xml, const struct escape *escape)
{
	xml_open(xml, "tr");
	html_cell_code(xml, html_function(escape->function));
	html_cell_code(xml, escape->expression);
	xml_element(xml, "td", NULL, reason_text(escape->reason)->name);
	xml_element(xml, "td", NULL, allocates_name(escape->allocates));
	xml_open(xml, "td");
	html_position(xml, &escape->at);
	xml_close(xml);
	xml_close(xml);
}

static void
write_package(struct scan_page *page, size_t from, size_t count)
{
	static const char *const titles[] = {
		"Function", "Expression", "Reason", "Allocates", "Position"};
	struct xml *xml = page->xml;

	xml_open(xml, "details");
	xml_attr(xml, "open", "open");
	xml_open(xml, "summary");
	xml_element(xml, "code", "function", page->escapes[from]->package);
	xml_text(xml, " ");
	xml_open(xml, "span");
	xml_attr(xml, "class", "count");
	xml_textf(xml, "(%zu)", count);
	xml_close(xml);
	xml_close(xml);
	html_table(xml, "By file and line", titles, sizeof titles / sizeof *titles);
	for (size_t i = from; i < from + count; i++)
		write_row(xml, page->escapes[i]);
	html_table_end(xml);
	xml_close(xml);
}

static void
write_escapes(struct scan_page *page)
{
	html_section(page->xml, "escapes", "Escapes by package", (long)page->count);
	if (page->count == 0)
		xml_element(page->xml, "p", NULL, "None.");
	for (size_t i = 0; i < page->count;) {
		size_t count = package_run(page, i);
		write_package(page, i, count);
		i += count;
	}
	xml_close(page->xml);
}

/* What the words of the column "Reason" mean: those that occur. */
static void
write_reasons(struct scan_page *page)
{
	bool used[REASON_COUNT] = {false};

	for (size_t i = 0; i < page->count; i++)
		used[page->escapes[i]->reason] = true;
	html_section(page->xml, "reasons", "What the reasons mean", -1);
	html_facts(page->xml, "The reasons that occur on this page");
	for (size_t i = 0; i < REASON_COUNT; i++) {
		const struct reason_text *text = reason_text((enum reason)i);
		if (!used[i])
			continue;
		html_fact(page->xml, text->name);
		xml_textf(page->xml, "%s %s", text->what, text->why ? text->why : "");
		html_fact_end(page->xml);
	}
	html_facts_end(page->xml);
	xml_close(page->xml);
}

static void
write_not_analysed(struct scan_page *page)
{
	const struct snapshot *snapshot = page->snapshot;
	struct xml *xml = page->xml;

	html_section(xml, "not-analysed", "Not analysed", (long)count_failed(snapshot));
	xml_element(xml, "p", NULL, "Nothing is said of these packages. In go's own words:");
	for (size_t i = 0; i < snapshot->package_count; i++) {
		const struct package *package = &snapshot->packages[i];
		if (!package->error)
			continue;
		html_own_words(xml, package->import_path, NULL, package->error);
	}
	xml_close(xml);
}

int
html_scan(const struct scan *scan, const struct report_options *options, FILE *out, struct err *err)
{
	CLEANUP(xml_cleanup) struct xml *xml = xml_new(out, XML_HTML);
	CLEANUP(page_release) struct scan_page page = {.xml = xml, .snapshot = scan->snapshot};

	collect(&page, options->all);
	html_start(xml, scan->title);
	html_main(xml);
	write_summary(&page);
	write_numbers(&page);
	write_scanned(&page, &scan->side);
	write_escapes(&page);
	if (page.count > 0)
		write_reasons(&page);
	if (count_failed(scan->snapshot) > 0)
		write_not_analysed(&page);
	return html_finish(xml, err);
}

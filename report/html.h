/* What the HTML pages are made of. One file each: no network, no script; readable without its style
 * sheet, too. */
#pragma once

#include "report/report.h"
#include "report/xml.h"

/* Everything up to the inside of <header>, the heading "Heap escapes: SUBJECT" included. Fill the
 * header, then call html_main(). */
void html_start(struct xml *xml, const char *subject);
void html_main(struct xml *xml);

/* The end of <main>, the footer, and the check that all was written. */
MUST_CHECK int html_finish(struct xml *xml, struct err *err);

/* A <section> with its heading, left open; a count where it is not negative. */
void html_section(struct xml *xml, const char *id, const char *title, long count);

/* A table with its caption and head, left open inside <tbody>; ended by html_table_end(). The
 * titles of columns that hold numbers start with '#', which is not shown. */
void html_table(struct xml *xml, const char *caption, const char *const *titles, size_t count);
void html_table_end(struct xml *xml);

void html_cell_code(struct xml *xml, const char *text);
void html_cell_count(struct xml *xml, size_t count);

/* "file:line:column" in a <code class="at">. */
void html_position(struct xml *xml, const struct position *at);

/* "Store.Get", or what package-level initialisers are called. */
const char *html_function(const char *function);

/* "" for one, "s" for any other number. */
const char *html_plural(size_t count);

/* A list item that links to a section of the page; with a count where it is not negative. */
void html_link(struct xml *xml, const char *id, const char *title, long count);

/* The revision as it was named, and its abbreviated commit. */
void html_revision(struct xml *xml, const struct revision *revision);

/* A number with its label, in a <dl class="numbers">. */
void html_number(struct xml *xml, size_t count, const char *label);

/* Rows of the table of facts: what was compared or scanned. */
void html_facts(struct xml *xml, const char *caption);
void html_facts_end(struct xml *xml);
void html_fact(
	struct xml *xml, const char *name); /* its cell is left open; closed by html_fact_end() */
void html_fact_end(struct xml *xml);
void html_side(struct xml *xml, const char *name, const struct side *side);
void html_toolchain(struct xml *xml, const struct snapshot *snapshot);

/* A package that was not analysed, with what go said; `side` is NULL where there is but one tree.
 */
void html_own_words(struct xml *xml, const char *package, const char *side, const char *words);

/* One finding of the comparison in full, as <details id="e-ID">. */
void html_finding(struct xml *xml, const struct comparison *comparison,
	const struct finding *finding, bool open);

/* The sections of a comparison's findings, and the list items that link to them. */
void html_findings(
	struct xml *xml, const struct comparison *comparison, const struct report_options *options);
void html_findings_links(
	struct xml *xml, const struct comparison *comparison, const struct report_options *options);

/* The page for one tree. */
int html_scan(
	const struct scan *scan, const struct report_options *options, FILE *out, struct err *err);

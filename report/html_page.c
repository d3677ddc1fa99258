#include <time.h>

#include "report/assets.h"
#include "report/html.h"

static void
meta(struct xml *xml, const char *name, const char *content)
{
	xml_open(xml, "meta");
	xml_attr(xml, "name", name);
	xml_attr(xml, "content", content);
	xml_close(xml);
}

static void
head(struct xml *xml, const char *title)
{
	xml_open(xml, "head");
	xml_open(xml, "meta");
	xml_attr(xml, "charset", "utf-8");
	xml_close(xml);
	xml_open(xml, "meta");
	xml_attr(xml, "http-equiv", "Content-Security-Policy");
	xml_attrf(xml, "content",
		"default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'",
		report_css_sha256);
	xml_close(xml);
	meta(xml, "viewport", "width=device-width, initial-scale=1");
	meta(xml, "color-scheme", "light dark");
	meta(xml, "generator", "heapwarden " HEAPWARDEN_VERSION);
	xml_element(xml, "title", NULL, title);
	xml_open(xml, "style");
	xml_raw(xml, report_css);
	xml_close(xml);
	xml_close(xml);
}

void
html_start(struct xml *xml, const char *subject)
{
	CLEANUP(buf_release) struct buf heading = {0};

	buf_printf(&heading, "Heap escapes%s%s", subject ? ": " : "", subject ? subject : "");
	xml_open(xml, "html");
	xml_attr(xml, "lang", "en");
	head(xml, heading.p);
	xml_open(xml, "body");
	xml_open(xml, "a");
	xml_attr(xml, "class", "skip");
	xml_attr(xml, "href", "#main");
	xml_text(xml, "Skip to the result");
	xml_close(xml);
	xml_open(xml, "header");
	xml_element(xml, "h1", NULL, heading.p);
}

void
html_main(struct xml *xml)
{
	xml_close(xml);
	xml_open(xml, "main");
	xml_attr(xml, "id", "main");
}

int
html_finish(struct xml *xml, struct err *err)
{
	xml_close(xml);
	xml_open(xml, "footer");
	xml_element(xml, "p", NULL, "Made by heapwarden " HEAPWARDEN_VERSION ".");
	xml_close(xml);
	return xml_finish(xml, err);
}

void
html_section(struct xml *xml, const char *id, const char *title, long count)
{
	xml_open(xml, "section");
	xml_attrf(xml, "aria-labelledby", "%s", id);
	xml_open(xml, "h2");
	xml_attr(xml, "id", id);
	xml_text(xml, title);
	if (count >= 0) {
		xml_text(xml, " ");
		xml_open(xml, "span");
		xml_attr(xml, "class", "count");
		xml_textf(xml, "(%ld)", count);
		xml_close(xml);
	}
	xml_close(xml);
}

void
html_table(struct xml *xml, const char *caption, const char *const *titles, size_t count)
{
	xml_open(xml, "div");
	xml_attr(xml, "class", "scroll");
	xml_open(xml, "table");
	xml_element(xml, "caption", NULL, caption);
	xml_open(xml, "thead");
	xml_open(xml, "tr");
	for (size_t i = 0; i < count; i++) {
		bool number = titles[i][0] == '#';
		xml_open(xml, "th");
		xml_attr(xml, "scope", "col");
		if (number)
			xml_attr(xml, "class", "number");
		xml_text(xml, titles[i] + number);
		xml_close(xml);
	}
	xml_close(xml);
	xml_close(xml);
	xml_open(xml, "tbody");
}

void
html_table_end(struct xml *xml)
{
	xml_close(xml);
	xml_close(xml);
	xml_close(xml);
}

void
html_cell_code(struct xml *xml, const char *text)
{
	xml_open(xml, "td");
	xml_element(xml, "code", NULL, text);
	xml_close(xml);
}

void
html_cell_count(struct xml *xml, size_t count)
{
	xml_open(xml, "td");
	xml_attr(xml, "class", "number");
	xml_textf(xml, "%zu", count);
	xml_close(xml);
}

void
html_position(struct xml *xml, const struct position *at)
{
	if (!at->file) {
		xml_text(xml, "position not known");
		return;
	}
	xml_open(xml, "code");
	xml_attr(xml, "class", "at");
	xml_text(xml, at->file);
	if (at->line > 0)
		xml_textf(xml, ":%d", at->line);
	if (at->line > 0 && at->column > 0)
		xml_textf(xml, ":%d", at->column);
	xml_close(xml);
}

const char *
html_function(const char *function)
{
	return function[0] ? function : "package-level variables";
}

const char *
html_plural(size_t count)
{
	return count == 1 ? "" : "s";
}

void
html_link(struct xml *xml, const char *id, const char *title, long count)
{
	xml_open(xml, "li");
	xml_open(xml, "a");
	xml_attrf(xml, "href", "#%s", id);
	xml_text(xml, title);
	xml_close(xml);
	if (count >= 0)
		xml_textf(xml, " %ld", count);
	xml_close(xml);
}

/* Half a commit's name tells nothing where the revision was given by it. */
static bool
names_commit(const char *name, const char *commit)
{
	return strncmp(commit, name, strlen(name)) == 0;
}

void
html_revision(struct xml *xml, const struct revision *revision)
{
	const char *id = revision->commit ? revision->commit : revision->tree;

	xml_text(xml, id && names_commit(revision->name, id) ? "commit" : revision->name);
	if (!id)
		return;
	xml_text(xml, revision->worktree || revision->index ? " on " : " ");
	xml_open(xml, "code");
	xml_textf(xml, "%.12s", id);
	xml_close(xml);
}

void
html_number(struct xml *xml, size_t count, const char *label)
{
	xml_open(xml, "div");
	xml_element(xml, "dt", NULL, label);
	xml_open(xml, "dd");
	xml_textf(xml, "%zu", count);
	xml_close(xml);
	xml_close(xml);
}

void
html_facts(struct xml *xml, const char *caption)
{
	xml_open(xml, "table");
	xml_attr(xml, "class", "facts");
	xml_element(xml, "caption", NULL, caption);
	xml_open(xml, "tbody");
}

void
html_facts_end(struct xml *xml)
{
	xml_close(xml);
	xml_close(xml);
}

void
html_fact(struct xml *xml, const char *name)
{
	xml_open(xml, "tr");
	xml_open(xml, "th");
	xml_attr(xml, "scope", "row");
	xml_text(xml, name);
	xml_close(xml);
	xml_open(xml, "td");
}

void
html_fact_end(struct xml *xml)
{
	xml_close(xml);
	xml_close(xml);
}

static void
write_time(struct xml *xml, int64_t seconds)
{
	char text[64];
	time_t time = (time_t)seconds;
	struct tm utc = {0};

	if (seconds == 0 || !gmtime_r(&time, &utc) ||
		strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &utc) == 0)
		return;
	xml_textf(xml, ", %s", text);
}

void
html_side(struct xml *xml, const char *name, const struct side *side)
{
	const struct revision *revision = &side->revision;
	const char *id = revision->commit ? revision->commit : revision->tree;

	html_fact(xml, name);
	xml_open(xml, "p");
	xml_element(xml, "strong", NULL, revision->name);
	if (side->chosen_because)
		xml_textf(xml, " (%s)", side->chosen_because);
	xml_close(xml);
	if (id) {
		xml_open(xml, "p");
		if (revision->worktree || revision->index)
			xml_text(xml, "on top of ");
		xml_element(xml, "code", NULL, id);
		write_time(xml, revision->time);
		xml_close(xml);
	}
	if (revision->subject && revision->subject[0])
		xml_element(xml, "p", "muted", revision->subject);
	html_fact_end(xml);
}

static void
write_words(struct xml *xml, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		xml_text(xml, i > 0 ? " " : "");
		xml_element(xml, "code", NULL, words[i]);
	}
}

void
html_toolchain(struct xml *xml, const struct snapshot *snapshot)
{
	html_fact(xml, "Go");
	xml_textf(xml, "%s for %s", snapshot->go_version ? snapshot->go_version : "not known",
		snapshot->target ? snapshot->target : "an unknown target");
	html_fact_end(xml);
	if (snapshot->setting_count > 0) {
		html_fact(xml, "Environment");
		write_words(xml, snapshot->settings, snapshot->setting_count);
		html_fact_end(xml);
	}
	if (snapshot->flag_count == 0)
		return;
	html_fact(xml, "Build flags");
	write_words(xml, snapshot->flags, snapshot->flag_count);
	html_fact_end(xml);
}

void
html_own_words(struct xml *xml, const char *package, const char *side, const char *words)
{
	xml_open(xml, "h3");
	xml_element(xml, "code", NULL, package);
	if (side)
		xml_textf(xml, " in the %s", side);
	xml_close(xml);
	xml_open(xml, "pre");
	xml_attr(xml, "class", "words");
	xml_attr(xml, "tabindex", "0");
	xml_text(xml, words ? words : "go gave no reason");
	xml_close(xml);
}

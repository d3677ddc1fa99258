/* CSV as RFC 4180 has it, for spreadsheets and scripts: a row per finding, and one for each package
 * that was not analysed. */
#include "report/finding_text.h"
#include "report/report.h"
#include "report/terminal.h"
#include "src/base/cleanup.h"

struct row {
	struct buf line;
	FILE *out;
};

static void
row_release(struct row *row)
{
	buf_release(&row->line);
}

static void
begin_field(struct row *row)
{
	if (row->line.n)
		buf_add_char(&row->line, ',');
}

/* Spreadsheets run what begins with one of these as a formula; an apostrophe makes it text
 * (owasp.org, "CSV Injection"). */
static bool
is_formula(struct str text)
{
	return text.n > 0 && memchr("=+-@\t\r", text.p[0], 6) != NULL;
}

static void
field(struct row *row, const char *outside)
{
	CLEANUP(buf_release) struct buf safe = {0};

	begin_field(row);
	terminal_add(&safe, str_of(outside));
	buf_add_char(&row->line, '"');
	if (is_formula(buf_str(&safe)))
		buf_add_char(&row->line, '\'');
	for (size_t i = 0; i < safe.n; i++) {
		if (safe.p[i] == '"')
			buf_add_char(&row->line, '"');
		buf_add_char(&row->line, safe.p[i]);
	}
	buf_add_char(&row->line, '"');
}

/* Empty where there is none. */
static void
number_field(struct row *row, size_t number)
{
	begin_field(row);
	if (number)
		buf_printf(&row->line, "%zu", number);
}

static void
position_fields(struct row *row, const struct position *at)
{
	field(row, at ? at->file : NULL);
	number_field(row, at ? (size_t)at->line : 0);
	number_field(row, at ? (size_t)at->column : 0);
}

static void
end_row(struct row *row)
{
	fwrite(row->line.p, 1, row->line.n, row->out);
	fputs("\r\n", row->out);
	buf_clear(&row->line);
}

static void
put_finding(struct row *row, const struct finding *finding)
{
	const struct escape *escape = finding->escape;
	CLEANUP(buf_release) struct buf holds = {0};

	holds_text(&holds, finding);
	field(row, finding_state_name(finding->state));
	field(row, finding->id);
	field(row, escape_kind_name(escape->kind));
	field(row, allocates_name(escape->allocates));
	field(row, reason_text(escape->reason)->name);
	field(row, escape->package);
	field(row, escape->function);
	field(row, escape->expression);
	field(row, escape->message);
	position_fields(row, &escape->at);
	position_fields(row, finding->base ? &finding->base->at : NULL);
	field(row, finding->cause.text ? cause_kind_name(finding->cause.kind) : NULL);
	field(row, finding->cause.text);
	position_fields(row, &finding->cause.at);
	number_field(row, finding->copy_count);
	field(row, holds.p);
	end_row(row);
}

static void
put_not_analysed(struct row *row, const struct not_analysed *entry)
{
	CLEANUP(buf_release) struct buf text = {0};

	not_analysed_text(&text, entry);
	field(row, "not-analysed");
	for (int i = 0; i < 4; i++)
		field(row, NULL);
	field(row, entry->package);
	field(row, NULL);
	field(row, NULL);
	field(row, text.p);
	for (int i = 0; i < 2; i++)
		position_fields(row, NULL);
	field(row, NULL);
	field(row, NULL);
	position_fields(row, NULL);
	number_field(row, 0);
	field(row, NULL);
	end_row(row);
}

static int
csv_comparison(const struct comparison *comparison, const struct report_options *options, FILE *out,
	struct err *err)
{
	CLEANUP(row_release) struct row row = {.out = out};

	(void)err;
	fputs("state,id,kind,allocates,reason,package,function,expression,message,file,line,column,"
	      "base_file,base_line,base_column,cause,cause_text,cause_file,cause_line,"
	      "cause_column,copies,holds\r\n",
		out);
	for (size_t i = 0; i < comparison->finding_count; i++)
		if (options->all || comparison->findings[i].state != FINDING_UNCHANGED)
			put_finding(&row, &comparison->findings[i]);
	for (size_t i = 0; i < comparison->not_analysed_count; i++)
		put_not_analysed(&row, &comparison->not_analysed[i]);
	return 0;
}

const struct writer csv_writer = {
	.name = "csv",
	.description = "a row per finding, for spreadsheets and scripts",
	.comparison = csv_comparison,
};

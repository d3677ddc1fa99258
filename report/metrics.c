/* OpenMetrics text: numbers for GitLab's metrics report and for Prometheus. */
#include "report/report.h"
#include "report/tally.h"
#include "report/terminal.h"
#include "src/base/cleanup.h"

/* The value of a label, as OpenMetrics 1.0 escapes it. */
static void
put_label(FILE *out, const char *outside)
{
	CLEANUP(buf_release) struct buf safe = {0};

	terminal_add(&safe, str_of(outside));
	for (size_t i = 0; i < safe.n; i++) {
		if (safe.p[i] == '"' || safe.p[i] == '\\')
			putc('\\', out);
		putc(safe.p[i], out);
	}
}

static void
put_family(FILE *out, const char *name, const char *help)
{
	fprintf(out, "# TYPE heapwarden_%s gauge\n# HELP heapwarden_%s %s\n", name, name, help);
}

/* A family of one number. */
static void
put_number(FILE *out, const char *name, const char *help, size_t number)
{
	put_family(out, name, help);
	fprintf(out, "heapwarden_%s %zu\n", name, number);
}

/* A package that was not analysed has no number: zero would look like an improvement. */
static void
put_packages(FILE *out, const struct comparison *comparison)
{
	CLEANUP(tally_release) struct tally tally = {0};

	tally_init(&tally, comparison);
	put_family(out, "package_escapes", "Heap escapes that the compiler printed for a package.");
	for (size_t i = 0; i < tally.count; i++) {
		const struct package_tally *row = &tally.packages[i];
		if (row->failed)
			continue;
		fputs("heapwarden_package_escapes{package=\"", out);
		put_label(out, row->package);
		fprintf(out, "\"} %zu\n", row->head);
	}
}

static int
metrics_comparison(const struct comparison *comparison, const struct report_options *options,
	FILE *out, struct err *err)
{
	const struct summary *summary = &comparison->summary;

	(void)options;
	(void)err;
	put_number(out, "escapes", "Heap escapes that the compiler printed.", summary->head_total);
	put_number(out, "new_escapes", "New heap escapes, each once.", summary->new);
	put_number(out, "fixed_escapes", "Heap escapes that are gone.", summary->fixed);
	put_number(out, "accepted_escapes", "Heap escapes that are accepted.", summary->accepted);
	put_number(out, "lost_inlining",
		"Functions that are no longer inlined, so that calls of them allocate.",
		summary->lost_inlining);
	put_number(out, "packages_not_analysed", "Packages that one of the sides has not built.",
		summary->packages_failed);
	put_packages(out, comparison);
	fputs("# EOF\n", out);
	return 0;
}

const struct writer metrics_writer = {
	.name = "metrics",
	.description = "OpenMetrics text, for GitLab's metrics report and Prometheus",
	.comparison = metrics_comparison,
};

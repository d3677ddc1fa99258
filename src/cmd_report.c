/* heapwarden report: documents out of a document. */
#include "report/document.h"
#include "src/documents.h"
#include "src/policy.h"

/* 2 when something is missing from the result. */
static int
scan_status(const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->package_count; i++)
		if (snapshot->packages[i].error && !snapshot->packages[i].absent)
			return 2;
	return snapshot->lines.not_understood ? 2 : 0;
}

static int
write_comparison(
	const struct document *document, struct options *options, int *status, struct err *err)
{
	/* What is in it is shown: it was asked for when it was written. */
	options->all = document->has_unchanged;
	*status = policy_exit_status(document->comparison.verdict.status);
	return documents_comparison(options, &document->comparison, err);
}

static int
run_report(struct options *options, int *status, struct err *err)
{
	CLEANUP(document_release) struct document document = {0};
	const char *path = options->argument_count ? options->arguments[0] : "-";

	if (options->argument_count > 1)
		return err_set(err, ERR_USAGE, "report reads one file, or standard input");
	if (document_open(&document, path, err) != 0)
		return -1;
	if (!document.is_scan)
		return write_comparison(&document, options, status, err);
	*status = scan_status(&document.head);
	return documents_scan(options, &document.scan, err);
}

const struct command report_command = {
	.name = "report",
	.arguments = "[FILE]",
	.summary = "Write the documents of a run out of its JSON document",
	.details =
		"FILE is what --format json wrote; without it, or when it is -, standard input is "
		"read. What is written is what the run itself would have written, and the exit "
		"status is that of the verdict.",
	.options = FOR_REPORT,
	.run = run_report,
};

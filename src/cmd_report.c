/* heapwarden report: documents out of documents. */
#include <stdlib.h>

#include "report/document.h"
#include "src/documents.h"
#include "src/merge.h"
#include "src/policy.h"

/* What was read, and one comparison of it all. */
struct reading {
	struct document *documents;
	size_t count;
	struct merged merged;
};

static void
reading_release(struct reading *reading)
{
	merge_release(&reading->merged);
	for (size_t i = 0; i < reading->count; i++)
		document_release(&reading->documents[i]);
	free(reading->documents);
}

static int
read_all(struct reading *out, const char *const *paths, size_t count, struct err *err)
{
	out->documents = calloc(count, sizeof *out->documents);
	if (!out->documents)
		abort();
	out->count = count;
	for (size_t i = 0; i < count; i++) {
		if (document_open(&out->documents[i], paths[i], err) != 0)
			return -1;
		if (out->documents[i].is_scan && count > 1)
			return err_set(err, ERR_USAGE,
				"%s is of one tree: only comparisons can be put together",
				paths[i]);
	}
	return 0;
}

static int
merge_all(struct reading *reading, const char *const *paths, struct err *err)
{
	CLEANUP(free_ptr)
	struct merge_part *parts = calloc(reading->count, sizeof *parts);

	if (!parts)
		abort();
	for (size_t i = 0; i < reading->count; i++)
		parts[i] = (struct merge_part){
			&reading->documents[i].comparison, paths[i], reading->documents[i].tool};
	return merge_comparisons(&reading->merged, parts, reading->count, err);
}

static int
write_comparison(struct reading *reading, const char *const *paths, struct options *options,
	int *status, struct err *err)
{
	if (merge_all(reading, paths, err) != 0)
		return -1;
	const struct comparison *comparison = reading->merged.result;
	/* What is in them is shown: it was asked for when they were written. */
	options->all = merge_lists_unchanged(comparison);
	*status = policy_exit_status(comparison->verdict.status);
	return documents_comparison(options, comparison, err);
}

static int
run_report(struct options *options, int *status, struct err *err)
{
	static const char *const standard_input[] = {"-"};
	CLEANUP(reading_release) struct reading reading = {0};
	size_t count = options->argument_count;
	const char *const *paths = count ? options->arguments : standard_input;

	if (read_all(&reading, paths, count ? count : 1, err) != 0)
		return -1;
	if (!reading.documents[0].is_scan)
		return write_comparison(&reading, paths, options, status, err);
	/* As scan: 2 when something is missing from the result. */
	*status = snapshot_is_whole(&reading.documents[0].head) ? 0 : 2;
	return documents_scan(options, &reading.documents[0].scan, err);
}

const struct command report_command = {
	.name = "report",
	.arguments = "[FILE]...",
	.summary = "Write the documents of a run out of its JSON document",
	.details =
		"FILE is what --format json wrote; without it, or when it is -, standard input is "
		"read. What is written is what the run itself would have written, and the exit "
		"status is that of the verdict. Of several files, those of the jobs that compared "
		"the same two revisions for other targets, build flags, modules or packages, one "
		"report with one verdict is made: each finding is in it once, and says where it "
		"holds.",
	.options = FOR_REPORT,
	.run = run_report,
};

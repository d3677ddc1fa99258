/* heapwarden scan: the escapes of one tree. */
#include "src/documents.h"
#include "src/progress.h"
#include "src/recorder.h"
#include "src/settings.h"

static int
run_scan(struct options *options, int *status, struct err *err)
{
	CLEANUP(analysis_close) struct analysis analysis = {0};
	CLEANUP(snapshot_release) struct snapshot snapshot = {0};
	CLEANUP(recording_release) struct recording recording = {0};
	struct scan scan = {.title = "scan", .snapshot = &snapshot};

	scan.side.chosen_because = options->head ? "given with --head" : "the working tree";
	if (analysis_open(&analysis, options, options->arguments, options->argument_count, err) !=
		0)
		return -1;
	settings_take_flags(&analysis);
	if (analysis_resolve(&scan.side.revision, &analysis, options->head, err) != 0 ||
		analysis_choose_go(&analysis, &scan.side.revision, err) != 0 ||
		recorder_record(&recording, &snapshot, NULL, &analysis, &scan.side.revision, err) !=
			0 ||
		recorder_read(&snapshot, &recording, &analysis, &scan.side.revision, err) != 0)
		return -1;
	if (!snapshot_has_packages(&snapshot))
		return err_set(err, ERR_USAGE,
			"no Go package matches: name packages as for go build (./... is all "
			"below)");
	/* 2 when something is missing from the result. */
	*status = snapshot_is_whole(&snapshot) ? 0 : 2;
	progress_clear();
	return documents_scan(options, &scan, err);
}

const struct command scan_command = {
	.name = "scan",
	.arguments = "[PACKAGES]",
	.summary = "List the heap escapes of one tree",
	.details = "PACKAGES are patterns as for go build; none means ./... . go's build flags may "
		   "be given as for go build.",
	.options = FOR_SCAN,
	.run = run_scan,
};

#include "report/report.h"

#include <string.h>

#include "src/base/file.h"

const struct writer *const *
report_writers(void)
{
	static const struct writer *const writers[] = {&text_writer, &json_writer, &junit_writer,
		&html_writer, &sarif_writer, &markdown_writer, &github_writer,
		&github_summary_writer, &codequality_writer, &metrics_writer, &csv_writer,
		&concise_writer, &teamcity_writer, NULL};

	return writers;
}

const struct writer *
report_writer(const char *name)
{
	for (const struct writer *const *writer = report_writers(); *writer; writer++)
		if (strcmp((*writer)->name, name) == 0)
			return *writer;
	return NULL;
}

int
report_comparison(const struct writer *writer, const struct comparison *comparison,
	const struct report_options *options, const char *path, struct err *err)
{
	CLEANUP(file_out_release) struct file_out out = {0};

	if (!writer->comparison)
		return err_set(
			err, ERR_USAGE, "format '%s' cannot show a comparison", writer->name);
	if (file_out_open(&out, path, err) != 0)
		return -1;
	if (writer->comparison(comparison, options, out.fp, err) != 0)
		return err_wrap(err, "%s", path);
	return file_out_commit(&out, err);
}

int
report_scan(const struct writer *writer, const struct scan *scan,
	const struct report_options *options, const char *path, struct err *err)
{
	CLEANUP(file_out_release) struct file_out out = {0};

	if (!writer->scan)
		return err_set(err, ERR_USAGE,
			"format '%s' cannot show the escapes of one tree, only a comparison",
			writer->name);
	if (file_out_open(&out, path, err) != 0)
		return -1;
	if (writer->scan(scan, options, out.fp, err) != 0)
		return err_wrap(err, "%s", path);
	return file_out_commit(&out, err);
}

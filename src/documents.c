#include "src/documents.h"

#include <string.h>

static struct report_options
how(const struct options *options, const struct output *output)
{
	return (struct report_options){
		.all = options->all,
		.colour = options_colour(options, output->path),
		.verbosity = options->verbosity,
		.max_details = options->max_details,
		.junit_extended = options->junit_extended,
		.sarif_all = options->sarif_all,
	};
}

int
documents_comparison(
	const struct options *options, const struct comparison *comparison, struct err *err)
{
	for (size_t i = 0; i < options->output_count; i++) {
		const struct output *output = &options->outputs[i];
		const struct report_options with = how(options, output);
		if (report_comparison(output->writer, comparison, &with, output->path, err) != 0)
			return -1;
	}
	return 0;
}

int
documents_scan(const struct options *options, const struct scan *scan, struct err *err)
{
	for (size_t i = 0; i < options->output_count; i++) {
		const struct output *output = &options->outputs[i];
		const struct report_options with = how(options, output);
		if (report_scan(output->writer, scan, &with, output->path, err) != 0)
			return -1;
	}
	return 0;
}

bool
documents_want_all_facts(const struct options *options)
{
	for (size_t i = 0; i < options->output_count; i++)
		if (options->outputs[i].writer->all_facts)
			return true;
	return false;
}

bool
documents_want_unchanged(const struct options *options)
{
	bool want = options->all;

	for (size_t i = 0; i < options->output_count; i++)
		want = want || options->outputs[i].writer->whole;
	return want;
}

bool
documents_to_stdout(const struct options *options)
{
	for (size_t i = 0; i < options->output_count; i++)
		if (strcmp(options->outputs[i].path, "-") == 0)
			return true;
	return false;
}

/* From results to documents: one writer per format, behind one table. */
#pragma once

#include <stdio.h>

#include "src/base/err.h"
#include "src/comparison.h"
#include "src/snapshot.h"

/* What a writer may be told beside the result itself. */
struct report_options {
	bool all;            /* unchanged findings too */
	bool colour;         /* of this output */
	int verbosity;       /* -1 quiet, 0, 1 … */
	size_t max_details;  /* text: how many findings are shown in full */
	bool junit_extended; /* JUnit: what its schemas do not know: files, lines, properties */
	bool sarif_all;      /* SARIF: what is fixed, moved and accepted as well; with `all` what
				is unchanged */
};

/* The outcome of scan or parse: one tree. */
struct scan {
	const char *title;
	struct side side;
	const struct snapshot *snapshot;
};

/* A format. A writer is a pure function of what it is given: no clock, no environment, no file but
 * `out`. It need not check `out` for write errors, report_write() does. NULL where the format
 * cannot show that kind of result. */
struct writer {
	const char *name, *description;
	bool all_facts; /* of a tree: leaks and inlining too, not only escapes */
	bool whole;     /* shows unchanged findings without being asked: none may be left out */
	int (*comparison)(const struct comparison *, const struct report_options *, FILE *out,
		struct err *err);
	int (*scan)(const struct scan *, const struct report_options *, FILE *out, struct err *err);
};

extern const struct writer text_writer, json_writer, junit_writer, html_writer, sarif_writer,
	markdown_writer, github_writer, github_summary_writer, codequality_writer, metrics_writer,
	csv_writer, concise_writer, teamcity_writer;

/* All formats, ended by NULL. */
const struct writer *const *report_writers(void);

/* The format with that name, or NULL. */
const struct writer *report_writer(const char *name);

/* Write one document to the path ("-": standard output), whole or not at all. */
MUST_CHECK int report_comparison(const struct writer *writer, const struct comparison *comparison,
	const struct report_options *options, const char *path, struct err *err);
MUST_CHECK int report_scan(const struct writer *writer, const struct scan *scan,
	const struct report_options *options, const char *path, struct err *err);

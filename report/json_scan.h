/* The JSON document of one tree. */
#pragma once

#include "report/report.h"

/* As struct writer wants it. */
MUST_CHECK int json_scan(
	const struct scan *scan, const struct report_options *options, FILE *out, struct err *err);

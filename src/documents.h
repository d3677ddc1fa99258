/* The documents that the command line asked for. */
#pragma once

#include "src/options.h"

/* Write each, in the order of the command line; the first that fails ends it. */
MUST_CHECK int documents_comparison(
	const struct options *options, const struct comparison *comparison, struct err *err);
MUST_CHECK int documents_scan(
	const struct options *options, const struct scan *scan, struct err *err);

/* Whether one of them shows more of a tree than its escapes. */
bool documents_want_all_facts(const struct options *options);

/* Whether one of them shows what is unchanged. */
bool documents_want_unchanged(const struct options *options);

/* Whether one of them goes to standard output. */
bool documents_to_stdout(const struct options *options);

/* SARIF: what the parts of its writer share. */
#pragma once

#include "src/comparison.h"

struct json_t;

/* A message: plain text that people read. "](" would make a link of it. Takes no ownership. */
struct json_t *sarif_message(struct str outside);

/* {"uri": …, "uriBaseId": "%SRCROOT%"} of a file of the repository. */
struct json_t *sarif_artifact(const char *file);

/* One result, with its flow, copies, cause and fingerprints; `baseline` where all states are
 * written. */
struct json_t *sarif_result(
	const struct comparison *comparison, const struct finding *finding, bool baseline);

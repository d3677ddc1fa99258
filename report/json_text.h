/* The gate of JSON: outside text as strings, documents that no terminal takes for commands. */
#pragma once

#include <stdio.h>

#include "src/base/err.h"

/* jansson's; only the writers of JSON look into it. */
struct json_t;

/* Bytes from outside as a JSON string, each byte that is no UTF-8 as U+FFFD; NULL becomes null. The
 * caller's. */
struct json_t *json_text(const char *bytes);

/* Write the document, which is taken over, with a newline at its end. What a terminal could take
 * for a command is written as an escape: only strings can hold it. A stream that fails is seen when
 * it is committed. */
MUST_CHECK int json_text_dump(struct json_t *document, FILE *out, struct err *err);

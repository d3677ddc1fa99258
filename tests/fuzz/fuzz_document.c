/* Any bytes are a document: it is refused, or every writer can write it. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/document.h"

static void
write_all(const struct document *document, FILE *out)
{
	const struct report_options options = {.all = true, .max_details = 3};
	struct err err = {0};

	for (const struct writer *const *writer = report_writers(); *writer; writer++) {
		if (document->is_scan && (*writer)->scan)
			(void)(*writer)->scan(&document->scan, &options, out, &err);
		if (!document->is_scan && (*writer)->comparison)
			(void)(*writer)->comparison(&document->comparison, &options, out, &err);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(document_release) struct document document = {0};
	static FILE *nowhere;
	struct err err = {0};

	if (!nowhere && !(nowhere = fopen("/dev/null", "w")))
		abort();
	if (document_read(&document, (struct str){(const char *)data, size}, &err) == 0)
		write_all(&document, nowhere);
	else if (!err.msg[0])
		abort();
	return 0;
}

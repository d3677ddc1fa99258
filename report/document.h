/* A document that the JSON writer made (docs/json.md), read again: from it every writer makes what
 * it would have made in the run itself. */
#pragma once

#include "report/report.h"

/* What is read. The comparison, or the scan, has all that a writer reads of it and of its
 * snapshots, and no more. Everything lives as long as the document. */
struct document {
	struct arena arena;
	bool is_scan;       /* of "heapwarden.snapshot/1": then `scan` and `head` are filled */
	const char *tool;   /* the version that wrote it; "" where it does not say */
	bool has_unchanged; /* it was written with --all, and its unchanged findings are there.
			       Else a function that has some is known by name alone, and has one
			       such finding without an id, a place and all else */
	struct snapshot base, head;
	struct comparison comparison;
	struct scan scan;
};

/*
 * Read the file ("-" is standard input). Nothing in it is believed: what is no whole document, is
 * of another schema, or has members that are not what they must be fails with ERR_FAILED, and the
 * message begins with the path and says what is wrong. Members that are not known are left alone;
 * those that older versions did not write are empty. Release it also after a failure.
 */
MUST_CHECK int document_open(struct document *out, const char *path, struct err *err);

/* The same from memory. */
MUST_CHECK int document_read(struct document *out, struct str bytes, struct err *err);

void document_release(struct document *document);

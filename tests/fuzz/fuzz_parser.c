/* Any bytes are compiler output: the parser must take them, and find the same facts however they
 * are cut. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "parsers/parser.h"

/* Sizes of pieces that cut lines, positions and multi-byte characters at ever new places; 0 is all
 * at once. */
static const size_t whole[] = {0};
static const size_t odd[] = {1, 7, 2, 31, 3, 1, 113, 5};

static void
feed(struct parser *parser, struct str bytes, const size_t *sizes, size_t count)
{
	for (size_t i = 0; bytes.n > 0; i++) {
		size_t n = sizes[i % count];

		if (n == 0 || n > bytes.n)
			n = bytes.n;
		/* A copy of its own lets the sanitizer see reads beyond a piece and after the call.
		 */
		char *piece = malloc(n);

		if (!piece)
			abort();
		memcpy(piece, bytes.p, n);
		parser_feed(parser, (struct str){piece, n});
		free(piece);
		bytes = str_from(bytes, n);
	}
}

static void
parse(struct snapshot *snapshot, const char *go_version, struct str bytes, const size_t *sizes,
	size_t count)
{
	CLEANUP(parser_cleanup) struct parser *parser = NULL;
	struct parser_options options = {.go_version = go_version};
	struct err err = {0};

	if (parser_new(&parser, snapshot, &options, &err) != 0) {
		fprintf(stderr, "%s\n", err.msg);
		abort();
	}
	feed(parser, bytes, sizes, count);
	parser_finish(parser);
}

static bool
same_escape(const struct escape *a, const struct escape *b)
{
	return a->kind == b->kind && a->reason == b->reason && a->allocates == b->allocates &&
	       a->flow_count == b->flow_count && position_compare(&a->at, &b->at) == 0 &&
	       strcmp(a->message, b->message) == 0;
}

static bool
same_facts(const struct snapshot *a, const struct snapshot *b)
{
	if (a->escape_count != b->escape_count || a->leak_count != b->leak_count ||
		a->inlining_count != b->inlining_count || a->call_count != b->call_count ||
		a->package_count != b->package_count)
		return false;
	for (size_t i = 0; i < a->escape_count; i++) {
		if (!same_escape(&a->escapes[i], &b->escapes[i]))
			return false;
	}
	return a->lines.total == b->lines.total && a->lines.summaries == b->lines.summaries &&
	       a->lines.not_needed == b->lines.not_needed &&
	       a->lines.not_understood == b->lines.not_understood;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const versions[] = {NULL, "go1.21.13", "go1.24.13", "go1.26.8"};
	struct str bytes = {(const char *)data, size};

	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		CLEANUP(snapshot_release) struct snapshot at_once = {0};
		CLEANUP(snapshot_release) struct snapshot in_pieces = {0};

		parse(&at_once, versions[i], bytes, whole, 1);
		parse(&in_pieces, versions[i], bytes, odd, sizeof odd / sizeof *odd);
		if (!same_facts(&at_once, &in_pieces)) {
			fprintf(stderr, "facts depend on how the text is cut\n");
			abort();
		}
	}
	return 0;
}

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

/* Names of files that hold what a position is told by. */
static const char *const odd_names[] = {
	"a:1:2: moved to heap: x.go", "h\nj.go", "e`q.go", "q'u.go"};

/* How an input is to be read. */
struct variant {
	const char *go_version;
	bool escapes_only, odd;
	struct parser_patterns *patterns;
};

static void
parse(struct snapshot *snapshot, const struct variant *variant, struct str bytes,
	const size_t *sizes, size_t count)
{
	CLEANUP(parser_cleanup) struct parser *parser = NULL;
	const struct parser_options options = {
		.go_version = variant->go_version,
		.patterns = variant->patterns,
		.escapes_only = variant->escapes_only,
		.odd_names = odd_names,
		.odd_name_count = variant->odd ? sizeof odd_names / sizeof *odd_names : 0,
	};
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

/* The variants take turns by the input's size, so that each input is read in one way alone, and the
 * patterns of a version are compiled once. */
static const struct variant *
variant_of(size_t size)
{
	static struct variant variants[] = {
		{.go_version = NULL},
		{.go_version = "go1.21.13", .odd = true},
		{.go_version = "go1.24.13"},
		{.go_version = "go1.26.8", .odd = true},
		{.go_version = "go1.19.8"},
		{.go_version = "go1.26.8", .escapes_only = true},
	};
	struct variant *variant = &variants[size % (sizeof variants / sizeof *variants)];
	struct err err = {0};

	if (!variant->patterns &&
		parser_patterns_new(&variant->patterns, variant->go_version, &err) != 0) {
		fprintf(stderr, "%s\n", err.msg);
		abort();
	}
	return variant;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = {(const char *)data, size};
	const struct variant *variant = variant_of(size);
	CLEANUP(snapshot_release) struct snapshot at_once = {0};
	CLEANUP(snapshot_release) struct snapshot in_pieces = {0};

	parse(&at_once, variant, bytes, whole, 1);
	parse(&in_pieces, variant, bytes, odd, sizeof odd / sizeof *odd);
	if (!same_facts(&at_once, &in_pieces)) {
		fprintf(stderr, "facts depend on how the text is cut\n");
		abort();
	}
	return 0;
}

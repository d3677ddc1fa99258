/* The compiler's text to facts: a push parser. Feed bytes as they come; no I/O here. */
#pragma once

#include "src/base/err.h"
#include "src/base/str.h"
#include "src/snapshot.h"

struct parser;

/*
 * Turns a file name as the compiler printed it, in the unit of that package, into the name that
 * positions carry, made in `arena`, and tells whose code it is. Called once for each name in a
 * unit, not once per line.
 */
typedef const char *(*parser_resolve_fn)(struct str printed, const char *package,
	enum origin *origin, struct arena *arena, void *ctx);

/* Receives each line that is no message of the compiler: go's own errors and progress, compile
 * errors, gcc's warnings. `package` is the unit that it stands in, NULL outside of any; `known`
 * where it is one of go's notes on what it is doing. The line is without its newline and valid
 * until the call returns; of a line that is too long to be a message it is the beginning. */
typedef void (*parser_line_fn)(struct str line, const char *package, bool known, void *ctx);

/* Receives each message, with the name of its kind and where it is (a file that is NULL: nowhere),
 * before anything is made of it. Text and file are valid until the call returns. */
typedef void (*parser_message_fn)(
	const char *kind, const struct position *at, struct str text, void *ctx);

/* What a version of Go prints, compiled: some milliseconds of work that several parsers can share,
 * one after the other. `go_version` as in struct parser_options. */
struct parser_patterns;
MUST_CHECK int parser_patterns_new(
	struct parser_patterns **out, const char *go_version, struct err *err);
void parser_patterns_free(struct parser_patterns *patterns);

/* Receives each record but go's notes, as it was printed, without its last newline: all that has to
 * be fed again for the same facts. `package` is the unit that it belongs to, "" for none. */
typedef void (*parser_record_fn)(struct str record, const char *package, void *ctx);

struct parser_options {
	const char *go_version; /* "go1.26.8"; NULL when not known: then what only the version could
				   tell is taken from the text */
	struct parser_patterns *patterns; /* of that version; NULL: the parser makes its own */
	bool escapes_only;                /* leave out leaks, inlinings and calls */
	const char *const *odd_names; /* base names of files that hold a colon or a newline: their
					 positions cannot be told from the text alone */
	size_t odd_name_count;
	/* NULL: names stay as printed, without "./", and whose they are is told by their form */
	parser_resolve_fn resolve;
	parser_line_fn on_other;      /* may be NULL */
	parser_message_fn on_message; /* may be NULL */
	parser_record_fn on_record;   /* may be NULL */
	void *ctx;
};

/* A parser that adds facts to *snapshot, which must outlive it, as must what the options point to.
 * Fails only when a pattern does not compile, which is a bug. */
MUST_CHECK int parser_new(struct parser **out, struct snapshot *snapshot,
	const struct parser_options *options, struct err *err);

/* The next piece of output, cut anywhere. Memory is bounded by the facts and by one unit: see
 * RECORD_LIMIT and UNIT_LIMIT for what no compiler prints. */
void parser_feed(struct parser *parser, struct str bytes);

/* The end of the output: the last line and the last unit are completed, the snapshot is sorted. */
void parser_finish(struct parser *parser);

void parser_free(struct parser *parser);
void parser_cleanup(struct parser **parser); /* for CLEANUP() */

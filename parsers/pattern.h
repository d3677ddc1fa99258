/* Patterns as data: one const table per compiler pass, matched with PCRE2. */
#pragma once

#include "parsers/message.h"
#include "src/base/err.h"
#include "src/base/str.h"

/* What a group of a pattern holds. */
enum field {
	FIELD_NONE,
	FIELD_EXPRESSION, /* what is allocated, or the parameter */
	FIELD_FUNCTION,
	FIELD_TO,
	FIELD_FROM,
	FIELD_WHY,
	FIELD_COST,
	FIELD_BUDGET,
	FIELD_LEVEL,
	FIELD_POSITION,
};

#define PATTERN_GROUPS 4

/* The Go versions that print it, as minor numbers: 25 is Go 1.25. 0 leaves that end open. */
struct go_range {
	int since, until;
};

struct pattern {
	enum message_kind kind;
	struct go_range go;
	const char *starts, *ends; /* literal text that each match begins or ends with: tested
				      first, because it is cheaper */
	const char *regex;         /* anchored at both ends, bytes, '.' matches everything */
	enum field groups[PATTERN_GROUPS]; /* what groups 1, 2, … hold */
	const char *example; /* a message that the pattern must match, and no pattern before it */
};

/* The tables, each ended by a row without regex, in the order in which they are tried. */
extern const struct pattern detail_patterns[]; /* of indented lines */
extern const struct pattern escape_patterns[], inline_patterns[], other_patterns[];
extern const struct pattern gocmd_patterns[]; /* of lines without a position */

/* A text that was matched. */
struct message {
	enum message_kind kind;
	const struct pattern *pattern;    /* NULL where none did */
	struct str group[PATTERN_GROUPS]; /* of the pattern: slices of the text */
	size_t group_count;               /* how many of them are set */
};

/* What the message says in that field; empty where its pattern has no such group. */
struct str message_field(const struct message *message, enum field field);

struct pattern_set;

/* For what printed the text, where it is not known: every pattern then. */
#define GO_UNKNOWN 0

/* Compile the tables, given as a NULL-terminated list, as far as Go 1.`minor` prints them. Fails
 * only on a pattern that is wrong. */
MUST_CHECK int pattern_set_new(
	struct pattern_set **out, const struct pattern *const *tables, int minor, struct err *err);

/* Fill *message from the first pattern that matches the whole text; its kind is MESSAGE_NONE where
 * none does. */
void pattern_set_match(struct pattern_set *set, struct str text, struct message *message);

void pattern_set_free(struct pattern_set *set);

/* Append the version of PCRE2 that is used; true where it can compile patterns to machine code. */
bool pattern_library(struct buf *version);

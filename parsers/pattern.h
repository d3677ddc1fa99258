/* Patterns as data: one const table per compiler pass, matched with PCRE2. */
#pragma once

#include "src/base/err.h"
#include "src/base/str.h"

/* What a line of the compiler can be. The order has no meaning. */
enum message_kind {
	MESSAGE_NONE, /* none of the patterns: not understood */
	MESSAGE_NOT_NEEDED,
	/* escape analysis */
	MESSAGE_ESCAPE_HEADER, /* the explanation of an escape begins */
	MESSAGE_LEAK_HEADER,   /* that of a leaking parameter */
	MESSAGE_FLOW,
	MESSAGE_NOTE,
	MESSAGE_ESCAPES,
	MESSAGE_MOVED,
	MESSAGE_NO_ESCAPE,
	MESSAGE_LEAK,
	MESSAGE_LEAK_CONTENT,
	MESSAGE_LEAK_RESULT,
	/* inliner */
	MESSAGE_CAN_INLINE,
	MESSAGE_CANNOT_INLINE,
	MESSAGE_INLINED_CALL,
	/* proof that nothing is allocated (-d=closure=1, escapedebug=1) */
	MESSAGE_STATIC_CLOSURE,
	MESSAGE_STATIC_VALUE,
	/* of the go command */
	MESSAGE_UNIT,
	MESSAGE_GO,
};

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
	FIELD_POSITION,
	FIELD_COUNT,
};

#define PATTERN_GROUPS 4

struct pattern {
	enum message_kind kind;
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

struct message {
	enum message_kind kind;
	struct str field[FIELD_COUNT]; /* slices of the text; empty where the pattern has no such
					  group */
};

struct pattern_set;

/* Compile the tables, given as a NULL-terminated list. Fails only on a pattern that is wrong. */
MUST_CHECK int pattern_set_new(
	struct pattern_set **out, const struct pattern *const *tables, struct err *err);

/* Fill *message from the first pattern that matches the whole text; its kind is MESSAGE_NONE where
 * none does. */
void pattern_set_match(struct pattern_set *set, struct str text, struct message *message);

void pattern_set_free(struct pattern_set *set);

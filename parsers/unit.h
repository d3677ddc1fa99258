/* One package's block of output: collected message by message, joined into facts at its end. The
 * compiler prints explanations first and what they explain later, so nothing can be said of an
 * escape before its unit is complete. */
#pragma once

#include "parsers/parser.h"
#include "parsers/pattern.h"
#include "parsers/position.h"
#include "src/base/intern.h"

/* Where a message is: its position and what is known of it. */
struct place {
	struct position at;
	enum origin origin;
	const char *generated_from; /* as in struct escape */
	bool foreign; /* in a file of another package than the unit's: an instance of its generic
			 code */
};

/* The explanation of an escape or of a leak: its header and the indented lines under it. */
struct explanation {
	struct place place;
	bool leak;                     /* of a parameter, not of an allocation */
	bool moved;                    /* of a variable itself, not of a value: its address flows */
	const char *key;               /* what the summary that it explains has as subject */
	const char *subject;           /* expression, variable or parameter */
	const char *symbol;            /* of its function, as printed from Go 1.25 on; else NULL */
	size_t first_step, step_count; /* in the unit's steps */
	size_t order;                  /* among all of the unit */
	size_t taken;  /* of the first among equals: how many of them a summary has taken */
	size_t escape; /* number of the snapshot's escape that it explains, from 1; 0 while there is
			  none */
};

/* A summary line. */
struct summary {
	enum message_kind kind;
	struct place place;
	const char *key; /* of its explanation */
	const char *subject, *message;
	const char *result; /* of a leak to a result */
	int level;
};

/* A closure or a value that turned out to need no allocation. A variable is named where it is
 * declared, not where it is converted. */
struct static_value {
	struct position at;
	const char *variable; /* "" where it is none */
};

/* A function's declaration, which reaches to the next one. */
struct unit_declaration {
	struct position at;
	const char *function; /* normalised */
};

/* More messages than any compiler prints of a package: std's largest has 1/100 of them. */
#define UNIT_LIMIT ((size_t)4 * 1024 * 1024)

/* Room for one more element, and its address. */
#define GROW(array, count, capacity)                                                               \
	((array) = array_grow((array), &(capacity), (count) + 1, sizeof *(array)),                 \
		&(array)[(count)++])

struct unit {
	struct parser_options options;
	int minor; /* of the Go version; GO_UNKNOWN until the text tells */
	struct snapshot *snapshot;
	struct intern strings;           /* of the snapshot */
	struct intern functions;         /* symbols, each with its normalised name as value */
	struct intern foreign_functions; /* the same of code of other packages */
	struct arena scratch;            /* lives as long as the unit */
	struct intern names;     /* of files as printed, each with its struct file_name as value */
	struct intern selectors; /* ".M" of each method that the unit declares */
	struct intern method_values; /* expressions that a flow shows to be method values */
	const char *package;         /* "" before the first header */
	const char *variant;         /* "example.com/p.test": compiled for its tests; else NULL */
	struct explanation *explanations;
	size_t explanation_count, explanation_capacity;
	struct flow_step *steps;
	size_t step_count, step_capacity;
	const char *flow_to; /* where the steps that come lead */
	struct summary *summaries;
	size_t summary_count, summary_capacity;
	struct static_value *statics;
	struct intern
		static_variables; /* "FUNCTION\nVARIABLE" of statics, at the end of the unit */
	size_t static_count, static_capacity;
	struct unit_declaration *declarations;
	size_t declaration_count, declaration_capacity;
	struct inlined_call *calls;
	size_t call_count, call_capacity;
};

/* {0} before. Borrows both. */
void unit_init(struct unit *unit, const struct parser_options *options, struct snapshot *snapshot);

/* Begin the unit of that package, as it is compiled for the program of that name (empty: for all
 * others); what belonged to the one before must have been joined. */
void unit_begin(struct unit *unit, struct str package, struct str program);

/* Whether it holds so many messages that no more can be taken in. */
bool unit_is_full(const struct unit *unit);

/* Resolve a printed position; strings in the snapshot's arena. */
struct place unit_place(struct unit *unit, const struct located *located);

/* Take in a message of the compiler. `text` is the whole of it. */
void unit_message(struct unit *unit, const struct message *message, struct str text,
	const struct place *place);

/* Take in an indented line, of MESSAGE_FLOW, MESSAGE_NOTE or MESSAGE_CYCLE; false when there is no
 * explanation that it could belong to. */
bool unit_detail(struct unit *unit, const struct message *message, const struct position *at);

/* The enclosing declaration of the symbol of code at that place (parsers/function.h). */
const char *unit_function(struct unit *unit, struct str symbol, const struct place *place);

/* Join what was collected into facts of the snapshot. */
void unit_finish(struct unit *unit);

void unit_release(struct unit *unit);

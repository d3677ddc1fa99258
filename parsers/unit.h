/* One package's block of output: collected line by line, joined into facts at its end. The compiler
 * prints explanations first and what they explain later, so nothing can be said of an escape before
 * its unit is complete. */
#pragma once

#include "parsers/parser.h"
#include "parsers/pattern.h"

/* A file name as printed and what it was resolved to, so that the work is done once per name. */
struct file_name {
	const char *printed, *resolved;
	size_t printed_length;
	enum origin origin;
};

/* The explanation of an escape or of a leak: its header and the indented lines under it. */
struct explanation {
	struct position at;
	enum origin origin;
	bool leak;            /* of a parameter, not of an allocation */
	const char *subject;  /* expression, variable or parameter */
	const char *function; /* as printed from Go 1.25 on; else NULL */
	const char **details; /* raw lines */
	size_t detail_count, detail_capacity;
	size_t order;  /* among all of the unit */
	size_t escape; /* number of the snapshot's escape that it explains, from 1; 0 while there is
			  none */
};

/* A summary line. */
struct summary {
	enum message_kind kind;
	struct position at;
	enum origin origin;
	const char *subject;
	const char *message;
};

/* Room for one more element, and its address. */
#define GROW(array, count, capacity)                                                               \
	((array) = array_grow((array), &(capacity), (count) + 1, sizeof *(array)),                 \
		&(array)[(count)++])

struct unit {
	struct arena scratch; /* lives as long as the unit */
	struct parser_options options;
	struct pattern_set *details;
	const char *package; /* NULL before the first header */
	struct file_name *names;
	size_t name_count, name_capacity, last_name;
	struct explanation *explanations;
	size_t explanation_count, explanation_capacity;
	struct summary *summaries;
	size_t summary_count, summary_capacity;
	struct position *statics; /* closures and values that turned out to need no allocation */
	size_t static_count, static_capacity;
	const char **method_values; /* flow lines that show an expression to be a method value */
	size_t method_value_count, method_value_capacity;
	size_t first_call, first_inlining; /* of this unit, in the snapshot */
};

/* Begin the unit of that package; what belonged to the one before must have been joined. */
void unit_begin(struct unit *unit, struct str package, struct snapshot *snapshot);

/* Resolve a printed position; strings in the snapshot's arena. */
struct position unit_position(struct unit *unit, struct str file, int line, int column,
	enum origin *origin, struct snapshot *snapshot);

/* Take in a message of the compiler. `text` is the whole of it. */
void unit_message(struct unit *unit, const struct message *message, struct str text,
	struct position at, enum origin origin, struct snapshot *snapshot);

/* Take in an indented line; false when there is nothing that it could belong to. */
bool unit_detail(struct unit *unit, struct str text, struct position at);

/* Join what was collected into facts of the snapshot. */
void unit_finish(struct unit *unit, struct snapshot *snapshot);

void unit_release(struct unit *unit);

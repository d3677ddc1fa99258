/* Physical lines to records: what the compiler printed as one message, although a raw string of Go
 * up to 1.21 or a file name with a newline broke it into several lines. */
#pragma once

#include "parsers/position.h"
#include "src/base/str.h"

/* A longer line is no message: literals make lines of some MiB. */
#define RECORD_LIMIT ((size_t)16 * 1024 * 1024)

enum raw_strings {
	RAW_STRINGS_QUOTED, /* Go 1.22 and newer: a message is a line */
	RAW_STRINGS_PRINTED,
	RAW_STRINGS_UNKNOWN, /* joined only where a line alone is not understood */
};

enum line_ends {
	LINE_ENDS_UNKNOWN, /* nothing was read */
	LINE_ENDS_NEWLINE,
	LINE_ENDS_RETURN, /* and a newline, as the first line has it: a log that was saved so */
};

struct record_rules {
	enum raw_strings raw_strings;
	struct odd_names odd;
	/* Take a record of that many lines, in order. One that is not `whole` was too long: it is
	 * the beginning. */
	void (*take)(struct str record, size_t lines, bool whole, void *ctx);
	bool (*is_understood)(struct str record, void *ctx);
	void *ctx;
};

/* {0} with its rules set is at the beginning. */
struct record_reader {
	struct record_rules rules;
	struct buf partial; /* the beginning of a line whose end has not come yet */
	struct buf held;    /* lines that wait for what belongs to them */
	size_t held_lines;
	bool in_raw_string; /* at the end of what is held */
	bool skipping;      /* the rest of a line that is too long */
	enum line_ends line_ends;
};

/* The next piece of output, cut anywhere. Records are valid until `take` returns. Lines that were
 * held in vain are taken one by one. */
void record_feed(struct record_reader *reader, struct str bytes);

/* The end of the output. */
void record_finish(struct record_reader *reader);

void record_release(struct record_reader *reader);

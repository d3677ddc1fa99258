/* Why a value is on the heap: the classes, and what to tell a person about each. */
#pragma once

#include <stddef.h>

enum reason {
	REASON_UNKNOWN,
	REASON_RETURNED,
	REASON_STORED,
	REASON_SENT,
	REASON_INTERFACE,
	REASON_CLOSURE,
	REASON_GOROUTINE,
	REASON_CALL,
	REASON_TOO_LARGE,
	REASON_UNKNOWN_SIZE,
	REASON_APPEND,
	REASON_NOT_INLINED,
	REASON_BIG_CALLER,
	REASON_COUNT,
};

struct reason_text {
	const char *name; /* the word in reports: "returned", "too large" */
	const char *what; /* one plain sentence: what happened */
	const char *why;  /* one that says why this forces the heap, for those who have not met
			     escape analysis */
	const char
		*hints[3]; /* things to try, the most promising first; NULL-terminated when fewer */
};

/* The texts of a reason; constant data. */
const struct reason_text *reason_text(enum reason reason);

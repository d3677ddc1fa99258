/* What a line of the compiler's output can be, and what becomes of it. */
#pragma once

#include <stdbool.h>

enum message_kind {
	MESSAGE_NONE, /* none of the patterns: not understood */
	/* escape analysis */
	MESSAGE_ESCAPE_HEADER, /* the explanation of an escape begins */
	MESSAGE_LEAK_HEADER,   /* that of a leaking parameter */
	MESSAGE_FLOW,
	MESSAGE_NOTE,
	MESSAGE_CYCLE, /* the explanation is cut short */
	MESSAGE_ESCAPES,
	MESSAGE_MOVED,
	MESSAGE_NO_ESCAPE,
	MESSAGE_LEAK,
	MESSAGE_LEAK_CONTENT,
	MESSAGE_LEAK_RESULT,
	MESSAGE_CAPTURE,
	MESSAGE_ZERO_COPY,
	MESSAGE_SELF_ASSIGNMENT,
	MESSAGE_UINTPTR,
	MESSAGE_MUTATION,
	/* inliner, devirtualizer */
	MESSAGE_CAN_INLINE,
	MESSAGE_CANNOT_INLINE,
	MESSAGE_INLINED_CALL,
	MESSAGE_CALL_NOT_INLINED,
	MESSAGE_BIG_FUNCTION,
	MESSAGE_DEVIRTUALIZED,
	MESSAGE_NOT_DEVIRTUALIZED,
	/* where closures and values in interfaces are (-d=closure=1, escapedebug=1) */
	MESSAGE_STATIC_CLOSURE, /* these two prove that nothing is allocated */
	MESSAGE_STATIC_VALUE,
	MESSAGE_CLOSURE,
	MESSAGE_STACK_VALUE,
	/* other passes */
	MESSAGE_BOUNDS_CHECK,
	MESSAGE_KEPT_ALIVE,
	MESSAGE_LOOP_VARIABLE,
	MESSAGE_LIVENESS,
	/* not of the compiler */
	MESSAGE_UNIT, /* the header of a package's block */
	MESSAGE_GO,   /* what go or the C compiler say of their work */
	MESSAGE_KIND_COUNT,
};

/* "escapes", "leak-result", …; "not-understood" for MESSAGE_NONE. */
const char *message_kind_name(enum message_kind kind);

/* Whether nothing is made of such a message: it is known, and counted. */
bool message_is_not_needed(enum message_kind kind);

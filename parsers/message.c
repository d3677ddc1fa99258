#include "parsers/message.h"

static const struct {
	const char *name;
	bool not_needed;
} kinds[MESSAGE_KIND_COUNT] = {
	[MESSAGE_NONE] = {"not-understood", false},
	[MESSAGE_ESCAPE_HEADER] = {"escape-header", false},
	[MESSAGE_LEAK_HEADER] = {"leak-header", false},
	[MESSAGE_FLOW] = {"flow", false},
	[MESSAGE_NOTE] = {"note", false},
	[MESSAGE_CYCLE] = {"cycle", true},
	[MESSAGE_ESCAPES] = {"escapes", false},
	[MESSAGE_MOVED] = {"moved", false},
	[MESSAGE_NO_ESCAPE] = {"no-escape", false},
	[MESSAGE_LEAK] = {"leak", false},
	[MESSAGE_LEAK_CONTENT] = {"leak-content", false},
	[MESSAGE_LEAK_RESULT] = {"leak-result", false},
	[MESSAGE_CAPTURE] = {"capture", true},
	[MESSAGE_ZERO_COPY] = {"zero-copy", true},
	[MESSAGE_SELF_ASSIGNMENT] = {"self-assignment", true},
	[MESSAGE_UINTPTR] = {"uintptr", true},
	[MESSAGE_MUTATION] = {"mutation", true},
	[MESSAGE_CAN_INLINE] = {"can-inline", false},
	[MESSAGE_CANNOT_INLINE] = {"cannot-inline", false},
	[MESSAGE_INLINED_CALL] = {"inlined-call", false},
	[MESSAGE_CALL_NOT_INLINED] = {"call-not-inlined", true},
	[MESSAGE_BIG_FUNCTION] = {"big-function", false},
	[MESSAGE_DEVIRTUALIZED] = {"devirtualized", true},
	[MESSAGE_NOT_DEVIRTUALIZED] = {"not-devirtualized", true},
	[MESSAGE_STATIC_CLOSURE] = {"static-closure", false},
	[MESSAGE_STATIC_VALUE] = {"static-value", false},
	[MESSAGE_CLOSURE] = {"closure", true},
	[MESSAGE_STACK_VALUE] = {"stack-value", true},
	[MESSAGE_BOUNDS_CHECK] = {"bounds-check", true},
	[MESSAGE_KEPT_ALIVE] = {"kept-alive", true},
	[MESSAGE_LOOP_VARIABLE] = {"loop-variable", true},
	[MESSAGE_LIVENESS] = {"liveness", true},
	[MESSAGE_UNIT] = {"unit", false},
	[MESSAGE_GO] = {"go", false},
};

const char *
message_kind_name(enum message_kind kind)
{
	return kinds[kind].name;
}

bool
message_is_not_needed(enum message_kind kind)
{
	return kinds[kind].not_needed;
}

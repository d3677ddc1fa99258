/* Escape analysis: cmd/compile/internal/escape. The wording changed once, in Go 1.25. */
#include "parsers/pattern.h"
#include "parsers/symbol.h"

/* Why a value is passed on: cmd/compile/internal/escape, the calls of (hole).note. */
#define WHY                                                                                        \
	"spill|assign|assign-pair|return|address-of|call parameter|interface-converted|dot|"       \
	"dot of pointer|indirection|slice|range|range-deref|reference|captured by a closure|"      \
	"struct literal element|slice-literal-element|array literal element|map literal key|"      \
	"map literal value|key of map put|appendee slice|appended slice\\.\\.\\.|copied slice|"    \
	"fixed-array-index-of|slice-to-array|switch case|send|too large for stack|"                \
	"too aligned for stack|non-constant size|zero-sized element|assign-pair-dot-type|"         \
	"assign-pair-mapr|assign-pair-receive|conversion to unsafe\\.Pointer|"                     \
	"reflect\\.Header\\.Data|//go:uintptrescapes|callee operand"

/* A position at the end of a line. */
#define AT "((?:.*:\\d+(?::\\d+)?(?:\\[.*:\\d+\\])?)|<unknown line number>)"

/* What a flow goes to and comes from: {heap}, {temp}, {storage for EXPRESSION} or a variable. */
#define FLOW_TO "(\\{.*?\\}|\\S+)"
#define FLOW_FROM "((?:&|\\*+)?(?:\\{.*\\}|\\S+))"

const struct pattern detail_patterns[] = {
	{MESSAGE_NOTE, {0, 0}, "    from ", NULL, "    from (.*) \\((" WHY ")\\) at " AT,
		{FIELD_FROM, FIELD_WHY, FIELD_POSITION}, "    from return &x (return) at a.go:7:2"},
	/* a reason that a newer version has */
	{MESSAGE_NOTE, {0, 0}, "    from ", NULL, "    from (.*) \\(([^()]*)\\) at " AT,
		{FIELD_FROM, FIELD_WHY, FIELD_POSITION}, "    from &x (teleported) at a.go:7:2"},
	{MESSAGE_FLOW, {25, 0}, "  flow: ", ":", "  flow: " FLOW_TO " \xe2\x86\x90 " FLOW_FROM ":",
		{FIELD_TO, FIELD_FROM}, "  flow: {heap} \xe2\x86\x90 &{storage for new(int)}:"},
	{MESSAGE_FLOW, {0, 24}, "  flow: ", ":", "  flow: " FLOW_TO " = " FLOW_FROM ":",
		{FIELD_TO, FIELD_FROM}, "  flow: {heap} = &{storage for x + \" = \"}:"},
	{MESSAGE_CYCLE, {0, 0}, "  warning: truncated explanation", NULL,
		"  warning: truncated explanation due to assignment cycle; see golang\\.org/issue/"
		"\\d+",
		{0},
		"  warning: truncated explanation due to assignment cycle; see "
		"golang.org/issue/35518"},
	{0},
};

const struct pattern escape_patterns[] = {
	{MESSAGE_ESCAPES, {0, 0}, NULL, " escapes to heap", "(.*) escapes to heap",
		{FIELD_EXPRESSION}, "make([]int, n) escapes to heap"},
	{MESSAGE_NO_ESCAPE, {0, 0}, NULL, " does not escape", "(.*) does not escape",
		{FIELD_EXPRESSION}, "... argument does not escape"},
	{MESSAGE_MOVED, {0, 0}, "moved to heap: ", NULL, "moved to heap: ([^ :]+)",
		{FIELD_EXPRESSION}, "moved to heap: x"},
	{MESSAGE_LEAK_CONTENT, {0, 0}, "leaking param content: ", NULL,
		"leaking param content: (.*)", {FIELD_EXPRESSION}, "leaking param content: b"},
	{MESSAGE_LEAK_RESULT, {0, 0}, "leaking param: ", NULL,
		"leaking param: (.*) to result (.*) level=(-?\\d+)",
		{FIELD_EXPRESSION, FIELD_TO, FIELD_LEVEL},
		"leaking param: p to result ~r0 level=0"},
	{MESSAGE_LEAK, {0, 0}, "leaking param: ", NULL, "leaking param: (.*)", {FIELD_EXPRESSION},
		"leaking param: p"},
	{MESSAGE_LEAK_HEADER, {25, 0}, "parameter ", ":",
		DEFINE_INNER "parameter (.*) leaks to (.*) for " SYMBOL " with derefs=\\d+:",
		{FIELD_NONE, FIELD_EXPRESSION, FIELD_TO, FIELD_FUNCTION},
		"parameter p leaks to {heap} for (*Store).Get with derefs=0:"},
	{MESSAGE_LEAK_HEADER, {0, 24}, "parameter ", ":",
		"parameter (.*) leaks to (.*) with derefs=\\d+:", {FIELD_EXPRESSION, FIELD_TO},
		"parameter p leaks to {storage for x for y} with derefs=0:"},
	{MESSAGE_ESCAPE_HEADER, {0, 24}, NULL, " escapes to heap:", "(.*) escapes to heap:",
		{FIELD_EXPRESSION}, "&T{...} escapes to heap:"},
	{MESSAGE_ESCAPE_HEADER, {25, 0}, NULL, ":",
		DEFINE_INNER "(.*) escapes to heap in " SYMBOL ":",
		{FIELD_NONE, FIELD_EXPRESSION, FIELD_FUNCTION},
		"&T{...} escapes to heap in (*List[go.shape.struct { A int \"x escapes to heap in "
		"H:\" }]).Push:"},
	{MESSAGE_CAPTURE, {0, 0}, NULL, ")",
		".* capturing by (?:ref|value): .* \\(addr=\\w+ assign=\\w+ width=-?\\d+\\)", {0},
		"Go capturing by value: .autotmp_1 (addr=false assign=false width=8)"},
	{MESSAGE_ZERO_COPY, {22, 0}, "zero-copy string->[]byte conversion", NULL,
		"zero-copy string->\\[\\]byte conversion", {0},
		"zero-copy string->[]byte conversion"},
	{MESSAGE_UINTPTR, {0, 0}, "assuming ", " is unsafe uintptr",
		"assuming .* is unsafe uintptr", {0}, "assuming ~p1 is unsafe uintptr"},
	{MESSAGE_UINTPTR, {0, 0}, "marking ", NULL, "marking .* as escaping (?:\\.\\.\\.)?uintptr",
		{0}, "marking p as escaping uintptr"},
	/* -d=escapemutationscalls */
	{MESSAGE_NO_ESCAPE, {22, 0}, NULL, " does not escape, mutate, or call",
		"(.*) does not escape, mutate, or call", {FIELD_EXPRESSION},
		"p does not escape, mutate, or call"},
	{MESSAGE_MUTATION, {22, 0}, "mutates param: ", NULL, "mutates param: .* derefs=\\d+", {0},
		"mutates param: b derefs=0"},
	{MESSAGE_MUTATION, {22, 0}, "calls param: ", NULL, "calls param: .* derefs=\\d+", {0},
		"calls param: f derefs=0"},
	{MESSAGE_SELF_ASSIGNMENT, {0, 0}, NULL, NULL, ".* ignoring self-assignment in .*", {0},
		"SelfAssign ignoring self-assignment in t.buf = t.buf[1:]"},
	{0},
};

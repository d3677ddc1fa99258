/* Escape analysis: cmd/compile/internal/escape. The wording changed once, in Go 1.25. */
#include "parsers/pattern.h"

/*
 * A function's symbol name: brackets and quotes balanced, no blanks outside of them but in "struct
 * {" and "interface {" (methods that a type without a name was promoted). Names of generic
 * instances hold whole struct types, whose tags can read like a diagnostic; without the balance the
 * text could be split inside of one.
 */
#define QUOTED "\"(?:[^\"\\\\]|\\\\.)*+\""
#define BRACKETS "\\[(?&inner)\\]|\\((?&inner)\\)|\\{(?&inner)\\}|" QUOTED
#define DEFINE_INNER "(?(DEFINE)(?<inner>(?:[^][(){}\"]++|" BRACKETS ")*+))"
#define SYMBOL "((?:[^][(){}\" ]|(?:struct|interface) (?=\\{)|" BRACKETS ")+)"

const struct pattern detail_patterns[] = {
	{MESSAGE_FLOW, "  flow: ", ":", "  flow: (.*) (?:\xe2\x86\x90|=) (.*):",
		{FIELD_TO, FIELD_FROM}, "  flow: {heap} \xe2\x86\x90 &{storage for new(int)}:"},
	{MESSAGE_NOTE, "    from ", NULL, "    from (.*) \\(([^()]*)\\) at (.*)",
		{FIELD_FROM, FIELD_WHY, FIELD_POSITION}, "    from return &x (return) at a.go:7:2"},
	{MESSAGE_NOT_NEEDED, "  warning: truncated explanation", NULL,
		"  warning: truncated explanation.*", {0},
		"  warning: truncated explanation due to assignment cycle; see "
		"golang.org/issue/35518"},
	{0},
};

const struct pattern escape_patterns[] = {
	{MESSAGE_MOVED, "moved to heap: ", NULL, "moved to heap: (.*)", {FIELD_EXPRESSION},
		"moved to heap: x"},
	{MESSAGE_LEAK_CONTENT, "leaking param content: ", NULL, "leaking param content: (.*)",
		{FIELD_EXPRESSION}, "leaking param content: b"},
	{MESSAGE_LEAK_RESULT, "leaking param: ", NULL,
		"leaking param: (.*) to result (.*) level=-?\\d+", {FIELD_EXPRESSION, FIELD_TO},
		"leaking param: p to result ~r0 level=0"},
	{MESSAGE_LEAK, "leaking param: ", NULL, "leaking param: (.*)", {FIELD_EXPRESSION},
		"leaking param: p"},
	{MESSAGE_LEAK_HEADER, "parameter ", ":",
		DEFINE_INNER "parameter (.*) leaks to (.*) for " SYMBOL " with derefs=\\d+:",
		{FIELD_NONE, FIELD_EXPRESSION, FIELD_TO, FIELD_FUNCTION},
		"parameter p leaks to {heap} for (*Store).Get with derefs=0:"},
	{MESSAGE_LEAK_HEADER, "parameter ", ":",
		"parameter (.*) leaks to (.*) with derefs=\\d+:", {FIELD_EXPRESSION, FIELD_TO},
		"parameter p leaks to {storage for x for y} with derefs=0:"},
	{MESSAGE_ESCAPES, NULL, " escapes to heap", "(.*) escapes to heap", {FIELD_EXPRESSION},
		"make([]int, n) escapes to heap"},
	{MESSAGE_NO_ESCAPE, NULL, " does not escape", "(.*) does not escape", {FIELD_EXPRESSION},
		"... argument does not escape"},
	{MESSAGE_ESCAPE_HEADER, NULL, " escapes to heap:", "(.*) escapes to heap:",
		{FIELD_EXPRESSION}, "&T{...} escapes to heap:"},
	{MESSAGE_ESCAPE_HEADER, NULL, ":", DEFINE_INNER "(.*) escapes to heap in " SYMBOL ":",
		{FIELD_NONE, FIELD_EXPRESSION, FIELD_FUNCTION},
		"&T{...} escapes to heap in (*List[go.shape.struct { A int \"x escapes to heap in "
		"H:\" }]).Push:"},
	{MESSAGE_NOT_NEEDED, NULL, ")",
		".* capturing by (?:ref|value): .* \\(addr=\\w+ assign=\\w+ width=-?\\d+\\)", {0},
		"Go capturing by value: .autotmp_1 (addr=false assign=false width=8)"},
	{MESSAGE_NOT_NEEDED, "zero-copy string->[]byte conversion", NULL,
		"zero-copy string->\\[\\]byte conversion", {0},
		"zero-copy string->[]byte conversion"},
	{MESSAGE_NOT_NEEDED, NULL, NULL, ".* ignoring self-assignment in .*", {0},
		"SelfAssign ignoring self-assignment in t.buf = t.buf[1:]"},
	{MESSAGE_NOT_NEEDED, "assuming ", " is unsafe uintptr", "assuming .* is unsafe uintptr",
		{0}, "assuming ~p1 is unsafe uintptr"},
	{MESSAGE_NOT_NEEDED, "marking ", NULL, "marking .* as escaping (?:\\.\\.\\.)?uintptr", {0},
		"marking p as escaping uintptr"},
	{MESSAGE_NO_ESCAPE, NULL, " does not escape, mutate, or call",
		"(.*) does not escape, mutate, or call", {FIELD_EXPRESSION},
		"p does not escape, mutate, or call"},
	{MESSAGE_NOT_NEEDED, NULL, NULL, "(?:mutates|calls) param: .* derefs=\\d+", {0},
		"mutates param: b derefs=0"},
	{0},
};

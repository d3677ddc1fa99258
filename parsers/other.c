/* What other passes print under -m=2 and under -d flags that go with it. */
#include "parsers/pattern.h"

const struct pattern other_patterns[] = {
	{MESSAGE_BOUNDS_CHECK, {0, 0}, "index bounds check elided", NULL,
		"index bounds check elided", {0}, "index bounds check elided"},
	/* -d=closure=1 */
	{MESSAGE_STATIC_CLOSURE, {0, 0}, "closure converted to global", NULL,
		"closure converted to global", {0}, "closure converted to global"},
	{MESSAGE_CLOSURE, {0, 0}, "heap closure, ", "]", "heap closure, captured vars = \\[.*\\]",
		{0}, "heap closure, captured vars = [.autotmp_1]"},
	{MESSAGE_CLOSURE, {0, 0}, "stack closure, ", "]", "stack closure, captured vars = \\[.*\\]",
		{0}, "stack closure, captured vars = [x y]"},
	/* -d=escapedebug */
	{MESSAGE_STATIC_VALUE, {25, 0}, "convert: using global for ", NULL,
		"convert: using global for (?:(?:zero-sized|single-byte|zero value) )?interface "
		"value(?:: (.*))?",
		{FIELD_EXPRESSION}, "convert: using global for interface value: .stmp_0"},
	{MESSAGE_STACK_VALUE, {25, 0}, "convert: using stack temporary for interface value", NULL,
		"convert: using stack temporary for interface value.*", {0},
		"convert: using stack temporary for interface value: .autotmp_3"},
	{MESSAGE_STACK_VALUE, {25, 0}, "rewriting OCONVIFACE value from ", NULL,
		"rewriting OCONVIFACE value from .* to .*", {0},
		"rewriting OCONVIFACE value from x (int) to ~v (int)"},
	/* for b.Loop() bodies, Go 1.26 */
	{MESSAGE_KEPT_ALIVE, {26, 0}, NULL, " will be kept alive",
		"(?:.*\\..*|expr|dereference|function results?|function arg) will be kept alive",
		{0}, "fmt.Sprint will be kept alive"},
	{MESSAGE_KEPT_ALIVE, {26, 0}, "expr is unknown to bloop pass", NULL,
		"expr is unknown to bloop pass", {0}, "expr is unknown to bloop pass"},
	{MESSAGE_KEPT_ALIVE, {26, 0}, "unrecognized shape for assign list stmt", NULL,
		"unrecognized shape for assign list stmt for blank assignment", {0},
		"unrecognized shape for assign list stmt for blank assignment"},
	/* -d=loopvar=2 */
	{MESSAGE_LOOP_VARIABLE, {21, 0}, "loop variable ", NULL,
		"loop variable .* now per-iteration, .*", {0},
		"loop variable i now per-iteration, heap-allocated"},
	{MESSAGE_LOOP_VARIABLE, {21, 0}, NULL, NULL, "\\S+ loop ending at .*", {0},
		"range loop ending at a.go:9"},
	/* -live */
	{MESSAGE_LIVENESS, {0, 0}, "live at ", NULL, "live at (?:call to|entry to) .*: .*", {0},
		"live at call to f: x y"},
	{MESSAGE_LIVENESS, {0, 0}, "stack object ", NULL, "stack object .*", {0},
		"stack object x T"},
	/* of the C compiler, in packages that use cgo */
	{MESSAGE_GO, {0, 0}, "warning: ", NULL, "warning: .*", {0},
		"warning: #warning old [-Wcpp]"},
	{MESSAGE_GO, {0, 0}, "note: ", NULL, "note: .*", {0}, "note: declared here"},
	{0},
};

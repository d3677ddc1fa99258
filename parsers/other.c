/* What other passes print under -m=2 and the -d flags that we ask for. */
#include "parsers/pattern.h"

const struct pattern other_patterns[] = {
	{MESSAGE_NOT_NEEDED, "index bounds check elided", NULL, "index bounds check elided", {0},
		"index bounds check elided"},
	{MESSAGE_STATIC_CLOSURE, "closure converted to global", NULL, "closure converted to global",
		{0}, "closure converted to global"},
	{MESSAGE_NOT_NEEDED, NULL, "]", "(?:heap|stack) closure, captured vars = \\[.*\\]", {0},
		"heap closure, captured vars = [.autotmp_1]"},
	{MESSAGE_STATIC_VALUE, "convert: using global for ", NULL,
		"convert: using global for (?:(?:zero-sized|single-byte|zero value) )?interface "
		"value.*",
		{0}, "convert: using global for interface value: .stmp_0"},
	{MESSAGE_NOT_NEEDED, "convert: using stack temporary for interface value", NULL,
		"convert: using stack temporary for interface value.*", {0},
		"convert: using stack temporary for interface value: .autotmp_3"},
	/* of the C compiler, in packages that use cgo */
	{MESSAGE_GO, NULL, NULL, "(?:warning|note): .*", {0}, "warning: #warning old [-Wcpp]"},
	/* for b.Loop() bodies, Go 1.26 */
	{MESSAGE_NOT_NEEDED, NULL, " will be kept alive",
		"(?:.*\\..*|expr|dereference|function results?|function arg) will be kept alive",
		{0}, "fmt.Sprint will be kept alive"},
	{MESSAGE_NOT_NEEDED, "expr is unknown to bloop pass", NULL, "expr is unknown to bloop pass",
		{0}, "expr is unknown to bloop pass"},
	{MESSAGE_NOT_NEEDED, "unrecognized shape for assign list stmt", NULL,
		"unrecognized shape for assign list stmt for blank assignment", {0},
		"unrecognized shape for assign list stmt for blank assignment"},
	{0},
};

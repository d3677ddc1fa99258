/* The inliner and the devirtualizer: cmd/compile/internal/inline, devirtualize, pgoir. */
#include "parsers/pattern.h"
#include "parsers/symbol.h"

/* Why a function cannot be inlined, beside its cost: inl.go, CanInline and hairyVisitor. */
#define WHY_NOT                                                                                    \
	"(marked go:\\w+(?: with -race compilation)?|marked as having [\\w -]+|no function "       \
	"body|no name|recursive|type eq/hash function|"                                            \
	"call to \\w+|unhandled op \\w+|not inlining functions with closures|"                     \
	"defer call in range func)"

const struct pattern inline_patterns[] = {
	{MESSAGE_INLINED_CALL, {0, 0}, "inlining call to ", NULL,
		"inlining call to ((?:[^ ]++| (?!with score ))*+)(?: with score -?\\d+)?",
		{FIELD_FUNCTION}, "inlining call to (*List[go.shape.int]).Push"},
	{MESSAGE_CAN_INLINE, {0, 0}, "can inline ", " }",
		DEFINE_INNER "can inline " SYMBOL " with cost (\\d+) as: .* \\}",
		{FIELD_NONE, FIELD_FUNCTION, FIELD_COST},
		"can inline small with cost 8 as: func() *int { x := 1; return &x }"},
	{MESSAGE_CAN_INLINE, {0, 0}, "can inline ", NULL, "can inline ((?:(?! with cost ).)*)",
		{FIELD_FUNCTION}, "can inline small"},
	{MESSAGE_CANNOT_INLINE, {0, 0}, "cannot inline ", NULL,
		"cannot inline (.*): (function too complex: cost (\\d+) exceeds budget (\\d+))",
		{FIELD_FUNCTION, FIELD_WHY, FIELD_COST, FIELD_BUDGET},
		"cannot inline Use: function too complex: cost 432 exceeds budget 80"},
	{MESSAGE_CANNOT_INLINE, {0, 0}, "cannot inline ", NULL, "cannot inline (.*): " WHY_NOT,
		{FIELD_FUNCTION, FIELD_WHY}, "cannot inline (*T).M: marked go:noinline"},
	{MESSAGE_CALL_NOT_INLINED, {0, 0}, "cannot inline ", ": repeated recursive cycle",
		"cannot inline .* into .*: repeated recursive cycle", {0},
		"cannot inline MutB into MutA: repeated recursive cycle"},
	{MESSAGE_CALL_NOT_INLINED, {24, 25}, "skip inlining within testing.B.loop for ", NULL,
		"skip inlining within testing\\.B\\.loop for .*", {0},
		"skip inlining within testing.B.loop for for loop"},
	{MESSAGE_BIG_FUNCTION, {21, 0}, "function ", "; reducing max cost of inlinees",
		"function (.*) considered 'big'; reducing max cost of inlinees", {FIELD_FUNCTION},
		"function main considered 'big'; reducing max cost of inlinees"},
	{MESSAGE_DEVIRTUALIZED, {0, 0}, "devirtualizing ", NULL, "devirtualizing .* to .*", {0},
		"devirtualizing e.F to *impl"},
	{MESSAGE_DEVIRTUALIZED, {0, 0}, "partially devirtualizing ", NULL,
		"partially devirtualizing .* to .*", {0}, "partially devirtualizing e.F to *impl"},
	{MESSAGE_DEVIRTUALIZED, {21, 0}, "PGO devirtualizing ", NULL, "PGO devirtualizing .* to .*",
		{0}, "PGO devirtualizing interface call w.Work to (*A).Work"},
	{MESSAGE_NOT_DEVIRTUALIZED, {21, 0}, "cannot devirtualize ", NULL,
		"cannot devirtualize .*: shaped (?:receiver|interface) .*", {0},
		"cannot devirtualize t.String: shaped receiver go.shape.int"},
	{MESSAGE_NOT_DEVIRTUALIZED, {0, 21}, "failed to devirtualize ", NULL,
		"failed to devirtualize .*", {0}, "failed to devirtualize x.M (OCALL)"},
	{MESSAGE_NOT_DEVIRTUALIZED, {21, 0}, "should not PGO devirtualize ", NULL,
		"should not PGO devirtualize .*", {0},
		"should not PGO devirtualize f: callee not found"},
	{MESSAGE_NOT_DEVIRTUALIZED, {21, 0}, "imprecise interface call", NULL,
		"imprecise interface call", {0}, "imprecise interface call"},
	{0},
};

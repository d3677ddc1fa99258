/* Lines without a position: the go command's headers, and the few messages that the compiler prints
 * without one. */
#include "parsers/pattern.h"

const struct pattern gocmd_patterns[] = {
	/* "# pkg", "# pkg [variant]": cmd/go/internal/work, (*Shell).reportCmd */
	{MESSAGE_UNIT, {0, 0}, "# ", NULL, "# ([^\\s:\\[]\\S*)(?: \\[([^]\\s]+)\\])?",
		{FIELD_FUNCTION, FIELD_WHY}, "# example.com/p [example.com/p.test]"},
	{MESSAGE_GO, {0, 0}, "go: ", NULL,
		"go: (?:downloading|extracting|finding|upgraded|added) .*", {0},
		"go: downloading example.com/dep v1.2.3"},
	{MESSAGE_GO, {0, 0}, "go: ", NULL, "go: warning: .*", {0},
		"go: warning: \"./x/...\" matched no packages"},
	/* up to Go 1.20, which builds what asks for a newer Go as far as it can */
	{MESSAGE_GO, {0, 20}, "note: module requires Go ", NULL, "note: module requires Go .*", {0},
		"note: module requires Go 1.21"},
	/* of the C compiler: what stands around its warnings */
	{MESSAGE_GO, {0, 0}, " ", NULL, " +(?:\\d+ )?\\|.*", {0}, "    5 | #warning old"},
	{MESSAGE_GO, {0, 0}, "In file included from ", NULL, "In file included from .*", {0},
		"In file included from a.go:3:"},
	{MESSAGE_GO, {0, 0}, " ", NULL, " +from .*[:,]", {0}, "                 from a.go:3:"},
	{MESSAGE_GO, {0, 0}, NULL, ":", ".*: (?:In function .*|At top level):", {0},
		"a.c: In function 'f':"},
	/* variables that the compiler made for range over functions have no position (Go 1.23) */
	{MESSAGE_MOVED, {23, 0}, "moved to heap: ", NULL, "moved to heap: ((?:\\w+\\.)?#\\w+)",
		{FIELD_EXPRESSION}, "moved to heap: server.#next"},
	{MESSAGE_CAPTURE, {23, 0}, NULL, ")", "\\S.* capturing by (?:ref|value): (?:\\w+\\.)?#.*",
		{0},
		"gsl.(*Sublist[go.shape.struct {}]).Insert capturing by ref: gsl.#next (addr=false "
		"assign=true width=8)"},
	{0},
};

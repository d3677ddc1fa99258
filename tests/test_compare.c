#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "parsers/parser.h"
#include "src/base/cleanup.h"
#include "src/cause_internal.h"
#include "src/compare.h"
#include "src/policy.h"

/* What the compiler printed for each side (all in package p unless a header says otherwise), how
 * a.go changed, and what must come out. */
struct row {
	const char *name;
	const char *base, *head;
	const char *head_go;                   /* its version; NULL: that of the base, 1.24 */
	struct line_change change;             /* of a.go */
	const char *base_failed, *head_failed; /* a package that does not build on that side */
	const char *expected;                  /* a line for each finding that is not unchanged */
	int cause_line;                        /* of the first finding; 0: not looked at */
	const char *text;                      /* of a.go in the head */
	struct summary summary;
};

#define CAN(at, function, cost)                                                                    \
	"a.go:" at ": can inline " function " with cost " cost " as: func() { }\n"
#define CANNOT(at, function, cost)                                                                 \
	"a.go:" at ": cannot inline " function ": function too complex: cost " cost                \
	" exceeds budget 80\n"
#define LEAKS(at, parameter, step)                                                                 \
	"a.go:" at ": parameter " parameter " leaks to {heap} with derefs=0:\n"                    \
	"a.go:" at ":   flow: {heap} = " parameter ":\n"                                           \
	"a.go:" at ":     from " step "\n"                                                         \
	"a.go:" at ": leaking param: " parameter "\n"
#define MOVED(at, variable, step)                                                                  \
	"a.go:" at ": " variable " escapes to heap:\n"                                             \
	"a.go:" at ":   flow: {heap} = &" variable ":\n"                                           \
	"a.go:" at ":     from " step "\n"                                                         \
	"a.go:" at ": moved to heap: " variable "\n"

#define LINES_1_TO_9 "\n\n\n\n\n\n\n\n\n"

static const struct row rows[] = {
	{"the same", "a.go:3:5: new(int) escapes to heap\n", "a.go:3:5: new(int) escapes to heap\n",
		.summary = {.unchanged = 1}},
	{"lines put in above", "a.go:3:5: new(int) escapes to heap\n",
		"a.go:8:5: new(int) escapes to heap\n", .change = {1, 0, 1, 5},
		.summary = {.unchanged = 1}},
	{"a new line", "", "a.go:3:5: new(int) escapes to heap\n", .change = {3, 0, 3, 1},
		.expected = "new changed-line a.go:3 new(int)\n", .summary = {.new = 1}},
	{"a line taken out", "a.go:3:5: new(int) escapes to heap\n", "", .change = {3, 1, 3, 0},
		.expected = "fixed - a.go:3 new(int)\n", .summary = {.fixed = 1}},
	{"an unchanged line escapes now", "a.go:3:5: x does not escape\n",
		"a.go:3:5: moved to heap: x\n", .expected = "new unknown a.go:3 x\n",
		.summary = {.new = 1}},
	{"its flow passes a changed line", "",
		"a.go:3:5: x escapes to heap:\n"
		"a.go:3:5:   flow: ~r0 = &x:\n"
		"a.go:3:5:     from return &x (return) at a.go:9:2\n"
		"a.go:3:5: moved to heap: x\n",
		.change = {9, 1, 9, 1}, .expected = "new changed-flow a.go:3 x\n",
		.summary = {.new = 1}},
	{"moved within its function",
		"a.go:1:6: can inline F with cost 9 as: func() { }\na.go:3:5: new(int) escapes to "
		"heap\n",
		"a.go:1:6: can inline F with cost 9 as: func() { }\na.go:7:5: new(int) escapes to "
		"heap\n",
		.change = {3, 5, 3, 5}, .expected = "moved - a.go:7 new(int)\n",
		.summary = {.moved = 1}},
	{"a variable renamed",
		"a.go:1:6: can inline F with cost 9 as: func() { }\na.go:3:5: make([]int, size) "
		"escapes to "
		"heap\n",
		"a.go:1:6: can inline F with cost 9 as: func() { }\na.go:3:5: make([]int, n) "
		"escapes to "
		"heap\n",
		.change = {3, 1, 3, 1}, .expected = "moved - a.go:3 make([]int, n)\n",
		.summary = {.moved = 1}},
	{"another type is not a renamed variable",
		"a.go:1:6: can inline F with cost 9 as: func() { }\na.go:3:5: &Small{...} escapes "
		"to heap\n",
		"a.go:1:6: can inline F with cost 9 as: func() { }\na.go:3:5: &Huge{...} escapes "
		"to heap\n",
		.change = {3, 1, 3, 1},
		.expected = "new changed-line a.go:3 &Huge{...}\nfixed - a.go:3 &Small{...}\n",
		.summary = {.new = 1, .fixed = 1}},
	{"newly inlinable, and the call's line was edited",
		"a.go:1:6: cannot inline New: marked go:noinline\na.go:9:6: can inline Use with "
		"cost 9 as: func() { }\n"
		"a.go:2:5: new(T) escapes to heap\n",
		"a.go:1:6: can inline New with cost 9 as: func() { }\na.go:9:6: can inline Use "
		"with cost 9 "
		"as: func() { }\n"
		"a.go:10:9: inlining call to New\na.go:2:5: new(T) escapes to heap\na.go:10:9: "
		"new(T) escapes to heap\n",
		.change = {10, 1, 10, 1}, .expected = "moved - a.go:10 new(T)\n",
		.summary = {.unchanged = 1, .moved = 1}},
	{"a generic printed by another package now",
		"# a\nz/z.go:3:5: moved to heap: v\n# b\nz/z.go:3:5: moved to heap: v\n",
		"# b\nz/z.go:4:5: moved to heap: v\n", .change = {9, 1, 9, 1},
		.expected = "moved - z/z.go:4 v\n", .summary = {.moved = 1}},
	{"another function's is not the same",
		"a.go:1:6: can inline F with cost 9 as: func() { }\na.go:3:5: new(int) escapes to "
		"heap\n",
		"a.go:1:6: can inline G with cost 9 as: func() { }\na.go:3:5: new(int) escapes to "
		"heap\n",
		.change = {1, 9, 1, 9},
		.expected = "new changed-line a.go:3 new(int)\nfixed - a.go:3 new(int)\n",
		.summary = {.new = 1, .fixed = 1}},
	{"counted, not a set: one of two equal ones is new",
		"a.go:1:6: can inline F with cost 9 as: func() { }\na.go:3:5: new(int) escapes to "
		"heap\n",
		"a.go:1:6: can inline F with cost 9 as: func() { }\na.go:3:5: new(int) escapes to "
		"heap\n"
		"a.go:4:5: new(int) escapes to heap\n",
		.change = {4, 0, 4, 1}, .expected = "new changed-line a.go:4 new(int)\n",
		.summary = {.new = 1, .unchanged = 1}},
	{"a second one on the same line", "a.go:3:5: new(int) escapes to heap\n",
		"a.go:3:5: new(int) escapes to heap\na.go:3:15: new(int) escapes to heap\n",
		.change = {3, 1, 3, 1},
		.expected = "new changed-line a.go:3 new(int)\nmoved - a.go:3 new(int)\n",
		.summary = {.new = 1, .moved = 1}},
	{"a constant in an interface costs nothing", "", "a.go:3:5: \"ready\" escapes to heap\n",
		.change = {3, 0, 3, 1}, .expected = "new changed-line a.go:3 \"ready\"\n",
		.summary = {.new_without_allocation = 1}},
	{"shapes of one generic are one place", "",
		"a.go:3:5: &L[go.shape.int]{...} escapes to heap\na.go:3:5: "
		"&L[go.shape.string]{...} escapes to heap\n",
		.change = {3, 0, 3, 1},
		.expected = "new changed-line a.go:3 &L[go.shape.int]{...}\n",
		.summary = {.new = 1}},
	{"a variant of a package is not counted again", "",
		"a.go:3:5: new(int) escapes to heap\n# p [p.test]\na.go:3:5: new(int) escapes to "
		"heap\n",
		.change = {3, 0, 3, 1}, .expected = "new changed-line a.go:3 new(int)\n",
		.summary = {.new = 1}},
	{"a sum put into an interface is two allocations", "",
		"a.go:3:5: x + \"y\" escapes to heap\na.go:3:5: x + \"y\" escapes to heap\n",
		.change = {3, 0, 3, 1},
		.expected =
			"new changed-line a.go:3 x + \"y\"\nnew changed-line a.go:3 x + \"y\"\n",
		.summary = {.new = 2}},
	{"a copy belongs to its origin",
		"a.go:1:6: can inline New with cost 9 as: func() { }\na.go:9:6: can inline Use "
		"with cost 9 "
		"as: func() { }\n"
		"a.go:10:9: inlining call to New\n",
		"a.go:1:6: can inline New with cost 9 as: func() { }\na.go:9:6: can inline Use "
		"with cost 9 "
		"as: func() { }\n"
		"a.go:10:9: inlining call to New\na.go:2:5: new(T) escapes to heap\na.go:10:9: "
		"new(T) escapes to heap\n",
		.change = {2, 1, 2, 1}, .expected = "new changed-line a.go:2 new(T) +1\n",
		.summary = {.new = 1, .copies = 1}},
	{"newly inlined: the same allocation seen at another place",
		"a.go:1:6: cannot inline New: marked go:noinline\na.go:9:6: can inline Use with "
		"cost 9 as: func() { }\n"
		"a.go:2:5: new(T) escapes to heap\n",
		"a.go:1:6: can inline New with cost 9 as: func() { }\na.go:9:6: can inline Use "
		"with cost 9 "
		"as: func() { }\n"
		"a.go:10:9: inlining call to New\na.go:2:5: new(T) escapes to heap\na.go:10:9: "
		"new(T) escapes to heap\n",
		.expected = "moved - a.go:10 new(T)\n", .summary = {.unchanged = 1, .moved = 1}},
	{"a copy of what is new, behind one of what the base's Go does not print",
		CAN("1:6", "Add", "9") CAN("3:6", "New", "9")
			CAN("9:6", "Use", "60") "a.go:10:9: inlining "
						"call to Add\na.go:11:9: inlining call to New\n",
		CAN("1:6", "Add", "9") CAN("3:6", "New", "9") CAN("9:6", "Use",
			"60") "a.go:10:9: inlining "
			      "call to Add\na.go:11:9: inlining call to New\n"
			      "a.go:2:5: append escapes to heap\na.go:4:5: new(T) escapes to heap\n"
			      "a.go:10:9: append escapes to heap\na.go:11:9: new(T) escapes to "
			      "heap\n",
		.head_go = "go1.25.0", .change = {4, 1, 4, 1},
		.expected = "new changed-line a.go:4 new(T) +1\n",
		.summary = {.new = 1, .copies = 1}},
	{"no longer inlined: nothing is fixed",
		"a.go:1:6: can inline New with cost 9 as: func() { }\na.go:9:6: can inline Use "
		"with cost 9 "
		"as: func() { }\n"
		"a.go:10:9: inlining call to New\na.go:2:5: new(T) escapes to heap\na.go:10:9: "
		"new(T) escapes to heap\n",
		"a.go:1:6: cannot inline New: marked go:noinline\na.go:9:6: can inline Use with "
		"cost 9 as: func() { }\n"
		"a.go:2:5: new(T) escapes to heap\n",
		.summary = {.unchanged = 1}},
	{"the copy had stayed on the stack: new",
		"a.go:1:6: can inline New with cost 9 as: func() { }\na.go:9:6: can inline Use "
		"with cost 9 "
		"as: func() { }\n"
		"a.go:10:9: inlining call to New\na.go:2:5: new(T) escapes to heap\na.go:10:9: "
		"new(T) does not escape\n",
		"a.go:1:6: can inline New with cost 9 as: func() { }\na.go:9:6: can inline Use "
		"with cost 9 "
		"as: func() { }\n"
		"a.go:10:9: inlining call to New\na.go:2:5: new(T) escapes to heap\na.go:10:9: "
		"new(T) escapes to heap\n",
		.expected = "new unknown a.go:10 new(T)\n", .summary = {.new = 1, .unchanged = 1}},
	{"no longer inlined, and the copy had been on the stack",
		CAN("1:6", "New", "70")
			CAN("9:6", "Use", "60") "a.go:10:9: inlining call to New\n"
						"a.go:2:5: new(T) escapes to heap\na.go:10:9: "
						"new(T) does not escape\n",
		CANNOT("1:6", "New", "84")
			CAN("9:6", "Use", "60") "a.go:2:5: new(T) escapes to heap\n",
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"the same of a variable, of whose copy nothing is printed",
		CAN("1:6", "New", "70") CAN("9:6", "Use", "60") "a.go:10:9: inlining call to New\n"
								"a.go:2:5: moved to heap: x\n",
		CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") "a.go:2:5: moved to heap: x\n",
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"of a method of another package",
		"# q\n" CAN("1:7", "(*S).Get",
			"70") "a.go:2:5: new(T) escapes to heap\n"
			      "# p\nb.go:9:6: can inline Use with cost 60 as: func() { }\n"
			      "b.go:10:9: inlining call to q.(*S).Get\n",
		"# q\n" CANNOT("1:7", "(*S).Get",
			"84") "a.go:2:5: new(T) escapes to heap\n"
			      "# p\nb.go:9:6: can inline Use with cost 60 as: func() { }\n",
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 S.Get +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"of a method of another package, with another one of its name",
		"# o/q\nc.go:1:7: cannot inline (*S).Get: marked go:noinline\n"
		"# q\n" CAN("1:7", "(*S).Get",
			"70") "a.go:2:5: new(T) escapes to heap\n"
			      "# p\nb.go:9:6: can inline Use with cost 60 as: func() { }\n"
			      "b.go:10:9: inlining call to q.(*S).Get\n",
		"# o/q\nc.go:1:7: cannot inline (*S).Get: marked go:noinline\n"
		"# q\n" CANNOT("1:7", "(*S).Get",
			"84") "a.go:2:5: new(T) escapes to heap\n"
			      "# p\nb.go:9:6: can inline Use with cost 60 as: func() { }\n",
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 S.Get +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"and the line of the call was changed as well",
		CAN("1:6", "New", "70") CAN("9:6", "Use", "60") "a.go:10:9: inlining call to New\n"
								"a.go:2:5: moved to heap: x\n",
		CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") "a.go:2:5: moved to heap: x\n",
		.change = {10, 1, 10, 1}, .text = LINES_1_TO_9 "\tp := New(1, 2)\n",
		.expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"and what is called there now is none of its calls",
		CAN("1:6", "New", "70") CAN("9:6", "Use", "60") "a.go:10:9: inlining call to New\n"
								"a.go:2:5: moved to heap: x\n",
		CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") "a.go:2:5: moved to heap: x\n",
		.change = {10, 1, 10, 3},
		.text = LINES_1_TO_9 "\tp := q.New(1)\n\tp = Renew(1)\n\t// once New(1)\n",
		.summary = {.unchanged = 1}},
	{"and one of two calls is left",
		CAN("1:6", "New", "70") CAN("9:6", "Use",
			"60") "a.go:10:9: inlining call to New\n"
			      "a.go:11:9: inlining call to New\na.go:2:5: moved to heap: x\n",
		CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") "a.go:2:5: moved to heap: x\n",
		.change = {10, 2, 10, 1}, .text = LINES_1_TO_9 "\tp := New(1, 2)\n",
		.expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"and the one that is left is on a line that is the same",
		CAN("1:6", "New", "70") CAN("9:6", "Use",
			"60") "a.go:10:9: inlining call to New\n"
			      "a.go:11:9: inlining call to New\na.go:2:5: moved to heap: x\n",
		CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") "a.go:2:5: moved to heap: x\n",
		.change = {10, 1, 10, 0}, .text = LINES_1_TO_9 "\tp := New(1)\n",
		.expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"and it has another name",
		CAN("1:6", "New", "70") CAN("9:6", "Use", "60") "a.go:10:9: inlining call to New\n"
								"a.go:2:5: moved to heap: x\n",
		CANNOT("1:6", "NewT", "84") CAN("9:6", "Use", "60") "a.go:2:5: moved to heap: x\n",
		.change = {10, 1, 10, 1}, .text = LINES_1_TO_9 "\tp := NewT(1)\n",
		.expected = "new inlining a.go:1 NewT +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"of an instance of a generic function, which has a wrapper",
		CAN("1:6", "New[go.shape.int]", "70") CAN("1:6", "New[int]", "14")
			CAN("9:6", "Use", "60") "a.go:10:9: inlining call to New[go.shape.int]\n"
						"a.go:1:6: inlining call to New[go.shape.int]\n"
						"a.go:2:5: &T[go.shape.int]{...} escapes to heap\n"
						"a.go:1:6: &T[go.shape.int]{...} escapes to heap\n",
		CANNOT("1:6", "New[go.shape.int]", "84") CAN("1:6", "New[int]", "64")
			CAN("9:6", "Use", "60") "a.go:2:5: &T[go.shape.int]{...} escapes to heap\n",
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"of one of two instances, whose copy had escaped",
		CAN("1:6", "New[go.shape.int]", "70") CAN("1:6", "New[go.shape.string]", "70")
			CAN("1:6", "New[int]", "14") CAN("9:6", "Use",
				"60") "a.go:10:9: inlining "
				      "call to "
				      "New[go.shape."
				      "string]\n"
				      "a.go:1:6: inlining call to New[go.shape.int]\n"
				      "a.go:2:5: &T[go.shape.int]{...} escapes to heap\n"
				      "a.go:1:6: &T[go.shape.int]{...} escapes to heap\n"
				      "a.go:10:9: &T[go.shape.string]{...} escapes to heap\n",
		CAN("1:6", "New[go.shape.int]", "70") CANNOT(
			"1:6", "New[go.shape.string]", "84") CAN("1:6", "New[int]", "14")
			CAN("9:6", "Use", "60") "a.go:1:6: inlining call to New[go.shape.int]\n"
						"a.go:2:5: &T[go.shape.int]{...} escapes to heap\n"
						"a.go:1:6: &T[go.shape.int]{...} escapes to heap\n",
		.change = {3, 0, 3, 1}, .summary = {.unchanged = 2}},
	{"no longer inlined, and one of two copies had escaped",
		CAN("1:6", "New", "70") CAN("9:6", "Use",
			"60") "a.go:10:9: inlining call to New\n"
			      "a.go:11:9: inlining call to New\na.go:2:5: new(T) escapes to heap\n"
			      "a.go:10:9: new(T) does not escape\na.go:11:9: new(T) escapes to "
			      "heap\n",
		CANNOT("1:6", "New", "84")
			CAN("9:6", "Use", "60") "a.go:2:5: new(T) escapes to heap\n",
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"no longer inlined, and it allocates nothing",
		CAN("1:6", "Add", "70") CAN("9:6", "Use", "60") "a.go:10:9: inlining call to Add\n",
		CANNOT("1:6", "Add", "84") CAN("9:6", "Use", "60"), .change = {3, 0, 3, 1},
		.summary = {0}},
	{"what it allocates is new: counted once",
		CAN("1:6", "New", "70") CAN("9:6", "Use", "60") "a.go:10:9: inlining call to New\n",
		CANNOT("1:6", "New", "84")
			CAN("9:6", "Use", "60") "a.go:3:5: new(T) escapes to heap\n",
		.change = {3, 0, 3, 1}, .expected = "new changed-line a.go:3 new(T)\n",
		.summary = {.new = 1}},
	{"a callee lets its parameter get to the heap now",
		CANNOT("1:6", "Put", "84")
			CANNOT("9:6", "Use", "84") "a.go:1:10: p does not escape\n",
		CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			LEAKS("1:10", "p", "keep = p (assign) at a.go:3:7")
				MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"and one that it is handed on to",
		CANNOT("1:6", "keepIt", "84") CANNOT("5:6", "Put", "84") CANNOT("9:6", "Use",
			"84") "a.go:1:10: q does not escape\na.go:5:10: p does not escape\n",
		CANNOT("1:6", "keepIt", "84") CANNOT("5:6", "Put", "84") CANNOT("9:6", "Use", "84")
			LEAKS("1:10", "q", "keep = q (assign) at a.go:3:7")
				LEAKS("5:10", "p", "keepIt(p) (call parameter) at a.go:6:9") MOVED(
					"10:2", "x", "s.Put(&x) (call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"another line of its function was changed",
		CANNOT("1:6", "F", "84") CANNOT("9:6", "G", "84"),
		CANNOT("1:6", "F", "84") CANNOT("9:6", "G", "84") "a.go:3:5: moved to heap: x\n",
		.change = {5, 1, 5, 1}, .expected = "new changed-function a.go:3 x\n",
		.cause_line = 5, .summary = {.new = 1}},
	{"a line of another function is no cause",
		CANNOT("1:6", "F", "84") CANNOT("9:6", "G", "84"),
		CANNOT("1:6", "F", "84") CANNOT("9:6", "G", "84") "a.go:3:5: moved to heap: x\n",
		.change = {10, 1, 10, 1}, .expected = "new unknown a.go:3 x\n",
		.summary = {.new = 1}},
	{"its argument escapes, because it is no longer inlined",
		CAN("1:6", "Put", "70")
			CANNOT("9:6", "Use", "84") "a.go:11:5: inlining call to Put\n",
		CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new inlining a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"a directive above the function forbids it",
		CAN("3:6", "New", "70") CAN("9:6", "Use", "60") "a.go:10:9: inlining call to New\n"
								"a.go:4:5: moved to heap: x\n",
		"a.go:3:6: cannot inline New: marked go:noinline\n" CAN(
			"9:6", "Use", "60") "a.go:4:5: moved to heap: x\n",
		.change = {2, 1, 2, 1},
		.text = "// New is one.\n//go:noinline\nfunc New() *int {\n",
		.expected = "new inlining a.go:3 New +1\n", .cause_line = 2,
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"what is inlined into the function has grown",
		CAN("1:6", "clip", "10") CAN("3:6", "norm", "20") CAN("5:6", "New", "70") CAN("9:6",
			"Use",
			"60") "a.go:4:9: inlining call to clip\na.go:6:9: inlining call to norm\n"
			      "a.go:6:9: inlining call to clip\na.go:10:9: inlining call to New\n"
			      "a.go:6:5: moved to heap: x\n",
		CAN("1:6", "clip", "25") CAN("3:6", "norm", "35") CANNOT("5:6", "New", "85")
			CAN("9:6", "Use", "60") "a.go:6:5: moved to heap: x\n",
		.change = {2, 1, 2, 1}, .expected = "new inlining a.go:5 New +1\n", .cause_line = 2,
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"what was inlined into it is called now, because of what was inlined into that",
		CAN("1:6", "clip", "70") CAN("3:6", "norm", "72") CAN("5:6", "New", "75") CAN("9:6",
			"Use",
			"60") "a.go:4:9: inlining call to clip\na.go:6:9: inlining call to norm\n"
			      "a.go:10:9: inlining call to New\na.go:6:5: moved to heap: x\n",
		CANNOT("1:6", "clip", "85") CANNOT("3:6", "norm", "88") CANNOT("5:6", "New", "91")
			CAN("9:6", "Use", "60") "a.go:6:5: moved to heap: x\n",
		.change = {2, 1, 2, 1}, .expected = "new inlining a.go:5 New +1\n", .cause_line = 2,
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"a callee that is inlined lets its parameter get to the heap",
		CAN("1:6", "Put", "4") CANNOT("9:6", "Use",
			"84") "a.go:1:10: p does not escape\na.go:11:5: inlining call to Put\n",
		CAN("1:6", "Put", "4")
			CANNOT("9:6", "Use", "84") "a.go:11:5: inlining call to Put\n" LEAKS(
				"1:10", "p", "keep = p (assign) at a.go:3:7")
				MOVED("10:2", "x", "keep = p (assign) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"a callee's parameter has another name, and leaks",
		CANNOT("1:6", "Put", "84")
			CANNOT("9:6", "Use", "84") "a.go:1:10: p does not escape\n",
		CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			LEAKS("1:10", "q", "keep = q (assign) at a.go:3:7")
				MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"a callee that is handed brackets in strings leaks",
		CANNOT("1:6", "Put", "84")
			CANNOT("9:6", "Use", "84") "a.go:1:10: p does not escape\n",
		CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			LEAKS("1:10", "p", "keep = p (assign) at a.go:3:7") MOVED(
				"10:2", "x", "Put(&x, \"a) \", ']') (call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"of two methods with one name, that of the type in the call",
		CANNOT("1:6", "(*A).Put", "84") CANNOT("5:6", "(*B).Put", "84") CANNOT(
			"9:6", "Use", "84") "a.go:1:10: p does not escape\na.go:5:10: p does "
					    "not escape\n",
		CANNOT("1:6", "(*A).Put", "84") CANNOT("5:6", "(*B).Put", "84") CANNOT(
			"9:6", "Use", "84") LEAKS("1:10", "p", "keep = p (assign) at a.go:2:7")
			LEAKS("5:10", "p", "keep = p (assign) at a.go:6:7")
				MOVED("10:2", "x", "(*B).Put(b, &x) (call parameter) at a.go:11:5"),
		.change = {2, 5, 2, 5}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 6,
		.summary = {.new = 1}},
	{"a generic callee was changed, of whose parameters nothing is printed",
		CANNOT("1:6", "Put[go.shape.int]", "84") CANNOT("9:6", "Use", "84"),
		CANNOT("1:6", "Put[go.shape.int]", "84") CANNOT("9:6", "Use", "84") MOVED("10:2",
			"x",
			"Put[go.shape.int](&.dict.Put[int], &x) (call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"another callee was changed, of whose parameters something would be",
		CANNOT("3:6", "Put", "84") CANNOT("9:6", "Use", "84"),
		CANNOT("3:6", "Put", "84") CANNOT("9:6", "Use", "84")
			MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.change = {4, 1, 4, 1}, .text = "package p\n\nfunc Put(p *int) {\n\tkeep = p\n}\n",
		.expected = "new unknown a.go:10 x\n", .summary = {.new = 1}},
	{"a callee was changed, of which nothing is printed", CANNOT("9:6", "Use", "84"),
		CANNOT("9:6", "Use", "84")
			MOVED("10:2", "x", "(*S).Put(s, &x) (call parameter) at a.go:11:5"),
		.change = {4, 1, 4, 1},
		.text = "package p\n\nfunc (s *S) Put(p *int) {\n\tkeep = p\n}\n",
		.expected = "new callee-leaks a.go:10 x\n", .cause_line = 4, .summary = {.new = 1}},
	{"an instance that another package has made of a generic function, no longer inlined",
		CAN("1:6", "q.New[go.shape.int]", "70")
			CAN("9:6", "Use", "60") "a.go:10:9: inlining call to q.New[go.shape.int]\n"
						"a.go:2:5: &T[go.shape.int]{...} escapes to heap "
						"in New[go.shape.int]:\n"
						"a.go:2:5: &T[go.shape.int]{...} escapes to heap\n",
		CANNOT("1:6", "q.New[go.shape.int]", "84")
			CAN("9:6", "Use", "60") "a.go:2:5: &T[go.shape.int]{...} escapes to heap "
						"in New[go.shape.int]:\n"
						"a.go:2:5: &T[go.shape.int]{...} escapes to heap\n",
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"no longer inlined, and its package has another path",
		CAN("1:6", "New", "70")
			CAN("9:6", "Use", "60") "a.go:10:9: inlining call to New\n"
						"a.go:2:5: new(T) escapes to heap\n",
		"# m/p\n" CANNOT("1:6", "New", "84")
			CAN("9:6", "Use", "60") "a.go:2:5: new(T) escapes to heap\n",
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"no longer inlined, its package has another path, and the call's line was edited",
		CAN("1:6", "New", "70")
			CAN("9:6", "Use", "60") "a.go:10:9: inlining call to New\n"
						"a.go:2:5: new(T) escapes to heap\n"
						"a.go:11:5: new(U) escapes to heap\n",
		"# m/p\n" CANNOT("1:6", "New", "84")
			CAN("9:6", "Use", "60") "a.go:2:5: new(T) escapes to heap\n"
						"a.go:11:5: new(U) escapes to heap\n",
		.change = {10, 1, 10, 1},
		.text = "func New() *T {\n\treturn new(T)\n}\n\n\n\n\n\nfunc Use() {\n\tt := "
			"New()\n}\n",
		.expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 2}},
	{"no longer inlined in two instances of a generic function: one call",
		CAN("1:6", "New", "70") CANNOT("9:6", "Use[go.shape.int]", "84") CANNOT("9:6",
			"Use[go.shape.string]",
			"84") "a.go:10:9: inlining call to New\n"
			      "a.go:10:9: inlining call to New\na.go:2:5: new(T) escapes to heap\n",
		CANNOT("1:6", "New", "84") CANNOT("9:6", "Use[go.shape.int]", "84") CANNOT(
			"9:6", "Use[go.shape.string]", "84") "a.go:2:5: new(T) escapes to heap\n",
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"instances that are no longer inlined, on lines that were edited: two calls",
		CAN("1:6", "New[go.shape.int]", "70") CAN("1:6", "New[go.shape.string]", "70")
			CANNOT("9:6", "Use",
				"84") "a.go:10:9: inlining call to New[go.shape.int]\n"
				      "a.go:11:9: inlining call to New[go.shape.string]\n"
				      "a.go:2:5: new(T) escapes to heap\n",
		CANNOT("1:6", "New[go.shape.int]", "84") CANNOT("1:6", "New[go.shape.string]", "84")
			CANNOT("9:6", "Use", "84") "a.go:2:5: new(T) escapes to heap\n",
		.change = {10, 2, 10, 2},
		.text = "func New[K any](k K) *T {\n\treturn new(T)\n}\n\n\n\n\n\nfunc Use() {\n"
			"\tt := New(1)\n\tu := New(\"\")\n}\n",
		.expected = "new inlining a.go:1 New +2\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"a closure that is no longer inlined is not its function",
		CAN("1:6", "Use", "60") CAN("2:6", "Use.func1",
			"9") "a.go:3:9: inlining call to Use.func1\na.go:2:9: moved to heap: x\n",
		CANNOT("1:6", "Use", "84")
			CANNOT("2:6", "Use.func1", "84") "a.go:2:9: moved to heap: x\n",
		.change = {9, 0, 9, 1}, .summary = {.unchanged = 1}},
	{"a function literal that is no longer inlined",
		CAN("1:6", "Use", "60") CAN(
			"2:8", "Use.func1", "9") "a.go:5:9: inlining call to Use.func1\na.go:3:10: "
						 "new(T) escapes to heap\n"
						 "a.go:6:7: new(T) escapes to heap\n",
		CANNOT("1:6", "Use", "84")
			CANNOT("2:8", "Use.func1", "84") "a.go:3:10: new(T) escapes to "
							 "heap\na.go:6:7: new(T) escapes to heap\n",
		.change = {9, 0, 9, 1},
		.text = "func Use() {\n\tat := func(x int) interface{} {\n\t\treturn new(T)\n\t}\n"
			"\tp := at(1)\n\tq = new(T)\n}\n",
		.expected = "new inlining a.go:2 Use.func1 +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 2}},
	{"what a function literal allocates is none of its function's",
		CAN("1:6", "New", "70") CAN("2:9", "New.func1", "9")
			CAN("9:6", "Use", "60") "a.go:10:9: inlining call to New\na.go:2:9: func "
						"literal escapes to heap\n"
						"a.go:3:10: new(T) escapes to heap\n"
						"a.go:10:9: func literal escapes to heap\n",
		CANNOT("1:6", "New", "84") CAN("2:9", "New.func1", "9")
			CAN("9:6", "Use", "60") "a.go:2:9: func literal escapes to heap\n"
						"a.go:3:10: new(T) escapes to heap\n",
		.change = {8, 0, 8, 1},
		.text = "func New(x int) func() *T {\n\treturn func() *T {\n\t\treturn "
			"new(T)\n\t}\n}\n",
		.summary = {.unchanged = 2}},
	{"what is called is not known any more, because what returns it is not inlined",
		CAN("1:6", "Open", "4")
			CANNOT("9:6", "Use", "84") "a.go:10:11: inlining call to Open\n",
		CANNOT("1:6", "Open", "84") CANNOT("9:6", "Use", "84")
			MOVED("9:14", "x", "w.Write(x[:]) (call parameter) at a.go:11:9"),
		.change = {2, 1, 2, 1}, .expected = "new inlining a.go:9 x\n", .cause_line = 2,
		.summary = {.new = 1}},
	{"a closure escapes now, and what it shares with its function",
		CANNOT("1:6", "Put", "84")
			CANNOT("9:6", "Use", "84") "a.go:1:10: f does not escape\n",
		CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84") LEAKS("1:10", "f",
			"keep = f (assign) at a.go:3:7") "a.go:12:6: func literal escapes to "
							 "heap:\n"
							 "a.go:12:6:   flow: {heap} = &{storage "
							 "for func literal}:\n"
							 "a.go:12:6:     from Put(func literal) "
							 "(call parameter) at a.go:12:5\n"
							 "a.go:12:6: func literal escapes to heap\n"
							 "a.go:10:2: x escapes to heap:\n"
							 "a.go:10:2:   flow: {storage for func "
							 "literal} = &x:\n"
							 "a.go:10:2:     from x (captured by a "
							 "closure) at a.go:13:3\n"
							 "a.go:10:2: moved to heap: x\n",
		.change = {3, 1, 3, 1},
		.expected = "new callee-leaks a.go:10 x\nnew callee-leaks a.go:12 func literal\n",
		.cause_line = 3, .summary = {.new = 2}},
	{"a constant that its line uses was changed", CANNOT("6:6", "F", "84"),
		CANNOT("6:6", "F", "84") "a.go:7:5: make([]int, 9000) escapes to heap\n",
		.change = {4, 1, 4, 1},
		.text = "package p\n\nconst (\n\tsize, most = 9000, 1\n)\nfunc F() {\n"
			"\tt := make([]int, size)\n}\n",
		.expected = "new changed-declaration a.go:7 make([]int, 9000)\n", .cause_line = 4,
		.summary = {.new = 1}},
	{"a type that its line uses has grown", CANNOT("6:6", "F", "84"),
		CANNOT("6:6", "F", "84") "a.go:7:5: new(Table) escapes to heap\n",
		.change = {4, 1, 4, 1},
		.text = "package p\n\ntype Table struct {\n\tcells [9000]int\n}\nfunc F() {\n"
			"\tt := new(Table)\n}\n",
		.expected = "new changed-declaration a.go:7 new(Table)\n", .cause_line = 4,
		.summary = {.new = 1}},
	{"a field that its flow uses was changed", CANNOT("6:6", "F", "84"),
		CANNOT("6:6", "F", "84")
			MOVED("7:5", "x", "t.to.Write(x[:]) (call parameter) at a.go:8:5"),
		.change = {4, 1, 4, 1},
		.text = "package p\n\ntype T struct {\n\tto Writer\n}\nfunc F() {\n\tvar x "
			"[4]byte\n"
			"\tt.to.Write(x[:])\n}\n",
		.expected = "new changed-declaration a.go:7 x\n", .cause_line = 4,
		.summary = {.new = 1}},
	{"a variable of another function is no declaration of that kind",
		CANNOT("3:6", "G", "84") CANNOT("6:6", "F", "84"),
		CANNOT("3:6", "G", "84")
			CANNOT("6:6", "F", "84") "a.go:7:5: make([]int, 9000) escapes to heap\n",
		.change = {4, 1, 4, 1},
		.text = "package p\n\nfunc G() {\n\tsize := 1\n}\nfunc F() {\n"
			"\tt := make([]int, size)\n}\n",
		.expected = "new unknown a.go:7 make([]int, 9000)\n", .summary = {.new = 1}},
	{"a number of a list that was changed is no declaration", CANNOT("6:6", "F", "84"),
		CANNOT("6:6", "F", "84") "a.go:7:5: make([]int, 9000) escapes to heap\n",
		.change = {4, 1, 4, 1},
		.text = "package p\n\nvar list = []int{\n\t9000,\n}\nfunc F() {\n"
			"\tt := make([]int, 9000)\n}\n",
		.expected = "new unknown a.go:7 make([]int, 9000)\n", .summary = {.new = 1}},
	{"what is in a string or a comment is not used", CANNOT("6:6", "F", "84"),
		CANNOT("6:6", "F", "84") "a.go:7:5: f(\"size\", n) escapes to heap\n",
		.change = {4, 1, 4, 1},
		.text = "package p\n\nconst (\n\tsize = 9000\n)\nfunc F() {\n"
			"\tt := f(\"size\", n) // size\n}\n",
		.expected = "new unknown a.go:7 f(\"size\", n)\n", .summary = {.new = 1}},
	{"the package of an embedded type is no field", CANNOT("6:6", "F", "84"),
		CANNOT("6:6", "F", "84") "a.go:7:5: new(sync.Map) escapes to heap\n",
		.change = {4, 1, 4, 1},
		.text = "package p\n\ntype Table struct {\n\t*sync.Mutex\n}\nfunc F() {\n"
			"\tt := new(sync.Map)\n}\n",
		.expected = "new unknown a.go:7 new(sync.Map)\n", .summary = {.new = 1}},
	{"an embedded type is a field", CANNOT("6:6", "F", "84"),
		CANNOT("6:6", "F", "84") "a.go:7:5: &x.Mutex escapes to heap\n",
		.change = {4, 1, 4, 1},
		.text = "package p\n\ntype Table struct {\n\t*sync.Mutex\n}\nfunc F() {\n"
			"\tt := &x.Mutex\n}\n",
		.expected = "new changed-declaration a.go:7 &x.Mutex\n", .cause_line = 4,
		.summary = {.new = 1}},
	{"a comment below a declaration does not change it", CANNOT("6:6", "F", "84"),
		CANNOT("6:6", "F", "84") "a.go:7:5: new(Table) escapes to heap\n",
		.change = {4, 1, 4, 1},
		.text = "package p\n\ntype Table [9]int\n// F is none.\n\nfunc F() {\n"
			"\tt := new(Table)\n}\n",
		.expected = "new unknown a.go:7 new(Table)\n", .summary = {.new = 1}},
	{"a comment below a function does not change it", CANNOT("9:6", "Use", "84"),
		CANNOT("9:6", "Use", "84")
			MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.change = {6, 1, 6, 1},
		.text = "package p\n\nfunc Put(p *int) {\n\tkeep = p\n}\n// Use is one.\n",
		.expected = "new unknown a.go:10 x\n", .summary = {.new = 1}},
	{"a function that was changed is declared as it was", CANNOT("6:6", "F", "84"),
		CANNOT("6:6", "F", "84") "a.go:7:5: make([]int, Size()) escapes to heap\n",
		.change = {4, 1, 4, 1},
		.text = "package p\n\nfunc Size() int {\n\treturn 9\n}\nfunc F() {\n"
			"\tt := make([]int, Size())\n}\n",
		.expected = "new unknown a.go:7 make([]int, Size())\n", .summary = {.new = 1}},
	{"the package's own name is no declaration", CANNOT("6:6", "F", "84"),
		CANNOT("6:6", "F", "84") "a.go:7:5: p.x escapes to heap\n", .change = {1, 1, 1, 1},
		.text = "package p\n\n\n\n\nfunc F() {\n\tt := p.x\n}\n",
		.expected = "new unknown a.go:7 p.x\n", .summary = {.new = 1}},
	{"what the base could not build is not new", "", "a.go:3:5: new(int) escapes to heap\n",
		.base_failed = "p", .summary = {.packages_failed = 1}},
	{"what the head could not build is not fixed", "a.go:3:5: new(int) escapes to heap\n", "",
		.head_failed = "p", .summary = {.packages_failed = 1}},
	{"what the head printed before it failed is not judged", "",
		"a.go:3:5: new(int) escapes to heap\n", .head_failed = "p",
		.summary = {.packages_failed = 1}},
	{"wrappers are not the repository's", "", "<autogenerated>:1: new(int) escapes to heap\n",
		.summary = {.new_outside = 1}},
};

static void
read_side(struct snapshot *snapshot, const char *text, const char *failed, const char *go)
{
	const struct parser_options options = {.go_version = go};
	CLEANUP(parser_cleanup) struct parser *parser = NULL;
	struct err err;

	assert_int_equal(parser_new(&parser, snapshot, &options, &err), 0);
	parser_feed(parser, STR("# p\n"));
	parser_feed(parser, str_of(text));
	parser_finish(parser);
	snapshot->packages =
		array_grow(NULL, &snapshot->package_capacity, 3, sizeof *snapshot->packages);
	snapshot->packages[snapshot->package_count++] =
		(struct package){.import_path = "o/q", .name = "q"};
	snapshot->packages[snapshot->package_count++] =
		(struct package){.import_path = "p", .error = failed ? "does not build" : NULL};
	snapshot->packages[snapshot->package_count++] =
		(struct package){.import_path = "q", .name = "q"};
}

static int
read_text(struct buf *out, bool base, const char *path, void *ctx, struct err *err)
{
	const struct row *row = ctx;

	if (base || !row->text || strcmp(path, "a.go") != 0)
		return err_set(err, ERR_NOT_FOUND, "no %s", path);
	buf_add(out, str_of(row->text));
	return 0;
}

static void
fill_map(struct line_map *map, const struct line_change *change)
{
	map->files = array_grow(NULL, &map->file_capacity, 1, sizeof *map->files);
	if (change->base_line)
		map->files[map->file_count++] =
			(struct file_change){arena_strdup(&map->arena, "a.go"),
				arena_strdup(&map->arena, "a.go"), false, change, 1};
	line_map_finish(map);
}

static void
describe(struct buf *out, const struct comparison *comparison)
{
	buf_add(out, STR(""));
	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		if (finding->state == FINDING_UNCHANGED)
			continue;
		buf_printf(out, "%s %s %s:%d %s", finding_state_name(finding->state),
			finding->state == FINDING_NEW ? cause_kind_name(finding->cause.kind) : "-",
			finding->escape->at.file, finding->escape->at.line,
			finding->escape->expression);
		if (finding->copy_count)
			buf_printf(out, " +%zu", finding->copy_count);
		buf_add_char(out, '\n');
	}
}

/* A name that is there can be read. */
static void
expect_readable(const char *text)
{
	assert_true(!text || strlen(text) < 1000);
}

static void
expect_texts(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		expect_readable(finding->cause.text);
		expect_readable(finding->cause.function);
		expect_readable(finding->cause.at.file);
		for (size_t j = 0; j < finding->copy_count; j++)
			expect_readable(finding->copies[j].at.file);
		for (size_t j = 1; j < finding->copy_count; j++)
			assert_int_not_equal(position_compare(&finding->copies[j].at,
						     &finding->copies[j - 1].at),
				0);
	}
}

static void
expect_summary(const struct summary *is, const struct summary *should)
{
	assert_int_equal(is->new, should->new);
	assert_int_equal(is->new_without_allocation, should->new_without_allocation);
	assert_int_equal(is->lost_inlining, should->lost_inlining);
	assert_int_equal(is->new_outside, should->new_outside);
	assert_int_equal(is->fixed, should->fixed);
	assert_int_equal(is->moved, should->moved);
	assert_int_equal(is->unchanged, should->unchanged);
	assert_int_equal(is->copies, should->copies);
	assert_int_equal(is->packages_failed, should->packages_failed);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	CLEANUP(snapshot_release) struct snapshot base = {0};
	CLEANUP(snapshot_release) struct snapshot head = {0};
	CLEANUP(line_map_release) struct line_map map = {0};
	CLEANUP(buf_release) struct buf findings = {0};
	CLEANUP(comparison_release)
	struct comparison comparison = {.base_snapshot = &base, .head_snapshot = &head};
	CLEANUP(source_release)
	struct source source = {.read = read_text, .ctx = *state};

	comparison.source = &source;
	read_side(&base, row->base, row->base_failed, "go1.24.0");
	read_side(&head, row->head, row->head_failed, row->head_go ? row->head_go : "go1.24.0");
	fill_map(&map, &row->change);
	compare_snapshots(&comparison, &map);
	cause_assign(&comparison, &map, &(struct other_changes){0});
	policy_judge(&comparison);
	/* What is found outlives both. */
	line_map_release(&map);
	source_release(&source);
	source = (struct source){0};
	expect_texts(&comparison);
	describe(&findings, &comparison);
	assert_string_equal(findings.p, row->expected ? row->expected : "");
	expect_summary(&comparison.summary, &row->summary);
	if (row->cause_line)
		assert_int_equal(comparison.findings[0].cause.at.line, row->cause_line);
	int status = row->base_failed || row->head_failed             ? 2
		     : row->summary.new || row->summary.lost_inlining ? 1
								      : 0;
	assert_int_equal(policy_exit_status(comparison.verdict.status), status);
	assert_int_equal(comparison.verdict.violation_count > 0, status != 0);
	for (size_t i = 1; i < comparison.finding_count; i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(
				comparison.findings[i].id, comparison.findings[j].id);
}

/* What is called in an expression. */
static const struct call {
	const char *name; /* the expression */
	const char *called;
} calls[] = {
	{"Put(&x)", "Put"},
	{"s.pool.Get(x)", "Get"},
	{"s.pool.Get(x)(y)", ""},
	{"(*S).Put(s, &x)", "Put"},
	{"gen.Map[int](v)", "Map"},
	{"(*List[go.shape.int]).Push(l, &x)", "Push"},
	{"Put[go.shape.int](&.dict.Put[int], &x)", "Put"},
	{"Put(a[f(x)], T{b}, &x)", "Put"},
	{"Put(T{...}.Get(x))", "Put"},
	{"Put(\")\", &x)", "Put"},
	{"Put(&x, \"(\\\"(\")", "Put"},
	{"Put(')', `(\"`, &x)", "Put"},
	{"Put(\"cut (..., &x)", "Put"},
	{"T{\"(\"}.Put(&x)", "Put"},
	{"(func literal)(x)", ""},
	{"x", ""},
	{"", ""},
};

static void
test_called(void **state)
{
	const struct call *call = *state;
	CLEANUP(buf_release) struct buf called = {0};

	buf_add(&called, cause_called_name(call->name));
	assert_string_equal(called.p, call->called);
}

int
main(void)
{
	return RUN_TABLE("compare", rows, test_row) + RUN_TABLE("called", calls, test_called);
}

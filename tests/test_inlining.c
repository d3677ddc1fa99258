/* Calls that are no longer inlined. */
#include "tests/comparison_rows.h"

/* clang-format off */
#define LINES_1_TO_9 "\n\n\n\n\n\n\n\n\n"

static const struct comparison_row rows[] = {
	{"no longer inlined: nothing is fixed",
		.base = CAN("1:6", "New", "9") CAN("9:6", "Use", "9") CALL("10:9", "New")
			HEAP("2:5", "new(T)") HEAP("10:9", "new(T)"),
		.head = NOINLINE("1:6", "New") CAN("9:6", "Use", "9") HEAP("2:5", "new(T)"),
		.summary = {.unchanged = 1}},
	{"no longer inlined, and the copy had been on the stack",
		.base = CAN("1:6", "New", "70") CAN("9:6", "Use", "60") CALL("10:9", "New")
			HEAP("2:5", "new(T)") STAYS("10:9", "new(T)"),
		.head = CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") HEAP("2:5", "new(T)"),
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"the same of a variable, of whose copy nothing is printed",
		.base = CAN("1:6", "New", "70") CAN("9:6", "Use", "60") CALL("10:9", "New")
			VARIABLE("2:5", "x"),
		.head = CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") VARIABLE("2:5", "x"),
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"of a method of another package",
		.base = "# q\n"
			CAN("1:7", "(*S).Get", "70") HEAP("2:5", "new(T)")
			"# p\n"
			"b.go:9:6: can inline Use with cost 60 as: func() { }\n"
			"b.go:10:9: inlining call to q.(*S).Get\n",
		.head = "# q\n"
			CANNOT("1:7", "(*S).Get", "84") HEAP("2:5", "new(T)")
			"# p\n"
			"b.go:9:6: can inline Use with cost 60 as: func() { }\n",
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 S.Get +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"of a method of another package, with another one of its name",
		.base = "# o/q\n"
			"c.go:1:7: cannot inline (*S).Get: marked go:noinline\n"
			"# q\n"
			CAN("1:7", "(*S).Get", "70") HEAP("2:5", "new(T)")
			"# p\n"
			"b.go:9:6: can inline Use with cost 60 as: func() { }\n"
			"b.go:10:9: inlining call to q.(*S).Get\n",
		.head = "# o/q\n"
			"c.go:1:7: cannot inline (*S).Get: marked go:noinline\n"
			"# q\n"
			CANNOT("1:7", "(*S).Get", "84") HEAP("2:5", "new(T)")
			"# p\n"
			"b.go:9:6: can inline Use with cost 60 as: func() { }\n",
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 S.Get +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"and the line of the call was changed as well",
		.base = CAN("1:6", "New", "70") CAN("9:6", "Use", "60") CALL("10:9", "New")
			VARIABLE("2:5", "x"),
		.head = CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") VARIABLE("2:5", "x"),
		.change = {10, 1, 10, 1},
		.text = LINES_1_TO_9 "\tp := New(1, 2)\n",
		.expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"and what is called there now is none of its calls",
		.base = CAN("1:6", "New", "70") CAN("9:6", "Use", "60") CALL("10:9", "New")
			VARIABLE("2:5", "x"),
		.head = CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") VARIABLE("2:5", "x"),
		.change = {10, 1, 10, 4},
		.text = LINES_1_TO_9 "\tp := q.New(1)\n\tp = Renew(1)\n\t// once New(1)\n"
			"\tp = `New(1)` + \"New(1)\" // New(1)\n",
		.summary = {.unchanged = 1}},
	{"and one of two calls is left",
		.base = CAN("1:6", "New", "70") CAN("9:6", "Use", "60") CALL("10:9", "New")
			CALL("11:9", "New") VARIABLE("2:5", "x"),
		.head = CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") VARIABLE("2:5", "x"),
		.change = {10, 2, 10, 1},
		.text = LINES_1_TO_9 "\tp := New(1, 2)\n",
		.expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"and the one that is left is on a line that is the same",
		.base = CAN("1:6", "New", "70") CAN("9:6", "Use", "60") CALL("10:9", "New")
			CALL("11:9", "New") VARIABLE("2:5", "x"),
		.head = CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") VARIABLE("2:5", "x"),
		.change = {10, 1, 10, 0},
		.text = LINES_1_TO_9 "\tp := New(1)\n",
		.expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"and it has another name",
		.base = CAN("1:6", "New", "70") CAN("9:6", "Use", "60") CALL("10:9", "New")
			VARIABLE("2:5", "x"),
		.head = CANNOT("1:6", "NewT", "84") CAN("9:6", "Use", "60") VARIABLE("2:5", "x"),
		.change = {10, 1, 10, 1},
		.text = LINES_1_TO_9 "\tp := NewT(1)\n",
		.expected = "new inlining a.go:1 NewT +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"of an instance of a generic function, which has a wrapper",
		.base = CAN("1:6", "New[go.shape.int]", "70") CAN("1:6", "New[int]", "14")
			CAN("9:6", "Use", "60") CALL("10:9", "New[go.shape.int]")
			CALL("1:6", "New[go.shape.int]") HEAP("2:5", "&T[go.shape.int]{...}")
			HEAP("1:6", "&T[go.shape.int]{...}"),
		.head = CANNOT("1:6", "New[go.shape.int]", "84") CAN("1:6", "New[int]", "64")
			CAN("9:6", "Use", "60") HEAP("2:5", "&T[go.shape.int]{...}"),
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"of one of two instances, whose copy had escaped",
		.base = CAN("1:6", "New[go.shape.int]", "70")
			CAN("1:6", "New[go.shape.string]", "70") CAN("1:6", "New[int]", "14")
			CAN("9:6", "Use", "60") CALL("10:9", "New[go.shape.string]")
			CALL("1:6", "New[go.shape.int]") HEAP("2:5", "&T[go.shape.int]{...}")
			HEAP("1:6", "&T[go.shape.int]{...}")
			HEAP("10:9", "&T[go.shape.string]{...}"),
		.head = CAN("1:6", "New[go.shape.int]", "70")
			CANNOT("1:6", "New[go.shape.string]", "84") CAN("1:6", "New[int]", "14")
			CAN("9:6", "Use", "60") CALL("1:6", "New[go.shape.int]")
			HEAP("2:5", "&T[go.shape.int]{...}") HEAP("1:6", "&T[go.shape.int]{...}"),
		.change = {3, 0, 3, 1}, .summary = {.unchanged = 2}},
	{"no longer inlined, and one of two copies had escaped",
		.base = CAN("1:6", "New", "70") CAN("9:6", "Use", "60") CALL("10:9", "New")
			CALL("11:9", "New") HEAP("2:5", "new(T)") STAYS("10:9", "new(T)")
			HEAP("11:9", "new(T)"),
		.head = CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") HEAP("2:5", "new(T)"),
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"no longer inlined, and it allocates nothing",
		.base = CAN("1:6", "Add", "70") CAN("9:6", "Use", "60") CALL("10:9", "Add"),
		.head = CANNOT("1:6", "Add", "84") CAN("9:6", "Use", "60"),
		.change = {3, 0, 3, 1}, .summary = {0}},
	{"its caller is big now, and it costs more than what is inlined into such a one",
		.base = CAN("1:6", "New", "21") CANNOT("9:6", "Use", "90") CALL("10:9", "New")
			VARIABLE("2:5", "x"),
		.head = CAN("1:6", "New", "21") CANNOT("9:6", "Use", "9000") BIG("9:6", "Use")
			VARIABLE("2:5", "x"),
		.change = {12, 0, 12, 1}, .expected = "new inlining a.go:10 New +1\n",
		.cause_line = 12, .summary = {.lost_inlining = 1, .unchanged = 1}},
	{"it costs no more than that: the call is gone",
		.base = CAN("1:6", "New", "20") CANNOT("9:6", "Use", "90") CALL("10:9", "New")
			VARIABLE("2:5", "x"),
		.head = CAN("1:6", "New", "20") CANNOT("9:6", "Use", "9000") BIG("9:6", "Use")
			VARIABLE("2:5", "x"),
		.change = {12, 0, 12, 1}, .summary = {.unchanged = 1}},
	{"no caller is big: the call is gone",
		.base = CAN("1:6", "New", "21") CANNOT("9:6", "Use", "90") CALL("10:9", "New")
			VARIABLE("2:5", "x"),
		.head = CAN("1:6", "New", "21") CANNOT("9:6", "Use", "9000") VARIABLE("2:5", "x"),
		.change = {12, 0, 12, 1}, .summary = {.unchanged = 1}},
	{"another one is big: the call is gone",
		.base = CAN("1:6", "New", "21") CANNOT("9:6", "Use", "90") CALL("10:9", "New")
			VARIABLE("2:5", "x"),
		.head = CAN("1:6", "New", "21") CANNOT("9:6", "Use", "90")
			CANNOT("12:6", "Other", "9000") BIG("12:6", "Other") VARIABLE("2:5", "x"),
		.change = {12, 0, 12, 9}, .summary = {.unchanged = 1}},
	{"its caller was big, and it has become too expensive for that",
		.base = CAN("1:6", "New", "20") CANNOT("9:6", "Use", "9000") BIG("9:6", "Use")
			CALL("10:9", "New") VARIABLE("2:5", "x"),
		.head = CAN("1:6", "New", "30") CANNOT("9:6", "Use", "9000") BIG("9:6", "Use")
			VARIABLE("2:5", "x"),
		.change = {3, 1, 3, 1}, .expected = "new inlining a.go:10 New +1\n",
		.cause_line = 3, .summary = {.lost_inlining = 1, .unchanged = 1}},
	{"its caller is big, and has another name",
		.base = CAN("1:6", "New", "30") CANNOT("9:6", "Use", "90") CALL("10:9", "New")
			VARIABLE("2:5", "x") VARIABLE("11:3", "y"),
		.head = CAN("1:6", "New", "30") CANNOT("9:6", "Run", "9000") BIG("9:6", "Run")
			VARIABLE("2:5", "x") VARIABLE("11:3", "y"),
		.change = {10, 1, 10, 1},
		.text = LINES_1_TO_9 "\tp := New(1)\n",
		.expected = "new inlining a.go:10 New +1\n", .cause_line = 10,
		.summary = {.lost_inlining = 1, .unchanged = 2}},
	{"its caller is big, and it has another name",
		.base = CAN("1:6", "New", "30") CANNOT("9:6", "Use", "90") CALL("10:9", "New")
			VARIABLE("2:5", "x"),
		.head = CAN("1:6", "Make", "30") CANNOT("9:6", "Use", "9000") BIG("9:6", "Use")
			VARIABLE("2:5", "x"),
		.change = {10, 1, 10, 1},
		.text = LINES_1_TO_9 "\tp := Make()\n",
		.expected = "new inlining a.go:10 Make +1\n", .cause_line = 10,
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"its caller is an instance of a generic function that is big: one call",
		.base = CAN("1:6", "New", "30") CANNOT("9:6", "Use[go.shape.int]", "90")
			CALL("10:9", "New") CANNOT("9:6", "Use[go.shape.string]", "90")
			CALL("10:9", "New") VARIABLE("2:5", "x"),
		.head = CAN("1:6", "New", "30") CANNOT("9:6", "Use[go.shape.int]", "9000")
			BIG("9:6", "Use[go.shape.int]")
			CANNOT("9:6", "Use[go.shape.string]", "9000")
			BIG("9:6", "Use[go.shape.string]") VARIABLE("2:5", "x"),
		.change = {12, 0, 12, 1}, .expected = "new inlining a.go:10 New +1\n",
		.cause_line = 12, .summary = {.lost_inlining = 1, .unchanged = 1}},
	{"its caller is big, and what it came with is called there",
		.base = CAN("1:6", "New", "30") CAN("4:6", "Make", "50")
			CANNOT("9:6", "Use", "90") CALL("5:9", "New") CALL("10:9", "Make")
			CALL("10:9", "New") VARIABLE("2:5", "x") VARIABLE("5:9", "x"),
		.head = CAN("1:6", "New", "30") CAN("4:6", "Make", "50")
			CANNOT("9:6", "Use", "9000") BIG("9:6", "Use") CALL("5:9", "New")
			VARIABLE("2:5", "x") VARIABLE("5:9", "x"),
		.change = {12, 0, 12, 1}, .expected = "new inlining a.go:10 Make +1\n",
		.cause_line = 12, .summary = {.lost_inlining = 1, .unchanged = 2}},
	{"its caller is big, and what it came with is inlined there all the same",
		.base = CAN("1:6", "New", "30") CANNOT("4:6", "Use", "90")
			CAN("5:7", "Use.func1", "35") CALL("5:9", "New") CALL("10:9", "Use.func1")
			CALL("10:9", "New") VARIABLE("2:5", "x"),
		.head = CAN("1:6", "New", "30") CANNOT("4:6", "Use", "9000")
			CAN("5:7", "Use.func1", "35") BIG("4:6", "Use") CALL("5:9", "New")
			CALL("10:9", "Use.func1") VARIABLE("2:5", "x"),
		.change = {12, 0, 12, 1}, .expected = "new inlining a.go:10 New +1\n",
		.cause_line = 12, .summary = {.lost_inlining = 1, .unchanged = 1}},
	{"what it allocates is new: counted once",
		.base = CAN("1:6", "New", "70") CAN("9:6", "Use", "60") CALL("10:9", "New"),
		.head = CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") HEAP("3:5", "new(T)"),
		.change = {3, 0, 3, 1}, .expected = "new changed-line a.go:3 new(T)\n",
		.summary = {.new = 1}},
	{"an instance that another package has made of a generic function, no longer inlined",
		.base = CAN("1:6", "q.New[go.shape.int]", "70") CAN("9:6", "Use", "60")
			CALL("10:9", "q.New[go.shape.int]")
			"a.go:2:5: &T[go.shape.int]{...} escapes to heap in New[go.shape.int]:\n"
			HEAP("2:5", "&T[go.shape.int]{...}"),
		.head = CANNOT("1:6", "q.New[go.shape.int]", "84") CAN("9:6", "Use", "60")
			"a.go:2:5: &T[go.shape.int]{...} escapes to heap in New[go.shape.int]:\n"
			HEAP("2:5", "&T[go.shape.int]{...}"),
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"no longer inlined, and its package has another path",
		.base = CAN("1:6", "New", "70") CAN("9:6", "Use", "60") CALL("10:9", "New")
			HEAP("2:5", "new(T)"),
		.head = "# m/p\n"
			CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") HEAP("2:5", "new(T)"),
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"no longer inlined, its package has another path, and the call's line was edited",
		.base = CAN("1:6", "New", "70") CAN("9:6", "Use", "60") CALL("10:9", "New")
			HEAP("2:5", "new(T)") HEAP("11:5", "new(U)"),
		.head = "# m/p\n"
			CANNOT("1:6", "New", "84") CAN("9:6", "Use", "60") HEAP("2:5", "new(T)")
			HEAP("11:5", "new(U)"),
		.change = {10, 1, 10, 1},
		.text = "func New() *T {\n\treturn new(T)\n}\n\n\n\n\n\nfunc Use() {\n"
			"\tt := New()\n}\n",
		.expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 2}},
	{"no longer inlined in two instances of a generic function: one call",
		.base = CAN("1:6", "New", "70") CANNOT("9:6", "Use[go.shape.int]", "84")
			CANNOT("9:6", "Use[go.shape.string]", "84") CALL("10:9", "New")
			CALL("10:9", "New") HEAP("2:5", "new(T)"),
		.head = CANNOT("1:6", "New", "84") CANNOT("9:6", "Use[go.shape.int]", "84")
			CANNOT("9:6", "Use[go.shape.string]", "84") HEAP("2:5", "new(T)"),
		.change = {3, 0, 3, 1}, .expected = "new inlining a.go:1 New +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"instances that are no longer inlined, on lines that were edited: two calls",
		.base = CAN("1:6", "New[go.shape.int]", "70")
			CAN("1:6", "New[go.shape.string]", "70") CANNOT("9:6", "Use", "84")
			CALL("10:9", "New[go.shape.int]") CALL("11:9", "New[go.shape.string]")
			HEAP("2:5", "new(T)"),
		.head = CANNOT("1:6", "New[go.shape.int]", "84")
			CANNOT("1:6", "New[go.shape.string]", "84") CANNOT("9:6", "Use", "84")
			HEAP("2:5", "new(T)"),
		.change = {10, 2, 10, 2},
		.text = "func New[K any](k K) *T {\n\treturn new(T)\n}\n\n\n\n\n\nfunc Use() {\n"
			"\tt := New(1)\n\tu := New(\"\")\n}\n",
		.expected = "new inlining a.go:1 New +2\n",
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"a closure that is no longer inlined is not its function",
		.base = CAN("1:6", "Use", "60") CAN("2:6", "Use.func1", "9")
			CALL("3:9", "Use.func1") VARIABLE("2:9", "x"),
		.head = CANNOT("1:6", "Use", "84") CANNOT("2:6", "Use.func1", "84")
			VARIABLE("2:9", "x"),
		.change = {9, 0, 9, 1}, .summary = {.unchanged = 1}},
	{"a function literal that is no longer inlined",
		.base = CAN("1:6", "Use", "60") CAN("2:8", "Use.func1", "9")
			CALL("5:9", "Use.func1") HEAP("3:10", "new(T)") HEAP("6:7", "new(T)"),
		.head = CANNOT("1:6", "Use", "84") CANNOT("2:8", "Use.func1", "84")
			HEAP("3:10", "new(T)") HEAP("6:7", "new(T)"),
		.change = {9, 0, 9, 1},
		.text = "func Use() {\n\tat := func(x int) interface{} {\n\t\treturn new(T)\n\t}\n"
			"\tp := at(1)\n\tq = new(T)\n}\n",
		.expected = "new inlining a.go:2 Use.func1 +1\n",
		.summary = {.lost_inlining = 1, .unchanged = 2}},
	{"what a function literal allocates is none of its function's",
		.base = CAN("1:6", "New", "70") CAN("2:9", "New.func1", "9")
			CAN("9:6", "Use", "60") CALL("10:9", "New") HEAP("2:9", "func literal")
			HEAP("3:10", "new(T)") HEAP("10:9", "func literal"),
		.head = CANNOT("1:6", "New", "84") CAN("2:9", "New.func1", "9")
			CAN("9:6", "Use", "60") HEAP("2:9", "func literal") HEAP("3:10", "new(T)"),
		.change = {8, 0, 8, 1},
		.text = "func New(x int) func() *T {\n\treturn func() *T {\n\t\treturn new(T)\n"
			"\t}\n}\n",
		.summary = {.unchanged = 2}},
};
/* clang-format on */

int
main(void)
{
	return RUN_TABLE("inlining", rows, comparison_row_test);
}

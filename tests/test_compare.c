/* What is new, fixed and the same, and how it is counted. */
#include "tests/comparison_rows.h"

/* clang-format off */
static const struct comparison_row rows[] = {
	{"the same",
		.base = HEAP("3:5", "new(int)"),
		.head = HEAP("3:5", "new(int)"),
		.summary = {.unchanged = 1}},
	{"lines put in above",
		.base = HEAP("3:5", "new(int)"),
		.head = HEAP("8:5", "new(int)"),
		.change = {1, 0, 1, 5}, .summary = {.unchanged = 1}},
	{"a new line",
		.base = "",
		.head = HEAP("3:5", "new(int)"),
		.change = {3, 0, 3, 1}, .expected = "new changed-line a.go:3 new(int)\n",
		.summary = {.new = 1}},
	{"a line taken out",
		.base = HEAP("3:5", "new(int)"),
		.head = "",
		.change = {3, 1, 3, 0}, .expected = "fixed - a.go:3 new(int)\n",
		.summary = {.fixed = 1}},
	{"an unchanged line escapes now",
		.base = STAYS("3:5", "x"),
		.head = VARIABLE("3:5", "x"),
		.expected = "new unknown a.go:3 x\n", .summary = {.new = 1}},
	{"moved within its function",
		.base = CAN("1:6", "F", "9") HEAP("3:5", "new(int)"),
		.head = CAN("1:6", "F", "9") HEAP("7:5", "new(int)"),
		.change = {3, 5, 3, 5}, .expected = "moved - a.go:7 new(int)\n",
		.summary = {.moved = 1}},
	{"a variable renamed",
		.base = CAN("1:6", "F", "9") HEAP("3:5", "make([]int, size)"),
		.head = CAN("1:6", "F", "9") HEAP("3:5", "make([]int, n)"),
		.change = {3, 1, 3, 1}, .expected = "moved - a.go:3 make([]int, n)\n",
		.summary = {.moved = 1}},
	{"another type is not a renamed variable",
		.base = CAN("1:6", "F", "9") HEAP("3:5", "&Small{...}"),
		.head = CAN("1:6", "F", "9") HEAP("3:5", "&Huge{...}"),
		.change = {3, 1, 3, 1},
		.expected = "new changed-line a.go:3 &Huge{...}\n"
			"fixed - a.go:3 &Small{...}\n",
		.summary = {.new = 1, .fixed = 1}},
	{"newly inlinable, and the call's line was edited",
		.base = NOINLINE("1:6", "New") CAN("9:6", "Use", "9") HEAP("2:5", "new(T)"),
		.head = CAN("1:6", "New", "9") CAN("9:6", "Use", "9") CALL("10:9", "New")
			HEAP("2:5", "new(T)") HEAP("10:9", "new(T)"),
		.change = {10, 1, 10, 1}, .expected = "moved - a.go:10 new(T)\n",
		.summary = {.unchanged = 1, .moved = 1}},
	{"a generic printed by another package now",
		.base = "# a\n"
			"z/z.go:3:5: moved to heap: v\n"
			"# b\n"
			"z/z.go:3:5: moved to heap: v\n",
		.head = "# b\n"
			"z/z.go:4:5: moved to heap: v\n",
		.change = {9, 1, 9, 1}, .expected = "moved - z/z.go:4 v\n", .summary = {.moved = 1}},
	{"another function's is not the same",
		.base = CAN("1:6", "F", "9") HEAP("3:5", "new(int)"),
		.head = CAN("1:6", "G", "9") HEAP("3:5", "new(int)"),
		.change = {1, 9, 1, 9},
		.expected = "new changed-line a.go:3 new(int)\n"
			"fixed - a.go:3 new(int)\n",
		.summary = {.new = 1, .fixed = 1}},
	{"counted, not a set: one of two equal ones is new",
		.base = CAN("1:6", "F", "9") HEAP("3:5", "new(int)"),
		.head = CAN("1:6", "F", "9") HEAP("3:5", "new(int)") HEAP("4:5", "new(int)"),
		.change = {4, 0, 4, 1}, .expected = "new changed-line a.go:4 new(int)\n",
		.summary = {.new = 1, .unchanged = 1}},
	{"a second one on the same line",
		.base = HEAP("3:5", "new(int)"),
		.head = HEAP("3:5", "new(int)") HEAP("3:15", "new(int)"),
		.change = {3, 1, 3, 1},
		.expected = "new changed-line a.go:3 new(int)\n"
			"moved - a.go:3 new(int)\n",
		.summary = {.new = 1, .moved = 1}},
	{"a constant in an interface costs nothing",
		.base = "",
		.head = HEAP("3:5", "\"ready\""),
		.change = {3, 0, 3, 1}, .expected = "new changed-line a.go:3 \"ready\"\n",
		.summary = {.new_without_allocation = 1}},
	{"shapes of one generic are one place",
		.base = "",
		.head = HEAP("3:5", "&L[go.shape.int]{...}")
			HEAP("3:5", "&L[go.shape.string]{...}"),
		.change = {3, 0, 3, 1},
		.expected = "new changed-line a.go:3 &L[go.shape.int]{...}\n",
		.summary = {.new = 1}},
	{"a variant of a package is not counted again",
		.base = "",
		.head = HEAP("3:5", "new(int)")
			"# p [p.test]\n"
			HEAP("3:5", "new(int)"),
		.change = {3, 0, 3, 1}, .expected = "new changed-line a.go:3 new(int)\n",
		.summary = {.new = 1}},
	{"a sum put into an interface is two allocations",
		.base = "",
		.head = HEAP("3:5", "x + \"y\"") HEAP("3:5", "x + \"y\""),
		.change = {3, 0, 3, 1},
		.expected = "new changed-line a.go:3 x + \"y\"\n"
			"new changed-line a.go:3 x + \"y\"\n",
		.summary = {.new = 2}},
	{"a copy belongs to its origin",
		.base = CAN("1:6", "New", "9") CAN("9:6", "Use", "9") CALL("10:9", "New"),
		.head = CAN("1:6", "New", "9") CAN("9:6", "Use", "9") CALL("10:9", "New")
			HEAP("2:5", "new(T)") HEAP("10:9", "new(T)"),
		.change = {2, 1, 2, 1}, .expected = "new changed-line a.go:2 new(T) +1\n",
		.summary = {.new = 1, .copies = 1}},
	{"each of several equal allocations has a copy",
		.base = CAN("1:6", "New", "9") CALL("10:9", "New"),
		.head = CAN("1:6", "New", "9") CALL("10:9", "New")
			HEAP("2:5", "new(T)") HEAP("3:5", "new(T)") HEAP("4:5", "new(T)")
			HEAP("10:9", "new(T)") HEAP("10:9", "new(T)") HEAP("10:9", "new(T)"),
		.change = {2, 0, 2, 3},
		.expected = "new changed-line a.go:2 new(T) +1\n"
			"new changed-line a.go:3 new(T) +1\n"
			"new changed-line a.go:4 new(T) +1\n",
		.summary = {.new = 3, .copies = 3}},
	{"a copy belongs to the function of its package, not to one of that name in another",
		.base = "# a\na/a.go:1:6: can inline New with cost 9 as: func() { }\n"
			"# b\nb/b.go:1:6: can inline New with cost 9 as: func() { }\n"
			"b/b.go:10:9: inlining call to New\n",
		.head = "# a\na/a.go:1:6: can inline New with cost 9 as: func() { }\n"
			"a/a.go:2:5: new(T) escapes to heap\n"
			"# b\nb/b.go:1:6: can inline New with cost 9 as: func() { }\n"
			"b/b.go:10:9: inlining call to New\n"
			"b/b.go:2:5: new(T) escapes to heap\n"
			"b/b.go:10:9: new(T) escapes to heap\n",
		.expected = "new unknown a/a.go:2 new(T)\nnew unknown b/b.go:2 new(T) +1\n",
		.summary = {.new = 2, .copies = 1}},
	{"newly inlined: the same allocation seen at another place",
		.base = NOINLINE("1:6", "New") CAN("9:6", "Use", "9") HEAP("2:5", "new(T)"),
		.head = CAN("1:6", "New", "9") CAN("9:6", "Use", "9") CALL("10:9", "New")
			HEAP("2:5", "new(T)") HEAP("10:9", "new(T)"),
		.expected = "moved - a.go:10 new(T)\n", .summary = {.unchanged = 1, .moved = 1}},
	{"a copy of what is new, behind one of what the base's Go does not print",
		.base = CAN("1:6", "Add", "9") CAN("3:6", "New", "9") CAN("9:6", "Use", "60")
			CALL("10:9", "Add") CALL("11:9", "New"),
		.head = CAN("1:6", "Add", "9") CAN("3:6", "New", "9") CAN("9:6", "Use", "60")
			CALL("10:9", "Add") CALL("11:9", "New") HEAP("2:5", "append")
			HEAP("4:5", "new(T)") HEAP("10:9", "append") HEAP("11:9", "new(T)"),
		.head_go = "go1.25.0", .change = {4, 1, 4, 1},
		.expected = "new changed-line a.go:4 new(T) +1\n",
		.summary = {.new = 1, .copies = 1, .not_printed = 1}},
	{"the copy had stayed on the stack: new",
		.base = CAN("1:6", "New", "9") CAN("9:6", "Use", "9") CALL("10:9", "New")
			HEAP("2:5", "new(T)") STAYS("10:9", "new(T)"),
		.head = CAN("1:6", "New", "9") CAN("9:6", "Use", "9") CALL("10:9", "New")
			HEAP("2:5", "new(T)") HEAP("10:9", "new(T)"),
		.expected = "new unknown a.go:10 new(T)\n", .summary = {.new = 1, .unchanged = 1}},
	{"what the base could not build is not new",
		.base = "",
		.head = HEAP("3:5", "new(int)"),
		.base_failed = "p", .summary = {.packages_failed = 1, .not_judged = 1}},
	{"what the head could not build is not fixed",
		.base = HEAP("3:5", "new(int)"),
		.head = "",
		.head_failed = "p", .summary = {.packages_failed = 1, .not_judged = 1}},
	{"what the head printed before it failed is not judged",
		.base = "",
		.head = HEAP("3:5", "new(int)"),
		.head_failed = "p", .summary = {.packages_failed = 1}},
	{"a version that inlines more prints what was allocated before",
		.base = CANNOT("1:6", "F", "84"),
		.head = CANNOT("1:6", "F", "84") CALL("3:5", "crc32.NewIEEE")
			HEAP("3:5", "&crc32.digest{...}"),
		.head_go = "go1.25.0", .summary = {.not_printed = 1}},
	{"and so what is inlined into that",
		.base = CANNOT("1:6", "F", "84") CALL("3:5", "crc32.NewIEEE"),
		.head = CANNOT("1:6", "F", "84") CALL("3:5", "crc32.NewIEEE")
			CALL("3:5", "crc32.New") HEAP("3:5", "&crc32.digest{...}"),
		.head_go = "go1.25.0", .summary = {.not_printed = 1}},
	{"where it inlines the same, it is new",
		.base = CANNOT("1:6", "F", "84") CALL("3:5", "crc32.NewIEEE")
			CALL("3:5", "crc32.New"),
		.head = CANNOT("1:6", "F", "84") CALL("3:5", "crc32.NewIEEE")
			CALL("3:5", "crc32.New") HEAP("3:5", "&crc32.digest{...}"),
		.head_go = "go1.25.0", .expected = "new unknown a.go:3 &crc32.digest{...}\n",
		.summary = {.new = 1}},
	{"wrappers are not the repository's",
		.base = "",
		.head = "<autogenerated>:1: new(int) escapes to heap\n",
		.summary = {.new_outside = 1}},
};
/* clang-format on */

int
main(void)
{
	return RUN_TABLE("compare", rows, comparison_row_test);
}

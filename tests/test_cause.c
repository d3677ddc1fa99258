/* Which change a new finding comes from. */
#include "src/base/cleanup.h"
#include "src/cause_internal.h"
#include "tests/comparison_rows.h"

/* clang-format off */
static const struct comparison_row rows[] = {
	{"its flow passes a changed line",
		.base = "",
		.head = "a.go:3:5: x escapes to heap:\n"
			"a.go:3:5:   flow: ~r0 = &x:\n"
			"a.go:3:5:     from return &x (return) at a.go:9:2\n"
			VARIABLE("3:5", "x"),
		.change = {9, 1, 9, 1}, .expected = "new changed-flow a.go:3 x\n",
		.summary = {.new = 1}},
	{"a callee lets its parameter get to the heap now",
		.base = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84") STAYS("1:10", "p"),
		.head = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			LEAKS("1:10", "p", "keep = p (assign) at a.go:3:7")
			MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"and beside its parameter, what that points to",
		.base = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			"a.go:1:10: leaking param: p to result ~r0 level=0\n",
		.head = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			"a.go:1:10: parameter p leaks to {heap} with derefs=1:\n"
			"a.go:1:10:   flow: {heap} = *p:\n"
			"a.go:1:10:     from keep = *p (assign) at a.go:3:7\n"
			"a.go:1:10: leaking param content: p\n"
			"a.go:1:10: leaking param: p to result ~r0 level=0\n"
			MOVED("10:2", "x", "Put(&b) (call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"and to a result itself, in place of what it points to",
		.base = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			"a.go:1:10: leaking param: p to result ~r0 level=1\n",
		.head = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			"a.go:1:10: parameter p leaks to ~r0 with derefs=0:\n"
			"a.go:1:10:   flow: ~r0 = p:\n"
			"a.go:1:10:     from return p (return) at a.go:3:7\n"
			"a.go:1:10: leaking param: p to result ~r0 level=0\n"
			MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"and what leaked to the heap leaks to a result: better, and no cause",
		.base = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			"a.go:1:10: leaking param: p\n",
		.head = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			"a.go:1:10: leaking param: p to result ~r0 level=0\n"
			MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.expected = "new unknown a.go:10 x\n", .summary = {.new = 1}},
	{"a literal's parameter of the same name leaks now, and not its own",
		.base = CANNOT("1:6", "Put", "84") CAN("2:3", "Put.func1", "4")
			CANNOT("9:6", "Use", "84") STAYS("1:10", "p")
			"a.go:2:8: leaking param: p\n",
		.head = CANNOT("1:6", "Put", "84") CAN("2:3", "Put.func1", "4")
			CANNOT("9:6", "Use", "84") "a.go:1:10: leaking param content: p\n"
			STAYS("2:8", "p")
			MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.expected = "new callee-leaks a.go:10 x\n", .summary = {.new = 1}},
	{"and one that it is handed on to",
		.base = CANNOT("1:6", "keepIt", "84") CANNOT("5:6", "Put", "84")
			CANNOT("9:6", "Use", "84") STAYS("1:10", "q") STAYS("5:10", "p"),
		.head = CANNOT("1:6", "keepIt", "84") CANNOT("5:6", "Put", "84")
			CANNOT("9:6", "Use", "84")
			LEAKS("1:10", "q", "keep = q (assign) at a.go:3:7")
			LEAKS("5:10", "p", "keepIt(p) (call parameter) at a.go:6:9")
			MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"another line of its function was changed",
		.base = CANNOT("1:6", "F", "84") CANNOT("9:6", "G", "84"),
		.head = CANNOT("1:6", "F", "84") CANNOT("9:6", "G", "84") VARIABLE("3:5", "x"),
		.change = {5, 1, 5, 1}, .expected = "new changed-function a.go:3 x\n",
		.cause_line = 5, .summary = {.new = 1}},
	{"another line of one of two functions with one name",
		.base = CANNOT("1:6", "init.0", "84") CANNOT("9:6", "init.1", "84"),
		.head = CANNOT("1:6", "init.0", "84") CANNOT("9:6", "init.1", "84")
			VARIABLE("11:5", "x"),
		.change = {13, 1, 13, 1}, .expected = "new changed-function a.go:11 x\n",
		.cause_line = 13, .summary = {.new = 1}},
	{"another line of the other one",
		.base = CANNOT("1:6", "init.0", "84") CANNOT("9:6", "init.1", "84"),
		.head = CANNOT("1:6", "init.0", "84") CANNOT("9:6", "init.1", "84")
			VARIABLE("11:5", "x"),
		.change = {3, 1, 3, 1}, .expected = "new unknown a.go:11 x\n",
		.summary = {.new = 1}},
	{"a line of another function is no cause",
		.base = CANNOT("1:6", "F", "84") CANNOT("9:6", "G", "84"),
		.head = CANNOT("1:6", "F", "84") CANNOT("9:6", "G", "84") VARIABLE("3:5", "x"),
		.change = {10, 1, 10, 1}, .expected = "new unknown a.go:3 x\n",
		.summary = {.new = 1}},
	{"its argument escapes, because it is no longer inlined",
		.base = CAN("1:6", "Put", "70") CANNOT("9:6", "Use", "84") CALL("11:5", "Put"),
		.head = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new inlining a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"its argument escapes, because its caller is big",
		.base = CAN("1:6", "Put", "70") CANNOT("9:6", "Use", "84") CALL("11:5", "Put"),
		.head = CAN("1:6", "Put", "70") CANNOT("9:6", "Use", "9000") BIG("9:6", "Use")
			MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.change = {12, 0, 12, 1}, .expected = "new inlining a.go:10 x\n",
		.cause_line = 12, .summary = {.new = 1}},
	{"a directive above the function forbids it",
		.base = CAN("3:6", "New", "70") CAN("9:6", "Use", "60") CALL("10:9", "New")
			VARIABLE("4:5", "x"),
		.head = NOINLINE("3:6", "New") CAN("9:6", "Use", "60") VARIABLE("4:5", "x"),
		.change = {2, 1, 2, 1},
		.text = "// New is one.\n//go:noinline\nfunc New() *int {\n",
		.expected = "new inlining a.go:3 New +1\n", .cause_line = 2,
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"what is inlined into the function has grown",
		.base = CAN("1:6", "clip", "10") CAN("3:6", "norm", "20") CAN("5:6", "New", "70")
			CAN("9:6", "Use", "60") CALL("4:9", "clip") CALL("6:9", "norm")
			CALL("6:9", "clip") CALL("10:9", "New") VARIABLE("6:5", "x"),
		.head = CAN("1:6", "clip", "25") CAN("3:6", "norm", "35")
			CANNOT("5:6", "New", "85") CAN("9:6", "Use", "60") VARIABLE("6:5", "x"),
		.change = {2, 1, 2, 1}, .expected = "new inlining a.go:5 New +1\n", .cause_line = 2,
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"what was inlined into it is called now, because of what was inlined into that",
		.base = CAN("1:6", "clip", "70") CAN("3:6", "norm", "72") CAN("5:6", "New", "75")
			CAN("9:6", "Use", "60") CALL("4:9", "clip") CALL("6:9", "norm")
			CALL("10:9", "New") VARIABLE("6:5", "x"),
		.head = CANNOT("1:6", "clip", "85") CANNOT("3:6", "norm", "88")
			CANNOT("5:6", "New", "91") CAN("9:6", "Use", "60") VARIABLE("6:5", "x"),
		.change = {2, 1, 2, 1}, .expected = "new inlining a.go:5 New +1\n", .cause_line = 2,
		.summary = {.lost_inlining = 1, .unchanged = 1}},
	{"a callee that is inlined lets its parameter get to the heap",
		.base = CAN("1:6", "Put", "4") CANNOT("9:6", "Use", "84") STAYS("1:10", "p")
			CALL("11:5", "Put"),
		.head = CAN("1:6", "Put", "4") CANNOT("9:6", "Use", "84") CALL("11:5", "Put")
			LEAKS("1:10", "p", "keep = p (assign) at a.go:3:7")
			MOVED("10:2", "x", "keep = p (assign) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"a callee's parameter has another name, and leaks",
		.base = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84") STAYS("1:10", "p"),
		.head = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			LEAKS("1:10", "q", "keep = q (assign) at a.go:3:7")
			MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"a callee that is handed brackets in strings leaks",
		.base = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84") STAYS("1:10", "p"),
		.head = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			LEAKS("1:10", "p", "keep = p (assign) at a.go:3:7")
			MOVED("10:2", "x", "Put(&x, \"a) \", ']') (call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"of two methods with one name, that of the type in the call",
		.base = CANNOT("1:6", "(*A).Put", "84") CANNOT("5:6", "(*B).Put", "84")
			CANNOT("9:6", "Use", "84") STAYS("1:10", "p") STAYS("5:10", "p"),
		.head = CANNOT("1:6", "(*A).Put", "84") CANNOT("5:6", "(*B).Put", "84")
			CANNOT("9:6", "Use", "84")
			LEAKS("1:10", "p", "keep = p (assign) at a.go:2:7")
			LEAKS("5:10", "p", "keep = p (assign) at a.go:6:7")
			MOVED("10:2", "x", "(*B).Put(b, &x) (call parameter) at a.go:11:5"),
		.change = {2, 5, 2, 5}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 6,
		.summary = {.new = 1}},
	{"a method of another type is not what is called",
		.base = CANNOT("1:6", "(*A).Put", "84") CANNOT("9:6", "Use", "84") STAYS("1:10", "p"),
		.head = CANNOT("1:6", "(*A).Put", "84") CANNOT("9:6", "Use", "84")
			LEAKS("1:10", "p", "keep = p (assign) at a.go:2:7")
			MOVED("10:2", "x", "(*B).Put(b, &x) (call parameter) at a.go:11:5"),
		.change = {2, 1, 2, 1}, .expected = "new unknown a.go:10 x\n",
		.summary = {.new = 1}},
	{"nor is a function of that name in another package",
		.base = "# o/q\n" CANNOT("1:6", "Put", "84") STAYS("1:10", "p")
			"# p\n" CANNOT("9:6", "Use", "84"),
		.head = "# o/q\n" CANNOT("1:6", "Put", "84")
			LEAKS("1:10", "p", "keep = p (assign) at a.go:2:7")
			"# p\n" CANNOT("9:6", "Use", "84")
			MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.change = {2, 1, 2, 1}, .expected = "new unknown a.go:10 x\n",
		.summary = {.new = 1}},
	{"nor is a generic one of another type",
		.base = CANNOT("1:6", "(*A[go.shape.int]).Put", "84") CANNOT("9:6", "Use", "84"),
		.head = CANNOT("1:6", "(*A[go.shape.int]).Put", "84") CANNOT("9:6", "Use", "84")
			MOVED("10:2", "x", "(*B[go.shape.int]).Put(b, &.dict.B[int], &x) "
				"(call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new unknown a.go:10 x\n",
		.summary = {.new = 1}},
	{"that of another package comes with its name",
		.base = "# o/q\n" CANNOT("1:6", "Put", "84") STAYS("1:10", "p")
			"# p\n" CANNOT("9:6", "Use", "84"),
		.head = "# o/q\n" CANNOT("1:6", "Put", "84")
			LEAKS("1:10", "p", "keep = p (assign) at a.go:2:7")
			"# p\n" CANNOT("9:6", "Use", "84")
			MOVED("10:2", "x", "q.Put(&x) (call parameter) at a.go:11:5"),
		.change = {2, 1, 2, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 2,
		.summary = {.new = 1}},
	{"what is called without a name is not what has none",
		.base = CANNOT("9:6", "Use", "84") STAYS("1:10", "p"),
		.head = CANNOT("9:6", "Use", "84")
			LEAKS("1:10", "p", "keep = p (assign) at a.go:2:7")
			MOVED("10:2", "x", "get()(&x) (call parameter) at a.go:11:5"),
		.change = {2, 1, 2, 1}, .expected = "new unknown a.go:10 x\n",
		.summary = {.new = 1}},
	{"a generic callee was changed, of whose parameters nothing is printed",
		.base = CANNOT("1:6", "Put[go.shape.int]", "84") CANNOT("9:6", "Use", "84"),
		.head = CANNOT("1:6", "Put[go.shape.int]", "84") CANNOT("9:6", "Use", "84")
			MOVED("10:2", "x", "Put[go.shape.int](&.dict.Put[int], &x) (call parameter) at a.go:11:5"),
		.change = {3, 1, 3, 1}, .expected = "new callee-leaks a.go:10 x\n", .cause_line = 3,
		.summary = {.new = 1}},
	{"another callee was changed, of whose parameters something would be",
		.base = CANNOT("3:6", "Put", "84") CANNOT("9:6", "Use", "84"),
		.head = CANNOT("3:6", "Put", "84") CANNOT("9:6", "Use", "84")
			MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.change = {4, 1, 4, 1},
		.text = "package p\n\nfunc Put(p *int) {\n\tkeep = p\n}\n",
		.expected = "new unknown a.go:10 x\n", .summary = {.new = 1}},
	{"a callee was changed, of which nothing is printed",
		.base = CANNOT("9:6", "Use", "84"),
		.head = CANNOT("9:6", "Use", "84")
			MOVED("10:2", "x", "(*S).Put(s, &x) (call parameter) at a.go:11:5"),
		.change = {4, 1, 4, 1},
		.text = "package p\n\nfunc (s *S) Put(p *int) {\n\tkeep = p\n}\n",
		.expected = "new callee-leaks a.go:10 x\n", .cause_line = 4, .summary = {.new = 1}},
	{"what is called is not known any more, because what returns it is not inlined",
		.base = CAN("1:6", "Open", "4") CANNOT("9:6", "Use", "84") CALL("10:11", "Open"),
		.head = CANNOT("1:6", "Open", "84") CANNOT("9:6", "Use", "84")
			MOVED("9:14", "x", "w.Write(x[:]) (call parameter) at a.go:11:9"),
		.change = {2, 1, 2, 1}, .expected = "new inlining a.go:9 x\n", .cause_line = 2,
		.summary = {.new = 1}},
	{"a closure escapes now, and what it shares with its function",
		.base = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84") STAYS("1:10", "f"),
		.head = CANNOT("1:6", "Put", "84") CANNOT("9:6", "Use", "84")
			LEAKS("1:10", "f", "keep = f (assign) at a.go:3:7")
			"a.go:12:6: func literal escapes to heap:\n"
			"a.go:12:6:   flow: {heap} = &{storage for func literal}:\n"
			"a.go:12:6:     from Put(func literal) (call parameter) at a.go:12:5\n"
			HEAP("12:6", "func literal")
			"a.go:10:2: x escapes to heap:\n"
			"a.go:10:2:   flow: {storage for func literal} = &x:\n"
			"a.go:10:2:     from x (captured by a closure) at a.go:13:3\n"
			VARIABLE("10:2", "x"),
		.change = {3, 1, 3, 1},
		.expected = "new callee-leaks a.go:10 x\n"
			"new callee-leaks a.go:12 func literal\n",
		.cause_line = 3, .summary = {.new = 2}},
	{"a constant that its line uses was changed",
		.base = CANNOT("6:6", "F", "84"),
		.head = CANNOT("6:6", "F", "84") HEAP("7:5", "make([]int, 9000)"),
		.change = {4, 1, 4, 1},
		.text = "package p\n\nconst (\n\tsize, most = 9000, 1\n)\nfunc F() {\n"
			"\tt := make([]int, size)\n}\n",
		.expected = "new changed-declaration a.go:7 make([]int, 9000)\n", .cause_line = 4,
		.summary = {.new = 1}},
	{"a type that its line uses has grown",
		.base = CANNOT("6:6", "F", "84"),
		.head = CANNOT("6:6", "F", "84") HEAP("7:5", "new(Table)"),
		.change = {4, 1, 4, 1},
		.text = "package p\n\ntype Table struct {\n\tcells [9000]int\n}\nfunc F() {\n"
			"\tt := new(Table)\n}\n",
		.expected = "new changed-declaration a.go:7 new(Table)\n", .cause_line = 4,
		.summary = {.new = 1}},
	{"a field that its flow uses was changed",
		.base = CANNOT("6:6", "F", "84"),
		.head = CANNOT("6:6", "F", "84")
			MOVED("7:5", "x", "t.to.Write(x[:]) (call parameter) at a.go:8:5"),
		.change = {4, 1, 4, 1},
		.text = "package p\n\ntype T struct {\n\tto Writer\n}\nfunc F() {\n"
			"\tvar x [4]byte\n\tt.to.Write(x[:])\n}\n",
		.expected = "new changed-declaration a.go:7 x\n", .cause_line = 4,
		.summary = {.new = 1}},
	{"a variable of another function is no declaration of that kind",
		.base = CANNOT("3:6", "G", "84") CANNOT("6:6", "F", "84"),
		.head = CANNOT("3:6", "G", "84") CANNOT("6:6", "F", "84")
			HEAP("7:5", "make([]int, 9000)"),
		.change = {4, 1, 4, 1},
		.text = "package p\n\nfunc G() {\n\tsize := 1\n}\nfunc F() {\n"
			"\tt := make([]int, size)\n}\n",
		.expected = "new unknown a.go:7 make([]int, 9000)\n", .summary = {.new = 1}},
	{"a number of a list that was changed is no declaration",
		.base = CANNOT("6:6", "F", "84"),
		.head = CANNOT("6:6", "F", "84") HEAP("7:5", "make([]int, 9000)"),
		.change = {4, 1, 4, 1},
		.text = "package p\n\nvar list = []int{\n\t9000,\n}\nfunc F() {\n"
			"\tt := make([]int, 9000)\n}\n",
		.expected = "new unknown a.go:7 make([]int, 9000)\n", .summary = {.new = 1}},
	{"what is in a string or a comment is not used",
		.base = CANNOT("6:6", "F", "84"),
		.head = CANNOT("6:6", "F", "84") HEAP("7:5", "f(\"size\", n)"),
		.change = {4, 1, 4, 1},
		.text = "package p\n\nconst (\n\tsize = 9000\n)\nfunc F() {\n"
			"\tt := f(\"size\", n) // size\n}\n",
		.expected = "new unknown a.go:7 f(\"size\", n)\n", .summary = {.new = 1}},
	{"the package of an embedded type is no field",
		.base = CANNOT("6:6", "F", "84"),
		.head = CANNOT("6:6", "F", "84") HEAP("7:5", "new(sync.Map)"),
		.change = {4, 1, 4, 1},
		.text = "package p\n\ntype Table struct {\n\t*sync.Mutex\n}\nfunc F() {\n"
			"\tt := new(sync.Map)\n}\n",
		.expected = "new unknown a.go:7 new(sync.Map)\n", .summary = {.new = 1}},
	{"an embedded type is a field",
		.base = CANNOT("6:6", "F", "84"),
		.head = CANNOT("6:6", "F", "84") HEAP("7:5", "&x.Mutex"),
		.change = {4, 1, 4, 1},
		.text = "package p\n\ntype Table struct {\n\t*sync.Mutex\n}\nfunc F() {\n"
			"\tt := &x.Mutex\n}\n",
		.expected = "new changed-declaration a.go:7 &x.Mutex\n", .cause_line = 4,
		.summary = {.new = 1}},
	{"a comment below a declaration does not change it",
		.base = CANNOT("6:6", "F", "84"),
		.head = CANNOT("6:6", "F", "84") HEAP("7:5", "new(Table)"),
		.change = {4, 1, 4, 1},
		.text = "package p\n\ntype Table [9]int\n// F is none.\n\nfunc F() {\n"
			"\tt := new(Table)\n}\n",
		.expected = "new unknown a.go:7 new(Table)\n", .summary = {.new = 1}},
	{"a comment below a function does not change it",
		.base = CANNOT("9:6", "Use", "84"),
		.head = CANNOT("9:6", "Use", "84")
			MOVED("10:2", "x", "Put(&x) (call parameter) at a.go:11:5"),
		.change = {6, 1, 6, 1},
		.text = "package p\n\nfunc Put(p *int) {\n\tkeep = p\n}\n// Use is one.\n",
		.expected = "new unknown a.go:10 x\n", .summary = {.new = 1}},
	{"its own function is no declaration that its line uses",
		.base = CANNOT("3:6", "With", "84"),
		.head = CANNOT("3:6", "With", "84")
			MOVED("3:11", "n", "n (captured by a closure) at a.go:6:9"),
		.change = {5, 1, 5, 1},
		.text = "package p\n\nfunc With(n int) Option {\n\treturn func(o *options) {\n"
			"\t\tn = most()\n\t\to.n = n\n\t}\n}\n",
		.expected = "new changed-function a.go:3 n\n", .cause_line = 5,
		.summary = {.new = 1}},
	{"a comment between it and the next function is no change of it",
		.base = CANNOT("3:6", "F", "84") CANNOT("9:6", "G", "84"),
		.head = CANNOT("3:6", "F", "84") CANNOT("9:6", "G", "84")
			MOVED("4:6", "x", "x (captured by a closure) at a.go:5:9"),
		.change = {8, 1, 8, 1},
		.text = "package p\n\nfunc F() {\n\tvar x int\n\tkeep(func() { x++ })\n}\n\n"
			"// G does it.\nfunc G() {\n}\n",
		.expected = "new unknown a.go:4 x\n", .summary = {.new = 1}},
	{"the change of a function is behind its comment",
		.base = CANNOT("3:6", "F", "84") CANNOT("9:6", "G", "84"),
		.head = CANNOT("3:6", "F", "84") CANNOT("9:6", "G", "84")
			MOVED("4:6", "x", "x (captured by a closure) at a.go:7:9"),
		.change = {5, 2, 5, 2},
		.text = "package p\n\nfunc F() {\n\tvar x int\n\t// One more.\n\tx++\n"
			"\tkeep(func() { x++ })\n}\nfunc G() {\n}\n",
		.expected = "new changed-function a.go:4 x\n", .cause_line = 6,
		.summary = {.new = 1}},
	{"and behind a blank line",
		.base = CANNOT("3:6", "F", "84") CANNOT("9:6", "G", "84"),
		.head = CANNOT("3:6", "F", "84") CANNOT("9:6", "G", "84")
			MOVED("4:6", "x", "x (captured by a closure) at a.go:7:9"),
		.change = {5, 2, 5, 2},
		.text = "package p\n\nfunc F() {\n\tvar x int\n\n\tx++\n"
			"\tkeep(func() { x++ })\n}\nfunc G() {\n}\n",
		.expected = "new changed-function a.go:4 x\n", .cause_line = 6,
		.summary = {.new = 1}},
	{"a blank line in place of another is a change",
		.base = CANNOT("3:6", "F", "84") CANNOT("9:6", "G", "84"),
		.head = CANNOT("3:6", "F", "84") CANNOT("9:6", "G", "84")
			MOVED("4:6", "x", "x (captured by a closure) at a.go:6:9"),
		.change = {5, 1, 5, 1},
		.text = "package p\n\nfunc F() {\n\tvar x int\n\n\tkeep(func() { x++ })\n}\n\n"
			"func G() {\n}\n",
		.expected = "new changed-function a.go:4 x\n", .cause_line = 5,
		.summary = {.new = 1}},
	{"a function that was changed is declared as it was",
		.base = CANNOT("6:6", "F", "84"),
		.head = CANNOT("6:6", "F", "84") HEAP("7:5", "make([]int, Size())"),
		.change = {4, 1, 4, 1},
		.text = "package p\n\nfunc Size() int {\n\treturn 9\n}\nfunc F() {\n"
			"\tt := make([]int, Size())\n}\n",
		.expected = "new unknown a.go:7 make([]int, Size())\n", .summary = {.new = 1}},
	{"the package's own name is no declaration",
		.base = CANNOT("6:6", "F", "84"),
		.head = CANNOT("6:6", "F", "84") HEAP("7:5", "p.x"),
		.change = {1, 1, 1, 1},
		.text = "package p\n\n\n\n\nfunc F() {\n\tt := p.x\n}\n",
		.expected = "new unknown a.go:7 p.x\n", .summary = {.new = 1}},
};
/* clang-format on */

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
	return RUN_TABLE("cause", rows, comparison_row_test) +
	       RUN_TABLE("called", calls, test_called);
}

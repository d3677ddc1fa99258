/* What stays the same when code is moved, renamed, reformatted or compiled by another Go, and what
 * does not. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "parsers/parser.h"
#include "src/base/cleanup.h"
#include "src/compare.h"
#include "src/expression.h"
#include "src/tokens.h"

/* One file of each side: what the compiler prints of it, and its text. The file is F in messages;
 * positions are its own. */
struct row {
	const char *name;
	struct {
		const char *file, *package;
		const char *printed, *text;
	} base, head;
	struct line_change change;
	const char *expected; /* "new LINE EXPRESSION", "fixed …", "moved …"; else unchanged.
				Calls that are not inlined any more: "… in CALLER" */
};

#define CAN(line, name) "F:" line ":6: can inline " name " with cost 70 as: func() { }\n"
#define FUNC(line, name) "F:" line ":6: cannot inline " name ": marked go:noinline\n"
#define HEAP(at, expression) "F:" at ": " expression " escapes to heap\n"

static const struct row rows[] = {
	{"a function renamed",
		{"a.go", "p", FUNC("1", "Old") HEAP("2:9", "new(int)"),
			"func Old() *int {\n\treturn new(int)\n}\n"},
		{"a.go", "p", FUNC("1", "New") HEAP("2:9", "new(int)"),
			"func New() *int {\n\treturn new(int)\n}\n"},
		{1, 3, 1, 3}, "moved 2 new(int)\n"},
	{"a recursive one with other layout",
		{"a.go", "p", FUNC("1", "Old") HEAP("2:9", "new(int)"),
			"func Old(n int) *int {\n\treturn set(Old(n-1), new(int))\n}\n"},
		{"a.go", "p", FUNC("1", "New") HEAP("5:3", "new(int)"),
			"func New(n int) *int {\n\t// again\n\treturn set(\n\t\tNew(n - "
			"1),\n\t\tnew(int),\n\t)\n}\n"},
		{1, 3, 1, 7}, "moved 5 new(int)\n"},
	{"one with calls of others that were renamed",
		{"a.go", "p", FUNC("1", "Old") HEAP("2:9", "&T{...}"),
			"func Old() *T {\n\treturn &T{first(), q.Second()}\n}\n"},
		{"a.go", "p", FUNC("1", "New") HEAP("2:9", "&T{...}"),
			"func New() *T {\n\treturn &T{one(), q.Two()}\n}\n"},
		{1, 3, 1, 3}, "moved 2 &T{...}\n"},
	{"most lines of a function are in another",
		{"a.go", "p", FUNC("1", "Old") HEAP("2:7", "make([]int, n)"),
			"func Old(n int) []int {\n\tx := make([]int, "
			"n)\n\tuse(x)\n\tlog(n)\n\treturn "
			"x\n}\n"},
		{"a.go", "p", FUNC("1", "New") HEAP("2:7", "make([]int, n)"),
			"func New(n int) []int {\n\tx := make([]int, n) // "
			"all\n\tprepare()\n\tuse(x)\n\tlog(n)\n"
			"\treturn x\n}\n"},
		{1, 2, 1, 3}, "moved 2 make([]int, n)\n"},
	{"a function that calls now what it was",
		{"a.go", "p", FUNC("1", "Get") HEAP("2:7", "make([]int, n)"),
			"func Get(n int) []int {\n\tx := make([]int, "
			"n)\n\tuse(x)\n\tlog(n)\n\treturn "
			"x\n}\n"},
		{"a.go", "p", FUNC("1", "Get") FUNC("5", "get") HEAP("6:7", "make([]int, n)"),
			"func Get(n int) []int {\n\treturn get(n)\n}\n\nfunc get(n int) []int "
			"{\n\tx := "
			"make([]int, n) // all\n\tuse(x)\n\tlog(n)\n\treturn x\n}\n"},
		{1, 2, 1, 6}, "moved 6 make([]int, n)\n"},
	{"a function that makes the same is another",
		{"a.go", "p", FUNC("1", "Old") HEAP("2:9", "new(int)"),
			"func Old() *int {\n\treturn new(int)\n}\n"},
		{"a.go", "p", FUNC("1", "New") HEAP("3:9", "new(int)"),
			"func New() *int {\n\tcount++\n\tx := new(int)\n\treturn x\n}\n"},
		{1, 3, 1, 5}, "new 3 new(int)\nfixed 2 new(int)\n"},
	{"a renamed function that allocates once more",
		{"a.go", "p", FUNC("1", "Old") HEAP("2:9", "new(int)"),
			"func Old() *int {\n\tuse(1)\n\tuse(2)\n\tuse(3)\n\treturn new(int)\n}\n"},
		{"a.go", "p", FUNC("1", "New") HEAP("2:9", "new(T)") HEAP("6:9", "new(int)"),
			"func New() *int {\n\tkeep = "
			"new(T)\n\tuse(1)\n\tuse(2)\n\tuse(3)\n\treturn "
			"new(int)\n}\n"},
		{1, 1, 1, 2}, "new 2 new(T)\nmoved 6 new(int)\n"},
	{"a directory renamed with its package",
		{"old/a.go", "old", FUNC("1", "F") HEAP("2:9", "&old.T{...}"),
			"func F() any {\n\treturn x(&T{old: 1})\n}\n"},
		{"young/a.go", "young", FUNC("1", "F") HEAP("2:9", "&young.T{...}"),
			"func F() any {\n\treturn x(&T{young: 1})\n}\n"},
		{2, 1, 2, 1}, "moved 2 &young.T{...}\n"},
	{"a package renamed, on a line that is the same",
		{"a.go", "old", FUNC("1", "F") HEAP("2:9", "[]old.T{...}"), "\n\n"},
		{"a.go", "young", FUNC("1", "F") HEAP("2:9", "[]young.T{...}"), "\n\n"}, {0}, ""},
	{"a package renamed, and a type of it elsewhere",
		{"a.go", "old",
			"# q\nq/b.go:2:9: inlining call to old.New\n"
			"q/b.go:2:9: &old.T{...} escapes to heap\n",
			""},
		{"a.go", "young",
			"# q\nq/b.go:2:9: inlining call to young.New\n"
			"q/b.go:2:9: &young.T{...} escapes to heap\n",
			""},
		{1, 1, 1, 1}, ""},
	{"what is inlined is not any more, and its caller was renamed",
		{"a.go", "p",
			CAN("1", "Make") FUNC("5", "Old")
				HEAP("2:9", "new(T)") "F:6:11: inlining call to Make\n",
			"func Make() *T {\n\treturn new(T)\n}\n\nfunc Old() {\n\tuse(Make())\n}\n"},
		{"a.go", "p", FUNC("1", "Make") FUNC("5", "New") HEAP("2:9", "new(T)"),
			"func Make() *T {\n\treturn new(T)\n}\n\nfunc New() {\n\tuse( "
			"Make())\n}\n"},
		{5, 2, 5, 2}, "new 1 Make in New\n"},
	{"and both were renamed",
		{"a.go", "p",
			CAN("1", "Make") FUNC("5", "Old")
				HEAP("2:9", "new(T)") "F:6:11: inlining call to Make\n",
			"func Make() *T {\n\treturn new(T)\n}\n\nfunc Old() {\n\tuse(Make())\n}\n"},
		{"a.go", "p", FUNC("1", "Build") FUNC("5", "New") HEAP("2:9", "new(T)"),
			"func Build() *T {\n\treturn new(T)\n}\n\nfunc New() "
			"{\n\tuse(Build())\n}\n"},
		{1, 6, 1, 6}, "new 1 Build in New\nmoved 2 new(T)\n"},
	{"and its directory was renamed with its package",
		{"old/a.go", "old",
			CAN("1", "Make") FUNC("5", "Use")
				HEAP("2:9", "new(T)") "F:6:11: inlining call to Make\n",
			"func Make() *T {\n\treturn new(T)\n}\n\nfunc Use() {\n\tuse(Make())\n}\n"},
		{"young/a.go", "young", FUNC("1", "Make") FUNC("5", "Use") HEAP("2:9", "new(T)"),
			"func Make() *T {\n\treturn new(T)\n}\n\nfunc Use() {\n\tuse( "
			"Make())\n}\n"},
		{6, 1, 6, 1}, "new 1 Make in Use\n"},
	{"a directory renamed that has lost most of its functions",
		{"old/a.go", "old",
			FUNC("1", "F") FUNC("4", "G") FUNC("7", "H") HEAP("2:9", "new(T)"),
			"func F() {\n\tx(new(T))\n}\n"},
		{"young/a.go", "old", FUNC("1", "F") HEAP("3:9", "new(T)"),
			"func F() {\n\tif y {\n\t\tx(new(T))\n\t}\n}\n"},
		{2, 8, 2, 4}, "moved 3 new(T)\n"},
	{"a third of the lines of a function are in another",
		{"a.go", "p", FUNC("1", "Old") HEAP("2:7", "make([]int, n)"),
			"func Old(n int) []int {\n\tx := make([]int, "
			"n)\n\tuse(x)\n\tlog(n)\n\ttell(n)\n"
			"\treturn x\n}\n"},
		{"a.go", "p", FUNC("1", "New") HEAP("3:7", "make([]int, n)"),
			"func New(m int) []int {\n\tn := m\n\tx := make([]int, n) // all\n\tif m > "
			"3 {\n"
			"\t\treturn nil\n\t}\n\tlog(n)\n\treturn x\n}\n"},
		{1, 6, 1, 8}, "new 3 make([]int, n)\nfixed 2 make([]int, n)\n"},
	{"a generic function, printed by its own package and by another",
		{"l/a.go", "l",
			"# q\nF:1:6: cannot inline l.New[go.shape.int]: marked go:noinline\n"
			"F:2:9: &l.T[go.shape.int]{...} escapes to heap\n",
			"\n\n"},
		{"l/a.go", "l",
			"F:1:6: cannot inline New[go.shape.int]: marked go:noinline\n"
			"F:3:9: &T[go.shape.int]{...} escapes to heap\n",
			"\n\n\n"},
		{2, 1, 2, 2}, "moved 3 &T[go.shape.int]{...}\n"},
	{"a type of another package is another",
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "&q.T{...}"), "\n\treturn &q.T{}\n"},
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "&r.T{...}"), "\n\treturn &r.T{}\n"},
		{2, 1, 2, 1}, "new 2 &r.T{...}\nfixed 2 &q.T{...}\n"},
	{"a value of another type in an interface is another",
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "T{...}"), "\n\tkeep = T{1}\n"},
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "U{...}"), "\n\tkeep = U{1}\n"},
		{2, 1, 2, 1}, "new 2 U{...}\nfixed 2 T{...}\n"},
	{"a variable renamed that is appended",
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "append(list, x)"), "\n\n"},
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "append(all, x)"), "\n\n"}, {2, 1, 2, 1},
		"moved 2 append(all, x)\n"},
	{"a variable in place of a field",
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "s[:n] + w.suffix"), "\n\n"},
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "s[:n] + suffix"), "\n\n"}, {2, 1, 2, 1},
		"moved 2 s[:n] + suffix\n"},
	{"another size of a slice, and of a map",
		{"a.go", "p",
			FUNC("1", "F") HEAP("2:9", "make([]T, n)") HEAP("3:9", "make(map[K]T, n)"),
			"\n\n\n"},
		{"a.go", "p",
			FUNC("1", "F") HEAP("2:9", "make([]T, 0, len(s) + 1)")
				HEAP("3:9", "make(map[K]T)"),
			"\n\n\n"},
		{2, 2, 2, 2}, "moved 2 make([]T, 0, len(s) + 1)\nmoved 3 make(map[K]T)\n"},
	{"a slice of another type is another",
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "make([]T, n)"), "\n\n"},
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "make([]U, n)"), "\n\n"}, {2, 1, 2, 1},
		"new 2 make([]U, n)\nfixed 2 make([]T, n)\n"},
	{"one more above the one whose line was edited",
		{"a.go", "p", FUNC("1", "F") HEAP("2:6", "[]string{...}"),
			"func F() {\n\tset(tag, a+w.b)\n}\n"},
		{"a.go", "p",
			FUNC("1", "F") HEAP("2:6", "[]string{...}") HEAP("4:7", "[]string{...}"),
			"func F() {\n\tset(kind, c)\n\tif d {\n\t\tset(tag, a+b)\n\t}\n}\n"},
		{2, 1, 2, 4}, "new 2 []string{...}\nmoved 4 []string{...}\n"},
	{"one less above the one whose line was edited",
		{"a.go", "p",
			FUNC("1", "F") HEAP("2:6", "[]string{...}") HEAP("3:6", "[]string{...}"),
			"func F() {\n\tset(kind, c)\n\tset(tag, a+w.b)\n}\n"},
		{"a.go", "p", FUNC("1", "F") HEAP("2:6", "[]string{...}"),
			"func F() {\n\tset(tag, a+b)\n}\n"},
		{2, 2, 2, 1}, "fixed 2 []string{...}\nmoved 2 []string{...}\n"},
	{"a variable renamed below a new one",
		{"a.go", "p", FUNC("1", "F") "F:2:2: moved to heap: x\n",
			"func F() {\n\tx := f(2)\n}\n"},
		{"a.go", "p", FUNC("1", "F") "F:2:2: moved to heap: y\nF:3:2: moved to heap: z\n",
			"func F() {\n\tvar y int\n\tz := f(2)\n}\n"},
		{2, 1, 2, 2}, "new 2 y\nmoved 3 z\n"},
	{"the same text in another function",
		{"a.go", "p", FUNC("1", "F") FUNC("5", "G") HEAP("2:9", "&T{...}"),
			"func F() {\n\tkeep( &T{1})\n}\n\nfunc G() {\n}\n"},
		{"a.go", "p", FUNC("1", "F") FUNC("4", "G") HEAP("5:9", "&T{...}"),
			"func F() {\n}\n\nfunc G() {\n\tkeep(&T{1})\n}\n"},
		{1, 6, 1, 6}, "moved 5 &T{...}\n"},
	{"another text in another function",
		{"a.go", "p", FUNC("1", "F") FUNC("5", "G") HEAP("2:9", "&T{...}"),
			"func F() {\n\tkeep(&T{1})\n}\n\nfunc G() {\n}\n"},
		{"a.go", "p", FUNC("1", "F") FUNC("4", "G") HEAP("5:9", "&T{...}"),
			"func F() {\n}\n\nfunc G() {\n\tkeep(&T{2})\n}\n"},
		{1, 6, 1, 6}, "new 5 &T{...}\nfixed 2 &T{...}\n"},
	{"a text that is there twice now",
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "&T{...}"), "\n\tkeep(&T{1})\n"},
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "&T{...}") HEAP("3:9", "&T{...}"),
			"\n\tkeep(&T{1})\n\tkeep(&T{1})\n"},
		{3, 0, 3, 1}, "new 3 &T{...}\n"},
	{"the place of a generic is one, whoever prints it",
		{"l/a.go", "l",
			"F:1:7: cannot inline (*List[go.shape.int]).Push: marked go:noinline\n"
			"F:2:9: make([]go.shape.int, list.n) escapes to heap\n",
			"\n\n"},
		{"l/a.go", "l",
			"F:1:7: cannot inline (*List[go.shape.int]).Push: marked go:noinline\n"
			"F:2:9: make([]go.shape.int, list.n) escapes to heap\n# q\n"
			"F:1:7: cannot inline l.(*List[go.shape.string]).Push: marked go:noinline\n"
			"F:2:9: make([]go.shape.string, l.list.n) escapes to heap\n",
			"\n\n"},
		{0}, ""},
	{"a dictionary has another number",
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "Get(l, (*[12]uintptr)(.dict[3]))"),
			"\n\n"},
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "Get(l, (*[14]uintptr)(.dict[5]))"),
			"\n\n"},
		{2, 1, 2, 1}, "moved 2 Get(l, (*[14]uintptr)(.dict[5]))\n"},
	{"what was there is worded differently",
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "append(s, x)"), "\n\n"},
		{"a.go", "p", FUNC("1", "F") HEAP("2:9", "append"), "\n\n"}, {5, 1, 5, 1}, ""},
};

static void
add_package(struct snapshot *snapshot, const char *path, const char *directory, const char *name)
{
	snapshot->packages = array_grow(snapshot->packages, &snapshot->package_capacity,
		snapshot->package_count + 1, sizeof *snapshot->packages);
	snapshot->packages[snapshot->package_count++] =
		(struct package){.import_path = path, .directory = directory, .name = name};
}

static void
read_side(struct snapshot *snapshot, const char *file, const char *package, const char *printed)
{
	const struct parser_options options = {.go_version = "go1.26.8"};
	CLEANUP(parser_cleanup) struct parser *parser = NULL;
	CLEANUP(buf_release) struct buf text = {0};
	const char *slash = strrchr(file, '/');
	struct err err;

	buf_printf(&text, "# %s\n", package);
	for (const char *p = printed; *p; p++) {
		bool at_start = p == printed || p[-1] == '\n';
		if (at_start && p[0] == 'F' && p[1] == ':')
			buf_add(&text, str_of(file));
		else
			buf_add_char(&text, *p);
	}
	assert_int_equal(parser_new(&parser, snapshot, &options, &err), 0);
	parser_feed(parser, buf_str(&text));
	parser_finish(parser);
	const char *directory =
		arena_str(&snapshot->arena, (struct str){file, slash ? (size_t)(slash - file) : 0});
	add_package(snapshot, package, directory, package);
	add_package(snapshot, "q", "q", "q");
	snapshot_sort(snapshot);
}

static int
read_text(struct buf *out, bool base, const char *path, void *ctx, struct err *err)
{
	const struct row *row = ctx;

	(void)err;
	assert_string_equal(path, base ? row->base.file : row->head.file);
	buf_add(out, str_of(base ? row->base.text : row->head.text));
	return 0;
}

static void
fill_map(struct line_map *map, const struct row *row)
{
	map->files = array_grow(NULL, &map->file_capacity, 1, sizeof *map->files);
	if (row->change.base_line || strcmp(row->base.file, row->head.file) != 0)
		map->files[map->file_count++] = (struct file_change){row->base.file, row->head.file,
			false, &row->change, row->change.base_line != 0};
	line_map_finish(map);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	CLEANUP(snapshot_release) struct snapshot base = {0};
	CLEANUP(snapshot_release) struct snapshot head = {0};
	CLEANUP(line_map_release) struct line_map map = {0};
	CLEANUP(buf_release) struct buf found = {0};
	CLEANUP(comparison_release)
	struct comparison comparison = {.base_snapshot = &base, .head_snapshot = &head};
	CLEANUP(source_release)
	struct source source = {.read = read_text, .ctx = (void *)(uintptr_t)row};

	comparison.source = &source;
	read_side(&base, row->base.file, row->base.package, row->base.printed);
	read_side(&head, row->head.file, row->head.package, row->head.printed);
	fill_map(&map, row);
	compare_snapshots(&comparison, &map);
	buf_add(&found, STR(""));
	for (size_t i = 0; i < comparison.finding_count; i++) {
		const struct finding *finding = &comparison.findings[i];
		if (finding->state == FINDING_UNCHANGED)
			continue;
		buf_printf(&found, "%s %d %s", finding_state_name(finding->state),
			finding->escape->at.line, finding->escape->expression);
		for (size_t k = 0; finding->lost && k < finding->copy_count; k++)
			buf_printf(&found, " in %s", finding->copies[k].function);
		buf_add_char(&found, '\n');
	}
	assert_string_equal(found.p, row->expected);
	assert_true(comparison.finding_count > 0);
}

/* Two outputs whose only finding has the same fingerprint. */
static const struct pair {
	const char *name;
	const char *one, *other;
} same[] = {
	{"on another line", FUNC("1", "F") HEAP("2:9", "new(T)"),
		FUNC("7", "F") HEAP("12:4", "new(T)")},
	{"in another file", FUNC("1", "F") HEAP("2:9", "new(T)"),
		"b.go:1:6: cannot inline F: marked go:noinline\nb.go:2:9: new(T) escapes to "
		"heap\n"},
	{"in a closure", FUNC("1", "F") HEAP("2:9", "new(T)"),
		FUNC("1", "F") "F:2:3: cannot inline F.func1: marked go:noinline\n" HEAP(
			"3:9", "new(T)")},
	{"append", FUNC("1", "F") HEAP("2:9", "append(s, f(x), \")\")"),
		FUNC("1", "F") HEAP("2:9", "append")},
	{"a constant as written, and by value", FUNC("1", "F") HEAP("2:9", "x + `a\\`"),
		FUNC("1", "F") HEAP("2:9", "x + \"a\\\\\"")},
	{"a constant that was cut", FUNC("1", "F") HEAP("2:9", "\"a long text\""),
		FUNC("1", "F") HEAP("2:9", "\"a lo...")},
	{"interface {} is any", FUNC("1", "F") HEAP("2:9", "[]interface {}{...}"),
		FUNC("1", "F") HEAP("2:9", "[]any{...}")},
	{"shapes", FUNC("1", "F") HEAP("2:9", "make(map[go.shape.int_0]go.shape.string_1)"),
		FUNC("1", "F") HEAP("2:9", "make(map[go.shape.struct { A []int }]go.shape.*T)")},
	{"shapes of Go 1.19", FUNC("1", "F") HEAP("2:9", "new(go.shape.int_0)"),
		FUNC("1", "F") HEAP("2:9", "new(go.shape.struct { a int; b func() \"x}\" }_0)")
			HEAP("2:9", "new(go.shape.[3]example.com/q.s_0)")
				HEAP("2:9", "new(go.shape.chan (<-chan int)_0)")
					HEAP("2:9", "new(go.shape.func(int) (string, error)_12)")},
	{"shapes of channels and functions", FUNC("1", "F") HEAP("2:9", "make([]go.shape.int, 3)"),
		FUNC("1", "F") HEAP("2:9", "make([]go.shape.chan int, 3)") HEAP(
			"2:9", "make([]go.shape.func(int) *example.com/a-b/c%2ev3.T, 3)")
			HEAP("2:9", "make([]go.shape.chan<- func() [2]chan int, 3)") HEAP(
				"2:9", "make([]go.shape.func() func(int) (<-chan int, error), 3)")
				HEAP("2:9", "make([]go.shape.<-chan interface { M() int }, 3)")},
	{"a local type has another number",
		FUNC("1", "F") HEAP("2:9", "&T\xc2\xb7"
					   "1{...}"),
		FUNC("1", "F") HEAP("2:9", "&T\xc2\xb7"
					   "12{...}")},
	{"a qualifier", FUNC("1", "F") HEAP("2:9", "&p.T{...}"),
		FUNC("1", "F") HEAP("2:9", "&T{...}")},
};

/* The same with another one. */
static const struct pair others[] = {
	{"another function", FUNC("1", "F") HEAP("2:9", "new(T)"),
		FUNC("1", "G") HEAP("2:9", "new(T)")},
	{"another type", FUNC("1", "F") HEAP("2:9", "new(T)"),
		FUNC("1", "F") HEAP("2:9", "new(U)")},
	{"another kind", FUNC("1", "F") HEAP("2:9", "x"),
		FUNC("1", "F") "F:2:9: moved to heap: x\n"},
};

static void
find_id(char id[11], const char *printed)
{
	CLEANUP(snapshot_release) struct snapshot base = {0};
	CLEANUP(snapshot_release) struct snapshot head = {0};
	CLEANUP(line_map_release) struct line_map map = {0};
	CLEANUP(comparison_release)
	struct comparison comparison = {.base_snapshot = &base, .head_snapshot = &head};

	read_side(&base, "a.go", "p", "");
	read_side(&head, "a.go", "p", printed);
	line_map_finish(&map);
	compare_snapshots(&comparison, &map);
	assert_int_equal(comparison.finding_count, 1);
	memcpy(id, comparison.findings[0].id, 11);
}

static void
test_same(void **state)
{
	const struct pair *pair = *state;
	char one[11], other[11];

	find_id(one, pair->one);
	find_id(other, pair->other);
	assert_string_equal(one, other);
}

static void
test_other(void **state)
{
	const struct pair *pair = *state;
	char one[11], other[11];

	find_id(one, pair->one);
	find_id(other, pair->other);
	assert_string_not_equal(one, other);
}

/* How much of a text is the function at its front. */
static const struct function_row {
	const char *name, *text;
	const char *last; /* what it ends with; NULL: there is none */
} functions[] = {
	{"plain", "func F() { a() }\nfunc G() {}\n", "{ a() }"},
	{"types with brackets in its head",
		"func F(a struct{ b int }) interface{ M() } {\n\treturn x\n}\n\nvar y = 1\n",
		"return x\n}"},
	{"brackets in strings and comments",
		"func F() {\n\tx = \"}\" + `}\n}` // }\n\ty = '}' /* } */\n}\n", "/* } */\n}"},
	{"several on a line", "func F() {}; func G() {}", "F() {}"},
	{"no end", "func F() {\n\tx(\n", NULL},
	{"none", "var x = 1\n", NULL},
	{"a string without end", "func F() { \" }\n}\n", "}"},
	{"nothing", "", NULL},
};

static void
test_function(void **state)
{
	const struct function_row *row = *state;
	struct function_text text;
	size_t n = tokens_function(&text, str_of(row->text));

	if (!row->last) {
		assert_int_equal(n, 0);
		return;
	}
	assert_true(n > 0);
	assert_true(str_ends((struct str){row->text, n}, str_of(row->last)));
}

int
main(void)
{
	return RUN_TABLE("identity", rows, test_row) + RUN_TABLE("fingerprints", same, test_same) +
	       RUN_TABLE("other fingerprints", others, test_other) +
	       RUN_TABLE("functions", functions, test_function);
}

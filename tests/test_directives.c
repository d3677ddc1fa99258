/* Which comments of Go source say something, and which lines they are for. */
#include "tests/test.h"

#include "src/base/cleanup.h"
#include "src/directives.h"

#define ALLOW "//heapwarden:allow "

/* clang-format off */
static const struct row {
	const char *name;
	const char *text;
	const char *found; /* "name line first-last reason;" of each */
} rows[] = {
	{"none", "package p\n\nfunc F() {}\n", ""},
	{"at the end of a line", "package p\n\nvar a = 1 " ALLOW "because\n", "heapwarden:allow 3 3-3 because;"},
	{"alone in a body", "package p\n\nfunc F() {\n\t" ALLOW "because\n\ta()\n\tb()\n}\n", "heapwarden:allow 4 5-5 because;"},
	{"other comments between", "package p\n\nfunc F() {\n\t" ALLOW "because\n\t// of this\n\t/* and\n\tthat */\n\ta()\n}\n",
		"heapwarden:allow 4 8-8 because;"},
	{"an empty line between", "package p\n\nfunc F() {\n\t" ALLOW "because\n\n\ta()\n}\n", "heapwarden:allow 4 0-0 because;"},
	{"an empty line of blanks between", "package p\n\nfunc F() {\n\t" ALLOW "because\n\t \n\ta()\n}\n", "heapwarden:allow 4 0-0 because;"},
	{"with line ends of Windows", "package p\r\n\r\nfunc F() {\r\n\t" ALLOW "because\r\n\ta()\r\n}\r\n", "heapwarden:allow 4 5-5 because;"},
	{"above a function", "package p\n\n// F does.\n//\n" ALLOW "because\nfunc F() {\n\ta()\n}\n\nfunc G() {\n}\n",
		"heapwarden:allow 5 6-8 because;"},
	{"above a method", "package p\n\n" ALLOW "because\nfunc (t *T[K]) F(\n\ta func() int,\n) (x int) {\n}\nvar a int\n",
		"heapwarden:allow 3 4-7 because;"},
	{"above the last declaration", "package p\n\n" ALLOW "because\nvar a = []*int{\n\tnew(int),\n}\n// end\n", "heapwarden:allow 3 4-6 because;"},
	{"above a group", "package p\n\n" ALLOW "because\nvar (\n\ta = new(int)\n\tb = new(int)\n)\n\ntype T int\n", "heapwarden:allow 3 4-7 because;"},
	{"in a group", "package p\n\nvar (\n\t" ALLOW "because\n\ta = new(int)\n\tb = new(int)\n)\n", "heapwarden:allow 4 5-5 because;"},
	{"a literal behind a line end is no declaration", "package p\n\n" ALLOW "because\nvar f =\nfunc() {\n}\n\nvar g int\n",
		"heapwarden:allow 3 4-6 because;"},
	{"at the end of a function's first line", "package p\n\nfunc F() { " ALLOW "because\n\ta()\n}\n", "heapwarden:allow 3 3-3 because;"},
	{"two for one line", "package p\n\nfunc F() {\n\t" ALLOW "one\n\ta() " ALLOW "two\n}\n",
		"heapwarden:allow 4 5-5 one;heapwarden:allow 5 5-5 two;"},
	{"behind a raw string of lines", "package p\n\nvar a = `x\n}\ny` " ALLOW "because\n", "heapwarden:allow 5 5-5 because;"},
	{"in strings", "package p\n\nvar a = \"" ALLOW "x\"\nvar b = `\n" ALLOW "x\n`\nvar c = '\"' " ALLOW "y\n", "heapwarden:allow 7 7-7 y;"},
	{"in a comment of the other kind", "package p\n\n/*\n" ALLOW "x\n*/\nvar a int /* " ALLOW "x */\n", ""},
	{"in a comment", "package p\n\n// as in " ALLOW "x\nvar a int\n", ""},
	{"at the end of the file", "package p\n" ALLOW "x", "heapwarden:allow 2 0-0 x;"},
	{"without a reason", "package p\n\nvar a = 1 //heapwarden:allow \t\n", "heapwarden:allow 3 3-3 ;"},
	{"with a blank", "package p\n\nvar a = 1 // heapwarden:allow x\n", "spaced heapwarden:allow 3 3-3 x;"},
	{"prose", "package p\n\nvar a = 1 // heapwarden: see there\n", ""},
	{"unknown", "package p\n\nvar a = 1 //heapwarden:alow x\n", "unknown heapwarden:alow 3 3-3 x;"},
	{"contracts", "package p\n\n//heapwarden:noescape\nfunc F() {\n\ta() //heapwarden:inline\n}\n",
		"heapwarden:noescape 3 4-6 ;heapwarden:inline 5 5-5 ;"},
	{"of gcassert", "package p\n\n//gcassert:noescape\nfunc F() {\n\ta() // gcassert:bce,inline\n\tb[0]() //gcassert:bce\n}\n",
		"gcassert:noescape 3 4-4 ;gcassert:bce,inline 5 5-5 ;"},
	{"of gvisor", "package p\n\n// F does.\n//\n// +checkescape:hard,stack\n//\n//go:nosplit\nfunc F() {\n\ta() // escapes: once\n}\n",
		"+checkescape:hard,stack 5 8-10 ;escapes: 9 9-9 once;"},
	{"of gvisor, not of the heap", "package p\n\n// +checkescape:stack\nfunc F() {\n}\n// +checkescaped\nfunc G() {\n}\n", ""},
	{"brackets that do not close", "package p\n\nfunc F( {\n\t" ALLOW "x\nfunc G() }}} ((\n", "heapwarden:allow 4 5-5 x;"},
	{"a string that does not close", "package p\n" ALLOW "x\nvar a = `", "heapwarden:allow 2 3-3 x;"},
};
/* clang-format on */

static void
test_row(void **state)
{
	CLEANUP(directives_release) struct directives found = {0};
	CLEANUP(buf_release) struct buf text = {0};
	const struct row *row = *state;

	directives_find(&found, str_of(row->text));
	for (size_t i = 0; i < found.count; i++) {
		const struct directive *directive = &found.all[i];
		const char *kind = directive->kind == DIRECTIVE_SPACED    ? "spaced "
				   : directive->kind == DIRECTIVE_UNKNOWN ? "unknown "
									  : "";
		buf_printf(&text, "%s%.*s %d %d-%d %.*s;", kind, STR_ARG(directive->name),
			directive->line, directive->first, directive->last,
			STR_ARG(directive->reason));
	}
	assert_string_equal(text.p ? text.p : "", row->found);
}

int
main(void)
{
	return RUN_TABLE("directives", rows, test_row);
}

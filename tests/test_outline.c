/* What in a Go file decides what `go list` says of its package. */
#include "tests/test.h"

#include "src/outline.h"

/* clang-format off */
static const struct row {
	const char *name;
	const char *one, *two;
	bool same;
} rows[] = {
	{"another body", "package p\n\nfunc F() {}\n", "package p\n\nfunc F() { G() }\n", true},
	{"another declaration", "package p\n\nvar a = 1\n", "package p\n\nconst a = 1\n", true},
	{"nothing but a header", "package p\n", "package p\n", true},
	{"another package", "package p\n", "package q\n", false},
	{"one more import", "package p\n\nimport \"fmt\"\n\nfunc F() {}\n", "package p\n\nfunc F() {}\n", false},
	{"another import of a list", "package p\n\nimport (\n\t\"fmt\"\n\tb \"io\"\n)\n\ntype T int\n",
		"package p\n\nimport (\n\t\"fmt\"\n\tb \"os\"\n)\n\ntype T int\n", false},
	{"a constraint", "//go:build linux\n\npackage p\n", "//go:build !linux\n\npackage p\n", false},
	{"the preamble of cgo", "package p\n\n// #cgo LDFLAGS: -lm\nimport \"C\"\n\nvar a = 1\n",
		"package p\n\n// #cgo LDFLAGS: -lz\nimport \"C\"\n\nvar a = 1\n", false},
	{"a word in a comment or a path is no declaration", "// the type of func\npackage p\n\nimport \"var/type\"\n",
		"// the type of func\npackage p\n\nimport \"var/func\"\n", false},
	{"what is embedded", "package p\n\nvar (\n\t_ = 1\n)\n\n//go:embed a.txt\nvar a string\n",
		"package p\n\nvar (\n\t_ = 1\n)\n\n//go:embed b.txt\nvar a string\n", false},
	{"one more directive", "package p\n\nvar a string\n", "package p\n\nvar _ int\n//go:embed b.txt\nvar a string\n", false},
	{"the same directives elsewhere", "package p\n\nvar _ int\n\n//go:embed a\nvar a string\n",
		"package p\n\nvar b int\n\n\n//go:embed a\nvar a string\n", true},
	{"no Go at all", "", "", true},
};
/* clang-format on */

static void
test_row(void **state)
{
	const struct row *row = *state;

	assert_int_equal(outline_is_same_text(str_of(row->one), str_of(row->two)), row->same);
	assert_int_equal(outline_is_same_text(str_of(row->two), str_of(row->one)), row->same);
}

int
main(void)
{
	return RUN_TABLE("outlines", rows, test_row);
}

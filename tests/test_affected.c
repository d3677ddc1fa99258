/* Which packages a difference of the sources concerns. */
#include "tests/test.h"

#include "src/affected.h"
#include "src/base/cleanup.h"

#define MOST 8

/* clang-format off */
/* What go reads, as "kind+content path"; kind f is a file, l a link. */
static const struct row {
	const char *name;
	const char *one[MOST], *two[MOST];
	const char *affected; /* NULL: it cannot be told */
} rows[] = {
	{"nothing", {"f1 a/a.go"}, {"f1 a/a.go"}, ""},
	{"a leaf, and all that depends on it", {"f1 a/a.go", "f1 b/b.go"}, {"f2 a/a.go", "f1 b/b.go"}, "a b c root "},
	{"what is in between", {"f1 b/b.go"}, {"f2 b/b.go"}, "b c "},
	{"what nothing depends on", {"f1 c/c.go"}, {"f2 c/c.go"}, "c "},
	{"the root", {"f1 main.go"}, {"f2 main.go"}, "root "},
	{"a file that came", {"f1 b/b.go"}, {"f1 b/b.go", "f1 b/more.go"}, "b c "},
	{"a file that went", {"f1 b/a.go", "f1 b/b.go"}, {"f1 b/b.go"}, "b c "},
	{"the first and the last", {"f1 a/a.go", "f1 c/c.go"}, {"f1 b/b.go"}, "a b c root "},
	{"a vendored package", {"f1 vendor/v/v.go"}, {"f2 vendor/v/v.go"}, "v c "},
	{"a directory of no package", {"f1 testdata/x.go"}, {"f2 testdata/x.go"}, ""},
	{"go.mod, which go list has read", {"f1 a/a.go", "f1 go.mod"}, {"f1 a/a.go", "f2 go.mod"}, ""},
	{"a vendored module's list", {"f1 vendor/modules.txt"}, {"f2 vendor/modules.txt"}, ""},
	{"modules.txt as a link", {"l1 vendor/modules.txt"}, {"l2 vendor/modules.txt"}, NULL},
	{"a header of C", {"f1 a/a.h"}, {"f2 a/a.h"}, NULL},
	{"a header that came", {"f1 a/a.go"}, {"f1 a/a.go", "f1 a/a.h"}, NULL},
	{"a link", {"l1 a/a.go"}, {"l2 a/a.go"}, NULL},
	{"a link that becomes a file", {"l1 a/a.go"}, {"f1 a/a.go"}, NULL},
	{"a profile that is the same", {"f1 a/a.go", "f1 default.pgo"}, {"f2 a/a.go", "f1 default.pgo"}, NULL},
};
/* clang-format on */

/* Imported first, as go lists them, but for c, which comes before what it imports. */
#define BEFORE                                                                                     \
	"c\t/c\tapp@ 1.22\tfmt b v \n"                                                             \
	"a\t/a\tapp@ 1.22\tfmt \n"                                                                 \
	"b\t/b\tapp@ 1.22\ta other.org/o \n"

static const char imports[] = BEFORE "other.org/o\t\tother.org@v1.0.0 1.20\tfmt \n"
				     "v\t/vendor/v\tv@v1.0.0 1.20\t\n"
				     "root\t/\tapp@ 1.22\ta \n";

static void
add_files(struct buf *out, const char *const *files)
{
	for (size_t i = 0; i < MOST && files[i]; i++)
		buf_add(out, (struct str){files[i], strlen(files[i]) + 1});
}

static void
test_row(void **state)
{
	static const char *const names[] = {"a", "b", "v", "c", "root"};
	const struct row *row = *state;
	CLEANUP(arena_release) struct arena arena = {0};
	CLEANUP(intern_release) struct intern directories = {.arena = &arena};
	CLEANUP(intern_release) struct intern packages = {.arena = &arena};
	CLEANUP(buf_release) struct buf one = {0};
	CLEANUP(buf_release) struct buf two = {0};
	size_t expected = 0;

	add_files(&one, row->one);
	add_files(&two, row->two);
	bool told = affected_directories(&directories, buf_str(&one), buf_str(&two));
	assert_int_equal(told, row->affected != NULL);
	if (!told)
		return;
	affected_packages(&packages, imports, imports, &directories);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		CLEANUP(buf_release) struct buf word = {0};
		buf_printf(&word, "%s ", names[i]);
		bool wanted = strstr(row->affected, word.p) != NULL;
		assert_int_equal(intern_find(&packages, str_of(names[i])) != NULL, wanted);
		expected += wanted;
	}
	assert_int_equal(packages.count, expected);
}

/* clang-format off */
static const struct change {
	const char *name;
	const char *after; /* of what BEFORE is followed by */
	const char *affected[MOST];
} changes[] = {
	{"nothing", "other.org/o\t\tother.org@v1.0.0 1.20\tfmt \nv\t/vendor/v\tv@v1.0.0 1.20\t\nroot\t/\tapp@ 1.22\ta \n", {NULL}},
	{"another version of a module", "other.org/o\t\tother.org@v1.1.0 1.20\tfmt \nv\t/vendor/v\tv@v1.0.0 1.20\t\nroot\t/\tapp@ 1.22\ta \n",
		{"other.org/o", "b", "c"}},
	{"another Go for a module", "other.org/o\t\tother.org@v1.0.0 1.20\tfmt \nv\t/vendor/v\tv@v1.0.0 1.21\t\nroot\t/\tapp@ 1.22\ta \n",
		{"v", "c"}},
	{"a package in another directory", "other.org/o\t\tother.org@v1.0.0 1.20\tfmt \nv\t/v\tv@v1.0.0 1.20\t\nroot\t/\tapp@ 1.22\ta \n",
		{"v", "c"}},
	{"a package that came", "new\t/new\tapp@ 1.22\t\nother.org/o\t\tother.org@v1.0.0 1.20\tfmt \nv\t/vendor/v\tv@v1.0.0 1.20\t\nroot\t/\tapp@ 1.22\ta \n",
		{"new"}},
};
/* clang-format on */

static void
test_change(void **state)
{
	const struct change *change = *state;
	CLEANUP(arena_release) struct arena arena = {0};
	CLEANUP(intern_release) struct intern packages = {.arena = &arena};
	const struct intern directories = {.arena = &arena};
	const char *after = arena_printf(&arena, "%s%s", BEFORE, change->after);
	size_t expected = 0;

	affected_packages(&packages, imports, after, &directories);
	while (expected < MOST && change->affected[expected])
		assert_non_null(intern_find(&packages, str_of(change->affected[expected++])));
	assert_int_equal(packages.count, expected);
}

int
main(void)
{
	return RUN_TABLE("what is affected", rows, test_row) |
	       RUN_TABLE("other modules", changes, test_change);
}

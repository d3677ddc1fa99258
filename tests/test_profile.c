/* What go tool pprof prints, and the share of each function. */
#include "tests/test.h"

#include "src/base/cleanup.h"
#include "src/comparison.h"
#include "src/profile.h"

/* As it is printed of an allocation profile, by Go 1.22 and later. */
#define HEAP                                                                                       \
	"PeriodType: space bytes\n"                                                                \
	"Period: 512\n"                                                                            \
	"Time: 2026-11-24 22:55:24.541850006 +0000 UTC\n"                                          \
	"Samples:\n"                                                                               \
	"alloc_objects/count alloc_space/bytes[dflt] inuse_objects/count inuse_space/bytes\n"      \
	"          0          0          0          0: 1 2 \n"                                     \
	"          4        500          1       9000: 3 2 \n"                                     \
	"                bytes:[128]\n"                                                            \
	"        600        250          0          0: 4 5 2 \n"                                   \
	"                1 2 3 4: 5:[6]\n"                                                         \
	"          1        150          0          0: 5 5 2 \n"                                   \
	"          1        100          0          0: 6 \n"

#define PLACES                                                                                     \
	"Locations\n"                                                                              \
	"     1: 0x41d199 M=1 runtime.mallocgc /go/src/runtime/malloc.go:275:0 s=267\n"            \
	"     2: 0x52e48a M=1 main.main /src/my app/main.go:10:0 s=5\n"                            \
	"     3: 0x52e325 M=1 example.com/m/codec%2ev2.(*Encoder).Encode.func1 "                   \
	"/src/codec.v2/codec.go:10:0 s=10\n"                                                       \
	"             example.com/m/codec%2ev2.(*Encoder).Encode "                                 \
	"/src/codec.v2/codec.go:11:0 s=9\n"                                                        \
	"     4: 0x52e36a M=1 [F] example.com/m/codec%2ev2.Map[go.shape.struct { "                 \
	"example.com/m/x/y.A int }] /src/codec.v2/codec.go:16:0 s=15\n"                            \
	"     5: 0x52e4b5 M=1 example.com/m/tree.(*List[go.shape.int]).Push "                      \
	"/src/tree/tree.go:22:0 s=22\n"                                                            \
	"     6: 0x52e4b6 M=1 example.com/m/tree.init /src/tree/tree.go:2:0 s=2\n"                 \
	"             example.com/m/tree.Open.New.func1 /src/tree/tree.go:2:0 s=2\n"               \
	"     7: 0x52e4b7 \n"                                                                      \
	"     8: 0x52e4b8 M=2 ??\n"                                                                \
	"Mappings\n"                                                                               \
	"1: 0x400000/0x53f000/0x0 /tmp/codec.test 9a01323c3f91 [FN]\n"

/* As Go 1.21 prints it, of a CPU profile: no columns. */
#define CPU                                                                                        \
	"PeriodType: cpu nanoseconds\n"                                                            \
	"Period: 10000000\n"                                                                       \
	"Duration: 67.9\n"                                                                         \
	"Samples:\n"                                                                               \
	"samples/count cpu/nanoseconds\n"                                                          \
	"          1   30000000000000: 1 2 \n"                                                     \
	"          9   10000000000000: 2 \n"                                                       \
	"         -9  -10000000000000: 2 \n"                                                       \
	"Locations\n"                                                                              \
	"     1: 0x4fa0c6 M=1 example.com/m/codec%2ev2.inner /src/codec.v2/codec.go:16 s=15\n"     \
	"             example.com/m/codec%2ev2.(*Encoder).Encode /src/codec.v2/codec.go:12 s=9\n"  \
	"     2: 0x4fa0c7 M=1 example.com/m/codec%2ev2.Encoder.Write /src/codec.v2/codec.go:22 "   \
	"s=22\n"                                                                                   \
	"Mappings\n"

/* clang-format off */
static const struct share_row {
	const char *name, *text, *package, *function;
	int share;
} share_rows[] = {
	{"of all that passes", HEAP PLACES, "main", "main", 90000},
	{"a literal is its function's, once", HEAP PLACES, "example.com/m/codec.v2", "Encoder.Encode", 50000},
	{"a generic function", HEAP PLACES, "example.com/m/codec.v2", "Map", 25000},
	{"more than once on a stack", HEAP PLACES, "example.com/m/tree", "List.Push", 40000},
	{"package-level variables", HEAP PLACES, "example.com/m/tree", "", 10000},
	{"a literal that was copied, by one name", HEAP PLACES, "example.com/m/tree", "New", 10000},
	{"and by the other", HEAP PLACES, "example.com/m/tree", "Open.New", 10000},
	{"there, with nothing", HEAP PLACES, "runtime", "mallocgc", 0},
	{"not there", HEAP PLACES, "example.com/m/tree", "List.Pop", -1},
	{"not in that package", HEAP PLACES, "example.com/m/codec", "Map", -1},
	{"time", CPU, "example.com/m/codec.v2", "Encoder.Write", 100000},
	{"time of what is inlined", CPU, "example.com/m/codec.v2", "inner", 75000},
	{"and of where it is", CPU, "example.com/m/codec.v2", "Encoder.Encode", 75000},
	{"no place", HEAP, "main", "main", -1},
};

static const struct error_row {
	const char *name, *text, *error;
} error_rows[] = {
	{"nothing", "", "prints no samples"},
	{"another text", "main.main\n", "prints no samples"},
	{"no measure", "Samples:\n\n", "what was measured"},
	{"another form", "Samples:\n  1 2: 3\n", "what was measured"},
	{"a number far off", "Samples:\na/b\nLocations\n 2000000000: 0x1 M=1 a.b c:1 s=1\n", "the number 2000000000"},
};

static const struct text_row {
	const char *name;
	int thousandths;
} text_rows[] = {
	{"0%", 0}, {"0.001%", 1}, {"0.25%", 250}, {"4.2%", 4200}, {"10%", 10000}, {"100%", 100000},
};
/* clang-format on */

static void
test_share(void **state)
{
	CLEANUP(profile_release) struct profile profile = {0};
	const struct share_row *row = *state;
	struct err err = {0};

	assert_int_equal(profile_read(&profile, str_of(row->text), &err), 0);
	assert_int_equal(profile_share(&profile, row->package, row->function), row->share);
	assert_int_equal(profile_share(&profile, row->package, "Nowhere"), -1);
}

static void
test_error(void **state)
{
	CLEANUP(profile_release) struct profile profile = {0};
	const struct error_row *row = *state;
	struct err err = {0};

	assert_int_equal(profile_read(&profile, str_of(row->text), &err), -1);
	assert_non_null(strstr(err.msg, row->error));
}

static void
test_text(void **state)
{
	const struct text_row *row = *state;

	assert_string_equal(share_text(row->thousandths).text, row->name);
}

static void
test_packages(void **state)
{
	CLEANUP(profile_release) struct profile profile = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(profile_read(&profile, STR(HEAP PLACES), &err), 0);
	assert_string_equal(profile.measure, "alloc_space");
	assert_true(profile_knows(&profile, "example.com/m/codec.v2"));
	assert_true(profile_knows(&profile, "main"));
	assert_false(profile_knows(&profile, "example.com/m/codec"));
	assert_false(profile_knows(&profile, ""));
	profile_release(&profile);
	assert_int_equal(profile_read(&profile, STR(CPU), &err), 0);
	assert_string_equal(profile.measure, "cpu");
}

int
main(void)
{
	const struct CMUnitTest others[] = {cmocka_unit_test(test_packages)};

	return RUN_TABLE("share", share_rows, test_share) |
	       RUN_TABLE("error", error_rows, test_error) |
	       RUN_TABLE("text", text_rows, test_text) |
	       cmocka_run_group_tests_name("packages", others, NULL, NULL);
}

/* Names of files that line directives in comments give, as far as they go over the end of a line.
 */
#include "tests/git_fixture.h"

#include "src/linenames.h"

/* The same name counts once, whether another file has it or the list. */
static void
test_add(void **state)
{
	CLEANUP(arena_release) struct arena arena = {0};
	struct package package = {.import_path = "p", .directory = "p"};
	const char *has[] = {"od:d.go"};
	struct package_list list = {
		.packages = &package, .count = 1, .odd_names = has, .odd_name_count = 1};

	(void)state;
	sh(".", "mkdir p; printf 'package p\\n\\n/*line one\\ntwo.go:10:1*/ var a int\\n' > "
		"p/a.go\n"
		"sed 's/var a/var b/' p/a.go > p/b.go; echo '/*line plain.go:1*/' >> p/b.go\n"
		"printf '/*line three\\n.go:1*/' >> p/a.txt");
	assert_int_equal(linenames_add(&list, ".", &arena), 1);
	assert_int_equal(list.odd_name_count, 2);
	assert_string_equal(list.odd_names[0], "od:d.go");
	assert_string_equal(list.odd_names[1], "one\ntwo.go");
	/* Nothing is to be built again for what is known. */
	assert_int_equal(linenames_add(&list, ".", &arena), 0);
	assert_int_equal(list.odd_name_count, 2);
	sh(".", "printf '/*line three\\n.go:1*/' >> p/a.go");
	assert_int_equal(linenames_add(&list, ".", &arena), 1);
	assert_int_equal(list.odd_name_count, 3);
}

int
main(void)
{
	char directory[] = "/tmp/heapwarden-linenames-XXXXXX";
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_add)};

	fixture_enter(directory);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	fixture_leave(directory);
	return failed != 0;
}

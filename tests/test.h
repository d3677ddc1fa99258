/* cmocka with what it needs before it, and rows: tables whose every line is a test of its own. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* One test per element of `rows`, named by its first member `const char *name`; *state is the row.
 */
#define RUN_TABLE(group, rows, function)                                                           \
	run_table(group, rows, sizeof *(rows), sizeof(rows) / sizeof *(rows), function)

static inline int
run_table(
	const char *group, const void *rows, size_t size, size_t count, CMUnitTestFunction function)
{
	struct CMUnitTest tests[512];

	assert_true(count <= sizeof tests / sizeof *tests);
	for (size_t i = 0; i < count; i++) {
		const char *row = (const char *)rows + i * size;
		tests[i] = (struct CMUnitTest){
			.name = *(const char *const *)(const void *)row,
			.test_func = function,
			.initial_state = (void *)(uintptr_t)row,
		};
	}
	return _cmocka_run_group_tests(group, tests, count, NULL, NULL);
}

#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/linemap.h"

static void
add_file(struct line_map *map, const char *base, const char *head,
	const struct line_change *changes, size_t count)
{
	map->files = array_grow(
		map->files, &map->file_capacity, map->file_count + 1, sizeof *map->files);
	map->files[map->file_count++] = (struct file_change){
		.base_path = base,
		.head_path = head,
		.changes = arena_copy(&map->arena, changes, count, sizeof *changes),
		.change_count = count,
	};
}

static void
make_map(struct line_map *map)
{
	/* a.go: line 3 replaced by two; two lines put in after 5; line 8 taken out. */
	static const struct line_change a[] = {{3, 1, 3, 2}, {6, 0, 7, 2}, {8, 1, 11, 0}};

	add_file(map, "a.go", "a.go", a, 3);
	add_file(map, "old.go", "new.go", NULL, 0);
	add_file(map, "gone.go", NULL, NULL, 0);
	add_file(map, NULL, "fresh.go", NULL, 0);
	add_file(map, "x.bin", "x.bin", NULL, 0);
	map->files[map->file_count - 1].binary = true;
	line_map_finish(map);
}

static const struct {
	const char *base;
	int base_line;
	const char *head; /* NULL: gone */
	int head_line;
} mapped[] = {
	{"same.go", 7, "same.go", 7},
	{"a.go", 1, "a.go", 1},
	{"a.go", 2, "a.go", 2},
	{"a.go", 3, NULL, 0},
	{"a.go", 4, "a.go", 5},
	{"a.go", 5, "a.go", 6},
	{"a.go", 6, "a.go", 9},
	{"a.go", 7, "a.go", 10},
	{"a.go", 8, NULL, 0},
	{"a.go", 9, "a.go", 11},
	{"old.go", 4, "new.go", 4},
	{"gone.go", 1, NULL, 0},
	{"x.bin", 1, NULL, 0},
};

static void
test_table(void **state)
{
	CLEANUP(line_map_release) struct line_map map = {0};

	(void)state;
	make_map(&map);
	for (size_t i = 0; i < sizeof mapped / sizeof *mapped; i++) {
		const char *path = NULL;
		int line = 0;
		bool found =
			line_map_to_head(&map, mapped[i].base, mapped[i].base_line, &path, &line);
		if (found != (mapped[i].head != NULL))
			fail_msg("%s:%d", mapped[i].base, mapped[i].base_line);
		if (!found)
			continue;
		assert_string_equal(path, mapped[i].head);
		assert_int_equal(line, mapped[i].head_line);
		assert_true(
			line_map_to_base(&map, mapped[i].head, mapped[i].head_line, &path, &line));
		assert_string_equal(path, mapped[i].base);
		assert_int_equal(line, mapped[i].base_line);
	}
}

static void
test_changed(void **state)
{
	static const int changed[] = {0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0};
	CLEANUP(line_map_release) struct line_map map = {0};

	(void)state;
	make_map(&map);
	for (int i = 0; i < (int)(sizeof changed / sizeof *changed); i++)
		assert_int_equal(line_map_changed(&map, "a.go", i + 1), changed[i]);
	assert_true(line_map_changed(&map, "fresh.go", 1));
	assert_false(line_map_changed(&map, "new.go", 1));
	assert_false(line_map_changed(&map, "same.go", 1));
	assert_true(line_map_changed(&map, "x.bin", 1));
}

enum { LINES = 400 };

/* A base of LINES lines and a head made of it by random stretches taken out, put in and replaced;
 * head_of[i] is where base line i has gone. */
static size_t
random_edit(struct line_change *changes, int *head_of)
{
	size_t count = 0;
	int head = 1;

	for (int base = 1; base <= LINES;) {
		int keep = 1 + rand() % 12;
		for (; keep > 0 && base <= LINES; keep--)
			head_of[base++] = head++;
		int out = rand() % 4, in = rand() % 4;
		if (base + out > LINES + 1)
			out = LINES + 1 - base;
		if (out == 0 && in == 0)
			continue;
		changes[count++] = (struct line_change){base, out, head, in};
		for (; out > 0; out--)
			head_of[base++] = 0;
		head += in;
	}
	return count;
}

/* There and back again is the same line, and order is kept. */
static void
test_random(void **state)
{
	(void)state;
	srand(1);
	for (int round = 0; round < 200; round++) {
		CLEANUP(line_map_release) struct line_map map = {0};
		struct line_change changes[LINES];
		int head_of[LINES + 1] = {0}, last = 0;
		add_file(&map, "f.go", "g.go", changes, random_edit(changes, head_of));
		line_map_finish(&map);
		for (int base = 1; base <= LINES; base++) {
			const char *path;
			int line = 0, back = 0;
			bool found = line_map_to_head(&map, "f.go", base, &path, &line);
			assert_int_equal(found ? line : 0, head_of[base]);
			if (!found)
				continue;
			assert_true(line > last);
			last = line;
			assert_false(line_map_changed(&map, "g.go", line));
			assert_true(line_map_to_base(&map, "g.go", line, &path, &back));
			assert_int_equal(back, base);
			assert_string_equal(path, "f.go");
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

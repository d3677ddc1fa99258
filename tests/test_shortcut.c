#include "src/shortcut.h"

#include <string.h>

#include "tests/test.h"

/* The store's answer for three packages: app calls lib, other stands alone. */
struct build {
	struct recording recording;
	struct package packages[3];
};

static void
add(struct recording *recording, const char *package, const char *text, const char *mention)
{
	struct recorded_unit *unit = recording_add(recording, package, str_of(text));

	unit->escapes = 2;
	unit->summary_lines = 3;
	unit->is_read = false;
	if (mention)
		recording_mention(recording, package, mention);
}

static void
fill(struct build *side)
{
	static const struct package packages[] = {
		{.import_path = "example.com/app", .directory = "", .name = "main"},
		{.import_path = "example.com/lib", .directory = "lib", .name = "lib"},
		{.import_path = "example.com/other", .directory = "a/other", .name = "other"},
	};
	struct recording *recording = &side->recording;

	memcpy(side->packages, packages, sizeof packages);
	recording->list = (struct package_list){.packages = side->packages, .count = 3};
	recording->is_counted = true;
	recording->sites = 6;
}

/* What is different from three equal packages that mention nothing, of which no file was changed,
 * and which packages are left out then: letters of app, lib, other. */
static const struct row {
	const char *name;
	const char *base_app, *head_app;             /* what is printed for app; NULL: nothing */
	const char *base_mention, *head_mention;     /* by app */
	const char *lib_mention, *changed, *renamed; /* a file; what it is called in the head */
	bool not_counted, not_understood, no_directory;
	const char *left_out;
} rows[] = {
	{.name = "all equal", .base_app = "x", .head_app = "x", .left_out = "alo"},
	{.name = "one differs", .base_app = "x", .head_app = "y", .left_out = "lo"},
	{.name = "one is new", .base_app = NULL, .head_app = "y", .left_out = "lo"},
	{.name = "one is gone", .base_app = "x", .head_app = NULL, .left_out = "lo"},
	{.name = "what differs mentions by name",
		.base_app = "x",
		.head_app = "y",
		.head_mention = "lib",
		.left_out = "o"},
	{.name = "what differed mentioned by name",
		.base_app = "x",
		.head_app = "y",
		.base_mention = "lib",
		.left_out = "o"},
	{.name = "what is gone mentioned by path",
		.base_app = "x",
		.base_mention = "/example.com/lib",
		.left_out = "o"},
	{.name = "mentions what differs by name",
		.base_app = "x",
		.head_app = "y",
		.lib_mention = "main",
		.left_out = "o"},
	{.name = "mentions what differs by path",
		.base_app = "x",
		.head_app = "y",
		.lib_mention = "/example.com/app",
		.left_out = "o"},
	{.name = "mentions something else",
		.base_app = "x",
		.head_app = "y",
		.lib_mention = "mainly",
		.left_out = "lo"},
	{.name = "equal ones mention each other",
		.base_app = "x",
		.head_app = "x",
		.base_mention = "lib",
		.head_mention = "lib",
		.lib_mention = "main",
		.left_out = "alo"},
	{.name = "changed file in the directory",
		.base_app = "x",
		.head_app = "x",
		.changed = "lib/lib_test.go",
		.left_out = "ao"},
	{.name = "changed file at the root",
		.base_app = "x",
		.head_app = "x",
		.changed = "README.md",
		.left_out = "lo"},
	{.name = "changed file in a directory above",
		.base_app = "x",
		.head_app = "x",
		.changed = "a/x.go",
		.left_out = "alo"},
	{.name = "changed file in a directory below",
		.base_app = "x",
		.head_app = "x",
		.changed = "lib/below/x.go",
		.left_out = "alo"},
	{.name = "file that went into the directory",
		.base_app = "x",
		.head_app = "x",
		.changed = "far/x.go",
		.renamed = "lib/x.go",
		.left_out = "ao"},
	{.name = "file that left the directory",
		.base_app = "x",
		.head_app = "x",
		.changed = "lib/x.go",
		.renamed = "far/x.go",
		.left_out = "ao"},
	{.name = "changed file of what is mentioned",
		.base_app = "x",
		.head_app = "x",
		.base_mention = "lib",
		.head_mention = "lib",
		.changed = "lib/lib.go",
		.left_out = "o"},
	{.name = "not counted",
		.base_app = "x",
		.head_app = "x",
		.not_counted = true,
		.left_out = ""},
	{.name = "lines that are not understood",
		.base_app = "x",
		.head_app = "x",
		.not_understood = true,
		.left_out = ""},
	{.name = "directory that is not known",
		.base_app = "x",
		.head_app = "x",
		.no_directory = true,
		.left_out = "lo"},
};

static void
fill_both(struct build *base, struct build *head, const struct row *row)
{
	fill(base);
	fill(head);
	if (row->base_app)
		add(&base->recording, "example.com/app", row->base_app, row->base_mention);
	if (row->head_app)
		add(&head->recording, "example.com/app", row->head_app, row->head_mention);
	add(&base->recording, "example.com/lib", "l", row->lib_mention);
	add(&head->recording, "example.com/lib", "l", row->lib_mention);
	add(&base->recording, "example.com/other", "o", NULL);
	add(&head->recording, "example.com/other", "o", NULL);
	recording_finish(&base->recording);
	recording_finish(&head->recording);
	base->recording.is_counted = !row->not_counted;
	head->recording.not_understood = row->not_understood;
	if (row->no_directory)
		head->packages[0].directory = NULL;
}

static void
make_map(struct line_map *map, const struct row *row)
{
	if (row->changed) {
		map->files = array_grow(NULL, &map->file_capacity, 1, sizeof *map->files);
		map->files[map->file_count++] = (struct file_change){
			.base_path = row->changed,
			.head_path = row->renamed ? row->renamed : row->changed,
		};
	}
	line_map_finish(map);
}

/* The first letter of each. */
static void
assert_marked(const struct recording *recording, const char *letters)
{
	for (size_t i = 0; i < recording->count; i++) {
		const struct recorded_unit *unit = &recording->units[i];
		char letter = unit->package[strlen("example.com/")];
		if (unit->is_equal != (strchr(letters, letter) != NULL))
			fail_msg("%s is %s", unit->package, unit->is_equal ? "equal" : "not equal");
	}
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	CLEANUP(shortcut_release) struct shortcut shortcut = {0};
	CLEANUP(line_map_release) struct line_map map = {0};
	struct build base = {0}, head = {0};

	fill_both(&base, &head, row);
	make_map(&map, row);
	shortcut_find(&shortcut, &base.recording, &head.recording, &map);
	assert_int_equal(shortcut.packages.count, strlen(row->left_out));
	assert_marked(&base.recording, row->left_out);
	assert_marked(&head.recording, row->left_out);
	assert_int_equal(recording_is_to_be_read(&head.recording),
		strlen(row->left_out) < head.recording.count);
	shortcut_give_up(&shortcut, &base.recording, &head.recording);
	assert_int_equal(shortcut.packages.count, 0);
	assert_marked(&base.recording, "");
	assert_marked(&head.recording, "");
	recording_release(&base.recording);
	recording_release(&head.recording);
}

/* What a snapshot has of a package that is left out is not counted twice. */
static void
test_counts(void **state)
{
	const struct row row = {.base_app = "x", .head_app = "y"};
	CLEANUP(shortcut_release) struct shortcut shortcut = {0};
	CLEANUP(line_map_release) struct line_map map = {0};
	CLEANUP(comparison_release) struct comparison comparison = {0};
	struct snapshot nothing = {0};
	struct build base = {0}, head = {0};

	(void)state;
	fill_both(&base, &head, &row);
	make_map(&map, &row);
	recording_unit(&head.recording, "example.com/lib")->is_read = true;
	comparison.base_snapshot = comparison.head_snapshot = &nothing;
	shortcut_find(&shortcut, &base.recording, &head.recording, &map);
	shortcut_take(&shortcut, &comparison, &base.recording, &head.recording);
	assert_int_equal(comparison.equal_sites, 6);
	assert_int_equal(comparison.left_out_count, 2);
	assert_string_equal(comparison.left_out[0].package, "example.com/lib");
	assert_int_equal(comparison.left_out[0].base, 2);
	assert_int_equal(comparison.left_out[0].base_lines, 3);
	assert_int_equal(comparison.left_out[0].head, 0);
	assert_int_equal(comparison.left_out[0].head_lines, 0);
	assert_int_equal(comparison.left_out[1].head, 2);
	assert_int_equal(comparison.left_out[1].head_lines, 3);
	recording_release(&base.recording);
	recording_release(&head.recording);
}

/* --- recordings */

static void
test_recording(void **state)
{
	CLEANUP(recording_release) struct recording recording = {0};

	(void)state;
	recording_mention(&recording, "b", "log");
	recording_add(&recording, "b", STR("one"));
	recording_add(&recording, "a", STR("two"));
	recording_add(&recording, "b", STR("three"));
	recording_mention(&recording, "b", "log");
	recording_mention(&recording, "b", "lo");
	recording_mention(&recording, "a", "log");
	recording_finish(&recording);
	assert_int_equal(recording.count, 2);
	const struct recorded_unit *a = recording_unit(&recording, "a");
	const struct recorded_unit *b = recording_unit(&recording, "b");
	assert_ptr_equal(a, &recording.units[0]);
	assert_string_equal(a->id.hex, hash_content(STR("two\n")).hex);
	assert_int_equal(a->size, 4);
	assert_string_equal(a->mentions, "log\n");
	assert_string_equal(b->mentions, "log\nlo\n");
	assert_string_equal(b->id.hex, hash_content(STR("one\nthree\n")).hex);
	assert_null(recording_unit(&recording, "c"));
	/* Units of a build are read already. */
	assert_false(recording_is_to_be_read(&recording));
	recording_forget_units(&recording);
	recording_add(&recording, "a", STR("anew"));
	recording_finish(&recording);
	assert_int_equal(recording.count, 1);
	assert_string_equal(recording.units[0].id.hex, hash_content(STR("anew\n")).hex);
	assert_string_equal(recording.units[0].mentions, "");
}

/* What another reader has put into other units than this one: nothing is added for it. */
static void
test_no_such_unit(void **state)
{
	struct recording recording = {0};

	(void)state;
	add(&recording, "example.com/app", "text", NULL);
	recording_finish(&recording);
	recording_forget_counts(&recording);
	recording_mention(&recording, "example.com/gone", "log");
	recording_mention(&recording, "example.com/app", "log");
	recording_mention(&recording, "example.com/app", "log");
	assert_int_equal(recording.count, 1);
	assert_null(recording_unit(&recording, "example.com/gone"));
	assert_string_equal(recording_unit(&recording, "example.com/app")->mentions, "log\n");
	recording_release(&recording);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_recording),
		cmocka_unit_test(test_no_such_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) +
	       RUN_TABLE("packages that are left out", rows, test_row);
}

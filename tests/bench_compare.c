/* How long a comparison takes: bench_compare ESCAPES. Both sides have so many escapes, in files of
 * 200, and a tenth of the lines differ. Prints escapes, milliseconds and peak memory. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "parsers/parser.h"
#include "src/base/cleanup.h"
#include "src/cause.h"
#include "src/compare.h"

enum { PER_FILE = 200, PER_FUNCTION = 5 };

/* Lines of a file are three apart; a tenth of them has another type in the head, one line more is
 * above all of them. */
static void
print_file(struct buf *text, size_t file, bool head)
{
	for (size_t i = 0; i < PER_FILE; i++) {
		size_t line = 3 * i + 2 + head;
		if (i % PER_FUNCTION == 0)
			buf_printf(text,
				"p%zu/f%zu.go:%zu:6: cannot inline F%zu: marked go:noinline\n",
				file / 10, file, line - 1, file * PER_FILE + i);
		buf_printf(text, "p%zu/f%zu.go:%zu:9: &T%zu%s{...} escapes to heap\n", file / 10,
			file, line, i % 7, head && i % 10 == 0 ? "New" : "");
	}
}

static int
read_side(struct snapshot *snapshot, size_t files, bool head, struct err *err)
{
	CLEANUP(parser_cleanup) struct parser *parser = NULL;
	CLEANUP(buf_release) struct buf text = {0};
	const struct parser_options options = {.go_version = "go1.26.8"};

	if (parser_new(&parser, snapshot, &options, err) != 0)
		return -1;
	for (size_t file = 0; file < files; file++) {
		buf_clear(&text);
		if (file % 10 == 0)
			buf_printf(&text, "# example.com/m/p%zu\n", file / 10);
		print_file(&text, file, head);
		parser_feed(parser, buf_str(&text));
	}
	parser_finish(parser);
	return 0;
}

/* A line is put in at the top of each file, and each tenth of the others changes. */
static void
fill_map(struct line_map *map, size_t files)
{
	enum { CHANGES = PER_FILE / 10 };

	for (size_t file = 0; file < files; file++) {
		const char *path = arena_printf(&map->arena, "p%zu/f%zu.go", file / 10, file);
		struct line_change *changes =
			arena_alloc(&map->arena, (CHANGES + 1) * sizeof *changes);
		changes[0] = (struct line_change){1, 0, 1, 1};
		for (int i = 0; i < CHANGES; i++)
			changes[i + 1] = (struct line_change){30 * i + 2, 1, 30 * i + 3, 1};
		map->files = array_grow(
			map->files, &map->file_capacity, map->file_count + 1, sizeof *map->files);
		map->files[map->file_count++] =
			(struct file_change){path, path, false, changes, CHANGES + 1};
	}
	line_map_finish(map);
}

static double
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1000000;
}

int
main(int argc, char **argv)
{
	CLEANUP(snapshot_release) struct snapshot base = {0};
	CLEANUP(snapshot_release) struct snapshot head = {0};
	CLEANUP(line_map_release) struct line_map map = {0};
	CLEANUP(comparison_release)
	struct comparison comparison = {.base_snapshot = &base, .head_snapshot = &head};
	size_t files = (argc > 1 ? strtoul(argv[1], NULL, 10) : 20000) / PER_FILE;
	struct rusage usage;
	struct err err;

	if (read_side(&base, files, false, &err) != 0 || read_side(&head, files, true, &err) != 0) {
		fprintf(stderr, "%s\n", err.msg);
		return 1;
	}
	fill_map(&map, files);
	double start = milliseconds();
	compare_snapshots(&comparison, &map);
	cause_assign(&comparison, &map, &(struct other_changes){0});
	double took = milliseconds() - start;
	getrusage(RUSAGE_SELF, &usage);
	printf("%zu escapes, %zu new, %zu fixed, %zu unchanged: %.0f ms, %ld MiB\n",
		head.escape_count, comparison.summary.new, comparison.summary.fixed,
		comparison.summary.unchanged, took, usage.ru_maxrss / 1024);
	return 0;
}

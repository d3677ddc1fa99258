#include "tests/comparison_rows.h"

#include <stdio.h>
#include <string.h>

#include "parsers/parser.h"
#include "src/base/cleanup.h"
#include "src/cause.h"
#include "src/compare.h"
#include "src/policy.h"

static void
read_side(struct snapshot *snapshot, const char *text, const char *failed, const char *go)
{
	const struct parser_options options = {.go_version = go};
	CLEANUP(parser_cleanup) struct parser *parser = NULL;
	struct err err;

	assert_int_equal(parser_new(&parser, snapshot, &options, &err), 0);
	parser_feed(parser, STR("# p\n"));
	parser_feed(parser, str_of(text));
	parser_finish(parser);
	snapshot->packages =
		array_grow(NULL, &snapshot->package_capacity, 3, sizeof *snapshot->packages);
	snapshot->packages[snapshot->package_count++] =
		(struct package){.import_path = "o/q", .name = "q"};
	snapshot->packages[snapshot->package_count++] =
		(struct package){.import_path = "p", .error = failed ? "does not build" : NULL};
	snapshot->packages[snapshot->package_count++] =
		(struct package){.import_path = "q", .name = "q"};
}

static int
read_text(struct buf *out, bool base, const char *path, void *ctx, struct err *err)
{
	const struct comparison_row *row = ctx;

	if (base || !row->text || strcmp(path, "a.go") != 0)
		return err_set(err, ERR_NOT_FOUND, "no %s", path);
	buf_add(out, str_of(row->text));
	return 0;
}

static void
fill_map(struct line_map *map, const struct line_change *change)
{
	map->files = array_grow(NULL, &map->file_capacity, 1, sizeof *map->files);
	if (change->base_line)
		map->files[map->file_count++] =
			(struct file_change){arena_strdup(&map->arena, "a.go"),
				arena_strdup(&map->arena, "a.go"), false, change, 1};
	line_map_finish(map);
}

static void
describe(struct buf *out, const struct comparison *comparison)
{
	buf_add(out, STR(""));
	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		if (finding->state == FINDING_UNCHANGED)
			continue;
		buf_printf(out, "%s %s %s:%d %s", finding_state_name(finding->state),
			finding->state == FINDING_NEW ? cause_kind_name(finding->cause.kind) : "-",
			finding->escape->at.file, finding->escape->at.line,
			finding->escape->expression);
		if (finding->copy_count)
			buf_printf(out, " +%zu", finding->copy_count);
		buf_add_char(out, '\n');
	}
}

/* A name that is there can be read. */
static void
expect_readable(const char *text)
{
	assert_true(!text || strlen(text) < 1000);
}

static void
expect_texts(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		expect_readable(finding->cause.text);
		expect_readable(finding->cause.function);
		expect_readable(finding->cause.at.file);
		for (size_t j = 0; j < finding->copy_count; j++)
			expect_readable(finding->copies[j].at.file);
		for (size_t j = 1; j < finding->copy_count; j++)
			assert_int_not_equal(position_compare(&finding->copies[j].at,
						     &finding->copies[j - 1].at),
				0);
	}
}

static void
expect_summary(const struct summary *is, const struct summary *should)
{
	assert_int_equal(is->new, should->new);
	assert_int_equal(is->new_without_allocation, should->new_without_allocation);
	assert_int_equal(is->lost_inlining, should->lost_inlining);
	assert_int_equal(is->new_outside, should->new_outside);
	assert_int_equal(is->fixed, should->fixed);
	assert_int_equal(is->moved, should->moved);
	assert_int_equal(is->unchanged, should->unchanged);
	assert_int_equal(is->copies, should->copies);
	assert_int_equal(is->packages_failed, should->packages_failed);
	assert_int_equal(is->not_judged, should->not_judged);
	assert_int_equal(is->not_printed, should->not_printed);
}

void
comparison_row_test(void **state)
{
	const struct comparison_row *row = *state;
	CLEANUP(snapshot_release) struct snapshot base = {0};
	CLEANUP(snapshot_release) struct snapshot head = {0};
	CLEANUP(line_map_release) struct line_map map = {0};
	CLEANUP(buf_release) struct buf findings = {0};
	CLEANUP(config_release) struct config config = {0};
	CLEANUP(comparison_release)
	struct comparison comparison = {.base_snapshot = &base, .head_snapshot = &head};
	CLEANUP(source_release)
	struct source source = {.read = read_text, .ctx = *state};

	comparison.source = &source;
	read_side(&base, row->base, row->base_failed, "go1.24.0");
	read_side(&head, row->head, row->head_failed, row->head_go ? row->head_go : "go1.24.0");
	fill_map(&map, &row->change);
	compare_snapshots(&comparison, &map);
	policy_judge(&comparison, &config);
	cause_assign(&comparison, &map, &(struct other_changes){0});
	/* What is found outlives both. */
	line_map_release(&map);
	source_release(&source);
	source = (struct source){0};
	expect_texts(&comparison);
	describe(&findings, &comparison);
	assert_string_equal(findings.p, row->expected ? row->expected : "");
	expect_summary(&comparison.summary, &row->summary);
	if (row->cause_line)
		assert_int_equal(comparison.findings[0].cause.at.line, row->cause_line);
	int status = row->base_failed || row->head_failed             ? 2
		     : row->summary.new || row->summary.lost_inlining ? 1
								      : 0;
	assert_int_equal(policy_exit_status(comparison.verdict.status), status);
	assert_int_equal(comparison.verdict.violation_count > 0, status != 0);
	for (size_t i = 1; i < comparison.finding_count; i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(
				comparison.findings[i].id, comparison.findings[j].id);
}

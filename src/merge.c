#include "src/merge.h"

#include <stdlib.h>
#include <string.h>

#include "src/cause.h"
#include "src/merge_internal.h"

/* ---- packages ---- */

static int
compare_rows(const void *one, const void *two)
{
	const struct package_tally *const *a = one, *const *b = two;

	return strcmp((*a)->package, (*b)->package);
}

static void
add_package(struct snapshot *out, const struct package_tally *row)
{
	const struct package *last =
		out->package_count ? &out->packages[out->package_count - 1] : NULL;

	if (last && strcmp(last->import_path, row->package) == 0)
		return;
	out->packages = array_grow(out->packages, &out->package_capacity, out->package_count + 1,
		sizeof *out->packages);
	out->packages[out->package_count++] =
		(struct package){.import_path = row->package, .directory = row->directory};
}

static bool
has_package(const struct snapshot *snapshot, const char *name)
{
	const struct package *package = snapshot_package(snapshot, name);

	return package && !package->absent && !package->pattern;
}

static void
add_packages(struct snapshot *out, const struct merge *merge, bool base)
{
	CLEANUP(free_ptr) const struct package_tally **rows = NULL;
	size_t count = 0, capacity = 0;

	for (size_t i = 0; i < merge->count; i++) {
		const struct part *part = &merge->parts[i];
		const struct comparison *from = part->of->comparison;
		const struct snapshot *side = base ? from->base_snapshot : from->head_snapshot;
		rows = array_grow(rows, &capacity, count + part->tally.count + 1, sizeof(void *));
		for (size_t k = 0; k < part->tally.count; k++)
			if (has_package(side, part->tally.packages[k].package))
				rows[count++] = &part->tally.packages[k];
	}
	if (count)
		qsort(rows, count, sizeof(void *), compare_rows);
	for (size_t i = 0; i < count; i++)
		add_package(out, rows[i]);
}

static size_t
larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* What each package has is what the variant has that has most of it. */
static void
count_packages(struct comparison *out, const struct merge *merge)
{
	size_t most = 0;

	for (size_t i = 0; i < merge->count; i++)
		most += merge->parts[i].tally.count;
	CLEANUP(free_ptr) const struct package_tally **rows = calloc(most + 1, sizeof(void *));
	struct left_out *counts = arena_alloc(merge->arena, (most + 1) * sizeof *counts);
	if (!rows)
		abort();
	most = 0;
	for (size_t i = 0; i < merge->count; i++)
		for (size_t k = 0; k < merge->parts[i].tally.count; k++)
			rows[most++] = &merge->parts[i].tally.packages[k];
	qsort(rows, most, sizeof(void *), compare_rows);
	out->left_out = counts;
	for (size_t i = 0; i < most; i++) {
		bool again = i > 0 && compare_rows(&rows[i - 1], &rows[i]) == 0;
		struct left_out *row =
			&counts[again ? out->left_out_count - 1 : out->left_out_count++];
		row->package = rows[i]->package;
		row->base = larger(row->base, rows[i]->base);
		row->head = larger(row->head, rows[i]->head);
	}
}

static int
compare_not_analysed(const void *one, const void *two)
{
	const struct not_analysed *a = one, *b = two;
	int order = strcmp(a->package, b->package);

	return order ? order : strcmp(a->side, b->side);
}

/* Each once, with the words of the first; the parts' order is kept among equal ones. */
static void
merge_not_analysed(struct comparison *out, const struct merge *merge)
{
	struct not_analysed *list = NULL;
	size_t count = 0;

	for (size_t i = 0; i < merge->count; i++) {
		const struct comparison *from = merge->parts[i].of->comparison;
		list = array_grow(list, &out->not_analysed_capacity,
			count + from->not_analysed_count + 1, sizeof *list);
		for (size_t k = 0; k < from->not_analysed_count; k++) {
			size_t at = 0;
			while (at < count &&
				compare_not_analysed(&list[at], &from->not_analysed[k]) != 0)
				at++;
			if (at == count)
				list[count++] = from->not_analysed[k];
			list[at].not_judged =
				larger(list[at].not_judged, from->not_analysed[k].not_judged);
		}
	}
	if (count)
		qsort(list, count, sizeof *list, compare_not_analysed);
	out->not_analysed = list;
	out->not_analysed_count = count;
}

/* ---- numbers ---- */

bool
merge_lists_unchanged(const struct comparison *comparison)
{
	bool listed = false;

	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		if (finding->state == FINDING_UNCHANGED && !finding->id[0])
			return false;
		listed = listed || finding->state == FINDING_UNCHANGED;
	}
	return listed;
}

static void
count_findings(struct summary *out, const struct comparison *comparison)
{
	size_t states[FINDING_STATE_COUNT] = {0};

	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		bool counts = finding_counts(finding);
		states[finding->state]++;
		out->lost_inlining += counts && finding->lost;
		out->new += counts && !finding->lost;
		if (finding->state != FINDING_MOVED && !finding->lost)
			out->copies += finding->copy_count;
	}
	out->new_without_allocation = states[FINDING_NEW] - out->new - out->lost_inlining;
	out->fixed = states[FINDING_FIXED];
	out->moved = states[FINDING_MOVED];
	out->accepted = states[FINDING_ACCEPTED];
	if (merge_lists_unchanged(comparison))
		out->unchanged = states[FINDING_UNCHANGED];
}

/* A number of the summaries of all parts that are of the variant. */
static size_t
sum_of(const struct merge *merge, const char *variant, size_t member)
{
	size_t sum = 0;

	for (size_t i = 0; i < merge->count; i++) {
		const struct part *part = &merge->parts[i];
		const struct summary *summary = &part->of->comparison->summary;
		for (size_t v = 0; v < part->variant_count && !part->is_contained; v++)
			if (strcmp(part->variants[v], variant) == 0)
				sum += *(const size_t *)(const void *)((const char *)summary +
								       member);
	}
	return sum;
}

/* What has no findings to count: of each variant all of it, and of these the most. */
static void
count_by_variant(struct summary *out, const struct merge *merge)
{
	const size_t members[] = {
		offsetof(struct summary, unchanged),
		offsetof(struct summary, new_outside),
		offsetof(struct summary, not_printed),
		offsetof(struct summary, base_total),
		offsetof(struct summary, head_total),
		offsetof(struct summary, base_lines),
		offsetof(struct summary, head_lines),
	};

	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		size_t *most = (size_t *)(void *)((char *)out + members[i]);
		bool counted = i == 0 && *most > 0;
		for (size_t v = 0; v < merge->variant_count && !counted; v++)
			*most = larger(*most, sum_of(merge, merge->variants[v], members[i]));
	}
}

static void
summarise(struct comparison *out, const struct merge *merge)
{
	struct summary *summary = &out->summary;

	count_findings(summary, out);
	count_by_variant(summary, merge);
	for (size_t i = 0; i < out->not_analysed_count; i++) {
		const struct not_analysed *entry = &out->not_analysed[i];
		summary->not_judged += entry->not_judged;
		summary->packages_failed +=
			i == 0 || strcmp(entry[-1].package, entry->package) != 0;
	}
	summary->packages = out->head_snapshot->package_count;
	summary->lines_not_understood =
		out->base_snapshot->lines.not_understood + out->head_snapshot->lines.not_understood;
}

/* ---- the rest ---- */

static void
add_sample(struct snapshot *out, const char *text)
{
	const size_t most = sizeof out->not_understood / sizeof *out->not_understood;
	size_t at = 0;

	while (at < most && out->not_understood[at] && strcmp(out->not_understood[at], text) != 0)
		at++;
	if (at < most)
		out->not_understood[at] = text;
}

static void
merge_side(struct snapshot *out, const struct merge *merge, bool base)
{
	CLEANUP(free_ptr) const char **versions = NULL;
	size_t count = 0, capacity = 0;

	for (size_t i = 0; i < merge->count; i++) {
		const struct comparison *from = merge->parts[i].of->comparison;
		const struct snapshot *side = base ? from->base_snapshot : from->head_snapshot;
		const size_t most = sizeof side->not_understood / sizeof *side->not_understood;
		if (side->go_version)
			merge_add_text(&versions, &count, &capacity, side->go_version);
		if (merge->parts[i].is_contained)
			continue;
		out->lines.not_understood += side->lines.not_understood;
		for (size_t k = 0; k < most && side->not_understood[k]; k++)
			add_sample(out, side->not_understood[k]);
	}
	if (count)
		out->go_version = merge_join(versions, count, merge->arena);
	add_packages(out, merge, base);
}

static bool
same_contract(const struct contract *a, const struct contract *b)
{
	return a->head->kind == b->head->kind && a->base->kind == b->base->kind &&
	       strcmp(a->head->package, b->head->package) == 0 &&
	       strcmp(a->head->function, b->head->function) == 0 &&
	       strcmp(a->head->parameter, b->head->parameter) == 0;
}

/* The first that was named: jobs of one run have the same. */
static const char *
profile_of(const struct merge *merge)
{
	for (size_t i = 0; i < merge->count; i++)
		if (merge->parts[i].of->comparison->profile)
			return merge->parts[i].of->comparison->profile;
	return NULL;
}

static void
merge_contracts(struct comparison *out, const struct merge *merge)
{
	for (size_t i = 0; i < merge->count; i++) {
		const struct comparison *from = merge->parts[i].of->comparison;
		out->has_contracts = out->has_contracts || from->has_contracts;
		out->contracts = array_grow(out->contracts, &out->contract_capacity,
			out->contract_count + from->contract_count + 1, sizeof *out->contracts);
		for (size_t k = 0; k < from->contract_count; k++) {
			size_t at = 0;
			while (at < out->contract_count &&
				!same_contract(&out->contracts[at], &from->contracts[k]))
				at++;
			if (at == out->contract_count)
				out->contracts[out->contract_count++] = from->contracts[k];
		}
	}
}

/* Which builds it is of. One variant is as in any comparison. */
static void
merge_builds(struct merged *out, const struct merge *merge)
{
	const struct comparison *first = merge->parts[0].of->comparison;
	const struct snapshot *head = first->head_snapshot;
	struct comparison *comparison = &out->comparison;

	if (merge->variant_count == 1) {
		out->head.target = head->target;
		out->head.flags = head->flags;
		out->head.flag_count = head->flag_count;
		out->head.settings = head->settings;
		out->head.setting_count = head->setting_count;
		return;
	}
	comparison->variants = arena_copy(
		merge->arena, merge->variants, merge->variant_count, sizeof *merge->variants);
	comparison->variant_count = merge->variant_count;
	out->head.target = merge_join(merge->variants, merge->variant_count, merge->arena);
}

static void
merge_all(struct merged *out, const struct merge *merge)
{
	struct comparison *comparison = &out->comparison;
	const struct comparison *first = merge->parts[0].of->comparison;
	const struct comparison *last = merge->parts[merge->count - 1].of->comparison;

	comparison->title = first->title;
	comparison->base = first->base;
	comparison->head = first->head;
	/* They are sorted by it. */
	if (first->module && last->module && strcmp(first->module, last->module) == 0)
		comparison->module = first->module;
	comparison->base_snapshot = &out->base;
	comparison->head_snapshot = &out->head;
	merge_side(&out->base, merge, true);
	merge_side(&out->head, merge, false);
	merge_builds(out, merge);
	count_packages(comparison, merge);
	merge_findings(comparison, merge);
	merge_not_analysed(comparison, merge);
	comparison->profile = profile_of(merge);
	merge_contracts(comparison, merge);
	cause_group(comparison);
	merge_warnings(comparison, merge);
	merge_verdict(comparison, merge);
	summarise(comparison, merge);
}

int
merge_comparisons(struct merged *out, const struct merge_part *parts, size_t count, struct err *err)
{
	CLEANUP(merge_collect_release) struct merge merge = {.arena = &out->comparison.arena};

	if (merge_collect(&merge, parts, count, err) != 0)
		return -1;
	for (size_t i = 0; i < count && merge.apart == 1; i++)
		if (!merge.parts[i].is_contained)
			out->result = merge.parts[i].of->comparison;
	if (merge.apart == 1)
		return 0;
	merge_all(out, &merge);
	out->result = &out->comparison;
	return 0;
}

void
merge_release(struct merged *merged)
{
	comparison_release(&merged->comparison);
	snapshot_release(&merged->base);
	snapshot_release(&merged->head);
}

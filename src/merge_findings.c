#include <stdlib.h>
#include <string.h>

#include "src/merge_internal.h"

/* A finding of one of the parts. */
struct entry {
	const struct finding *finding;
	const struct part *part;
};

/* The worst first: what counts, what is new without counting, what was accepted, and so on. */
static int
rank(const struct finding *finding)
{
	static const int ranks[] = {
		[FINDING_NEW] = 1,
		[FINDING_ACCEPTED] = 2,
		[FINDING_FIXED] = 3,
		[FINDING_MOVED] = 4,
		[FINDING_UNCHANGED] = 5,
	};

	return finding_counts(finding) ? 0 : ranks[finding->state];
}

/* Where it is in the base, and where in the head, are two. */
static int
compare_identity(const struct finding *a, const struct finding *b)
{
	bool fixed = a->state == FINDING_FIXED, other = b->state == FINDING_FIXED;
	int order = (fixed > other) - (fixed < other);

	if (order == 0)
		order = position_compare(&a->escape->at, &b->escape->at);
	if (order == 0)
		order = (int)a->escape->kind - (int)b->escape->kind;
	if (order == 0)
		order = strcmp(a->id, b->id);
	if (order == 0)
		order = strcmp(a->escape->package, b->escape->package);
	return order ? order : strcmp(a->escape->function, b->escape->function);
}

static int
compare_entries(const void *one, const void *two)
{
	const struct entry *a = one, *b = two;
	int order = compare_identity(a->finding, b->finding);

	if (order == 0)
		order = rank(a->finding) - rank(b->finding);
	/* Parts are in one array: their address is their order; and so are a part's findings. */
	if (order == 0)
		order = (a->part > b->part) - (a->part < b->part);
	return order ? order : (a->finding > b->finding) - (a->finding < b->finding);
}

static struct entry *
collect(const struct merge *merge, size_t *count)
{
	struct entry *entries = NULL;
	size_t capacity = 0;

	*count = 0;
	for (size_t i = 0; i < merge->count; i++) {
		const struct comparison *from = merge->parts[i].of->comparison;
		entries = array_grow(
			entries, &capacity, *count + from->finding_count + 1, sizeof *entries);
		for (size_t k = 0; k < from->finding_count; k++)
			entries[(*count)++] = (struct entry){&from->findings[k], &merge->parts[i]};
	}
	if (*count)
		qsort(entries, *count, sizeof *entries, compare_entries);
	return entries;
}

/* Of the same finding, those that have the rank of the first: which variants these are of. */
static void
set_holds(struct finding *out, const struct merge *merge, const struct entry *same, size_t count)
{
	CLEANUP(free_ptr) const char **holds = NULL;
	size_t capacity = 0, hold_count = 0;

	for (size_t i = 0; i < count && rank(same[i].finding) == rank(same[0].finding); i++) {
		const struct finding *finding = same[i].finding;
		const struct part *part = same[i].part;
		for (size_t k = 0; k < finding->hold_count; k++)
			merge_add_text(&holds, &hold_count, &capacity,
				merge_variant(part, finding->holds[k], merge->arena));
		for (size_t k = 0; k < part->variant_count && !finding->hold_count; k++)
			merge_add_text(&holds, &hold_count, &capacity, part->variants[k]);
	}
	out->holds = arena_copy(merge->arena, holds, hold_count, sizeof *holds);
	out->hold_count = hold_count;
}

void
merge_findings(struct comparison *out, const struct merge *merge)
{
	size_t count;
	CLEANUP(free_ptr) struct entry *entries = collect(merge, &count);

	for (size_t from = 0, to; from < count; from = to) {
		to = from + 1;
		while (to < count &&
			compare_identity(entries[from].finding, entries[to].finding) == 0)
			to++;
		struct finding *finding = comparison_add(out);
		*finding = *entries[from].finding;
		finding->holds = NULL;
		finding->hold_count = 0;
		if (merge->variant_count > 1)
			set_holds(finding, merge, entries + from, to - from);
	}
	if (out->finding_count)
		qsort(out->findings, out->finding_count, sizeof *out->findings, finding_compare);
}

#include "report/tally.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"

static void
add_package(struct tally *tally, const char *package, const char *directory)
{
	tally->packages = array_grow(
		tally->packages, &tally->capacity, tally->count + 1, sizeof *tally->packages);
	tally->packages[tally->count++] =
		(struct package_tally){.package = package, .directory = directory};
}

static void
add_snapshot_packages(struct tally *tally, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->package_count; i++) {
		const struct package *package = &snapshot->packages[i];
		if (!package->absent && !package->pattern)
			add_package(tally, package->import_path, package->directory);
	}
}

static int
compare_packages(const void *a, const void *b)
{
	const struct package_tally *one = a, *two = b;

	return strcmp(one->package, two->package);
}

/* Sorts, and makes one of those with the same import path. */
static void
merge_packages(struct tally *tally)
{
	size_t kept = 0;

	if (tally->count > 0)
		qsort(tally->packages, tally->count, sizeof *tally->packages, compare_packages);
	for (size_t i = 0; i < tally->count; i++) {
		struct package_tally *last = kept > 0 ? &tally->packages[kept - 1] : NULL;
		const struct package_tally *next = &tally->packages[i];
		if (!last || compare_packages(last, next) != 0)
			tally->packages[kept++] = *next;
		else if (!last->directory)
			last->directory = next->directory;
	}
	tally->count = kept;
}

bool
tally_differs(const struct package_tally *row)
{
	return row->new || row->without_allocation || row->fixed || row->moved || row->accepted;
}

struct package_tally *
tally_package(const struct tally *tally, const char *package)
{
	struct package_tally key = {.package = package};

	if (tally->count == 0)
		return NULL;
	return bsearch(
		&key, tally->packages, tally->count, sizeof *tally->packages, compare_packages);
}

static void
count_finding(struct package_tally *row, const struct finding *finding)
{
	switch (finding->state) {
	case FINDING_NEW:
		*(finding_counts(finding)      ? &row->new
			: finding->not_counted ? &row->not_counted
					       : &row->without_allocation) += 1;
		break;
	case FINDING_FIXED:
		row->fixed++;
		break;
	case FINDING_MOVED:
		row->moved++;
		break;
	case FINDING_ACCEPTED:
		row->accepted++;
		break;
	case FINDING_UNCHANGED:
	case FINDING_STATE_COUNT:
		break;
	}
}

static void
count_functions(struct tally *tally, const struct comparison *comparison)
{
	size_t count;
	CLEANUP(free_ptr)
	const struct finding **findings = findings_sorted(comparison, finding_counts, true, &count);

	for (size_t i = 0; i < count; i++) {
		const struct escape *last = i > 0 ? findings[i - 1]->escape : NULL;
		const struct escape *next = findings[i]->escape;
		bool same_package = last && strcmp(last->package, next->package) == 0;
		if (!same_package)
			tally->new_packages++;
		if (!same_package || strcmp(last->function, next->function) != 0)
			tally->functions++;
	}
}

static void
count_escapes(struct tally *tally, const struct comparison *comparison)
{
	const struct snapshot *base = comparison->base_snapshot;
	const struct snapshot *head = comparison->head_snapshot;
	struct package_tally *row;

	for (size_t i = 0; i < base->escape_count; i++)
		if ((row = tally_package(tally, base->escapes[i].package)))
			row->base++;
	for (size_t i = 0; i < head->escape_count; i++)
		if ((row = tally_package(tally, head->escapes[i].package)))
			row->head++;
	for (size_t i = 0; i < comparison->left_out_count; i++) {
		const struct left_out *left_out = &comparison->left_out[i];
		if ((row = tally_package(tally, left_out->package))) {
			row->base += left_out->base;
			row->head += left_out->head;
		}
	}
}

void
tally_init(struct tally *tally, const struct comparison *comparison)
{
	*tally = (struct tally){0};
	add_snapshot_packages(tally, comparison->base_snapshot);
	add_snapshot_packages(tally, comparison->head_snapshot);
	for (size_t i = 0; i < comparison->not_analysed_count; i++)
		add_package(tally, comparison->not_analysed[i].package, NULL);
	for (size_t i = 0; i < comparison->finding_count; i++)
		add_package(tally, comparison->findings[i].escape->package, NULL);
	merge_packages(tally);

	for (size_t i = 0; i < comparison->not_analysed_count; i++)
		tally_package(tally, comparison->not_analysed[i].package)->failed = true;
	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		count_finding(tally_package(tally, finding->escape->package), finding);
	}
	count_escapes(tally, comparison);
	count_functions(tally, comparison);
}

void
tally_release(struct tally *tally)
{
	free(tally->packages);
	*tally = (struct tally){0};
}

static int
by_package(const void *a, const void *b)
{
	const struct finding *const *one = a, *const *two = b;
	int order = strcmp((*one)->escape->package, (*two)->escape->package);

	/* Both are in the comparison's array: the address is the order there. */
	return order ? order : (*one > *two) - (*one < *two);
}

static int
by_package_and_function(const void *a, const void *b)
{
	const struct finding *const *one = a, *const *two = b;
	int order = strcmp((*one)->escape->package, (*two)->escape->package);

	if (order == 0)
		order = strcmp((*one)->escape->function, (*two)->escape->function);
	return order ? order : (*one > *two) - (*one < *two);
}

const struct finding **
findings_sorted(const struct comparison *comparison, bool (*want)(const struct finding *),
	bool by_function, size_t *count)
{
	const struct finding **sorted = NULL;
	size_t capacity = 0, n = 0;

	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		if (!want(finding))
			continue;
		sorted = array_grow(sorted, &capacity, n + 1, sizeof(const struct finding *));
		sorted[n++] = finding;
	}
	if (n > 0)
		qsort(sorted, n, sizeof(const struct finding *),
			by_function ? by_package_and_function : by_package);
	*count = n;
	return sorted;
}

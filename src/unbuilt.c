#include "src/unbuilt.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/site.h"

static int
compare_not_analysed(const void *one, const void *two)
{
	const struct not_analysed *a = one, *b = two;
	int order = strcmp(a->package, b->package);

	return order ? order : strcmp(a->side, b->side);
}

static void
add_not_analysed(
	struct comparison *comparison, const char *package, const char *side, const char *error)
{
	comparison->not_analysed =
		array_grow(comparison->not_analysed, &comparison->not_analysed_capacity,
			comparison->not_analysed_count + 1, sizeof *comparison->not_analysed);
	comparison->not_analysed[comparison->not_analysed_count++] =
		(struct not_analysed){.package = package, .side = side, .error = error};
}

/* go's words for all patterns that it could not look into, each once. */
static const char *
words_of_patterns(const struct snapshot *snapshot, struct arena *arena)
{
	CLEANUP(buf_release) struct buf words = {0};
	const char *last = NULL;

	for (size_t i = 0; i < snapshot->package_count; i++) {
		const struct package *package = &snapshot->packages[i];
		if (!package->pattern || (last && strcmp(last, package->error) == 0))
			continue;
		buf_printf(&words, "%s%s", last ? "\n" : "", package->error);
		last = package->error;
	}
	return arena_str(arena, buf_str(&words));
}

/* What go could not look into are the packages that the other side has: those have names. False
 * where it has none. */
static bool
collect_unknown(struct comparison *comparison, const struct snapshot *snapshot,
	const struct snapshot *other, const char *side)
{
	size_t count = comparison->not_analysed_count;
	const char *words = words_of_patterns(snapshot, &comparison->arena);

	for (size_t i = 0; i < other->package_count; i++) {
		const struct package *package = &other->packages[i];
		if (!package->absent && !package->pattern &&
			!snapshot_package(snapshot, package->import_path))
			add_not_analysed(comparison, package->import_path, side, words);
	}
	return comparison->not_analysed_count > count;
}

static void
collect_not_analysed(struct comparison *comparison, const struct snapshot *snapshot,
	const struct snapshot *other, const char *side)
{
	bool named = snapshot_is_incomplete(snapshot) &&
		     collect_unknown(comparison, snapshot, other, side);

	for (size_t i = 0; i < snapshot->package_count; i++) {
		const struct package *package = &snapshot->packages[i];
		if (package->error && !package->absent && !(package->pattern && named))
			add_not_analysed(comparison, package->import_path, side, package->error);
	}
}

static const struct package *
package_in(const struct snapshot *snapshot, const char *directory)
{
	for (size_t i = 0; i < snapshot->package_count; i++) {
		const struct package *package = &snapshot->packages[i];
		if (package->directory && strcmp(package->directory, directory) == 0)
			return package;
	}
	return NULL;
}

/* What has another import path in the head, by its directory, where either of the two was not
 * built. */
static void
collect_renamed(struct comparison *comparison, const struct renames *renames)
{
	const struct snapshot *base = comparison->base_snapshot, *head = comparison->head_snapshot;

	for (size_t i = 0; i < base->package_count; i++) {
		const struct package *was = &base->packages[i];
		const char *directory = was->directory, *none = "";
		if (!directory || was->absent)
			continue;
		renames_apply(renames, &directory, &none);
		const struct package *is = package_in(head, directory);
		if (is && was->error && !snapshot_package(base, is->import_path))
			add_not_analysed(comparison, is->import_path, "base", was->error);
		if (is && is->error && !snapshot_package(head, was->import_path))
			add_not_analysed(comparison, was->import_path, "head", is->error);
	}
}

/* What one side says of packages that the other says nothing about. */
static void
count_not_judged(struct comparison *comparison, const struct snapshot *these, const char *other)
{
	CLEANUP(sites_release) struct sites sites = {0};
	struct not_analysed key = {.side = other}, *entry;

	sites_collect(&sites, comparison, these, SITES_NOT_JUDGED, &comparison->arena);
	for (size_t i = 0; i < sites.count; i++) {
		key.package = sites.sites[i].escape->package;
		entry = bsearch(&key, comparison->not_analysed, comparison->not_analysed_count,
			sizeof key, compare_not_analysed);
		if (!entry)
			continue;
		entry->not_judged++;
		comparison->summary.not_judged++;
	}
}

void
unbuilt_find(struct comparison *comparison, const struct renames *renames)
{
	const struct snapshot *base = comparison->base_snapshot, *head = comparison->head_snapshot;

	collect_not_analysed(comparison, base, head, "base");
	collect_not_analysed(comparison, head, base, "head");
	if (comparison->not_analysed_count == 0)
		return;
	collect_renamed(comparison, renames);
	qsort(comparison->not_analysed, comparison->not_analysed_count,
		sizeof *comparison->not_analysed, compare_not_analysed);
	count_not_judged(comparison, head, "base");
	count_not_judged(comparison, base, "head");
}

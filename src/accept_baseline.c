#include "src/accept_internal.h"

/* More stale entries of a baseline than these are counted. */
#define MOST_STALE 10

static void
accept_by_baseline(struct comparison *comparison, struct baseline *baseline, const char *day)
{
	for (size_t i = 0; i < comparison->finding_count; i++) {
		struct finding *finding = &comparison->findings[i];
		struct baseline_entry *entry =
			finding_counts(finding) ? baseline_find(baseline, finding->id) : NULL;
		if (!entry)
			continue;
		if (baseline_is_expired(entry, day)) {
			comparison_warn(comparison,
				"the exception for %s has expired with %s, and it counts again "
				"(%s:%d)",
				entry->id, entry->expires, baseline->path, entry->line);
			continue;
		}
		struct arena *arena = &comparison->arena;
		accept_finding(comparison, finding,
			&(struct acceptance){
				.how = "baseline",
				.reason = arena_strdup(arena, entry->reason),
				.author = arena_strdup(arena, entry->author),
				.expires = arena_strdup(arena, entry->expires),
				.file = arena_strdup(arena, baseline->path),
				.line = entry->line,
			});
	}
}

/* Whether all that is in the package is known. */
static bool
is_compared(const struct comparison *comparison, const char *import_path)
{
	const struct package *package = snapshot_package(comparison->head_snapshot, import_path);

	if (!package)
		return snapshot_package(comparison->base_snapshot, import_path);
	return !package->error && !package->absent && !package->pattern &&
	       comparison_judges(comparison, import_path) &&
	       !comparison_leaves_out(comparison, import_path);
}

static void
collect_ids(struct intern *ids, const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->finding_count; i++)
		if (comparison->findings[i].state != FINDING_FIXED)
			intern(ids, str_of(comparison->findings[i].id));
}

size_t
accept_find_stale(const struct comparison *comparison, struct baseline *baseline)
{
	CLEANUP(arena_release) struct arena scratch = {0};
	CLEANUP(intern_release) struct intern ids = {.arena = &scratch};
	/* Of these there are findings only where the base differs. */
	const char *lost = escape_kind_name(ESCAPE_LOST_INLINING);
	size_t count = 0;

	collect_ids(&ids, comparison);
	for (size_t i = 0; i < baseline->count; i++) {
		struct baseline_entry *entry = &baseline->entries[i];
		entry->stale = !intern_find(&ids, str_of(entry->id)) &&
			       is_compared(comparison, entry->package) &&
			       strcmp(entry->kind, lost) != 0;
		count += entry->stale;
	}
	return count;
}

static void
warn_of_entries(struct comparison *comparison, struct baseline *baseline)
{
	size_t said = 0;

	if (baseline->other_fingerprints) {
		comparison_warn(comparison,
			"%s was written with other fingerprints than this heapwarden has, so that "
			"its entries may match nothing: heapwarden baseline write accepts what is "
			"new, and prune takes out the rest",
			baseline->path);
		return;
	}
	size_t stale = accept_find_stale(comparison, baseline);
	for (size_t i = 0; i < baseline->count && said < MOST_STALE; i++) {
		const struct baseline_entry *entry = &baseline->entries[i];
		if (!entry->stale)
			continue;
		said++;
		comparison_warn(comparison,
			"the exception for %s excepts nothing: there is no such allocation any "
			"more; heapwarden baseline prune takes it out (%s:%d)",
			entry->id, baseline->path, entry->line);
	}
	if (stale > said)
		comparison_warn(comparison, "%zu more exceptions of %s except nothing",
			stale - said, baseline->path);
}

void
accept_baseline(struct comparison *comparison, struct baseline *baseline, const char *day)
{
	accept_by_baseline(comparison, baseline, day);
	warn_of_entries(comparison, baseline);
}

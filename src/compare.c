#include "src/compare.h"

#include <stdlib.h>

#include "src/base/cleanup.h"
#include "src/fingerprint.h"
#include "src/inlining.h"
#include "src/pairing.h"
#include "src/unbuilt.h"

static struct finding *
add_finding(struct comparison *comparison, const struct site *site, enum finding_state state)
{
	struct finding *finding = comparison_add(comparison);
	*finding = (struct finding){.state = state, .escape = site->escape};
	fingerprint_format(finding->id, site->identity);
	return finding;
}

static int
compare_origins(const void *one, const void *two)
{
	const struct site *const *a = one, *const *b = two;

	if ((*a)->origin != (*b)->origin)
		return (*a)->origin->order < (*b)->origin->order ? -1 : 1;
	return ((*a)->order > (*b)->order) - ((*a)->order < (*b)->order);
}

/* Sites that are copies of an escape that has no partner, grouped by it. */
static const struct site **
collect_copies(const struct sites *sites, size_t *count)
{
	size_t capacity = 0;
	const struct site **copies = array_grow(NULL, &capacity, sites->count + 1, sizeof(void *));

	*count = 0;
	for (size_t i = 0; i < sites->count; i++)
		if (sites->sites[i].origin)
			copies[(*count)++] = &sites->sites[i];
	qsort(copies, *count, sizeof(void *), compare_origins);
	return copies;
}

/* Take the copies of the site off the front of the list, with those of sites before it. */
static void
attach_copies(struct comparison *comparison, struct finding *finding, const struct site *site,
	const struct site **copies, size_t count, size_t *next)
{
	while (*next < count && copies[*next]->origin->order < site->order)
		++*next;
	size_t first = *next;
	while (*next < count && copies[*next]->origin == site)
		++*next;
	finding->copy_count = *next - first;
	if (finding->copy_count == 0)
		return;
	struct copy *list = arena_alloc(&comparison->arena, finding->copy_count * sizeof *list);
	for (size_t i = 0; i < finding->copy_count; i++)
		list[i] = (struct copy){
			copies[first + i]->escape->at, copies[first + i]->escape->function};
	finding->copies = list;
	comparison->summary.copies += finding->copy_count;
}

/* Allocations that a version of Go makes as those after it do, and prints nothing about. */
static const struct {
	const char *begins;
	int printed_since;
} silent[] = {
	{"append", 25},
};

/* A version that does not inline a call prints nothing of what the callee allocates, when that is
 * none of the packages that were asked for. Of several calls at one place, one in another, any can
 * be the one that allocates. */
static bool
is_hidden_in_callee(
	const struct snapshot *these, const struct snapshot *others, const struct site *site)
{
	const char *one = these->go_version, *two = others->go_version;
	bool same_go = !one || !two || strcmp(one, two) == 0;
	size_t count;
	const struct inlined_call *calls = snapshot_calls_at(these, &site->escape->at, &count);

	for (size_t i = 0; !same_go && site->copy && i < count; i++)
		if (!sites_call_inlined(others, site->escape->at, calls[i].function))
			return true;
	return false;
}

static bool
is_not_printed_by(const struct snapshot *snapshot, const struct site *site)
{
	int minor = go_minor_version(snapshot->go_version);

	for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
		if (minor && minor < silent[i].printed_since &&
			strncmp(site->expression, silent[i].begins, strlen(silent[i].begins)) == 0)
			return true;
	return false;
}

/* The unpaired sites of one side become findings of the state. */
static void
add_unpaired(struct comparison *comparison, const struct sites *sites, enum finding_state state)
{
	const struct snapshot *other =
		state == FINDING_NEW ? comparison->base_snapshot : comparison->head_snapshot;
	size_t count, next = 0;
	CLEANUP(free_ptr) const struct site **copies = collect_copies(sites, &count);

	for (size_t i = 0; i < sites->count; i++) {
		const struct site *site = &sites->sites[i];
		if (site->partner || site->origin)
			continue;
		if (is_not_printed_by(other, site) ||
			is_hidden_in_callee(sites->snapshot, other, site)) {
			comparison->summary.not_printed++;
			continue;
		}
		struct finding *finding = add_finding(comparison, site, state);
		attach_copies(comparison, finding, site, copies, count, &next);
	}
}

static void
add_paired(struct comparison *comparison, const struct sites *head)
{
	for (size_t i = 0; i < head->count; i++) {
		const struct site *site = &head->sites[i];
		if (!site->partner)
			continue;
		const struct position *was = &site->partner->here, *is = &site->escape->at;
		bool same_place = site->partner->mapped && was->line == is->line && was->file &&
				  is->file && strcmp(was->file, is->file) == 0;
		add_finding(comparison, site, same_place ? FINDING_UNCHANGED : FINDING_MOVED)
			->base = site->partner->escape;
	}
}

static void
count_packages(struct comparison *comparison)
{
	struct summary *summary = &comparison->summary;
	const struct snapshot *head = comparison->head_snapshot;

	for (size_t i = 0; i < head->package_count; i++)
		summary->packages += !head->packages[i].absent && !head->packages[i].pattern;
	for (size_t i = 0; i < comparison->not_analysed_count; i++)
		summary->packages_failed +=
			i == 0 || strcmp(comparison->not_analysed[i].package,
					  comparison->not_analysed[i - 1].package) != 0;
}

/* All that the compiler printed, whether it was read or not. */
static void
count_printed(struct comparison *comparison)
{
	struct summary *summary = &comparison->summary;

	summary->base_total = comparison->base_snapshot->escape_count;
	summary->head_total = comparison->head_snapshot->escape_count;
	summary->base_lines = comparison->base_snapshot->lines.summaries;
	summary->head_lines = comparison->head_snapshot->lines.summaries;
	for (size_t i = 0; i < comparison->left_out_count; i++) {
		const struct left_out *left_out = &comparison->left_out[i];
		summary->base_total += left_out->base;
		summary->head_total += left_out->head;
		summary->base_lines += left_out->base_lines;
		summary->head_lines += left_out->head_lines;
	}
}

static void
summarise(struct comparison *comparison)
{
	struct summary *summary = &comparison->summary;

	comparison_recount(comparison);
	count_printed(comparison);
	summary->lines_not_understood = comparison->base_snapshot->lines.not_understood +
					comparison->head_snapshot->lines.not_understood;
	count_packages(comparison);
}

/* New escapes in code of others that was compiled into packages of the repository, and in wrappers.
 */
static size_t
count_new_outside(struct comparison *comparison, const struct renames *renames)
{
	CLEANUP(sites_release) struct sites base = {0};
	CLEANUP(sites_release) struct sites head = {0};
	size_t count = 0;

	sites_collect(
		&base, comparison, comparison->base_snapshot, SITES_OUTSIDE, &comparison->arena);
	sites_collect(
		&head, comparison, comparison->head_snapshot, SITES_OUTSIDE, &comparison->arena);
	pairing_by_function(&base, &head, renames, &comparison->arena);
	for (size_t i = 0; i < head.count; i++)
		count += !head.sites[i].partner;
	return count;
}

void
compare_snapshots(struct comparison *comparison, const struct line_map *map)
{
	CLEANUP(renames_release) struct renames renames = {0};
	CLEANUP(sites_release) struct sites base = {0};
	CLEANUP(sites_release) struct sites head = {0};

	renames_find(&renames, comparison, map);
	unbuilt_find(comparison, &renames);
	sites_collect(&base, comparison, comparison->base_snapshot, SITES_OWN, &comparison->arena);
	sites_collect(&head, comparison, comparison->head_snapshot, SITES_OWN, &comparison->arena);
	pairing_identify(&base);
	pairing_identify(&head);
	const struct evidence evidence = {map, &renames, comparison->source};
	pairing_by_line(&base, &head, &evidence, &comparison->arena);

	add_unpaired(comparison, &head, FINDING_NEW);
	inlining_find_lost(comparison, &base, &head, map, &renames);
	inlining_warn(comparison, &base, &head);
	add_unpaired(comparison, &base, FINDING_FIXED);
	add_paired(comparison, &head);
	summarise(comparison);
	comparison->summary.new_outside = count_new_outside(comparison, &renames);
}

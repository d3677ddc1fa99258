#include "src/shortcut.h"

#include <string.h>

#include "src/base/cleanup.h"
#include "src/site.h"

struct search {
	struct arena arena;
	struct intern changed;   /* directories of files that differ, on either side */
	struct intern different; /* packages that cannot be left out, and the words for them */
	struct intern mentioned; /* words by which those mention others */
};

static void
search_release(struct search *search)
{
	intern_release(&search->changed);
	intern_release(&search->different);
	intern_release(&search->mentioned);
	arena_release(&search->arena);
}

static void
add_directory(struct search *search, const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	if (path)
		intern(&search->changed, (struct str){path, slash ? (size_t)(slash - path) : 0});
}

static const struct package *
package_of(const struct recording *recording, const char *import_path)
{
	const struct snapshot packages = {
		.packages = recording->list.packages,
		.package_count = recording->list.count,
	};

	return snapshot_package(&packages, import_path);
}

/* Whether a file in the directory of the package was changed, or it is not known enough of. */
static bool
is_changed(const struct search *search, const struct recording *recording, const char *import_path)
{
	const struct package *package = package_of(recording, import_path);

	return !package || !package->directory ||
	       intern_find(&search->changed, str_of(package->directory));
}

static bool
is_different(const struct search *search, const struct recording *recording,
	const struct recording *other, const struct recorded_unit *unit)
{
	const struct recorded_unit *twin = recording_unit(other, unit->package);

	return !twin || strcmp(twin->id.hex, unit->id.hex) != 0 ||
	       is_changed(search, recording, unit->package) ||
	       is_changed(search, other, unit->package);
}

/* What it is called where it is mentioned, and what it mentions. */
static void
add_different(
	struct search *search, const struct recording *recording, const struct recorded_unit *unit)
{
	const struct package *package = package_of(recording, unit->package);
	struct str rest = str_of(unit->mentions), word;

	intern(&search->different, str_of(unit->package));
	intern(&search->different, str_of(arena_printf(&search->arena, "/%s", unit->package)));
	if (package && package->name)
		intern(&search->different, str_of(package->name));
	while (str_next(&word, &rest, '\n'))
		intern(&search->mentioned, word);
}

static void
find_different(
	struct search *search, const struct recording *recording, const struct recording *other)
{
	for (size_t i = 0; i < recording->count; i++)
		if (is_different(search, recording, other, &recording->units[i]))
			add_different(search, recording, &recording->units[i]);
}

static bool
mentions_different(const struct search *search, const struct recorded_unit *unit)
{
	struct str rest = str_of(unit->mentions), word;

	while (str_next(&word, &rest, '\n'))
		if (intern_find(&search->different, word))
			return true;
	return false;
}

static bool
is_mentioned(const struct search *search, const struct package *package)
{
	CLEANUP(buf_release) struct buf path = {0};

	buf_printf(&path, "/%s", package->import_path);
	return (package->name && intern_find(&search->mentioned, str_of(package->name))) ||
	       intern_find(&search->mentioned, buf_str(&path));
}

static bool
can_be_left_out(const struct search *search, const struct recording *recording,
	const struct recorded_unit *unit)
{
	return !intern_find(&search->different, str_of(unit->package)) &&
	       !mentions_different(search, unit) &&
	       !is_mentioned(search, package_of(recording, unit->package));
}

static bool
is_known(const struct recording *recording)
{
	return (recording->is_counted || recording->lacks_sites) && recording->not_understood == 0;
}

void
shortcut_find(struct shortcut *out, struct recording *base, struct recording *head,
	const struct line_map *map)
{
	CLEANUP(search_release) struct search search = {0};

	*out = (struct shortcut){0};
	out->packages.arena = &out->arena;
	search.changed.arena = search.different.arena = search.mentioned.arena = &search.arena;
	if (!is_known(base) || !is_known(head) || base->lacks_sites)
		return;
	for (size_t i = 0; i < map->file_count; i++) {
		add_directory(&search, map->files[i].base_path);
		add_directory(&search, map->files[i].head_path);
	}
	find_different(&search, base, head);
	find_different(&search, head, base);
	for (size_t i = 0; i < head->count; i++) {
		struct recorded_unit *unit = &head->units[i];
		if (!can_be_left_out(&search, head, unit))
			continue;
		intern(&out->packages, str_of(unit->package));
		unit->is_equal = recording_unit(base, unit->package)->is_equal = true;
	}
}

static void
unmark(struct recording *recording)
{
	for (size_t i = 0; i < recording->count; i++)
		recording->units[i].is_equal = false;
}

void
shortcut_give_up(struct shortcut *shortcut, struct recording *base, struct recording *head)
{
	unmark(base);
	unmark(head);
	shortcut_release(shortcut);
}

/* What the snapshots lack. */
static void
count_left_out(
	struct comparison *comparison, const struct recording *base, const struct recording *head)
{
	struct left_out *left_out =
		arena_alloc(&comparison->arena, (head->count + 1) * sizeof *left_out);

	comparison->left_out = left_out;
	for (size_t i = 0; i < head->count; i++) {
		const struct recorded_unit *is = &head->units[i];
		if (!is->is_equal)
			continue;
		const struct recorded_unit *was = recording_unit(base, is->package);
		left_out[comparison->left_out_count++] = (struct left_out){
			.package = is->package,
			.base = was->is_read ? 0 : was->escapes,
			.head = is->is_read ? 0 : is->escapes,
			.base_lines = was->is_read ? 0 : was->summary_lines,
			.head_lines = is->is_read ? 0 : is->summary_lines,
		};
	}
}

/* How many sites the snapshot has, of what is not left out. */
static size_t
count_sites(const struct comparison *comparison, const struct snapshot *snapshot)
{
	CLEANUP(sites_release) struct sites sites = {0};
	CLEANUP(arena_release) struct arena arena = {0};

	sites_collect(&sites, comparison, snapshot, SITES_OWN, &arena);
	return sites.count;
}

void
shortcut_take(const struct shortcut *shortcut, struct comparison *comparison,
	const struct recording *base, struct recording *head)
{
	if (shortcut->packages.count == 0)
		return;
	comparison->equal = &shortcut->packages;
	size_t different = count_sites(comparison, comparison->head_snapshot);
	if (head->lacks_sites) {
		size_t equal = base->sites - count_sites(comparison, comparison->base_snapshot);
		head->sites = equal + different;
		head->is_counted = true;
		head->lacks_sites = false;
	}
	comparison->equal_sites = head->sites - different;
	count_left_out(comparison, base, head);
}

void
shortcut_release(struct shortcut *shortcut)
{
	intern_release(&shortcut->packages);
	arena_release(&shortcut->arena);
	*shortcut = (struct shortcut){0};
}

#include "src/snapshot.h"

#include <stdlib.h>
#include <string.h>

/* Unknown text comes first. */
static int
compare_text(const char *a, const char *b)
{
	if (a == b)
		return 0;
	if (!a || !b)
		return a ? 1 : -1;
	return strcmp(a, b);
}

int
position_compare(const struct position *a, const struct position *b)
{
	int order = compare_text(a->file, b->file);

	if (order == 0)
		order = (a->line > b->line) - (a->line < b->line);
	if (order == 0)
		order = (a->column > b->column) - (a->column < b->column);
	return order;
}

/* Everything that two escapes can differ in and that is printed, so that the order of equal ones
 * cannot be seen. */
static int
compare_escapes(const void *one, const void *two)
{
	const struct escape *a = one, *b = two;
	int order = position_compare(&a->at, &b->at);

	if (order == 0)
		order = compare_text(a->expression, b->expression);
	if (order == 0)
		order = (int)a->kind - (int)b->kind;
	if (order == 0)
		order = compare_text(a->package, b->package);
	if (order == 0)
		order = compare_text(a->function, b->function);
	if (order == 0)
		order = (int)a->reason - (int)b->reason;
	return order;
}

static int
compare_leaks(const void *one, const void *two)
{
	const struct leak *a = one, *b = two;
	int order = position_compare(&a->at, &b->at);

	if (order == 0)
		order = compare_text(a->package, b->package);
	if (order == 0)
		order = compare_text(a->parameter, b->parameter);
	if (order == 0)
		order = (int)a->kind - (int)b->kind;
	return order;
}

static int
compare_inlinings(const void *one, const void *two)
{
	const struct inlining *a = one, *b = two;
	int order = position_compare(&a->at, &b->at);

	if (order == 0)
		order = compare_text(a->name, b->name);
	if (order == 0)
		order = compare_text(a->package, b->package);
	return order;
}

static int
compare_calls(const void *one, const void *two)
{
	const struct inlined_call *a = one, *b = two;
	int order = position_compare(&a->at, &b->at);

	if (order == 0)
		order = compare_text(a->callee, b->callee);
	if (order == 0)
		order = compare_text(a->package, b->package);
	return order;
}

static int
compare_packages(const void *one, const void *two)
{
	const struct package *a = one, *b = two;

	return compare_text(a->import_path, b->import_path);
}

static void
sort(void *array, size_t count, size_t size, int (*order)(const void *, const void *))
{
	if (count > 1)
		qsort(array, count, size, order);
}

void
snapshot_sort(struct snapshot *snapshot)
{
	sort(snapshot->packages, snapshot->package_count, sizeof *snapshot->packages,
		compare_packages);
	sort(snapshot->escapes, snapshot->escape_count, sizeof *snapshot->escapes, compare_escapes);
	sort(snapshot->leaks, snapshot->leak_count, sizeof *snapshot->leaks, compare_leaks);
	sort(snapshot->inlinings, snapshot->inlining_count, sizeof *snapshot->inlinings,
		compare_inlinings);
	sort(snapshot->calls, snapshot->call_count, sizeof *snapshot->calls, compare_calls);
}

const struct package *
snapshot_package(const struct snapshot *snapshot, const char *import_path)
{
	struct package key = {.import_path = import_path};

	if (snapshot->package_count == 0)
		return NULL;
	return bsearch(
		&key, snapshot->packages, snapshot->package_count, sizeof key, compare_packages);
}

const struct inlined_call *
snapshot_calls_at(const struct snapshot *snapshot, const struct position *at, size_t *count)
{
	size_t low = 0, high = snapshot->call_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (position_compare(&snapshot->calls[middle].at, at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (high < snapshot->call_count && position_compare(&snapshot->calls[high].at, at) == 0)
		high++;
	*count = high - low;
	return snapshot->calls + low;
}

bool
snapshot_is_incomplete(const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->package_count; i++)
		if (snapshot->packages[i].pattern)
			return true;
	return false;
}

bool
snapshot_is_whole(const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->package_count; i++)
		if (snapshot->packages[i].error && !snapshot->packages[i].absent)
			return false;
	return snapshot->lines.not_understood == 0;
}

bool
snapshot_has_packages(const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->package_count; i++)
		if (!snapshot->packages[i].absent)
			return true;
	return false;
}

static size_t
count_variant(const struct escape *escapes, size_t count, const char *variant)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += compare_text(escapes[i].variant, variant) == 0;
	return found;
}

/* That of which there are most; what is not compiled for tests comes first. */
static const char *
best_variant(const struct escape *escapes, size_t count)
{
	const char *best = escapes[0].variant;
	size_t most = count_variant(escapes, count, best);

	for (size_t i = 1; i < count; i++) {
		size_t n = count_variant(escapes, count, escapes[i].variant);
		if (n > most || (n == most && compare_text(escapes[i].variant, best) < 0)) {
			best = escapes[i].variant;
			most = n;
		}
	}
	return best;
}

void
snapshot_merge_variants(struct snapshot *snapshot)
{
	struct escape *escapes = snapshot->escapes;
	size_t kept = 0;

	for (size_t from = 0, to; from < snapshot->escape_count; from = to) {
		for (to = from + 1; to < snapshot->escape_count &&
				    compare_escapes(&escapes[from], &escapes[to]) == 0;)
			to++;
		const char *best = best_variant(&escapes[from], to - from);
		for (size_t i = from; i < to; i++)
			if (compare_text(escapes[i].variant, best) == 0)
				escapes[kept++] = escapes[i];
	}
	snapshot->escape_count = kept;
}

void
snapshot_forget(struct snapshot *snapshot)
{
	snapshot->escape_count = snapshot->leak_count = 0;
	snapshot->inlining_count = snapshot->call_count = 0;
	snapshot->lines = (struct line_counts){0};
}

void
snapshot_release(struct snapshot *snapshot)
{
	arena_release(&snapshot->arena);
	free(snapshot->packages);
	free(snapshot->escapes);
	free(snapshot->leaks);
	free(snapshot->inlinings);
	free(snapshot->calls);
	*snapshot = (struct snapshot){0};
}

const char *
escape_kind_name(enum escape_kind kind)
{
	static const char *const names[] = {
		[ESCAPE_TO_HEAP] = "escapes-to-heap",
		[ESCAPE_MOVED] = "moved-to-heap",
		[ESCAPE_LOST_INLINING] = "lost-inlining",
	};

	return names[kind];
}

const char *
allocates_name(enum allocates allocates)
{
	static const char *const names[] = {
		[ALLOCATES_YES] = "yes",
		[ALLOCATES_NO] = "no",
		[ALLOCATES_MAYBE] = "maybe",
	};

	return names[allocates];
}

const char *
origin_name(enum origin origin)
{
	static const char *const names[] = {
		[ORIGIN_OWN] = "own",
		[ORIGIN_VENDORED] = "vendored",
		[ORIGIN_MODULE] = "module",
		[ORIGIN_STANDARD] = "standard",
		[ORIGIN_AUTOGENERATED] = "autogenerated",
		[ORIGIN_GENERATED] = "generated",
		[ORIGIN_UNKNOWN] = "unknown",
	};

	return names[origin];
}

int
go_minor_version(const char *go_version)
{
	struct str version = str_of(go_version);
	size_t digits = 0;

	if (!str_starts(version, STR("go1.")) || memmem(version.p, version.n, "devel", 5))
		return 0;
	version = str_from(version, 4);
	while (digits < version.n && version.p[digits] >= '0' && version.p[digits] <= '9')
		digits++;
	int minor = str_int((struct str){version.p, digits});
	return minor > 0 ? minor : 0;
}

bool
origin_is_own(enum origin origin)
{
	return origin == ORIGIN_OWN || origin == ORIGIN_GENERATED;
}

const char *
leak_kind_name(enum leak_kind kind)
{
	static const char *const names[] = {
		[LEAK_NONE] = "none",
		[LEAK_CONTENT] = "content",
		[LEAK_RESULT] = "result",
		[LEAK_HEAP] = "heap",
	};

	return names[kind];
}

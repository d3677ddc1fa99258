#include "src/site.h"

#include <stdlib.h>

#include "src/base/cleanup.h"
#include "src/declarations.h"
#include "src/expression.h"

static int
compare_sites(const void *one, const void *two)
{
	const struct site *a = one, *b = two;
	int order = position_compare(&a->escape->at, &b->escape->at);

	if (order == 0)
		order = (int)a->escape->kind - (int)b->escape->kind;
	if (order == 0)
		order = strcmp(a->expression, b->expression);
	if (order == 0)
		order = strcmp(a->escape->package, b->escape->package);
	return order ? order : (a->order > b->order) - (a->order < b->order);
}

static bool
same_place(const struct site *a, const struct site *b)
{
	return position_compare(&a->escape->at, &b->escape->at) == 0 &&
	       a->escape->kind == b->escape->kind && strcmp(a->expression, b->expression) == 0;
}

/* How many of the equal lines of one unit are allocations of their own. */
static size_t
distinct(const struct site *site, size_t printed)
{
	const char *expression = site->expression;

	if (site->escape->at.column == 0 || site->copy)
		return printed;
	/* Once for the new string, once for putting it into an interface. */
	bool twice = site->escape->kind == ESCAPE_TO_HEAP &&
		     (strstr(expression, " + ") || strncmp(expression, "string(", 7) == 0);
	return twice && printed > 1 ? 2 : 1;
}

/* The number of sites that the equal elements [from, to) stand for: what the unit that has most of
 * them says. */
static size_t
multiplicity(const struct site *sites, size_t from, size_t to)
{
	size_t most = 0;

	while (from < to) {
		size_t end = from;
		while (end < to &&
			strcmp(sites[end].escape->package, sites[from].escape->package) == 0)
			end++;
		size_t n = distinct(&sites[from], end - from);
		if (n > most)
			most = n;
		from = end;
	}
	return most;
}

static void
merge_equal(struct sites *sites)
{
	size_t kept = 0;

	for (size_t from = 0, to; from < sites->count; from = to) {
		for (to = from + 1;
			to < sites->count && same_place(&sites->sites[from], &sites->sites[to]);)
			to++;
		size_t n = multiplicity(sites->sites, from, to);
		for (size_t i = 0; i < n; i++)
			sites->sites[kept++] = sites->sites[from + i];
	}
	sites->count = kept;
}

/* The name of the package in the directory; NULL where it is not known. */
static const char *
package_name(const struct snapshot *snapshot, const char *directory)
{
	for (size_t i = 0; i < snapshot->package_count; i++) {
		const struct package *package = &snapshot->packages[i];
		if (package->directory && strcmp(package->directory, directory) == 0)
			return package->name;
	}
	return NULL;
}

void
sites_collect(struct sites *out, const struct comparison *comparison,
	const struct snapshot *snapshot, bool own, struct arena *arena)
{
	const char *directory = NULL, *name = NULL;

	*out = (struct sites){.snapshot = snapshot};
	for (size_t i = 0; i < snapshot->escape_count; i++) {
		const struct escape *escape = &snapshot->escapes[i];
		if (origin_is_own(escape->origin) != own ||
			!comparison_judges(comparison, escape->package))
			continue;
		const char *before = directory;
		directory = directory_of_file(escape->at.file, before, arena);
		if (own && directory != before)
			name = package_name(snapshot, directory);
		out->sites =
			array_grow(out->sites, &out->capacity, out->count + 1, sizeof *out->sites);
		out->sites[out->count++] = (struct site){
			.escape = escape,
			.directory = directory,
			.function = escape->function,
			.expression = expression_plain(escape->expression, name, arena),
			.copy = escape->inlined != NULL,
			.order = i,
		};
	}
	if (out->count)
		qsort(out->sites, out->count, sizeof *out->sites, compare_sites);
	merge_equal(out);
	for (size_t i = 0; i < out->count; i++)
		out->sites[i].order = i;
}

void
sites_release(struct sites *sites)
{
	free(sites->sites);
	*sites = (struct sites){0};
}

/* "gen.New" names the function New of a package called gen; "Store.Get" a method. Both mean what
 * either of the two forms says. */
static bool
names_function(const char *callee, const char *function)
{
	const char *dot = strchr(callee, '.');

	return strcmp(callee, function) == 0 || (dot && strcmp(dot + 1, function) == 0);
}

const struct inlined_call *
sites_calls_at(const struct snapshot *snapshot, struct position at, size_t *count)
{
	size_t low = 0, high = snapshot->call_count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (position_compare(&snapshot->calls[middle].at, &at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low;
		end < snapshot->call_count && position_compare(&snapshot->calls[end].at, &at) == 0;)
		end++;
	*count = end - low;
	return snapshot->calls + low;
}

bool
sites_call_inlined(const struct snapshot *snapshot, struct position at, const char *function)
{
	size_t count;
	const struct inlined_call *calls = sites_calls_at(snapshot, at, &count);

	for (size_t i = 0; i < count; i++)
		if (names_function(calls[i].function, function))
			return true;
	return false;
}

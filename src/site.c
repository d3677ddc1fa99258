#include "src/site.h"

#include <ctype.h>
#include <stdlib.h>

#include "src/base/cleanup.h"

static bool
is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* The index behind the bracket that closes the one at `at`. */
static size_t
skip_brackets(const char *text, size_t at)
{
	int depth = 0;

	for (; text[at]; at++) {
		depth += text[at] == '[';
		depth -= text[at] == ']';
		if (depth == 0)
			return at + 1;
	}
	return at;
}

/* "&List[go.shape.int]{...}" and "&List[go.shape.string]{...}" are one place in the source. */
static const char *
without_shapes(const char *expression, struct arena *arena)
{
	CLEANUP(buf_release) struct buf out = {0};

	if (!strstr(expression, "go.shape."))
		return expression;
	for (size_t i = 0; expression[i];) {
		if (expression[i] == '[' && strncmp(expression + i + 1, "go.shape.", 9) == 0)
			i = skip_brackets(expression, i);
		else
			buf_add_char(&out, expression[i++]);
	}
	return arena_str(arena, buf_str(&out));
}

const char *
site_unqualified(const char *expression, struct arena *arena)
{
	CLEANUP(buf_release) struct buf out = {0};

	for (size_t i = 0; expression[i];) {
		size_t end = i;
		while (is_name(expression[end]))
			end++;
		bool qualifier = end > i && expression[end] == '.' && is_name(expression[end + 1]);
		size_t next = end > i ? end : i + 1;
		if (qualifier)
			next = end + 1;
		else
			buf_add(&out, (struct str){expression + i, next - i});
		i = next;
	}
	return arena_str(arena, buf_str(&out));
}

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

/* The directory of the file; the same text as the one before where it is the same. */
static const char *
directory_of(const char *file, const char *before, struct arena *arena)
{
	const char *slash = file ? strrchr(file, '/') : NULL;
	size_t n = slash ? (size_t)(slash - file) : 0;

	if (before && strlen(before) == n && memcmp(before, file ? file : "", n) == 0)
		return before;
	return arena_str(arena, (struct str){file, n});
}

void
sites_collect(struct sites *out, const struct comparison *comparison,
	const struct snapshot *snapshot, bool own, struct arena *arena)
{
	const char *directory = NULL;

	*out = (struct sites){.snapshot = snapshot};
	for (size_t i = 0; i < snapshot->escape_count; i++) {
		const struct escape *escape = &snapshot->escapes[i];
		if (origin_is_own(escape->origin) != own ||
			!comparison_judges(comparison, escape->package))
			continue;
		directory = directory_of(escape->at.file, directory, arena);
		out->sites =
			array_grow(out->sites, &out->capacity, out->count + 1, sizeof *out->sites);
		out->sites[out->count++] = (struct site){
			.escape = escape,
			.directory = directory,
			.expression = without_shapes(escape->expression, arena),
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

bool
sites_call_inlined(const struct snapshot *snapshot, struct position at, const char *function)
{
	size_t low = 0, high = snapshot->call_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (position_compare(&snapshot->calls[middle].at, &at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < snapshot->call_count; low++) {
		const struct inlined_call *call = &snapshot->calls[low];
		if (position_compare(&call->at, &at) != 0)
			return false;
		if (names_function(call->function, function))
			return true;
	}
	return false;
}

#include "src/allocations.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "src/declarations.h"
#include "src/tokens.h"

static int
compare_place(const void *at, const void *inlining)
{
	return position_compare(at, &((const struct inlining *)inlining)->at);
}

/* The wrapper of an instance of a generic function is where the function is declared: what it
 * prints is a copy for callers that do not know the function. */
static bool
is_in_wrapper(const struct snapshot *snapshot, const struct site *site)
{
	return site->copy && snapshot->inlining_count &&
	       bsearch(&site->escape->at, snapshot->inlinings, snapshot->inlining_count,
		       sizeof *snapshot->inlinings, compare_place);
}

void
allocations_init(struct allocations *out, struct comparison *comparison, const struct sites *head,
	const struct functions *functions)
{
	*out = (struct allocations){.comparison = comparison, .functions = functions};
	for (size_t i = 0; i < head->count; i++) {
		const struct site *site = &head->sites[i];
		if (site->partner && site->escape->allocates != ALLOCATES_NO &&
			!is_in_wrapper(head->snapshot, site))
			index_add(&out->sites, index_key(site->directory, site->function), site);
	}
	index_sort(&out->sites);
}

void
allocations_release(struct allocations *allocations)
{
	index_release(&allocations->sites);
}

/* Where the literal ends that begins there: the position behind its last bracket. Without line
 * where that is not known. */
static struct position
end_of_literal(const struct source_file *file, const struct position *begin)
{
	struct str line = source_line(file, begin->line);
	const char *last = file->count
				   ? file->lines[file->count - 1].p + file->lines[file->count - 1].n
				   : line.p;
	struct position end = {begin->file, 0, 0};

	if (begin->column < 1 || (size_t)begin->column > line.n)
		return end;
	const char *start = line.p + begin->column - 1;
	size_t n = tokens_literal((struct str){start, (size_t)(last - start)});
	if (n == 0)
		return end;
	end.line = begin->line;
	while ((size_t)end.line < file->count &&
		start + n > file->lines[end.line - 1].p + file->lines[end.line - 1].n)
		end.line++;
	end.column = (int)(start + n - file->lines[end.line - 1].p) + 1;
	return end;
}

static bool
is_inside(const struct allocations *allocations, const struct inlining *literal,
	const struct position *at)
{
	const struct source_file *file =
		source_file(allocations->comparison->source, false, literal->at.file);
	struct position end = end_of_literal(file, &literal->at);

	return end.line && position_compare(&literal->at, at) < 0 && position_compare(at, &end) < 0;
}

bool
allocations_is_within(const struct allocations *allocations, const struct inlining *function,
	const struct position *at)
{
	const struct snapshot *snapshot = allocations->functions->snapshot;
	int end = functions_end(allocations->functions, function);

	if (!function->declaration && !is_inside(allocations, function, at))
		return false;
	for (const struct inlining *inner = function + 1;
		inner < snapshot->inlinings + snapshot->inlining_count; inner++) {
		if (!inner->at.file || !function->at.file ||
			strcmp(inner->at.file, function->at.file) != 0 || inner->at.line >= end)
			break;
		if (!inner->declaration && position_compare(&inner->at, &function->at) != 0 &&
			is_inside(allocations, inner, at))
			return false;
	}
	return true;
}

const struct escape *const *
allocations_of(
	const struct allocations *allocations, const struct inlining *function, size_t *count)
{
	struct arena *arena = &allocations->comparison->arena;
	const char *directory = directory_of_file(function->at.file, NULL, arena);
	const struct snapshot *snapshot = allocations->functions->snapshot;
	const char *name = declared_name(snapshot, function->package, directory,
		package_name_in(snapshot, directory), function->function);
	uint64_t key = index_key(directory, name);
	const struct index_entry *first = index_find(&allocations->sites, key), *end = first;

	*count = 0;
	while (index_has(&allocations->sites, end, key))
		end++;
	if (end == first)
		return NULL;
	const struct escape **found = arena_alloc(arena, (size_t)(end - first) * sizeof(void *));
	for (; first < end; first++) {
		const struct escape *escape = ((const struct site *)first->of)->escape;
		if (allocations_is_within(allocations, function, &escape->at))
			found[(*count)++] = escape;
	}
	return found;
}

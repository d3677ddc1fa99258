#include "src/declarations.h"

#include <stdlib.h>

#include "src/fingerprint.h"

uint64_t
declaration_key(const char *directory, const char *function)
{
	const char *texts[] = {directory, function};

	return fingerprint_hash(texts, 2);
}

const char *
directory_of_file(const char *file, const char *before, struct arena *arena)
{
	const char *slash = file ? strrchr(file, '/') : NULL;
	size_t n = slash ? (size_t)(slash - file) : 0;

	if (before && strlen(before) == n && memcmp(before, file ? file : "", n) == 0)
		return before;
	return arena_str(arena, (struct str){file, n});
}

static int
compare_keys(const void *one, const void *two)
{
	const uint64_t *a = one, *b = two;

	return (*a > *b) - (*a < *b);
}

/* Snapshots are sorted by position: so are declarations, and the instances of one are next to each
 * other. */
void
declarations_collect(struct declarations *out, const struct snapshot *snapshot, struct arena *arena)
{
	const char *directory = NULL;
	struct position last = {0};
	size_t capacity = 0;

	*out = (struct declarations){0};
	for (size_t i = 0; i < snapshot->inlining_count; i++) {
		const struct inlining *inlining = &snapshot->inlinings[i];
		if (!inlining->declaration || !inlining->at.file ||
			position_compare(&inlining->at, &last) == 0)
			continue;
		last = inlining->at;
		directory = directory_of_file(inlining->at.file, directory, arena);
		out->all = array_grow(out->all, &out->capacity, out->count + 1, sizeof *out->all);
		out->all[out->count++] = (struct declaration){
			.inlining = inlining,
			.directory = directory,
			.key = declaration_key(directory, inlining->function),
		};
	}
	out->keys = array_grow(NULL, &capacity, out->count + 1, sizeof *out->keys);
	for (size_t i = 0; i < out->count; i++)
		out->keys[i] = out->all[i].key;
	declarations_sort_keys(out);
}

void
declarations_sort_keys(struct declarations *declarations)
{
	qsort(declarations->keys, declarations->count, sizeof *declarations->keys, compare_keys);
}

void
declarations_release(struct declarations *declarations)
{
	free(declarations->all);
	free(declarations->keys);
	*declarations = (struct declarations){0};
}

bool
declarations_have(const struct declarations *declarations, uint64_t key)
{
	return declarations->count && bsearch(&key, declarations->keys, declarations->count,
					      sizeof key, compare_keys) != NULL;
}

struct declaration *
declarations_at(const struct declarations *declarations, const char *file, int line)
{
	struct position at = {file, line + 1, 0};
	size_t low = 0, high = declarations->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (position_compare(&declarations->all[middle].inlining->at, &at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	struct declaration *found = &declarations->all[low - 1];
	return strcmp(found->inlining->at.file, file) == 0 ? found : NULL;
}

#include "src/declarations.h"

#include <stdlib.h>

#include "src/base/file.h"
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
	struct str directory = path_directory(file);

	return before && str_eq(str_of(before), directory) ? before : arena_str(arena, directory);
}

const char *
package_name_in(const struct snapshot *snapshot, const char *directory)
{
	for (size_t i = 0; i < snapshot->package_count; i++) {
		const struct package *package = &snapshot->packages[i];
		if (package->directory && strcmp(package->directory, directory) == 0)
			return package->name;
	}
	return NULL;
}

const char *
declared_name(const struct snapshot *snapshot, const char *package, const char *directory,
	const char *name, const char *function)
{
	size_t n = name ? strlen(name) : 0;

	if (n == 0 || strncmp(function, name, n) != 0 || function[n] != '.')
		return function;
	const struct package *printed_in = snapshot_package(snapshot, package);
	bool at_home = printed_in && printed_in->directory &&
		       strcmp(printed_in->directory, directory) == 0;
	return at_home ? function : function + n + 1;
}

/* Snapshots are sorted by position: so are declarations, and the instances of one are next to each
 * other. */
void
declarations_collect(struct declarations *out, const struct snapshot *snapshot, struct arena *arena)
{
	const char *directory = NULL, *name = NULL;
	struct position last = {0};

	*out = (struct declarations){0};
	for (size_t i = 0; i < snapshot->inlining_count; i++) {
		const struct inlining *inlining = &snapshot->inlinings[i];
		if (!inlining->declaration || !inlining->at.file ||
			position_compare(&inlining->at, &last) == 0)
			continue;
		last = inlining->at;
		const char *before = directory;
		directory = directory_of_file(inlining->at.file, before, arena);
		if (directory != before)
			name = package_name_in(snapshot, directory);
		const char *function = declared_name(
			snapshot, inlining->package, directory, name, inlining->function);
		out->all = array_grow(out->all, &out->capacity, out->count + 1, sizeof *out->all);
		out->all[out->count++] = (struct declaration){
			.inlining = inlining,
			.directory = directory,
			.function = function,
			.key = declaration_key(directory, function),
		};
	}
	for (size_t i = 0; i < out->count; i++) {
		const struct declaration *declaration = &out->all[i];
		index_add(&out->by_key, declaration->key, declaration);
		index_add(&out->by_directory, declaration_key(declaration->directory, NULL),
			declaration);
	}
	index_sort(&out->by_key);
	index_sort(&out->by_directory);
}

void
declarations_release(struct declarations *declarations)
{
	free(declarations->all);
	index_release(&declarations->by_key);
	index_release(&declarations->by_directory);
	*declarations = (struct declarations){0};
}

bool
declarations_have(const struct declarations *declarations, uint64_t key)
{
	return index_has(&declarations->by_key, index_find(&declarations->by_key, key), key);
}

bool
declarations_in(const struct declarations *declarations, uint64_t directory)
{
	const struct index *index = &declarations->by_directory;

	return index_has(index, index_find(index, directory), directory);
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

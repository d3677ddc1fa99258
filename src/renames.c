#include "src/renames_internal.h"

#include <stdlib.h>

#include "src/base/cleanup.h"

static void
search_release(struct renames_search *search)
{
	declarations_release(&search->base);
	declarations_release(&search->head);
}

void
renames_release(struct renames *renames)
{
	free(renames->directories);
	free(renames->names);
	free(renames->functions);
	free(renames->emptied);
	*renames = (struct renames){0};
}

int
renames_compare(const void *one, const void *two)
{
	const struct renamed *a = one, *b = two;

	return (a->key > b->key) - (a->key < b->key);
}

static const struct renamed *
find(const struct renamed *all, size_t count, uint64_t key)
{
	struct renamed wanted = {.key = key};

	return count ? bsearch(&wanted, all, count, sizeof *all, renames_compare) : NULL;
}

const char *
renames_directory(const struct renames *renames, const char *directory)
{
	const struct renamed *found = find(
		renames->directories, renames->directory_count, declaration_key(directory, NULL));

	return found ? found->directory : directory;
}

void
renames_apply(const struct renames *renames, const char **directory, const char **function)
{
	const struct renamed *found = find(renames->functions, renames->function_count,
		declaration_key(*directory, *function));

	if (found)
		*function = found->function;
	*directory = found ? found->directory : renames_directory(renames, *directory);
}

bool
renames_apply_emptied(const struct renames *renames, const char **directory, const char **function)
{
	const struct renamed *found = find(
		renames->emptied, renames->emptied_count, declaration_key(*directory, *function));

	if (found) {
		*directory = found->directory;
		*function = found->function;
	}
	return found != NULL;
}

static void
read_text(struct declaration *declaration, const struct source_file *file)
{
	int line = declaration->inlining->at.line;
	struct str text = source_from(file, line);
	size_t n = tokens_function(&declaration->text, text);

	if (n == 0)
		return;
	declaration->lines = 1;
	for (size_t i = 0; i < n; i++)
		declaration->lines += text.p[i] == '\n';
}

void
renames_read_texts(struct renames_search *search, struct declarations *of, declaration_is_fn wanted)
{
	bool base = of == &search->base;

	for (size_t i = 0; i < of->count; i++) {
		struct declaration *declaration = &of->all[i];
		const char *file = declaration->inlining->at.file;
		if (!wanted(declaration) || declaration->lines ||
			!line_map_differs(search->map, file, base))
			continue;
		read_text(declaration, source_file(search->source, base, file));
	}
}

static const struct package *
package_in(const struct snapshot *snapshot, const char *directory)
{
	for (size_t i = 0; i < snapshot->package_count; i++) {
		const struct package *package = &snapshot->packages[i];
		if (package->name && package->directory &&
			strcmp(package->directory, directory) == 0)
			return package;
	}
	return NULL;
}

const char *
renames_package(
	const struct renames *renames, const struct comparison *comparison, const char *import_path)
{
	const struct package *was = snapshot_package(comparison->base_snapshot, import_path);
	const struct package *is = was && was->directory
					   ? package_in(comparison->head_snapshot,
						     renames_directory(renames, was->directory))
					   : NULL;

	return is ? is->import_path : import_path;
}

/* Of two packages with one name, of which one was renamed, the other may be meant. */
static bool
is_ambiguous(const struct renames *out, const char *base, const char *head)
{
	for (size_t i = 0; i < out->name_count; i++)
		if (strcmp(out->names[i].base, base) == 0)
			return strcmp(out->names[i].head, head) != 0;
	return false;
}

static void
find_names(struct renames_search *search)
{
	struct renames *out = search->out;
	const struct snapshot *base = search->comparison->base_snapshot;

	for (size_t i = 0; i < base->package_count; i++) {
		const struct package *was = &base->packages[i];
		if (!was->name || !was->directory)
			continue;
		const struct package *is = package_in(
			search->comparison->head_snapshot, renames_directory(out, was->directory));
		if (!is || strcmp(is->name, was->name) == 0 ||
			is_ambiguous(out, was->name, is->name))
			continue;
		out->names = array_grow(
			out->names, &out->name_capacity, out->name_count + 1, sizeof *out->names);
		out->names[out->name_count++] = (struct package_name){was->name, is->name};
	}
}

void
renames_find(struct renames *out, struct comparison *comparison, const struct line_map *map)
{
	CLEANUP(search_release)
	struct renames_search search = {
		.out = out, .comparison = comparison, .map = map, .source = comparison->source};

	*out = (struct renames){0};
	if (map->file_count == 0)
		return;
	declarations_collect(&search.base, comparison->base_snapshot, &comparison->arena);
	declarations_collect(&search.head, comparison->head_snapshot, &comparison->arena);
	renames_find_directories(&search);
	find_names(&search);
	renames_find_functions(&search);
}

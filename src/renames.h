/* What has another name in the head: directories, packages, functions. */
#pragma once

#include "src/comparison.h"
#include "src/expression.h"
#include "src/linemap.h"

/* A function, or all of a directory. */
struct renamed {
	uint64_t key; /* of the directory and the function in the base */
	const char *directory, *function;
};

struct renames {
	struct renamed *directories; /* by key; `function` is NULL */
	size_t directory_count, directory_capacity;
	struct package_name *names;
	size_t name_count, name_capacity;
	struct renamed *functions; /* by key */
	size_t function_count, function_capacity;
	struct renamed *emptied; /* functions that are still there, but most of whose lines are in
				    another; by key, which is that of the head */
	size_t emptied_count, emptied_capacity;
};

/*
 * Derive them. A directory is another where its files have gone there, it has no code any more, and
 * the other had none. A function is another where it is not in the head, the other was not in the
 * base, and their texts are the same but for names, or most of its lines are in the other. Only
 * files that differ are read, from comparison->source. Strings are borrowed from the comparison and
 * the map, or in the comparison's arena.
 */
void renames_find(struct renames *out, struct comparison *comparison, const struct line_map *map);
void renames_release(struct renames *renames);

/* Put a place of the base in the terms of the head. */
void renames_apply(const struct renames *renames, const char **directory, const char **function);

/* The import path, in the head, of a package of the base. */
const char *renames_package(const struct renames *renames, const struct comparison *comparison,
	const char *import_path);

/* The function that most lines of one, in the terms of the head, have gone to, though there is
 * still one of that name. False where there is none. */
bool renames_apply_emptied(
	const struct renames *renames, const char **directory, const char **function);

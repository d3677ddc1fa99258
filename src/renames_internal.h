/* What the files of the search for renames share. */
#pragma once

#include "src/declarations.h"
#include "src/renames.h"

/* Both sides while renames are looked for. */
struct renames_search {
	struct renames *out;
	struct comparison *comparison;
	const struct line_map *map;
	struct source *source; /* NULL: no text is known */
	struct declarations base, head;
};

/* The order of renamed places: by key. */
int renames_compare(const void *one, const void *two);

/* The directory of the base as it is in the head. */
const char *renames_directory(const struct renames *renames, const char *directory);

typedef bool (*declaration_is_fn)(const struct declaration *declaration);

/* Read the texts of the functions that are so, in files that differ. */
void renames_read_texts(
	struct renames_search *search, struct declarations *of, declaration_is_fn wanted);

/* Fill in the directories; the functions, once the directories are known. */
void renames_find_directories(struct renames_search *search);
void renames_find_functions(struct renames_search *search);

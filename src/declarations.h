/* Where the functions of a snapshot are. */
#pragma once

#include <stdint.h>

#include "src/snapshot.h"
#include "src/source.h"
#include "src/tokens.h"

struct declaration {
	const struct inlining *inlining;
	const char *directory; /* of its file */
	uint64_t key;          /* of directory and function */
	struct function_text text;
	int lines; /* how many it has; 0 where the text is not known */
	bool paired;
};

struct declarations {
	struct declaration *all; /* by file and line */
	size_t count, capacity;
	uint64_t *keys; /* sorted */
};

/* Those in files of the repository. Directories in the arena. */
void declarations_collect(
	struct declarations *out, const struct snapshot *snapshot, struct arena *arena);
void declarations_release(struct declarations *declarations);

/* The key of a function in a directory. */
uint64_t declaration_key(const char *directory, const char *function);

void declarations_sort_keys(struct declarations *declarations);
bool declarations_have(const struct declarations *declarations, uint64_t key);

/* The last one that begins at the position's line or above it in the same file, or NULL. */
struct declaration *declarations_at(
	const struct declarations *declarations, const char *file, int line);

/* The directory of a file: "" is the root. In the arena; `before` itself where it is the same. */
const char *directory_of_file(const char *file, const char *before, struct arena *arena);

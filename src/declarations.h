/* Where the functions of a snapshot are. */
#pragma once

#include <stdint.h>

#include "src/base/index.h"
#include "src/snapshot.h"
#include "src/source.h"
#include "src/tokens.h"

struct declaration {
	const struct inlining *inlining;
	const char *directory; /* of its file */
	const char *function;  /* without the name of its package */
	uint64_t key;          /* of directory and function */
	struct function_text text;
	int lines;     /* how many it has; 0 where the text is not known */
	bool kept;     /* there is one of that name on the other side */
	bool paired;   /* there is a counterpart on the other side */
	bool homeless; /* the other side has no such directory */
	bool voted;    /* for the directory that its own has become */
};

struct declarations {
	struct declaration *all; /* by file and line */
	size_t count, capacity;
	struct index by_key;
	struct index by_directory; /* by the key of no function in it */
};

/* Those in files of the repository. Directories in the arena. */
void declarations_collect(
	struct declarations *out, const struct snapshot *snapshot, struct arena *arena);
void declarations_release(struct declarations *declarations);

/* The key of a function in a directory. */
uint64_t declaration_key(const char *directory, const char *function);

bool declarations_have(const struct declarations *declarations, uint64_t key);

/* Whether there is one in the directory, whose key is that of no function. */
bool declarations_in(const struct declarations *declarations, uint64_t directory);

/* The last one that begins at the position's line or above it in the same file, or NULL. */
struct declaration *declarations_at(
	const struct declarations *declarations, const char *file, int line);

/*
 * Generic functions are printed by the packages that use them, with the name of their own in
 * front: "list.New" for New. Here both are New. `package` is where it was printed, `name` that of
 * the package in the directory, NULL where it is not known.
 */
const char *declared_name(const struct snapshot *snapshot, const char *package,
	const char *directory, const char *name, const char *function);

/* The name of the package in the directory; NULL where it is not known. */
const char *package_name_in(const struct snapshot *snapshot, const char *directory);

/* The directory of a file: "" is the root. In the arena; `before` itself where it is the same. */
const char *directory_of_file(const char *file, const char *before, struct arena *arena);

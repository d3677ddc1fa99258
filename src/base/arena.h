/* Memory that is released all at once: everything that belongs to one snapshot or one comparison.
 */
#pragma once

#include <stddef.h>

#include "src/base/str.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
};

/* Zeroed memory, aligned for any type, that lives until arena_release(). Aborts when there is none.
 */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc));

/* Copies, NUL-terminated. NULL gives NULL. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_str(struct arena *arena, struct str text);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A copy of count elements of the given size; NULL when count is 0. */
void *arena_copy(struct arena *arena, const void *from, size_t count, size_t size);

/* Frees everything; the arena is empty and can be used again. */
void arena_release(struct arena *arena);

/* An array of *capacity elements grown so that it holds at least `need`; aborts when there is no
 * memory. The array is the caller's, freed with free(). */
void *array_grow(void *array, size_t *capacity, size_t need, size_t size);

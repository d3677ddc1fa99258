#include "src/base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)64 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	max_align_t data[];
};

static void
out_of_memory(void)
{
	fputs("heapwarden: out of memory\n", stderr);
	abort();
}

static struct arena_block *
block_new(struct arena *arena, size_t size)
{
	struct arena_block *block = calloc(1, sizeof *block + size);

	if (!block)
		out_of_memory();
	block->size = size;
	/* A block made for one large object goes behind the current one, which still has room. */
	if (arena->blocks && size > BLOCK_SIZE) {
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	} else {
		block->next = arena->blocks;
		arena->blocks = block;
	}
	return block;
}

static void *
alloc_aligned(struct arena *arena, size_t size, size_t align)
{
	struct arena_block *block = arena->blocks;
	size_t at = block ? (block->used + align - 1) / align * align : 0;

	if (!block || at > block->size || block->size - at < size) {
		block = block_new(arena, size > BLOCK_SIZE ? size : BLOCK_SIZE);
		at = 0;
	}
	block->used = at + size;
	return (char *)block->data + at;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	return alloc_aligned(arena, size, _Alignof(max_align_t));
}

char *
arena_str(struct arena *arena, struct str text)
{
	char *copy = alloc_aligned(arena, text.n + 1, 1);

	if (text.n)
		memcpy(copy, text.p, text.n);
	return copy;
}

char *
arena_strdup(struct arena *arena, const char *text)
{
	return text ? arena_str(arena, str_of(text)) : NULL;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0)
		out_of_memory();
	char *text = alloc_aligned(arena, (size_t)n + 1, 1);
	vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	return text;
}

void *
arena_copy(struct arena *arena, const void *from, size_t count, size_t size)
{
	if (count == 0)
		return NULL;
	void *copy = arena_alloc(arena, count * size);
	memcpy(copy, from, count * size);
	return copy;
}

void
arena_release(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	while (block) {
		struct arena_block *next = block->next;
		free(block);
		block = next;
	}
	arena->blocks = NULL;
}

void *
array_grow(void *array, size_t *capacity, size_t need, size_t size)
{
	if (need <= *capacity)
		return array;
	size_t grown = *capacity ? *capacity : 16;
	while (grown < need)
		grown *= 2;
	array = realloc(array, grown * size);
	if (!array)
		out_of_memory();
	*capacity = grown;
	return array;
}

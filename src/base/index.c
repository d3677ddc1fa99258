#include "src/base/index.h"

#include <stdlib.h>

#include "src/base/arena.h"
#include "src/base/hash.h"

uint64_t
index_key(const char *one, const char *two)
{
	return hash_bytes(str_of(two ? two : ""), hash_bytes(str_of(one ? one : ""), 0));
}

void
index_add(struct index *index, uint64_t key, const void *of)
{
	index->entries = array_grow(
		index->entries, &index->capacity, index->count + 1, sizeof *index->entries);
	index->entries[index->count++] = (struct index_entry){key, (void *)(uintptr_t)of};
}

static int
compare_entries(const void *one, const void *two)
{
	const struct index_entry *a = one, *b = two;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return ((const char *)a->of > (const char *)b->of) -
	       ((const char *)a->of < (const char *)b->of);
}

void
index_sort(struct index *index)
{
	if (index->count > 1)
		qsort(index->entries, index->count, sizeof *index->entries, compare_entries);
}

const struct index_entry *
index_find(const struct index *index, uint64_t key)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (index->entries[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return index->count ? index->entries + low : NULL;
}

bool
index_has(const struct index *index, const struct index_entry *entry, uint64_t key)
{
	return index->count && entry < index->entries + index->count && entry->key == key;
}

size_t
index_run(const struct index *index, size_t from)
{
	size_t to = from;

	while (to < index->count && index->entries[to].key == index->entries[from].key)
		to++;
	return to - from;
}

void
index_release(struct index *index)
{
	free(index->entries);
	*index = (struct index){0};
}

/* Things that are looked up by a hash, of which several may have the same one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct index_entry {
	uint64_t key;
	void *of; /* what was added as const is const */
};

/* {0} is empty. */
struct index {
	struct index_entry *entries;
	size_t count, capacity;
};

/* The hash of two texts, where one ends included; NULL counts as an empty one. */
uint64_t index_key(const char *one, const char *two);

void index_add(struct index *index, uint64_t key, const void *of);

/* Call once after all were added. Equal keys are in the order of the addresses that they are of. */
void index_sort(struct index *index);

/* The first entry with that key, to be looked at with index_has() before all else, and those after
 * it as long as that is true. */
const struct index_entry *index_find(const struct index *index, uint64_t key);
bool index_has(const struct index *index, const struct index_entry *entry, uint64_t key);

/* How many from the entry of that number on have the same key. */
size_t index_run(const struct index *index, size_t from);

void index_release(struct index *index);

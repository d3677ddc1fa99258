#include "src/base/intern.h"

#include <stdlib.h>

#include "src/base/hash.h"

#define FIRST_CAPACITY 256

static uint32_t
hash_of(struct str text)
{
	return (uint32_t)hash_bytes(text, 0);
}

/* The slot of the text, or the free one where it belongs: linear probing. */
static struct intern_slot *
probe(const struct intern *table, struct str text, uint32_t hash)
{
	for (size_t at = hash & (table->capacity - 1);; at = (at + 1) & (table->capacity - 1)) {
		struct intern_slot *slot = &table->slots[at];
		if (!slot->text || (slot->hash == hash &&
					   str_eq((struct str){slot->text, slot->length}, text)))
			return slot;
	}
}

/* At most half of the slots are taken. */
static void
grow(struct intern *table)
{
	struct intern bigger = {.arena = table->arena, .count = table->count};
	size_t wanted = table->capacity ? table->capacity * 2 : FIRST_CAPACITY;

	bigger.slots = array_grow(NULL, &bigger.capacity, wanted, sizeof *bigger.slots);
	memset(bigger.slots, 0, bigger.capacity * sizeof *bigger.slots);
	for (size_t i = 0; i < table->capacity; i++) {
		const struct intern_slot *slot = &table->slots[i];
		if (slot->text)
			*probe(&bigger, (struct str){slot->text, slot->length}, slot->hash) = *slot;
	}
	free(table->slots);
	*table = bigger;
}

static struct intern_slot *
find(struct intern *table, struct str text)
{
	uint32_t hash = hash_of(text);

	if (2 * table->count >= table->capacity)
		grow(table);
	struct intern_slot *slot = probe(table, text, hash);
	if (!slot->text) {
		*slot = (struct intern_slot){
			hash, (uint32_t)text.n, arena_str(table->arena, text), NULL};
		table->count++;
	}
	return slot;
}

const char *
intern(struct intern *table, struct str text)
{
	return find(table, text)->text;
}

const void **
intern_value(struct intern *table, struct str text)
{
	return &find(table, text)->value;
}

const char *
intern_find(const struct intern *table, struct str text)
{
	return table->count ? probe(table, text, hash_of(text))->text : NULL;
}

const void *
intern_value_find(const struct intern *table, struct str text)
{
	return table->count ? probe(table, text, hash_of(text))->value : NULL;
}

void
intern_clear(struct intern *table)
{
	if (table->count)
		memset(table->slots, 0, table->capacity * sizeof *table->slots);
	table->count = 0;
}

void
intern_release(struct intern *table)
{
	free(table->slots);
	*table = (struct intern){0};
}

/* Strings that are kept once each, however often they come. */
#pragma once

#include <stdint.h>

#include "src/base/arena.h"

struct intern_slot {
	uint32_t hash, length;
	const char *text; /* NULL: free */
	const void *value;
};

/* {0} with its arena set is empty. */
struct intern {
	struct arena *arena; /* where the strings are; must outlive the table */
	struct intern_slot *slots;
	size_t count, capacity;
};

/* The one copy of the text, NUL-terminated, in the arena. */
const char *intern(struct intern *table, struct str text);

/* Where a value that belongs to the text is kept, NULL at first; valid until the table is used
 * again. */
const void **intern_value(struct intern *table, struct str text);

/* The one copy of the text, or NULL where it is not in the table. */
const char *intern_find(const struct intern *table, struct str text);

/* The value that belongs to the text, or NULL. */
const void *intern_value_find(const struct intern *table, struct str text);

/* Forget the strings, and keep the table's memory. */
void intern_clear(struct intern *table);
void intern_release(struct intern *table);

#include "src/excerpt_hash.h"

#include <stdlib.h>

#include "src/base/utf8.h"

#define WINDOW 100
#define FACTOR 37
#define END_OF_TEXT 65535

/* The last units, and which of them begin lines that have no hash yet. */
struct rolling {
	struct line_hashes *out;
	uint64_t hash, leaving; /* `leaving` is FACTOR to the power of WINDOW */
	uint32_t units[WINDOW];
	bool starts[WINDOW];
	size_t at;
	bool line_start, after_return;
};

/* The line whose first unit is about to leave the window is complete. */
static void
finish_line(struct rolling *rolling)
{
	struct line_hashes *out = rolling->out;

	if (!rolling->starts[rolling->at])
		return;
	rolling->starts[rolling->at] = false;
	out->lines = array_grow(out->lines, &out->capacity, out->count + 1, sizeof *out->lines);
	out->lines[out->count++] = rolling->hash;
}

static void
push(struct rolling *rolling, uint32_t unit)
{
	uint64_t old = rolling->units[rolling->at];

	rolling->hash = rolling->hash * FACTOR + unit - rolling->leaving * old;
	rolling->units[rolling->at] = unit;
	rolling->at = (rolling->at + 1) % WINDOW;
}

static void
take(struct rolling *rolling, uint32_t unit)
{
	bool second_of_two = rolling->after_return && unit == '\n';

	rolling->after_return = false;
	if (unit == ' ' || unit == '\t' || second_of_two)
		return;
	rolling->after_return = unit == '\r';
	if (unit == '\r')
		unit = '\n';
	finish_line(rolling);
	rolling->starts[rolling->at] = rolling->line_start;
	rolling->line_start = unit == '\n';
	push(rolling, unit);
}

void
line_hashes_init(struct line_hashes *hashes, struct str text)
{
	struct rolling rolling = {.out = hashes, .leaving = 1, .line_start = true};

	*hashes = (struct line_hashes){0};
	for (int i = 0; i < WINDOW; i++)
		rolling.leaving *= FACTOR;
	while (text.n) {
		int32_t point = utf8_next(&text);
		uint32_t unit = point < 0 ? 0xFFFD : (uint32_t)point;
		if (unit > 0xFFFF) {
			take(&rolling, 0xD7C0 + (unit >> 10));
			unit = 0xDC00 + (unit & 0x3FF);
		}
		take(&rolling, unit);
	}
	take(&rolling, END_OF_TEXT);
	for (int i = 0; i < WINDOW; i++) {
		finish_line(&rolling);
		push(&rolling, 0);
	}
}

const char *
line_hashes_name(const struct line_hashes *hashes, int line, struct arena *arena)
{
	size_t nth = 0, last = (size_t)line;

	if (line < 1 || last > hashes->count)
		return NULL;
	uint64_t hash = hashes->lines[last - 1];
	for (size_t i = 0; i < last; i++)
		nth += hashes->lines[i] == hash;
	return arena_printf(arena, "%llx:%zu", (unsigned long long)hash, nth);
}

void
line_hashes_release(struct line_hashes *hashes)
{
	free(hashes->lines);
	*hashes = (struct line_hashes){0};
}

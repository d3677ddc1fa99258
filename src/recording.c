#include "src/recording.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/zstd.h"

/* Of a finished recording NULL where there is none. */
static struct recorded_unit *
unit_of(struct recording *recording, const char *package)
{
	bool finished = recording->count && !recording->index.slots;

	if (finished)
		return recording_unit(recording, package);
	recording->index.arena = &recording->arena;
	const void **number = intern_value(&recording->index, str_of(package));

	if (!*number) {
		recording->units = array_grow(recording->units, &recording->capacity,
			recording->count + 1, sizeof *recording->units);
		recording->units[recording->count++] = (struct recorded_unit){
			.package = arena_strdup(&recording->arena, package),
			.is_read = true,
			.mentions = "",
		};
		*number = (const void *)(uintptr_t)recording->count;
	}
	return &recording->units[(uintptr_t)*number - 1];
}

/* The unit that was added to is complete, as far as is known. */
static void
close_unit(struct recording *recording)
{
	if (recording->open == 0)
		return;
	struct recorded_unit *unit = &recording->units[recording->open - 1];
	unit->id = hash_content(buf_str(&unit->text));
	unit->size = unit->text.n;
	zstd_pack(&unit->frame, buf_str(&unit->text));
	buf_release(&unit->text);
	recording->open = 0;
}

/* One that was closed goes on: a package is compiled more than once for some tests and profiles. */
static void
open_unit(struct recording *recording, struct recorded_unit *unit)
{
	struct err err;

	close_unit(recording);
	/* It was packed here. */
	if (unit->frame.n && zstd_unpack(&unit->text, buf_str(&unit->frame), unit->size, &err) != 0)
		abort();
	buf_release(&unit->frame);
	recording->open = (size_t)(unit - recording->units) + 1;
}

struct recorded_unit *
recording_add(struct recording *recording, const char *package, struct str text)
{
	struct recorded_unit *unit = unit_of(recording, package);

	if (recording->open != (size_t)(unit - recording->units) + 1)
		open_unit(recording, unit);
	buf_add(&unit->text, text);
	buf_add_char(&unit->text, '\n');
	return unit;
}

void
recording_mention(struct recording *recording, const char *package, const char *word)
{
	CLEANUP(buf_release) struct buf key = {0};
	struct recorded_unit *unit = unit_of(recording, package);

	if (!unit)
		return;
	buf_printf(&key, "%s\n%s", package, word);
	recording->mentioned.arena = &recording->arena;
	const void **known = intern_value(&recording->mentioned, buf_str(&key));
	if (!*known)
		unit->mentions = arena_printf(&recording->arena, "%s%s\n", unit->mentions, word);
	*known = "";
}

void
recording_adopt(struct recording *recording, const struct recorded_unit *unit)
{
	if (intern_value_find(&recording->index, str_of(unit->package)))
		return;
	struct recorded_unit *mine = unit_of(recording, unit->package);
	*mine = (struct recorded_unit){
		.package = mine->package,
		.id = unit->id,
		.size = unit->size,
		.mentions = arena_strdup(&recording->arena, unit->mentions),
		.escapes = unit->escapes,
		.summary_lines = unit->summary_lines,
	};
	buf_add(&mine->frame, buf_str(&unit->frame));
}

static int
compare_units(const void *one, const void *two)
{
	const struct recorded_unit *a = one, *b = two;

	return strcmp(a->package, b->package);
}

void
recording_finish(struct recording *recording)
{
	close_unit(recording);
	if (recording->count)
		qsort(recording->units, recording->count, sizeof *recording->units, compare_units);
	intern_release(&recording->index);
	intern_release(&recording->mentioned);
}

struct recorded_unit *
recording_unit(const struct recording *recording, const char *package)
{
	const struct recorded_unit key = {.package = package};

	return recording->count ? bsearch(&key, recording->units, recording->count, sizeof key,
					  compare_units)
				: NULL;
}

bool
recording_is_whole(const struct recording *recording)
{
	for (size_t i = 0; i < recording->list.count; i++) {
		const struct package *package = &recording->list.packages[i];
		if (package->error && !package->absent)
			return false;
	}
	return recording->list.count > 0;
}

bool
recording_is_to_be_read(const struct recording *recording)
{
	for (size_t i = 0; i < recording->count; i++)
		if (!recording->units[i].is_read && !recording->units[i].is_equal)
			return true;
	return false;
}

bool
recording_needs_store(const struct recording *recording)
{
	for (size_t i = 0; i < recording->count; i++) {
		const struct recorded_unit *unit = &recording->units[i];
		if (!unit->is_read && !unit->is_equal && unit->frame.n == 0)
			return true;
	}
	return false;
}

bool
recording_is_all_read(const struct recording *recording)
{
	for (size_t i = 0; i < recording->count; i++)
		if (!recording->units[i].is_read)
			return false;
	return true;
}

void
recording_forget_counts(struct recording *recording)
{
	for (size_t i = 0; i < recording->count; i++) {
		struct recorded_unit *unit = &recording->units[i];
		unit->escapes = unit->summary_lines = 0;
		unit->mentions = "";
	}
	recording->is_counted = recording->lacks_sites = false;
}

void
recording_forget_units(struct recording *recording)
{
	for (size_t i = 0; i < recording->count; i++) {
		buf_release(&recording->units[i].text);
		buf_release(&recording->units[i].frame);
	}
	recording->count = recording->open = 0;
	intern_release(&recording->index);
	intern_release(&recording->mentioned);
}

void
recording_begin_anew(struct recording *recording)
{
	recording_forget_units(recording);
	free(recording->units);
	*recording = (struct recording){.arena = recording->arena};
}

void
recording_release(struct recording *recording)
{
	recording_forget_units(recording);
	free(recording->units);
	arena_release(&recording->arena);
	*recording = (struct recording){0};
}

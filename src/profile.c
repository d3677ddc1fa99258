#include "src/profile.h"

#include <stdlib.h>

#include "parsers/function.h"
#include "src/base/cleanup.h"

/* What is counted of a function. */
struct entry {
	uint64_t sum;
	size_t seen; /* the number of the sample that was counted last: a recursive function is on
			its stack more than once */
};

/* A place of the program: the functions that were inlined there, and the one that it is in. */
struct location {
	size_t first, count; /* of the frames */
};

struct reading {
	struct profile *profile;
	struct entry **frames;
	size_t frame_count, frame_capacity;
	struct location *locations; /* by their numbers */
	size_t location_count, location_capacity;
	size_t columns, column; /* how many values a sample has, and which of them counts */
	size_t sample;
};

static void
reading_release(struct reading *reading)
{
	free(reading->frames);
	free(reading->locations);
}

/* ---- functions ---- */

/* The import path in front of the symbol: up to the first dot behind its last slash. */
static struct str
package_of(struct str symbol)
{
	size_t start = 0, end = 0;

	for (; end < symbol.n && symbol.p[end] != '[' && symbol.p[end] != '('; end++)
		if (symbol.p[end] == '/')
			start = end + 1;
	for (end = start; end < symbol.n; end++)
		if (symbol.p[end] == '.')
			return (struct str){symbol.p, end};
	return (struct str){symbol.p, 0};
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The linker writes dots in the last element, and odd bytes, as "%2e". */
static void
unescape(struct buf *out, struct str path)
{
	for (size_t i = 0; i < path.n; i++) {
		int high = path.p[i] == '%' && i + 2 < path.n ? hex_digit(path.p[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(path.p[i + 2]) : -1;
		if (low < 0) {
			buf_add_char(out, path.p[i]);
			continue;
		}
		buf_add_char(out, (char)(high * 16 + low));
		i += 2;
	}
}

static struct entry *
entry_of(struct profile *profile, struct str package, const char *function)
{
	CLEANUP(buf_release) struct buf key = {0};

	buf_printf(&key, "%.*s %s", STR_ARG(package), function);
	const void **value = intern_value(&profile->functions, buf_str(&key));
	if (!*value)
		*value = arena_alloc(&profile->arena, sizeof(struct entry));
	/* The table hands out what was put in. */
	return (struct entry *)(uintptr_t)*value;
}

static void
add_frame(struct reading *reading, struct entry *entry)
{
	reading->frames = array_grow(reading->frames, &reading->frame_capacity,
		reading->frame_count + 1, sizeof(struct entry *));
	reading->frames[reading->frame_count++] = entry;
}

/* "PATH.(*T).Get.func1 FILE:LINE:COLUMN s=LINE"; spaces are in brackets alone. */
static struct str
symbol_of(struct str frame)
{
	int depth = 0;

	for (size_t i = 0; i < frame.n; i++) {
		depth += frame.p[i] == '[';
		depth -= frame.p[i] == ']';
		if (frame.p[i] == ' ' && depth <= 0)
			return (struct str){frame.p, i};
	}
	return frame;
}

/* A literal can have been copied into another function with the one that it is in: it counts for
 * whatever it may be of. */
static void
take_frame(struct reading *reading, struct str frame)
{
	struct profile *profile = reading->profile;
	CLEANUP(arena_release) struct arena names = {0};
	CLEANUP(buf_release) struct buf path = {0};
	struct str symbol = symbol_of(frame), escaped = package_of(symbol);

	if (escaped.n == 0)
		return;
	unescape(&path, escaped);
	struct str package = buf_str(&path), name = str_from(symbol, escaped.n + 1);
	const char *function = function_normalise(name, &names);
	const char *other = function_foreign(name, &names);
	intern(&profile->packages, package);
	add_frame(reading, entry_of(profile, package, function));
	if (strcmp(function, other) != 0)
		add_frame(reading, entry_of(profile, package, other));
}

/* ---- places ---- */

/* The word at the front; *rest is what follows it. */
static struct str
next_word(struct str *rest)
{
	struct str word = str_unindented(*rest);
	size_t n = 0;

	while (n < word.n && word.p[n] != ' ')
		n++;
	*rest = str_from(word, n);
	return (struct str){word.p, n};
}

static int
open_location(struct reading *reading, int number, struct err *err)
{
	size_t index = (size_t)number;

	/* They are numbered from 1 on; a number far off would be a table of any size. */
	if (number < 1 || index > reading->location_count + 1000)
		return err_set(err, ERR_FAILED, "it has a place of the number %d", number);
	reading->locations = array_grow(reading->locations, &reading->location_capacity, index + 1,
		sizeof *reading->locations);
	for (; reading->location_count <= index; reading->location_count++)
		reading->locations[reading->location_count] = (struct location){0};
	reading->locations[index].first = reading->frame_count;
	return 0;
}

/* "    34: 0x4b1f0d M=1 FRAME" begins a place, *number; a line below it, "             FRAME", is
 * of the same one. The frame is what is left. */
static struct str
frame_of(int *number, struct str line)
{
	struct str rest = line, word = next_word(&rest);
	int begun = word.n && word.p[word.n - 1] == ':' ? str_int((struct str){word.p, word.n - 1})
							: -1;

	if (begun < 0)
		return str_unindented(line);
	*number = begun;
	next_word(&rest);
	for (struct str behind = rest;;) {
		word = next_word(&behind);
		if (!str_starts(word, STR("M=")) && !str_eq(word, STR("[F]")))
			return str_unindented(rest);
		rest = behind;
	}
}

static int
take_locations(struct reading *reading, struct str text, struct err *err)
{
	struct str line;
	int open = 0;

	while (str_next(&line, &text, '\n') && !str_eq(line, STR("Mappings"))) {
		int number = open;
		struct str frame = frame_of(&number, line);
		if (number != open && open_location(reading, number, err) != 0)
			return -1;
		open = number;
		if (!open)
			continue;
		take_frame(reading, frame);
		reading->locations[open].count =
			reading->frame_count - reading->locations[open].first;
	}
	return 0;
}

/* ---- samples ---- */

/* "alloc_objects/count alloc_space/bytes[dflt] inuse_objects/count inuse_space/bytes". */
static int
take_columns(struct reading *reading, struct str line, struct err *err)
{
	struct profile *profile = reading->profile;
	struct str word, rest = line, name = {0};

	for (word = next_word(&rest); word.n; word = next_word(&rest)) {
		const char *slash = memchr(word.p, '/', word.n);
		if (!slash)
			return err_set(err, ERR_FAILED, "it has no line with what was measured");
		if (!str_eq(name, STR("alloc_space"))) {
			name = (struct str){word.p, (size_t)(slash - word.p)};
			reading->column = reading->columns;
		}
		reading->columns++;
	}
	if (reading->columns == 0)
		return err_set(err, ERR_FAILED, "it has no line with what was measured");
	profile->measure = arena_str(&profile->arena, name);
	return 0;
}

/* A number, which may be larger than an int. False where it is none; one below zero, of the
 * difference of two profiles, is 0. */
static bool
value_of(uint64_t *value, struct str word)
{
	bool negative = str_starts(word, STR("-"));

	word = str_from(word, negative);
	*value = 0;
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] < '0' || word.p[i] > '9')
			return false;
		*value = *value * 10 + (uint64_t)(word.p[i] - '0');
	}
	if (negative)
		*value = 0;
	return word.n > 0 && word.n < 20;
}

static void
count_location(struct reading *reading, int number, uint64_t value)
{
	if (number < 1 || (size_t)number >= reading->location_count)
		return;
	const struct location *location = &reading->locations[number];
	for (size_t i = 0; i < location->count; i++) {
		struct entry *entry = reading->frames[location->first + i];
		if (entry->seen != reading->sample)
			entry->sum += value;
		entry->seen = reading->sample;
	}
}

static bool
is_stack(struct str stack)
{
	for (struct str word = next_word(&stack); word.n; word = next_word(&stack))
		if (str_int(word) < 0)
			return false;
	return true;
}

/* "          4        578          0          0: 36 31 29 18 ": the values, and the places of the
 * stack. What is of another form is a label of the sample above. */
static void
take_sample(struct reading *reading, struct str line)
{
	const char *colon = memchr(line.p, ':', line.n);
	uint64_t value, counted = 0;
	size_t columns = 0;

	if (!colon)
		return;
	struct str values = {line.p, (size_t)(colon - line.p)}, word;
	struct str stack = str_from(line, values.n + 1);
	for (word = next_word(&values); word.n; word = next_word(&values), columns++) {
		if (!value_of(&value, word))
			return;
		if (columns == reading->column)
			counted = value;
	}
	if (columns != reading->columns || !is_stack(stack))
		return;
	reading->sample++;
	reading->profile->total += counted;
	for (word = next_word(&stack); word.n; word = next_word(&stack))
		count_location(reading, str_int(word), counted);
}

/* The text below the line that is the heading; empty where there is none. */
static struct str
section(struct str text, struct str heading)
{
	struct str line;

	while (str_next(&line, &text, '\n'))
		if (str_eq(line, heading))
			return text;
	return (struct str){"", 0};
}

int
profile_read(struct profile *out, struct str text, struct err *err)
{
	struct str samples = section(text, STR("Samples:")), line;
	struct str locations = section(samples, STR("Locations"));

	*out = (struct profile){0};
	CLEANUP(reading_release) struct reading reading = {.profile = out};
	out->packages.arena = out->functions.arena = &out->arena;
	if (!str_next(&line, &samples, '\n'))
		return err_set(err, ERR_FAILED, "go tool pprof prints no samples of it");
	if (take_columns(&reading, line, err) != 0 || take_locations(&reading, locations, err) != 0)
		return -1;
	while (str_next(&line, &samples, '\n') && !str_eq(line, STR("Locations")))
		take_sample(&reading, line);
	return 0;
}

bool
profile_knows(const struct profile *profile, const char *package)
{
	return intern_find(&profile->packages, str_of(package));
}

int
profile_share(const struct profile *profile, const char *package, const char *function)
{
	CLEANUP(buf_release) struct buf key = {0};

	buf_printf(&key, "%s %s", package, function);
	const struct entry *entry = intern_value_find(&profile->functions, buf_str(&key));
	if (!entry)
		return -1;
	return profile->total ? (int)((double)entry->sum / (double)profile->total * 100000) : 0;
}

void
profile_release(struct profile *profile)
{
	intern_release(&profile->packages);
	intern_release(&profile->functions);
	arena_release(&profile->arena);
	*profile = (struct profile){0};
}

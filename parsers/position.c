#include "parsers/position.h"

#include <ctype.h>

/* Longer than any path: a position that is not found by then is none. It bounds the search in lines
 * that were made to be slow. */
#define POSITION_LIMIT 8192

static const struct str no_position = {"<unknown line number>", 21};

/* Digits at text.p[*at], moved over. -1 where there are none or too many. */
static int
number(struct str text, size_t *at)
{
	size_t from = *at;

	while (*at < text.n && text.p[*at] >= '0' && text.p[*at] <= '9')
		++*at;
	return str_int((struct str){text.p + from, *at - from});
}

/* Whether ":LINE" or ":LINE:COLUMN" stands at text.p[at]; then it is read, and *end is where it
 * ends. */
static bool
numbers(struct located *out, struct str text, size_t at, size_t *end)
{
	*end = at + 1;
	out->line = number(text, end);
	out->column = 0;
	if (out->line < 0)
		return false;
	size_t next = *end + 1;
	if (*end < text.n && text.p[*end] == ':') {
		int column = number(text, &next);
		if (column >= 0) {
			out->column = column;
			*end = next;
		}
	}
	return true;
}

/* How a position is to be read. */
struct reading {
	const struct odd_names *odd; /* may be NULL */
	bool alone;                  /* it ends with the text, else before ": " */
};

static bool
ends_at(struct str text, size_t at, bool alone)
{
	if (alone)
		return at == text.n;
	return at + 1 < text.n && text.p[at] == ':' && text.p[at + 1] == ' ';
}

/* "file:line:column" that is all of the text, read from its end. */
static bool
whole_position(struct located *out, struct str text)
{
	int numbers[2] = {0, 0}, count = 0;

	while (count < 2) {
		size_t digits = 0;
		while (digits < text.n && isdigit((unsigned char)text.p[text.n - 1 - digits]))
			digits++;
		int number = str_int((struct str){text.p + text.n - digits, digits});
		if (number < 0 || digits == text.n || text.p[text.n - 1 - digits] != ':')
			break;
		numbers[count++] = number;
		text.n -= digits + 1;
	}
	*out = (struct located){.file = text,
		.line = count == 2 ? numbers[1] : numbers[0],
		.column = count == 2 ? numbers[0] : 0,
		.said = {"", 0},
		.rest = {"", 0}};
	return count > 0;
}

/* With -L, "[file:line:column]" behind a position that a //line directive gave: the place in the
 * file that was compiled. *end is the place behind the position and is moved behind the bracket. */
static void
compiled_position(struct located *out, struct str text, size_t *end)
{
	struct located inner;

	if (*end >= text.n || text.p[*end] != '[')
		return;
	size_t most = text.n - *end < POSITION_LIMIT ? text.n : *end + POSITION_LIMIT;
	for (size_t close = *end + 1; close < most; close++) {
		const char *bracket = memchr(text.p + close, ']', most - close);
		if (!bracket)
			return;
		close = (size_t)(bracket - text.p);
		if (!whole_position(&inner, (struct str){text.p + *end + 1, close - *end - 1}))
			continue;
		/* What cgo makes of a file is not there to be read: the directive is cgo's own, and
		 * right. Up to Go 1.26 the go command takes this bracket out itself. */
		if (!str_ends(inner.file, STR(".cgo1.go"))) {
			inner.said = (struct str){text.p, *end};
			*out = inner;
		}
		*end = close + 1;
		return;
	}
}

/* Read the position whose file name ends at `at`. */
static bool
position_at(struct located *out, struct str text, size_t at, const struct reading *how)
{
	size_t end;

	if (!numbers(out, text, at, &end))
		return false;
	out->file = (struct str){text.p, at};
	out->said = (struct str){"", 0};
	compiled_position(out, text, &end);
	/* Go 1.19 prints no name at all for "//line :50". */
	if (at == 0 && out->said.n == 0)
		return false;
	if (!ends_at(text, end, how->alone))
		return false;
	out->rest = str_from(text, end + 2);
	return true;
}

/* Where the first odd name in the text ends, if it stands where a base name does; else 0. Of those
 * that begin there it is the longest. */
static size_t
odd_name_end(struct str text, const struct odd_names *odd)
{
	size_t first = text.n, end = 0;

	for (size_t i = 0; i < odd->count; i++) {
		struct str name = str_of(odd->names[i]);
		const char *found = memmem(text.p, text.n, name.p, name.n);
		if (!found || (found > text.p && found[-1] != '/'))
			continue;
		size_t at = (size_t)(found - text.p);
		if (at < first || (at == first && at + name.n > end)) {
			first = at;
			end = at + name.n;
		}
	}
	return end;
}

static bool
split_unknown(struct located *out, struct str text, bool alone)
{
	*out = (struct located){.file = no_position, .rest = str_from(text, no_position.n + 2)};
	if (alone)
		return text.n == no_position.n;
	return text.n > no_position.n + 1 && text.p[no_position.n] == ':';
}

/* The first position whose name ends at `from` or behind it. */
static bool
first_position(
	struct located *out, struct str text, size_t from, size_t to, const struct reading *how)
{
	for (size_t at = from; at < to; at++) {
		const char *colon = memchr(text.p + at, ':', to - at);
		if (!colon)
			return false;
		at = (size_t)(colon - text.p);
		if (position_at(out, text, at, how))
			return true;
	}
	return false;
}

/* Where the first "]: " is; 0 where there is none. */
static size_t
bracket_end(struct str text)
{
	for (size_t at = 1; at + 2 < text.n; at++) {
		const char *close = memchr(text.p + at, ']', text.n - 2 - at);
		if (!close)
			return 0;
		at = (size_t)(close - text.p);
		if (close[1] == ':' && close[2] == ' ')
			return at;
	}
	return 0;
}

/* A //line directive may name a file that reads like a whole message: the position in brackets
 * tells where that name ends, unless what it stands in is a literal. */
static void
prefer_compiled(struct located *out, struct str text, const struct reading *how)
{
	size_t most = text.n < POSITION_LIMIT ? text.n : POSITION_LIMIT;
	size_t close = bracket_end((struct str){text.p, most});
	struct located other;

	if (!close || how->alone || out->said.n)
		return;
	struct str before = {text.p, close};
	for (size_t i = 0; i < before.n; i++)
		if (memchr("\"'`", before.p[i], 3))
			return;
	for (size_t at = out->file.n + 1; first_position(&other, text, at, before.n, how);
		at = other.said.n ? before.n : other.file.n + 1)
		if (other.said.n)
			*out = other;
}

static bool
split(struct located *out, struct str text, const struct reading *how)
{
	size_t most = text.n < POSITION_LIMIT ? text.n : POSITION_LIMIT;

	if (str_starts(text, no_position))
		return split_unknown(out, text, how->alone);
	size_t at = how->odd && how->odd->count ? odd_name_end((struct str){text.p, most}, how->odd)
						: 0;
	if (at && at < text.n && position_at(out, text, at, how))
		return true;
	/* No other name goes over the end of a line. */
	const char *newline = memchr(text.p, '\n', most);
	if (newline)
		most = (size_t)(newline - text.p);
	if (!first_position(out, text, 0, most, how))
		return false;
	prefer_compiled(out, text, how);
	return true;
}

bool
located_split(struct located *out, struct str text, const struct odd_names *odd)
{
	return split(out, text, &(struct reading){.odd = odd});
}

bool
located_parse(struct located *out, struct str text, const struct odd_names *odd)
{
	return split(out, text, &(struct reading){.odd = odd, .alone = true});
}

size_t
located_odd_name(struct str text, const struct odd_names *odd)
{
	size_t longest = 0;

	for (size_t i = 0; i < odd->count; i++) {
		struct str name = str_of(odd->names[i]);
		if (name.n > longest && str_starts(text, name))
			longest = name.n;
	}
	return longest;
}

bool
located_is_broken(struct str text, const struct odd_names *odd)
{
	for (size_t i = 0; odd && i < odd->count; i++) {
		struct str rest = str_of(odd->names[i]), head, name = rest;
		while (str_next(&head, &rest, '\n') && rest.n) {
			struct str before = {name.p, (size_t)(head.p - name.p) + head.n};
			if (!str_ends(text, before))
				continue;
			size_t start = text.n - before.n;
			if (start == 0 || text.p[start - 1] == '/' || text.p[start - 1] == ' ')
				return true;
		}
	}
	return false;
}

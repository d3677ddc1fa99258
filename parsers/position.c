#include "parsers/position.h"

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

static bool
split(struct located *out, struct str text, bool alone)
{
	if (str_starts(text, no_position)) {
		bool whole = text.n == no_position.n;
		bool message = text.n > no_position.n + 1 && text.p[no_position.n] == ':';
		*out = (struct located){.file = no_position};
		out->rest = str_from(text, no_position.n + 2);
		return alone ? whole : message;
	}
	for (size_t at = 1; at < text.n; at++) {
		size_t end;
		const char *colon = memchr(text.p + at, ':', text.n - at);
		if (!colon)
			return false;
		at = (size_t)(colon - text.p);
		if (!numbers(out, text, at, &end))
			continue;
		out->file = (struct str){text.p, at};
		out->rest = str_from(text, end + 2);
		if (alone ? end == text.n
			  : end + 1 < text.n && text.p[end] == ':' && text.p[end + 1] == ' ')
			return true;
	}
	return false;
}

bool
located_split(struct located *out, struct str text)
{
	return split(out, text, false);
}

bool
located_parse(struct located *out, struct str text)
{
	return split(out, text, true);
}

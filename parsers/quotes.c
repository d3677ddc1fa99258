#include "parsers/quotes.h"

#include "src/tokens.h"

/* A rune literal is short; what is between two apostrophes further apart is none, but belongs to
 * the name of a file, say, as a quote that is not closed does. */
static size_t
rune_length(struct str text)
{
	static const size_t longest = sizeof "'\\U0010ffff'" - 1;

	if (text.n > longest)
		text.n = longest;
	return token_string_length(text);
}

bool
quotes_scan(bool open, struct str line, const struct odd_names *odd)
{
	bool strings = true; /* until one is not closed: then no later one is looked for */

	while (line.n) {
		size_t step = open ? 0 : located_odd_name(line, odd);
		if (step > 0) {
			line = str_from(line, step);
			continue;
		}
		step = 1;
		if (open || line.p[0] == '`') {
			const char *quote = memchr(line.p, '`', line.n);
			if (!quote)
				return open;
			step = (size_t)(quote - line.p) + 1;
			open = !open;
		} else if (line.p[0] == '"' && strings) {
			step = token_string_length(line);
			strings = step > 1;
		} else if (line.p[0] == '\'') {
			step = rune_length(line);
		}
		line = str_from(line, step);
	}
	return open;
}

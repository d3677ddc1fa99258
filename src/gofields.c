#include "src/gofields.h"

static unsigned char
hex_digit(char c)
{
	return (unsigned char)(c <= '9' ? c - '0' : c - 'A' + 10);
}

char *
gofields_decode(struct arena *arena, struct str text)
{
	char *out = arena_str(arena, text);
	char *end = out;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '+')
			c = ' ';
		if (c == '%' && i + 2 < text.n) {
			c = (char)(hex_digit(text.p[i + 1]) * 16U + hex_digit(text.p[i + 2]));
			i += 2;
		}
		*end++ = c;
	}
	*end = '\0';
	return out;
}

struct str
gofields_next(struct str *line)
{
	struct str field = {"", 0};

	str_next(&field, line, '\t');
	return field;
}

#include "report/terminal.h"

#include <ctype.h>

#include "src/base/cleanup.h"
#include "src/base/utf8.h"

static void
add_visible(struct buf *out, int32_t point)
{
	buf_printf(out,
		point < 0x100     ? "\\x%02x"
		: point < 0x10000 ? "\\u%04x"
				  : "\\U%08x",
		(unsigned)point);
}

static bool
is_command(struct str rest)
{
	return str_starts(rest, STR("##[")) || str_starts(rest, STR("##vso[")) ||
	       str_starts(rest, STR("##teamcity["));
}

/* How many bytes at the front are printable ASCII, which is shown as it is; "#" may begin a
 * command. */
static size_t
harmless_length(struct str text)
{
	size_t n = 0;

	while (n < text.n && text.p[n] >= ' ' && text.p[n] < 0x7f && text.p[n] != '#')
		n++;
	return n;
}

void
terminal_add(struct buf *out, struct str text)
{
	while (text.n) {
		size_t harmless = harmless_length(text);
		if (harmless) {
			buf_add(out, (struct str){text.p, harmless});
			text = str_from(text, harmless);
			continue;
		}
		bool command = is_command(text);
		int32_t point = utf8_next(&text);
		if (point < 0)
			point = 0xFFFD;
		if (utf8_is_unsafe(point) || point == '\n') {
			add_visible(out, point);
			continue;
		}
		utf8_add(out, point);
		if (command)
			utf8_add(out, 0x200B);
	}
}

void
terminal_text(FILE *out, struct str text)
{
	CLEANUP(buf_release) struct buf safe = {0};

	terminal_add(&safe, text);
	fwrite(buf_str(&safe).p, 1, safe.n, out);
}

void
terminal_lines(FILE *out, struct str text)
{
	struct str line;

	while (str_next(&line, &text, '\n')) {
		terminal_text(out, line);
		putc('\n', out);
	}
}

void
terminal_style(FILE *out, bool colour, enum style style)
{
	static const char *const codes[] = {
		[STYLE_PLAIN] = "\033[0m",
		[STYLE_BAD] = "\033[1;31m",
		[STYLE_GOOD] = "\033[1;32m",
		[STYLE_WEAK] = "\033[2m",
		[STYLE_STRONG] = "\033[1m",
		[STYLE_PLACE] = "\033[1;34m",
	};

	if (colour)
		fputs(codes[style], out);
}

static bool
is_operand(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || memchr("_.*&[]", c, 6);
}

/* The index behind the bracket that closes the one at `at`, or the end of the line. */
static size_t
closing(struct str line, size_t at)
{
	int depth = 0;

	for (; at < line.n; at++) {
		depth += memchr("([{", line.p[at], 3) != NULL;
		depth -= memchr(")]}", line.p[at], 3) != NULL;
		if (depth == 0)
			return at + 1;
	}
	return line.n;
}

void
terminal_span(struct str line, int column, size_t *from, size_t *to)
{
	size_t at = column > 0 ? (size_t)column - 1 : 0;

	*from = at < line.n ? at : line.n;
	*to = *from + 1;
	if (at >= line.n)
		return;
	size_t end = at;
	while (end < line.n && is_operand(line.p[end]))
		end++;
	if (end < line.n && (line.p[end] == '(' || line.p[end] == '{')) {
		while (*from > 0 && end == at && is_operand(line.p[*from - 1]))
			--*from;
		end = closing(line, end);
	}
	if (end > at)
		*to = end;
}

void
terminal_indent(FILE *out, struct str line, size_t to)
{
	struct str rest = {line.p, to < line.n ? to : line.n};

	while (rest.n) {
		bool tab = rest.p[0] == '\t';
		int32_t point = utf8_next(&rest);
		for (int i = tab ? 1 : utf8_width(point < 0 ? 0xFFFD : point); i > 0; i--)
			putc(tab ? '\t' : ' ', out);
	}
}

size_t
terminal_width(struct str line, size_t from, size_t to)
{
	struct str rest = {line.p + from, (to < line.n ? to : line.n) - from};
	size_t width = 0;

	while (rest.n) {
		int32_t point = utf8_next(&rest);
		width += (size_t)utf8_width(point < 0 ? 0xFFFD : point);
	}
	return width ? width : 1;
}

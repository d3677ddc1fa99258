#include "report/markdown_text.h"

#include "report/finding_text.h"
#include "report/terminal.h"
#include "src/base/cleanup.h"
#include "src/base/utf8.h"

/* Longer names and expressions make a page unreadable. */
#define LONGEST_CODE 500
#define LONGEST_LINE 1000
#define LONGEST_WORDS 500

/* What formats within a line. What does so only at its head cannot be there: words have some of
 * ours before them. */
#define PUNCTUATION "\\`*_{}[]<>#!|~&@$^="

static void
add_safe(struct buf *out, struct str outside, size_t most)
{
	CLEANUP(buf_release) struct buf safe = {0};

	terminal_add(&safe, outside);
	cut_text(out, buf_str(&safe), most);
}

static size_t
longest_run(struct str text, char c)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < text.n; i++) {
		run = text.p[i] == c ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

static void
add_times(struct buf *out, char c, size_t times)
{
	for (; times > 0; times--)
		buf_add_char(out, c);
}

/* CommonMark 6.1: the fence is longer than any within; a blank at both ends is taken away. */
void
markdown_code(struct buf *out, struct str outside)
{
	CLEANUP(buf_release) struct buf safe = {0};

	add_safe(&safe, outside, LONGEST_CODE);
	struct str text = safe.n ? buf_str(&safe) : STR("-");
	size_t fence = longest_run(text, '`') + 1;
	bool pad = text.p[0] == '`' || text.p[0] == ' ' || text.p[text.n - 1] == '`' ||
		   text.p[text.n - 1] == ' ';
	add_times(out, '`', fence);
	if (pad)
		buf_add_char(out, ' ');
	buf_add(out, text);
	if (pad)
		buf_add_char(out, ' ');
	add_times(out, '`', fence);
}

/* What begins a mention, a reference or an address: "@name", "#1", "!1", "&1", "%1", "~1", "$1",
 * "://", "www.". */
static bool
is_reference(struct str text, size_t at)
{
	struct str rest = str_from(text, at);

	if (memchr("@#!&%~$", text.p[at], 7) || str_starts(rest, STR("://")))
		return true;
	return text.p[at] == '.' && at >= 3 && strncasecmp(text.p + at - 3, "www", 3) == 0;
}

void
markdown_words(struct buf *out, struct str outside)
{
	CLEANUP(buf_release) struct buf safe = {0};

	add_safe(&safe, outside, LONGEST_WORDS);
	for (size_t i = 0; i < safe.n; i++) {
		if (strchr(PUNCTUATION, safe.p[i]))
			buf_add_char(out, '\\');
		buf_add_char(out, safe.p[i]);
		if (is_reference(buf_str(&safe), i))
			utf8_add(out, 0x200B);
	}
}

void
markdown_block(struct buf *out, struct str outside, const char *language, int indent)
{
	size_t fence = longest_run(outside, '`') + 1;
	struct str rest = outside, line;

	fence = fence < 3 ? 3 : fence;
	buf_printf(out, "%*s", indent, "");
	add_times(out, '`', fence);
	buf_printf(out, "%s\n", language);
	while (str_next(&line, &rest, '\n')) {
		if (str_ends(line, STR("\r")))
			line.n--;
		buf_printf(out, "%*s", indent, "");
		add_safe(out, line, LONGEST_LINE);
		buf_add_char(out, '\n');
	}
	buf_printf(out, "%*s", indent, "");
	add_times(out, '`', fence);
	buf_add_char(out, '\n');
}

void
markdown_html_code(struct buf *out, struct str outside)
{
	CLEANUP(buf_release) struct buf safe = {0};

	add_safe(&safe, outside, LONGEST_CODE);
	buf_add(out, STR("<code>"));
	for (size_t i = 0; i < safe.n; i++) {
		if (memchr("&<>\"'`\\*_[]{}@#|$~!", safe.p[i], 19))
			buf_printf(out, "&#%d;", safe.p[i]);
		else
			buf_add_char(out, safe.p[i]);
	}
	buf_add(out, STR("</code>"));
}

/* Text in flight: a slice of bytes that belongs to somebody else; and a buffer that grows. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Bytes from outside, not NUL-terminated, valid until the callback that hands them over returns. */
struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})

/* For printf: "%.*s". */
#define STR_ARG(s) (int)(s).n, (s).p

static inline struct str
str_of(const char *text)
{
	return (struct str){text, text ? strlen(text) : 0};
}

static inline bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
str_starts(struct str s, struct str with)
{
	return with.n == 0 || (s.n >= with.n && memcmp(s.p, with.p, with.n) == 0);
}

static inline bool
str_ends(struct str s, struct str with)
{
	return with.n == 0 || (s.n >= with.n && memcmp(s.p + s.n - with.n, with.p, with.n) == 0);
}

/* The slice from byte `from` on; empty when the text is shorter. */
static inline struct str
str_from(struct str s, size_t from)
{
	return from < s.n ? (struct str){s.p + from, s.n - from} : (struct str){s.p + s.n, 0};
}

/* The text without the blanks and tabs at its front. */
static inline struct str
str_unindented(struct str s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_from(s, 1);
	return s;
}

/* The text up to the separator, which is taken away together with it; *rest is what follows.
 * False when nothing was left: for (struct str part; str_next(&part, &rest, '\t');) … */
bool str_next(struct str *part, struct str *rest, char separator);

/* The number that the whole text writes in decimal, or -1 when it is none or too large for an int.
 */
int str_int(struct str s);

/* A growing sequence of bytes, always followed by a NUL that n does not count. {0} is empty; p may
 * then be NULL. */
struct buf {
	char *p;
	size_t n, capacity;
};

void buf_add(struct buf *buf, struct str text);
void buf_add_char(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* buf_add() as what is called with each piece of a text: `buf` is a struct buf. */
void buf_take(struct str piece, void *buf);

static inline struct str
buf_str(const struct buf *buf)
{
	return (struct str){buf->p ? buf->p : "", buf->n};
}

/* Empties the buffer and keeps its memory. */
static inline void
buf_clear(struct buf *buf)
{
	buf->n = 0;
}

void buf_release(struct buf *buf);

#include "src/base/str.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "src/base/arena.h"

bool
str_next(struct str *part, struct str *rest, char separator)
{
	if (rest->n == 0)
		return false;
	const char *end = memchr(rest->p, separator, rest->n);
	size_t n = end ? (size_t)(end - rest->p) : rest->n;

	*part = (struct str){rest->p, n};
	*rest = str_from(*rest, end ? n + 1 : n);
	return true;
}

int
str_int(struct str s)
{
	long long value = 0;

	if (s.n == 0 || s.n > 10)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		value = value * 10 + (s.p[i] - '0');
	}
	return value <= INT_MAX ? (int)value : -1;
}

void
buf_add(struct buf *buf, struct str text)
{
	buf->p = array_grow(buf->p, &buf->capacity, buf->n + text.n + 1, 1);
	if (text.n)
		memcpy(buf->p + buf->n, text.p, text.n);
	buf->n += text.n;
	buf->p[buf->n] = '\0';
}

void
buf_take(struct str piece, void *buf)
{
	buf_add(buf, piece);
}

void
buf_add_char(struct buf *buf, char c)
{
	buf_add(buf, (struct str){&c, 1});
}

void
buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n > 0) {
		buf->p = array_grow(buf->p, &buf->capacity, buf->n + (size_t)n + 1, 1);
		vsnprintf(buf->p + buf->n, (size_t)n + 1, format, again);
		buf->n += (size_t)n;
	}
	va_end(again);
}

void
buf_release(struct buf *buf)
{
	free(buf->p);
	*buf = (struct buf){0};
}

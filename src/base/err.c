#include "src/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
err_set(struct err *err, enum err_code code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	err->code = code;
	vsnprintf(err->msg, sizeof err->msg, format, args);
	va_end(args);
	return -1;
}

int
err_errno(struct err *err, const char *format, ...)
{
	int number = errno;
	va_list args;

	va_start(args, format);
	vsnprintf(err->msg, sizeof err->msg, format, args);
	va_end(args);
	size_t used = strlen(err->msg);
	snprintf(err->msg + used, sizeof err->msg - used, ": %s", strerror(number));
	err->code = number == ENOENT ? ERR_NOT_FOUND : ERR_FAILED;
	return -1;
}

int
err_wrap(struct err *err, const char *format, ...)
{
	char context[sizeof err->msg];
	va_list args;

	va_start(args, format);
	vsnprintf(context, sizeof context - 2, format, args);
	va_end(args);
	size_t n = strlen(context);
	memcpy(context + n, ": ", 3);
	n += 2;
	size_t keep = sizeof err->msg - 1 - n;
	size_t old = strlen(err->msg);
	if (old > keep)
		old = keep;
	memmove(err->msg + n, err->msg, old);
	memcpy(err->msg, context, n);
	err->msg[n + old] = '\0';
	return -1;
}

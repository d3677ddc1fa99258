/* The error value: what failed and why, filled where it happens, printed once in main. */
#pragma once

#include "src/base/cleanup.h"

enum err_code {
	ERR_NONE = 0,
	ERR_FAILED,
	ERR_NOT_FOUND,   /* what was asked for does not exist */
	ERR_EMPTY,       /* there are no packages of what was asked for */
	ERR_USAGE,       /* the command line or the configuration is wrong */
	ERR_DAMAGED,     /* what was kept is not what was written */
	ERR_INTERRUPTED, /* a signal asked us to end; interrupt_signal() tells which */
};

struct err {
	enum err_code code;
	char msg[2048];
};

/*
 * Fill *err with the formatted message. Always returns -1, so that failing is one line:
 *	return err_set(err, ERR_FAILED, "cannot open '%s'", path);
 * Messages start in lower case and end without a full stop. Text from outside is kept as it is.
 */
int err_set(struct err *err, enum err_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Like err_set() with ERR_FAILED (ERR_NOT_FOUND for ENOENT), followed by ": " and strerror(errno).
 */
int err_errno(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Put the formatted text and ": " in front of the message that *err holds. Returns -1. */
int err_wrap(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

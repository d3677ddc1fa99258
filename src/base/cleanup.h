/* Scope-bound cleanup: a local that owns something is declared together with how it is released. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Calls fn(&variable) when the variable goes out of scope. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* A function whose result must not be ignored. */
#define MUST_CHECK __attribute__((warn_unused_result))

static inline void
free_ptr(void *pp)
{
	free(*(void **)pp);
}

static inline void
close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* For files that are read; files that are written go through file_out (src/base/file.h). */
static inline void
close_file(FILE **fp)
{
	if (*fp)
		fclose(*fp);
}

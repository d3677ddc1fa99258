/* Files and directories: read whole, written so that nothing half written is ever seen. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "src/base/err.h"
#include "src/base/str.h"

/* Append the whole content of the file ("-" is standard input) to *out. */
MUST_CHECK int file_read(struct buf *out, const char *path, struct err *err);

/* Hand the content to the function piece by piece; the bytes are valid until it returns. */
MUST_CHECK int file_stream(
	const char *path, void (*take)(struct str bytes, void *ctx), void *ctx, struct err *err);

/* A document being written. {0} is closed. Declare it with CLEANUP(file_out_release). */
struct file_out {
	FILE *fp;
	char *path, *temporary; /* temporary is NULL where the target cannot be renamed over */
};

/*
 * Open for writing. A regular file (or one that does not exist) is written under a temporary name
 * beside it, which file_out_commit() renames; devices, pipes and sockets are written directly; "-"
 * is standard output.
 */
MUST_CHECK int file_out_open(struct file_out *out, const char *path, struct err *err);

/* Flush, check, close, rename. On failure nothing is left under `path` that was not there before.
 */
MUST_CHECK int file_out_commit(struct file_out *out, struct err *err);

/* Gives up what was not committed: the temporary file is removed. Harmless after a commit. */
void file_out_release(struct file_out *out);

/* Create the directory and its parents, readable by the owner alone where they are new. */
MUST_CHECK int dir_make(const char *path, struct err *err);

/* Create a new private directory `parent`/prefixXXXXXX, parents included; *path is the caller's,
 * freed with free(). */
MUST_CHECK int dir_make_temporary(
	char **path, const char *parent, const char *prefix, struct err *err);

/* Remove the directory with all that is in it; symbolic links are removed, not followed. What
 * cannot be removed stays, silently. */
void dir_remove(const char *path);

/* "a/b" from "a" and "b"; the caller frees it. An absolute second part stands alone, an empty one
 * gives the first. */
char *path_join(const char *directory, const char *name);

/* The directory of a file, by the path's text alone: "" where there is no slash, and for NULL.
 * Borrowed from the path. */
struct str path_directory(const char *path);

/* Whether a path can lead out of the directory that it is relative to: it is absolute, or has a
 * "..".
 */
bool path_leaves(const char *path);

bool path_exists(const char *path);

/* Files that may be compressed with zstd. */
#pragma once

#include "src/base/err.h"
#include "src/base/str.h"

/* As file_stream(): hand the content to the function piece by piece ("-" is standard input). What
 * begins like a zstd frame, whatever its name, is decompressed. Fails on a frame that is damaged or
 * cut off; what came before has been handed over by then. */
MUST_CHECK int zstd_stream(
	const char *path, void (*take)(struct str bytes, void *ctx), void *ctx, struct err *err);

/* Append the bytes as one frame. */
void zstd_pack(struct buf *out, struct str bytes);

/* Append what the frame holds, at most `limit` bytes. Fails on what is no whole frame. */
MUST_CHECK int zstd_unpack(struct buf *out, struct str frame, size_t limit, struct err *err);

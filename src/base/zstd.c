#include "src/base/zstd.h"

#include <stdlib.h>
#include <zstd.h>

#include "src/base/arena.h"
#include "src/base/cleanup.h"
#include "src/base/file.h"

struct stream {
	void (*take)(struct str bytes, void *ctx);
	void *ctx;
	struct buf beginning; /* until there is enough of it to tell */
	ZSTD_DCtx *context;   /* NULL: not compressed, or not known yet */
	bool plain;
	size_t more; /* what the frame still wants; 0 at its end; else an error */
	char *out;
	size_t room;
};

static void
stream_release(struct stream *stream)
{
	buf_release(&stream->beginning);
	ZSTD_freeDCtx(stream->context);
	free(stream->out);
}

static void
decompress(struct stream *stream, struct str bytes)
{
	ZSTD_inBuffer in = {bytes.p, bytes.n, 0};

	while (in.pos < in.size && !ZSTD_isError(stream->more)) {
		ZSTD_outBuffer out = {stream->out, stream->room, 0};
		stream->more = ZSTD_decompressStream(stream->context, &out, &in);
		if (out.pos)
			stream->take((struct str){stream->out, out.pos}, stream->ctx);
	}
}

static void
begin(struct stream *stream)
{
	static const struct str magic = {"\x28\xb5\x2f\xfd", 4};
	struct str beginning = buf_str(&stream->beginning);

	stream->plain = !str_starts(beginning, magic);
	if (stream->plain) {
		stream->take(beginning, stream->ctx);
		return;
	}
	stream->context = ZSTD_createDCtx();
	stream->out = array_grow(NULL, &stream->room, ZSTD_DStreamOutSize(), 1);
	decompress(stream, beginning);
}

static void
take(struct str bytes, void *ctx)
{
	struct stream *stream = ctx;

	if (stream->plain) {
		stream->take(bytes, stream->ctx);
	} else if (stream->context) {
		decompress(stream, bytes);
	} else {
		buf_add(&stream->beginning, bytes);
		if (stream->beginning.n >= 4)
			begin(stream);
	}
}

int
zstd_stream(
	const char *path, void (*on_bytes)(struct str bytes, void *ctx), void *ctx, struct err *err)
{
	CLEANUP(stream_release) struct stream stream = {.take = on_bytes, .ctx = ctx};

	if (file_stream(path, take, &stream, err) != 0)
		return -1;
	if (!stream.plain && !stream.context)
		begin(&stream);
	if (ZSTD_isError(stream.more))
		return err_set(err, ERR_FAILED, "cannot decompress '%s': %s", path,
			ZSTD_getErrorName(stream.more));
	if (stream.more)
		return err_set(err, ERR_FAILED, "cannot decompress '%s': it is cut off", path);
	return 0;
}

/* Text of the compiler shrinks to a thirtieth; higher levels win little more. */
#define LEVEL 3

void
zstd_pack(struct buf *out, struct str bytes)
{
	size_t room = ZSTD_compressBound(bytes.n);

	out->p = array_grow(out->p, &out->capacity, out->n + room + 1, 1);
	size_t n = ZSTD_compress(out->p + out->n, room, bytes.p, bytes.n, LEVEL);
	/* With that much room it fails for want of memory alone. */
	if (ZSTD_isError(n))
		abort();
	out->n += n;
	out->p[out->n] = '\0';
	/* Most of the room was not needed, and many of these are kept. */
	char *smaller = realloc(out->p, out->n + 1);
	if (smaller) {
		out->p = smaller;
		out->capacity = out->n + 1;
	}
}

int
zstd_unpack(struct buf *out, struct str frame, size_t limit, struct err *err)
{
	unsigned long long size = ZSTD_getFrameContentSize(frame.p, frame.n);

	if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > limit)
		return err_set(err, ERR_FAILED, "what should be compressed is damaged");
	out->p = array_grow(out->p, &out->capacity, out->n + (size_t)size + 1, 1);
	size_t n = ZSTD_decompress(out->p + out->n, (size_t)size, frame.p, frame.n);
	if (ZSTD_isError(n) || n != size)
		return err_set(err, ERR_FAILED, "what should be compressed is damaged: %s",
			ZSTD_isError(n) ? ZSTD_getErrorName(n) : "it is cut off");
	out->n += n;
	out->p[out->n] = '\0';
	return 0;
}

#include "src/sieve.h"

#include "src/base/cleanup.h"

/* What was taken out must be what is known of the package. */
static void
end_taken(struct sieve *sieve)
{
	if (!sieve->taken)
		return;
	struct content_id id = hash_content(buf_str(&sieve->text));
	sieve->differs = sieve->differs || strcmp(id.hex, sieve->taken->id.hex) != 0;
	sieve->taken = NULL;
	buf_clear(&sieve->text);
}

static const struct recorded_unit *
unit_to_take(const struct sieve *sieve, struct str header)
{
	CLEANUP(buf_release) struct buf package = {0};

	buf_add(&package, str_from(header, strlen("# ")));
	if (intern_find(sieve->affected, buf_str(&package)))
		return NULL;
	return recording_unit(sieve->known, package.p ? package.p : "");
}

/* A whole line, with its end. */
static void
take_line(struct sieve *sieve, struct str line)
{
	if (str_starts(line, STR("# "))) {
		end_taken(sieve);
		sieve->taken = unit_to_take(sieve, (struct str){line.p, line.n - 1});
	}
	if (sieve->taken)
		buf_add(&sieve->text, line);
	else
		sieve->pass(line, sieve->ctx);
}

void
sieve_feed(struct sieve *sieve, struct str bytes)
{
	while (bytes.n) {
		const char *end = memchr(bytes.p, '\n', bytes.n);
		size_t n = end ? (size_t)(end - bytes.p) + 1 : bytes.n;
		struct str line = {bytes.p, n};
		bytes = str_from(bytes, n);
		if (sieve->line.n || !end)
			buf_add(&sieve->line, line);
		if (!end)
			return;
		take_line(sieve, sieve->line.n ? buf_str(&sieve->line) : line);
		buf_clear(&sieve->line);
	}
}

void
sieve_finish(struct sieve *sieve)
{
	/* Units end with an end of line: one that has none is not what is known. */
	if (sieve->line.n && sieve->taken)
		sieve->differs = true;
	else if (sieve->line.n)
		sieve->pass(buf_str(&sieve->line), sieve->ctx);
	buf_clear(&sieve->line);
	end_taken(sieve);
}

void
sieve_release(struct sieve *sieve)
{
	buf_release(&sieve->line);
	buf_release(&sieve->text);
}

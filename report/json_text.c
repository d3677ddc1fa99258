#include "report/json_text.h"

#include <jansson.h>

#include "src/base/cleanup.h"
#include "src/base/utf8.h"

json_t *
json_text(const char *bytes)
{
	CLEANUP(buf_release) struct buf valid = {0};

	if (!bytes)
		return json_null();
	json_t *whole = json_string(bytes);
	if (whole)
		return whole;
	for (struct str rest = str_of(bytes); rest.n;) {
		int32_t point = utf8_next(&rest);
		utf8_add(&valid, point < 0 ? 0xFFFD : point);
	}
	return json_stringn(valid.p, valid.n);
}

/* The library hands over whole code points. */
static int
write_safely(const char *p, size_t n, void *out)
{
	struct str rest = {p, n};

	while (rest.n) {
		struct str before = rest;
		int32_t point = utf8_next(&rest);
		if (point < 0x7f || !utf8_is_unsafe(point))
			fwrite(before.p, 1, before.n - rest.n, out);
		else if (point > 0xffff)
			fprintf(out, "\\u%04x\\u%04x", 0xd7c0 + ((unsigned)point >> 10),
				0xdc00 + ((unsigned)point & 0x3ff));
		else
			fprintf(out, "\\u%04x", (unsigned)point);
	}
	return ferror((FILE *)out) ? -1 : 0;
}

int
json_text_dump(json_t *document, FILE *out, struct err *err)
{
	int result = json_dump_callback(
		document, write_safely, out, JSON_INDENT(2) | JSON_REAL_PRECISION(6));

	json_decref(document);
	if (result != 0 && !ferror(out))
		return err_set(err, ERR_FAILED, "cannot make the JSON document");
	putc('\n', out);
	return 0;
}

#include "report/xml.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

#include <libxml/xmlwriter.h>

#include "src/base/arena.h"
#include "src/base/utf8.h"

enum { DEPTH_MAX = 64 };

struct xml {
	FILE *out;
	enum xml_form form;
	xmlTextWriter *writer;
	bool failed;    /* libxml2 refused something */
	int file_error; /* errno of the first write that failed, or 0 */
	const char *open[DEPTH_MAX];
	size_t depth;
	struct buf formatted, clean; /* kept from call to call for their memory */
};

/* A failed write is noted here and not told to libxml2, which would print a message of its own. */
static int
write_bytes(void *ctx, const char *bytes, int n)
{
	struct xml *xml = ctx;

	errno = 0;
	if (xml->file_error == 0 && fwrite(bytes, 1, (size_t)n, xml->out) != (size_t)n)
		xml->file_error = errno ? errno : EIO;
	return n;
}

static int
leave_open(void *ctx)
{
	(void)ctx;
	return 0;
}

static const xmlChar *
chars(const char *text)
{
	return (const xmlChar *)text;
}

static void
check(struct xml *xml, int result)
{
	if (result < 0)
		xml->failed = true;
}

/* Code points that are assigned to nothing: discouraged in XML, an error in HTML. */
static bool
is_noncharacter(int32_t point)
{
	return (point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF);
}

static void
add_visible(struct buf *out, int32_t point)
{
	if (point < 0x100)
		buf_printf(out, "\\x%02x", (unsigned)point);
	else if (point < 0x10000)
		buf_printf(out, "\\u%04x", (unsigned)point);
	else
		buf_printf(out, "\\U%08x", (unsigned)point);
}

/* The gate: all text from outside passes here. */
static const char *
clean(struct xml *xml, struct str text)
{
	struct buf *out = &xml->clean;

	buf_clear(out);
	buf_add(out, STR(""));
	while (text.n > 0) {
		int32_t point = utf8_next(&text);
		if (point < 0)
			utf8_add(out, 0xFFFD);
		else if (utf8_is_unsafe(point) || is_noncharacter(point))
			add_visible(out, point);
		else
			utf8_add(out, point);
	}
	return out->p;
}

static __attribute__((format(printf, 2, 0))) const char *
format_text(struct xml *xml, const char *format, va_list args)
{
	va_list again;

	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0) {
		xml->failed = true;
		return "";
	}
	struct buf *out = &xml->formatted;
	out->p = array_grow(out->p, &out->capacity, (size_t)n + 1, 1);
	vsnprintf(out->p, (size_t)n + 1, format, args);
	return out->p;
}

static void
start_document(struct xml *xml)
{
	if (xml->form == XML_HTML) {
		xml_raw(xml, "<!DOCTYPE html>\n");
		return;
	}
	check(xml, xmlTextWriterSetIndent(xml->writer, 1));
	check(xml, xmlTextWriterSetIndentString(xml->writer, chars("  ")));
	check(xml, xmlTextWriterStartDocument(xml->writer, NULL, "UTF-8", NULL));
}

struct xml *
xml_new(FILE *out, enum xml_form form)
{
	struct xml *xml = calloc(1, sizeof *xml);

	if (!xml)
		abort();
	xml->out = out;
	xml->form = form;
	xmlOutputBuffer *sink = xmlOutputBufferCreateIO(write_bytes, leave_open, xml, NULL);
	xml->writer = sink ? xmlNewTextWriter(sink) : NULL;
	if (!xml->writer)
		abort();
	start_document(xml);
	return xml;
}

int
xml_finish(struct xml *xml, struct err *err)
{
	while (xml->depth > 0)
		xml_close(xml);
	if (xml->form == XML_DOCUMENT)
		check(xml, xmlTextWriterEndDocument(xml->writer));
	check(xml, xmlTextWriterFlush(xml->writer));
	if (xml->file_error == 0 && fflush(xml->out) != 0)
		xml->file_error = errno;
	if (xml->file_error != 0) {
		errno = xml->file_error;
		return err_errno(err, "cannot write the document");
	}
	if (xml->failed)
		return err_set(
			err, ERR_FAILED, "cannot write the document: libxml2 refused a part of it");
	return 0;
}

void
xml_free(struct xml *xml)
{
	if (!xml)
		return;
	xmlFreeTextWriter(xml->writer);
	buf_release(&xml->formatted);
	buf_release(&xml->clean);
	free(xml);
}

void
xml_cleanup(struct xml **xml)
{
	xml_free(*xml);
}

static bool
is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

/* https://html.spec.whatwg.org/#void-elements */
static bool
is_void(const char *name)
{
	static const char *const names[] = {"area", "base", "br", "col", "embed", "hr", "img",
		"input", "link", "meta", "source", "track", "wbr", NULL};

	return is_one_of(name, names);
}

/* Elements that stand within a line, where a line end would be white space to be seen. */
static bool
is_inline(const char *name)
{
	static const char *const names[] = {"a", "abbr", "b", "br", "code", "em", "i", "kbd",
		"mark", "small", "span", "strong", "time", "var", "wbr", NULL};

	return is_one_of(name, names);
}

void
xml_open(struct xml *xml, const char *name)
{
	assert(xml->depth < DEPTH_MAX);
	xml->open[xml->depth++] = name;
	if (!xml->failed)
		check(xml, xmlTextWriterStartElement(xml->writer, chars(name)));
}

void
xml_close(struct xml *xml)
{
	assert(xml->depth > 0);
	const char *name = xml->open[--xml->depth];

	if (xml->failed)
		return;
	if (xml->form == XML_DOCUMENT || is_void(name))
		check(xml, xmlTextWriterEndElement(xml->writer));
	else
		check(xml, xmlTextWriterFullEndElement(xml->writer));
	if (xml->form == XML_HTML && !is_inline(name))
		xml_raw(xml, "\n");
}

static void
write_attribute(struct xml *xml, const char *name, struct str value)
{
	const char *text = clean(xml, value);

	if (!xml->failed)
		check(xml, xmlTextWriterWriteAttribute(xml->writer, chars(name), chars(text)));
}

void
xml_attr(struct xml *xml, const char *name, const char *value)
{
	write_attribute(xml, name, str_of(value));
}

void
xml_attrf(struct xml *xml, const char *name, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *value = format_text(xml, format, args);
	va_end(args);
	write_attribute(xml, name, str_of(value));
}

void
xml_text_str(struct xml *xml, struct str text)
{
	if (text.n == 0)
		return;
	const char *valid = clean(xml, text);
	if (!xml->failed)
		check(xml, xmlTextWriterWriteString(xml->writer, chars(valid)));
}

void
xml_text(struct xml *xml, const char *text)
{
	xml_text_str(xml, str_of(text));
}

void
xml_textf(struct xml *xml, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *text = format_text(xml, format, args);
	va_end(args);
	xml_text(xml, text);
}

void
xml_element(struct xml *xml, const char *name, const char *class, const char *text)
{
	xml_open(xml, name);
	if (class)
		xml_attr(xml, "class", class);
	xml_text(xml, text);
	xml_close(xml);
}

void
xml_raw(struct xml *xml, const char *constant)
{
	if (!xml->failed)
		check(xml, xmlTextWriterWriteRaw(xml->writer, chars(constant)));
}

/* XML and HTML, written as a stream: elements, attributes, text. What libxml2 is used for. */
#pragma once

#include <stdio.h>

#include "src/base/err.h"
#include "src/base/str.h"

struct xml;

enum xml_form {
	XML_DOCUMENT, /* starts with the XML declaration; indented */
	XML_HTML, /* starts with the doctype; well-formed XML as well; no white space but what is
		     written and line ends behind blocks */
};

/*
 * Start a document on the stream, which stays the caller's. Aborts when there is no memory.
 *
 * Errors are sticky: once something failed the calls below do nothing, and xml_finish() tells. All
 * text from outside goes through one gate: bytes that are no UTF-8 become U+FFFD; what XML 1.0
 * forbids and what utf8_is_unsafe() names becomes a visible form ("\x1b", "\u202e"). Newline and
 * tab are kept; in attributes they are written as references, so that no reader turns them into
 * spaces.
 */
struct xml *xml_new(FILE *out, enum xml_form form);

/* Close what is open, flush, and check that all was written. */
MUST_CHECK int xml_finish(struct xml *xml, struct err *err);

void xml_free(struct xml *xml);
void xml_cleanup(struct xml **xml); /* for CLEANUP() */

/* Start an element. The name is a constant: it must live as long as the element is open. */
void xml_open(struct xml *xml, const char *name);

/* End the element that was started last: with an end tag where it has content, and in HTML always,
 * but for void elements (br, meta, …). */
void xml_close(struct xml *xml);

/* Attributes of the element just started, before any content. A value of NULL is written as an
 * empty one. */
void xml_attr(struct xml *xml, const char *name, const char *value);
void xml_attrf(struct xml *xml, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Text; NULL writes nothing. */
void xml_text(struct xml *xml, const char *text);
void xml_text_str(struct xml *xml, struct str text);
void xml_textf(struct xml *xml, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A whole element: with a class where that is not NULL, and with text. */
void xml_element(struct xml *xml, const char *name, const char *class, const char *text);

/* Written as it stands. For constants of ours only (a style sheet), never for anything from
 * outside. */
void xml_raw(struct xml *xml, const char *constant);

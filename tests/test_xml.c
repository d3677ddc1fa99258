#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/xml.h"
#include "tests/test.h"

/* What a document of one element holds between its tags. */
static void
write_text(struct buf *out, enum xml_form form, const char *text, const char *attribute)
{
	char *bytes = NULL;
	size_t n = 0;
	FILE *fp = open_memstream(&bytes, &n);
	struct err err;

	assert_non_null(fp);
	struct xml *xml = xml_new(fp, form);
	xml_open(xml, "p");
	if (attribute)
		xml_attr(xml, "a", attribute);
	xml_text(xml, text);
	assert_int_equal(xml_finish(xml, &err), 0);
	xml_free(xml);
	fclose(fp);
	buf_add(out, (struct str){bytes, n});
	free(bytes);
}

struct text_row {
	const char *name, *text, *expected;
};

static const struct text_row text_rows[] = {
	{"plain", "a b", "a b"},
	{"markup", "<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"},
	{"cdata end", "]]>", "]]&gt;"},
	{"newline and tab", "a\n\tb", "a\n\tb"},
	{"escape", "\x1b[31m", "\\x1b[31m"},
	{"c0", "\x01\x08\x0b\x0c\x1f", "\\x01\\x08\\x0b\\x0c\\x1f"},
	{"carriage return", "a\r\n", "a\\x0d\n"},
	{"delete and c1", "\x7f\xc2\x85", "\\x7f\\x85"},
	{"bidi", "\xe2\x80\xae", "\\u202e"},
	{"line separator", "\xe2\x80\xa8", "\\u2028"},
	{"byte order mark", "\xef\xbb\xbf", "\\ufeff"},
	{"noncharacters", "\xef\xbf\xbe\xef\xbf\xbf", "\\ufffe\\uffff"},
	{"noncharacter of plane 1", "\xf0\x9f\xbf\xbf", "\\U0001ffff"},
	{"tag character", "\xf3\xa0\x80\x81", "\\U000e0001"},
	{"no utf-8", "a\xff\xfe", "a\xef\xbf\xbd\xef\xbf\xbd"},
	{"overlong", "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
	{"surrogate", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	{"cut short", "\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},
	{"utf-8", "\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80", "\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80"},
	{"format", "%s%n", "%s%n"},
};

static void
test_text(void **state)
{
	const struct text_row *row = *state;
	CLEANUP(buf_release) struct buf out = {0}, expected = {0};

	write_text(&out, XML_HTML, row->text, NULL);
	buf_printf(&expected, "<!DOCTYPE html>\n<p>%s</p>\n", row->expected);
	assert_string_equal(out.p, expected.p);
}

static const struct text_row attribute_rows[] = {
	{"quotes", "a\"'b", "a&quot;'b"},
	{"markup", "<&>", "&lt;&amp;&gt;"},
	{"newline and tab", "a\n\tb", "a&#10;&#9;b"},
	{"control", "\x01", "\\x01"},
	{"no utf-8", "\xff", "\xef\xbf\xbd"},
};

static void
test_attribute(void **state)
{
	const struct text_row *row = *state;
	CLEANUP(buf_release) struct buf out = {0}, expected = {0};

	write_text(&out, XML_DOCUMENT, "", row->text);
	buf_printf(&expected, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<p a=\"%s\"/>\n",
		row->expected);
	assert_string_equal(out.p, expected.p);
}

static void
test_html_elements(void **state)
{
	char *bytes = NULL;
	size_t n = 0;
	FILE *fp = open_memstream(&bytes, &n);
	struct err err;

	(void)state;
	struct xml *xml = xml_new(fp, XML_HTML);
	xml_open(xml, "p");
	xml_attrf(xml, "class", "%s-%d", "x<", 1);
	xml_element(xml, "br", NULL, NULL);
	xml_element(xml, "b", "y", NULL);
	xml_textf(xml, "%s %zu", "\x1b", (size_t)7);
	xml_text(xml, NULL);
	xml_attr(xml, "late", "an attribute after content");
	assert_int_equal(xml_finish(xml, &err), -1);
	assert_int_equal(err.code, ERR_FAILED);
	xml_free(xml);
	fclose(fp);
	assert_non_null(strstr(bytes, "<p class=\"x&lt;-1\"><br/><b class=\"y\"></b>\\x1b 7"));
	free(bytes);
}

/* A full disk is found out at the end, at the latest, and told with the system's words. */
static void
test_write_error(void **state)
{
	FILE *fp = fopen("/dev/full", "w");
	struct err err;

	(void)state;
	assert_non_null(fp);
	struct xml *xml = xml_new(fp, XML_DOCUMENT);
	xml_open(xml, "p");
	for (int i = 0; i < 10000; i++)
		xml_text(xml, "more than any buffer holds ");
	assert_int_equal(xml_finish(xml, &err), -1);
	assert_non_null(strstr(err.msg, strerror(ENOSPC)));
	xml_free(xml);
	fclose(fp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_html_elements),
		cmocka_unit_test(test_write_error),
	};

	return RUN_TABLE("text", text_rows, test_text) +
	       RUN_TABLE("attribute", attribute_rows, test_attribute) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}

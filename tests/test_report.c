#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "src/base/file.h"
#include "tests/sample.h"
#include "tests/test.h"

#define SCHEMAS SOURCE_DIR "/../shared/schemas/"

/* A private directory, removed at the end. */
struct place {
	char path[64];
	struct sample sample;
};

static void
place_release(struct place *place)
{
	sample_release(&place->sample);
	dir_remove(place->path);
}

static void
place_init(struct place *place)
{
	*place = (struct place){.path = "/tmp/test_report.XXXXXX"};
	assert_non_null(mkdtemp(place->path));
}

/* The exit status of a command line. */
static int __attribute__((format(printf, 1, 2))) run(const char *format, ...)
{
	char line[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	fflush(stdout);
	int status = system(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
write_report(struct place *place, const char *format, const char *name, struct buf *out)
{
	const struct report_options options = {.max_details = 20};
	CLEANUP(free_ptr) char *path = path_join(place->path, name);
	struct err err = {0};

	if (report_comparison(
		    report_writer(format), &place->sample.comparison, &options, path, &err) != 0)
		fail_msg("%s", err.msg);
	assert_int_equal(file_read(out, path, &err), 0);
}

static size_t
count(const struct buf *text, const char *what)
{
	size_t n = 0;

	for (const char *at = text->p; (at = strstr(at, what)); at += strlen(what))
		n++;
	return n;
}

/* ---- the kinds of comparisons ---- */

static void
init_full(struct sample *sample)
{
	sample_init(sample);
}

static void
init_empty(struct sample *sample)
{
	sample_init_empty(sample);
}

static void
init_no_verdict(struct sample *sample)
{
	static const char *const why[] = {"no Go file was found", "and no package"};

	sample_init_empty(sample);
	sample->comparison.verdict = (struct verdict){VERDICT_NONE, why, 2};
}

static void
init_20(struct sample *sample)
{
	sample_init_many(sample, 20);
}

static void
init_21(struct sample *sample)
{
	sample_init_many(sample, 21);
}

static void
init_2001(struct sample *sample)
{
	sample_init_many(sample, 2001);
}

/* What is new is within what the policy allows. */
static void
init_allowed(struct sample *sample)
{
	sample_init_many(sample, 20);
	sample->comparison.verdict = (struct verdict){.status = VERDICT_PASS};
}

struct kind {
	const char *name;
	void (*init)(struct sample *);
	int suites, cases, failures, errors, skipped; /* of JUnit */
	size_t details, open; /* of HTML: findings in full, and those unfolded */
};

static const struct kind kinds[] = {
	{"full", init_full, 5, 13, 3, 1, 1, 7, 4},
	{"empty", init_empty, 1, 1, 0, 0, 0, 0, 0},
	{"no verdict", init_no_verdict, 1, 1, 0, 1, 0, 0, 0},
	{"20 new", init_20, 5, 7, 2, 0, 0, 20, 20},
	{"20 new that are allowed", init_allowed, 5, 7, 0, 0, 2, 20, 20},
	{"21 new", init_21, 5, 7, 2, 0, 0, 21, 0},
	{"2001 new", init_2001, 5, 7, 2, 0, 0, 2000, 0},
};

/* ---- what holds for any document ---- */

static void
assert_inert(const struct buf *out)
{
	assert_int_equal(strlen(out->p), out->n);
	assert_null(strstr(out->p, "<script"));
	assert_null(strstr(out->p, "\x1b"));
	assert_null(strstr(out->p, "\xe2\x80\xae"));
	assert_null(strstr(out->p, "\xff"));
}

static void
assert_same_again(struct place *place, const char *format, const struct buf *first)
{
	CLEANUP(buf_release) struct buf again = {0};

	write_report(place, format, "again", &again);
	assert_int_equal(first->n, again.n);
	assert_memory_equal(first->p, again.p, again.n);
}

/* ---- JUnit ---- */

static void
assert_schema(const struct place *place, const char *schema)
{
	if (!path_exists(SCHEMAS)) {
		print_message("[  SKIPPED ] no schemas in " SCHEMAS "\n");
		return;
	}
	assert_int_equal(
		run("xmllint --noout --schema '" SCHEMAS "%s' %s/r.xml 2>&1 | grep -v validates",
			schema, place->path),
		1);
}

/* The counts, as a reader of JUnit files finds them in the elements and in the attributes. */
static void
assert_junitparser(const struct place *place, const struct kind *kind)
{
	static const char script[] =
		"import sys, junitparser as j\n"
		"x = j.JUnitXml.fromfile(sys.argv[1])\n"
		"written = [(s.tests, s.failures, s.errors, s.skipped) for s in x]\n"
		"for s in x: s.update_statistics()\n"
		"found = [(s.tests, s.failures, s.errors, s.skipped) for s in x]\n"
		"total = [len(found)] + [sum(column) for column in zip(*found)]\n"
		"names = [(c.classname, c.name) for s in x for c in s]\n"
		"same = all(c.classname == s.name for s in x for c in s)\n"
		"want = [int(a) for a in sys.argv[2:]]\n"
		"ok = written == found and total == want and len(set(names)) == len(names) and "
		"same\n"
		"sys.exit(0 if ok else print(written, found, want, names, file=sys.stderr) or 1)\n";
	const char *python = "python3";

	if (run("python3 -c 'import junitparser' 2>/dev/null") != 0)
		python = "/usr/bin/python3";
	if (run("%s -c 'import junitparser' 2>/dev/null", python) != 0) {
		print_message("[  SKIPPED ] no junitparser\n");
		return;
	}
	assert_int_equal(
		run("%s -c \"%s\" %s/r.xml %d %d %d %d %d", python, script, place->path,
			kind->suites, kind->cases, kind->failures, kind->errors, kind->skipped),
		0);
}

static void
test_junit(void **state)
{
	const struct kind *kind = *state;
	CLEANUP(place_release) struct place place;
	CLEANUP(buf_release) struct buf out = {0};

	place_init(&place);
	kind->init(&place.sample);
	write_report(&place, "junit", "r.xml", &out);
	assert_inert(&out);
	assert_same_again(&place, "junit", &out);
	assert_int_equal(run("xmllint --noout %s/r.xml", place.path), 0);
	assert_schema(&place, "jenkins-junit-10.xsd");
	assert_schema(&place, "windyroad-JUnit.xsd");
	assert_junitparser(&place, kind);
	/* "path.go:1:2: text" at the head of a line is an error of the compiler to those who read
	 * logs. */
	assert_int_equal(run("grep -E '^[^ ]+\\.go:[0-9]+' %s/r.xml", place.path), 1);
}

static void
test_junit_content(void **state)
{
	static const char *const parts[] = {
		"<testsuite name=\"internal/store\" "
		"package=\"example.com/acme/app/internal/store\" id=\"3\" "
		"timestamp=\"2023-11-14T23:13:20\" hostname=\"localhost\" tests=\"4\" "
		"failures=\"2\" "
		"errors=\"0\" skipped=\"0\" time=\"0.000\">",
		"<property name=\"escapes.head\" value=\"3\"/>",
		"<property name=\"escapes.new\" value=\"3\"/>",
		"<testcase name=\"Store.Put\" classname=\"internal/store\" time=\"0.000\"/>",
		"<failure type=\"escape.new\" message=\"1 new heap escape in Store.Get\">1 new "
		"heap escape in "
		"Store.Get\n",
		"--&gt; internal/store/store.go:42:9\n    &amp;Entry{...} escapes to heap\n    id "
		"7c1f03ab12\n    + "
		"42 | \treturn &amp;Entry{Key: key, Value: value}\n",
		"    2. ~r0 receives &amp;Entry{...} (return) --&gt; "
		"internal/store/store.go:42:2\n",
		"<failure type=\"escape.new\" message=\"2 new heap escapes in Store.List\">",
		"    also here, by inlining in Serve --&gt; web/web.go:22:17\n",
		"1 heap escape fixed; where the base had it:\nappend(s.all, e) escapes to heap, in "
		"Store.Put "
		"--&gt; internal/store/store.go:60:9\n",
		"<error type=\"escape.not-analysed\" message=\"not analysed in the base: "
		"broken/broken.go:3:1: undefined: ",
		/* The root package is named by its import path, but not like the package in the
		   directory "app". */
		"<testsuite name=\"acme/app\" package=\"example.com/acme/app\" id=\"0\"",
		"<testsuite name=\"app\" package=\"example.com/acme/app/app\" id=\"1\"",
		"<testcase name=\"[vars]\" classname=\"acme/app\" time=\"0.000\"/>",
		"<skipped message=\"1 accepted heap escape in Serve: the cache owns its entries ",
		"    accepted: the cache owns its entries ",
	};
	CLEANUP(place_release) struct place place;
	CLEANUP(buf_release) struct buf out = {0};

	(void)state;
	place_init(&place);
	sample_init(&place.sample);
	write_report(&place, "junit", "r.xml", &out);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (!strstr(out.p, parts[i]))
			fail_msg("not found: %s", parts[i]);
}

/* ---- HTML ---- */

static void
test_html(void **state)
{
	const struct kind *kind = *state;
	CLEANUP(place_release) struct place place;
	CLEANUP(buf_release) struct buf out = {0};

	place_init(&place);
	kind->init(&place.sample);
	write_report(&place, "html", "r.html", &out);
	assert_inert(&out);
	assert_same_again(&place, "html", &out);
	assert_int_equal(run("xmllint --noout %s/r.html", place.path), 0);
	assert_int_equal(count(&out, "</style>"), 1);
	assert_int_equal(count(&out, "<h1>"), 1);
	assert_int_equal(count(&out, "<details class=\"finding\" id=\"e-"), kind->details);
	assert_int_equal(count(&out, "open=\"open\""), kind->open);
	assert_int_equal(count(&out, "The first 2000 are shown in full, the other 1 as a table."),
		kind->details == 2000);
	assert_int_equal(count(&out, " style="), 0);
	assert_int_equal(count(&out, " src="), 0);
	assert_int_equal(count(&out, "href=\""), count(&out, "href=\"#"));
}

/* Every link of the page leads to one element of it. */
static void
assert_links(const struct buf *out)
{
	for (const char *at = out->p; (at = strstr(at, "href=\"#"));) {
		CLEANUP(buf_release) struct buf id = {0};
		at += strlen("href=\"#");
		buf_printf(&id, " id=\"%.*s\"", (int)strcspn(at, "\""), at);
		assert_int_equal(count(out, id.p), 1);
	}
}

static void
test_html_content(void **state)
{
	static const char *const parts[] = {
		"<section class=\"verdict fail\"",
		"<b>Fail:</b> 4 new heap escapes",
		"<li>4 new heap escapes, none is allowed</li>",
		"<dt>fixed</dt>\n<dd>1</dd>",
		"<span class=\"tag new\">New</span> <code class=\"function\">Store.Get</code> "
		"<code>&amp;Entry{...}</code>",
		"<code class=\"at\">internal/store/store.go:42</code>",
		/* What the compiler abbreviates is marked up to its closing brace. */
		"<span class=\"line changed here\"><i>&gt;42 +</i>\treturn <mark>&amp;Entry{Key: "
		"key, Value: "
		"value}</mark>\n</span>",
		/* Go's column of a call is the one of the parenthesis. */
		":= <mark>make([]byte, n)</mark> //",
		"<span class=\"line\"><i> 43  </i>}\n</span>",
		"Also here, by inlining",
		"<strong>Cause:</strong> the line of the allocation was changed.",
		"<strong>Cause:</strong> a line that the value passes was changed, <code "
		"class=\"at\">internal/store/store.go:50:13</code>",
		"<code class=\"at\">old.go:8:7</code> \xe2\x86\x92 <code "
		"class=\"at\">main.go:30:7</code>",
		"<code>example.com/acme/app/broken</code> in the base and the head",
		"2 new escapes in code outside of the repository's own files",
		"3 lines of the compiler's output were not understood.",
		"<h2 id=\"not-analysed\">",
	};
	CLEANUP(place_release) struct place place;
	CLEANUP(buf_release) struct buf out = {0};

	(void)state;
	place_init(&place);
	sample_init(&place.sample);
	write_report(&place, "html", "r.html", &out);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (!strstr(out.p, parts[i]))
			fail_msg("not found: %s", parts[i]);
	assert_links(&out);
	assert_int_equal(count(&out, "class=\"words\""), 1);
	assert_null(strstr(out.p, "id=\"unchanged\""));
}

static void
test_html_no_findings(void **state)
{
	CLEANUP(place_release) struct place place;
	CLEANUP(buf_release) struct buf out = {0};

	(void)state;
	place_init(&place);
	sample_init_empty(&place.sample);
	write_report(&place, "html", "r.html", &out);
	assert_non_null(strstr(out.p, "<section class=\"verdict pass\""));
	assert_non_null(strstr(out.p, "<b>Pass:</b> no new heap escapes"));
	assert_links(&out);
}

/* The policy in the page allows the page's own style sheet: a browser drops it when a byte differs.
 */
static void
test_html_policy(void **state)
{
	static const char script[] =
		"import re, sys, hashlib, base64\n"
		"page = open(sys.argv[1], 'rb').read()\n"
		"css = re.search(rb'<style>(.*?)</style>', page, re.S).group(1)\n"
		"allowed = re.search(rb'style-src .sha256-([^ ;]*)\\x27', page).group(1)\n"
		"asset = open(sys.argv[2], 'rb').read()\n"
		"ok = base64.b64encode(hashlib.sha256(css).digest()) == allowed and css == asset\n"
		"sys.exit(0 if ok else 1)\n";
	CLEANUP(place_release) struct place place;
	CLEANUP(buf_release) struct buf out = {0};

	(void)state;
	place_init(&place);
	sample_init_empty(&place.sample);
	write_report(&place, "html", "r.html", &out);
	if (run("python3 -c '' 2>/dev/null") != 0)
		skip();
	assert_int_equal(
		run("python3 -c \"%s\" %s/r.html '" SOURCE_DIR "/report/assets/report.css'", script,
			place.path),
		0);
}

static void
test_html_scan(void **state)
{
	const struct report_options options = {0};
	CLEANUP(place_release) struct place place;
	CLEANUP(buf_release) struct buf out = {0};
	struct err err = {0};

	(void)state;
	place_init(&place);
	sample_init(&place.sample);
	CLEANUP(free_ptr) char *path = path_join(place.path, "scan.html");
	if (report_scan(report_writer("html"), &place.sample.scan, &options, path, &err) != 0)
		fail_msg("%s", err.msg);
	assert_int_equal(file_read(&out, path, &err), 0);
	assert_inert(&out);
	assert_int_equal(run("xmllint --noout %s", path), 0);
	assert_non_null(strstr(out.p, ">9 heap escapes</h2>"));
	assert_non_null(strstr(out.p, "1 more in code outside"));
	assert_int_equal(count(&out, "<details"), 3);
	assert_null(strstr(out.p, "Fail"));
	assert_null(strstr(out.p, "Pass"));
}

/* ---- the table, and where documents go ---- */

static void
test_writers(void **state)
{
	static const char *const names[] = {"text", "json", "junit", "html", "sarif", "markdown",
		"github", "github-summary", "codequality", "metrics", "csv", "concise", "teamcity"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_non_null(report_writer(names[i]));
		assert_string_equal(report_writer(names[i])->name, names[i]);
	}
	assert_null(report_writer("xml"));
	assert_null(report_writer(""));
}

static void
test_cannot_show(void **state)
{
	const struct report_options options = {0};
	CLEANUP(place_release) struct place place;
	struct err err = {0};

	(void)state;
	place_init(&place);
	sample_init_empty(&place.sample);
	CLEANUP(free_ptr) char *path = path_join(place.path, "scan.xml");
	assert_int_equal(
		report_scan(report_writer("junit"), &place.sample.scan, &options, path, &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
	assert_non_null(strstr(err.msg, "format 'junit' cannot show "));
	assert_false(path_exists(path));
}

static void
test_disk_full(void **state)
{
	static const char *const names[] = {"junit", "html", "sarif", "csv"};
	const struct report_options options = {0};
	CLEANUP(place_release) struct place place;

	(void)state;
	place_init(&place);
	sample_init(&place.sample);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct err err = {0};
		assert_int_equal(report_comparison(report_writer(names[i]),
					 &place.sample.comparison, &options, "/dev/full", &err),
			-1);
		assert_non_null(strstr(err.msg, strerror(ENOSPC)));
		assert_non_null(strstr(err.msg, "/dev/full"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_junit_content),
		cmocka_unit_test(test_html_content),
		cmocka_unit_test(test_html_no_findings),
		cmocka_unit_test(test_html_policy),
		cmocka_unit_test(test_html_scan),
		cmocka_unit_test(test_writers),
		cmocka_unit_test(test_cannot_show),
		cmocka_unit_test(test_disk_full),
	};

	return RUN_TABLE("junit", kinds, test_junit) + RUN_TABLE("html", kinds, test_html) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}

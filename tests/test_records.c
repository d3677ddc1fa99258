/* How text becomes records, and what each is read as: kind|position|text. */
#include "tests/test.h"

#include <stdio.h>

#include "parsers/parser.h"
#include "parsers/record.h"
#include "src/base/cleanup.h"

struct row {
	const char *name, *go_version;
	const char *odd_names[2];
	const char *text;
	const char *expected;
	size_t lines;
};

#define HEADER "# example.com/p\n"
#define UNIT "unit|-|# example.com/p\n"

/* clang-format off */
static const struct row rows[] = {
	{"a line is a message", "go1.26.8", {0},
		HEADER "a.go:3:4: moved to heap: x\n",
		UNIT "moved|a.go:3:4|moved to heap: x\n", 2},
	{"no newline at the end", "go1.26.8", {0},
		HEADER "a.go:3:4: moved to heap: x",
		UNIT "moved|a.go:3:4|moved to heap: x\n", 2},
	{"a log that was saved with other line ends", NULL, {0},
		"# example.com/p\r\na.go:3:4: moved to heap: x\r\na.go:4:4: y escapes to heap\n",
		UNIT "moved|a.go:3:4|moved to heap: x\nescapes|a.go:4:4|y escapes to heap\n", 3},
	{"a return at the end of another line is a part of it", "go1.21.13", {0},
		HEADER "a.go:7:9: `a\r\nb` escapes to heap\n",
		UNIT "escapes|a.go:7:9|`a\r\nb` escapes to heap\n", 3},

	/* raw strings */
	{"a raw string of Go 1.21 goes over lines", "go1.21.13", {0},
		HEADER "a.go:7:9: `multi\n# example.com/fake\nb.go:3:4: z escapes to heap\nz` escapes to heap\n"
		"a.go:8:9: y escapes to heap\n",
		UNIT "escapes|a.go:7:9|`multi\n# example.com/fake\nb.go:3:4: z escapes to heap\nz` escapes to heap\n"
		"escapes|a.go:8:9|y escapes to heap\n", 6},
	{"empty lines in a raw string", "go1.21.13", {0},
		HEADER "a.go:7:9: `\n\n` escapes to heap\n",
		UNIT "escapes|a.go:7:9|`\n\n` escapes to heap\n", 4},
	{"a body that is inlined, with a raw string", "go1.20", {0},
		HEADER "a.go:6:6: can inline F with cost 4 as: func() { sink = `a\nb` }\n",
		UNIT "can-inline|a.go:6:6|can inline F with cost 4 as: func() { sink = `a\nb` }\n", 3},
	{"a back quote in a string or a rune opens nothing", "go1.21.13", {0},
		HEADER "a.go:7:9: \"a ` b\" escapes to heap\na.go:8:9: '`' escapes to heap\na.go:9:9: x escapes to heap\n",
		UNIT "escapes|a.go:7:9|\"a ` b\" escapes to heap\nescapes|a.go:8:9|'`' escapes to heap\n"
		"escapes|a.go:9:9|x escapes to heap\n", 4},
	{"all quotes in one expression", "go1.21.13", {0},
		HEADER "a.go:7:9: \"\\\"`\" + `\"\n'` + \"`\" escapes to heap\na.go:9:9: x escapes to heap\n",
		UNIT "escapes|a.go:7:9|\"\\\"`\" + `\"\n'` + \"`\" escapes to heap\nescapes|a.go:9:9|x escapes to heap\n", 4},
	{"Go 1.22 cuts strings: nothing is joined", "go1.22.12", {0},
		HEADER "a.go:7:9: \"cut ... + \"`\" escapes to heap\na.go:8:9: x escapes to heap\n",
		UNIT "escapes|a.go:7:9|\"cut ... + \"`\" escapes to heap\nescapes|a.go:8:9|x escapes to heap\n", 3},
	{"version unknown: joined where a line alone says nothing", NULL, {0},
		HEADER "a.go:7:9: `multi\nb.go:3:4: z escapes to heap\nz` escapes to heap\n",
		UNIT "escapes|a.go:7:9|`multi\nb.go:3:4: z escapes to heap\nz` escapes to heap\n", 4},
	{"version unknown: not joined where it does", NULL, {0},
		HEADER "a.go:7:9: \"cut ... + \"`\" escapes to heap\na.go:8:9: x escapes to heap\n",
		UNIT "escapes|a.go:7:9|\"cut ... + \"`\" escapes to heap\nescapes|a.go:8:9|x escapes to heap\n", 3},
	{"a back quote that is never closed costs no fact", "go1.21.13", {0},
		HEADER "a.go:7:9: what ` is this\na.go:8:9: x escapes to heap\n",
		UNIT "not-understood|a.go:7:9|what ` is this\nescapes|a.go:8:9|x escapes to heap\n", 3},
	{"nor does one that is closed in another line", "go1.21.13", {0},
		HEADER "a.go:7:9: what ` is this\na.go:8:9: x escapes to heap\na.go:9:9: and ` this\n",
		UNIT "not-understood|a.go:7:9|what ` is this\nescapes|a.go:8:9|x escapes to heap\n"
		"not-understood|a.go:9:9|and ` this\n", 4},

	/* odd names of files */
	{"a name that reads like a message", "go1.26.8", {"a:1:2: moved to heap: x.go"},
		HEADER "example.com/p/a:1:2: moved to heap: x.go:3:27: new(int) escapes to heap\n",
		UNIT "escapes|example.com/p/a:1:2: moved to heap: x.go:3:27|new(int) escapes to heap\n", 2},
	{"a name with a newline", "go1.26.8", {"h\nj.go"},
		HEADER "example.com/p/h\nj.go:3:17: moved to heap: x\n",
		UNIT "moved|example.com/p/h\nj.go:3:17|moved to heap: x\n", 3},
	{"a name that forges a header and a message", "go1.26.8",
		{"u\n# example.com\nv.go:3:5: moved to heap: z\nw.go"},
		HEADER "example.com/p/u\n# example.com\nv.go:3:5: moved to heap: z\nw.go:3:17: moved to heap: x\n",
		UNIT "moved|example.com/p/u\n# example.com\nv.go:3:5: moved to heap: z\nw.go:3:17|moved to heap: x\n", 5},
	{"the same at the end of a line", "go1.26.8", {"h\nj.go"},
		HEADER "example.com/p/h\nj.go:3:17: x escapes to heap in F:\n"
		"example.com/p/h\nj.go:3:17:   flow: {heap} \xe2\x86\x90 &x:\n"
		"example.com/p/h\nj.go:3:17:     from &x (address-of) at example.com/p/h\nj.go:3:32\n",
		UNIT "escape-header|example.com/p/h\nj.go:3:17|x escapes to heap in F:\n"
		"flow|example.com/p/h\nj.go:3:17|  flow: {heap} \xe2\x86\x90 &x:\n"
		"note|example.com/p/h\nj.go:3:17|    from &x (address-of) at example.com/p/h\nj.go:3:32\n", 8},
	{"what only looks like the beginning of a name", "go1.26.8", {"h\nj.go"},
		HEADER "example.com/p/h\na.go:3:17: moved to heap: x\n",
		UNIT "not-understood|-|example.com/p/h\nmoved|a.go:3:17|moved to heap: x\n", 3},
	{"a back quote in a name opens no string", "go1.21.13", {"e`q.go"},
		HEADER "example.com/p/e`q.go:3:17: moved to heap: x\na.go:8:9: x escapes to heap\n",
		UNIT "moved|example.com/p/e`q.go:3:17|moved to heap: x\nescapes|a.go:8:9|x escapes to heap\n", 3},
	{"a name that begins with another one", "go1.26.8", {"h\nj.go", "h\nj.go2"},
		HEADER "example.com/p/h\nj.go2:3:17: moved to heap: x\n",
		UNIT "moved|example.com/p/h\nj.go2:3:17|moved to heap: x\n", 3},
	{"and has a back quote behind that", "go1.21.13", {"e`q.go", "e`q.go`r.go"},
		HEADER "example.com/p/e`q.go`r.go:3:17: moved to heap: x\na.go:8:9: \"`\" escapes to heap\n",
		UNIT "moved|example.com/p/e`q.go`r.go:3:17|moved to heap: x\nescapes|a.go:8:9|\"`\" escapes to heap\n", 3},
	{"brackets in a name", "go1.26.8", {"k[a.go:5:6]: m.go"},
		HEADER "example.com/p/k[a.go:5:6]: m.go:3:17: moved to heap: x\n",
		UNIT "moved|example.com/p/k[a.go:5:6]: m.go:3:17|moved to heap: x\n", 2},

	/* //line directives, with -L */
	{"the compiled file is the place", "go1.26.8", {0},
		HEADER "foo.y:10[example.com/p/l.go:5:28]: new(int) escapes to heap\n",
		UNIT "escapes|example.com/p/l.go:5:28|new(int) escapes to heap\n", 2},
	{"a directive that forges a header", "go1.26.8", {0},
		HEADER "# example.com/fake:80[example.com/p/l.go:18:28]: new(int) escapes to heap\n",
		UNIT "escapes|example.com/p/l.go:18:28|new(int) escapes to heap\n", 2},
	{"a directive that forges a message", "go1.26.8", {0},
		HEADER "a.go:3:4: moved to heap: fake:100[example.com/p/l.go:28:29]: new(int) escapes to heap\n",
		UNIT "escapes|example.com/p/l.go:28:29|new(int) escapes to heap\n", 2},
	{"a literal that forges the end of a name", "go1.26.8", {0},
		HEADER "a.go:3:4: \"fake:100[b.go:28:29]: x\" escapes to heap\n",
		UNIT "escapes|a.go:3:4|\"fake:100[b.go:28:29]: x\" escapes to heap\n", 2},
	{"a directive without a name, in Go 1.19", "go1.19.8", {0},
		HEADER ":50[l/l.go:12:28]: new(int) escapes to heap\n",
		UNIT "escapes|l/l.go:12:28|new(int) escapes to heap\n", 2},
	{"a drive letter", "go1.26.8", {0},
		HEADER "C:\\win\\path.go:60:30[example.com/p/l.go:14:28]: new(int) escapes to heap\n",
		UNIT "escapes|example.com/p/l.go:14:28|new(int) escapes to heap\n", 2},
	{"without a column", "go1.26.8", {0},
		HEADER "said.y:7[example.com/p/w.go:4]: new(int) escapes to heap\n",
		UNIT "escapes|example.com/p/w.go:4:0|new(int) escapes to heap\n", 2},
};
/* clang-format on */

static void
put_message(const char *kind, const struct position *at, struct str text, void *ctx)
{
	struct buf *out = ctx;

	if (at->file)
		buf_printf(out, "%s|%s:%d:%d|%.*s\n", kind, at->file, at->line, at->column,
			STR_ARG(text));
	else
		buf_printf(out, "%s|-|%.*s\n", kind, STR_ARG(text));
}

static void
read_row(struct buf *out, struct snapshot *snapshot, const struct row *row, size_t piece)
{
	CLEANUP(parser_cleanup) struct parser *parser = NULL;
	size_t odd_name_count = 0;
	while (odd_name_count < 2 && row->odd_names[odd_name_count])
		odd_name_count++;
	const struct parser_options options = {
		.go_version = row->go_version,
		.odd_names = row->odd_names,
		.odd_name_count = odd_name_count,
		.on_message = put_message,
		.ctx = out,
	};
	struct str text = str_of(row->text);
	struct err err;

	assert_int_equal(parser_new(&parser, snapshot, &options, &err), 0);
	while (text.n) {
		size_t n = text.n < piece ? text.n : piece;
		parser_feed(parser, (struct str){text.p, n});
		text = str_from(text, n);
	}
	parser_finish(parser);
}

static void
test_row(void **state)
{
	static const size_t pieces[] = {1, 5, 1000};

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		CLEANUP(snapshot_release) struct snapshot snapshot = {0};
		CLEANUP(buf_release) struct buf out = {0};
		const struct row *row = *state;
		read_row(&out, &snapshot, row, pieces[i]);
		assert_string_equal(out.p, row->expected);
		assert_int_equal(snapshot.lines.total, row->lines);
	}
}

int
main(void)
{
	return RUN_TABLE("records", rows, test_row);
}

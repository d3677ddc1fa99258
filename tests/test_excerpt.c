#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/excerpt_hash.h"
#include "tests/test.h"

struct row {
	const char *name, *text;
	const char *hashes[12]; /* of each line, the last one without a line end included */
};

/* Made with another program, by the definition: polynomials of slices, no window. */
static const struct row rows[] = {
	{"empty", "", {"c129715d7a2bc9a3:1"}},
	{"line feeds", "package a\n\nfunc F() *int {\n\treturn new(int)\n}\n",
		{"70230f9f931bd3e8:1", "248a8648a5cd8cf1:1", "4fe54279f794cc6b:1",
			"373ae8b16e85287e:1", "32dce9ccfdbc9d3e:1", "c129715d7a2bc9a3:1"}},
	{"both", "package a\r\n\r\nfunc F() *int {\r\n\treturn new(int)\r\n}\r\n",
		{"70230f9f931bd3e8:1", "248a8648a5cd8cf1:1", "4fe54279f794cc6b:1",
			"373ae8b16e85287e:1", "32dce9ccfdbc9d3e:1", "c129715d7a2bc9a3:1"}},
	{"no line end", "x := 1\ny := 2", {"c6c2652183f9f2a7:1", "e17badca21699575:1"}},
	{"carriage returns", "a\rb\n\rc",
		{"4850bf53658d4e53:1", "b0367d257df6d03c:1", "1c206f60a702cfe8:1",
			"188ff2f224477a1e:1"}},
	{"more than 16 bits", "ä😀\n", {"664ff1c510f28066:1", "c129715d7a2bc9a3:1"}},
	{"the same line again",
		"return &Student{name, age}\nreturn &Student{name, age}\nreturn &Student{name, "
		"age}\nreturn &Student{name, age}\nreturn &Student{name, age}\nreturn "
		"&Student{name, age}\n",
		{"cd01cc60846618dc:1", "cd01cc60846618dc:2", "cd01cc60846618dc:3",
			"574ef99e898025ea:1", "dc8c5597d0138951:1", "a2a2e312e4a3a114:1",
			"c129715d7a2bc9a3:1"}},
};

static void
test_hashes(void **state)
{
	const struct row *row = *state;
	CLEANUP(line_hashes_release) struct line_hashes hashes = {0};
	CLEANUP(arena_release) struct arena arena = {0};
	int line = 1;

	line_hashes_init(&hashes, str_of(row->text));
	for (; row->hashes[line - 1]; line++)
		assert_string_equal(line_hashes_name(&hashes, line, &arena), row->hashes[line - 1]);
	assert_null(line_hashes_name(&hashes, line, &arena));
	assert_null(line_hashes_name(&hashes, 0, &arena));
}

int
main(void)
{
	return RUN_TABLE("hash", rows, test_hashes);
}

#include "src/recall.h"

#include <ctype.h>
#include <string.h>

#include "src/tokens.h"

/* How a function is called: "New(", "New[", ".New(". */
struct name {
	struct str word;
	bool selected; /* behind a dot: a method, or of another package */
};

static struct name
name_of(const struct inlining *callee, const struct inlining *caller)
{
	const char *dot = strrchr(callee->function, '.');

	return (struct name){
		.word = str_of(dot ? dot + 1 : callee->function),
		.selected = dot || strcmp(callee->package, caller->package) != 0,
	};
}

static bool
is_comment(struct str line)
{
	while (line.n && isspace((unsigned char)line.p[0]))
		line = str_from(line, 1);
	return str_starts(line, STR("//"));
}

/* The column of the bracket that opens behind the name; 0 where the line has no such call. */
static int
call_column(struct str line, const struct name *name)
{
	for (size_t at = 0; at + name->word.n < line.n && !is_comment(line); at++) {
		char before = at ? line.p[at - 1] : '\0';
		char behind = line.p[at + name->word.n];
		bool begins = !token_is_name(before) && (before == '.') == name->selected;
		if (begins && (behind == '(' || behind == '[') &&
			memcmp(line.p + at, name->word.p, name->word.n) == 0)
			return (int)(at + name->word.n) + 1;
	}
	return 0;
}

bool
recall_find(struct position *out, const struct comparison *comparison, const struct functions *head,
	const struct line_map *map, const struct inlining *caller, const struct inlining *callee,
	size_t nth)
{
	const struct source_file *file = source_file(comparison->source, false, caller->at.file);
	const struct name name = name_of(callee, caller);
	int end = functions_end(head, caller);

	for (int line = caller->at.line; line < end && (size_t)line <= file->count; line++) {
		if (!line_map_changed(map, caller->at.file, line))
			continue;
		int column = call_column(source_line(file, line), &name);
		if (column == 0 || nth-- > 0)
			continue;
		*out = (struct position){caller->at.file, line, column};
		return true;
	}
	return false;
}

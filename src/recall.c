#include "src/recall.h"

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

/* The column of the bracket that opens behind the name; 0 where the line has no such call. */
static int
call_column(struct str line, const struct name *name)
{
	struct str rest = line;
	struct token token, before = {0};

	for (; token_next(&token, &rest); before = token) {
		bool selected = before.kind == TOKEN_SIGN && before.text.p[0] == '.';
		bool called = str_starts(rest, STR("(")) || str_starts(rest, STR("["));
		if (called && token.kind == TOKEN_NAME && selected == name->selected &&
			str_eq(token.text, name->word))
			return (int)(rest.p - line.p) + 1;
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

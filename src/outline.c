#include "src/outline.h"

#include <string.h>

#include "src/tokens.h"

/* Up to the first declaration that is no import. */
static struct str
header(struct str text)
{
	static const char *const declarations[] = {"const", "func", "type", "var"};
	struct str rest = text;
	struct token token;

	while (token_next(&token, &rest))
		for (size_t i = 0; i < sizeof declarations / sizeof *declarations; i++)
			if (token.kind == TOKEN_KEYWORD &&
				str_eq(token.text, str_of(declarations[i])))
				return (struct str){text.p, (size_t)(token.text.p - text.p)};
	return text;
}

/* The next line from there on that is a directive to go list. */
static bool
next_directive(struct str *line, struct str *rest)
{
	while (str_next(line, rest, '\n'))
		if (str_starts(*line, STR("//go:embed")) || str_starts(*line, STR("//go:debug")))
			return true;
	return false;
}

bool
outline_is_same_text(struct str one, struct str two)
{
	struct str a, b;

	if (!str_eq(header(one), header(two)))
		return false;
	for (;;) {
		bool has_one = next_directive(&a, &one), has_two = next_directive(&b, &two);
		if (has_one != has_two || (has_one && !str_eq(a, b)))
			return false;
		if (!has_one)
			return true;
	}
}

static bool
is_same_file(
	struct repo *repo, const struct revision *one, const struct revision *two, const char *path)
{
	CLEANUP(buf_release) struct buf was = {0};
	CLEANUP(buf_release) struct buf is = {0};
	struct err ignored;

	return str_ends(str_of(path), STR(".go")) &&
	       repo_read(&was, repo, one, path, &ignored) == 0 &&
	       repo_read(&is, repo, two, path, &ignored) == 0 &&
	       outline_is_same_text(buf_str(&was), buf_str(&is));
}

/* Sources that are not Go are only named in a list, go.mod and its like decide what is in it. */
static bool
is_only_named(const char *path)
{
	static const char *const deciding[] = {".go", ".mod", ".sum", ".work", ".txt"};

	for (size_t i = 0; i < sizeof deciding / sizeof *deciding; i++)
		if (str_ends(str_of(path), str_of(deciding[i])))
			return false;
	return true;
}

bool
outline_is_same(struct repo *repo, struct inputs *one, struct inputs *two)
{
	struct err ignored;

	if (inputs_read(one, repo, &ignored) != 0 || inputs_read(two, repo, &ignored) != 0 ||
		!one->known || !two->known)
		return false;
	struct str before = buf_str(&one->files), after = buf_str(&two->files), a, b;
	while (str_next(&a, &before, '\0')) {
		if (!str_next(&b, &after, '\0'))
			return false;
		const char *path = repo_relevant_path(a.p);
		if (a.p[0] != b.p[0] || strcmp(path, repo_relevant_path(b.p)) != 0)
			return false;
		/* A link may stand for a directory. */
		bool named = a.p[0] == 'f' && is_only_named(path);
		if (!str_eq(a, b) && !named &&
			!is_same_file(repo, one->revision, two->revision, path))
			return false;
	}
	return after.n == 0;
}

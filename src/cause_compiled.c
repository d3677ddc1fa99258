/* Files that are compiled now: a build constraint, or a name, kept them out of the base's build. */
#include "src/cause_internal.h"

#include <stdlib.h>
#include <string.h>

static int
compare_file(const void *file, const void *inlining)
{
	const char *other = ((const struct inlining *)inlining)->at.file;

	return other ? strcmp(file, other) : 1;
}

/* A function of the file that is compiled with it, whoever uses it: the compiler prints a line for
 * each, but for generic ones only where there is an instance. */
static bool
is_compiled(const struct snapshot *snapshot, const char *file, bool generic)
{
	const struct inlining *end = snapshot->inlinings + snapshot->inlining_count;
	const struct inlining *at =
		snapshot->inlining_count
			? bsearch(file, snapshot->inlinings, snapshot->inlining_count,
				  sizeof *snapshot->inlinings, compare_file)
			: NULL;

	while (at && at > snapshot->inlinings && compare_file(file, at - 1) == 0)
		at--;
	for (; at && at < end && compare_file(file, at) == 0; at++)
		if (generic || (at->declaration && !strchr(at->name, '[')))
			return true;
	return false;
}

static bool
is_constraint(struct str line)
{
	return str_starts(line, STR("//go:build ")) || str_starts(line, STR("// +build "));
}

/* The first line above the package clause that is a build constraint, and is not on the other side;
 * 0 where there is none. */
static int
own_constraint(const struct search *search, bool base, const char *path)
{
	const struct source_file *file = source_file(search->comparison->source, base, path);
	const char *there;
	int line_there;

	for (int line = 1; (size_t)line <= file->count; line++) {
		struct str text = source_line(file, line);
		if (str_starts(text, STR("package ")))
			break;
		if (is_constraint(text) &&
			!(base ? line_map_to_head(search->map, path, line, &there, &line_there)
			       : line_map_to_base(search->map, path, line, &there, &line_there)))
			return line;
	}
	return 0;
}

static const char *
describe(struct position *at, const struct search *search, const char *was, const char *is)
{
	int line = own_constraint(search, false, is);

	*at = (struct position){is, line ? line : 1, 0};
	if (line)
		return "its file is compiled now: the build constraint is another one";
	if (own_constraint(search, true, was))
		return "its file is compiled now: the build constraint was taken out";
	*at = (struct position){0};
	if (strcmp(was, is) != 0)
		return arena_printf(&search->comparison->arena,
			"its file is compiled now, and was not as %s", was);
	return "its file is compiled now, and was in none of the packages that were built in the "
	       "base";
}

bool
cause_is_newly_compiled(struct cause *out, const struct search *search, const struct escape *escape)
{
	const struct comparison *comparison = search->comparison;
	const char *was, *is = escape->at.file;
	int line;

	if (!is || !line_map_to_base(search->map, is, escape->at.line, &was, &line) ||
		is_compiled(comparison->base_snapshot, was, true) ||
		!is_compiled(comparison->head_snapshot, is, false))
		return false;
	*out = (struct cause){.kind = CAUSE_NEWLY_COMPILED};
	out->text = describe(&out->at, search, was, is);
	return true;
}

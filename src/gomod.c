#include "src/gomod.h"

#include <stdlib.h>

#include "src/base/cleanup.h"
#include "src/tokens.h"

static int
compare_requirements(const void *one, const void *two)
{
	const struct requirement *a = one, *b = two;

	return strcmp(a->module, b->module);
}

/* "A => B v1.2.3", "A v1.0.0 => ../b" */
struct replacement {
	struct str module, version; /* of that version alone, where there is one */
	const char *by;
};

/* A file being read. */
struct reading {
	struct gomod *out;
	struct arena *arena;
	struct replacement *replacements;
	size_t count, capacity;
};

static void
reading_release(struct reading *reading)
{
	free(reading->replacements);
}

static size_t
name_length(struct str line)
{
	static const char ends[] = " \t\r()[]{},";
	size_t n = 0;

	while (n < line.n && !memchr(ends, line.p[n], sizeof ends - 1) &&
		!str_starts(str_from(line, n), STR("//")))
		n++;
	return n;
}

/* The next word, without quotes; a bracket is a word of its own. Empty at the end of the line,
 * which a comment is. */
static struct str
next_word(struct str *line)
{
	struct str word;

	while (line->n && memchr(" \t\r", line->p[0], 3))
		*line = str_from(*line, 1);
	if (line->n == 0 || str_starts(*line, STR("//")))
		return STR("");
	bool string = line->p[0] == '"' || line->p[0] == '`';
	word = (struct str){line->p, string ? token_string_length(*line) : name_length(*line)};
	if (word.n == 0)
		word.n = 1;
	*line = str_from(*line, word.n);
	if (string && word.n > 1)
		word = (struct str){word.p + 1, word.n - 2};
	return word;
}

static void
require(struct gomod *gomod, struct str module, struct str version, struct arena *arena)
{
	if (version.n == 0)
		return;
	gomod->requirements = array_grow(gomod->requirements, &gomod->capacity, gomod->count + 1,
		sizeof *gomod->requirements);
	gomod->requirements[gomod->count++] =
		(struct requirement){arena_str(arena, module), arena_str(arena, version)};
}

static void
add_directory(struct directories *directories, const char *path)
{
	directories->paths = array_grow(directories->paths, &directories->capacity,
		directories->count + 1, sizeof *directories->paths);
	directories->paths[directories->count++] = path;
}

static void
replace(struct reading *reading, struct str module, struct str line)
{
	struct replacement replacement = {.module = module};
	struct str word = next_word(&line);

	if (!str_eq(word, STR("=>"))) {
		replacement.version = word;
		next_word(&line);
	}
	struct str by = next_word(&line), version = next_word(&line);
	if (by.n == 0)
		return;
	replacement.by = arena_printf(
		reading->arena, "%.*s%s%.*s", STR_ARG(by), version.n ? "@" : "", STR_ARG(version));
	if (version.n == 0)
		add_directory(&reading->out->replacing, replacement.by);
	reading->replacements = array_grow(reading->replacements, &reading->capacity,
		reading->count + 1, sizeof *reading->replacements);
	reading->replacements[reading->count++] = replacement;
}

static void
read_line(struct reading *reading, struct str directive, struct str line)
{
	struct str first = next_word(&line);

	if (str_eq(directive, STR("go")))
		reading->out->go = arena_str(reading->arena, first);
	else if (str_eq(directive, STR("toolchain")))
		reading->out->toolchain = arena_str(reading->arena, first);
	else if (str_eq(directive, STR("require")))
		require(reading->out, first, next_word(&line), reading->arena);
	else if (str_eq(directive, STR("replace")))
		replace(reading, first, line);
	else if (str_eq(directive, STR("use")) && first.n)
		add_directory(&reading->out->used, arena_str(reading->arena, first));
}

/* What replaces that version of the module, or NULL. What is said of one version goes before what
 * is said of all. */
static const char *
replaced_by(const struct reading *reading, const struct requirement *requirement)
{
	const char *any = NULL;

	for (size_t i = 0; i < reading->count; i++) {
		const struct replacement *replacement = &reading->replacements[i];
		if (!str_eq(replacement->module, str_of(requirement->module)))
			continue;
		if (replacement->version.n == 0)
			any = replacement->by;
		else if (str_eq(replacement->version, str_of(requirement->version)))
			return replacement->by;
	}
	return any;
}

/* A replacement may stand before what it replaces. */
static void
apply_replacements(struct reading *reading)
{
	for (size_t i = 0; i < reading->out->count; i++) {
		struct requirement *requirement = &reading->out->requirements[i];
		const char *by = replaced_by(reading, requirement);
		if (by)
			requirement->version = by;
	}
}

void
gomod_read(struct gomod *out, struct str text, struct arena *arena)
{
	CLEANUP(reading_release) struct reading reading = {.out = out, .arena = arena};
	struct str block = {"", 0}, line;

	*out = (struct gomod){0};
	while (str_next(&line, &text, '\n')) {
		struct str rest = line, word = next_word(&rest), after = rest;
		if (word.n == 0)
			continue;
		if (block.n && str_eq(word, STR(")")))
			block.n = 0;
		else if (block.n)
			read_line(&reading, block, line);
		else if (!str_eq(next_word(&after), STR("(")))
			read_line(&reading, word, rest);
		else if (next_word(&after).n == 0)
			block = word;
	}
	apply_replacements(&reading);
	if (out->count > 1)
		qsort(out->requirements, out->count, sizeof *out->requirements,
			compare_requirements);
}

const char *
gomod_version(const struct gomod *gomod, const char *module)
{
	const struct requirement key = {.module = module};
	const struct requirement *found = gomod->count
						  ? bsearch(&key, gomod->requirements, gomod->count,
							    sizeof key, compare_requirements)
						  : NULL;

	return found ? found->version : NULL;
}

void
gomod_release(struct gomod *gomod)
{
	free(gomod->requirements);
	free(gomod->replacing.paths);
	free(gomod->used.paths);
	*gomod = (struct gomod){0};
}

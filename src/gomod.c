#include "src/gomod.h"

#include <stdlib.h>

static int
compare_requirements(const void *one, const void *two)
{
	const struct requirement *a = one, *b = two;

	return strcmp(a->module, b->module);
}

/* The next word, without quotes. */
static struct str
next_word(struct str *line)
{
	static const char blanks[] = " \t\r";
	struct str word = {"", 0};

	while (line->n && memchr(blanks, line->p[0], sizeof blanks - 1))
		*line = str_from(*line, 1);
	word.p = line->p;
	while (word.n < line->n && !memchr(blanks, line->p[word.n], sizeof blanks - 1))
		word.n++;
	*line = str_from(*line, word.n);
	if (word.n > 1 && (word.p[0] == '"' || word.p[0] == '`'))
		word = (struct str){word.p + 1, word.n - 2};
	return word;
}

static void
add(struct gomod *gomod, struct str module, const char *version, struct arena *arena)
{
	gomod->requirements = array_grow(gomod->requirements, &gomod->capacity, gomod->count + 1,
		sizeof *gomod->requirements);
	gomod->requirements[gomod->count++] =
		(struct requirement){arena_str(arena, module), version};
}

static void
set(struct gomod *gomod, struct str module, const char *version)
{
	for (size_t i = 0; i < gomod->count; i++)
		if (str_eq(str_of(gomod->requirements[i].module), module))
			gomod->requirements[i].version = version;
}

/* "A => B v1.2.3", "A v1.0.0 => ../b" */
static void
replace(struct gomod *gomod, struct str module, struct str line, struct arena *arena)
{
	struct str word = next_word(&line);

	if (!str_eq(word, STR("=>")))
		next_word(&line);
	struct str by = next_word(&line), version = next_word(&line);
	if (by.n)
		set(gomod, module,
			arena_printf(arena, "%.*s%s%.*s", STR_ARG(by), version.n ? "@" : "",
				STR_ARG(version)));
}

static void
read_line(struct gomod *gomod, struct str directive, struct str line, struct arena *arena)
{
	struct str first = next_word(&line);

	if (str_eq(directive, STR("go"))) {
		gomod->go = arena_str(arena, first);
	} else if (str_eq(directive, STR("toolchain"))) {
		gomod->toolchain = arena_str(arena, first);
	} else if (str_eq(directive, STR("require"))) {
		struct str version = next_word(&line);
		if (version.n)
			add(gomod, first, arena_str(arena, version), arena);
	} else if (str_eq(directive, STR("replace"))) {
		replace(gomod, first, line, arena);
	}
}

static struct str
without_comment(struct str line)
{
	const char *comment = memmem(line.p, line.n, "//", 2);

	/* "//" also stands in URLs, behind a colon, but never in a module's path. */
	return comment ? (struct str){line.p, (size_t)(comment - line.p)} : line;
}

void
gomod_read(struct gomod *out, struct str text, struct arena *arena)
{
	struct str block = {"", 0}, line;

	*out = (struct gomod){0};
	while (str_next(&line, &text, '\n')) {
		struct str rest = without_comment(line), whole = rest, word = next_word(&rest);
		if (word.n == 0)
			continue;
		if (block.n) {
			if (word.p[0] == ')')
				block.n = 0;
			else
				read_line(out, block, whole, arena);
			continue;
		}
		struct str after = rest;
		if (str_starts(next_word(&after), STR("(")))
			block = word;
		else
			read_line(out, word, rest, arena);
	}
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
	*gomod = (struct gomod){0};
}

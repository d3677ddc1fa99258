#include "src/cause_internal.h"

#include <ctype.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/tokens.h"

/* "v2" of "example.com/x/v2" is no name. */
static bool
is_version(struct str element)
{
	if (element.n < 2 || element.p[0] != 'v')
		return false;
	for (size_t i = 1; i < element.n; i++)
		if (!isdigit((unsigned char)element.p[i]))
			return false;
	return true;
}

/* The name of a package, as far as its path tells: "yaml" of "gopkg.in/yaml.v3". */
static struct str
package_name(struct str path)
{
	struct str name = STR(""), element;

	while (str_next(&element, &path, '/'))
		if (!is_version(element))
			name = element;
	const char *dot = name.n ? memchr(name.p, '.', name.n) : NULL;
	return dot ? (struct str){name.p, (size_t)(dot - name.p)} : name;
}

/* The path in quotes that the line imports, and the name that it is imported by; false where it
 * imports nothing. */
static bool
read_import(struct str line, struct str *path, struct str *name)
{
	const char *open = line.n ? memchr(line.p, '"', line.n) : NULL;
	const char *end = line.p + line.n;
	const char *close = open ? memchr(open + 1, '"', (size_t)(end - open - 1)) : NULL;
	struct str before, word;

	if (!close)
		return false;
	*path = (struct str){open + 1, (size_t)(close - open - 1)};
	*name = package_name(*path);
	before = (struct str){line.p, (size_t)(open - line.p)};
	while (str_next(&word, &before, ' ')) {
		while (word.n && word.p[0] == '\t')
			word = str_from(word, 1);
		if (word.n && !str_eq(word, STR("import")))
			*name = word;
	}
	return true;
}

static bool
is_in_module(struct str path, const char *module)
{
	struct str prefix = str_of(module);

	return str_starts(path, prefix) && (path.n == prefix.n || path.p[prefix.n] == '/');
}

/* "dep." in "dep.Put(&n)", "(*dep.Log).Add(l, &n)". */
static bool
is_qualified(const char *called, struct str name)
{
	struct str rest = str_of(called);

	for (size_t at = 0; at + name.n < rest.n; at++) {
		char before = at ? rest.p[at - 1] : '\0';
		bool begins = !token_is_name(before) && before != '.';
		if (begins && rest.p[at + name.n] == '.' &&
			memcmp(rest.p + at, name.p, name.n) == 0)
			return true;
	}
	return false;
}

/* Whether what is called is in a package of the module that the file imports. Imports are at the
 * top, before the first function. */
static bool
is_of_module(const struct search *search, const char *path, const char *called, const char *module)
{
	const struct source_file *file = source_file(search->comparison->source, false, path);
	struct str import, name;

	for (size_t i = 0; i < file->count && !str_starts(file->lines[i], STR("func ")); i++)
		if (read_import(file->lines[i], &import, &name) && is_in_module(import, module) &&
			is_qualified(called, name))
			return true;
	return false;
}

/* The line of go.mod that names the module, or begins with the word. */
static int
find_line(const struct search *search, const char *word)
{
	const char *path = search->changes->file;
	const struct source_file *file = source_file(search->comparison->source, false, path);

	for (size_t i = 0; i < file->count; i++) {
		struct str line = file->lines[i], first;
		while (str_next(&first, &line, ' ')) {
			while (first.n && first.p[0] == '\t')
				first = str_from(first, 1);
			if (first.n && !str_eq(first, STR("require")))
				break;
		}
		if (str_eq(first, str_of(word)))
			return (int)i + 1;
	}
	return 0;
}

static void
add_module(struct buf *text, const struct module_change *change)
{
	buf_printf(text, "%s%s %s%s%s", text->n ? ", " : "", change->module,
		change->was ? change->was : "", change->was ? " \u2192 " : "added in ", change->is);
}

static void
set_modules(struct cause *out, const struct search *search, const char *modules, int line)
{
	*out = (struct cause){
		.kind = CAUSE_DEPENDENCY,
		.text = arena_printf(
			&search->comparison->arena, "a dependency was changed: %s", modules),
		.at = {search->changes->file, line, 0},
	};
}

bool
cause_is_module_of(
	struct cause *out, const struct search *search, const char *file, const char *name)
{
	for (size_t i = 0; i < search->changes->module_count; i++) {
		const struct module_change *change = &search->changes->modules[i];
		CLEANUP(buf_release) struct buf text = {0};
		if (!is_of_module(search, file, name, change->module))
			continue;
		add_module(&text, change);
		set_modules(out, search, text.p, find_line(search, change->module));
		return true;
	}
	return false;
}

/* The calls of others that a step of the flow has to do with: its own, and those that were inlined
 * there. */
static bool
is_step_of_module(struct cause *out, const struct search *search, const struct flow_step *step)
{
	size_t count;
	const struct inlined_call *calls =
		snapshot_calls_at(search->comparison->head_snapshot, &step->at, &count);

	if (!step->at.file)
		return false;
	if (strcmp(step->via, "call parameter") == 0 &&
		cause_is_module_of(out, search, step->at.file, step->from))
		return true;
	for (size_t i = 0; i < count; i++)
		if (cause_is_module_of(out, search, step->at.file, calls[i].callee))
			return true;
	return false;
}

bool
cause_is_module(struct cause *out, const struct search *search, const struct escape *escape)
{
	for (size_t i = 0; i < escape->flow_count && search->changes->module_count; i++)
		if (is_step_of_module(out, search, &escape->flow[i]))
			return true;
	return search->changes->module_count && escape->inlined && escape->at.file &&
	       cause_is_module_of(out, search, escape->at.file, escape->inlined);
}

static bool
has_call(const struct search *search, const struct escape *escape)
{
	bool calls = escape->inlined;

	for (size_t i = 0; i < escape->flow_count && !calls; i++) {
		size_t count = 0;
		if (escape->flow[i].at.file)
			snapshot_calls_at(
				search->comparison->head_snapshot, &escape->flow[i].at, &count);
		calls = count || strcmp(escape->flow[i].via, "call parameter") == 0;
	}
	return calls;
}

/* Any of them may be it. */
static void
set_all_modules(struct cause *out, const struct search *search)
{
	enum { MOST = 3 };
	CLEANUP(buf_release) struct buf text = {0};
	size_t count = search->changes->module_count;

	for (size_t i = 0; i < count && i < MOST; i++)
		add_module(&text, &search->changes->modules[i]);
	if (count > MOST)
		buf_printf(&text, " and %zu more", count - MOST);
	set_modules(out, search, text.p, 0);
}

bool
cause_is_elsewhere(struct cause *out, const struct search *search, const struct escape *escape)
{
	const struct other_changes *changes = search->changes;
	struct arena *arena = &search->comparison->arena;

	if (changes->module_count && has_call(search, escape)) {
		set_all_modules(out, search);
		return true;
	}
	*out = (struct cause){.kind = CAUSE_TOOLCHAIN, .at.file = changes->file};
	if (changes->toolchain) {
		out->text = arena_printf(
			arena, "the compiler decides otherwise: %s", changes->toolchain);
	} else if (changes->go_line) {
		out->text = arena_printf(arena, "the go line was changed %s", changes->go_line);
		out->at.line = find_line(search, "go");
	}
	return out->text;
}

#include "src/modules.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/file.h"

void
modules_add(struct modules *out, struct module_place place)
{
	out->places = array_grow(out->places, &out->capacity, out->count + 1, sizeof *out->places);
	out->places[out->count++] = place;
}

void
modules_release(struct modules *modules)
{
	free(modules->places);
	arena_release(&modules->arena);
	*modules = (struct modules){0};
}

/* ---- workspaces ---- */

/* The directory that a go.work names, relative to the root; false where it is outside, or named in
 * a way that we do not follow. */
static bool
used_directory(struct buf *out, struct str workspace, struct str name)
{
	struct str part;

	buf_clear(out);
	buf_add(out, workspace);
	if (name.n && name.p[0] == '/')
		return false;
	while (str_next(&part, &name, '/')) {
		if (part.n == 0 || str_eq(part, STR(".")))
			continue;
		if (!str_eq(part, STR(".."))) {
			buf_printf(out, "%s%.*s", out->n ? "/" : "", STR_ARG(part));
			continue;
		}
		if (out->n == 0)
			return false;
		const char *slash = memrchr(out->p, '/', out->n);
		out->n = slash ? (size_t)(slash - out->p) : 0;
		out->p[out->n] = '\0';
	}
	return true;
}

/* The line of a go.work without its comment, blanks and quotes. */
static struct str
bare(struct str line)
{
	const char *comment = memmem(line.p, line.n, "//", 2);

	if (comment)
		line.n = (size_t)(comment - line.p);
	line = str_unindented(line);
	while (line.n && strchr(" \t\r", line.p[line.n - 1]))
		line.n--;
	if (line.n > 1 && strchr("\"`", line.p[0]) && line.p[line.n - 1] == line.p[0])
		line = (struct str){line.p + 1, line.n - 2};
	return line;
}

/* Whether the text of the go.work in the directory uses the module in that one. */
static bool
uses(struct str text, struct str workspace, const char *module)
{
	CLEANUP(buf_release) struct buf directory = {0};
	bool block = false;

	for (struct str line; str_next(&line, &text, '\n');) {
		line = bare(line);
		if (!block && !str_starts(line, STR("use ")) && !str_starts(line, STR("use(")))
			continue;
		if (!block)
			line = bare(str_from(line, 3));
		if (!block && str_eq(line, STR("("))) {
			block = true;
			continue;
		}
		if (block && str_eq(line, STR(")"))) {
			block = false;
			continue;
		}
		if (line.n && used_directory(&directory, workspace, line) &&
			str_eq(buf_str(&directory), str_of(module)))
			return true;
	}
	return false;
}

/* Whether the nearest go.work at or above the module does not use it. */
static bool
is_left_out(struct repo *repo, const struct revision *revision, const char *module)
{
	struct str above = str_of(module);

	for (;;) {
		CLEANUP(buf_release) struct buf path = {0};
		CLEANUP(buf_release) struct buf text = {0};
		struct err err;
		buf_printf(&path, "%.*s%sgo.work", STR_ARG(above), above.n ? "/" : "");
		if (repo_read(&text, repo, revision, path.p, &err) == 0)
			return !uses(buf_str(&text), above, module);
		if (above.n == 0)
			return false;
		const char *slash = memrchr(above.p, '/', above.n);
		above.n = slash ? (size_t)(slash - above.p) : 0;
	}
}

/* ---- directories ---- */

/* "a/b" of "a/b/go.mod" when we are in the root, "b" when we are in "a"; NULL where it is not
 * below, or go passes it over. */
static const char *
place_below(const char *path, const char *prefix, struct arena *arena)
{
	struct str directory = path_directory(path), part;
	size_t n = strlen(prefix);

	if (strcmp(path + (directory.n ? directory.n + 1 : 0), "go.mod") != 0 || directory.n < n ||
		strncmp(path, prefix, n) != 0 || (n && directory.n > n && path[n] != '/'))
		return NULL;
	struct str below = str_from(directory, n && directory.n > n ? n + 1 : n);
	for (struct str rest = below; str_next(&part, &rest, '/');)
		if (part.p[0] == '.' || part.p[0] == '_' || str_eq(part, STR("vendor")) ||
			str_eq(part, STR("testdata")))
			return NULL;
	return arena_str(arena, below);
}

int
modules_find(
	struct modules *out, struct repo *repo, const struct revision *revision, struct err *err)
{
	CLEANUP(buf_release) struct buf files = {0};
	const char *workspace = getenv("GOWORK");
	bool known;

	if (repo_relevant(&files, &known, repo, revision, err) != 0)
		return -1;
	for (size_t at = 0; at < files.n; at += strlen(files.p + at) + 1) {
		const char *path = repo_relevant_path(files.p + at);
		const char *directory = place_below(path, repo_prefix(repo), &out->arena);
		if (!directory)
			continue;
		const char *module = arena_str(&out->arena, path_directory(path));
		modules_add(out,
			(struct module_place){directory,
				!(workspace && *workspace) && is_left_out(repo, revision, module)});
	}
	return 0;
}

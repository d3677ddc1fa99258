#include "src/others.h"

#include <stdlib.h>
#include <string.h>

#include "report/terminal.h"

static struct package_lines *
lines_of(struct others *others, const char *package)
{
	others->index.arena = &others->arena;
	const void **number = intern_value(&others->index, str_of(package ? package : ""));

	if (!*number) {
		others->packages = array_grow(others->packages, &others->capacity,
			others->count + 1, sizeof *others->packages);
		others->packages[others->count++] =
			(struct package_lines){.package = arena_strdup(&others->arena, package)};
		*number = (const void *)(uintptr_t)others->count;
	}
	return &others->packages[(uintptr_t)*number - 1];
}

void
others_add(struct others *others, struct str line, const char *package)
{
	struct package_lines *lines = lines_of(others, package);

	lines->count++;
	if (others->bytes + line.n > OTHERS_LIMIT) {
		lines->left_out++;
		return;
	}
	if (lines->lines.n)
		buf_add_char(&lines->lines, '\n');
	buf_add(&lines->lines, line);
	others->bytes += line.n + 1;
}

void
others_print(const struct others *others, FILE *to)
{
	for (size_t i = 0; i < others->count; i++) {
		const struct package_lines *lines = &others->packages[i];
		if (lines->package) {
			fputs("# ", to);
			terminal_lines(to, str_of(lines->package));
		}
		terminal_lines(to, buf_str(&lines->lines));
		if (lines->left_out)
			fprintf(to, "… and %zu more lines\n", lines->left_out);
	}
}

static void
add_package(
	struct package_list *list, const char *import_path, const char *error, struct arena *arena)
{
	struct package *packages = arena_alloc(arena, (list->count + 1) * sizeof *packages);
	size_t at = 0;

	while (at < list->count && strcmp(list->packages[at].import_path, import_path) < 0)
		at++;
	if (list->count) {
		memcpy(packages, list->packages, at * sizeof *packages);
		memcpy(packages + at + 1, list->packages + at,
			(list->count - at) * sizeof *packages);
	}
	packages[at] =
		(struct package){.import_path = arena_strdup(arena, import_path), .error = error};
	list->packages = packages;
	list->count++;
}

static void
fail_package(
	struct package_list *list, const char *import_path, const char *error, struct arena *arena)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->packages[i].import_path, import_path) == 0) {
			list->packages[i].error = error;
			return;
		}
	}
	add_package(list, import_path, error, arena);
}

static void
fail_all(struct package_list *list, const char *error)
{
	for (size_t i = 0; i < list->count; i++)
		if (!list->packages[i].error)
			list->packages[i].error = error;
}

void
others_fail_packages(
	struct others *others, struct package_list *list, int status, struct arena *arena)
{
	const char *outside = NULL;
	bool told = false;

	others->failed = true;
	for (size_t i = 0; i < others->count; i++) {
		const struct package_lines *lines = &others->packages[i];
		const char *error = arena_str(arena, buf_str(&lines->lines));
		if (lines->package)
			fail_package(list, lines->package, error, arena);
		else
			outside = error;
		told |= lines->package != NULL;
	}
	if (!told)
		fail_all(list,
			outside ? outside
				: arena_printf(arena, "go build ended with status %d", status));
}

void
others_account(const struct others *others, struct snapshot *snapshot)
{
	const size_t most = sizeof snapshot->not_understood / sizeof *snapshot->not_understood;
	size_t kept = 0;

	if (others->failed)
		return;
	for (size_t i = 0; i < others->count; i++) {
		struct str rest = buf_str(&others->packages[i].lines), line;
		snapshot->lines.not_understood += others->packages[i].count;
		while (kept < most && str_next(&line, &rest, '\n'))
			snapshot->not_understood[kept++] = arena_str(&snapshot->arena, line);
	}
}

void
others_release(struct others *others)
{
	for (size_t i = 0; i < others->count; i++)
		buf_release(&others->packages[i].lines);
	free(others->packages);
	intern_release(&others->index);
	arena_release(&others->arena);
	*others = (struct others){0};
}

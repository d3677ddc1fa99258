#include "src/linenames.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/file.h"

/* The names found, on top of those that the list has. */
struct names {
	struct arena *arena;
	const char **names;
	size_t count, capacity;
};

/* Two files may name the same. */
static void
add(struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->names[i], name) == 0)
			return;
	names->names =
		array_grow(names->names, &names->capacity, names->count + 1, sizeof *names->names);
	names->names[names->count++] = name;
}

/* "name:10:1" and "name:10" without the numbers. */
static struct str
without_numbers(struct str text)
{
	for (int numbers = 0; numbers < 2; numbers++) {
		size_t n = text.n;
		while (n && text.p[n - 1] >= '0' && text.p[n - 1] <= '9')
			n--;
		if (n == text.n || n == 0 || text.p[n - 1] != ':')
			break;
		text.n = n - 1;
	}
	return text;
}

/* Whatever begins like a directive is taken for one: a name that the compiler does not print is
 * found nowhere. */
static void
read_file(struct names *names, struct str text)
{
	static const struct str begin = {"/*line ", 7};

	for (const char *at; (at = memmem(text.p, text.n, begin.p, begin.n));) {
		text = str_from(text, (size_t)(at - text.p) + begin.n);
		const char *end = memmem(text.p, text.n, "*/", 2);
		if (!end)
			return;
		struct str name = without_numbers((struct str){text.p, (size_t)(end - text.p)});
		if (memchr(name.p, '\n', name.n))
			add(names, arena_str(names->arena, name));
	}
}

static void
read_directory(struct names *names, const char *path)
{
	DIR *directory = opendir(path);

	for (struct dirent *entry; directory && (entry = readdir(directory));) {
		if (!str_ends(str_of(entry->d_name), STR(".go")))
			continue;
		CLEANUP(buf_release) struct buf text = {0};
		CLEANUP(free_ptr) char *file = path_join(path, entry->d_name);
		struct err ignored = {0};
		if (file_read(&text, file, &ignored) == 0)
			read_file(names, buf_str(&text));
	}
	if (directory)
		closedir(directory);
}

size_t
linenames_add(struct package_list *list, const char *tree, struct arena *arena)
{
	struct names names = {.arena = arena};

	for (size_t i = 0; i < list->odd_name_count; i++)
		add(&names, list->odd_names[i]);
	size_t before = names.count;
	for (size_t i = 0; i < list->count; i++) {
		if (!list->packages[i].directory)
			continue;
		CLEANUP(free_ptr) char *path = path_join(tree, list->packages[i].directory);
		read_directory(&names, path);
	}
	size_t added = names.count - before;
	list->odd_names = arena_copy(arena, names.names, names.count, sizeof *names.names);
	list->odd_name_count = names.count;
	free(names.names);
	return added;
}

#include "src/outside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/file.h"
#include "src/base/hash.h"
#include "src/gomod.h"
#include "src/gopath.h"

struct search {
	struct outside *out;
	struct repo *repo;
	const struct revision *revision;
	const struct gobuild *build;
	struct err *err;
};

/* "" is the root of the tree, "../a" beside it; absolute where it was written so. */
static const char *
join(struct search *search, const char *directory, const char *path)
{
	struct arena *arena = &search->out->arena;

	if (path[0] == '/')
		return gopath_clean(arena, path);
	return gopath_clean(
		arena, arena_printf(arena, "%s%s%s", directory, *directory ? "/" : "", path));
}

static bool
is_in_tree(const char *path)
{
	return path[0] != '/' && strcmp(path, "..") != 0 && strncmp(path, "../", 3) != 0;
}

/* Where that is on the disk; NULL for what is relative to a revision. */
static const char *
place_of(struct search *search, const char *path)
{
	struct arena *arena = &search->out->arena;

	if (path[0] == '/')
		return path;
	if (!search->revision->worktree)
		return NULL;
	return gopath_clean(arena, arena_printf(arena, "%s/%s", repo_root(search->repo), path));
}

static bool
is_followed(const struct outside *outside, const char *directory)
{
	for (size_t i = 0; i < outside->count; i++)
		if (gopath_below(directory, outside->roots[i]))
			return true;
	return false;
}

/* All that go reads of a directory, which may not be there: then that is what is known of it. */
static int
follow(struct search *search, const char *path)
{
	struct outside *out = search->out;
	const char *place = is_in_tree(path) ? NULL : place_of(search, path);
	CLEANUP(free_ptr) char *real = place ? realpath(place, NULL) : NULL;
	bool is_absent = errno == ENOENT || errno == ENOTDIR, known = true;

	if (!place)
		return 0;
	buf_printf(&out->text, "%s %s", real ? "directory" : "absent", path);
	buf_add_char(&out->text, '\0');
	if (!real) {
		out->known &= is_absent;
		return 0;
	}
	if (is_followed(out, real) ||
		(search->revision->worktree && gopath_below(real, repo_root(search->repo))))
		return 0;
	out->roots = array_grow(out->roots, &out->capacity, out->count + 1, sizeof *out->roots);
	out->roots[out->count++] = arena_strdup(&out->arena, real);
	if (repo_relevant_outside(&out->text, &known, real, search->build->tests, search->err) ==
		0) {
		out->known &= known;
		return 0;
	}
	out->known = false;
	return search->err->code == ERR_INTERRUPTED ? -1 : 0;
}

static int
follow_all(struct search *search, const char *directory, const struct directories *directories)
{
	for (size_t i = 0; i < directories->count; i++)
		if (follow(search, join(search, directory, directories->paths[i])) != 0)
			return -1;
	return 0;
}

/* A go.mod or go.work that is not there, or cannot be read, leads nowhere. */
static void
read_module_file(struct gomod *out, struct search *search, const char *path)
{
	CLEANUP(buf_release) struct buf text = {0};
	struct err ignored;
	int result = is_in_tree(path)
			     ? repo_read(&text, search->repo, search->revision, path, &ignored)
			     : -1;

	if (!is_in_tree(path) && place_of(search, path))
		result = file_read(&text, place_of(search, path), &ignored);
	*out = (struct gomod){0};
	if (result == 0)
		gomod_read(out, buf_str(&text), &search->out->arena);
}

/* What the file says, whose paths are relative to that directory. Of a module that is followed
 * itself, the replacements count only when go.work uses it. */
static int
follow_module(struct search *search, const char *directory, const char *file)
{
	CLEANUP(gomod_release) struct gomod gomod = {0};

	read_module_file(&gomod, search, file);
	return follow_all(search, directory, &gomod.replacing);
}

/* The nearest directory with that file, from where go is run up to the root; NULL: there is none.
 */
static const char *
nearest(struct search *search, const char *name)
{
	char *directory = arena_strdup(&search->out->arena, repo_prefix(search->repo));

	for (;;) {
		if (repo_has(search->repo, search->revision, join(search, directory, name)))
			return directory;
		if (!*directory)
			return NULL;
		char *slash = strrchr(directory, '/');
		*(slash ? slash : directory) = '\0';
	}
}

static int
follow_workspace(struct search *search)
{
	CLEANUP(gomod_release) struct gomod workspace = {0};
	const char *wanted = getenv("GOWORK"), *directory = nearest(search, "go.work");

	if (!directory || (wanted && strcmp(wanted, "off") == 0))
		return 0;
	read_module_file(&workspace, search, join(search, directory, "go.work"));
	if (follow_all(search, directory, &workspace.replacing) != 0 ||
		follow_all(search, directory, &workspace.used) != 0)
		return -1;
	for (size_t i = 0; i < workspace.used.count; i++) {
		const char *module = join(search, directory, workspace.used.paths[i]);
		if (follow_module(search, module, join(search, module, "go.mod")) != 0)
			return -1;
	}
	return 0;
}

/* The content of a file that a flag names, and that must be there. */
static void
add_file(struct search *search, const char *flag, const char *path)
{
	CLEANUP(buf_release) struct buf text = {0};
	struct outside *out = search->out;
	const char *place = place_of(search, path);
	struct err ignored;

	if (!place || file_read(&text, place, &ignored) != 0) {
		out->known = false;
		return;
	}
	struct content_id id = hash_content(buf_str(&text));
	buf_printf(&out->text, "%s %s", flag, id.hex);
	buf_add_char(&out->text, '\0');
}

/* Its replacements are relative to the module that it stands in for; its go.sum lies beside it. */
static int
follow_module_file(struct search *search, const char *module, const char *path)
{
	struct str name = str_of(path);
	const char *place;

	add_file(search, "modfile", path);
	if (!str_ends(name, STR(".mod")) || !search->out->known) {
		search->out->known = false;
		return 0;
	}
	path = arena_printf(&search->out->arena, "%.*s.sum", (int)name.n - 4, name.p);
	place = place_of(search, path);
	if (place && path_exists(place))
		add_file(search, "sum", path);
	return module ? follow_module(search, module, name.p) : 0;
}

static int
follow_flag(struct search *search, const char *module, const char *flag)
{
	static const struct str modfile = {"-modfile=", 9}, profile = {"-pgo=", 5};
	const char *prefix = repo_prefix(search->repo);

	if (str_starts(str_of(flag), modfile))
		return follow_module_file(search, module, join(search, prefix, flag + modfile.n));
	if (str_starts(str_of(flag), profile) && strcmp(flag + profile.n, "off") != 0 &&
		strcmp(flag + profile.n, "auto") != 0)
		add_file(search, "pgo", join(search, prefix, flag + profile.n));
	/* It may replace go.mod itself, and anything else. */
	if (str_starts(str_of(flag), STR("-overlay=")))
		search->out->known = false;
	return 0;
}

int
outside_find(struct outside *out, struct repo *repo, const struct revision *revision,
	const struct gobuild *build, struct err *err)
{
	struct search search = {out, repo, revision, build, err};
	const char *module;

	*out = (struct outside){.known = true};
	module = nearest(&search, "go.mod");
	for (size_t i = 0; i < build->flag_count; i++)
		if (follow_flag(&search, module, build->flags[i]) != 0)
			return -1;
	if (module && follow_module(&search, module, join(&search, module, "go.mod")) != 0)
		return -1;
	return follow_workspace(&search);
}

static bool
has_modules(const struct outside *outside, const struct module *modules, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!modules[i].relative &&
			(!modules[i].directory || !is_followed(outside, modules[i].directory)))
			return false;
	return true;
}

bool
outside_has(const struct outside *outside, const struct package_list *list)
{
	if (!has_modules(outside, list->modules, list->module_count) ||
		!has_modules(outside, list->replaced, list->replaced_count) || list->embeds_outside)
		return false;
	for (size_t i = 0; i < list->outside_count; i++)
		if (!is_followed(outside, list->outside[i]))
			return false;
	return true;
}

void
outside_release(struct outside *outside)
{
	arena_release(&outside->arena);
	buf_release(&outside->text);
	free(outside->roots);
	*outside = (struct outside){0};
}

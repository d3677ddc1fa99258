#include "src/gobuild.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/file.h"
#include "src/gopath.h"

/* A name being resolved. */
struct printed {
	const char *name, *base;
	struct str directory;       /* of the name, without the last slash */
	const struct package *unit; /* NULL when it is not in the list */
	const struct package_list *list;
	const struct toolchain *toolchain;
	const char *tree;
	struct arena *arena;
};

static bool
is_file_of_unit(const struct printed *printed)
{
	const struct package *unit = printed->unit;

	return unit && unit->directory &&
	       gobuild_has_file(printed->list, unit->import_path, printed->base);
}

/* A file of the tree, relative to its root. What is no Go file was named by a //line directive. */
static const char *
own(const struct printed *printed, const char *path, enum origin *origin)
{
	*origin = str_ends(str_of(path), STR(".go")) ? ORIGIN_OWN : ORIGIN_GENERATED;
	for (size_t i = 0; i < printed->list->module_count; i++) {
		const char *root = printed->list->modules[i].relative;
		const char *below = root ? gopath_below(path, root) : NULL;
		if (below && strncmp(below, "vendor/", 7) == 0)
			*origin = ORIGIN_VENDORED;
	}
	return path;
}

/* A name that is relative to a directory of the tree; NULL when it leads out of it. */
static const char *
own_below(
	const struct printed *printed, const char *directory, const char *name, enum origin *origin)
{
	const char *path = gopath_clean(printed->arena,
		arena_printf(printed->arena, "%s/%s", *directory ? directory : ".", name));
	bool outside = strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0;

	return outside ? NULL : own(printed, path, origin);
}

static const char *
below_unit(const struct printed *printed, const char *name, enum origin *origin)
{
	if (!printed->unit || !printed->unit->directory)
		return NULL;
	return own_below(printed, printed->unit->directory, name, origin);
}

/* A name that begins with the path of one of the modules; NULL when that is outside of the tree. */
static const char *
below_module(const struct printed *printed, const struct module *modules, size_t count,
	enum origin *origin)
{
	for (size_t i = 0; i < count; i++) {
		const char *below = gopath_below(printed->name, modules[i].path);
		if (below && *below && modules[i].relative)
			return own_below(printed, modules[i].relative, below, origin);
	}
	return NULL;
}

/* An import path and a file: of a package in the list, or of a main module. */
static const char *
by_import_path(const struct printed *printed, enum origin *origin)
{
	const struct package *package = gobuild_package(printed->list, printed->directory);

	if (package && package->directory)
		return own_below(printed, package->directory, printed->base, origin);
	return below_module(printed, printed->list->modules, printed->list->module_count, origin);
}

/* Before Go 1.21 a file of the unit is named relative to wherever the compiler first ran, while
 * others have import paths. So its directory is believed only as far as it is the end of the
 * package's. */
static const char *
by_base_name(const struct printed *printed, enum origin *origin)
{
	if (!is_file_of_unit(printed))
		return NULL;
	struct str directory = str_of(printed->unit->directory);
	bool somewhere = printed->name[0] == '.' || printed->name[0] == '/';
	bool the_end = str_ends(directory, printed->directory) &&
		       (directory.n == printed->directory.n ||
			       directory.p[directory.n - printed->directory.n - 1] == '/');
	return somewhere || the_end ? below_unit(printed, printed->base, origin) : NULL;
}

/* Go's own library: "$GOROOT/src/…", the real directory, or (-trimpath) a path whose first element,
 * as of none but Go's own packages, has no dot. */
static const char *
standard(const struct printed *printed)
{
	const char *below = gopath_below(printed->name, "$GOROOT/src");

	if (!below && printed->toolchain->goroot) {
		below = gopath_below(printed->name, printed->toolchain->goroot);
		below = below ? gopath_below(below, "src") : NULL;
	}
	if (below)
		return below;
	struct str first = {printed->name, strcspn(printed->name, "/")};
	bool go_file = str_ends(str_of(printed->base), STR(".go"));
	return go_file && first.n > 0 && !memchr(first.p, '.', first.n) ? printed->name : NULL;
}

static const char *
resolve_absolute(const struct printed *printed, enum origin *origin)
{
	const char *below = gopath_below(printed->name, printed->tree);

	if (below && *below)
		return own_below(printed, "", below, origin);
	return by_base_name(printed, origin);
}

static bool
is_relative(const char *name)
{
	return strncmp(name, "./", 2) == 0 || strncmp(name, "../", 3) == 0;
}

/* Names with a directory that is not absolute. What is left in the end was said by a //line
 * directive. */
static const char *
resolve_relative(const struct printed *printed, enum origin *origin)
{
	const char *path = by_base_name(printed, origin);

	if (!path && !is_relative(printed->name))
		path = by_import_path(printed, origin);
	if (path)
		return path;
	if (!is_relative(printed->name) && (path = standard(printed))) {
		*origin = ORIGIN_STANDARD;
		return path;
	}
	if (!is_relative(printed->name) && str_ends(str_of(printed->base), STR(".go"))) {
		*origin = ORIGIN_MODULE;
		return printed->name;
	}
	return below_unit(printed, printed->name, origin);
}

/* "example.com/dep@v1.2.3/x/x.go" where that file is below the vendor directory of a main module.
 */
static const char *
vendored(const struct printed *printed, const char *version, enum origin *origin)
{
	struct str module = {printed->name, (size_t)(version - printed->name)};

	for (size_t i = 0; i < printed->list->module_count; i++) {
		const char *root = printed->list->modules[i].relative;
		if (!root)
			continue;
		const char *path = arena_printf(printed->arena, "%s%svendor/%.*s%s", root,
			*root ? "/" : "", STR_ARG(module), strchr(version, '/'));
		if (path_exists(arena_printf(printed->arena, "%s/%s", printed->tree, path)))
			return own(printed, path, origin);
	}
	return NULL;
}

/* Of a module that is not a main one. What replaces it, or a copy, may be in the tree. */
static const char *
versioned(const struct printed *printed, const char *version, enum origin *origin)
{
	const struct package_list *list = printed->list;
	const char *path = below_module(printed, list->replaced, list->replaced_count, origin);

	if (!path)
		path = vendored(printed, version, origin);
	if (path)
		return path;
	*origin = ORIGIN_MODULE;
	return printed->name;
}

static const char *
resolve(const struct printed *printed, enum origin *origin)
{
	const char *version = strchr(printed->name, '@');

	if (strncmp(printed->base, "_cgo_", 5) == 0 || strcmp(printed->base, "_testmain.go") == 0) {
		*origin = ORIGIN_AUTOGENERATED;
		return printed->base;
	}
	if (printed->base == printed->name)
		return below_unit(printed, printed->name, origin);
	if (printed->name[0] == '/' || printed->name[0] == '$') {
		*origin = ORIGIN_STANDARD;
		const char *path = standard(printed);
		return path ? path : resolve_absolute(printed, origin);
	}
	if (version && strchr(version, '/'))
		return versioned(printed, version, origin);
	return resolve_relative(printed, origin);
}

const char *
gobuild_resolve(struct str name, const char *package, enum origin *origin,
	const struct package_list *list, const struct toolchain *toolchain, const char *tree,
	struct arena *arena)
{
	struct printed printed = {
		.name = arena_str(arena, name),
		.unit = gobuild_package(list, (struct str){package, strcspn(package, " ")}),
		.list = list,
		.toolchain = toolchain,
		.tree = tree,
		.arena = arena,
	};
	const char *slash = strrchr(printed.name, '/');

	printed.base = slash ? slash + 1 : printed.name;
	printed.directory = path_directory(printed.name);
	*origin = ORIGIN_AUTOGENERATED;
	if (str_eq(name, STR("<autogenerated>")))
		return printed.name;
	bool nowhere = name.n == 0 || name.p[0] == '<' || str_eq(name, STR("??"));
	const char *path = nowhere ? NULL : resolve(&printed, origin);
	if (path)
		return path;
	*origin = ORIGIN_UNKNOWN;
	return printed.name;
}

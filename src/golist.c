#include "src/gobuild.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/file.h"
#include "src/gocommand.h"
#include "src/gofields.h"
#include "src/gopath.h"
#include "src/gotests.h"

/* One package a line, the fields between tabs and percent-encoded, because names of directories and
 * go's words may hold anything. The first two are its module, where a directory replaces that, and
 * the module's directory, which with vendoring is empty; then, but for packages of Go's library,
 * its import path, its directory, its module and what it imports; the next two the directory and
 * the files that it embeds, where there are any; then its directory, unless go keeps it itself.
 * Packages that are only depended on have no other fields. */
static const char list_template[] =
	"{{with .Module}}{{if .Replace}}{{if not .Replace.Version}}"
	"{{urlquery .Path}}@{{urlquery .Version}}{{end}}{{end}}{{end}}\t"
	"{{with .Module}}{{urlquery .Dir}}{{end}}\t"
	"{{if .Standard}}\t\t\t{{else}}{{urlquery .ImportPath}}\t{{urlquery .Dir}}\t{{with "
	".Module}}"
	"{{urlquery .Path}}@{{urlquery .Version}} {{.GoVersion}}{{with .Replace}} {{urlquery "
	".Path}}"
	"@{{urlquery .Version}} {{.GoVersion}}{{end}}{{end}}\t"
	"{{range .Imports}}{{urlquery .}} {{end}}{{end}}\t"
	"{{if .EmbedFiles}}{{if not .Standard}}{{urlquery .Dir}}\t{{range .EmbedFiles}}{{urlquery "
	".}} {{end}}{{else}}\t{{end}}{{else}}\t{{end}}\t"
	"{{if not .Standard}}{{if not .Module}}{{urlquery .Dir}}{{else if or .Module.Main (not "
	".Module.Dir)}}{{urlquery .Dir}}{{else if .Module.Replace}}{{if not "
	".Module.Replace.Version}}{{urlquery .Dir}}{{end}}{{end}}{{end}}\t"
	"{{if not .DepOnly}}"
	"{{urlquery .ImportPath}}\t{{urlquery .Name}}\t{{urlquery .Dir}}\t{{.Incomplete}}\t"
	"{{with .Error}}{{urlquery .}}{{end}}\t{{with .DepsErrors}}{{urlquery (index . "
	"0)}}{{end}}\t"
	"{{range .Match}}{{urlquery .}} {{end}}\t"
	"{{range .GoFiles}}{{urlquery .}} {{end}}{{range .CgoFiles}}{{urlquery .}} {{end}}{{end}}";
static const char module_template[] = "{{urlquery .Path}}\t{{urlquery .Dir}}";

/* One line of the template above. */
struct entry {
	const char *replaced, *module_directory; /* "example.com/dep@v1.2.3" */
	const char *node, *node_directory;       /* of those that are in the graph of imports */
	struct str node_module;                  /* with its versions */
	struct str imports;                      /* encoded, each followed by a space */
	const char *embedding;                   /* directory of what is embedded; "" */
	const char *place; /* its directory, where that is not go's own or the module cache's; "" */
	const char *import_path, *name, *directory;
	bool incomplete;
	const char *error, *dependency_error;
	struct str patterns, files, embedded; /* encoded, each followed by a space */
};

/* What a list is being made of. */
struct listing {
	const struct gobuild *build;
	struct arena *arena;
	const char *tree, *directory; /* of the build, symbolic links resolved */
	bool keep_files;
	struct package_list list;
	struct buf imports;
	bool odd_imports; /* names that the graph cannot tell apart */
	size_t capacity, module_capacity, replaced_capacity, file_capacity, odd_name_capacity,
		embedded_capacity, outside_capacity;
};

static void
listing_release(struct listing *listing)
{
	free(listing->list.packages);
	free(listing->list.modules);
	free(listing->list.replaced);
	free(listing->list.files);
	free(listing->list.odd_names);
	free(listing->list.embedded);
	buf_release(&listing->imports);
	free(listing->list.outside);
}

static const char *
resolved(struct arena *arena, const char *path)
{
	CLEANUP(free_ptr) char *real = realpath(path, NULL);

	return real ? arena_strdup(arena, real) : gopath_clean(arena, path);
}

static int
compare_modules(const void *a, const void *b)
{
	const struct module *one = a, *two = b;
	size_t n = strlen(one->path), m = strlen(two->path);

	return n != m ? (n < m) - (n > m) : strcmp(one->path, two->path);
}

/* Where there is no main module (GOPATH mode), go's refusal is no error. */
static int
list_modules(struct listing *listing, struct err *err)
{
	CLEANUP(gocommand_release) struct gocommand command = {0};
	CLEANUP(buf_release) struct buf text = {0};
	struct package_list *list = &listing->list;
	struct err refusal;

	gocommand_add_all(&command, (const char *const[]){"list", "-m", "-f", module_template}, 4);
	gocommand_add_all(&command, listing->build->flags, listing->build->flag_count);
	if (gocommand_output(&text, &command, listing->build, &refusal) != 0) {
		if (refusal.code == ERR_FAILED)
			return 0;
		*err = refusal;
		return -1;
	}
	struct str rest = buf_str(&text);
	for (struct str line; str_next(&line, &rest, '\n');) {
		struct module module = {
			.path = gofields_decode(listing->arena, gofields_next(&line))};
		module.directory = resolved(
			listing->arena, gofields_decode(listing->arena, gofields_next(&line)));
		module.relative = gopath_below(module.directory, listing->tree);
		list->modules = array_grow(list->modules, &listing->module_capacity,
			list->module_count + 1, sizeof *list->modules);
		list->modules[list->module_count++] = module;
	}
	if (list->module_count)
		qsort(list->modules, list->module_count, sizeof *list->modules, compare_modules);
	return 0;
}

static struct entry
read_entry(struct arena *arena, struct str line)
{
	struct entry entry = {0};

	entry.replaced = gofields_decode(arena, gofields_next(&line));
	entry.module_directory = gofields_decode(arena, gofields_next(&line));
	entry.node = gofields_decode(arena, gofields_next(&line));
	entry.node_directory = gofields_decode(arena, gofields_next(&line));
	entry.node_module = gofields_next(&line);
	entry.imports = gofields_next(&line);
	entry.embedding = gofields_decode(arena, gofields_next(&line));
	entry.embedded = gofields_next(&line);
	entry.place = gofields_decode(arena, gofields_next(&line));
	entry.import_path = gofields_decode(arena, gofields_next(&line));
	entry.name = gofields_decode(arena, gofields_next(&line));
	entry.directory = gofields_decode(arena, gofields_next(&line));
	entry.incomplete = str_eq(gofields_next(&line), STR("true"));
	entry.error = gofields_decode(arena, gofields_next(&line));
	entry.dependency_error = gofields_decode(arena, gofields_next(&line));
	entry.patterns = gofields_next(&line);
	entry.files = gofields_next(&line);
	return entry;
}

static bool
is_pattern(const char *name)
{
	static const char *const words[] = {"all", "cmd", "std", "tool", "work"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(name, words[i]) == 0)
			return true;
	}
	return strstr(name, "...") != NULL;
}

static bool
is_named_by_itself(const struct entry *entry, struct arena *arena)
{
	struct str rest = entry->patterns;

	for (struct str pattern; str_next(&pattern, &rest, ' ');) {
		if (!is_pattern(gofields_decode(arena, pattern)))
			return true;
	}
	return false;
}

/* go's words for why the package cannot be built, or NULL. */
static const char *
entry_error(const struct entry *entry, struct arena *arena)
{
	if (*entry->error)
		return entry->error;
	if (*entry->dependency_error)
		return entry->dependency_error;
	if (entry->incomplete)
		return "it, or a package that it depends on, cannot be loaded";
	if (entry->files.n == 0)
		return arena_printf(arena, "no non-test Go files in %s", entry->directory);
	return NULL;
}

/* The main module that holds the directory, or NULL. */
static const struct module *
module_of_directory(const struct package_list *list, const char *directory)
{
	const struct module *best = NULL;

	for (size_t i = 0; i < list->module_count; i++) {
		const struct module *module = &list->modules[i];
		bool deeper = !best || strlen(module->directory) > strlen(best->directory);
		if (deeper && gopath_below(directory, module->directory))
			best = module;
	}
	return best;
}

/* Where a package that go has no directory for would be; NULL when that is outside the main
 * modules. *import_path is corrected where go names it by its directory. */
static const char *
missing_directory(const struct listing *listing, const char **import_path)
{
	const char *name = *import_path;

	if (name[0] == '.' || name[0] == '/' || str_ends(str_of(name), STR(".go"))) {
		CLEANUP(free_ptr) char *joined = path_join(listing->directory, name);
		char *directory = gopath_clean(listing->arena, joined);
		const struct module *module = module_of_directory(&listing->list, directory);
		const char *below = module ? gopath_below(directory, module->directory) : NULL;
		if (below && !str_ends(str_of(name), STR(".go")))
			*import_path = arena_printf(
				listing->arena, "%s%s%s", module->path, *below ? "/" : "", below);
		return directory;
	}
	for (size_t i = 0; i < listing->list.module_count; i++) {
		const struct module *module = &listing->list.modules[i];
		const char *below = gopath_below(name, module->path);
		if (below)
			return arena_printf(listing->arena, "%s/%s", module->directory, below);
	}
	return NULL;
}

static void
add_odd_name(struct listing *listing, const char *name)
{
	struct package_list *list = &listing->list;

	list->odd_names = array_grow(list->odd_names, &listing->odd_name_capacity,
		list->odd_name_count + 1, sizeof *list->odd_names);
	list->odd_names[list->odd_name_count++] = name;
}

static void
add_files(struct listing *listing, const char *package, struct str files)
{
	struct package_list *list = &listing->list;

	for (struct str file; str_next(&file, &files, ' ');) {
		const char *name = gofields_decode(listing->arena, file);
		if (strpbrk(name, ":\n\"'`"))
			add_odd_name(listing, name);
		if (!listing->keep_files)
			continue;
		list->files = array_grow(list->files, &listing->file_capacity, list->file_count + 1,
			sizeof *list->files);
		list->files[list->file_count++] = (struct package_file){package, name};
	}
}

/* The program that runs a package's tests, which no pattern matches. */
static bool
is_test_program(const struct entry *entry)
{
	return entry->patterns.n == 0 && strcmp(entry->name, "main") == 0 &&
	       str_ends(str_of(entry->import_path), STR(".test"));
}

static bool
is_vendored(const char *directory)
{
	return str_starts(str_of(directory), STR("vendor/")) || strstr(directory, "/vendor/");
}

/* Those in the tree, relative to it. */
static void
add_embedded(struct listing *listing, const struct entry *entry)
{
	struct package_list *list = &listing->list;
	struct str files = entry->embedded;
	const char *directory =
		files.n ? gopath_below(resolved(listing->arena, entry->embedding), listing->tree)
			: NULL;

	for (struct str file; directory && str_next(&file, &files, ' ');) {
		list->embedded = array_grow(list->embedded, &listing->embedded_capacity,
			list->embedded_count + 1, sizeof *list->embedded);
		list->embedded[list->embedded_count++] = arena_printf(listing->arena, "%s%s%s",
			directory, *directory ? "/" : "", gofields_decode(listing->arena, file));
	}
}

static void
add_outside(struct listing *listing, const struct entry *entry)
{
	struct package_list *list = &listing->list;
	const char *directory = *entry->place ? resolved(listing->arena, entry->place) : NULL;

	if (!directory || gopath_below(directory, listing->tree))
		return;
	list->outside = array_grow(list->outside, &listing->outside_capacity,
		list->outside_count + 1, sizeof *list->outside);
	list->outside[list->outside_count++] = directory;
	list->embeds_outside |= entry->embedded.n > 0;
}

static void
add_package(struct listing *listing, const struct entry *entry)
{
	struct package_list *list = &listing->list;
	struct package package = {
		.import_path = gotests_import_path(entry->import_path, listing->arena),
		.name = entry->name,
		.error = entry_error(entry, listing->arena),
		.tested = gotests_tested(entry->import_path, listing->arena),
	};

	if (*entry->directory) {
		package.directory =
			gopath_below(resolved(listing->arena, entry->directory), listing->tree);
		/* Up to Go 1.20, with vendoring, go says where a missing package would be. One that
		 * would be vendored is not missing from the tree but from its go.mod. */
		package.absent = package.error && package.directory &&
				 !is_vendored(package.directory) && !path_exists(entry->directory);
	} else if (package.error && is_pattern(entry->import_path)) {
		package.pattern = true;
	} else if (package.error) {
		const char *directory = missing_directory(listing, &package.import_path);
		package.absent = directory && !path_exists(directory);
	}
	list->packages = array_grow(
		list->packages, &listing->capacity, list->count + 1, sizeof *list->packages);
	list->packages[list->count++] = package;
	add_files(listing, package.import_path, entry->files);
}

static void
add_replaced(struct listing *listing, const struct entry *entry)
{
	struct package_list *list = &listing->list;

	if (!*entry->replaced || !*entry->module_directory)
		return;
	for (size_t i = 0; i < list->replaced_count; i++) {
		if (strcmp(list->replaced[i].path, entry->replaced) == 0)
			return;
	}
	struct module module = {.path = entry->replaced};
	module.directory = resolved(listing->arena, entry->module_directory);
	module.relative = gopath_below(module.directory, listing->tree);
	list->replaced = array_grow(list->replaced, &listing->replaced_capacity,
		list->replaced_count + 1, sizeof *list->replaced);
	list->replaced[list->replaced_count++] = module;
}

/* A line of package_list.imports. */
static void
add_imports(struct listing *listing, const struct entry *entry)
{
	struct buf *out = &listing->imports;
	struct str imports = entry->imports;
	const char *directory =
		*entry->node_directory
			? gopath_below(
				  resolved(listing->arena, entry->node_directory), listing->tree)
			: NULL;

	if (!*entry->node)
		return;
	if (strpbrk(entry->node, " \t\n") || (directory && strpbrk(directory, "\t\n")))
		listing->odd_imports = true;
	buf_printf(out, "%s\t%s%s\t%.*s\t", entry->node, directory ? "/" : "",
		directory ? directory : "", STR_ARG(entry->node_module));
	for (struct str import; str_next(&import, &imports, ' ');)
		buf_printf(out, "%s ", gofields_decode(listing->arena, import));
	buf_add_char(out, '\n');
}

/* A pattern matches packages that have nothing but tests, and go build passes over them; where
 * tests are built, go has a line for each of their parts. */
static bool
is_wanted(const struct listing *listing, const struct entry *entry)
{
	bool failed = *entry->error || *entry->dependency_error || entry->incomplete;

	if (listing->build->tests)
		return !is_test_program(entry) && (failed || entry->files.n);
	return failed || entry->files.n || is_named_by_itself(entry, listing->arena);
}

static void
read_list(struct listing *listing, struct str text)
{
	for (struct str line; str_next(&line, &text, '\n');) {
		struct entry entry = read_entry(listing->arena, line);
		add_replaced(listing, &entry);
		add_imports(listing, &entry);
		add_embedded(listing, &entry);
		add_outside(listing, &entry);
		if (*entry.import_path && is_wanted(listing, &entry))
			add_package(listing, &entry);
	}
}

static int
compare_packages(const void *a, const void *b)
{
	return strcmp(
		((const struct package *)a)->import_path, ((const struct package *)b)->import_path);
}

/* What is wrong comes first. */
static int
compare_listed(const void *a, const void *b)
{
	const struct package *one = a, *two = b;
	int order = compare_packages(one, two);

	return order ? order : !one->error - !two->error;
}

static int
compare_files(const void *a, const void *b)
{
	const struct package_file *one = a, *two = b;
	int order = strcmp(one->package, two->package);

	return order ? order : strcmp(one->name, two->name);
}

/* Two patterns may name one package that is not there, and go has tests within a package as another
 * one of that name. */
static void
drop_repeated(struct package_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (kept == 0 ||
			compare_packages(&list->packages[kept - 1], &list->packages[i]) != 0)
			list->packages[kept++] = list->packages[i];
	list->count = kept;
}

/* The list, sorted and in the arena. */
static void
hand_over(struct package_list *out, struct listing *listing)
{
	struct package_list *list = &listing->list;

	if (list->count)
		qsort(list->packages, list->count, sizeof *list->packages, compare_listed);
	drop_repeated(list);
	gotests_share_errors(list);
	if (list->file_count)
		qsort(list->files, list->file_count, sizeof *list->files, compare_files);
	*out = *list;
	out->packages =
		arena_copy(listing->arena, list->packages, list->count, sizeof *list->packages);
	out->modules = arena_copy(
		listing->arena, list->modules, list->module_count, sizeof *list->modules);
	out->replaced = arena_copy(
		listing->arena, list->replaced, list->replaced_count, sizeof *list->replaced);
	out->odd_names = arena_copy(
		listing->arena, list->odd_names, list->odd_name_count, sizeof *list->odd_names);
	out->embedded = arena_copy(
		listing->arena, list->embedded, list->embedded_count, sizeof *list->embedded);
	out->outside = arena_copy(
		listing->arena, list->outside, list->outside_count, sizeof *list->outside);
	out->files = arena_copy(listing->arena, list->files, list->file_count, sizeof *list->files);
	out->imports = listing->odd_imports || listing->build->tests
			       ? NULL
			       : arena_str(listing->arena, buf_str(&listing->imports));
}

/* go has a word for each pattern that it cannot look into, as it has for packages: where there is
 * nothing else, nothing was listed. */
static int
check_patterns(const struct package_list *list, struct err *err)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!list->packages[i].pattern)
			return 0;
	}
	return list->count ? err_set(err, ERR_FAILED, "%s", list->packages[0].error) : 0;
}

int
gobuild_list(struct package_list *out, const struct gobuild *build,
	const struct toolchain *toolchain, struct arena *arena, struct err *err)
{
	CLEANUP(gocommand_release) struct gocommand command = {0};
	CLEANUP(buf_release) struct buf text = {0};
	CLEANUP(listing_release)
	struct listing listing = {
		.build = build,
		.arena = arena,
		.tree = resolved(arena, build->tree),
		.directory = resolved(arena, build->directory),
		.keep_files = toolchain->minor > 0 && toolchain->minor < 21,
	};

	gocommand_add_all(&command,
		(const char *const[]){
			"list", "-e", "-deps", "-buildvcs=false", "-f", list_template},
		6);
	if (build->tests)
		gocommand_add(&command, "-test");
	gocommand_add_all(&command, build->flags, build->flag_count);
	if (list_modules(&listing, err) != 0)
		return -1;
	if (gocommand_add_patterns(&command, build)) {
		if (gocommand_output(&text, &command, build, err) != 0)
			return -1;
		read_list(&listing, buf_str(&text));
	}
	if (check_patterns(&listing.list, err) != 0)
		return -1;
	hand_over(out, &listing);
	return 0;
}

static int
compare_package(const void *key, const void *package)
{
	const struct str *name = key;
	struct str path = str_of(((const struct package *)package)->import_path);
	size_t n = name->n < path.n ? name->n : path.n;
	int order = n ? memcmp(name->p, path.p, n) : 0;

	return order ? order : (name->n > path.n) - (name->n < path.n);
}

const struct package *
gobuild_package(const struct package_list *list, struct str import_path)
{
	return list->count ? bsearch(&import_path, list->packages, list->count,
				     sizeof *list->packages, compare_package)
			   : NULL;
}

bool
gobuild_has_file(const struct package_list *list, const char *package, const char *name)
{
	struct package_file key = {package, name};

	return list->file_count &&
	       bsearch(&key, list->files, list->file_count, sizeof key, compare_files) != NULL;
}

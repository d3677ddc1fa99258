#include "src/affected.h"

#include "src/base/cleanup.h"
#include "src/base/file.h"
#include "src/repo.h"

/* Take the next file off the text; false at its end. */
static bool
next_file(struct str *file, const char **path, struct str *rest)
{
	if (!str_next(file, rest, '\0'))
		return false;
	*path = repo_relevant_path(file->p);
	return true;
}

/* go list says what follows from these. */
static bool
tells_modules(const char *path)
{
	static const char *const names[] = {
		"go.mod", "go.sum", "go.work", "go.work.sum", "modules.txt"};
	struct str directory = path_directory(path);
	const char *name = directory.n ? path + directory.n + 1 : path;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Note that a file differs, is gone or has come. */
static bool
add_file(struct intern *directories, struct str file, const char *path)
{
	if (file.p[0] == 'f' && tells_modules(path))
		return true;
	if (file.p[0] != 'f' || !str_ends(str_of(path), STR(".go")))
		return false;
	intern(directories, path_directory(path));
	return true;
}

static bool
has_profiles(struct str files)
{
	const char *path;

	for (struct str file; next_file(&file, &path, &files);)
		if (str_ends(str_of(path), STR(".pgo")))
			return true;
	return false;
}

/* Both are in the order of the paths. */
bool
affected_directories(struct intern *directories, struct str one, struct str two)
{
	struct str a, b;
	const char *in_one, *in_two;

	if (has_profiles(one) || has_profiles(two))
		return false;
	bool has_a = next_file(&a, &in_one, &one), has_b = next_file(&b, &in_two, &two);
	while (has_a || has_b) {
		int order = !has_a ? 1 : !has_b ? -1 : strcmp(in_one, in_two);
		if (order <= 0 && !(order == 0 && str_eq(a, b)) &&
			!add_file(directories, a, in_one))
			return false;
		if (order > 0 && !add_file(directories, b, in_two))
			return false;
		/* A link may have become a file. */
		if (order == 0 && a.p[0] != b.p[0])
			return false;
		if (order <= 0)
			has_a = next_file(&a, &in_one, &one);
		if (order >= 0)
			has_b = next_file(&b, &in_two, &two);
	}
	return true;
}

/* A line of package_list.imports. */
struct node {
	struct str package, identity; /* the directory and the module */
	struct str directory, imports;
};

static bool
next_node(struct node *node, struct str *rest)
{
	struct str line, module;

	*node = (struct node){0};
	if (!str_next(&line, rest, '\n') || !str_next(&node->package, &line, '\t'))
		return false;
	node->identity = line;
	if (str_next(&node->directory, &line, '\t'))
		str_next(&module, &line, '\t');
	node->identity.n -= line.n;
	node->imports = line;
	return true;
}

/* Those of which the list says something else than before. */
static void
add_different(struct intern *packages, const char *before, const char *after)
{
	CLEANUP(arena_release) struct arena arena = {0};
	CLEANUP(intern_release) struct intern known = {.arena = &arena};
	struct str rest = str_of(before);

	for (struct node node; next_node(&node, &rest);)
		*intern_value(&known, node.package) = arena_str(&arena, node.identity);
	rest = str_of(after);
	for (struct node node; next_node(&node, &rest);) {
		const char *identity = intern_value_find(&known, node.package);
		if (!identity || !str_eq(str_of(identity), node.identity))
			intern(packages, node.package);
	}
}

static bool
is_affected(const struct intern *packages, struct node *node, const struct intern *directories)
{
	struct str directory = node->directory, imports = node->imports;

	if (directory.n && intern_find(directories, str_from(directory, 1)))
		return true;
	for (struct str import; str_next(&import, &imports, ' ');)
		if (intern_find(packages, import))
			return true;
	return false;
}

static void
add_dependants(struct intern *packages, const char *imports, const struct intern *directories)
{
	struct str rest = str_of(imports);

	for (struct node node; next_node(&node, &rest);)
		if (is_affected(packages, &node, directories))
			intern(packages, node.package);
}

/* go lists what is imported first, so that once is enough; a second time finds nothing new. */
void
affected_packages(struct intern *packages, const char *before, const char *after,
	const struct intern *directories)
{
	size_t count;

	add_different(packages, before, after);
	do {
		count = packages->count;
		add_dependants(packages, before, directories);
		add_dependants(packages, after, directories);
	} while (packages->count > count);
}

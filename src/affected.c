#include "src/affected.h"

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

/* Note that a file differs, is gone or has come. */
static bool
add_file(struct intern *directories, struct str file, const char *path)
{
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

/* Whether a package of that line is concerned. */
static bool
is_affected(const struct intern *packages, struct str directory, struct str imports,
	const struct intern *directories)
{
	if (directory.n && intern_find(directories, str_from(directory, 1)))
		return true;
	for (struct str import; str_next(&import, &imports, ' ');)
		if (intern_find(packages, import))
			return true;
	return false;
}

/* go lists what is imported first, so that once is enough; a second time finds nothing new. */
void
affected_packages(struct intern *packages, const char *imports, const struct intern *directories)
{
	size_t before;

	do {
		struct str rest = str_of(imports), line, package = {0}, directory = {0};
		before = packages->count;
		while (str_next(&line, &rest, '\n')) {
			if (str_next(&package, &line, '\t') && str_next(&directory, &line, '\t') &&
				is_affected(packages, directory, line, directories))
				intern(packages, package);
		}
	} while (packages->count > before);
}

/* go build passes over a package without a word when one that it depends on does not build. */
#include "src/gobuild.h"

#include "src/gocommand.h"
#include "src/gofields.h"
#include "src/gotests.h"

static const char deps_template[] = "{{urlquery .ImportPath}}\t{{join .Deps \" \"}}";

/* The first of the dependencies that has an error, or NULL. */
static const struct package *
broken_dependency(const struct package_list *list, struct str dependencies)
{
	for (struct str name; str_next(&name, &dependencies, ' ');) {
		const struct package *package = gobuild_package(list, name);
		if (package && package->error)
			return package;
	}
	return NULL;
}

int
gobuild_mark_skipped(struct package_list *list, const struct gobuild *build,
	const struct toolchain *toolchain, struct arena *arena, struct err *err)
{
	CLEANUP(gocommand_release) struct gocommand command = {0};
	CLEANUP(buf_release) struct buf text = {0};
	CLEANUP(arena_release) struct arena scratch = {0};

	if (build->tests)
		return gotests_mark_skipped(list, build, toolchain, err);
	gocommand_add_all(&command,
		(const char *const[]){"list", "-e", "-buildvcs=false", "-f", deps_template}, 5);
	gocommand_add_all(&command, build->flags, build->flag_count);
	if (!gocommand_add_patterns(&command, build))
		return 0;
	if (gocommand_output(&text, &command, build, err) != 0)
		return -1;
	/* Errors are written last, so that each names a package that go itself complained of. */
	const char **errors = arena_alloc(&scratch, (list->count + 1) * sizeof *errors);
	struct str rest = buf_str(&text);
	for (struct str line; str_next(&line, &rest, '\n');) {
		const struct package *package = gobuild_package(
			list, str_of(gofields_decode(&scratch, gofields_next(&line))));
		const struct package *broken = broken_dependency(list, line);
		if (package && !package->error && broken)
			errors[package - list->packages] = arena_printf(arena,
				"skipped by go: it depends on %s, which does not build",
				broken->import_path);
	}
	for (size_t i = 0; i < list->count; i++) {
		if (errors[i])
			list->packages[i].error = errors[i];
	}
	return 0;
}

#include "src/gotests.h"

#include <string.h>

#include "src/gocommand.h"

static struct str
without_variant(struct str listed)
{
	const char *variant = memmem(listed.p, listed.n, " [", 2);

	return variant ? (struct str){listed.p, (size_t)(variant - listed.p)} : listed;
}

const char *
gotests_import_path(const char *listed, struct arena *arena)
{
	return arena_str(arena, without_variant(str_of(listed)));
}

const char *
gotests_tested(const char *listed, struct arena *arena)
{
	struct str name = without_variant(str_of(listed));
	struct str variant = str_from(str_of(listed), name.n);

	if (!str_starts(variant, STR(" [")) || !str_ends(variant, STR(".test]")))
		return NULL;
	struct str tested = {variant.p + strlen(" ["), variant.n - strlen(" [.test]")};
	bool outside = str_starts(name, tested) && str_eq(str_from(name, tested.n), STR("_test"));
	return outside ? arena_str(arena, tested) : NULL;
}

static struct package *
package_of(struct package_list *list, struct str import_path)
{
	const struct package *package = gobuild_package(list, import_path);

	return package ? &list->packages[package - list->packages] : NULL;
}

void
gotests_share_errors(struct package_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct package *tests = &list->packages[i];
		struct package *tested =
			tests->tested ? package_of(list, str_of(tests->tested)) : NULL;
		if (tested && tested->error)
			tests->error = tested->error;
		else if (tested)
			tested->error = tests->error;
	}
}

/* What go compiles is asked for once more: it is out of the build cache, but for what fails. */
static int
ask(struct buf *text, const struct gobuild *build, const struct toolchain *toolchain,
	struct err *err)
{
	/* What was not compiled has no file. */
	static const char template[] = "{{if or .GoFiles .CgoFiles}}{{if not .Export}}"
				       "{{.ImportPath}}{{end}}{{end}}";
	CLEANUP(gocommand_release) struct gocommand command = {0};
	CLEANUP(arena_release) struct arena arena = {0};

	gocommand_add_all(&command,
		(const char *const[]){"list", "-e", "-test", "-export", "-f", template, "-trimpath",
			"-buildvcs=false"},
		8);
	gocommand_add(
		&command, arena_printf(&arena, "-gcflags=%s", gobuild_compiler_flags(toolchain)));
	gocommand_add_all(&command, build->flags, build->flag_count);
	if (!gocommand_add_patterns(&command, build))
		return 0;
	return gocommand_output(text, &command, build, err);
}

int
gotests_mark_skipped(struct package_list *list, const struct gobuild *build,
	const struct toolchain *toolchain, struct err *err)
{
	CLEANUP(buf_release) struct buf text = {0};

	if (ask(&text, build, toolchain, err) != 0)
		return -1;
	struct str rest = buf_str(&text);
	for (struct str line; str_next(&line, &rest, '\n');) {
		struct package *package = package_of(list, without_variant(line));
		if (package && !package->error)
			package->error =
				"skipped by go: something that it, or its tests, depend on "
				"does not build";
	}
	return 0;
}

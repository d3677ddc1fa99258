#include "src/buildkey.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"

/* To be raised when another command line is built, or another part of its output is kept. */
#define KEY_VERSION "2"

/* Whether a flag makes go read files that are not in the tree. */
static bool
leads_elsewhere(const char *flag)
{
	static const struct str files[] = {{"-overlay=", 9}, {"-modfile=", 9}};
	static const struct str profile = {"-pgo=", 5};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (str_starts(str_of(flag), files[i]))
			return true;
	if (!str_starts(str_of(flag), profile))
		return false;
	return strcmp(flag + profile.n, "off") != 0 && strcmp(flag + profile.n, "auto") != 0;
}

const char *
buildkey_decided(const struct build_input *input, struct arena *arena)
{
	CLEANUP(buf_release) struct buf out = {0};
	const struct gobuild *build = input->build;
	const struct toolchain *toolchain = input->toolchain;
	const char *workspace = getenv("GOWORK");

	buf_printf(&out, "key=" KEY_VERSION "\nrelevant=%s\ndirectory=%s\n", input->relevant->hex,
		input->prefix);
	for (size_t i = 0; i < build->package_count; i++)
		buf_printf(&out, "package=%s\n", build->packages[i]);
	for (size_t i = 0; i < build->flag_count; i++) {
		if (leads_elsewhere(build->flags[i]))
			return NULL;
		buf_printf(&out, "flag=%s\n", build->flags[i]);
	}
	buf_printf(&out, "go=%s\ntarget=%s\nexperiments=%s\nworkspace=%s\n", toolchain->version,
		toolchain->target, toolchain->experiments,
		workspace && strcmp(workspace, "off") == 0 ? "off" : "");
	buf_printf(&out, "compile=%s\n", gobuild_compiler_flags(toolchain));
	if (!gobuild_identify(&out, build, toolchain))
		return NULL;
	buf_printf(&out, "environment=%s\n", toolchain->environment);
	return arena_str(arena, buf_str(&out));
}

/* The next line that does not tell the sources. */
static bool
next_line(struct str *line, struct str *rest)
{
	while (str_next(line, rest, '\n'))
		if (!str_starts(*line, STR("relevant=")))
			return true;
	return false;
}

bool
buildkey_differs_in_sources(const char *one, const char *two)
{
	struct str first = str_of(one), second = str_of(two), a, b;

	for (;;) {
		bool has_a = next_line(&a, &first), has_b = next_line(&b, &second);
		if (!has_a || !has_b)
			return has_a == has_b;
		if (!str_eq(a, b))
			return false;
	}
}

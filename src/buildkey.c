#include "src/buildkey.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"

/* To be raised when another command line is built, or another part of its output is kept. */
#define KEY_VERSION "2"

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
	for (size_t i = 0; i < build->flag_count; i++)
		buf_printf(&out, "flag=%s\n", build->flags[i]);
	if (input->tests)
		buf_printf(&out, "tests=%s\n", input->tests->hex);
	if (input->outside.n) {
		struct content_id outside = hash_content(input->outside);
		buf_printf(&out, "outside=%s\n", outside.hex);
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

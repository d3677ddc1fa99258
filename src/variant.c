#include "src/variant.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/str.h"

/* What of go's environment decides what is compiled, and may differ from build to build of one
 * toolchain (go help environment); the target first. */
static const char *const names[] = {"GOARCH", "GOOS", "CGO_ENABLED", "GO386", "GOAMD64", "GOARM",
	"GOARM64", "GOEXPERIMENT", "GOFIPS140", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64",
	"GOWASM"};

enum { NAME_COUNT = sizeof names / sizeof *names, TARGET_COUNT = 2 };

static int
add_setting(
	const char **settings, size_t *count, struct str word, struct arena *arena, struct err *err)
{
	const char *equals = memchr(word.p, '=', word.n);
	struct str name = {word.p, equals ? (size_t)(equals - word.p) : word.n};
	CLEANUP(buf_release) struct buf all = {0};

	for (size_t i = 0; i < NAME_COUNT; i++) {
		if (equals && str_eq(name, str_of(names[i])) && *count < NAME_COUNT) {
			settings[(*count)++] = arena_str(arena, word);
			return 0;
		}
		buf_printf(&all, "%s%s", i ? ", " : "", names[i]);
	}
	return err_set(err, ERR_USAGE,
		"a variant is settings, NAME=VALUE, and go's build flags: '%.*s' is none of them; "
		"the settings are %s",
		STR_ARG(word), all.p);
}

static int
add_flags(struct variant *out, struct str flags, struct arena *arena, struct err *err)
{
	struct goflags dropped = {0};

	if (goflags_split(&out->flags, arena_str(arena, flags), &dropped, arena, err) == 0 &&
		dropped.count)
		err_set(err, ERR_USAGE,
			"'%s' cannot be in a variant: it is none of go's build flags, or it would "
			"change what the compiler prints",
			dropped.words[0]);
	bool failed = err->code != ERR_NONE;
	goflags_release(&dropped);
	return failed ? -1 : 0;
}

int
variant_read(struct variant *out, const char *text, struct arena *arena, struct err *err)
{
	const char **settings = arena_alloc(arena, NAME_COUNT * sizeof *settings);
	struct str rest = str_of(text);

	*out = (struct variant){.settings = settings};
	err->code = ERR_NONE;
	for (;;) {
		struct str word;
		rest = str_unindented(rest);
		if (rest.n == 0)
			return 0;
		if (rest.p[0] == '-' || rest.p[0] == '"' || rest.p[0] == '\'')
			return add_flags(out, rest, arena, err);
		str_next(&word, &rest, ' ');
		if (add_setting(settings, &out->setting_count, word, arena, err) != 0)
			return -1;
	}
}

void
variant_release(struct variant *variant)
{
	goflags_release(&variant->flags);
	*variant = (struct variant){0};
}

void
variant_enter(struct variant_saved *saved, const struct variant *variant)
{
	saved->values = calloc(NAME_COUNT, sizeof *saved->values);
	if (!saved->values)
		abort();
	for (size_t i = 0; i < NAME_COUNT; i++)
		if (getenv(names[i]))
			saved->values[i] = strdup(getenv(names[i]));
	for (size_t i = 0; i < variant->setting_count; i++) {
		const char *setting = variant->settings[i], *equals = strchr(setting, '=');
		CLEANUP(free_ptr) char *name = strndup(setting, (size_t)(equals - setting));
		if (name)
			setenv(name, equals + 1, 1);
	}
}

void
variant_leave(struct variant_saved *saved)
{
	for (size_t i = 0; i < NAME_COUNT && saved->values; i++) {
		if (saved->values[i])
			setenv(names[i], saved->values[i], 1);
		else
			unsetenv(names[i]);
		free(saved->values[i]);
	}
	free(saved->values);
	*saved = (struct variant_saved){0};
}

const char *const *
variant_settings(size_t *count, struct arena *arena)
{
	const char *settings[NAME_COUNT];

	*count = 0;
	for (size_t i = TARGET_COUNT; i < NAME_COUNT; i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			settings[(*count)++] = arena_printf(arena, "%s=%s", names[i], value);
	}
	return arena_copy(arena, settings, *count, sizeof *settings);
}

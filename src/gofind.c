#include "src/gofind.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/gocommand.h"

/* Where installers, distributions, golang.org/dl and go itself put it. */
static const char *const places[] = {
	"/usr/local/go/bin/go",
	"/usr/lib/go/bin/go",
	"/usr/lib/go-*/bin/go",
	"~/sdk/go*/bin/go",
	"~/go/bin/go1.*",
	"~/go/pkg/mod/golang.org/toolchain@*/bin/go",
};

static bool
is_known(const struct go_programs *programs, const char *file)
{
	for (size_t i = 0; i < programs->count; i++)
		if (strcmp(programs->files[i], file) == 0)
			return true;
	return false;
}

static void
add(struct go_programs *programs, const char *path)
{
	CLEANUP(free_ptr) char *file = realpath(path, NULL);
	struct stat status;

	if (!file || stat(file, &status) != 0 || !S_ISREG(status.st_mode) ||
		access(file, X_OK) != 0 || is_known(programs, file))
		return;
	programs->paths = array_grow(
		programs->paths, &programs->capacity, programs->count + 1, sizeof *programs->paths);
	programs->files = array_grow(programs->files, &programs->file_capacity, programs->count + 1,
		sizeof *programs->files);
	programs->paths[programs->count] = arena_strdup(&programs->arena, path);
	programs->files[programs->count++] = arena_strdup(&programs->arena, file);
}

static void
add_path_variable(struct go_programs *programs)
{
	const char *variable = getenv("PATH");
	struct str directories = str_of(variable ? variable : "");

	for (struct str directory; str_next(&directory, &directories, ':');) {
		CLEANUP(buf_release) struct buf path = {0};
		if (directory.n == 0 || directory.p[0] != '/')
			continue;
		buf_printf(&path, "%.*s/go", STR_ARG(directory));
		add(programs, path.p);
	}
}

static void
add_matches(struct go_programs *programs, const char *pattern)
{
	CLEANUP(globfree) glob_t found = {0};

	if (glob(pattern, GLOB_TILDE, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		add(programs, found.gl_pathv[i]);
}

static void
add_downloaded(struct go_programs *programs, const struct gobuild *build)
{
	static const char *const words[] = {"env", "GOMODCACHE"};
	CLEANUP(gocommand_release) struct gocommand command = {0};
	CLEANUP(buf_release) struct buf text = {0};
	CLEANUP(buf_release) struct buf pattern = {0};
	struct err ignored;
	struct str directory;

	gocommand_add_all(&command, words, sizeof words / sizeof *words);
	if (gocommand_output(&text, &command, build, &ignored) != 0)
		return;
	struct str rest = buf_str(&text);
	if (!str_next(&directory, &rest, '\n'))
		return;
	buf_printf(&pattern, "%.*s/golang.org/toolchain@*/bin/go", STR_ARG(directory));
	add_matches(programs, pattern.p);
}

void
gofind_all(struct go_programs *out, const struct gobuild *build)
{
	CLEANUP(free_ptr) char *used = gobuild_program(build);

	*out = (struct go_programs){0};
	if (used)
		add(out, used);
	add_path_variable(out);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		add_matches(out, places[i]);
	add_downloaded(out, build);
}

void
go_programs_release(struct go_programs *programs)
{
	free(programs->paths);
	free(programs->files);
	arena_release(&programs->arena);
	*programs = (struct go_programs){0};
}

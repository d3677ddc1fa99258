#include "src/gorecord.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/base/hash.h"

/* How gorecord_begin() tells the process that go starts. */
static const char into[] = "HEAPWARDEN_KEEP_INTO";
static const char below[] = "HEAPWARDEN_KEEP_BELOW";
static const char explain[] = "HEAPWARDEN_KEEP_FLAGS";

enum { EXIT_FAILED = 127 }; /* as of a shell that cannot start a program */

void
gorecord_begin(const char *directory, const char *tree, const struct toolchain *toolchain)
{
	setenv(into, directory, 1);
	setenv(below, tree, 1);
	setenv(explain, gobuild_compiler_flags(toolchain), 1);
}

void
gorecord_end(void)
{
	unsetenv(into);
	unsetenv(below);
	unsetenv(explain);
}

const char *
gorecord_file(const char *directory, const char *import_path, struct arena *arena)
{
	struct content_id name = hash_content(str_of(import_path));

	return arena_printf(arena, "%s/%s", directory, name.hex);
}

static bool
is_compiler(const char *tool)
{
	const char *slash = strrchr(tool, '/');

	return strcmp(slash ? slash + 1 : tool, "compile") == 0;
}

static bool
is_in_tree(const char *file)
{
	struct str tree = str_of(getenv(below));

	return tree.n && str_starts(str_of(file), tree) && file[tree.n] == '/' &&
	       !strstr(file + tree.n, "/vendor/");
}

static bool
is_kept(char **argv)
{
	const char *package = getenv("TOOLEXEC_IMPORTPATH");
	size_t files = 0;

	if (!getenv(into) || !getenv(explain) || !package || strchr(package, ' ') ||
		!is_compiler(argv[0]))
		return false;
	for (char **word = argv + 1; *word; word++) {
		if (str_starts(str_of(*word), STR("-pgoprofile")))
			return false;
		if (!str_ends(str_of(*word), STR(".go")))
			continue;
		if (!is_in_tree(*word))
			return false;
		files++;
	}
	return files > 0;
}

/* The tool, what makes it explain itself, and the arguments that go gave. */
static char **
with_flags(char **argv, struct arena *arena)
{
	struct str flags = str_of(getenv(explain)), flag;
	size_t count = 0, given = 0;

	while (argv[given])
		given++;
	char **words = arena_alloc(arena, (given + flags.n + 2) * sizeof *words);
	words[count++] = argv[0];
	while (str_next(&flag, &flags, ' '))
		words[count++] = arena_str(arena, flag);
	memcpy(words + count, argv + 1, given * sizeof *words);
	return words;
}

/* Whether the tool succeeded, with all that it says in the file. */
static bool
run_into(const char *file, char **argv)
{
	CLEANUP(posix_spawn_file_actions_destroy) posix_spawn_file_actions_t actions;
	pid_t pid;
	int status;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(
		&actions, STDOUT_FILENO, file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
	if (posix_spawn(&pid, argv[0], &actions, NULL, argv, environ) != 0)
		return false;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Whether the package is compiled, and what was said is kept. */
static bool
keep(char **argv)
{
	CLEANUP(arena_release) struct arena arena = {0};
	const char *file = gorecord_file(getenv(into), getenv("TOOLEXEC_IMPORTPATH"), &arena);
	const char *unfinished = arena_printf(&arena, "%s.%ld", file, (long)getpid());

	if (run_into(unfinished, with_flags(argv, &arena)) && rename(unfinished, file) == 0)
		return true;
	unlink(unfinished);
	return false;
}

int
gorecord_main(char **argv)
{
	if (!*argv) {
		fputs("heapwarden: " GORECORD_COMMAND " needs the tool to run\n", stderr);
		return EXIT_FAILED;
	}
	if (is_kept(argv) && keep(argv))
		return 0;
	execv(*argv, argv);
	fprintf(stderr, "heapwarden: cannot run '%s': %s\n", *argv, strerror(errno));
	return EXIT_FAILED;
}

/* A directory of its own for tests that need real git repositories, with no configuration but
 * theirs. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/file.h"
#include "tests/test.h"

/* What every script starts with. `lines WORD FROM TO` prints lines that differ from each other. */
#define SCRIPT_HEAD                                                                                \
	"set -e\n"                                                                                 \
	"lines() { seq -f \"$1 line %g of the text\" $2 $3; }\n"                                   \
	"save() { git add -A; git commit -q -m \"$1\"; }\n"

/* Run the shell script in the directory; it must succeed. */
static inline void
sh(const char *directory, const char *script)
{
	CLEANUP(buf_release) struct buf text = {0};

	buf_printf(&text, "cd '%s'\n%s%s", directory, SCRIPT_HEAD, script);
	if (system(text.p) != 0)
		fail_msg("this script fails:\n%s", script);
}

/* What the script prints, without the newline at the end. The caller frees it. */
static inline char *
sh_output(const char *directory, const char *script)
{
	CLEANUP(buf_release) struct buf text = {0};
	struct buf out = {0};
	char piece[4096];

	buf_printf(&text, "cd '%s'\n%s%s", directory, SCRIPT_HEAD, script);
	FILE *pipe = popen(text.p, "r");
	assert_non_null(pipe);
	for (size_t n; (n = fread(piece, 1, sizeof piece, pipe)) > 0;)
		buf_add(&out, (struct str){piece, n});
	if (pclose(pipe) != 0)
		fail_msg("this script fails:\n%s", script);
	while (out.n > 0 && out.p[out.n - 1] == '\n')
		out.p[--out.n] = '\0';
	return out.p ? out.p : strdup("");
}

/* All that somebody could have touched in a repository and its working tree, with times. The caller
 * frees it. */
static inline char *
sh_state(const char *directory)
{
	return sh_output(directory, "find . -printf '%p %y %m %T@ %s %l\\n' | sort\n"
				    "find . -type f -exec sha1sum {} + | sort\n");
}

/* Make the directory, and make it the current one. `path` ends in XXXXXX. */
static inline void
fixture_enter(char *path)
{
	static const char *const environment[][2] = {
		{"GIT_CONFIG_NOSYSTEM", "1"},
		{"GIT_CONFIG_GLOBAL", "/dev/null"},
		{"GIT_AUTHOR_NAME", "An Author"},
		{"GIT_AUTHOR_EMAIL", "author@example.com"},
		{"GIT_AUTHOR_DATE", "2024-01-02T03:04:05Z"},
		{"GIT_COMMITTER_NAME", "A Committer"},
		{"GIT_COMMITTER_EMAIL", "committer@example.com"},
		{"GIT_COMMITTER_DATE", "2024-01-02T03:04:05Z"},
		{"GIT_ALLOW_PROTOCOL", "file"},
		{"LC_ALL", "C.UTF-8"},
		{"TZ", "UTC"},
	};
	static const char *const unset[] = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE",
		"XDG_CONFIG_HOME", "GIT_OBJECT_DIRECTORY"};

	if (!mkdtemp(path) || chdir(path) != 0)
		exit(1);
	umask(022);
	for (size_t i = 0; i < sizeof environment / sizeof *environment; i++)
		setenv(environment[i][0], environment[i][1], 1);
	for (size_t i = 0; i < sizeof unset / sizeof *unset; i++)
		unsetenv(unset[i]);
	setenv("HOME", path, 1);
}

static inline void
fixture_leave(const char *path)
{
	if (chdir("/") == 0)
		dir_remove(path);
}

#include "src/toolexec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/base/cleanup.h"

enum { EXIT_FAILED = 127 }; /* as of a shell that cannot start a program */

static bool
is_linker(const char *tool)
{
	const char *slash = strrchr(tool, '/');
	const char *name = slash ? slash + 1 : tool;

	return strcmp(name, "link") == 0 || strcmp(name, "link.exe") == 0;
}

/* Where the linker would write; NULL when it is asked for its version (-V=full), or when it is not
 * said. */
static const char *
link_output(char **args)
{
	const char *output = NULL;

	for (; *args; args++) {
		if (strncmp(*args, "-V", 2) == 0)
			return NULL;
		if (strncmp(*args, "-o=", 3) == 0)
			output = *args + 3;
		else if (strcmp(*args, "-o") == 0 && args[1])
			output = *++args;
	}
	return output;
}

static int
fail(const char *what, const char *path)
{
	fprintf(stderr, "heapwarden: cannot %s '%s': %s\n", what, path, strerror(errno));
	return EXIT_FAILED;
}

int
toolexec_main(char **argv)
{
	const char *output = *argv && is_linker(*argv) ? link_output(argv + 1) : NULL;

	if (output) {
		CLEANUP(close_fd)
		int fd = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0777);
		return fd < 0 ? fail("write", output) : 0;
	}
	if (!*argv) {
		fputs("heapwarden: toolexec needs the tool to run\n", stderr);
		return EXIT_FAILED;
	}
	execv(*argv, argv);
	return fail("run", *argv);
}

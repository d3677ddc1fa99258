/* heapwarden: finds the new heap escapes between two states of a Go repository. */
#include <argp.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report/terminal.h"
#include "src/base/interrupt.h"
#include "src/gorecord.h"
#include "src/options.h"
#include "src/toolexec.h"

const char *argp_program_version = "heapwarden " HEAPWARDEN_VERSION;

enum { STATUS_TROUBLE = 2 };

static int
run(struct options *options, int argc, char **argv, int *status, struct err *err)
{
	int at;

	if (options_parse_global(options, argc, argv, &at, err) != 0)
		return -1;
	if (at == argc)
		return err_set(err, ERR_USAGE, "no command: heapwarden --help lists them");
	const struct command *command = command_find(argv[at]);
	if (!command)
		return err_set(err, ERR_USAGE,
			"there is no command '%s': heapwarden --help lists them", argv[at]);
	if (options_parse(options, command, argc - at, argv + at, err) != 0)
		return -1;
	if (command->run(options, status, err) != 0)
		return -1;
	if (fflush(stdout) != 0 || ferror(stdout))
		return err_errno(err, "cannot write standard output");
	return 0;
}

/* Files that we open must not become what a library or a child takes for standard input, output or
 * error. */
static void
open_standard_files(void)
{
	int fd = open("/dev/null", O_RDWR);

	while (fd >= 0 && fd <= STDERR_FILENO)
		fd = dup(fd);
	if (fd > STDERR_FILENO)
		close(fd);
}

int
main(int argc, char **argv)
{
	CLEANUP(options_release) struct options options = {0};
	struct err err = {0};
	int status = STATUS_TROUBLE;

	/* go calls us once for each of its tools: nothing else may cost time then. */
	if (argc > 2 && strcmp(argv[1], TOOLEXEC_COMMAND) == 0)
		return toolexec_main(argv + 2);
	if (argc > 2 && strcmp(argv[1], GORECORD_COMMAND) == 0)
		return gorecord_main(argv + 2);
	open_standard_files();
	argp_err_exit_status = STATUS_TROUBLE;
	interrupt_install();
	if (run(&options, argc, argv, &status, &err) != 0) {
		status = STATUS_TROUBLE;
		if (!interrupt_signal()) {
			fputs("heapwarden: ", stderr);
			terminal_lines(stderr, str_of(err.msg));
		}
	}
	interrupt_reraise();
	return status;
}

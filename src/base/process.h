/* Children: started, listened to, ended. No shell in between. */
#pragma once

#include "src/base/err.h"
#include "src/base/str.h"

/* Called with each piece of output as it arrives; the bytes are valid until it returns. */
typedef void (*process_output_fn)(struct str bytes, void *ctx);

struct process {
	const char *const *argv; /* NULL-terminated; argv[0] without a slash is looked up in PATH */
	const char *const *env;  /* NULL-terminated and complete; NULL hands on our own */
	const char *dir;         /* working directory; NULL is ours */
	process_output_fn on_stdout; /* NULL: goes to /dev/null */
	process_output_fn on_stderr; /* NULL: goes to our standard error */
	void *ctx;
};

struct process_end {
	int status; /* exit status, -1 when a signal ended it */
	int signal; /* the signal, 0 when it exited */
};

/*
 * Run to the end with empty standard input, both outputs read as they come (neither can block the
 * other). The child leads a process group of its own: when a signal asks us to end
 * (src/base/interrupt.h), the whole group gets it (SIGINT when a time is over), then SIGKILL five
 * seconds later, and the call fails with ERR_INTERRUPTED after the child is gone. A missing program
 * is ERR_NOT_FOUND. A child that fails is no error: *end tells.
 */
MUST_CHECK int process_run(struct process_end *end, const struct process *process, struct err *err);

/* For output that nobody wants. */
void process_ignore(struct str bytes, void *ctx);

/* The path of the program that argv[0] and an environment (NULL is our own) name: itself when it
 * has a slash, else from an absolute directory of PATH. To be freed; NULL where there is none. */
char *process_find(const char *name, const char *const *env);

#include "src/base/attached.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/base/interrupt.h"

/* Blocked but for the time in ppoll(), so that none gets lost between looking for one and waiting.
 */
static void
block_interrupts(sigset_t *before)
{
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGHUP);
	sigprocmask(SIG_BLOCK, &blocked, before);
}

/* Signals that we catch are as they were before for the child; those that we were told to ignore
 * stay ignored. */
static int
start(pid_t *pid, const char *const *argv, const char *dir, const sigset_t *mask, struct err *err)
{
	CLEANUP(posix_spawn_file_actions_destroy) posix_spawn_file_actions_t actions;
	CLEANUP(posix_spawnattr_destroy) posix_spawnattr_t attributes;
	CLEANUP(free_ptr) char *path = process_find(argv[0], NULL);
	char *const *words;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	if (!path)
		return err_set(err, ERR_NOT_FOUND, "cannot run '%s': not found in PATH", argv[0]);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, mask);
	if (dir)
		posix_spawn_file_actions_addchdir_np(&actions, dir);
	/* posix_spawn() leaves the strings as they are, but its type does not say so. */
	memcpy(&words, &argv, sizeof words);
	errno = posix_spawn(pid, path, &actions, &attributes, words, environ);
	return errno ? err_errno(err, "cannot run '%s'%s%s%s", path, dir ? " in '" : "",
			       dir ? dir : "", dir ? "'" : "")
		     : 0;
}

/* Until the child has ended, or, where the system cannot tell that so, until a signal arrived. */
static void
wait_and_pass_on(pid_t pid, const sigset_t *mask)
{
	int fd = pidfd_open(pid, 0);
	struct pollfd ended = {.fd = fd, .events = POLLIN};

	while (ppoll(&ended, 1, NULL, mask) != 1 && errno == EINTR) {
		if (interrupt_signal())
			kill(pid, interrupt_take());
	}
	if (fd >= 0)
		close(fd);
}

int
attached_run(struct process_end *end, const char *const *argv, const char *dir, struct err *err)
{
	struct sigaction child = {.sa_handler = SIG_DFL}, before_child;
	sigset_t before;
	pid_t pid;
	int status = 0;

	block_interrupts(&before);
	/* Whoever started us may have it ignored: then there would be no status to wait for. */
	sigaction(SIGCHLD, &child, &before_child);
	int result = start(&pid, argv, dir, &before, err);
	if (result == 0) {
		wait_and_pass_on(pid, &before);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	sigaction(SIGCHLD, &before_child, NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (result != 0)
		return -1;
	if (WIFSIGNALED(status))
		*end = (struct process_end){.status = -1, .signal = WTERMSIG(status)};
	else
		*end = (struct process_end){.status = WEXITSTATUS(status)};
	/* One that came while the child was ending. */
	interrupt_take();
	return 0;
}

#include "src/base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "src/base/file.h"
#include "src/base/interrupt.h"

enum {
	KILL_AFTER_MS = 5000,
	ASK_AGAIN_MS =
		5, /* how often a child that closed its outputs is asked whether it has ended */
	OUTPUTS = 2,
};

/* A pipe, or neither end. */
struct ends {
	int read, write;
};

struct child {
	pid_t pid;
	struct pollfd outputs[OUTPUTS]; /* fd -1: closed, or never listened to */
	process_output_fn listeners[OUTPUTS];
	void *ctx;
	bool interrupted, killed;
	int64_t kill_at_ms;
};

/* What of our own signals is changed while a child runs. */
struct signals {
	sigset_t mask;
	struct sigaction child;
};

static void
ends_close(struct ends *ends)
{
	close_fd(&ends->read);
	close_fd(&ends->write);
}

static int
ends_open(struct ends *ends, struct err *err)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) != 0)
		return err_errno(err, "cannot create a pipe");
	*ends = (struct ends){fds[0], fds[1]};
	return 0;
}

/* Interrupts stay blocked but for the time in ppoll(), so that none gets lost between looking for
 * one and waiting. SIGCHLD may have been ignored by whoever started us: then there would be no
 * status to wait for. */
static void
signals_change(struct signals *before)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGHUP);
	sigaddset(&blocked, SIGALRM);
	sigprocmask(SIG_BLOCK, &blocked, &before->mask);
	sigemptyset(&action.sa_mask);
	sigaction(SIGCHLD, &action, &before->child);
}

static void
signals_restore(struct signals *before)
{
	sigaction(SIGCHLD, &before->child, NULL);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

static bool
is_program(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

static struct str
search_path(const char *const *env)
{
	for (; *env; env++) {
		if (strncmp(*env, "PATH=", 5) == 0)
			return str_of(*env + 5);
	}
	return STR("/usr/local/bin:/usr/bin:/bin");
}

static const char *const *
own_environment(void)
{
	return (const char *const *)environ;
}

/* Relative directories in PATH are passed over: the child's working directory may hold the files of
 * a stranger. */
char *
process_find(const char *name, const char *const *env)
{
	struct str directories = search_path(env ? env : own_environment());

	if (strchr(name, '/'))
		return strdup(name);
	for (struct str directory; str_next(&directory, &directories, ':');) {
		struct buf path = {0};
		if (directory.n == 0 || directory.p[0] != '/')
			continue;
		buf_printf(&path, "%.*s/%s", STR_ARG(directory), name);
		if (is_program(path.p))
			return path.p;
		buf_release(&path);
	}
	return NULL;
}

/* Where one of the child's outputs goes: our pipe, or the place of those that nobody listens to. */
static void
direct_output(posix_spawn_file_actions_t *actions, int number, int pipe_end)
{
	if (pipe_end >= 0)
		posix_spawn_file_actions_adddup2(actions, pipe_end, number);
	else if (number == STDOUT_FILENO)
		posix_spawn_file_actions_addopen(actions, number, "/dev/null", O_WRONLY, 0);
}

/* posix_spawn() leaves the strings as they are, but its type does not say so. */
static char *const *
strings(const char *const *words)
{
	char *const *same;

	memcpy(&same, &words, sizeof same);
	return same;
}

/* An errno value, 0 when the child runs. */
static int
spawn(pid_t *pid, const char *path, const struct process *process, const char *const *env,
	const struct ends pipes[OUTPUTS])
{
	CLEANUP(posix_spawn_file_actions_destroy) posix_spawn_file_actions_t actions;
	CLEANUP(posix_spawnattr_destroy) posix_spawnattr_t attributes;
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes,
		POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);

	posix_spawn_file_actions_init(&actions);
	if (process->dir)
		posix_spawn_file_actions_addchdir_np(&actions, process->dir);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	direct_output(&actions, STDOUT_FILENO, pipes[0].write);
	direct_output(&actions, STDERR_FILENO, pipes[1].write);
	return posix_spawn(pid, path, &actions, &attributes, strings(process->argv), strings(env));
}

static int
start(pid_t *pid, const struct process *process, const struct ends pipes[OUTPUTS], struct err *err)
{
	const char *const *env = process->env ? process->env : own_environment();
	CLEANUP(free_ptr) char *path = process_find(process->argv[0], env);
	struct stat status;

	if (!path)
		return err_set(
			err, ERR_NOT_FOUND, "cannot run '%s': not found in PATH", process->argv[0]);
	if (process->dir && stat(process->dir, &status) != 0) {
		err_errno(err, "cannot run '%s' in '%s'", process->argv[0], process->dir);
		err->code = ERR_FAILED;
		return -1;
	}
	int number = spawn(pid, path, process, env, pipes);
	if (number != 0) {
		errno = number;
		return err_errno(err, "cannot run '%s'", path);
	}
	return 0;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
close_output(struct pollfd *output)
{
	close(output->fd);
	output->fd = -1;
}

static bool
is_open(const struct child *child)
{
	return child->outputs[0].fd >= 0 || child->outputs[1].fd >= 0;
}

/* The end of a time (interrupt_after()) is told with the signal that go cleans up after: it passes
 * over SIGALRM. */
static int
signal_for_child(void)
{
	int number = interrupt_signal();

	return number == SIGALRM ? SIGINT : number;
}

/* Hand a signal that arrived on to the child's group, once, and end what is left of it when its
 * time is over. A process that left the group may still hold the pipes: they are not waited for
 * then. */
static void
pass_interrupt(struct child *child)
{
	if (!child->interrupted && interrupt_signal()) {
		child->interrupted = true;
		child->kill_at_ms = now_ms() + KILL_AFTER_MS;
		kill(-child->pid, signal_for_child());
	} else if (child->interrupted && !child->killed && now_ms() >= child->kill_at_ms) {
		child->killed = true;
		kill(-child->pid, SIGKILL);
		for (int i = 0; i < OUTPUTS; i++) {
			if (child->outputs[i].fd >= 0)
				close_output(&child->outputs[i]);
		}
	}
}

static struct timespec
patience(const struct child *child)
{
	int64_t ms = ASK_AGAIN_MS;

	if (is_open(child)) {
		ms = child->kill_at_ms - now_ms();
		ms = ms > 0 ? ms : 0;
	}
	return (struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
}

static void
read_output(struct pollfd *output, process_output_fn listener, void *ctx)
{
	char bytes[64 * 1024];
	ssize_t n = read(output->fd, bytes, sizeof bytes);

	if (n > 0)
		listener((struct str){bytes, (size_t)n}, ctx);
	else if (n == 0 || errno != EINTR)
		close_output(output);
}

static void
wait_for_output(struct child *child, const sigset_t *mask)
{
	struct timespec timeout = patience(child);
	bool for_ever = is_open(child) && !child->interrupted;

	if (ppoll(child->outputs, OUTPUTS, for_ever ? NULL : &timeout, mask) <= 0)
		return;
	for (int i = 0; i < OUTPUTS; i++) {
		if (child->outputs[i].fd >= 0 && child->outputs[i].revents)
			read_output(&child->outputs[i], child->listeners[i], child->ctx);
	}
}

/* The child is waited for only after its outputs were closed: until then its process id, and with
 * it its group's, is not given to anybody else. */
static int
wait_for_end(int *status, struct child *child, const sigset_t *mask, struct err *err)
{
	for (;;) {
		pass_interrupt(child);
		pid_t pid = is_open(child) ? 0 : waitpid(child->pid, status, WNOHANG);
		if (pid == child->pid)
			return 0;
		if (pid < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for a child");
		wait_for_output(child, mask);
	}
}

static int
listen_to(struct process_end *end, struct child *child, const sigset_t *mask, struct err *err)
{
	int status = 0;

	if (wait_for_end(&status, child, mask, err) != 0)
		return -1;
	if (child->interrupted)
		return err_set(err, ERR_INTERRUPTED, "interrupted");
	if (WIFSIGNALED(status))
		*end = (struct process_end){.status = -1, .signal = WTERMSIG(status)};
	else
		*end = (struct process_end){.status = WEXITSTATUS(status)};
	return 0;
}

void
process_ignore(struct str bytes, void *ctx)
{
	(void)bytes, (void)ctx;
}

int
process_run(struct process_end *end, const struct process *process, struct err *err)
{
	struct child child = {
		.listeners = {process->on_stdout, process->on_stderr},
		.ctx = process->ctx,
	};
	CLEANUP(ends_close) struct ends out = {-1, -1};
	CLEANUP(ends_close) struct ends errors = {-1, -1};

	if (process->on_stdout && ends_open(&out, err) != 0)
		return -1;
	if (process->on_stderr && ends_open(&errors, err) != 0)
		return -1;
	CLEANUP(signals_restore) struct signals before;
	signals_change(&before);
	if (interrupt_signal())
		return err_set(err, ERR_INTERRUPTED, "interrupted");
	if (start(&child.pid, process, (const struct ends[OUTPUTS]){out, errors}, err) != 0)
		return -1;
	close_fd(&out.write);
	close_fd(&errors.write);
	out.write = errors.write = -1;
	child.outputs[0] = (struct pollfd){.fd = out.read, .events = POLLIN};
	child.outputs[1] = (struct pollfd){.fd = errors.read, .events = POLLIN};
	out.read = errors.read = -1;
	return listen_to(end, &child, &before.mask, err);
}

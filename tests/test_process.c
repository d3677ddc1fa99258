#include "tests/test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/base/file.h"
#include "src/base/interrupt.h"
#include "src/base/process.h"

struct outputs {
	struct buf out, errors;
};

static void
keep_out(struct str bytes, void *ctx)
{
	buf_add(&((struct outputs *)ctx)->out, bytes);
}

static void
keep_errors(struct str bytes, void *ctx)
{
	buf_add(&((struct outputs *)ctx)->errors, bytes);
}

static void
outputs_release(struct outputs *outputs)
{
	buf_release(&outputs->out);
	buf_release(&outputs->errors);
}

static int
run_shell(struct process_end *end, const char *script, struct outputs *outputs, struct err *err)
{
	const char *argv[] = {"/bin/sh", "-c", script, NULL};
	struct process process = {
		.argv = argv,
		.on_stdout = keep_out,
		.on_stderr = keep_errors,
		.ctx = outputs,
	};

	return process_run(end, &process, err);
}

/* clang-format off */
static const struct end_row {
	const char *name, *script, *out, *errors;
	struct process_end end;
} ends[] = {
	{"success", "exit 0", "", "", {0, 0}},
	{"exit status", "exit 3", "", "", {3, 0}},
	{"highest exit status", "exit 255", "", "", {255, 0}},
	{"ended by a signal", "kill -KILL $$", "", "", {-1, SIGKILL}},
	{"both outputs", "echo one; echo two >&2", "one\n", "two\n", {0, 0}},
	{"bytes are kept as they are", "printf 'a\\377\\r\\n'", "a\377\r\n", "", {0, 0}},
	{"standard input is empty", "cat; echo end", "end\n", "", {0, 0}},
	{"outputs closed before the end", "exec >&- 2>&-; sleep 0.1; exit 4", "", "", {4, 0}},
	{"a grandchild speaks last", "(sleep 0.1; echo late) & echo soon; exit 5", "soon\nlate\n",
		"", {5, 0}},
	{"leads a group of its own", "test $(ps -o pgid= -p $$) = $$", "", "", {0, 0}},
};
/* clang-format on */

static void
test_end(void **state)
{
	const struct end_row *row = *state;
	CLEANUP(outputs_release) struct outputs outputs = {0};
	struct process_end end = {-7, -7};
	struct err err = {0};

	assert_int_equal(run_shell(&end, row->script, &outputs, &err), 0);
	assert_int_equal(end.status, row->end.status);
	assert_int_equal(end.signal, row->end.signal);
	assert_string_equal(buf_str(&outputs.out).p, row->out);
	assert_string_equal(buf_str(&outputs.errors).p, row->errors);
}

static void
test_large_outputs(void **state)
{
	CLEANUP(outputs_release) struct outputs outputs = {0};
	struct process_end end;
	struct err err = {0};
	(void)state;

	const char *script = "head -c 3000000 /dev/zero; head -c 5000000 /dev/zero >&2;"
			     "head -c 3000000 /dev/zero; head -c 5000000 /dev/zero >&2";
	assert_int_equal(run_shell(&end, script, &outputs, &err), 0);
	assert_int_equal(end.status, 0);
	assert_int_equal(outputs.out.n, 6000000);
	assert_int_equal(outputs.errors.n, 10000000);
}

static void
test_unheard_stdout(void **state)
{
	const char *argv[] = {"/bin/sh", "-c", "echo unheard; echo heard >&2", NULL};
	CLEANUP(outputs_release) struct outputs outputs = {0};
	struct process process = {.argv = argv, .on_stderr = keep_errors, .ctx = &outputs};
	struct process_end end;
	struct err err = {0};
	(void)state;

	assert_int_equal(process_run(&end, &process, &err), 0);
	assert_int_equal(end.status, 0);
	assert_string_equal(outputs.errors.p, "heard\n");
}

static void
test_missing_program(void **state)
{
	const char *names[] = {"no-such-program", "/no/such/program"};
	struct process_end end;
	(void)state;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *argv[] = {names[i], NULL};
		struct process process = {.argv = argv};
		struct err err = {0};
		assert_int_equal(process_run(&end, &process, &err), -1);
		assert_int_equal(err.code, ERR_NOT_FOUND);
		assert_non_null(strstr(err.msg, names[i]));
	}
}

static void
test_missing_directory(void **state)
{
	const char *argv[] = {"/bin/sh", "-c", "exit 0", NULL};
	struct process process = {.argv = argv, .dir = "/no/such/directory"};
	struct process_end end;
	struct err err = {0};
	(void)state;

	assert_int_equal(process_run(&end, &process, &err), -1);
	assert_int_equal(err.code, ERR_FAILED);
	assert_non_null(strstr(err.msg, "/no/such/directory"));
}

static void
write_program(const char *directory, const char *name, const char *text)
{
	CLEANUP(free_ptr) char *path = path_join(directory, name);
	FILE *fp = fopen(path, "w");

	assert_non_null(fp);
	fputs(text, fp);
	assert_int_equal(fclose(fp), 0);
	assert_int_equal(chmod(path, 0755), 0);
}

static void
remove_and_free(char **path)
{
	dir_remove(*path);
	free(*path);
}

/* The program of the PATH given is run, in the directory given; one in the working directory never
 * is by its name alone. */
static void
test_environment(void **state)
{
	struct err err = {0};
	CLEANUP(remove_and_free) char *bin = NULL;
	CLEANUP(remove_and_free) char *work = NULL;
	(void)state;

	assert_int_equal(dir_make_temporary(&bin, "/tmp", "heapwarden-test-", &err), 0);
	assert_int_equal(dir_make_temporary(&work, "/tmp", "heapwarden-test-", &err), 0);
	write_program(bin, "tool", "#!/bin/sh\necho \"$WORD\" \"$HOME\"; pwd\n");
	write_program(work, "tool", "#!/bin/sh\necho wrong\n");

	CLEANUP(buf_release) struct buf path = {0};
	buf_printf(&path, "PATH=:.:/no/such:%s", bin);
	const char *argv[] = {"tool", NULL};
	const char *env[] = {"WORD=right", path.p, NULL};
	CLEANUP(outputs_release) struct outputs outputs = {0};
	struct process process = {
		.argv = argv, .env = env, .dir = work, .on_stdout = keep_out, .ctx = &outputs};
	struct process_end end;
	assert_int_equal(process_run(&end, &process, &err), 0);
	assert_int_equal(end.status, 0);

	CLEANUP(buf_release) struct buf expected = {0};
	buf_printf(&expected, "right \n%s\n", work);
	assert_string_equal(outputs.out.p, expected.p);
}

static void
test_default_signals(void **state)
{
	CLEANUP(outputs_release) struct outputs outputs = {0};
	struct process_end end;
	struct err err = {0};
	sigset_t blocked, before, after;
	(void)state;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	assert_int_equal(run_shell(&end, "kill -PIPE $$; exit 0", &outputs, &err), 0);
	assert_int_equal(end.signal, SIGPIPE);
	assert_int_equal(run_shell(&end, "kill -USR1 $$; exit 0", &outputs, &err), 0);
	assert_int_equal(end.signal, SIGUSR1);

	/* Our own are as before. */
	assert_ptr_equal(signal(SIGPIPE, SIG_DFL), SIG_IGN);
	assert_ptr_equal(signal(SIGCHLD, SIG_DFL), SIG_IGN);
	sigprocmask(SIG_SETMASK, &before, &after);
	assert_int_equal(sigismember(&after, SIGUSR1), 1);
	assert_int_equal(sigismember(&after, SIGTERM), sigismember(&before, SIGTERM));
}

/* $PPID is the process that waits: each script interrupts it at a moment of its choice. */
/* clang-format off */
static const struct interrupt_row {
	const char *name, *script, *out;
} interrupts[] = {
	{"the child dies of it", "kill -TERM $PPID; exec sleep 60", ""},
	{"the child ends by itself",
		"trap 'echo bye; exit 0' TERM; kill -TERM $PPID; while :; do sleep 0.05; done",
		"bye\n"},
	{"a grandchild outlives the child",
		"(trap 'echo bye; exit 0' TERM; kill -TERM $PPID; while :; do sleep 0.05; done) & exit 0",
		"bye\n"},
	{"outputs are closed", "exec >&- 2>&-; kill -TERM $PPID; exec sleep 60", ""},
	{"ignored, and a process of another group holds the pipe",
		"trap '' TERM; echo stubborn; setsid sleep 9 & kill -TERM $PPID; sleep 60",
		"stubborn\n"},
};
/* clang-format on */

static int
interrupted_run(const struct interrupt_row *row)
{
	CLEANUP(outputs_release) struct outputs outputs = {0};
	struct process_end end = {-7, -7};
	struct err err = {0};

	alarm(15);
	interrupt_install();
	if (run_shell(&end, row->script, &outputs, &err) != -1 || err.code != ERR_INTERRUPTED)
		return 1;
	if (interrupt_signal() != SIGTERM || end.status != -7)
		return 2;
	if (strcmp(buf_str(&outputs.out).p, row->out) != 0)
		return 3;
	/* Nothing starts any more. */
	if (run_shell(&end, "echo started", &outputs, &err) != -1 || err.code != ERR_INTERRUPTED)
		return 4;
	return strstr(buf_str(&outputs.out).p, "started") ? 5 : 0;
}

static void
test_interrupt(void **state)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(interrupted_run(*state));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int
over_time_run(void)
{
	CLEANUP(outputs_release) struct outputs outputs = {0};
	struct process_end end = {-7, -7};
	struct err err = {0};

	interrupt_install();
	interrupt_after(300);
	if (run_shell(&end, "trap 'echo bye; exit 0' INT; while :; do sleep 0.05; done", &outputs,
		    &err) != -1 ||
		err.code != ERR_INTERRUPTED)
		return 1;
	if (interrupt_signal() != SIGALRM || strcmp(buf_str(&outputs.out).p, "bye\n") != 0)
		return 2;
	/* What the user wants is not forgotten for it. */
	raise(SIGTERM);
	raise(SIGALRM);
	if (interrupt_signal() != SIGTERM)
		return 3;
	interrupt_after(0);
	interrupt_take();
	return run_shell(&end, "sleep 0.4", &outputs, &err) == 0 && end.status == 0 ? 0 : 4;
}

static void
test_over_time(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(over_time_run());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_large_outputs),
		cmocka_unit_test(test_unheard_stdout),
		cmocka_unit_test(test_missing_program),
		cmocka_unit_test(test_missing_directory),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_default_signals),
		cmocka_unit_test(test_over_time),
	};

	return RUN_TABLE("process end", ends, test_end) +
	       cmocka_run_group_tests_name("process", tests, NULL, NULL) +
	       RUN_TABLE("process interrupt", interrupts, test_interrupt);
}

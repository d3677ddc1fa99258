#include "src/base/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <sys/time.h>

enum { AGAIN_MS = 100 };

static volatile sig_atomic_t caught;

/* A signal of the user's is worth more than the end of a time. */
static void
note(int number)
{
	if (number != SIGALRM || !caught)
		caught = number;
}

void
interrupt_install(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
	struct sigaction action = {.sa_handler = note};
	struct sigaction before;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		/* nohup and background jobs ignore some of these: so do we then. */
		if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	}
}

static struct timeval
timeval_of(int64_t ms)
{
	return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
}

/* Again and again: one alone could arrive between a look at interrupt_signal() and a wait. */
void
interrupt_after(int64_t ms)
{
	const struct itimerval timer = {
		.it_value = timeval_of(ms),
		.it_interval = timeval_of(ms ? AGAIN_MS : 0),
	};
	struct sigaction action = {.sa_handler = note};
	sigset_t alarm;

	sigemptyset(&action.sa_mask);
	sigaction(SIGALRM, &action, NULL);
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alarm, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

int
interrupt_signal(void)
{
	return caught;
}

int
interrupt_take(void)
{
	int number = caught;

	caught = 0;
	return number;
}

void
interrupt_reraise(void)
{
	if (!caught)
		return;
	signal(caught, SIG_DFL);
	raise(caught);
}

#include "src/progress.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "report/terminal.h"

#define EVERY_NS 100000000
#define SECOND_NS 1000000000

/* There is one terminal. */
static struct {
	bool allowed, visible;
	char what[200];
	int64_t began, shown;
} line;

static int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * SECOND_NS + time.tv_nsec;
}

void
progress_allow(bool wanted)
{
	const char *term = getenv("TERM");

	line.allowed = wanted && isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

bool
progress_is_allowed(void)
{
	return line.allowed;
}

void
progress_show(const char *what, size_t done, size_t all)
{
	if (!line.allowed)
		return;
	int64_t time = now();
	if (strncmp(line.what, what, sizeof line.what - 1) != 0) {
		snprintf(line.what, sizeof line.what, "%s", what);
		line.began = time;
		line.shown = 0;
	}
	if (time - line.shown < EVERY_NS)
		return;
	line.shown = time;
	line.visible = true;
	fputs("\r\x1b[K", stderr);
	terminal_text(stderr, str_of(line.what));
	if (all)
		fprintf(stderr, ", %zu of %zu packages", done, all);
	if (time - line.began >= SECOND_NS)
		fprintf(stderr, ", %lld s", (long long)((time - line.began) / SECOND_NS));
	fflush(stderr);
}

void
progress_clear(void)
{
	if (line.visible)
		fputs("\r\x1b[K", stderr);
	line.visible = false;
	line.shown = 0;
}

#include "src/timing.h"

#include <time.h>

static const char *const names[PHASE_COUNT] = {
	[PHASE_RESOLVE] = "finding revisions, and asking go which one it is",
	[PHASE_STORE] = "looking into the store, and keeping",
	[PHASE_EXPORT] = "exporting trees",
	[PHASE_LIST] = "go list",
	[PHASE_LOAD] = "go build, until its first output",
	[PHASE_BUILD] = "go build, from there on",
	[PHASE_READ] = "reading what the compiler says",
	[PHASE_COMPARE] = "comparing",
	[PHASE_REPORT] = "writing reports",
};

static int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

enum phase
timing_enter(struct timing *timing, enum phase phase)
{
	enum phase before = timing->now;
	int64_t time = now();

	if (timing->began)
		timing->spent[before] += time - timing->began;
	timing->began = time;
	timing->now = phase;
	return before;
}

void
timing_print(const struct timing *timing, FILE *out)
{
	for (int phase = 0; phase < PHASE_COUNT; phase++)
		if (timing->spent[phase])
			fprintf(out, "heapwarden: %8.3f s  %s\n",
				(double)timing->spent[phase] / 1e9, names[phase]);
}

/* Where the time of a run goes. */
#pragma once

#include <stdint.h>
#include <stdio.h>

enum phase {
	PHASE_RESOLVE, /* which revisions, which Go */
	PHASE_STORE,
	PHASE_EXPORT,
	PHASE_LIST,
	PHASE_LOAD,  /* go build until it prints something: mostly loading packages */
	PHASE_BUILD, /* from there on */
	PHASE_READ,  /* while go is running, or out of the store */
	PHASE_COMPARE,
	PHASE_REPORT,
	PHASE_COUNT
};

/* {0} at the beginning. */
struct timing {
	int64_t spent[PHASE_COUNT]; /* nanoseconds */
	int64_t began;              /* when the phase in hand was entered */
	enum phase now;
};

/* Enter the phase and leave the one before; gives that one, to be entered again. */
enum phase timing_enter(struct timing *timing, enum phase phase);

/* A line for each phase that took time, without the one that is still going on. */
void timing_print(const struct timing *timing, FILE *out);

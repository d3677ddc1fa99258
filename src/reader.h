/* How the compiler's text becomes facts, and units of a recording while go is running. */
#pragma once

#include "src/captured.h"
#include "src/gobuild.h"
#include "src/others.h"
#include "src/recording.h"
#include "src/sieve.h"
#include "src/snapshot.h"
#include "src/timing.h"

/* What is needed while the compiler's text is read. */
struct reader {
	struct parser *parser;
	struct recording
		*recording; /* its list, and where units are recorded while go is running */
	const struct toolchain *toolchain;
	const char *tree; /* for files that are named by absolute paths */
	struct timing *timing;
	const char *doing; /* for the terminal */
	struct captured captured;
	struct sieve *sieve; /* what go prints goes through it; NULL */
	struct others others;
	bool adding;   /* records to the recording's units */
	bool counting; /* what they have and mention */
	bool quiet;
	bool is_silent;  /* says nothing of failing builds either */
	bool is_summary; /* the message that was read last */
};

/* Read into the facts, from the beginning or after what was read before. */
MUST_CHECK int reader_begin(struct reader *reader, struct snapshot *facts, struct err *err);

/* Take what go prints as it comes; a process_output_fn. */
void reader_feed(struct str bytes, void *reader);

/* All was taken. */
void reader_finish(struct reader *reader);

void reader_release(struct reader *reader);

/* Takes out of what go prints the packages that are known: go repeats what the compiler said of
 * each package that it needs, and reading that takes as long as the rest of a small build. */
#pragma once

#include "src/base/intern.h"
#include "src/recording.h"

/* {.known, .affected, .pass and .ctx set} at the beginning; all of them borrowed. */
struct sieve {
	const struct recording *known;
	const struct intern *affected;             /* import paths of which nothing is known */
	void (*pass)(struct str bytes, void *ctx); /* told of everything else, in order */
	void *ctx;
	struct buf line;                   /* one that is not complete yet */
	struct buf text;                   /* what was taken out since the header */
	const struct recorded_unit *taken; /* whose text that is; NULL: lines are passed on */
	bool differs; /* a package was printed otherwise than it is known: what was taken out is not
			 known after all */
};

/*
 * Take the next bytes. A package goes from its header, "# IMPORT/PATH", to the next. Whether what
 * was taken out is what is known is looked at, so that a line that only looks like a header hides
 * nothing. After sieve_finish() `differs` is final. Release it in any case.
 */
void sieve_feed(struct sieve *sieve, struct str bytes);
void sieve_finish(struct sieve *sieve);
void sieve_release(struct sieve *sieve);

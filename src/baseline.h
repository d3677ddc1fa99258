/* The baseline: a file of accepted findings, one a line (docs/exceptions.md has its grammar). */
#pragma once

#include "src/comparison.h"

struct baseline_entry {
	const char *id;                 /* fingerprint */
	const char *kind;               /* as escape_kind_name() */
	const char *package, *function; /* as in the finding */
	const char *expression;         /* as in the finding */
	const char *reason;             /* never empty */
	const char *author;             /* NULL: not said */
	const char *expires;            /* the last day, "2027-01-31"; NULL: never */
	const char *comment;            /* the lines of comment above it; "" for none */
	int line;                       /* in the file; 0: not from one */
	bool stale;                     /* for the caller: it excepts nothing */
	bool dropped;                   /* not to be written */
};

/* {0} is empty. Strings are in its arena, or the caller's. */
struct baseline {
	struct arena arena;
	const char *path;   /* as messages name it */
	const char *header; /* comments and empty lines before all entries; NULL: no file yet */
	const char *footer; /* behind all entries */
	struct baseline_entry *entries;
	size_t count, capacity;
	bool other_fingerprints; /* its fingerprints are of another version */
};

/*
 * Read the text of a file. `fingerprints` is the version of those that findings have. Fails with
 * ERR_USAGE, naming file and line, where a line is none. Release *out in any case.
 */
MUST_CHECK int baseline_read(struct baseline *out, struct str text, const char *path,
	const char *fingerprints, struct err *err);

/* The entry of the finding with that fingerprint that is not dropped, or NULL; of several, as a
 * merge leaves them, the first of those that last longest. */
struct baseline_entry *baseline_find(const struct baseline *baseline, const char *id);

/* Room for one more entry; valid until the next is added. */
struct baseline_entry *baseline_add(struct baseline *baseline);

/* Append the file: its entries sorted by package, function, expression and fingerprint. */
void baseline_format(struct buf *out, struct baseline *baseline, const char *fingerprints);

/* Whether it is a day, as "2027-01-31". */
bool baseline_is_day(const char *text);

/* The day of the time (seconds UTC), as "2027-01-31". */
void baseline_day(char out[11], int64_t seconds);

/* Whether the entry has expired on that day. */
bool baseline_is_expired(const struct baseline_entry *entry, const char *day);

void baseline_release(struct baseline *baseline);

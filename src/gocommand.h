/* One run of the go command, in the environment that src/gobuild.h tells. */
#pragma once

#include "src/gobuild.h"

/* A command line that grows; the words are borrowed. {0} is empty. */
struct gocommand {
	const char **words; /* beside `go` itself */
	size_t count, capacity;
	bool user_flags; /* the user's GOFLAGS stay, so that go can be asked for them */
};

void gocommand_add(struct gocommand *command, const char *word);
void gocommand_add_all(struct gocommand *command, const char *const *words, size_t count);

/* Add "--" and the patterns, but for those whose directory does not exist, which would be errors to
 * go. False when nothing is left to ask for. */
bool gocommand_add_patterns(struct gocommand *command, const struct gobuild *build);

/* Run it. ERR_NOT_FOUND with advice where there is no go command; a failing one is no error. */
MUST_CHECK int gocommand_run(struct process_end *end, const struct gocommand *command,
	const struct gobuild *build, process_output_fn on_stdout, process_output_fn on_stderr,
	void *ctx, struct err *err);

/* Run it and append what it prints to *out. Fails with go's own words when it fails. */
MUST_CHECK int gocommand_output(struct buf *out, const struct gocommand *command,
	const struct gobuild *build, struct err *err);

void gocommand_release(struct gocommand *command);

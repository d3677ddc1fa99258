/* A child in our place: what it is given and what it says is not looked at. */
#pragma once

#include "src/base/process.h"

/*
 * Run to the end with our own standard input, outputs, environment and process group. A signal that
 * asks us to end is passed on, and what the child makes of it is waited for: it counts as passed
 * on then, not as one that ends us. `dir` is the working directory, NULL is ours. A missing
 * program is ERR_NOT_FOUND. A child that fails is no error: *end tells.
 */
MUST_CHECK int attached_run(
	struct process_end *end, const char *const *argv, const char *dir, struct err *err);

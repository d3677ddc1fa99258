/* What is going on, on one line of a terminal that is written over and over. Elsewhere nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Whether anything is shown: not with -q, and where standard error is no terminal, or one that
 * cannot take a line back. Call once, before all else. */
void progress_allow(bool wanted);

/* Whether something is: elsewhere lines of a log tell what begins. */
bool progress_is_allowed(void);

/* Show "WHAT", with "DONE of ALL packages" where ALL is not 0, and how long it takes so far, at
 * most some ten times a second. Another `what` begins anew. */
void progress_show(const char *what, size_t done, size_t all);

/* Take the line away, before anything else is written to the terminal and at the end. */
void progress_clear(void);

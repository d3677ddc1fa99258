/* What functions allocate, each for itself: what is in a function literal is the literal's. */
#pragma once

#include "src/functions.h"
#include "src/site.h"

/* {0} has none. */
struct allocations {
	struct comparison *comparison;
	const struct functions *functions;
	struct index sites; /* struct site that was there before and allocates, by directory and
			       function */
};

/* Those of the head, which `functions` are of as well. Needs sites that are paired, which must
 * outlive them. Released with allocations_release(). */
void allocations_init(struct allocations *out, struct comparison *comparison,
	const struct sites *head, const struct functions *functions);
void allocations_release(struct allocations *allocations);

/* Those of one function or literal, *count of them, in the comparison's arena. Where the text is
 * not known, those of its literals are among them. */
const struct escape *const *allocations_of(
	const struct allocations *allocations, const struct inlining *function, size_t *count);

/* Whether the position, which is before the next declaration, is in the function or literal of the
 * head, and in none of the literals that it has. */
bool allocations_is_within(const struct allocations *allocations, const struct inlining *function,
	const struct position *at);

/* What an escape is: its reason and whether it allocates, told from its expression and its flow. */
#pragma once

#include "src/snapshot.h"

/* How the flow of an escape leads to its reason. A method value ("t.M") reads like a field and
 * needs to be told apart by the caller. */
enum reason classify_reason(enum escape_kind kind, struct str expression, bool method_value,
	const struct flow_step *flow, size_t count);

/* Whether the expression is a constant as the compiler prints one: put into an interface it is
 * read-only data. */
bool classify_is_constant(struct str expression);

/* Whether a value is put into an interface: the expression is no allocation of its own (make, new,
 * a literal, a closure, …). */
bool classify_is_boxed(struct str expression);

/* Whether the last argument of "make(…)", which says how much is made, is a number, converted to a
 * type of Go's or not. */
bool classify_has_known_size(struct str make);

/* Whether what is allocated has no size: the flow says so of the elements (Go 1.25), or the type is
 * written out as struct {}. */
bool classify_is_empty(struct str expression, const struct flow_step *flow, size_t count);

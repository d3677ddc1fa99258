/* What the compiler says of each parameter, to be found by its name. */
#pragma once

#include "src/base/intern.h"
#include "src/snapshot.h"

/* Add what each parameter of the snapshot leaks, which must outlive the index: one that leaks to
 * two results has two, and what it points to may leak as well. The parameters of function literals
 * are apart from those of the declaration that they are in. Needs sorted inlinings. */
void leaks_index(struct intern *index, const struct snapshot *snapshot);

/* Whether the parameter is one of a function literal in leak->function. Needs sorted inlinings. */
bool leaks_is_of_literal(const struct snapshot *snapshot, const struct leak *leak);

/* The strongest leak of the parameter of that name, of the same declaration and package; NULL where
 * there is none. It is never one of a function literal, which has no name that lasts. */
const struct leak *leaks_find(const struct intern *index, const struct leak *like);

/*
 * Whether the leak, which is of that snapshot, is worse than all of the indexed other side: it
 * takes something to the heap, or to a result, that stayed where it was. A parameter that leaks
 * itself takes what it points to with it. *known is whether the index has the parameter at all.
 */
bool leaks_is_worse(const struct intern *index, const struct snapshot *snapshot,
	const struct leak *leak, bool *known);

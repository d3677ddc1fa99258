/* What the compiler says of each parameter, to be found by its name. */
#pragma once

#include "src/base/intern.h"
#include "src/snapshot.h"

/* Add the strongest leak of each parameter of the snapshot, which must outlive the index: one that
 * leaks to two results has two. */
void leaks_index(struct intern *index, const struct snapshot *snapshot);

/* The strongest leak of the parameter of that name, of the same function and package; NULL where
 * there is none. */
const struct leak *leaks_find(const struct intern *index, const struct leak *like);

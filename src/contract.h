/* What the users of a library feel: exported functions whose parameters leak now, or no longer. */
#pragma once

#include "src/comparison.h"

/* Fill in comparison->contracts: each parameter of an exported function or method, of a package
 * that others can import, whose leak differs between base and head. Functions and parameters that
 * are only on one side are none. */
void contract_compare(struct comparison *comparison);

/* The compiler's symbol names, brought to one form. */
#pragma once

#include <stdbool.h>

#include "src/base/arena.h"

/*
 * The enclosing declaration that a symbol belongs to: "Store.Get" for "(*Store).Get", "Store.Get",
 * "Store.Get.func1.2",
 * "(*Store).Get-fm", "(*Store).Get-range1", "(*Store[go.shape.int]).Get" and "pkg.(*Store).Get";
 * "init" for init functions
 * ("init.0"), and "" for what belongs to package-level variables ("init", "init.func1", before
 * Go 1.22 "glob..func1", "map.init.0"). The qualifier of a foreign function ("gen.New[int]") stays:
 * it reads like a receiver's type. In the arena.
 */
const char *function_normalise(struct str symbol, struct arena *arena);

/* Whether the symbol is a declaration of its own: no closure, no wrapper made by the compiler. */
bool function_is_declaration(struct str symbol);

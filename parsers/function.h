/* The compiler's symbol names, brought to one form. */
#pragma once

#include <stdbool.h>

#include "src/base/arena.h"

/*
 * The declaration that a symbol belongs to: "Store.Get" for "(*Store).Get", "Store.Get",
 * "Store.Get.func1.2", "(*Store).Get-fm", "(*Store).Get-range1", "(*Store[go.shape.int]).Get",
 * "pkg.(*Store).Get" and "Open.(*Store).Get.func1" (a literal of Get, copied into Open with it);
 * "init" for init functions ("init.0"), and "" for what belongs to package-level variables ("init",
 * "init.func1", before Go 1.22 "glob..func1", "map.init.0"). In the arena.
 *
 * Two names in front of a literal can be a type and its method, or a function and another that was
 * copied into it. Here they are taken for the former: function_can_be() and function_foreign() are
 * for who knows more. The package in front of an instance ("gen.New[int]") is no part of the name.
 */
const char *function_normalise(struct str symbol, struct arena *arena);

/* The same of the symbol of code of another package: a literal there was copied with the function
 * that it is in ("New" for "Open.New.func1"). */
const char *function_foreign(struct str symbol, struct arena *arena);

/* Whether the symbol is of a literal that can be one of that declaration as well as of the one that
 * function_normalise() tells. */
bool function_can_be(struct str symbol, const char *function);

/* Whether the symbol is a declaration of its own: no closure, no wrapper made by the compiler. */
bool function_is_declaration(struct str symbol);

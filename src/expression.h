/* What the compiler calls an expression, in forms that can be compared. All in the arena, or the
 * text itself. */
#pragma once

#include "src/base/arena.h"

/*
 * The same for each instance of generic code and wherever it is printed: without the shapes and
 * dictionaries of generic instances, the numbers of local types and temporaries, and the qualifier
 * `own` (the name of the package whose code it is; NULL: none). `interface {}` is any.
 */
const char *expression_plain(const char *expression, const char *own, struct arena *arena);

/* The same for versions of Go that only word things differently, and in the package of a type and
 * outside of it: without qualifiers, the arguments of append, the values of constants, and the
 * numbers of results. Takes a plain one. */
const char *expression_worded(const char *expression, struct arena *arena);

/* Without qualifiers. */
const char *expression_unqualified(const char *expression, struct arena *arena);

/* A package that has another name in the head. */
struct package_name {
	const char *base, *head;
};

/* The qualifiers of the base as the head has them. */
const char *expression_renamed(const char *expression, const struct package_name *names,
	size_t count, struct arena *arena);

/* What is left when each name, selected or not, is taken for the same, but those of types, and of
 * "make" all but the type: equal where variables, fields and functions were renamed, or another
 * size is made. */
const char *expression_shape(const char *expression, struct arena *arena);

/* The functions of one side: whether they can be inlined, to be found by their names. */
#pragma once

#include "src/base/index.h"
#include "src/snapshot.h"

/* {0} has none. */
struct functions {
	const struct snapshot *snapshot;
	struct index declarations; /* struct inlining, by package and function, which has in front
				      the package that an instance comes from: "gen.New" */
	struct index literals;     /* struct inlining, by package and name */
};

/* Look at the functions of the snapshot, which must outlive them; release with
 * functions_release(). */
void functions_init(struct functions *functions, const struct snapshot *snapshot);
void functions_release(struct functions *functions);

/*
 * The function with that name in a package ("Store.Get"), or NULL. A generic function has one
 * declaration for each instance: where `like` is not NULL, it is a name as printed
 * ("gen.New[go.shape.int]"), whose package in front tells that it is none of this one, and the
 * instance with the same type arguments is preferred, else one that can be inlined speaks for all.
 * The wrappers that hand the type arguments on ("New[int]") do not count.
 */
const struct inlining *functions_find(const struct functions *functions, const char *package,
	const char *function, const char *like);

/* The function or function literal that was inlined; NULL where it is none of the packages that
 * were asked for. */
const struct inlining *functions_callee(
	const struct functions *functions, const struct inlined_call *call);

/* The last declaration of the file that begins before the position, or NULL: the function that
 * holds it, or that is in front of a package-level variable. */
const struct inlining *functions_around(
	const struct functions *functions, const struct position *at);

/* The line of its file on which the next function is declared; INT_MAX where it is the last one. */
int functions_end(const struct functions *functions, const struct inlining *function);

/* The function literal that begins there, or NULL: that with the name as printed, where it was
 * copied with what it is in. */
const struct inlining *functions_literal_at(
	const struct functions *functions, const struct position *at, const char *name);

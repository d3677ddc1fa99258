/* Real Go code in a temporary directory, and the real go run on it with nothing of the user's own.
 */
#pragma once

#include "src/gobuild.h"
#include "tests/test.h"

/* Trees of Go code and a home of their own. */
struct world {
	char *directory; /* symbolic links resolved */
	char *proxy;     /* the user's GOPROXY, for toolchains that are not there */
};

/* A go command to test with. */
struct go {
	const char *name;
	const char *program;   /* for HEAPWARDEN_GO; NULL is the one of PATH */
	const char *toolchain; /* for GOTOOLCHAIN */
};

/* A build in one of the world's trees, and what became of it. */
struct run {
	struct arena arena;
	struct gobuild build;
	struct toolchain toolchain;
	struct package_list list;
	struct process_end end;
	struct buf text; /* what the build printed */
	struct err err;
};

/* Setup and teardown of a group: *state is a struct world, and the environment is that of a user
 * who has set nothing. */
int world_make(void **state);
int world_remove(void **state);

/* The path of a file in it, to be freed. */
char *world_path(const struct world *world, const char *name);

/* Write a file into it, its directory included. */
void world_write(const struct world *world, const char *name, const char *text);

/* Choose the go command; skips the test where it cannot be had. */
void run_use_go(struct run *run, const struct world *world, const struct go *go);

/* Choose what is built: one of the trees, and patterns. */
void run_use_tree(struct run *run, const struct world *world, const char *tree,
	const char *const *packages, size_t count);

/* The calls of gobuild.h, which must succeed: the toolchain; that and the list; the build. */
void run_ask(struct run *run);
void run_list(struct run *run);
void run_build(struct run *run);

/* Fails the test with the run's error when the status is not 0. */
void run_must(const struct run *run, int status);
void run_release(struct run *run);

/* Append what the script prints, both outputs; fails the test when the script fails. */
void shell(struct buf *text, const char *directory, const char *script);

/* What the script prints, without newlines at the end; to be freed. */
char *shell_word(const char *script);

void assert_has(const char *text, const char *words);

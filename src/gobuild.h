/* The go command: which toolchain, which packages, and `go build -gcflags=-m=2`. */
#pragma once

#include "src/base/arena.h"
#include "src/base/process.h"
#include "src/packages.h"

/*
 * All below run the `go` of PATH, or the one that the environment variable HEAPWARDEN_GO names, in
 * our own environment but for: git's variables for one repository (a hook has them), which are
 * taken out; GOFLAGS, emptied, because the flags are on the command line; GOWORK, the nearest
 * go.work between `directory` and `tree`, or off (a GOWORK=off of the user's stays); GOTOOLCHAIN,
 * GOTMPDIR and PWD. GOOS, GOARCH, CGO_ENABLED and GOEXPERIMENT are inherited on purpose.
 */

/* What to build and how; all borrowed. */
struct gobuild {
	/* Absolute path of the tree's root: the repository's working tree or an exported one. */
	const char *tree;
	/* Absolute path of the directory to run go in, at or below `tree`. */
	const char *directory;
	/* The go command to run; NULL is the one that HEAPWARDEN_GO names, else that of PATH. */
	const char *program;
	/* Value for GOTOOLCHAIN ("go1.26.8"); NULL leaves the user's own choice. */
	const char *toolchain;
	/* Build flags that go through to go ("-tags=netgo"), from goflags_split(). */
	const char *const *flags;
	size_t flag_count;
	/* Patterns. */
	const char *const *packages;
	size_t package_count;
	bool tests; /* of the packages, too */
	/* Import paths, of the list that gobuild_run() is given: only these are built, and what
	 * they import, all as if everything was; see gobuild_can_build_part(). NULL: everything is.
	 */
	const char *const *only;
	size_t only_count;
	/* Private directory for go's own temporary files (GOTMPDIR). */
	const char *temporary;
	/* Absolute path of a program with the hidden command toolexec (src/toolexec.h); NULL is the
	 * one that runs. */
	const char *self;
	/* Told of each command line before it runs; may be NULL. */
	void (*on_command)(const char *line, void *ctx);
	void *ctx;
};

/* What `go env` says in that directory. Strings are in the arena given. */
struct toolchain {
	const char *version; /* "go1.26.8" */
	int minor;           /* 26; 0 for a development version, which is taken as newer than all */
	const char *target;  /* "linux/amd64" */
	const char *goroot;
	const char *tools;       /* the directory of its compiler */
	const char *experiments; /* GOEXPERIMENT: "" is none */
	/* What else of go's environment decides what is compiled, a line each. */
	const char *environment;
	/* The go.mod that governs the directory, else its go.work; NULL where there is neither. */
	const char *module_file;
	/* The user's GOFLAGS, as far as they go through (src/goflags.h). */
	const char *const *flags;
	size_t flag_count;
	/* Those of the user's GOFLAGS that do not, because they would change what the compiler
	 * prints. */
	const char *const *dropped;
	size_t dropped_count;
};

/* The go command that a build runs: a word for PATH, or a path. To be freed. */
char *gobuild_command(const struct gobuild *build);

/* The file that a build runs as go, symbolic links resolved; to be freed. NULL where there is none.
 */
char *gobuild_program(const struct gobuild *build);

/* Append which files the go command and its compiler are, a line each with their sizes and times:
 * the same version may have been built of other sources. False where one of them cannot be found.
 */
bool gobuild_identify(
	struct buf *out, const struct gobuild *build, const struct toolchain *toolchain);

/* Ask the go command. ERR_NOT_FOUND with advice where there is none; fails with go's own
 * words where it cannot run (a toolchain that cannot be had, a broken go.mod or go.work). */
MUST_CHECK int gobuild_toolchain(
	struct toolchain *out, const struct gobuild *build, struct arena *arena, struct err *err);

/* The flag by which go runs its tools through a hidden command of ours (src/toolexec.h,
 * src/gorecord.h), in the arena; NULL where that cannot be. */
const char *gobuild_toolexec_flag(
	const struct gobuild *build, const char *command, struct arena *arena);

/* The compiler's own flags that make it explain itself: the value of -gcflags. */
const char *gobuild_compiler_flags(const struct toolchain *toolchain);

/*
 * `go list` of the patterns. With tests, a package that has nothing but tests is in the list, tests
 * outside of their package are one of their own ("example.com/app_test"), and what is wrong with
 * tests is wrong with their package. Packages that cannot be loaded are in the list with their
 * error; those without a Go file for this build are left out, unless they are named by themselves.
 * A pattern in a directory that does not exist matches nothing. An empty list is no error here.
 * Fails with go's own words where nothing could be listed (no go.mod, a broken one).
 */
MUST_CHECK int gobuild_list(struct package_list *out, const struct gobuild *build,
	const struct toolchain *toolchain, struct arena *arena, struct err *err);

/*
 * `go build -trimpath -buildvcs=false -o /dev/null -gcflags='-m=2 …'` of the packages in the list
 * that could be loaded, nothing linked. With tests it is `go list -test -export …`, which compiles
 * packages and their tests, and links and runs nothing. What go prints is handed to on_text as it
 * comes. A failing build is no error: *end tells. Where there is no such package, go is not run and
 * *end is a success. Nothing is written outside `temporary` and Go's build cache.
 */
MUST_CHECK int gobuild_run(struct process_end *end, const struct gobuild *build,
	const struct toolchain *toolchain, const struct package_list *list,
	process_output_fn on_text, void *ctx, struct err *err);

/* Whether `only` can be set: the patterns are then those of -gcflags, too, where some words mean
 * something else and an = would end them. */
bool gobuild_can_build_part(const struct gobuild *build);

/*
 * After a failed build: mark with an error each package of the list that depends on one of the list
 * which has an error, because go skips those without a word.
 */
MUST_CHECK int gobuild_mark_skipped(struct package_list *list, const struct gobuild *build,
	const struct toolchain *toolchain, struct arena *arena, struct err *err);

/* The package of the list with that import path, or NULL. */
const struct package *gobuild_package(const struct package_list *list, struct str import_path);

/* Whether the list knows that file of the package. */
bool gobuild_has_file(const struct package_list *list, const char *package, const char *name);

/*
 * The file name that positions carry, for one that the compiler printed in the unit of `package`
 * (with -trimpath, from Go 1.21: import path and base name; before: relative to where it was first
 * compiled). In `arena`. Files in the tree come out relative to its root.
 */
const char *gobuild_resolve(struct str printed, const char *package, enum origin *origin,
	const struct package_list *list, const struct toolchain *toolchain, const char *tree,
	struct arena *arena);

/* One tree to one snapshot: list, build, parse. Where gobuild and the parser are put together. */
#pragma once

#include "src/gobuild.h"
#include "src/options.h"
#include "src/repo.h"
#include "src/workspace.h"

/* What every analysis of one run shares. */
struct analysis {
	struct arena arena;
	const struct options *options;
	struct repo *repo;
	struct workspace workspace;
	const char *wanted_go; /* "go1.26.8": to use in place of what the tree asks for; NULL */
	struct toolchain toolchain; /* the head's: a comparison uses one Go for both sides */
	const char *module_file;    /* the go.mod that governs the head, relative to its root; NULL
				       where it is not in the tree */
	struct goflags flags;       /* the user's GOFLAGS, then those of the command line */
	const char *const *packages;
	size_t package_count;
};

/* Open the repository and the workspace. `packages` are patterns; none means ./... . Close it also
 * after a failure. */
MUST_CHECK int analysis_open(struct analysis *analysis, const struct options *options,
	const char *const *packages, size_t count, struct err *err);
void analysis_close(struct analysis *analysis);

/* Resolve a revision; NULL is the working tree. */
MUST_CHECK int analysis_resolve(
	struct revision *out, struct analysis *analysis, const char *name, struct err *err);

/* Where the revision's files are: the working tree itself, or an export. *tree is borrowed from the
 * analysis. */
MUST_CHECK int analysis_tree(const char **tree, struct analysis *analysis,
	const struct revision *revision, struct err *err);

/* Choose the toolchain by what the tree asks for, or the wanted one; once more for another one.
 * Fails where there is no go.mod, and where heapwarden does not understand that Go
 * (src/selfcheck.h). */
MUST_CHECK int analysis_choose_go(struct analysis *analysis, const char *tree,
	const struct revision *revision, struct err *err);

/* The version of Go that the tree asks for ("go1.24.13"), in the analysis. */
MUST_CHECK int analysis_go_of(
	const char **version, struct analysis *analysis, const char *tree, struct err *err);

/*
 * Build the tree and read what the compiler says. Packages that do not build are in the snapshot
 * with go's error, which goes to standard error as well. What cannot be listed at all is one such
 * package, named by its pattern. *out is released with snapshot_release(), after a failure too.
 */
MUST_CHECK int analysis_snapshot(
	struct snapshot *out, struct analysis *analysis, const char *tree, struct err *err);

/* Tell the user on standard error, with -v. */
void analysis_note(const struct options *options, int verbosity, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What all analyses of one run share: the repository, its trees, the Go that is used, the store. */
#pragma once

#include "src/config.h"
#include "src/gobuild.h"
#include "src/options.h"
#include "src/repo.h"
#include "src/store.h"
#include "src/timing.h"
#include "src/workspace.h"

/* Where a revision's tree is. */
struct place {
	const char *tree;         /* hex digits; NULL: free */
	const char *whole;        /* the directory; NULL: not exported */
	const char *module_files; /* a directory with no more of it than go is asked about; NULL */
};

/* Close it also after a failure to open it. */
struct analysis {
	struct arena arena;
	const struct options *options;
	struct timing timing;
	struct repo *repo;
	struct store *store; /* NULL: everything is built */
	struct workspace workspace;
	struct place places[WORKSPACE_SLOTS];
	/* Filled by src/settings.h. */
	struct config config;      /* what holds */
	struct config base_config; /* what would hold with the base's file */
	const char *config_text;   /* of the file that `config` is of; "" where there is none */
	bool has_config, base_has_config, config_differs;
	const char *wanted_go; /* "go1.26.8": to use in place of what the tree asks for; NULL */
	struct toolchain toolchain; /* the head's: a comparison uses one Go for both sides */
	const char *module_file;    /* the go.mod that governs the head, relative to its root; NULL
				       where it is not in the tree */
	struct goflags flags;       /* the user's GOFLAGS, then those of the command line */
	const char *const *packages;
	size_t package_count;
	/* A build is recorded for the store alone: where it could not be kept it is not made, and
	 * nothing is printed. */
	bool only_to_keep;
	/* What a build of the user's has left (src/captured.h); NULL. */
	const struct capture *capture;
};

/* Open the repository and the workspace. `packages` are patterns; none means ./... . Close it also
 * after a failure. */
MUST_CHECK int analysis_open(struct analysis *analysis, const struct options *options,
	const char *const *packages, size_t count, struct err *err);
void analysis_close(struct analysis *analysis);

/* Resolve a revision; NULL is the working tree. */
MUST_CHECK int analysis_resolve(
	struct revision *out, struct analysis *analysis, const char *name, struct err *err);

/* Where the revision's files are: the working tree itself, or an export, made when it is asked for
 * first. *tree is borrowed from the analysis. */
MUST_CHECK int analysis_tree(const char **tree, struct analysis *analysis,
	const struct revision *revision, struct err *err);

/* Choose the toolchain by what the revision asks for, or the wanted one; once more for another one.
 * Nothing is exported for it. Fails where there is no go.mod, and where heapwarden does not
 * understand that Go (src/selfcheck.h). */
MUST_CHECK int analysis_choose_go(
	struct analysis *analysis, const struct revision *revision, struct err *err);

/* The version of Go that the revision asks for ("go1.24.13"), in the analysis. */
MUST_CHECK int analysis_go_of(const char **version, struct analysis *analysis,
	const struct revision *revision, struct err *err);

/* Whether test files are looked at, too: known when the settings are read. */
bool analysis_has_tests(const struct analysis *analysis);

/* What to run go with. The directory is where the user is, in that tree. */
struct gobuild analysis_build(struct analysis *analysis, const char *tree);

/* The file that the store is in: what the user has named, else one in git's directory. NULL where
 * there is none, or no repository (NULL) to have it. In the arena, or the user's. */
const char *analysis_store_path(
	const struct options *options, const struct repo *repo, struct arena *arena);

/* The store has failed: say so, and go on without. */
void analysis_leave_store(struct analysis *analysis, const struct err *err);

/* Tell the user on standard error, with -v. */
void analysis_note(const struct options *options, int verbosity, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A part of the work begins that takes its time ("building 3 packages of HEAD"): on a terminal that
 * is the line of src/progress.h, elsewhere, and with -v, a line of its own. Nothing with -q. */
void analysis_phase(const struct options *options, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

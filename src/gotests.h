/* Packages as go lists and compiles them with their tests: cmd/go/internal/load/test.go. A package
 * with tests in it is "example.com/p [example.com/p.test]", tests outside of it are
 * "example.com/p_test [example.com/p.test]", what imports it is compiled once more as
 * "example.com/q [example.com/p.test]", and "example.com/p.test" is the program that runs them. */
#pragma once

#include "src/gobuild.h"

/* The name without its variant, in the arena. */
const char *gotests_import_path(const char *listed, struct arena *arena);

/* Of tests outside of their package the import path of that, in the arena; NULL of all others. */
const char *gotests_tested(const char *listed, struct arena *arena);

/* A package and its tests are built together, or not at all. */
void gotests_share_errors(struct package_list *list);

/* gobuild_mark_skipped() where tests are built: by what go has not compiled. */
MUST_CHECK int gotests_mark_skipped(struct package_list *list, const struct gobuild *build,
	const struct toolchain *toolchain, struct err *err);

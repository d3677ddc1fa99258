/* Which packages a change of the sources concerns: what the compiler says of a package is decided
 * by its own files and those of all that it imports. */
#pragma once

#include "src/base/intern.h"

/*
 * Put the directories of files that differ between what repo_relevant() says of two revisions into
 * the table, relative to the root, which is "". False where it is not told by directories what
 * follows from the difference: something else than a Go file differs (go.mod, a C header, a link),
 * or there are profiles, which a program's packages are compiled by wherever they are.
 */
bool affected_directories(struct intern *directories, struct str one, struct str two);

/* Put the import paths of the packages in these directories, and of all that depend on them, into
 * the other table. `imports` is as in package_list. */
void affected_packages(
	struct intern *packages, const char *imports, const struct intern *directories);

/* Which packages a change of the sources concerns: what the compiler says of a package is decided
 * by its own files and those of all that it imports. */
#pragma once

#include "src/base/intern.h"

/*
 * Put the directories of files that differ between what repo_relevant() says of two revisions into
 * the table, relative to the root, which is "". False where it is not told by directories what
 * follows from the difference: something else differs than Go files and what tells modules (a C
 * header, a link), or there are profiles, which a program's packages are compiled by wherever they
 * are.
 */
bool affected_directories(struct intern *directories, struct str one, struct str two);

/* Put the import paths of the packages in these directories, of those that are of another module or
 * version, and of all that depend on one of them into the other table. `before` and `after` are as
 * package_list.imports. */
void affected_packages(struct intern *packages, const char *before, const char *after,
	const struct intern *directories);

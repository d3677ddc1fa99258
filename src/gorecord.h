/* What go runs its tools through in a build of the user's, so that what the compiler would explain
 * is kept, and nobody sees it. */
#pragma once

#include "src/base/arena.h"
#include "src/gobuild.h"

/* argv[1] of the hidden command by which go calls us back. */
#define GORECORD_COMMAND "toolexec-keep"

/*
 * argv is the tool and its arguments. Where the compiler is asked for a package whose files are all
 * below the tree, it is asked to explain itself as well (gobuild_compiler_flags()), and what it
 * says goes to a file: what it makes is the same to the byte, and nothing is printed. Where it
 * fails it is run once more as go has asked for it. Packages with files that a tool has made (cgo),
 * of a vendor directory, and those that are compiled by a profile are not kept. Every other tool
 * replaces this process. Returns an exit status.
 */
int gorecord_main(char **argv);

/* From now on, and for all that is started from here, files go below the directory, for packages
 * of the tree (absolute). */
void gorecord_begin(const char *directory, const char *tree, const struct toolchain *toolchain);
void gorecord_end(void);

/* The name of the file for that package, in the arena. */
const char *gorecord_file(const char *directory, const char *import_path, struct arena *arena);

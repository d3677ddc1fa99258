/* Names that line directives in comments give to files, as far as they go over the end of a line.
 */
#pragma once

#include "src/base/arena.h"
#include "src/packages.h"

/*
 * Add to the odd names of the list what comments of the form "line NAME:10:1" in its packages'
 * files name with a newline in it. Reads all Go files of these packages below `tree`; what cannot
 * be read is passed over. How many were added; strings in the arena. Source:
 * https://pkg.go.dev/cmd/compile#hdr-Line_directives
 */
size_t linenames_add(struct package_list *list, const char *tree, struct arena *arena);

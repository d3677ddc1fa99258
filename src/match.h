/* Patterns for packages, files and functions, as users write them. */
#pragma once

#include <stdbool.h>

#include "src/base/str.h"

/* Whether the whole text is as the pattern says: '*' is any text without '/', '**' and '...' any
 * text, '?' one byte that is no '/'. */
bool match_glob(struct str pattern, struct str text);

/*
 * Packages, as for go build: "./internal/codec" and "internal/codec" are the directory below the
 * repository's root, "example.com/m/internal/codec" the import path; "x/..." is x and all below.
 * `directory` is NULL where it is not known.
 */
bool match_package(const char *pattern, const char *import_path, const char *directory);

/* Files: "internal/gen/" is all below, "internal/gen" as well; without a slash the name is meant,
 * wherever the file is ("*.pb.go"). NULL matches nothing. */
bool match_path(const char *pattern, const char *path);

/*
 * Functions: "Encode*", "Store.Get", "(*Store).Get", in any package; "PACKAGE:FUNCTION" in those of
 * the pattern; "PACKAGE:" all of them. `function` is normalised ("Store.Get").
 */
bool match_function(
	const char *pattern, const char *import_path, const char *directory, const char *function);

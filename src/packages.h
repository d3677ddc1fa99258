/* The model, part 6: which packages and modules a tree has. Plain data. */
#pragma once

#include "src/snapshot.h"

/* Which module or which of its packages is in which directory: enough to resolve every printed file
 * name. */
struct module {
	const char *path;      /* "example.com/app" */
	const char *directory; /* absolute, symbolic links resolved */
	const char *relative;  /* to the tree: "" is the root; NULL when outside */
};

/* A Go file of a package. */
struct package_file {
	const char *package, *name;
};

struct package_list {
	/* Matched by the patterns, sorted by import path; directories relative to the tree. */
	struct package *packages;
	size_t count;
	/* The main modules (several in a workspace), longest path first. */
	struct module *modules;
	size_t module_count;
	/* Other modules that a directory replaces, with the version that the compiler prints:
	 * "example.com/dep@v1.2.3". None of those that are vendored. */
	struct module *replaced;
	size_t replaced_count;
	/* Before Go 1.21 alone, whose file names cannot be resolved without; sorted. */
	struct package_file *files;
	size_t file_count;
	/* Base names of files that hold a colon, a newline or a quote. */
	const char **odd_names;
	size_t odd_name_count;
	/* Files that go embeds, relative to the tree: without one of them go does not build. */
	const char **embedded;
	size_t embedded_count;
	/* Which packages import which, but for those of Go's library, a line each: import path; a
	 * slash and the directory relative to the tree, nothing where it is outside; its module,
	 * with the versions of the module and of Go that decide; and what it imports, with blanks
	 * between. The fields are separated by tabs. NULL: not known. */
	const char *imports;
	/* Directories of packages, depended on as well, that are neither in the tree nor in go's
	 * module cache nor its library, symbolic links resolved. Known where go has listed them. */
	const char **outside;
	size_t outside_count;
	bool embeds_outside; /* one of these embeds files */
};

/* The modules that are in one repository. */
#pragma once

#include "src/repo.h"

/* Where one is. */
struct module_place {
	const char *directory;  /* relative to where we are: "" or "a/b" */
	bool without_workspace; /* it is below a go.work that does not use it: go takes it only with
				   GOWORK=off */
};

/* {0} before; released with modules_release(). */
struct modules {
	struct arena arena;
	struct module_place *places; /* sorted by directory */
	size_t count, capacity;
};

/* The directories with a go.mod at and below the one that the repository was opened in. As for go,
 * what is in vendor and testdata, and in directories whose names begin with '.' or '_', does not
 * count. */
MUST_CHECK int modules_find(
	struct modules *out, struct repo *repo, const struct revision *revision, struct err *err);

void modules_add(struct modules *out, struct module_place place);
void modules_release(struct modules *modules);

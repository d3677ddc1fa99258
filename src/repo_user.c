#include <git2.h>

#include "src/repo_internal.h"

static void
free_signature(git_signature **signature)
{
	git_signature_free(*signature);
}

const char *
repo_user(const struct repo *repo, struct arena *arena)
{
	CLEANUP(free_signature) git_signature *signature = NULL;

	if (git_signature_default(&signature, repo->git) != 0)
		return NULL;
	return arena_printf(arena, "%s <%s>", signature->name, signature->email);
}

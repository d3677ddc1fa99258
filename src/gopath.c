#include "src/gopath.h"

#include "src/base/cleanup.h"

static bool
ends_with_parent(struct str path)
{
	return str_eq(path, STR("..")) || str_ends(path, STR("/.."));
}

/* Take the last component away; false when there is none that could be. */
static bool
pop(struct buf *path)
{
	if (path->n == 0 || ends_with_parent(buf_str(path)))
		return false;
	while (path->n > 0 && path->p[--path->n] != '/')
		;
	return true;
}

static void
push(struct buf *path, struct str part)
{
	if (path->n)
		buf_add_char(path, '/');
	buf_add(path, part);
}

char *
gopath_clean(struct arena *arena, const char *path)
{
	CLEANUP(buf_release) struct buf clean = {0};
	bool absolute = path[0] == '/';
	struct str rest = str_of(path);

	for (struct str part; str_next(&part, &rest, '/');) {
		if (part.n == 0 || str_eq(part, STR(".")))
			continue;
		bool parent = str_eq(part, STR(".."));
		if (!parent || (!pop(&clean) && !absolute))
			push(&clean, part);
	}
	return arena_printf(arena, "%s%.*s", absolute ? "/" : "", STR_ARG(buf_str(&clean)));
}

const char *
gopath_below(const char *path, const char *root)
{
	size_t n = strlen(root);

	if (n == 0)
		return path[0] == '/' ? NULL : path;
	if (strncmp(path, root, n) != 0)
		return NULL;
	if (path[n] == '\0')
		return path + n;
	if (n > 0 && root[n - 1] == '/')
		return path + n;
	return path[n] == '/' ? path + n + 1 : NULL;
}

#include "src/base/cache.h"

#include <stdlib.h>

#include "src/base/file.h"

int
cache_directory(char **path, const char *name, struct err *err)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	struct buf directory = {0};

	/* A relative XDG_CACHE_HOME is to be ignored. */
	if (cache && cache[0] == '/')
		buf_printf(&directory, "%s/heapwarden/%s", cache, name);
	else if (home && home[0] == '/')
		buf_printf(&directory, "%s/.cache/heapwarden/%s", home, name);
	else
		return err_set(err, ERR_FAILED,
			"no place for exported trees: neither HOME nor XDG_CACHE_HOME is an "
			"absolute path; set one of them");
	*path = directory.p;
	return 0;
}

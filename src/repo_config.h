/* Text in the syntax of git's configuration, read through libgit2. */
#pragma once

#include "src/base/err.h"
#include "src/base/str.h"

struct config_reader {
	/* An entry: "section.key" or "section.SUBSECTION.key" as git writes names, and its value
	 * ("" where there is only a name). `line` is that of the entry, 0 where it is not known. */
	int (*entry)(const char *name, const char *value, int line, void *ctx, struct err *err);
	/* The header of a section; `subsection` is NULL where it has none. Called before all
	 * entries. */
	int (*section)(
		const char *section, const char *subsection, int line, void *ctx, struct err *err);
	void *ctx;
};

/*
 * Read the text, named `name` in messages, entry by entry in its order. Other files are never read:
 * [include] is refused. libgit2 reads files alone (1.5), so the text is for that time a private
 * file in `directory`. Fails with ERR_USAGE where it is no such text, naming the line, and with
 * what a reader's function fails with.
 */
MUST_CHECK int repo_config_read(const struct config_reader *reader, struct str text,
	const char *name, const char *directory, struct err *err);

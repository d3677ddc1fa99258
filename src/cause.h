/* Which change made a new finding. */
#pragma once

#include "src/comparison.h"
#include "src/linemap.h"

/* Another version of a module; `was` is NULL where the base does not have it. */
struct module_change {
	const char *module, *was, *is;
};

/* Changes that are in no line of Go. Texts are plain phrases ("from 1.21 to 1.22"); NULL where
 * nothing changed. */
struct other_changes {
	const struct module_change *modules;
	size_t module_count;
	const char *go_line;
	const char *toolchain; /* both sides are one tree */
	const char *file;      /* the head's go.mod, where the first two are said; may be NULL */
};

/*
 * Set the cause of each new finding, the nearest first: its own line was changed; a line that its
 * flow passes; its file was not compiled in the base; a function that it is handed to, or that is
 * inlined there, leaks the parameter now, followed through the functions that this one hands it to
 * until a changed line; a function that is no longer inlined, followed through what is inlined into
 * it; another version of the module whose function it is handed to; a type, constant, variable or
 * field that its line or its flow uses is declared otherwise; another line of its function; what is
 * in no line of Go; else unknown, said so. What is stored in something that is new itself has the
 * cause of that. Findings with the same cause have the same text and position, and are counted in
 * groups.
 */
void cause_assign(struct comparison *comparison, const struct line_map *map,
	const struct other_changes *changes);

/* Only the last of it: count the findings with the same cause. */
void cause_group(struct comparison *comparison);

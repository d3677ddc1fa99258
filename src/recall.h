/* Calls on lines that were changed: the compiler says nothing of a call that it does not inline,
 * the text does. */
#pragma once

#include "src/comparison.h"
#include "src/functions.h"
#include "src/linemap.h"

/*
 * The nth line (from 0) of the head, among those of the caller that were added or changed, on which
 * the callee is called by its name, with the column of the bracket behind it. Both are functions
 * of the head. False where there are fewer, and where the text is not known.
 */
bool recall_find(struct position *out, const struct comparison *comparison,
	const struct functions *head, const struct line_map *map, const struct inlining *caller,
	const struct inlining *callee, size_t nth);

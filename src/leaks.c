#include "src/leaks.h"

#include <limits.h>
#include <string.h>

#include "src/base/cleanup.h"

/* All that is said of a parameter: how often it is dereferenced on its nearest way there. */
struct parameter {
	const struct leak *strongest;
	int to_heap, to_result; /* INT_MAX where it does not get there */
};

/* The last function or literal that begins before the position. */
static const struct inlining *
inlining_before(const struct snapshot *snapshot, const struct position *at)
{
	size_t low = 0, high = snapshot->inlining_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (position_compare(&snapshot->inlinings[middle].at, at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &snapshot->inlinings[low - 1] : NULL;
}

/* Parameters stand before all literals of their function. A wrapper begins where its function
 * does. */
bool
leaks_is_of_literal(const struct snapshot *snapshot, const struct leak *leak)
{
	const struct inlining *first = snapshot->inlinings, *last, *before;

	last = before = inlining_before(snapshot, &leak->at);
	if (!last || !last->at.file || !leak->at.file || strcmp(last->at.file, leak->at.file) != 0)
		return false;
	for (; before >= first && position_compare(&before->at, &last->at) == 0; before--)
		if (before->declaration)
			return false;
	return true;
}

static struct str
key_of(const struct leak *leak, bool literal, struct buf *scratch)
{
	buf_clear(scratch);
	buf_printf(scratch, "%s\n%s\n%s%s", leak->package, leak->function, leak->parameter,
		literal ? "\nliteral" : "");
	return buf_str(scratch);
}

static bool
is_stronger(const struct leak *leak, const struct leak *than)
{
	if (leak->kind != than->kind)
		return leak->kind > than->kind;
	return leak->kind == LEAK_RESULT && leak->level < than->level;
}

static void
add(struct parameter *parameter, const struct leak *leak)
{
	if (!parameter->strongest || is_stronger(leak, parameter->strongest))
		parameter->strongest = leak;
	if (leak->kind == LEAK_HEAP)
		parameter->to_heap = 0;
	if (leak->kind == LEAK_CONTENT && parameter->to_heap > 1)
		parameter->to_heap = 1;
	if (leak->kind == LEAK_RESULT && parameter->to_result > leak->level)
		parameter->to_result = leak->level;
}

void
leaks_index(struct intern *index, const struct snapshot *snapshot)
{
	CLEANUP(buf_release) struct buf key = {0};

	for (size_t i = 0; i < snapshot->leak_count; i++) {
		const struct leak *leak = &snapshot->leaks[i];
		const void **value = intern_value(
			index, key_of(leak, leaks_is_of_literal(snapshot, leak), &key));
		struct parameter *parameter = (struct parameter *)(uintptr_t)*value;
		if (!parameter) {
			parameter = arena_alloc(index->arena, sizeof *parameter);
			*parameter = (struct parameter){NULL, INT_MAX, INT_MAX};
			*value = parameter;
		}
		add(parameter, leak);
	}
}

const struct leak *
leaks_find(const struct intern *index, const struct leak *like)
{
	CLEANUP(buf_release) struct buf key = {0};
	const struct parameter *found = intern_value_find(index, key_of(like, false, &key));

	return found ? found->strongest : NULL;
}

bool
leaks_is_worse(const struct intern *index, const struct snapshot *snapshot, const struct leak *leak,
	bool *known)
{
	CLEANUP(buf_release) struct buf key = {0};
	const struct parameter *was =
		intern_value_find(index, key_of(leak, leaks_is_of_literal(snapshot, leak), &key));

	*known = was != NULL;
	if (!was || leak->kind == LEAK_NONE)
		return false;
	if (leak->kind == LEAK_RESULT)
		return was->to_result > leak->level && was->to_heap > leak->level;
	return was->to_heap > (leak->kind == LEAK_CONTENT);
}

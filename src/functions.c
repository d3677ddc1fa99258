#include "src/functions.h"

#include <limits.h>
#include <string.h>

#include "src/base/cleanup.h"

/* The package in front of the printed name of a function of another package: "store" of
 * "store.(*Store).Get"; empty where the function's own name begins with it, as a type's does. */
static struct str
qualifier_of(const char *name, const char *function)
{
	struct str first = {name, strcspn(name, ".([")};

	if (name[first.n] != '.' ||
		(str_starts(str_of(function), first) && function[first.n] == '.'))
		return STR("");
	return first;
}

/* What is called so in the package, or is made in it of what another package calls so. */
static uint64_t
key_of(const char *package, const char *function, const char *name)
{
	CLEANUP(buf_release) struct buf qualified = {0};
	struct str qualifier = qualifier_of(name, function);

	if (qualifier.n == 0)
		return index_key(package, function);
	buf_printf(&qualified, "%.*s.%s", STR_ARG(qualifier), function);
	return index_key(package, qualified.p);
}

void
functions_init(struct functions *functions, const struct snapshot *snapshot)
{
	*functions = (struct functions){.snapshot = snapshot};
	for (size_t i = 0; i < snapshot->inlining_count; i++) {
		const struct inlining *inlining = &snapshot->inlinings[i];
		if (inlining->declaration)
			index_add(&functions->declarations,
				key_of(inlining->package, inlining->function, inlining->name),
				inlining);
		else
			index_add(&functions->literals,
				index_key(inlining->package, inlining->name), inlining);
	}
	index_sort(&functions->declarations);
	index_sort(&functions->literals);
}

void
functions_release(struct functions *functions)
{
	index_release(&functions->declarations);
	index_release(&functions->literals);
}

/* "[go.shape.int]" of "(*List[go.shape.int]).Push"; empty where there are none. */
static struct str
type_arguments(const char *name)
{
	const char *first = strchr(name, '['), *last = strrchr(name, ']');

	return first && last ? (struct str){first, (size_t)(last + 1 - first)} : STR("");
}

/* Which of the instances of a function is meant: the greatest. */
static int
rank(const struct inlining *inlining, struct str arguments)
{
	struct str own = type_arguments(inlining->name);
	bool shaped = own.n == 0 || str_starts(own, STR("[go.shape."));

	if (shaped && arguments.n && str_eq(own, arguments))
		return 3;
	return shaped ? 1 + inlining->can : 0;
}

const struct inlining *
functions_find(const struct functions *functions, const char *package, const char *function,
	const char *like)
{
	uint64_t key = key_of(package, function, like ? like : "");
	const struct index_entry *entry = index_find(&functions->declarations, key);
	struct str arguments = type_arguments(like ? like : "");
	const struct inlining *found = NULL;

	for (; index_has(&functions->declarations, entry, key); entry++)
		if (!found || rank(entry->of, arguments) > rank(found, arguments))
			found = entry->of;
	return found;
}

/* The name without type arguments, which may hold brackets themselves, is equal, but for a
 * qualifier in front of the callee's. */
static bool
is_named(const struct inlining *function, const char *callee)
{
	struct str is = type_arguments(function->name), called = type_arguments(callee);
	struct str end = str_of(is.n ? is.p + is.n : ""),
		   end_called = str_of(called.n ? called.p + called.n : "");
	struct str name = {function->name, strlen(function->name) - is.n - end.n};
	struct str start = {callee, strlen(callee) - called.n - end_called.n};

	if (!str_eq(end, end_called) || !str_ends(start, name))
		return false;
	return start.n == name.n || start.p[start.n - name.n - 1] == '.';
}

/* What was inlined can be: of several that are called so, the others are not meant. */
static const struct inlining *
find_inlined(const struct functions *functions, const char *package, const char *function,
	const char *callee)
{
	const struct inlining *found = functions_find(functions, package, function, callee);

	return found && found->can ? found : NULL;
}

/* A name with a dot may be a method of the package itself, or a function of any package with that
 * name. */
const struct inlining *
functions_callee(const struct functions *functions, const struct inlined_call *call)
{
	const struct snapshot *snapshot = functions->snapshot;
	struct str qualifier = {call->callee, strcspn(call->callee, ".([")};
	bool qualified = call->callee[qualifier.n] == '.';
	const char *unqualified = call->callee + qualifier.n + qualified;
	const char *function = call->function;
	const struct inlining *found =
		find_inlined(functions, call->package, function, call->callee);

	if (qualified && qualifier_of(call->callee, function).n == 0)
		function += qualifier.n + 1;
	for (size_t i = 0; qualified && !found && i < snapshot->package_count; i++) {
		const struct package *package = &snapshot->packages[i];
		if (package->name && str_eq(str_of(package->name), qualifier))
			found = find_inlined(
				functions, package->import_path, function, unqualified);
	}
	if (found && is_named(found, call->callee))
		return found;
	uint64_t key = index_key(call->package, call->callee);
	const struct index_entry *entry = index_find(&functions->literals, key);
	return index_has(&functions->literals, entry, key) ? entry->of : NULL;
}

const struct inlining *
functions_literal_at(const struct functions *functions, const struct position *at, const char *name)
{
	const struct snapshot *snapshot = functions->snapshot;
	size_t low = 0, high = snapshot->inlining_count;
	const struct inlining *found = NULL;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (position_compare(&snapshot->inlinings[middle].at, at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < snapshot->inlining_count; low++) {
		const struct inlining *inlining = &snapshot->inlinings[low];
		if (position_compare(&inlining->at, at) != 0)
			break;
		if (!inlining->declaration && (!found || strcmp(inlining->name, name) == 0))
			found = inlining;
	}
	return found;
}

const struct inlining *
functions_around(const struct functions *functions, const struct position *at)
{
	const struct snapshot *snapshot = functions->snapshot;
	size_t low = 0, high = snapshot->inlining_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (position_compare(&snapshot->inlinings[middle].at, at) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low > 0 && !snapshot->inlinings[low - 1].declaration)
		low--;
	const struct inlining *found = low ? &snapshot->inlinings[low - 1] : NULL;
	bool same_file =
		found && found->at.file && at->file && strcmp(found->at.file, at->file) == 0;
	return same_file ? found : NULL;
}

int
functions_end(const struct functions *functions, const struct inlining *function)
{
	const struct snapshot *snapshot = functions->snapshot;
	const struct inlining *last = snapshot->inlinings + snapshot->inlining_count;

	/* They are sorted by position. */
	for (const struct inlining *next = function + 1; next < last; next++) {
		if (!next->at.file || !function->at.file ||
			strcmp(next->at.file, function->at.file) != 0)
			break;
		if (next->declaration && next->at.line > function->at.line)
			return next->at.line;
	}
	return INT_MAX;
}

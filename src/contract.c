#include "src/contract.h"

#include <stdlib.h>

#include "src/base/cleanup.h"
#include "src/base/utf8.h"
#include "src/leaks.h"

/* Both the type and the method of "Store.Get" must be. */
static bool
is_exported(const char *function)
{
	struct str rest = str_of(function), word;

	while (str_next(&word, &rest, '.'))
		if (!utf8_starts_upper(word))
			return false;
	return *function;
}

/* Others can import it: no command, nothing below an internal directory (go help internal). */
static bool
is_importable(const struct snapshot *snapshot, const char *import_path)
{
	const struct package *package = snapshot_package(snapshot, import_path);
	struct str rest = str_of(import_path), element;

	if (package && package->name && strcmp(package->name, "main") == 0)
		return false;
	while (str_next(&element, &rest, '/'))
		if (str_eq(element, STR("internal")))
			return false;
	return true;
}

static void
add(struct comparison *comparison, const struct leak *base, const struct leak *head)
{
	comparison->contracts = array_grow(comparison->contracts, &comparison->contract_capacity,
		comparison->contract_count + 1, sizeof *comparison->contracts);
	comparison->contracts[comparison->contract_count++] = (struct contract){base, head};
}

static int
compare_contracts(const void *one, const void *two)
{
	const struct leak *a = ((const struct contract *)one)->head,
			  *b = ((const struct contract *)two)->head;
	int order = strcmp(a->package, b->package);

	if (order == 0)
		order = strcmp(a->function, b->function);
	return order ? order : position_compare(&a->at, &b->at);
}

void
contract_compare(struct comparison *comparison)
{
	CLEANUP(arena_release) struct arena scratch = {0};
	CLEANUP(intern_release) struct intern before = {.arena = &scratch};
	CLEANUP(intern_release) struct intern after = {.arena = &scratch};
	const struct snapshot *head = comparison->head_snapshot;

	comparison->has_contracts = true;
	leaks_index(&before, comparison->base_snapshot);
	leaks_index(&after, head);
	for (size_t i = 0; i < head->leak_count; i++) {
		const struct leak *leak = &head->leaks[i];
		const struct leak *was = leaks_find(&before, leak);
		if (leaks_find(&after, leak) == leak && was && was->kind != leak->kind &&
			is_exported(leak->function) && is_importable(head, leak->package) &&
			comparison_judges(comparison, leak->package))
			add(comparison, was, leak);
	}
	if (comparison->contract_count > 1)
		qsort(comparison->contracts, comparison->contract_count,
			sizeof *comparison->contracts, compare_contracts);
}

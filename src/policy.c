#include "src/policy.h"

#include <stdlib.h>

#include "src/base/cleanup.h"

struct violations {
	const char *texts[4]; /* packages, lines, new escapes, lost inlining */
	size_t count;
};

static void
add(struct violations *violations, const char *text)
{
	violations->texts[violations->count++] = text;
}

static const char *
plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* How many escapes are neither new nor fixed, because of the packages that were not analysed. */
static const char *
not_judged(struct comparison *comparison)
{
	size_t count = comparison->summary.not_judged;

	if (count == 0)
		return "";
	return arena_printf(&comparison->arena, " (%zu escape%s there %s not judged)", count,
		plural(count), count == 1 ? "is" : "are");
}

static void
add_undecided(struct violations *violations, struct comparison *comparison)
{
	size_t failed = comparison->summary.packages_failed;
	size_t lines = comparison->summary.lines_not_understood;

	if (failed)
		add(violations, arena_printf(&comparison->arena,
					"%zu package%s could not be analysed: %s%s%s", failed,
					plural(failed), comparison->not_analysed[0].package,
					failed > 1 ? " and others" : "", not_judged(comparison)));
	if (lines)
		add(violations, arena_printf(&comparison->arena,
					"%zu line%s of the compiler's output %s not understood: "
					"this version of heapwarden may not know %s",
					lines, plural(lines), lines == 1 ? "was" : "were",
					comparison->head_snapshot->go_version));
}

static int
compare_functions(const void *one, const void *two)
{
	const struct escape *const *a = one, *const *b = two;
	int order = strcmp((*a)->package, (*b)->package);

	return order ? order : strcmp((*a)->function, (*b)->function);
}

/* How many functions have new findings that count. */
static size_t
count_functions(const struct comparison *comparison)
{
	size_t count = 0, functions = 0, capacity = 0;
	CLEANUP(free_ptr)
	const struct escape **escapes =
		array_grow(NULL, &capacity, comparison->summary.new + 1, sizeof(void *));

	for (size_t i = 0; i < comparison->finding_count; i++)
		if (finding_counts(&comparison->findings[i]) && !comparison->findings[i].lost)
			escapes[count++] = comparison->findings[i].escape;
	qsort(escapes, count, sizeof(void *), compare_functions);
	for (size_t i = 0; i < count; i++)
		functions += i == 0 || compare_functions(&escapes[i], &escapes[i - 1]) != 0;
	return functions;
}

/* " (1 may be new: policy.max-new, .heapwarden:3)"; nothing where none may. */
static const char *
allowance(struct comparison *comparison, const struct config *config)
{
	size_t most = config_number(config, SETTING_MAX_NEW);
	struct config_value value = config_get(config, SETTING_MAX_NEW, NULL);

	if (most == 0)
		return "";
	return arena_printf(
		&comparison->arena, " (%zu may be new: policy.max-new, %s)", most, value.origin);
}

/* What is new and more than may be. */
static void
add_new(struct violations *violations, struct comparison *comparison, const struct config *config)
{
	const char *allowed = allowance(comparison, config);

	if (comparison->summary.new + comparison->summary.lost_inlining <=
		config_number(config, SETTING_MAX_NEW))
		return;
	if (comparison->summary.new) {
		size_t new = comparison->summary.new, functions = count_functions(comparison);
		add(violations, arena_printf(&comparison->arena,
					"%zu new heap escape%s in %zu function%s%s", new,
					plural(new), functions, plural(functions), allowed));
	}
	if (comparison->summary.lost_inlining) {
		size_t lost = comparison->summary.lost_inlining;
		add(violations,
			arena_printf(&comparison->arena,
				"%zu function%s no longer inlined, and calls of %s allocate now%s",
				lost, lost == 1 ? " is" : "s are", lost == 1 ? "it" : "them",
				allowed));
	}
}

void
policy_judge(struct comparison *comparison, struct config *config)
{
	struct verdict *verdict = &comparison->verdict;
	struct violations violations = {0};

	add_undecided(&violations, comparison);
	verdict->status = violations.count ? VERDICT_NONE : VERDICT_PASS;
	size_t undecided = violations.count;
	if (config_choice(config, SETTING_FAIL_ON) != FAIL_ON_NONE)
		add_new(&violations, comparison, config);
	if (violations.count > undecided && verdict->status == VERDICT_PASS)
		verdict->status = VERDICT_FAIL;
	verdict->violations = arena_copy(
		&comparison->arena, violations.texts, violations.count, sizeof *violations.texts);
	verdict->violation_count = violations.count;
}

int
policy_exit_status(enum verdict_status status)
{
	static const int statuses[] = {
		[VERDICT_PASS] = 0,
		[VERDICT_FAIL] = 1,
		[VERDICT_NONE] = 2,
	};

	return statuses[status];
}

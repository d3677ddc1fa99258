#include "src/policy.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/policy_internal.h"

static void
violations_release(struct violations *violations)
{
	free(violations->texts);
}

void
policy_add(struct violations *violations, const char *text)
{
	violations->texts = array_grow(violations->texts, &violations->capacity,
		violations->count + 1, sizeof *violations->texts);
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
		policy_add(violations,
			arena_printf(&comparison->arena,
				"%zu package%s could not be analysed: %s%s%s", failed,
				plural(failed), comparison->not_analysed[0].package,
				failed > 1 ? " and others" : "", not_judged(comparison)));
	if (lines)
		policy_add(violations,
			arena_printf(&comparison->arena,
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

/* Findings of a kind. */
typedef bool (*finding_fn)(const struct finding *finding);

static bool
is_new_escape(const struct finding *finding)
{
	return finding_counts(finding) && !finding->lost;
}

static bool
is_lost(const struct finding *finding)
{
	return finding_counts(finding) && finding->lost;
}

static bool
is_hot(const struct finding *finding)
{
	return finding_counts(finding) && finding->hot;
}

/* How many there are, and in how many functions. */
static size_t
count_findings(size_t *functions, const struct comparison *comparison, finding_fn wanted)
{
	size_t count = 0, capacity = 0;
	CLEANUP(free_ptr)
	const struct escape **escapes =
		array_grow(NULL, &capacity, comparison->finding_count + 1, sizeof(void *));

	for (size_t i = 0; i < comparison->finding_count; i++)
		if (wanted(&comparison->findings[i]))
			escapes[count++] = comparison->findings[i].escape;
	qsort(escapes, count, sizeof(void *), compare_functions);
	*functions = 0;
	for (size_t i = 0; i < count; i++)
		*functions += i == 0 || compare_functions(&escapes[i], &escapes[i - 1]) != 0;
	return count;
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
judge_new(struct violations *violations, const struct policy *policy)
{
	struct comparison *comparison = policy->comparison;
	const char *allowed = allowance(comparison, policy->config);
	size_t functions, new = count_findings(&functions, comparison, is_new_escape);
	size_t callees, lost = count_findings(&callees, comparison, is_lost);

	if (config_choice(policy->config, SETTING_FAIL_ON) != FAIL_ON_NEW ||
		new + lost <= config_number(policy->config, SETTING_MAX_NEW))
		return;
	if (new)
		policy_add(violations, arena_printf(&comparison->arena,
					       "%zu new heap escape%s in %zu function%s%s", new,
					       plural(new), functions, plural(functions), allowed));
	if (lost)
		policy_add(violations,
			arena_printf(&comparison->arena,
				"%zu function%s no longer inlined, and calls of %s allocate now%s",
				lost, lost == 1 ? " is" : "s are", lost == 1 ? "it" : "them",
				allowed));
}

/* "called for every request", of the section of the pattern. */
static const char *
because(const struct policy *policy, const char *pattern)
{
	struct config_value said = config_get(policy->config, SETTING_HOT_BECAUSE, pattern);

	return said.text[0] ? arena_printf(&policy->comparison->arena, " (%s)", said.text) : "";
}

/* The functions that a pattern of hot ones names, where something in them is new. */
static void
judge_hot(struct violations *violations, const struct policy *policy)
{
	struct comparison *comparison = policy->comparison;
	size_t functions, count = count_findings(&functions, comparison, is_hot);
	const struct finding *first = NULL;

	for (size_t i = 0; i < comparison->finding_count && !first; i++)
		if (is_hot(&comparison->findings[i]))
			first = &comparison->findings[i];
	if (!first)
		return;
	policy_add(violations,
		arena_printf(&comparison->arena, "%zu of what is new is in hot code: %s%s%s", count,
			first->escape->function, because(policy, first->hot),
			functions > 1 ? " and others" : ""));
}

/* "the contract '…' is broken: … (FILE:LINE, contract FILE:LINE)". */
static const char *
broken_text(struct comparison *comparison, const struct broken_contract *contract)
{
	return arena_printf(&comparison->arena,
		"the contract '%s' is broken: %s (%s:%d, contract %s:%d)", contract->contract,
		contract->text, contract->breaker.file, contract->breaker.line, contract->at.file,
		contract->at.line);
}

/* More broken contracts than these are counted. */
#define MOST_SAID 3

/* The contracts of comments that are newly broken, where what is new fails. */
static void
judge_contracts(struct violations *violations, const struct policy *policy)
{
	struct comparison *comparison = policy->comparison;
	size_t broken = 0;

	if (config_choice(policy->config, SETTING_FAIL_ON) != FAIL_ON_NEW)
		return;
	for (size_t i = 0; i < comparison->broken_count; i++)
		if (comparison->broken[i].is_new && broken++ < MOST_SAID)
			policy_add(violations, broken_text(comparison, &comparison->broken[i]));
	if (broken > MOST_SAID)
		policy_add(
			violations, arena_printf(&comparison->arena,
					    "%zu more contracts are broken", broken - MOST_SAID));
}

void
policy_tell_contracts(struct comparison *comparison, struct config *config)
{
	if (config_choice(config, SETTING_FAIL_ON) == FAIL_ON_NEW)
		return;
	for (size_t i = 0; i < comparison->broken_count; i++)
		if (comparison->broken[i].is_new)
			comparison_warn(
				comparison, "%s", broken_text(comparison, &comparison->broken[i]));
}

/* Which findings count, and which are in hot functions, where all count. */
static void
mark(const struct policy *policy)
{
	struct comparison *comparison = policy->comparison;

	for (size_t i = 0; i < comparison->finding_count; i++) {
		struct finding *finding = &comparison->findings[i];
		finding->hot = finding->not_counted = NULL;
		if (finding->state != FINDING_NEW || finding->escape->allocates == ALLOCATES_NO)
			continue;
		finding->hot = policy_hot(policy, finding->escape);
		if (!finding->hot)
			finding->not_counted = policy_left_out(policy, finding->escape, false);
		if (!finding->hot && !finding->not_counted)
			finding->not_counted = policy_below_profile(policy, finding);
	}
	comparison_recount(comparison);
}

void
policy_judge(struct comparison *comparison, struct config *config)
{
	CLEANUP(violations_release) struct violations violations = {0};
	struct verdict *verdict = &comparison->verdict;
	struct policy policy;

	policy_read(&policy, comparison, config);
	mark(&policy);
	add_undecided(&violations, comparison);
	size_t undecided = violations.count;
	if (config_choice(config, SETTING_FAIL_ON) != FAIL_ON_NONE) {
		judge_new(&violations, &policy);
		judge_hot(&violations, &policy);
		policy_judge_budgets(&violations, &policy);
		judge_contracts(&violations, &policy);
	}
	verdict->status = undecided ? VERDICT_NONE : violations.count ? VERDICT_FAIL : VERDICT_PASS;
	verdict->violations = arena_copy(
		&comparison->arena, violations.texts, violations.count, sizeof *violations.texts);
	verdict->violation_count = violations.count;
}

bool
policy_needs_all(struct config *config)
{
	size_t count;

	config_sections(&count, config, "budget");
	return count > 0;
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

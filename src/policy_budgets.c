/* Budgets: how many allocations packages or functions may have. */
#include "src/policy_internal.h"

struct budget {
	const char *pattern;
	size_t base, head; /* allocations */
};

/* Whether the place is an allocation that the budget is about. */
static bool
is_counted(const struct policy *policy, const struct budget *budget, const struct escape *escape,
	bool base)
{
	return escape->allocates != ALLOCATES_NO && escape->kind != ESCAPE_LOST_INLINING &&
	       policy_is_in(policy, budget->pattern, escape, base) &&
	       !policy_left_out(policy, escape, base);
}

static void
count(struct budget *budget, const struct policy *policy)
{
	const struct comparison *comparison = policy->comparison;

	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		bool fixed = finding->state == FINDING_FIXED;
		const struct escape *base = fixed ? finding->escape : finding->base;
		budget->head += !fixed && is_counted(policy, budget, finding->escape, false);
		budget->base += base && is_counted(policy, budget, base, true);
	}
}

static const char *
plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void
judge_total(struct violations *violations, const struct policy *policy, const struct budget *budget)
{
	struct config_value said =
		config_get(policy->config, SETTING_BUDGET_TOTAL, budget->pattern);
	size_t total;

	if (!config_section_number(&total, policy->config, SETTING_BUDGET_TOTAL, budget->pattern) ||
		budget->head <= total)
		return;
	policy_add(violations,
		arena_printf(&policy->comparison->arena,
			"%s has %zu heap allocation%s, of which its budget allows %zu (%s)",
			budget->pattern, budget->head, plural(budget->head), total, said.origin));
}

static void
judge_ratchet(
	struct violations *violations, const struct policy *policy, const struct budget *budget)
{
	struct config_value said =
		config_get(policy->config, SETTING_BUDGET_RATCHET, budget->pattern);

	if (!config_section_switch(policy->config, SETTING_BUDGET_RATCHET, budget->pattern) ||
		budget->head <= budget->base)
		return;
	policy_add(violations,
		arena_printf(&policy->comparison->arena,
			"%s has %zu heap allocation%s more than in the base, and may only have "
			"fewer (%s)",
			budget->pattern, budget->head - budget->base,
			plural(budget->head - budget->base), said.origin));
}

void
policy_judge_budgets(struct violations *violations, const struct policy *policy)
{
	size_t number;
	const char *const *patterns = config_sections(&number, policy->config, "budget");

	for (size_t i = 0; i < number; i++) {
		struct budget budget = {.pattern = patterns[i]};
		count(&budget, policy);
		judge_total(violations, policy, &budget);
		judge_ratchet(violations, policy, &budget);
	}
}

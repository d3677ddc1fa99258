#include "src/judging.h"

#include <string.h>

#include "src/policy.h"

static void
tell_files(struct comparison *comparison, const struct analysis *analysis)
{
	if (analysis->base_has_config && analysis->has_config)
		comparison_warn(comparison,
			CONFIG_FILE " differs from the base's: the verdict stands by both");
	else
		comparison_warn(comparison, "%s",
			analysis->has_config
				? CONFIG_FILE " is new: what it says holds for this comparison "
					      "already"
				: CONFIG_FILE " is gone: what the base's says holds for this "
					      "comparison");
}

void
judging_release(struct profiles *profiles)
{
	profiling_release(&profiles->head);
	profiling_release(&profiles->base);
}

static bool
has_two_policies(const struct analysis *analysis)
{
	return analysis->config_differs && analysis->base_has_config;
}

int
judging_read(struct profiles *out, struct analysis *analysis, const struct comparing *what,
	struct err *err)
{
	const struct revision *base = &what->base.revision, *head = &what->head.revision;

	if (profiling_read(&out->head, analysis, &analysis->config, base, head, err) != 0)
		return -1;
	if (!has_two_policies(analysis))
		return 0;
	return profiling_read(&out->base, analysis, &analysis->base_config, base, head, err);
}

int
judging_check(const struct profiles *profiles, const struct comparison *comparison, struct err *err)
{
	if (profiling_check(&profiles->head, comparison, err) != 0)
		return -1;
	return profiling_check(&profiles->base, comparison, err);
}

static bool
passes(struct comparison *comparison, struct config *config, const struct profiling *profiling)
{
	profiling_apply(profiling, comparison);
	policy_judge(comparison, config);
	return comparison->verdict.status == VERDICT_PASS;
}

/* By the head's settings, and where they and the base's differ, by those as well: a change may not
 * loosen the gate that it has to pass. Those that the verdict is of. */
static struct config *
judge_by_both(
	struct comparison *comparison, struct analysis *analysis, const struct profiles *profiles)
{
	bool passed = passes(comparison, &analysis->config, &profiles->head);

	if (analysis->config_differs)
		tell_files(comparison, analysis);
	if (!passed || !has_two_policies(analysis))
		return &analysis->config;
	if (!passes(comparison, &analysis->base_config, &profiles->base))
		return &analysis->base_config;
	passes(comparison, &analysis->config, &profiles->head);
	return &analysis->config;
}

/* Whether this comparison is of all packages of the module at the root, and the only one: what it
 * does not have may be of another variant or module. */
static bool
asks_for_all(const struct analysis *analysis)
{
	const struct options *options = analysis->options;

	return !options->all_modules && options->variant_count < 2 &&
	       analysis->package_count == 1 && strcmp(analysis->packages[0], "./...") == 0 &&
	       !*repo_prefix(analysis->repo);
}

void
judging_run(
	struct comparison *comparison, struct analysis *analysis, const struct profiles *profiles)
{
	struct config *config = judge_by_both(comparison, analysis, profiles);

	policy_tell_contracts(comparison, config);
	if (asks_for_all(analysis))
		policy_tell_unmatched(comparison, config);
}

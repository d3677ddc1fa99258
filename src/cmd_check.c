/* heapwarden check: the gate. */
#include "src/comparing.h"
#include "src/policy.h"

/* What the head is compared with when nothing was said: the first of these that exists, at its
 * merge base with the head. */
static const struct {
	const char *revision, *because;
} default_bases[] = {
	{"@{upstream}", "merge base with the branch's upstream"},
	{"origin/HEAD", "merge base with origin's default branch"},
};

static int
choose_base(struct side *base, struct analysis *analysis, const struct side *head, struct err *err)
{
	const char *commit = head->revision.commit;
	struct revision candidate;

	for (size_t i = 0; i < sizeof default_bases / sizeof *default_bases; i++) {
		if (!commit ||
			analysis_resolve(&candidate, analysis, default_bases[i].revision, err) != 0)
			continue;
		base->chosen_because = default_bases[i].because;
		return repo_merge_base(&base->revision, analysis->repo, candidate.name, commit,
			&analysis->arena, err);
	}
	return err_set(err, ERR_USAGE,
		"nothing to compare with: the branch has no upstream and there is no origin/HEAD; "
		"name a revision with --base REV");
}

static int
choose_sides(struct comparing *what, struct analysis *analysis, struct err *err)
{
	const struct options *options = analysis->options;

	if (analysis_resolve(&what->head.revision, analysis, options->head, err) != 0)
		return err_wrap(err, "--head");
	what->head.chosen_because = options->head ? "given with --head" : "the working tree";
	if (!options->base)
		return choose_base(&what->base, analysis, &what->head, err);
	what->base.chosen_because = "given with --base";
	if (analysis_resolve(&what->base.revision, analysis, options->base, err) != 0)
		return err_wrap(err, "--base");
	return 0;
}

static int
run_check(struct options *options, int *status, struct err *err)
{
	CLEANUP(analysis_close) struct analysis analysis = {0};
	struct comparing what = {0};
	enum verdict_status verdict;

	if (analysis_open(&analysis, options, options->arguments, options->argument_count, err) !=
			0 ||
		choose_sides(&what, &analysis, err) != 0 ||
		comparing_run(&verdict, &analysis, &what, err) != 0)
		return -1;
	*status = policy_exit_status(verdict);
	return 0;
}

const struct command check_command = {
	.name = "check",
	.arguments = "[PACKAGES]",
	.summary = "The gate: fail when the head has heap escapes that the base has not",
	.details = "PACKAGES are patterns as for go build; none means ./... . go's build flags "
		   "(-tags, -mod, …) may be "
		   "given as for go build.",
	.options = FOR_CHECK,
	.run = run_check,
};

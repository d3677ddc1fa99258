/* heapwarden check: the gate. */
#include "src/cmd_check.h"
#include "src/choose_base.h"
#include "src/matrix.h"
#include "src/policy.h"
#include "src/settings.h"

static int
choose_sides(struct comparing *what, struct analysis *analysis, struct err *err)
{
	const struct options *options = analysis->options;

	if (options->staged && options->head)
		return err_set(
			err, ERR_USAGE, "--staged and --head name two heads: give one of the two");
	if (options->staged) {
		what->head.chosen_because = "what is staged";
		if (repo_index(&what->head.revision, analysis->repo, &analysis->arena, err) != 0)
			return err_wrap(err, "--staged");
	} else if (analysis_resolve(&what->head.revision, analysis, options->head, err) != 0) {
		return err_wrap(err, "--head");
	} else {
		what->head.chosen_because =
			options->head ? "given with --head" : "the working tree";
	}
	if (settings_read(analysis, &what->head.revision, err) != 0)
		return -1;
	return choose_base(&what->base, analysis, &what->head, err);
}

int
check_prepare(struct comparing *what, struct analysis *analysis, struct err *err)
{
	if (choose_sides(what, analysis, err) != 0)
		return -1;
	return settings_read_base(analysis, &what->base.revision, err);
}

static int
prepare(struct comparing *what, struct analysis *analysis, void *ctx, struct err *err)
{
	(void)ctx;
	return check_prepare(what, analysis, err);
}

static int
run_check(struct options *options, int *status, struct err *err)
{
	const struct matrix matrix = {
		.options = options,
		.packages = options->arguments,
		.package_count = options->argument_count,
		.choose = prepare,
	};
	enum verdict_status verdict;

	if (matrix_run(&verdict, &matrix, err) != 0)
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

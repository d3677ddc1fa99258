/* heapwarden toolchain: one tree under two versions of Go. */
#include <string.h>

#include "src/documents.h"
#include "src/progress.h"
#include "src/settings.h"
#include "src/toolchains.h"

/* "1.24.13" and "go1.24.13" are the same. */
static const char *
go_name(const char *word, struct arena *arena)
{
	return strncmp(word, "go", 2) == 0 ? word : arena_printf(arena, "go%s", word);
}

/* The sides are the same tree: what tells them apart is the Go. */
static void
name_sides(struct comparison *comparison, const char *one, const char *two)
{
	comparison->base.revision.name = one;
	comparison->head.revision.name = two;
	comparison->base.chosen_because = comparison->head.chosen_because = "named";
	if (comparison->summary.not_printed)
		comparison_warn(comparison,
			"%zu escapes are left out: only one of the two versions prints such "
			"allocations (append, and what a function of another package makes that "
			"only one of them inlines), and both make them",
			comparison->summary.not_printed);
}

static int
run_toolchain(struct options *options, int *status, struct err *err)
{
	CLEANUP(analysis_close) struct analysis analysis = {0};
	CLEANUP(toolchains_release) struct toolchains toolchains = {0};
	struct side side = {0};

	if (options->argument_count < 2)
		return err_set(err, ERR_USAGE,
			"name two versions of Go: heapwarden toolchain go1.24.13 go1.26.8");
	const char *one = go_name(options->arguments[0], &options->arena);
	const char *two = go_name(options->arguments[1], &options->arena);
	if (analysis_open(&analysis, options, options->arguments + 2, options->argument_count - 2,
		    err) != 0)
		return -1;
	settings_take_flags(&analysis);
	if (analysis_resolve(&side.revision, &analysis, options->head, err) != 0 ||
		toolchains_compare(&toolchains, &analysis, &side, one, two, err) != 0)
		return -1;
	progress_clear();
	struct comparison *comparison = &toolchains.comparison;
	comparison->title = repo_title(analysis.repo);
	name_sides(comparison, one, two);
	enum verdict_status verdict = comparison->verdict.status;
	*status = verdict == VERDICT_NONE ? 2 : verdict == VERDICT_FAIL && options->exit_code;
	return documents_comparison(options, comparison, err);
}

const struct command toolchain_command = {
	.name = "toolchain",
	.arguments = "GO1 GO2 [PACKAGES]",
	.summary = "Compare what two versions of Go allocate for one tree",
	.details =
		"The versions are such as go1.24.13; go fetches the ones that are not there. New "
		"is what GO2 puts on the heap and GO1 did not. What only one of them prints, "
		"though both allocate, is counted apart. The exit status is 0 whether or not "
		"there is something new, unless --exit-code is given; 2 when something could "
		"not be analysed.",
	.options = FOR_TOOLCHAIN,
	.run = run_toolchain,
};

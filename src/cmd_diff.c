/* heapwarden diff: the comparison between any two revisions, without a policy. */
#include <string.h>

#include "src/matrix.h"
#include "src/settings.h"

/* What the words of the command line name. */
struct range {
	const char *base, *head; /* NULL: the working tree */
	bool merge_base;         /* A...B: from where B left A */
	size_t words;            /* how many of the arguments were used; the rest are packages */
};

/* "A..B" or "A...B"; an empty side is HEAD, as in git. */
static bool
split_range(struct range *range, const char *word, struct arena *arena)
{
	const char *dots = strstr(word, "..");

	if (!dots || strncmp(word, "./", 2) == 0 || strncmp(word, "../", 3) == 0)
		return false;
	range->merge_base = dots[2] == '.';
	range->head = dots + (range->merge_base ? 3 : 2);
	range->base = arena_str(arena, (struct str){word, (size_t)(dots - word)});
	if (!range->base[0])
		range->base = "HEAD";
	if (!range->head[0])
		range->head = "HEAD";
	range->words = 1;
	return true;
}

/* A word that cannot be a revision: a pattern of packages. */
static bool
is_pattern(const char *word)
{
	return word[0] == '.' || word[0] == '/' || strstr(word, "...");
}

static int
read_range(struct range *range, const struct options *options, struct arena *arena, struct err *err)
{
	const char **words = options->arguments;
	size_t count = options->argument_count;

	*range = (struct range){0};
	if (count == 0 || (is_pattern(words[0]) && !split_range(range, words[0], arena)))
		return err_set(err, ERR_USAGE,
			"name what to compare: A..B, A...B, A B, or A for the working tree against "
			"A");
	if (range->words || split_range(range, words[0], arena))
		return 0;
	range->base = words[0];
	range->words = 1;
	if (count > 1 && !is_pattern(words[1])) {
		range->head = words[1];
		range->words = 2;
	}
	return 0;
}

static int
resolve_range(struct comparing *what, struct analysis *analysis, void *ctx, struct err *err)
{
	const struct range *range = ctx;
	struct merge_base base;

	settings_take_flags(analysis);
	what->base.chosen_because = range->merge_base ? "merge base of the two" : "named";
	what->head.chosen_because = range->head ? "named" : "the working tree";
	if (analysis_resolve(&what->head.revision, analysis, range->head, err) != 0)
		return -1;
	if (analysis_resolve(&what->base.revision, analysis, range->base, err) != 0)
		return -1;
	if (!range->merge_base)
		return 0;
	if (repo_merge_base(&base, analysis->repo, &what->base.revision, &what->head.revision,
		    &analysis->arena, err) != 0)
		return -1;
	what->base.revision = base.revision;
	if (base.count > 1)
		what->base.chosen_because = arena_printf(
			&analysis->arena, "merge base of the two, the youngest of %zu", base.count);
	return 0;
}

static int
run_diff(struct options *options, int *status, struct err *err)
{
	struct matrix matrix = {.options = options, .choose = resolve_range};
	enum verdict_status verdict;
	struct range range;

	if (read_range(&range, options, &options->arena, err) != 0)
		return -1;
	matrix.packages = options->arguments + range.words;
	matrix.package_count = options->argument_count - range.words;
	matrix.ctx = &range;
	if (matrix_run(&verdict, &matrix, err) != 0)
		return -1;
	*status = verdict == VERDICT_NONE ? 2 : verdict == VERDICT_FAIL && options->exit_code;
	return 0;
}

const struct command diff_command = {
	.name = "diff",
	.arguments = "A..B [PACKAGES]\nA...B [PACKAGES]\nA [B] [PACKAGES]",
	.summary = "Compare any two revisions",
	.details = "A...B compares B with its merge base with A; A alone compares the working tree "
		   "with A. The exit status is 0 "
		   "whether or not there is something new, unless --exit-code is given; 2 when "
		   "something could not be analysed.",
	.options = FOR_DIFF,
	.run = run_diff,
};

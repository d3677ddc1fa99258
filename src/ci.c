#include "src/ci.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* A variable that must have a value of a form (fnmatch(3)); without a name nothing is asked. */
struct condition {
	const char *variable, *form;
};

/*
 * Where each system says it, by its documentation of predefined variables. Gitea and Forgejo
 * Actions set the variables of GitHub Actions. CircleCI has no such variable, but a pipeline value
 * that can be given with --base.
 */
static const struct {
	const char *system;
	struct condition runs; /* of a change, where the branch's variable is set for others too */
	const char *branch;    /* names the branch */
	const char *commit;    /* names what is tested */
	struct condition merged; /* it is the system's own merge */
	const char *base;        /* names the merge base */
} systems[] = {
	{
		.system = "GitHub Actions",
		.branch = "GITHUB_BASE_REF",
		.commit = "GITHUB_SHA",
		.merged = {"GITHUB_REF", "refs/pull/*/merge"},
	},
	{
		.system = "GitLab",
		.branch = "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
		.commit = "CI_COMMIT_SHA",
		.merged = {"CI_MERGE_REQUEST_EVENT_TYPE",
			"merge*"}, /* merged_result, merge_train */
		.base = "CI_MERGE_REQUEST_DIFF_BASE_SHA",
	},
	{
		.system = "GitLab",
		.branch = "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME",
		.commit = "CI_COMMIT_SHA",
	},
	{
		.system = "Bitbucket Pipelines",
		.branch = "BITBUCKET_PR_DESTINATION_BRANCH",
		.commit = "BITBUCKET_COMMIT",
	},
	{
		.system = "Azure Pipelines",
		.branch = "SYSTEM_PULLREQUEST_TARGETBRANCH", /* refs/heads/x of Azure's own */
		.commit = "BUILD_SOURCEVERSION",
		.merged = {"BUILD_SOURCEBRANCH", "refs/pull/*/merge"},
	},
	{
		.system = "Jenkins",
		.branch = "CHANGE_TARGET",
		.commit = "GIT_COMMIT",
	},
	{
		.system = "Jenkins",
		.branch = "ghprbTargetBranch",
		.commit = "GIT_COMMIT",
	},
	{
		.system = "Buildkite",
		.branch = "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
		.commit = "BUILDKITE_COMMIT",
	},
	{
		.system = "Travis CI",
		.runs = {"TRAVIS_PULL_REQUEST", "[0-9]*"},
		.branch = "TRAVIS_BRANCH",
		.commit = "TRAVIS_COMMIT",
		.merged = {"TRAVIS_PULL_REQUEST", "[0-9]*"},
	},
	{
		.system = "Woodpecker",
		.branch = "CI_COMMIT_TARGET_BRANCH",
		.commit = "CI_COMMIT_SHA",
	},
	{
		.system = "Drone",
		.runs = {"DRONE_BUILD_EVENT", "pull_request"},
		.branch = "DRONE_TARGET_BRANCH",
		.commit = "DRONE_COMMIT_SHA",
	},
	{
		.system = "AppVeyor",
		.runs = {"APPVEYOR_PULL_REQUEST_NUMBER", "[0-9]*"},
		.branch = "APPVEYOR_REPO_BRANCH",
	},
	{
		.system = "Bamboo",
		.branch = "bamboo_repository_pr_targetBranch",
	},
};

static const char *const default_branches[] = {
	"CI_DEFAULT_BRANCH",                 /* GitLab */
	"CI_REPO_DEFAULT_BRANCH",            /* Woodpecker */
	"DRONE_REPO_BRANCH",                 /* Drone */
	"BUILDKITE_PIPELINE_DEFAULT_BRANCH", /* Buildkite */
};

/* The variable's value, NULL where it says nothing. */
static const char *
value_of(const char *variable)
{
	const char *value = variable ? getenv(variable) : NULL;

	return value && *value && value[strspn(value, "0")] ? value : NULL;
}

static bool
holds(const struct condition *condition)
{
	const char *value = value_of(condition->variable);

	return value && fnmatch(condition->form, value, 0) == 0;
}

static const char *
branch_of(const char *variable)
{
	static const char heads[] = "refs/heads/";
	const char *value = value_of(variable);

	if (value && strncmp(value, heads, sizeof heads - 1) == 0)
		value += sizeof heads - 1;
	return value && *value ? value : NULL;
}

bool
ci_change(struct ci_change *out)
{
	for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
		const char *branch = branch_of(systems[i].branch);
		if (!branch || (systems[i].runs.variable && !holds(&systems[i].runs)))
			continue;
		*out = (struct ci_change){
			.system = systems[i].system,
			.variable = systems[i].branch,
			.branch = branch,
			.commit = value_of(systems[i].commit),
			.merged = holds(&systems[i].merged),
			.base_variable = systems[i].base,
			.base = value_of(systems[i].base),
		};
		return true;
	}
	return false;
}

const char *
ci_default_branch(const char **variable)
{
	for (size_t i = 0; i < sizeof default_branches / sizeof *default_branches; i++) {
		*variable = default_branches[i];
		if (branch_of(*variable))
			return branch_of(*variable);
	}
	return NULL;
}

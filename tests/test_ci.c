#include <stdlib.h>

#include "src/ci.h"
#include "tests/test.h"

#define COMMIT "0123456789abcdef0123456789abcdef01234567"
#define OTHER "89abcdef0123456789abcdef0123456789abcdef"
#define ZEROS "0000000000000000000000000000000000000000"

struct setting {
	const char *variable, *value;
};

struct row {
	const char *name;
	struct setting environment[6];
	const char *system, *variable, *branch; /* NULL: no change is told of */
	const char *commit, *base;
	bool merged;
};

static const struct row changes[] = {
	{.name = "nothing"},
	{.name = "GitHub Actions, pull request",
		.environment = {{"GITHUB_BASE_REF", "main"}, {"GITHUB_REF", "refs/pull/7/merge"},
			{"GITHUB_SHA", COMMIT}},
		.system = "GitHub Actions",
		.variable = "GITHUB_BASE_REF",
		.branch = "main",
		.commit = COMMIT,
		.merged = true},
	{.name = "GitHub Actions, pull_request_target",
		.environment = {{"GITHUB_BASE_REF", "release/1.2"},
			{"GITHUB_REF", "refs/heads/release/1.2"}, {"GITHUB_SHA", COMMIT}},
		.system = "GitHub Actions",
		.variable = "GITHUB_BASE_REF",
		.branch = "release/1.2",
		.commit = COMMIT},
	{.name = "GitHub Actions, push",
		.environment = {{"GITHUB_BASE_REF", ""}, {"GITHUB_REF", "refs/heads/main"}}},
	{.name = "GitLab, merge request",
		.environment = {{"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"},
			{"CI_MERGE_REQUEST_EVENT_TYPE", "detached"}, {"CI_COMMIT_SHA", COMMIT},
			{"CI_MERGE_REQUEST_DIFF_BASE_SHA", OTHER}},
		.system = "GitLab",
		.variable = "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
		.branch = "main",
		.commit = COMMIT,
		.base = OTHER},
	{.name = "GitLab, merged result",
		.environment = {{"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"},
			{"CI_MERGE_REQUEST_EVENT_TYPE", "merged_result"}, {"CI_COMMIT_SHA", COMMIT},
			{"CI_MERGE_REQUEST_DIFF_BASE_SHA", ZEROS}},
		.system = "GitLab",
		.variable = "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
		.branch = "main",
		.commit = COMMIT,
		.merged = true},
	{.name = "GitLab, pull request of another place",
		.environment = {{"CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME", "main"}},
		.system = "GitLab",
		.variable = "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME",
		.branch = "main"},
	{.name = "Bitbucket",
		.environment = {{"BITBUCKET_PR_DESTINATION_BRANCH", "main"},
			{"BITBUCKET_COMMIT", COMMIT}},
		.system = "Bitbucket Pipelines",
		.variable = "BITBUCKET_PR_DESTINATION_BRANCH",
		.branch = "main",
		.commit = COMMIT},
	{.name = "Azure, its own repositories",
		.environment = {{"SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/release/1"},
			{"BUILD_SOURCEBRANCH", "refs/pull/3/merge"},
			{"BUILD_SOURCEVERSION", COMMIT}},
		.system = "Azure Pipelines",
		.variable = "SYSTEM_PULLREQUEST_TARGETBRANCH",
		.branch = "release/1",
		.commit = COMMIT,
		.merged = true},
	{.name = "Azure, a repository of GitHub",
		.environment = {{"SYSTEM_PULLREQUEST_TARGETBRANCH", "main"}},
		.system = "Azure Pipelines",
		.variable = "SYSTEM_PULLREQUEST_TARGETBRANCH",
		.branch = "main"},
	{.name = "Jenkins, multibranch",
		.environment = {{"CHANGE_TARGET", "main"}, {"GIT_COMMIT", COMMIT}},
		.system = "Jenkins",
		.variable = "CHANGE_TARGET",
		.branch = "main",
		.commit = COMMIT},
	{.name = "Jenkins, pull request builder",
		.environment = {{"ghprbTargetBranch", "main"}},
		.system = "Jenkins",
		.variable = "ghprbTargetBranch",
		.branch = "main"},
	{.name = "Buildkite",
		.environment = {{"BUILDKITE_PULL_REQUEST_BASE_BRANCH", "main"},
			{"BUILDKITE_COMMIT", "HEAD"}},
		.system = "Buildkite",
		.variable = "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
		.branch = "main",
		.commit = "HEAD"},
	{.name = "Buildkite, push", .environment = {{"BUILDKITE_PULL_REQUEST_BASE_BRANCH", ""}}},
	{.name = "Travis, pull request",
		.environment = {{"TRAVIS_BRANCH", "main"}, {"TRAVIS_PULL_REQUEST", "12"},
			{"TRAVIS_COMMIT", COMMIT}},
		.system = "Travis CI",
		.variable = "TRAVIS_BRANCH",
		.branch = "main",
		.commit = COMMIT,
		.merged = true},
	{.name = "Travis, push",
		.environment = {{"TRAVIS_BRANCH", "feature"}, {"TRAVIS_PULL_REQUEST", "false"}}},
	{.name = "Woodpecker",
		.environment = {{"CI_COMMIT_TARGET_BRANCH", "main"}, {"CI_COMMIT_SHA", COMMIT}},
		.system = "Woodpecker",
		.variable = "CI_COMMIT_TARGET_BRANCH",
		.branch = "main",
		.commit = COMMIT},
	{.name = "Drone, pull request",
		.environment = {{"DRONE_TARGET_BRANCH", "main"},
			{"DRONE_BUILD_EVENT", "pull_request"}},
		.system = "Drone",
		.variable = "DRONE_TARGET_BRANCH",
		.branch = "main"},
	{.name = "Drone, push",
		.environment = {{"DRONE_TARGET_BRANCH", "main"}, {"DRONE_BUILD_EVENT", "push"}}},
	{.name = "AppVeyor, pull request",
		.environment = {{"APPVEYOR_REPO_BRANCH", "main"},
			{"APPVEYOR_PULL_REQUEST_NUMBER", "5"}},
		.system = "AppVeyor",
		.variable = "APPVEYOR_REPO_BRANCH",
		.branch = "main"},
	{.name = "AppVeyor, push", .environment = {{"APPVEYOR_REPO_BRANCH", "main"}}},
	{.name = "Bamboo",
		.environment = {{"bamboo_repository_pr_targetBranch", "main"}},
		.system = "Bamboo",
		.variable = "bamboo_repository_pr_targetBranch",
		.branch = "main"},
	{.name = "a branch without a name",
		.environment = {{"SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/"}}},
};

/* The environment of the row and nothing else. */
static void
set_environment(const struct setting *settings)
{
	clearenv();
	for (; settings->variable; settings++)
		setenv(settings->variable, settings->value, 1);
}

static void
expect_text(const char *is, const char *expected)
{
	assert_int_equal(is == NULL, expected == NULL);
	if (is)
		assert_string_equal(is, expected);
}

static void
test_change(void **state)
{
	const struct row *row = *state;
	struct ci_change change = {0};

	set_environment(row->environment);
	assert_int_equal(ci_change(&change), row->branch != NULL);
	expect_text(change.system, row->system);
	expect_text(change.variable, row->variable);
	expect_text(change.branch, row->branch);
	expect_text(change.commit, row->commit);
	expect_text(change.base, row->base);
	assert_int_equal(change.merged, row->merged);
}

static void
test_default_branch(void **state)
{
	static const char *const variables[] = {"CI_DEFAULT_BRANCH", "CI_REPO_DEFAULT_BRANCH",
		"DRONE_REPO_BRANCH", "BUILDKITE_PIPELINE_DEFAULT_BRANCH"};
	const char *variable;

	(void)state;
	clearenv();
	assert_null(ci_default_branch(&variable));
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		set_environment((const struct setting[]){{variables[i], "trunk"}, {0}});
		expect_text(ci_default_branch(&variable), "trunk");
		expect_text(variable, variables[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_default_branch)};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	failed += RUN_TABLE("changes", changes, test_change);
	return failed != 0;
}

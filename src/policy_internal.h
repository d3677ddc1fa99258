/* What the files of the policy share. */
#pragma once

#include "src/comparison.h"
#include "src/config.h"

/* The settings as they are needed, for one comparison. */
struct policy {
	struct comparison *comparison;
	struct config *config;
	const struct config_value *kinds, *reasons, *packages, *ignored_packages, *ignored_paths;
	size_t kind_count, reason_count, package_count, ignored_package_count, ignored_path_count;
	const char *const *hot; /* patterns of functions */
	size_t hot_count;
	bool generated; /* generated files count */
};

/* A sentence for each thing that is not as it should be. */
struct violations {
	const char **texts; /* freed by the owner */
	size_t count, capacity;
};

void policy_read(struct policy *policy, struct comparison *comparison, struct config *config);
void policy_add(struct violations *violations, const char *text);

/* Why a place does not count, in one of the sides; NULL: it does. In the comparison's arena. */
const char *policy_left_out(const struct policy *policy, const struct escape *escape, bool base);

/* Why a finding does not count that the profile has little of; NULL: it does. */
const char *policy_below_profile(const struct policy *policy, const struct finding *finding);

/* Whether the pattern of functions, or of packages where it has no ':', is about the place. */
bool policy_is_in(
	const struct policy *policy, const char *pattern, const struct escape *escape, bool base);

/* The pattern of hot functions that a finding is in; NULL. */
const char *policy_hot(const struct policy *policy, const struct escape *escape);

/* Add what goes beyond a budget. */
void policy_judge_budgets(struct violations *violations, const struct policy *policy);

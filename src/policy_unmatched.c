/* Patterns that name nothing: whoever mistypes one believes that something is watched. */
#include "src/policy.h"

#include <string.h>

#include "src/base/cleanup.h"
#include "src/match.h"
#include "src/policy_internal.h"

static bool
names_package_of(const char *pattern, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->package_count; i++)
		if (match_package(pattern, snapshot->packages[i].import_path,
			    snapshot->packages[i].directory))
			return true;
	return false;
}

static bool
names_function_of(const char *pattern, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->inlining_count; i++) {
		const struct inlining *function = &snapshot->inlinings[i];
		const struct package *package = snapshot_package(snapshot, function->package);
		if (match_function(pattern, function->package, package ? package->directory : NULL,
			    function->function))
			return true;
	}
	return false;
}

/* What is only in the base has been, and is gone: no mistake. */
static bool
names_package(const struct comparison *comparison, const char *pattern)
{
	return names_package_of(pattern, comparison->head_snapshot) ||
	       names_package_of(pattern, comparison->base_snapshot);
}

/* Of packages that are equal the functions need not be known, nor of those that do not build. */
static bool
knows_all_functions(const struct comparison *comparison)
{
	return !(comparison->equal && comparison->equal->count) &&
	       comparison->summary.packages_failed == 0;
}

static bool
names_function(const struct comparison *comparison, const char *pattern)
{
	CLEANUP(buf_release) struct buf package = {0};
	const char *colon = strchr(pattern, ':');

	buf_add(&package, (struct str){pattern, colon ? (size_t)(colon - pattern) : 0});
	if (package.n && !names_package(comparison, package.p))
		return false;
	return !knows_all_functions(comparison) ||
	       names_function_of(pattern, comparison->head_snapshot) ||
	       names_function_of(pattern, comparison->base_snapshot);
}

static void
tell(struct comparison *comparison, const char *origin, const char *setting, const char *pattern)
{
	comparison_warn(comparison,
		"%s: %s '%s' names nothing that was compared, so that nothing is held to it: is it "
		"spelt right?",
		origin, setting, pattern);
}

static const char *
origin_of(
	const struct config *config, const enum setting_id *ids, size_t count, const char *pattern)
{
	for (size_t i = 0; i < count; i++) {
		struct config_value said = config_get(config, ids[i], pattern);
		if (said.source != CONFIG_DEFAULT)
			return said.origin;
	}
	/* A section that has no setting in it. */
	return CONFIG_FILE;
}

static void
tell_sections(struct comparison *comparison, struct config *config, const char *section,
	const enum setting_id *ids, size_t count)
{
	size_t number;
	const char *const *patterns = config_sections(&number, config, section);
	bool functions = strcmp(section, "hot") == 0;

	for (size_t i = 0; i < number; i++) {
		bool named = functions || strchr(patterns[i], ':')
				     ? names_function(comparison, patterns[i])
				     : names_package(comparison, patterns[i]);
		if (!named)
			tell(comparison, origin_of(config, ids, count, patterns[i]), section,
				patterns[i]);
	}
}

static void
tell_list(struct comparison *comparison, struct config *config, enum setting_id id)
{
	size_t count;
	const struct config_value *words = config_list(&count, config, id);

	for (size_t i = 0; i < count; i++) {
		bool named = id == SETTING_HOT ? names_function(comparison, words[i].text)
					       : names_package(comparison, words[i].text);
		if (!named)
			tell(comparison, words[i].origin, setting(id)->name, words[i].text);
	}
}

void
policy_tell_unmatched(struct comparison *comparison, struct config *config)
{
	static const enum setting_id hot[] = {SETTING_HOT_BECAUSE};
	static const enum setting_id budget[] = {SETTING_BUDGET_TOTAL, SETTING_BUDGET_RATCHET};

	tell_list(comparison, config, SETTING_PACKAGES);
	tell_list(comparison, config, SETTING_HOT);
	tell_sections(comparison, config, "hot", hot, 1);
	tell_sections(comparison, config, "budget", budget, 2);
}

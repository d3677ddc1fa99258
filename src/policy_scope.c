/* What counts: by kind, reason, place and file. */
#include "src/match.h"
#include "src/policy_internal.h"

/* The list of the setting policy.hot, and the sections [hot "PATTERN"]. */
static void
read_hot(struct policy *policy)
{
	size_t listed, sections;
	const struct config_value *words = config_list(&listed, policy->config, SETTING_HOT);
	const char *const *patterns = config_sections(&sections, policy->config, "hot");
	const char **hot =
		arena_alloc(&policy->comparison->arena, (listed + sections + 1) * sizeof *hot);

	for (size_t i = 0; i < listed; i++)
		hot[policy->hot_count++] = words[i].text;
	for (size_t i = 0; i < sections; i++)
		hot[policy->hot_count++] = patterns[i];
	policy->hot = hot;
}

void
policy_read(struct policy *policy, struct comparison *comparison, struct config *config)
{
	*policy = (struct policy){.comparison = comparison, .config = config};
	policy->kinds = config_list(&policy->kind_count, config, SETTING_KINDS);
	policy->reasons = config_list(&policy->reason_count, config, SETTING_REASONS);
	policy->packages = config_list(&policy->package_count, config, SETTING_PACKAGES);
	policy->ignored_packages =
		config_list(&policy->ignored_package_count, config, SETTING_IGNORE_PACKAGES);
	policy->ignored_paths =
		config_list(&policy->ignored_path_count, config, SETTING_IGNORE_PATHS);
	policy->generated = config_switch(config, SETTING_GENERATED);
	read_hot(policy);
}

static const char *
directory_of(const struct policy *policy, const struct escape *escape, bool base)
{
	const struct comparison *comparison = policy->comparison;
	const struct package *package = snapshot_package(
		base ? comparison->base_snapshot : comparison->head_snapshot, escape->package);

	return package ? package->directory : NULL;
}

bool
policy_is_in(
	const struct policy *policy, const char *pattern, const struct escape *escape, bool base)
{
	const char *directory = directory_of(policy, escape, base);

	if (strchr(pattern, ':'))
		return match_function(pattern, escape->package, directory, escape->function);
	return match_package(pattern, escape->package, directory);
}

const char *
policy_hot(const struct policy *policy, const struct escape *escape)
{
	for (size_t i = 0; i < policy->hot_count; i++)
		if (match_function(policy->hot[i], escape->package,
			    directory_of(policy, escape, false), escape->function))
			return policy->hot[i];
	return NULL;
}

/* "policy.reasons, .heapwarden:4, does not name 'interface'". */
static const char *
not_named(const struct policy *policy, const struct config_value *list, const char *word)
{
	return arena_printf(&policy->comparison->arena, "%s (%s) does not name %s",
		setting(list->id)->name, list->origin, word);
}

static const char *
named(const struct policy *policy, const struct config_value *word)
{
	return arena_printf(&policy->comparison->arena, "%s (%s) names %s", setting(word->id)->name,
		word->origin, word->text);
}

static bool
has_choice(const struct config_value *list, size_t count, size_t choice)
{
	for (size_t i = 0; i < count; i++)
		if (config_word_choice(&list[i]) == choice)
			return true;
	return false;
}

static const struct config_value *
find_package(const struct config_value *list, size_t count, const struct policy *policy,
	const struct escape *escape, bool base)
{
	for (size_t i = 0; i < count; i++)
		if (policy_is_in(policy, list[i].text, escape, base))
			return &list[i];
	return NULL;
}

/* Why its place does not count. */
static const char *
place_left_out(const struct policy *policy, const struct escape *escape, bool base)
{
	const struct config_value *word;

	if (policy->package_count &&
		!find_package(policy->packages, policy->package_count, policy, escape, base))
		return not_named(policy, policy->packages, escape->package);
	word = find_package(
		policy->ignored_packages, policy->ignored_package_count, policy, escape, base);
	if (word)
		return named(policy, word);
	for (size_t i = 0; i < policy->ignored_path_count; i++)
		if (match_path(policy->ignored_paths[i].text, escape->at.file))
			return named(policy, &policy->ignored_paths[i]);
	return NULL;
}

static bool
is_generated(const struct policy *policy, const struct escape *escape, bool base)
{
	struct source *source = policy->comparison->source;

	return source && escape->at.file &&
	       source_is_generated(source_file(source, base, escape->at.file));
}

const char *
policy_left_out(const struct policy *policy, const struct escape *escape, bool base)
{
	if (policy->kind_count && !has_choice(policy->kinds, policy->kind_count, escape->kind))
		return not_named(policy, policy->kinds, escape_kind_name(escape->kind));
	if (policy->reason_count &&
		!has_choice(policy->reasons, policy->reason_count, escape->reason))
		return not_named(policy, policy->reasons, reason_text(escape->reason)->name);
	const char *place = place_left_out(policy, escape, base);
	if (place)
		return place;
	if (!policy->generated && is_generated(policy, escape, base))
		return "generated file";
	return NULL;
}

const char *
policy_below_profile(const struct policy *policy, const struct finding *finding)
{
	int least = (int)config_share(policy->config, SETTING_PROFILE_MIN);
	struct config_value said = config_get(policy->config, SETTING_PROFILE_MIN, NULL);

	if (!finding->share.is_known || finding->share.thousandths >= least)
		return NULL;
	return arena_printf(&policy->comparison->arena,
		"%s of the profile: below %s nothing counts (%s, %s)",
		share_text(finding->share.thousandths).text, share_text(least).text,
		setting(said.id)->name, said.origin);
}

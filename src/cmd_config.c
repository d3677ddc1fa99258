/* heapwarden config: what is set, and where it was said. */
#include <stdio.h>
#include <string.h>

#include "report/terminal.h"
#include "src/settings.h"

/* "budget.*.total" of a section is "budget.PATTERN.total". */
static const char *
full_name(const struct config_value *value, struct arena *arena)
{
	const char *name = setting(value->id)->name, *star = strstr(name, ".*.");

	if (!star || !value->section)
		return name;
	return arena_printf(
		arena, "%.*s.%s.%s", (int)(star - name), name, value->section, star + 3);
}

static void
put(const char *text)
{
	terminal_text(stdout, str_of(text));
}

static void
print_row(const struct config_value *value, struct arena *arena)
{
	const char *name = full_name(value, arena);

	put(name);
	fputs(" = ", stdout);
	put(value->text);
	fputs("  # ", stdout);
	put(value->origin);
	putchar('\n');
}

/* Whether the settings of the row are those of sections with patterns. */
static bool
is_of_sections(enum setting_id id)
{
	return strstr(setting(id)->name, ".*.");
}

static void
print_sections(struct config *config, enum setting_id id, struct arena *arena)
{
	const char *name = setting(id)->name;
	const char *section = arena_str(arena, (struct str){name, strcspn(name, ".")});
	size_t count;
	const char *const *patterns = config_sections(&count, config, section);

	for (size_t i = 0; i < count; i++) {
		struct config_value value = config_get(config, id, patterns[i]);
		if (value.source != CONFIG_DEFAULT)
			print_row(&value, arena);
	}
}

/* A list has a row for each of its words. */
static void
print_setting(struct config *config, enum setting_id id, struct arena *arena)
{
	struct config_value value = config_get(config, id, NULL);
	size_t count = 0;

	if (is_of_sections(id)) {
		print_sections(config, id, arena);
		return;
	}
	if (setting(id)->type != SETTING_IS_LIST || !config_list(&count, config, id) || !count) {
		print_row(&value, arena);
		return;
	}
	const struct config_value *words = config_list(&count, config, id);
	for (size_t i = 0; i < count; i++)
		print_row(&words[i], arena);
}

static void
print_value(const char *text)
{
	put(text);
	putchar('\n');
}

/* The setting's value, or a line for each word of a list. */
static void
print_values(struct config *config, enum setting_id id, const char *section)
{
	size_t count = 0;

	if (setting(id)->type != SETTING_IS_LIST) {
		print_value(config_get(config, id, section).text);
		return;
	}
	const struct config_value *words = config_list(&count, config, id);
	for (size_t i = 0; i < count; i++)
		print_value(words[i].text);
}

/* "policy.max-new", or "budget.PATTERN.total". */
static bool
is_named(enum setting_id id, const char *key, const char **section, struct arena *arena)
{
	const char *name = setting(id)->name, *star = strstr(name, ".*.");
	const char *last = strrchr(key, '.');

	*section = NULL;
	if (!star)
		return strcmp(name, key) == 0;
	size_t n = (size_t)(star - name) + 1;
	if (strncmp(name, key, n) != 0 || !last || last < key + n ||
		strcmp(last + 1, star + 3) != 0)
		return false;
	*section = arena_str(arena, (struct str){key + n, (size_t)(last - key) - n});
	return true;
}

static int
print_one(struct config *config, const char *key, struct arena *arena, struct err *err)
{
	CLEANUP(buf_release) struct buf names = {0};
	const char *section;

	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		buf_printf(&names, "%s%s", id ? ", " : "", setting(id)->name);
		if (is_named(id, key, &section, arena)) {
			print_values(config, id, section);
			return 0;
		}
	}
	return err_set(
		err, ERR_USAGE, "there is no setting '%s': the settings are %s", key, names.p);
}

static int
run_config(struct options *options, int *status, struct err *err)
{
	CLEANUP(analysis_close) struct analysis analysis = {0};
	struct revision head;

	if (options->argument_count > 1)
		return err_set(err, ERR_USAGE,
			"name one setting, or none to see all of them: heapwarden config "
			"policy.max-new");
	options->no_store = true;
	if (analysis_open(&analysis, options, NULL, 0, err) != 0 ||
		analysis_resolve(&head, &analysis, options->head, err) != 0 ||
		settings_read(&analysis, &head, err) != 0)
		return -1;
	*status = 0;
	if (options->argument_count)
		return print_one(&analysis.config, options->arguments[0], &analysis.arena, err);
	for (enum setting_id id = 0; id < SETTING_COUNT; id++)
		print_setting(&analysis.config, id, &analysis.arena);
	return 0;
}

const struct command config_command = {
	.name = "config",
	.arguments = "[SETTING]",
	.summary = "Show the settings, and where each was said",
	.details =
		"Prints each setting with its value and where it was said: a flag, a variable of "
		"the environment, a line of .heapwarden, or nowhere (default). SETTING prints "
		"the value of that one alone.",
	.options = FOR_CONFIG,
	.run = run_config,
};

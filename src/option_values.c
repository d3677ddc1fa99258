#include "src/option_values.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/file.h"

static int
add_output(struct options *options, const char *value, struct err *err)
{
	const char *colon = strchr(value, ':');
	const char *name =
		colon ? arena_str(&options->arena, (struct str){value, (size_t)(colon - value)})
		      : value;
	const struct writer *writer = report_writer(name);

	if (options->output_count == MOST_OUTPUTS)
		return err_set(err, ERR_USAGE, "too many documents: --format may be given %d times",
			MOST_OUTPUTS);
	if (!writer) {
		CLEANUP(buf_release) struct buf names = {0};
		for (const struct writer *const *w = report_writers(); *w; w++)
			buf_printf(&names, "%s%s", names.n ? ", " : "", (*w)->name);
		return err_set(err, ERR_USAGE, "there is no format '%s': the formats are %s", name,
			names.p);
	}
	if (colon && !colon[1])
		return err_set(err, ERR_USAGE, "--format %s: no path behind the colon", value);
	options->outputs[options->output_count++] =
		(struct output){writer, colon ? colon + 1 : "-"};
	return 0;
}

static int
set_colour(struct options *options, const char *value, struct err *err)
{
	static const char *const names[] = {
		[COLOUR_AUTO] = "auto",
		[COLOUR_ALWAYS] = "always",
		[COLOUR_NEVER] = "never",
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i], value) == 0) {
			options->colour = (enum colour)i;
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "--color is auto, always or never, not '%s'", value);
}

static int
set_max_details(struct options *options, const char *value, struct err *err)
{
	int number = str_int(str_of(value));

	if (number < 0)
		return err_set(
			err, ERR_USAGE, "--max-details is a number from 0 on, not '%s'", value);
	options->max_details = (size_t)number;
	return 0;
}

static int
set_sarif_scope(struct options *options, const char *value, struct err *err)
{
	options->sarif_all = strcmp(value, "all") == 0;
	if (!options->sarif_all && strcmp(value, "new") != 0)
		return err_set(err, ERR_USAGE, "--sarif-scope is new or all, not '%s'", value);
	return 0;
}

static int
set_older_than(struct options *options, const char *value, struct err *err)
{
	options->older_than = str_int(str_of(value));
	if (options->older_than < 0)
		return err_set(err, ERR_USAGE, "--older-than is a number of days, not '%s'", value);
	return 0;
}

/* "5000", "500K", "20M", "1G". */
static int
set_max_size(struct options *options, const char *value, struct err *err)
{
	static const char letters[] = "KMG";
	struct str number = str_of(value);
	const char *letter = number.n ? strchr(letters, number.p[number.n - 1]) : NULL;

	number.n -= letter != NULL;
	int count = str_int(number);
	if (count < 0)
		return err_set(err, ERR_USAGE,
			"--max-size is a number of bytes, which K, M or G may follow, not '%s'",
			value);
	options->max_bytes = (int64_t)count << (letter ? 10 * (letter - letters + 1) : 0);
	return 0;
}

/* "500ms", "5s", "2m", "0". */
static int
set_budget(struct options *options, const char *value, struct err *err)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"", 0}};
	size_t digits = strspn(value, "0123456789");
	int count = str_int((struct str){value, digits});

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (count < 0 || strcmp(value + digits, units[i].name) != 0 ||
			(count > 0 && units[i].ms == 0))
			continue;
		options->budget_ms = count * units[i].ms;
		return 0;
	}
	return err_set(err, ERR_USAGE,
		"--budget is a number with ms, s or m behind it, such as 500ms, 5s or 2m, or 0 for "
		"no limit, not '%s'",
		value);
}

/* "1.21.13", "go1.21.13", "1.27rc1". */
static int
set_go_version(struct options *options, const char *value, struct err *err)
{
	const char *number = strncmp(value, "go", 2) == 0 ? value + 2 : value;

	if (strncmp(number, "1.", 2) != 0 || number[2] < '0' || number[2] > '9')
		return err_set(
			err, ERR_USAGE, "--go is a version such as 1.21.13, not '%s'", value);
	options->go_version = arena_printf(&options->arena, "go%s", number);
	return 0;
}

int
options_add_variant(struct options *options, const char *text, struct err *err)
{
	struct variant variant;

	if (variant_read(&variant, text, &options->arena, err) != 0) {
		variant_release(&variant);
		return err_wrap(err, "--variant '%s'", text);
	}
	options->variants = array_grow(options->variants, &options->variant_capacity,
		options->variant_count + 1, sizeof *options->variants);
	options->variants[options->variant_count++] = variant;
	return 0;
}

/* As in git: an empty directory is no change. */
static int
set_directory(struct options *options, const char *value, struct err *err)
{
	CLEANUP(free_ptr) char *joined = path_join(options->directory, value);

	(void)err;
	options->directory = arena_strdup(&options->arena, joined);
	return 0;
}

static int
add_argument(struct options *options, const char *argument, struct err *err)
{
	(void)err;
	options->arguments = array_grow(options->arguments, &options->argument_capacity,
		options->argument_count + 1, sizeof *options->arguments);
	options->arguments[options->argument_count++] = argument;
	return 0;
}

/* The flag of a setting; its value is looked at here, so that what is wrong is told at once. */
static int
add_setting(struct options *options, enum setting_id id, const char *value, struct err *err)
{
	const char *text = value ? value : "true";
	CLEANUP(buf_release) struct buf origin = {0};

	buf_printf(&origin, "--%s", setting(id)->flag);
	if (config_check(id, text, origin.p, err) != 0)
		return -1;
	options->settings = array_grow(options->settings, &options->setting_capacity,
		options->setting_count + 1, sizeof *options->settings);
	options->settings[options->setting_count++] = (struct given_setting){id, text};
	return 0;
}

static int
be_quiet(struct options *options, const char *value, struct err *err)
{
	(void)value, (void)err;
	options->verbosity = -1;
	return 0;
}

static int
be_verbose(struct options *options, const char *value, struct err *err)
{
	(void)value, (void)err;
	options->verbosity = options->verbosity < 0 ? 1 : options->verbosity + 1;
	return 0;
}

/* A switch, a text, or what a function reads. */
enum taking { SETS, KEEPS, READS };

#define SWITCH(key, member)                                                                        \
	{                                                                                          \
		key, SETS, offsetof(struct options, member), NULL                                  \
	}
#define TEXT(key, member)                                                                          \
	{                                                                                          \
		key, KEEPS, offsetof(struct options, member), NULL                                 \
	}

static const struct {
	int key;
	enum taking how;
	size_t member;
	int (*read)(struct options *options, const char *value, struct err *err);
} takings[] = {
	{'C', READS, 0, set_directory},
	{'q', READS, 0, be_quiet},
	{'v', READS, 0, be_verbose},
	{KEY_WORD, READS, 0, add_argument},
	{KEY_FORMAT, READS, 0, add_output},
	{KEY_COLOUR, READS, 0, set_colour},
	{KEY_MAX_DETAILS, READS, 0, set_max_details},
	{KEY_SARIF_SCOPE, READS, 0, set_sarif_scope},
	{KEY_GO, READS, 0, set_go_version},
	{KEY_OLDER_THAN, READS, 0, set_older_than},
	{KEY_MAX_SIZE, READS, 0, set_max_size},
	{KEY_BUDGET, READS, 0, set_budget},
	{KEY_VARIANT, READS, 0, options_add_variant},
	TEXT(KEY_BASE, base),
	TEXT(KEY_HEAD, head),
	TEXT(KEY_STORE, store),
	TEXT(KEY_CONFIG, config),
	TEXT(KEY_REASON, reason),
	TEXT(KEY_EXPIRES, expires),
	SWITCH(KEY_ALL, all),
	SWITCH(KEY_EXIT_CODE, exit_code),
	SWITCH(KEY_JUNIT_EXTENDED, junit_extended),
	SWITCH(KEY_CONTRACTS, contracts),
	SWITCH(KEY_STRICT, strict),
	SWITCH(KEY_LINES, lines),
	SWITCH(KEY_NO_STORE, no_store),
	SWITCH(KEY_NO_SHORTCUT, no_shortcut),
	SWITCH(KEY_ALL_MODULES, all_modules),
	SWITCH(KEY_UNREACHABLE, unreachable),
	SWITCH(KEY_STAGED, staged),
};

int
option_take(bool *known, struct options *options, int key, const char *value, struct err *err)
{
	size_t i = 0, count = sizeof takings / sizeof *takings;

	*known = true;
	if (key >= KEY_SETTING && key < KEY_SETTING + SETTING_COUNT)
		return add_setting(options, (enum setting_id)(key - KEY_SETTING), value, err);
	while (i < count && takings[i].key != key)
		i++;
	*known = i < count;
	if (!*known)
		return 0;
	if (takings[i].how == READS)
		return takings[i].read(options, value, err);
	if (takings[i].how == SETS)
		*(bool *)((char *)options + takings[i].member) = true;
	else
		*(const char **)((char *)options + takings[i].member) = value;
	return 0;
}

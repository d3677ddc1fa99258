/* The settings: one table of what can be set, and what was said of it in which place. What is said
 * in a later source stands in place of what an earlier one says: default, file, environment, flag.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "src/base/arena.h"
#include "src/base/err.h"

/* The name of the file at the root of a repository. */
#define CONFIG_FILE ".heapwarden"

/* One for each row of the table. */
enum setting_id {
	SETTING_FAIL_ON,
	SETTING_MAX_NEW,
	SETTING_KINDS,
	SETTING_REASONS,
	SETTING_PACKAGES,
	SETTING_IGNORE_PACKAGES,
	SETTING_IGNORE_PATHS,
	SETTING_GENERATED,
	SETTING_HOT,
	SETTING_HOT_BECAUSE,
	SETTING_BUDGET_TOTAL,
	SETTING_BUDGET_RATCHET,
	SETTING_PROFILE,
	SETTING_PROFILE_MIN,
	SETTING_BASELINE,
	SETTING_VARIANT_BUILD,
	SETTING_ALL_MODULES,
	SETTING_TESTS,
	SETTING_COUNT
};

/* The choices of policy.fail-on, in the order of the table. */
enum { FAIL_ON_NEW, FAIL_ON_BUDGETS, FAIL_ON_NONE };

enum setting_type {
	SETTING_IS_TEXT,   /* any */
	SETTING_IS_CHOICE, /* one of `choices` */
	SETTING_IS_NUMBER, /* from 0 on */
	SETTING_IS_SWITCH, /* true, yes, on, 1, or nothing behind the name; false, no, off, 0 */
	SETTING_IS_SHARE,  /* "2.5%": of 100, in thousandths of a per cent */
	SETTING_IS_LIST,   /* words with commas between; said again in one source, it grows */
};

/* Which commands have a flag for it. */
enum setting_use { SETTING_FOR_GATE, SETTING_FOR_BUILDS, SETTING_FOR_EXCEPTIONS };

/* A row of the table. */
struct setting {
	const char *name; /* as in the file: "policy.max-new"; "budget.*.total" for the key of a
			     section that is named by a pattern ([budget "./internal/..."]) */
	enum setting_type type;
	enum setting_use use;
	const char *fallback;       /* the default, written as in the file; "" is none */
	const char *flag;           /* "max-new" of --max-new; NULL: none */
	const char *argument;       /* what --help calls its value; NULL of switches */
	const char *environment;    /* "HEAPWARDEN_MAX_NEW"; NULL: none */
	const char *help;           /* of the flag, and of the manual */
	const char *const *choices; /* ended by NULL; of a list: the words that it may have */
};

/* The row; constant data. */
const struct setting *setting(enum setting_id id);

/* Where a value is from, the weakest first. */
enum config_source { CONFIG_DEFAULT, CONFIG_FILE_LINE, CONFIG_ENVIRONMENT, CONFIG_FLAG };

/* Something that was said. */
struct config_value {
	enum setting_id id;
	enum config_source source;
	const char *section; /* the pattern of a named section; else NULL */
	const char *text;
	const char *origin; /* ".heapwarden:12", "HEAPWARDEN_MAX_NEW", "--max-new", "default" */
};

/* {0} holds the defaults alone. */
struct config {
	struct arena arena;
	struct config_value *values; /* in the order in which they were said */
	size_t count, capacity;
	const char **sections; /* "budget.PATTERN", each once, in the order of the file */
	size_t section_count, section_capacity;
};

void config_release(struct config *config);

/* Whether the text is a value of the setting; the message names the origin. */
MUST_CHECK int config_check(
	enum setting_id id, const char *text, const char *origin, struct err *err);

/* Take what a file says: `name` as git gives it, "section.key" or "section.PATTERN.key". Fails with
 * ERR_USAGE where there is no such setting or the value is none of it. */
MUST_CHECK int config_add_entry(struct config *config, const char *name, const char *text,
	const char *origin, struct err *err);

/* Take note that a file has the section of that name and pattern, whatever is in it. */
MUST_CHECK int config_add_section(struct config *config, const char *section, const char *pattern,
	const char *origin, struct err *err);

/* Take what the environment says. */
MUST_CHECK int config_add_environment(struct config *config, struct err *err);

/* Take what the command line says: a value that config_check() has passed. */
void config_add_flag(struct config *config, enum setting_id id, const char *text);

/* What holds: of one source, what was said last. Borrowed. The origin is "default" where nothing
 * was said. Of a section that is named: its pattern; else NULL. */
struct config_value config_get(
	const struct config *config, enum setting_id id, const char *section);

const char *config_text(const struct config *config, enum setting_id id);
size_t config_number(const struct config *config, enum setting_id id);
bool config_switch(const struct config *config, enum setting_id id);

/* Which of the choices: its index. */
size_t config_choice(const struct config *config, enum setting_id id);

/* Which of its choices a word of a list is. */
size_t config_word_choice(const struct config_value *word);

/* In thousandths of a per cent: 1000 is "1%". */
size_t config_share(const struct config *config, enum setting_id id);

/* The words of a list, *count of them, each with where it was said; in the arena. */
const struct config_value *config_list(size_t *count, struct config *config, enum setting_id id);

/* The number, or the switch, of a section that is named; false where it is not said. */
bool config_section_number(
	size_t *number, const struct config *config, enum setting_id id, const char *section);
bool config_section_switch(const struct config *config, enum setting_id id, const char *section);

/* The patterns of the sections with the name ("budget"), *count of them, in the order of the file;
 * in the arena. */
const char *const *config_sections(size_t *count, struct config *config, const char *section);

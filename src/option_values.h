/* What is done with an option that was given: where its value goes, and what it must be. */
#pragma once

#include "src/options.h"

/* Those without a letter; argp tells them by these numbers. */
enum option_key {
	KEY_WORD = 0x100, /* no option: a word of the command line */
	KEY_BASE,
	KEY_HEAD,
	KEY_FORMAT,
	KEY_COLOUR,
	KEY_ALL,
	KEY_EXIT_CODE,
	KEY_MAX_DETAILS,
	KEY_GO,
	KEY_STRICT,
	KEY_CONTRACTS,
	KEY_LINES,
	KEY_STORE,
	KEY_NO_STORE,
	KEY_NO_SHORTCUT,
	KEY_OLDER_THAN,
	KEY_MAX_SIZE,
	KEY_UNREACHABLE,
	KEY_STAGED,
	KEY_VARIANT,
	KEY_ALL_MODULES,
	KEY_JUNIT_EXTENDED,
	KEY_SARIF_SCOPE,
	KEY_REASON,
	KEY_EXPIRES,
	KEY_CONFIG,
	KEY_BUDGET,
	KEY_SETTING, /* and from there on one for each setting */
};

/*
 * Take an option. `value` is NULL where it has none, and
 * is borrowed. *known is false where the key is none of ours. Fails with ERR_USAGE where the value
 * is not one of the option's.
 */
MUST_CHECK int option_take(
	bool *known, struct options *options, int key, const char *value, struct err *err);

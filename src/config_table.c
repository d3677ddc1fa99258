/* The table of settings: a row for each, in the order of enum setting_id. */
#include "src/config.h"

static const char *const fail_on[] = {"new", "none", NULL};

static const struct setting table[SETTING_COUNT] = {
	[SETTING_FAIL_ON] = {.name = "policy.fail-on",
		.type = SETTING_IS_CHOICE,
		.use = SETTING_FOR_GATE,
		.trust = TRUST_BOTH,
		.fallback = "new",
		.flag = "fail-on",
		.argument = "WHAT",
		.environment = "HEAPWARDEN_FAIL_ON",
		.choices = fail_on,
		.help = "What makes the gate fail: new (default), or none: everything is reported "
			"and nothing fails"},
	[SETTING_MAX_NEW] = {.name = "policy.max-new",
		.type = SETTING_IS_NUMBER,
		.use = SETTING_FOR_GATE,
		.trust = TRUST_BOTH,
		.fallback = "0",
		.flag = "max-new",
		.argument = "N",
		.environment = "HEAPWARDEN_MAX_NEW",
		.help = "How many new findings may be there before the gate fails (default: 0)"},
};

const struct setting *
setting(enum setting_id id)
{
	return &table[id];
}

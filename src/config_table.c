/* The table of settings: a row for each, in the order of enum setting_id. */
#include "src/config.h"

static const char *const fail_on[] = {"new", "budgets", "none", NULL};

/* As in escape_kind_name() and reason_text(), in the order of their enums. */
static const char *const kinds[] = {"escapes-to-heap", "moved-to-heap", "lost-inlining", NULL};
static const char *const reasons[] = {"unknown", "returned", "stored", "sent", "interface",
	"closure", "goroutine", "call", "too-large", "unknown-size", "append", "not-inlined",
	"big-caller", NULL};

static const struct setting table[SETTING_COUNT] = {
	[SETTING_FAIL_ON] = {.name = "policy.fail-on",
		.type = SETTING_IS_CHOICE,
		.fallback = "new",
		.flag = "fail-on",
		.argument = "WHAT",
		.environment = "HEAPWARDEN_FAIL_ON",
		.choices = fail_on,
		.help = "What makes the gate fail: new findings (default), budgets and hot "
			"functions alone, or none: all is reported, and nothing fails"},
	[SETTING_MAX_NEW] = {.name = "policy.max-new",
		.type = SETTING_IS_NUMBER,
		.fallback = "0",
		.flag = "max-new",
		.argument = "N",
		.environment = "HEAPWARDEN_MAX_NEW",
		.help = "How many new findings may be there before the gate fails (default: 0)"},
	[SETTING_KINDS] = {.name = "policy.kinds",
		.type = SETTING_IS_LIST,
		.fallback = "",
		.flag = "kinds",
		.argument = "LIST",
		.environment = "HEAPWARDEN_KINDS",
		.choices = kinds,
		.help = "Only findings of these kinds count: escapes-to-heap, moved-to-heap, "
			"lost-inlining (default: all)"},
	[SETTING_REASONS] = {.name = "policy.reasons",
		.type = SETTING_IS_LIST,
		.fallback = "",
		.flag = "reasons",
		.argument = "LIST",
		.environment = "HEAPWARDEN_REASONS",
		.choices = reasons,
		.help = "Only findings with these reasons count, such as returned,interface "
			"(default: all)"},
	[SETTING_PACKAGES] = {.name = "policy.packages",
		.type = SETTING_IS_LIST,
		.fallback = "",
		.environment = "HEAPWARDEN_PACKAGES",
		.help = "Only findings in these packages count (default: all)"},
	[SETTING_IGNORE_PACKAGES] = {.name = "policy.ignore-packages",
		.type = SETTING_IS_LIST,
		.fallback = "",
		.flag = "ignore-packages",
		.argument = "LIST",
		.environment = "HEAPWARDEN_IGNORE_PACKAGES",
		.help = "Findings in these packages do not count, such as ./cmd/..."},
	[SETTING_IGNORE_PATHS] = {.name = "policy.ignore-paths",
		.type = SETTING_IS_LIST,
		.fallback = "",
		.flag = "ignore-paths",
		.argument = "LIST",
		.environment = "HEAPWARDEN_IGNORE_PATHS",
		.help = "Findings in these files do not count, such as internal/gen/,*.pb.go"},
	[SETTING_GENERATED] = {.name = "policy.generated",
		.type = SETTING_IS_SWITCH,
		.fallback = "false",
		.flag = "generated",
		.environment = "HEAPWARDEN_GENERATED",
		.help = "Findings in generated files count (default: they are reported alone)"},
	[SETTING_HOT] = {.name = "policy.hot",
		.type = SETTING_IS_LIST,
		.fallback = "",
		.flag = "hot",
		.argument = "LIST",
		.environment = "HEAPWARDEN_HOT",
		.help = "Functions in which whatever is new fails the gate, such as "
			"Encode*,./codec:Buffer.*"},
	[SETTING_HOT_BECAUSE] = {.name = "hot.*.because",
		.type = SETTING_IS_TEXT,
		.fallback = "",
		.help = "Why the functions of that pattern are hot"},
	[SETTING_BUDGET_TOTAL] = {.name = "budget.*.total",
		.type = SETTING_IS_NUMBER,
		.fallback = "",
		.help = "How many allocations the packages of that pattern, or the functions, "
			"may have in all"},
	[SETTING_BUDGET_RATCHET] = {.name = "budget.*.ratchet",
		.type = SETTING_IS_SWITCH,
		.fallback = "",
		.help = "They may not have more than in the base"},
	[SETTING_PROFILE] = {.name = "policy.profile",
		.type = SETTING_IS_TEXT,
		.fallback = "",
		.flag = "profile",
		.argument = "FILE",
		.environment = "HEAPWARDEN_PROFILE",
		.help = "A CPU or allocation profile of the program: findings are ranked by it, "
			"and those in functions that have less of it than --profile-min do not "
			"count"},
	[SETTING_PROFILE_MIN] = {.name = "policy.profile-min",
		.type = SETTING_IS_SHARE,
		.fallback = "1%",
		.flag = "profile-min",
		.argument = "SHARE",
		.environment = "HEAPWARDEN_PROFILE_MIN",
		.help = "The share of the profile from which on a function counts (default: 1%)"},
	[SETTING_BASELINE] = {.name = "baseline.file",
		.type = SETTING_IS_TEXT,
		.use = SETTING_FOR_EXCEPTIONS,
		.fallback = ".heapwarden-baseline",
		.flag = "baseline",
		.argument = "FILE",
		.environment = "HEAPWARDEN_BASELINE",
		.help = "The file of accepted findings (default: .heapwarden-baseline at the "
			"repository's root)"},
	[SETTING_VARIANT_BUILD] = {.name = "variant.*.build",
		.type = SETTING_IS_TEXT,
		.fallback = "",
		.help = "What the build of that name is: settings of go's environment, then go's "
			"build flags, as for --variant"},
	[SETTING_ALL_MODULES] = {.name = "build.all-modules",
		.type = SETTING_IS_SWITCH,
		.fallback = "false",
		.environment = "HEAPWARDEN_ALL_MODULES",
		.help = "Each module at or below the directory, as with --all-modules"},
};

const struct setting *
setting(enum setting_id id)
{
	return &table[id];
}

#include "src/options.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/option_values.h"

/* Every option once; `arg` of argp_option is what the help shows. */
static const struct {
	int commands;
	struct argp_option option;
} table[] = {
	{FOR_ALL | FOR_GLOBAL,
		{NULL, 'C', "DIR", 0,
			"Work as if started in DIR; repeated, each is relative to the one before",
			0}},
	{FOR_CHECK | FOR_BASELINE,
		{"base", KEY_BASE, "REV", 0,
			"Compare with this revision, or, as REV..., with the merge base with it "
			"(default: the merge base with the CI's target branch, the branch's "
			"upstream or origin/HEAD)",
			0}},
	{FOR_CHECK | FOR_BASELINE | FOR_SCAN | FOR_TOOLCHAIN | FOR_CONFIG,
		{"head", KEY_HEAD, "REV", 0, "Look at this revision (default: the working tree)",
			0}},
	{FOR_CHECK,
		{"staged", KEY_STAGED, NULL, 0,
			"Look at what is staged, which git commit would commit, against HEAD; in "
			"a hook exactly at what is about to be committed",
			0}},
	{FOR_DOCUMENTS,
		{"format", KEY_FORMAT, "NAME[:PATH]", 0,
			"Write a document: text, json, junit, html, sarif, markdown, github, "
			"github-summary, codequality, metrics, csv, concise, teamcity; to standard "
			"output or to PATH; may be repeated",
			0}},
	{FOR_CHECK | FOR_DIFF | FOR_SCAN | FOR_TOOLCHAIN | FOR_REPORT,
		{"all", KEY_ALL, NULL, 0,
			"Show what is unchanged, and what is outside of the repository, as well",
			0}},
	{FOR_CHECK | FOR_DIFF | FOR_TOOLCHAIN | FOR_REPORT,
		{"max-details", KEY_MAX_DETAILS, "N", 0,
			"Text: show N findings in full (default: 10)", 0}},
	{FOR_CHECK | FOR_DIFF | FOR_TOOLCHAIN | FOR_REPORT,
		{"junit-extended", KEY_JUNIT_EXTENDED, NULL, 0,
			"JUnit: files, lines and properties of test cases too, which GitLab, "
			"CircleCI and some actions read, and which its schemas forbid",
			0}},
	{FOR_CHECK | FOR_DIFF | FOR_TOOLCHAIN | FOR_REPORT,
		{"sarif-scope", KEY_SARIF_SCOPE, "SCOPE", 0,
			"SARIF: new (default; GitHub takes all that "
			"is there for an open alert), or "
			"all, each with its state",
			0}},
	{FOR_DIFF | FOR_TOOLCHAIN,
		{"exit-code", KEY_EXIT_CODE, NULL, 0, "Exit with 1 when there are new escapes", 0}},
	{FOR_DIFF, {"contracts", KEY_CONTRACTS, NULL, 0,
			   "List the parameters of exported functions that leak now, or no longer: "
			   "what the users of a library will feel",
			   0}},
	{FOR_CHECK | FOR_DIFF,
		{"variant", KEY_VARIANT, "SETTINGS", 0,
			"Compare what is built with these settings of go's environment and these "
			"flags: 'GOOS=windows', 'GOARCH=arm64 -tags=netgo', '' for neither; may be "
			"repeated: then there is one verdict for all, and each finding says where "
			"it holds",
			0}},
	{FOR_CHECK | FOR_DIFF,
		{"all-modules", KEY_ALL_MODULES, NULL, 0,
			"Compare each module at and below the directory, as ./... does not go into "
			"another module, not in a go.work either; one verdict for all",
			0}},
	{FOR_PARSE,
		{"go", KEY_GO, "VERSION", 0,
			"The version of Go that printed the text, such as 1.21.13 (default: told "
			"from the text, as far as it tells)",
			0}},
	{FOR_PARSE, {"strict", KEY_STRICT, NULL, 0,
			    "Fail, with status 2, when a line is not understood", 0}},
	{FOR_HOOK, {"strict", KEY_STRICT, NULL, 0,
			   "run: end with status 2, which stops the commit, when the budget was "
			   "not enough",
			   0}},
	{FOR_HOOK,
		{"budget", KEY_BUDGET, "DURATION", 0,
			"run: how long the commit may wait, such as 500ms, 5s or 2m; 0: until all "
			"is found out (default: 10s)",
			0}},
	{FOR_PARSE, {"lines", KEY_LINES, NULL, 0,
			    "Print how each message was read, in place of a document: kind, file, "
			    "line, column, text, with tabs between; not with --format",
			    0}},
	{FOR_BUILDS | FOR_STORE,
		{"store", KEY_STORE, "PATH", 0,
			"Keep what was built in this file (default: HEAPWARDEN_STORE, else "
			"heapwarden/store.db in git's directory)",
			0}},
	{FOR_BUILDS,
		{"no-store", KEY_NO_STORE, NULL, 0, "Build everything, and keep nothing of it", 0}},
	{FOR_STORE, {"older-than", KEY_OLDER_THAN, "DAYS", 0,
			    "prune: take out what was not used for so many days", 0}},
	{FOR_STORE, {"max-size", KEY_MAX_SIZE, "BYTES", 0,
			    "prune: take out what was used longest ago, until the store is no "
			    "larger; K, M and G are 1024, its square and its cube",
			    0}},
	{FOR_STORE, {"unreachable", KEY_UNREACHABLE, NULL, 0,
			    "prune: take out what is of no commit that a reference or HEAD leads "
			    "to; that of edited working trees as well",
			    0}},
	{FOR_CHECK | FOR_BASELINE | FOR_CONFIG,
		{"config", KEY_CONFIG, "FILE", 0,
			"Read the settings from FILE in place of the repository's .heapwarden", 0}},
	{FOR_BASELINE,
		{"reason", KEY_REASON, "TEXT", 0, "write: why the findings are accepted", 0}},
	{FOR_BASELINE,
		{"expires", KEY_EXPIRES, "DAY", 0,
			"write: the last day that they are accepted on, such as 2027-01-31", 0}},
	/* For tests: the result is the same. */
	{FOR_CHECK | FOR_DIFF, {"no-shortcut", KEY_NO_SHORTCUT, NULL, OPTION_HIDDEN, NULL, 0}},
	{FOR_DOCUMENTS | FOR_GLOBAL, {"color", KEY_COLOUR, "WHEN", 0, "auto, always or never", 0}},
	{FOR_ALL | FOR_GLOBAL,
		{"quiet", 'q', NULL, 0, "Print nothing when there is nothing to report", 0}},
	{FOR_ALL | FOR_GLOBAL,
		{"verbose", 'v', NULL, 0,
			"Say what is done, go's command lines included, and where the time went",
			0}},
};

#define TABLE_COUNT (sizeof table / sizeof *table)

/* What argp's parser is given. */
struct target {
	struct options *options;
	struct err *err;
};

static error_t
parse_option(int key, char *value, struct argp_state *state)
{
	const struct target *target = state->input;
	bool known;
	int result = option_take(
		&known, target->options, key == ARGP_KEY_ARG ? KEY_WORD : key, value, target->err);

	return result != 0 ? EINVAL : known ? 0 : ARGP_ERR_UNKNOWN;
}

/* The commands that have a flag for the setting. */
static int
setting_commands(enum setting_id id)
{
	static const int commands[] = {
		[SETTING_FOR_GATE] = FOR_CHECK | FOR_BASELINE | FOR_CONFIG,
		[SETTING_FOR_BUILDS] = FOR_BUILDS | FOR_CONFIG,
		[SETTING_FOR_EXCEPTIONS] = FOR_CHECK | FOR_DIFF | FOR_BASELINE | FOR_CONFIG,
	};
	const struct setting *row = setting(id);

	return row->flag ? commands[row->use] : 0;
}

static struct argp_option
setting_option(enum setting_id id)
{
	const struct setting *row = setting(id);

	return (struct argp_option){
		.name = row->flag,
		.key = KEY_SETTING + (int)id,
		.arg = row->argument ? row->argument : "no",
		.flags = row->argument ? 0 : OPTION_ARG_OPTIONAL,
		.doc = row->help,
	};
}

static struct argp_option *
options_for(int command)
{
	size_t count = 0, capacity = 0;
	struct argp_option *options =
		array_grow(NULL, &capacity, TABLE_COUNT + SETTING_COUNT + 1, sizeof *options);

	for (size_t i = 0; i < TABLE_COUNT; i++)
		if (table[i].commands & command)
			options[count++] = table[i].option;
	for (enum setting_id id = 0; id < SETTING_COUNT; id++)
		if (setting_commands(id) & command)
			options[count++] = setting_option(id);
	options[count] = (struct argp_option){0};
	return options;
}

/* argp has told the user what is wrong with the words of the command line and ended the process;
 * what comes back is what we found wrong in a value. */
static int
run_argp(const struct argp *argp, struct options *options, int argc, char **argv, unsigned flags,
	int *next, struct err *err)
{
	struct target target = {options, err};

	err->code = ERR_NONE;
	error_t result = argp_parse(argp, argc, argv, flags, next, &target);
	if (result == 0)
		return 0;
	return err->code ? -1
			 : err_set(err, ERR_USAGE, "cannot read the command line: %s",
				   strerror(result));
}

static const char *
list_commands(struct arena *arena)
{
	CLEANUP(buf_release) struct buf text = {0};

	buf_add(&text, STR("Finds the new heap escapes between two states of a Go repository.\v"));
	buf_add(&text, STR("Commands:\n"));
	for (const struct command *const *command = commands(); *command; command++)
		buf_printf(&text, "  %-10s %s\n", (*command)->name, (*command)->summary);
	buf_add(&text, STR("\n\"heapwarden COMMAND --help\" tells more of each.\n\n"));
	buf_add(&text,
		STR("Exit status: 0 nothing violates the policy, 1 something does, 2 no verdict "
		    "(usage, git, build, output not understood)."));
	return arena_str(arena, buf_str(&text));
}

int
options_parse_global(struct options *options, int argc, char **argv, int *next, struct err *err)
{
	CLEANUP(free_ptr) struct argp_option *accepted = options_for(FOR_GLOBAL);
	const struct argp argp = {
		.options = accepted,
		.parser = parse_option,
		.args_doc = "COMMAND [ARGUMENTS]",
		.doc = list_commands(&options->arena),
	};
	int words = 1;

	*options = (struct options){
		.arena = options->arena,
		.directory = ".",
		.max_details = 10,
		.older_than = -1,
		.max_bytes = -1,
		.budget_ms = 10000,
	};
	/* Only the words before the command are for this parser. */
	while (words < argc && argv[words][0] == '-' && strcmp(argv[words], "-") != 0)
		words += strcmp(argv[words], "-C") == 0 || strcmp(argv[words], "--color") == 0 ? 2
											       : 1;
	if (words > argc)
		words = argc;
	*next = words;
	return run_argp(&argp, options, words, argv, ARGP_IN_ORDER, NULL, err);
}

/* The value of --variant may be a flag of go's, which is not one of the command line then: both
 * words become one. */
static void
join_variants(struct options *options, int *argc, char **argv)
{
	int kept = 0;

	for (int i = 0; i < *argc; i++) {
		if (strcmp(argv[i], "--") == 0) {
			while (i < *argc)
				argv[kept++] = argv[i++];
			break;
		}
		bool joined = strcmp(argv[i], "--variant") == 0 && i + 1 < *argc;
		argv[kept++] = joined ? arena_printf(&options->arena, "--variant=%s", argv[i + 1])
				      : argv[i];
		i += joined;
	}
	argv[kept] = NULL;
	*argc = kept;
}

/* All of them are the command's, whatever they look like. */
static int
take_words(struct options *options, int argc, char **argv, struct err *err)
{
	bool known;

	for (int i = 1; i < argc; i++)
		if (option_take(&known, options, KEY_WORD, argv[i], err) != 0)
			return -1;
	return 0;
}

int
options_parse(struct options *options, const struct command *command, int argc, char **argv,
	struct err *err)
{
	CLEANUP(free_ptr) struct argp_option *accepted = options_for(command->options);
	CLEANUP(buf_release) struct buf name = {0}, doc = {0};
	bool known;

	buf_printf(&name, "heapwarden %s", command->name);
	buf_printf(&doc, "%s.\v%s", command->summary, command->details);
	if (command->is_verbatim && !(argc > 1 && strcmp(argv[1], "--help") == 0))
		return take_words(options, argc, argv, err);
	const struct argp argp = {
		.options = accepted,
		.parser = parse_option,
		.args_doc = command->arguments,
		.doc = doc.p,
	};
	if (command->options & (FOR_CHECK | FOR_DIFF))
		join_variants(options, &argc, argv);
	if ((command->options & FOR_BUILDS) &&
		goflags_take(&options->goflags, &argc, argv, &options->arena, err) != 0)
		return -1;
	argv[0] = name.p;
	int result = run_argp(&argp, options, argc, argv, 0, NULL, err);
	argv[0] = NULL;
	if (result == 0 && options->lines && options->output_count)
		return err_set(err, ERR_USAGE,
			"--lines prints messages in place of a report, so that --format has "
			"nothing to write: give one of the two");
	if (result == 0 && options->output_count == 0)
		result = option_take(&known, options, KEY_FORMAT, "text", err);
	return result;
}

bool
options_colour(const struct options *options, const char *path)
{
	const char *no_color = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE"),
		   *term = getenv("TERM");

	if (options->colour != COLOUR_AUTO)
		return options->colour == COLOUR_ALWAYS;
	if (strcmp(path, "-") != 0 || (no_color && *no_color))
		return false;
	if (force && *force && strcmp(force, "0") != 0)
		return true;
	return isatty(STDOUT_FILENO) && !(term && strcmp(term, "dumb") == 0);
}

void
options_release(struct options *options)
{
	goflags_release(&options->goflags);
	for (size_t i = 0; i < options->variant_count; i++)
		variant_release(&options->variants[i]);
	free(options->variants);
	free(options->arguments);
	free(options->settings);
	arena_release(&options->arena);
	*options = (struct options){0};
}

const struct command *const *
commands(void)
{
	static const struct command *const all[] = {&check_command, &diff_command, &build_command,
		&scan_command, &parse_command, &report_command, &toolchain_command,
		&baseline_command, &config_command, &store_command, &hook_command, &doctor_command,
		NULL};

	return all;
}

const struct command *
command_find(const char *name)
{
	for (const struct command *const *command = commands(); *command; command++)
		if (strcmp((*command)->name, name) == 0)
			return *command;
	return NULL;
}

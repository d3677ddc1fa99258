/* The command line, as data. */
#pragma once

#include <stdint.h>

#include "report/report.h"
#include "src/base/arena.h"
#include "src/config.h"
#include "src/variant.h"

enum colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* A document to write. */
struct output {
	const struct writer *writer;
	const char *path; /* "-": standard output */
};

#define MOST_OUTPUTS 16

/* A setting that a flag gives. */
struct given_setting {
	enum setting_id id;
	const char *text;
};

struct options {
	struct arena arena;
	const char *directory;   /* where to look for the repository, and to run go */
	const char *base, *head; /* NULL: not given */
	bool staged;             /* check: the index */
	struct output outputs[MOST_OUTPUTS];
	size_t output_count;
	enum colour colour;
	int verbosity;          /* -1 quiet, 0, 1 … */
	bool all;               /* unchanged findings too */
	bool exit_code;         /* diff: 1 when there is something new */
	const char *go_version; /* parse: "go1.26.8", what printed the text; NULL: not known */
	bool contracts;         /* diff: parameters of exported functions too */
	bool strict;            /* parse: lines that are not understood are a failure; hook: so is
				   a budget that was not enough */
	int64_t budget_ms;      /* hook: 0: no limit */
	bool lines;             /* parse: print each message in place of documents */
	const char *store;      /* path of the store; NULL: where it is kept by default */
	bool no_store;
	bool no_shortcut;    /* compare what is equal as well */
	int64_t older_than;  /* store prune: days; -1: not given */
	int64_t max_bytes;   /* store prune: -1: not given */
	bool unreachable;    /* store prune */
	const char *reason;  /* baseline write */
	const char *expires; /* baseline write: a day */
	const char *config;  /* the file to read in place of .heapwarden; NULL */
	struct given_setting *settings;
	size_t setting_count, setting_capacity;
	bool all_modules;         /* each go.mod below the directory */
	struct variant *variants; /* none: the build as it is */
	size_t variant_count, variant_capacity;
	size_t max_details;
	bool junit_extended; /* JUnit with what its schemas do not know */
	bool sarif_all;      /* SARIF with what is not new */
	struct goflags goflags;
	const char **arguments; /* what is left, in order */
	size_t argument_count, argument_capacity;
};

/* Which commands an option is for. */
enum {
	FOR_CHECK = 1 << 0,
	FOR_DIFF = 1 << 1,
	FOR_SCAN = 1 << 2,
	FOR_PARSE = 1 << 3,
	FOR_DOCTOR = 1 << 4,
	FOR_TOOLCHAIN = 1 << 5,
	FOR_GLOBAL = 1 << 6, /* stands before the command as well */
	FOR_STORE = 1 << 7,
	FOR_HOOK = 1 << 8,
	FOR_BUILD = 1 << 9,
	FOR_CONFIG = 1 << 10,
	FOR_BASELINE = 1 << 11,
	FOR_REPORT = 1 << 12,
	FOR_BUILDS = FOR_BASELINE | FOR_CHECK | FOR_DIFF | FOR_SCAN | FOR_TOOLCHAIN,
	FOR_DOCUMENTS = FOR_CHECK | FOR_DIFF | FOR_SCAN | FOR_TOOLCHAIN | FOR_PARSE | FOR_REPORT,
	FOR_ALL = FOR_BUILDS | FOR_DOCUMENTS | FOR_DOCTOR | FOR_STORE | FOR_HOOK | FOR_CONFIG,
};

struct command {
	const char *name;
	const char *arguments; /* for the usage line: "[PACKAGES]" */
	const char *summary;   /* one line */
	const char *details;   /* for --help */
	int options;           /* its FOR_… bit */
	bool is_verbatim;      /* its arguments are another program's: but for --help as the first
				  they are not read */
	/* Do it: *status is the exit status when nothing failed. */
	int (*run)(struct options *options, int *status, struct err *err);
};

extern const struct command build_command, check_command, diff_command, scan_command, parse_command,
	doctor_command, toolchain_command, store_command, hook_command, config_command,
	baseline_command, report_command;

/* All commands, ended by NULL. */
const struct command *const *commands(void);
const struct command *command_find(const char *name);

/* Read the options that stand before the command; *next is the index of the command's name in argv
 * (argc when there is none). --help and --version end the process, as does a wrong option, with
 * status 2. */
MUST_CHECK int options_parse_global(
	struct options *options, int argc, char **argv, int *next, struct err *err);

/* Read the command's own options; argv[0] is the command's name. */
MUST_CHECK int options_parse(struct options *options, const struct command *command, int argc,
	char **argv, struct err *err);

/* One more variant to compare (src/variant.h). */
MUST_CHECK int options_add_variant(struct options *options, const char *text, struct err *err);

/* Whether a document that goes to the path is coloured. */
bool options_colour(const struct options *options, const char *path);

void options_release(struct options *options);

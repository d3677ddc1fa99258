/* heapwarden doctor: what is needed to find out why something does not work. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/pattern.h"
#include "report/terminal.h"
#include "src/analysis.h"
#include "src/base/cache.h"
#include "src/base/file.h"
#include "src/base/interrupt.h"
#include "src/gofind.h"
#include "src/selfcheck.h"

#define MOST_LINES 10

enum state { STATE_OK, STATE_WARNING, STATE_BAD };

struct doctor {
	struct arena arena;
	const struct options *options;
	struct repo *repo; /* NULL where there is none */
	struct workspace workspace;
	struct gobuild build; /* as the other commands would build here */
	struct toolchain toolchain;
	enum state go_state;                          /* what became of trying it */
	struct err repo_error, cache_error, go_error; /* ERR_NONE where nothing failed */
};

/* --- where, and with which Go */

static void
note_command(const char *line, void *ctx)
{
	analysis_note(ctx, 1, "%s", line);
}

/* Where the cache cannot be written, that is what the user wants to be told, and not the end. */
static int
open_temporary(struct doctor *doctor, struct err *err)
{
	const char *other = getenv("TMPDIR");

	if (workspace_open(&doctor->workspace, &doctor->cache_error) == 0)
		return 0;
	return dir_make_temporary(&doctor->workspace.temporary,
		other && other[0] == '/' ? other : "/tmp", "heapwarden-", err);
}

static void
ask_go(struct doctor *doctor)
{
	if (gobuild_toolchain(
		    &doctor->toolchain, &doctor->build, &doctor->arena, &doctor->go_error) == 0 &&
		doctor->toolchain.minor)
		doctor->build.toolchain = doctor->toolchain.version;
}

static int
doctor_open(struct doctor *doctor, struct options *options, struct err *err)
{
	CLEANUP(free_ptr) char *here = realpath(options->directory, NULL);

	doctor->options = options;
	if (!here)
		return err_errno(err, "cannot open directory '%s'", options->directory);
	if (open_temporary(doctor, err) != 0)
		return -1;
	doctor->build = (struct gobuild){
		.directory = arena_strdup(&doctor->arena, here),
		.temporary = doctor->workspace.temporary,
		.on_command = note_command,
		.ctx = options,
	};
	doctor->build.tree = doctor->build.directory;
	if (repo_open(&doctor->repo, options->directory, &doctor->repo_error) == 0 &&
		repo_root(doctor->repo))
		doctor->build.tree = repo_root(doctor->repo);
	ask_go(doctor);
	return 0;
}

static void
doctor_close(struct doctor *doctor)
{
	workspace_close(&doctor->workspace);
	repo_close(doctor->repo);
	arena_release(&doctor->arena);
}

/* --- a row for each thing */

static void
print_line(const char *indent, struct str line)
{
	fputs(indent, stdout);
	terminal_text(stdout, line);
	putchar('\n');
}

/* The first line of the text stands beside the name, what follows below. With -q only what is not
 * as it should be is printed. */
static void
print_row(const struct doctor *doctor, enum state state, const char *name, const struct buf *text)
{
	static const char *const words[] = {"ok", "warn", "bad"};
	struct str rest = buf_str(text), line;

	if (state == STATE_OK && doctor->options->verbosity < 0)
		return;
	printf("%-5s %-11s", words[state], name);
	print_line(" ", str_next(&line, &rest, '\n') ? line : STR(""));
	while (str_next(&line, &rest, '\n'))
		print_line("      ", line);
}

/* Append whether that Go is understood, and in the lines below what is not. */
static enum state
try_go(struct buf *text, const struct doctor *doctor, const struct gobuild *build,
	const struct toolchain *toolchain)
{
	CLEANUP(selfcheck_release) struct selfcheck check = {0};
	struct err err;

	if (selfcheck_run(&check, build, toolchain, &err) != 0) {
		buf_printf(text, ": cannot be tried\n%s", err.msg);
		return STATE_BAD;
	}
	if (selfcheck_passed(&check))
		return STATE_OK;
	buf_add(text, STR(": what it prints is not understood\n"));
	selfcheck_describe(text, &check, doctor->options->verbosity > 0 ? SIZE_MAX : MOST_LINES);
	return STATE_BAD;
}

/* --- the checks: each tells what it found */

static enum state
check_version(struct buf *text, struct doctor *doctor)
{
	(void)doctor;
	buf_add(text, STR(HEAPWARDEN_VERSION));
	return STATE_OK;
}

static enum state
check_libgit2(struct buf *text, struct doctor *doctor)
{
	(void)doctor;
	repo_library(text);
	return STATE_OK;
}

static enum state
check_pcre2(struct buf *text, struct doctor *doctor)
{
	(void)doctor;
	bool compiles = pattern_library(text);
	buf_add(text, str_of(compiles ? ", with JIT"
				      : ", no JIT here: reading takes several times as long"));
	return compiles ? STATE_OK : STATE_WARNING;
}

static enum state
check_cache(struct buf *text, struct doctor *doctor)
{
	CLEANUP(free_ptr) char *directory = NULL;

	if (doctor->cache_error.code ||
		cache_directory(&directory, "", &doctor->cache_error) != 0) {
		buf_printf(text, "%s: check, diff and scan need it", doctor->cache_error.msg);
		return STATE_BAD;
	}
	buf_printf(text, "%s (can be written)", directory);
	return STATE_OK;
}

static enum state
check_repository(struct buf *text, struct doctor *doctor)
{
	if (!doctor->repo) {
		buf_add(text, str_of(doctor->repo_error.msg));
		return STATE_WARNING;
	}
	const char *root = repo_root(doctor->repo);
	buf_add(text, str_of(root ? root : repo_common_directory(doctor->repo)));
	if (!root)
		buf_add(text, STR(" (bare)"));
	return STATE_OK;
}

static enum state
say_unknown(struct buf *text)
{
	buf_add(text, STR("not known: go cannot be asked"));
	return STATE_WARNING;
}

static enum state
check_module(struct buf *text, struct doctor *doctor)
{
	if (doctor->go_error.code)
		return say_unknown(text);
	if (doctor->toolchain.module_file) {
		buf_add(text, str_of(doctor->toolchain.module_file));
		return STATE_OK;
	}
	buf_printf(text, "there is no go.mod in '%s', nor above", doctor->build.directory);
	return STATE_WARNING;
}

static enum state
check_flags(struct buf *text, struct doctor *doctor)
{
	const struct toolchain *toolchain = &doctor->toolchain;

	if (doctor->go_error.code)
		return say_unknown(text);
	if (toolchain->flag_count + toolchain->dropped_count == 0)
		buf_add(text, STR("none"));
	for (size_t i = 0; i < toolchain->flag_count; i++)
		buf_printf(text, "%s%s", i ? " " : "", toolchain->flags[i]);
	for (size_t i = 0; i < toolchain->dropped_count; i++)
		buf_printf(text, "%s%s (left out: it would change what the compiler prints)",
			text->n ? " " : "", toolchain->dropped[i]);
	return toolchain->dropped_count ? STATE_WARNING : STATE_OK;
}

static enum state
check_go(struct buf *text, struct doctor *doctor)
{
	const struct toolchain *toolchain = &doctor->toolchain;
	CLEANUP(free_ptr) char *program = gobuild_program(&doctor->build);

	if (doctor->go_error.code) {
		buf_add(text, str_of(doctor->go_error.msg));
		return STATE_BAD;
	}
	buf_printf(text, "%s for %s in %s, run by %s", toolchain->version, toolchain->target,
		toolchain->goroot, program ? program : "?");
	doctor->go_state = try_go(text, doctor, &doctor->build, toolchain);
	if (doctor->go_state == STATE_BAD)
		buf_add(text, STR("There is no verdict with this Go. Try a newer heapwarden, or "
				  "another Go: set GOTOOLCHAIN to a version (go1.N.P), or "
				  "HEAPWARDEN_GO to one of the commands below"));
	return doctor->go_state;
}

static const struct check {
	const char *name;
	enum state (*run)(struct buf *text, struct doctor *doctor);
	bool decides; /* the exit status */
} checks[] = {
	{"heapwarden", check_version, false},
	{"libgit2", check_libgit2, false},
	{"PCRE2", check_pcre2, false},
	{"cache", check_cache, false},
	{"repository", check_repository, false},
	{"module", check_module, false},
	{"GOFLAGS", check_flags, false},
	{"go", check_go, true},
};

static int
run_checks(struct doctor *doctor)
{
	int status = 0;

	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		CLEANUP(buf_release) struct buf text = {0};
		enum state state = checks[i].run(&text, doctor);
		print_row(doctor, state, checks[i].name, &text);
		if (checks[i].decides && state == STATE_BAD)
			status = 2;
	}
	return status;
}

/* --- every go command, as itself */

/* The command that would be used here, if it does not switch to another version. */
static bool
is_used(const struct doctor *doctor, const char *file, const struct toolchain *toolchain)
{
	CLEANUP(free_ptr) char *used = gobuild_program(&doctor->build);

	return used && strcmp(used, file) == 0 && !doctor->go_error.code &&
	       strcmp(toolchain->version, doctor->toolchain.version) == 0;
}

static enum state
try_program(struct buf *text, const struct doctor *doctor, const char *file,
	struct toolchain *toolchain, struct arena *arena)
{
	struct gobuild build = doctor->build;
	struct err err;

	build.program = file;
	build.toolchain = "local";
	/* No module there asks for another version. */
	build.tree = build.directory = build.temporary;
	if (gobuild_toolchain(toolchain, &build, arena, &err) != 0) {
		buf_printf(text, ": does not run\n%s", err.msg);
		return STATE_BAD;
	}
	if (!is_used(doctor, file, toolchain))
		return try_go(text, doctor, &build, toolchain);
	if (doctor->go_state == STATE_BAD)
		buf_add(text, STR(": see go above"));
	return doctor->go_state;
}

static void
try_programs(const struct doctor *doctor)
{
	CLEANUP(go_programs_release) struct go_programs programs = {0};

	gofind_all(&programs, &doctor->build);
	if (programs.count && doctor->options->verbosity >= 0)
		printf("\nThe go commands of this machine, each as itself:\n");
	for (size_t i = 0; i < programs.count && !interrupt_signal(); i++) {
		CLEANUP(arena_release) struct arena arena = {0};
		CLEANUP(buf_release) struct buf text = {0};
		struct toolchain toolchain = {.version = "?"};
		buf_add(&text, str_of(programs.paths[i]));
		enum state state =
			try_program(&text, doctor, programs.files[i], &toolchain, &arena);
		print_row(doctor, state, toolchain.version, &text);
	}
}

static int
run_doctor(struct options *options, int *status, struct err *err)
{
	CLEANUP(doctor_close) struct doctor doctor = {0};

	if (options->argument_count)
		return err_set(err, ERR_USAGE, "doctor takes no arguments, but for -C DIR");
	if (doctor_open(&doctor, options, err) != 0)
		return -1;
	*status = run_checks(&doctor);
	try_programs(&doctor);
	if (interrupt_signal())
		return err_set(err, ERR_INTERRUPTED, "interrupted");
	return 0;
}

const struct command doctor_command = {
	.name = "doctor",
	.arguments = "",
	.summary = "Say which Go is understood, and what else is needed",
	.details =
		"Every go command that is found compiles a small program with known escapes, and "
		"what is read of its words is compared. The exit status is 0 when the Go that "
		"would be used here is understood, 2 when it is not or there is none.",
	.options = FOR_DOCTOR,
	.run = run_doctor,
};

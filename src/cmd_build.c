/* heapwarden build: go build, and what the compiler would explain is in the store afterwards. */
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "src/base/attached.h"
#include "src/base/file.h"
#include "src/captured.h"
#include "src/gocommand.h"
#include "src/gorecord.h"
#include "src/recorder.h"

/* A build that is about to be made, and what is known of it. */
struct building {
	struct options *options;
	struct options quiet; /* for what is done beside it: nothing of that is said without -v */
	struct goflags_build given;
	struct analysis analysis;
	struct revision revision;
	const char *decided;
	const char *program;
	struct capture capture; /* its compiler leaves there what it says */
	const char *reason;     /* why nothing is kept; NULL: it is */
	bool is_kept;           /* already */
};

static void
building_release(struct building *building)
{
	analysis_close(&building->analysis);
	goflags_release(&building->given.flags);
	goflags_release(&building->given.all);
	builtids_release(&building->capture.ids);
}

static void
tell_reason(const struct building *building)
{
	if (building->reason)
		analysis_note(building->options, 0, "nothing is kept of this build, because %s",
			building->reason);
}

/* --- what is asked for */

/* As go tells: a package's path may end so, too. */
static bool
is_file(const char *directory, const char *package)
{
	CLEANUP(free_ptr) char *path = path_join(directory, package);
	struct stat status;

	return str_ends(str_of(package), STR(".go")) && stat(path, &status) == 0 &&
	       !S_ISDIR(status.st_mode);
}

/* Whether packages are built, and where: in *directory. */
static int
read_arguments(const char **directory, struct building *building, struct err *err)
{
	struct options *options = building->options;
	struct goflags_build *given = &building->given;
	int count = (int)options->argument_count;

	goflags_read_build(given, count, options->arguments, &options->arena);
	if (given->reason)
		return err_set(err, ERR_USAGE, "%s", given->reason);
	CLEANUP(free_ptr)
	char *joined = path_join(options->directory, given->directory ? given->directory : "");
	*directory = arena_strdup(&options->arena, joined);
	for (int i = given->first_package; i < count; i++)
		if (is_file(*directory, options->arguments[i]))
			return err_set(err, ERR_USAGE, "files were built in place of packages (%s)",
				options->arguments[i]);
	return 0;
}

/* Read the arguments, and open what they are about. */
static int
open_analysis(struct building *building, struct err *err)
{
	static const char *const here[] = {"."};
	struct options *options = building->options, *quiet = &building->quiet;
	struct goflags_build *given = &building->given;
	const char *directory;

	if (read_arguments(&directory, building, err) != 0)
		return -1;
	*quiet = *options;
	quiet->directory = directory;
	quiet->verbosity = options->verbosity > 0 ? options->verbosity : -1;
	quiet->goflags = given->flags;
	size_t first = (size_t)given->first_package;
	bool is_named = first < options->argument_count;
	return analysis_open(&building->analysis, quiet,
		is_named ? options->arguments + first : here,
		is_named ? options->argument_count - first : 1, err);
}

/* --- what the build would be for the gate */

/* No workspace is "off" for who was told so, and nothing for who has found none. */
static struct str
without_off(struct buf *text)
{
	static const struct str off = {"\noff\n", 5};
	struct str all = buf_str(text);

	if (str_ends(all, off))
		all.n -= off.n - 1;
	while (all.n && all.p[all.n - 1] == '\n')
		all.n--;
	return all;
}

/* Whether go sees in the user's environment what it sees in ours: a workspace outside of the tree
 * is none to the gate. */
static bool
is_same_go(const struct gobuild *build, const char *program)
{
	static const char *const asked[] = {"env", "GOVERSION", "GOROOT", "GOMOD", "GOWORK"};
	CLEANUP(gocommand_release) struct gocommand command = {0}, line = {0};
	CLEANUP(buf_release) struct buf ours = {0}, theirs = {0};
	struct process_end end;
	struct err err;

	gocommand_add_all(&command, asked, sizeof asked / sizeof *asked);
	gocommand_add(&line, program);
	gocommand_add_all(&line, asked, sizeof asked / sizeof *asked);
	const struct process process = {
		.argv = line.words,
		.dir = build->directory,
		.on_stdout = buf_take,
		.on_stderr = process_ignore,
		.ctx = &theirs,
	};
	return gocommand_output(&ours, &command, build, &err) == 0 &&
	       process_run(&end, &process, &err) == 0 && end.status == 0 &&
	       str_eq(without_off(&ours), without_off(&theirs));
}

/* Where the build's own compiler can be listened to. */
static int
prepare_capture(struct building *building, struct err *err)
{
	struct analysis *analysis = &building->analysis;
	struct gobuild build = analysis_build(analysis, repo_root(analysis->repo));
	int minor = analysis->toolchain.minor;

	/* Before Go 1.21 files are named relative to wherever the compiler ran. */
	if (building->given.apart || (minor > 0 && minor < 21) ||
		!is_same_go(&build, building->program))
		return 0;
	building->capture.directory =
		arena_printf(&analysis->arena, "%s/captured", analysis->workspace.temporary);
	return dir_make(building->capture.directory, err);
}

/* What the build is for the gate. A failure is a reason why it is nothing. */
static int
prepare(struct building *building, struct err *err)
{
	struct analysis *analysis = &building->analysis;

	if (open_analysis(building, err) != 0)
		return -1;
	if (!analysis->store)
		return err_set(err, ERR_FAILED, "there is no store to keep it in");
	if (analysis_resolve(&building->revision, analysis, NULL, err) != 0 ||
		analysis_choose_go(analysis, &building->revision, err) != 0)
		return -1;
	if (analysis->toolchain.dropped_count)
		return err_set(err, ERR_USAGE, "of %s in GOFLAGS", analysis->toolchain.dropped[0]);
	if (recorder_look_up(&building->decided, &building->is_kept, analysis, &building->revision,
		    err) != 0)
		return -1;
	if (!building->decided)
		return err_set(err, ERR_FAILED,
			"not all that decides what is compiled is in the repository");
	return building->is_kept ? 0 : prepare_capture(building, err);
}

/* --- the build */

/* What is prepared leaves nothing behind that an interrupted build would meet. */
static int
run_go(struct process_end *end, struct building *building, struct err *err)
{
	CLEANUP(gocommand_release) struct gocommand line = {0};
	const struct options *options = building->options;
	struct analysis *analysis = &building->analysis;
	size_t front = (size_t)building->given.first_flag;
	const char *flag = NULL;

	if (building->capture.directory) {
		struct gobuild build = analysis_build(analysis, repo_root(analysis->repo));
		flag = gobuild_toolexec_flag(&build, GORECORD_COMMAND, &analysis->arena);
		gorecord_begin(building->capture.directory, repo_root(analysis->repo),
			&analysis->toolchain);
	}
	gocommand_add(&line, building->program);
	gocommand_add(&line, "build");
	gocommand_add_all(&line, options->arguments, front);
	if (flag)
		gocommand_add(&line, flag);
	gocommand_add_all(&line, options->arguments + front, options->argument_count - front);
	const char *directory = strcmp(options->directory, ".") == 0 ? NULL : options->directory;
	int result = attached_run(end, line.words, directory, err);
	gorecord_end();
	return result;
}

/* --- and what is kept of it */

/* What go has compiled, where that is what the gate would have compiled. */
static void
read_ids(struct building *building)
{
	struct analysis *analysis = &building->analysis;
	const struct built_by by = {
		.program = building->program,
		.directory = building->quiet.directory,
		.flags = building->given.all.words,
		.flag_count = building->given.all.count,
		.packages = analysis->packages,
		.package_count = analysis->package_count,
		.explain = gobuild_compiler_flags(&analysis->toolchain),
	};

	if (building->capture.directory)
		builtids_read(&building->capture.ids, &by);
}

static int
keep(struct building *building, struct err *err)
{
	CLEANUP(snapshot_release) struct snapshot facts = {0};
	CLEANUP(recording_release) struct recording recording = {0};
	struct analysis *analysis = &building->analysis;
	const char *decided;
	bool is_kept;

	if (recorder_look_up(&decided, &is_kept, analysis, &building->revision, err) != 0)
		return -1;
	if (!decided || strcmp(decided, building->decided) != 0)
		return err_set(err, ERR_FAILED, "a file was changed while it was built");
	read_ids(building);
	analysis->only_to_keep = true;
	analysis->capture = &building->capture;
	if (recorder_record(&recording, &facts, NULL, analysis, &building->revision, err) != 0)
		return -1;
	if (!recording.decided)
		return err_set(err, ERR_FAILED,
			"it needs what is not in the repository, or does not build without what "
			"heapwarden leaves out");
	if (!analysis->store || captured_keep(analysis, &recording, err) != 0)
		return err_set(err, ERR_FAILED, "the store cannot be written");
	analysis_note(building->options, 1, "the build is in the store");
	return 0;
}

/* As go has ended. */
static int
end_as(const struct process_end *end)
{
	if (!end->signal)
		return end->status;
	signal(end->signal, SIG_DFL);
	raise(end->signal);
	return 128 + end->signal;
}

static int
run_build(struct options *options, int *status, struct err *err)
{
	const struct gobuild none = {0};
	CLEANUP(free_ptr) char *program = gobuild_command(&none);
	CLEANUP(building_release)
	struct building building = {.options = options, .program = program};
	struct process_end end;
	struct err reason;

	if (prepare(&building, &reason) != 0) {
		if (reason.code == ERR_INTERRUPTED)
			return err_set(err, ERR_INTERRUPTED, "interrupted");
		building.reason = arena_strdup(&options->arena, reason.msg);
	}
	if (run_go(&end, &building, err) != 0)
		return -1;
	if (end.status == 0 && !building.reason && !building.is_kept &&
		keep(&building, &reason) != 0 && reason.code != ERR_INTERRUPTED)
		building.reason = arena_strdup(&options->arena, reason.msg);
	if (end.status == 0)
		tell_reason(&building);
	building_release(&building);
	*status = end_as(&end);
	return 0;
}

const struct command build_command = {
	.name = "build",
	.arguments = "[GO-BUILD-ARGUMENTS]",
	.summary = "Run go build, and keep for later runs what the compiler decided",
	.details = "The arguments are those of go build, and so is everything else: what is "
		   "written, printed and returned. Options of heapwarden's stand before the "
		   "command.",
	.options = FOR_BUILD,
	.is_verbatim = true,
	.run = run_build,
};

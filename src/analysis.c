#include "src/analysis.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/parser.h"
#include "report/terminal.h"
#include "src/base/file.h"
#include "src/gopath.h"
#include "src/linenames.h"
#include "src/others.h"
#include "src/selfcheck.h"

void
analysis_note(const struct options *options, int verbosity, const char *format, ...)
{
	CLEANUP(free_ptr) char *text = NULL;
	va_list args;

	if (options->verbosity < verbosity)
		return;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	fputs("heapwarden: ", stderr);
	terminal_lines(stderr, str_of(text));
}

int
analysis_open(struct analysis *analysis, const struct options *options, const char *const *packages,
	size_t count, struct err *err)
{
	static const char *const everything[] = {"./..."};

	*analysis = (struct analysis){
		.options = options,
		.packages = count ? packages : everything,
		.package_count = count ? count : 1,
	};
	if (repo_open(&analysis->repo, options->directory, err) != 0)
		return -1;
	return workspace_open(&analysis->workspace, err);
}

void
analysis_close(struct analysis *analysis)
{
	workspace_close(&analysis->workspace);
	repo_close(analysis->repo);
	goflags_release(&analysis->flags);
	arena_release(&analysis->arena);
	*analysis = (struct analysis){0};
}

int
analysis_resolve(struct revision *out, struct analysis *analysis, const char *name, struct err *err)
{
	if (name)
		return repo_resolve(out, analysis->repo, name, &analysis->arena, err);
	return repo_worktree(out, analysis->repo, &analysis->arena, err);
}

int
analysis_tree(const char **tree, struct analysis *analysis, const struct revision *revision,
	struct err *err)
{
	if (revision->worktree) {
		*tree = repo_root(analysis->repo);
		return 0;
	}
	analysis_note(analysis->options, 1, "exporting %s", revision->name);
	if (workspace_tree(tree, &analysis->workspace, analysis->repo, revision, err) != 0)
		return err_wrap(err, "cannot export %s", revision->name);
	return 0;
}

static void
note_command(const char *line, void *ctx)
{
	analysis_note(ctx, 1, "%s", line);
}

/* What to run go with. The directory is where the user is, in that tree. */
static struct gobuild
gobuild_of(struct analysis *analysis, const char *tree)
{
	CLEANUP(free_ptr) char *directory = path_join(tree, repo_prefix(analysis->repo));
	const struct options *options = analysis->options;

	return (struct gobuild){
		.tree = tree,
		.directory = arena_strdup(&analysis->arena, directory),
		.toolchain = analysis->toolchain.minor ? analysis->toolchain.version
						       : analysis->wanted_go,
		.flags = analysis->flags.words,
		.flag_count = analysis->flags.count,
		.packages = analysis->packages,
		.package_count = analysis->package_count,
		.temporary = analysis->workspace.temporary,
		.on_command = note_command,
		.ctx = (void *)(uintptr_t)options,
	};
}

static void
add_flags(struct goflags *flags, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		flags->words = array_grow(
			flags->words, &flags->capacity, flags->count + 1, sizeof *flags->words);
		flags->words[flags->count++] = words[i];
	}
}

/* As in go: what stands on the command line comes later and wins. */
static void
join_flags(struct analysis *analysis)
{
	const struct toolchain *toolchain = &analysis->toolchain;
	const struct goflags *given = &analysis->options->goflags;

	add_flags(&analysis->flags, toolchain->flags, toolchain->flag_count);
	add_flags(&analysis->flags, given->words, given->count);
	for (size_t i = 0; i < toolchain->dropped_count; i++)
		analysis_note(analysis->options, 0,
			"%s of GOFLAGS is left out: it would change what the compiler prints",
			toolchain->dropped[i]);
}

/* The first time that this Go is used. */
static int
check_go(struct analysis *analysis, const char *tree, struct err *err)
{
	const struct gobuild build = gobuild_of(analysis, tree);

	if (selfcheck_remembered(&build, &analysis->toolchain))
		return 0;
	analysis_note(analysis->options, 1, "%s is used for the first time: is it understood?",
		analysis->toolchain.version);
	return selfcheck_require(&build, &analysis->toolchain, err);
}

int
analysis_choose_go(struct analysis *analysis, const char *tree, const struct revision *revision,
	struct err *err)
{
	goflags_release(&analysis->flags);
	analysis->toolchain = (struct toolchain){0};
	struct gobuild build = gobuild_of(analysis, tree);

	if (!path_exists(build.directory))
		return err_set(err, ERR_FAILED, "%s has no directory '%s': go is run there",
			revision->name, repo_prefix(analysis->repo));
	if (gobuild_toolchain(&analysis->toolchain, &build, &analysis->arena, err) != 0)
		return -1;
	if (!analysis->toolchain.module_file)
		return err_set(err, ERR_FAILED,
			"there is no go.mod in '%s' of %s, nor above: name the directory of a Go "
			"module with -C DIR",
			repo_prefix(analysis->repo)[0] ? repo_prefix(analysis->repo) : ".",
			revision->name);
	analysis->module_file = gopath_below(analysis->toolchain.module_file, tree);
	join_flags(analysis);
	analysis_note(analysis->options, 1, "using %s for %s", analysis->toolchain.version,
		analysis->toolchain.target);
	return check_go(analysis, tree, err);
}

int
analysis_go_of(const char **version, struct analysis *analysis, const char *tree, struct err *err)
{
	struct gobuild build = gobuild_of(analysis, tree);
	struct toolchain toolchain;

	build.toolchain = NULL;
	if (gobuild_toolchain(&toolchain, &build, &analysis->arena, err) != 0)
		return -1;
	*version = toolchain.version;
	return 0;
}

/* What the parser and the build need while go is running. */
struct running {
	struct parser *parser;
	const struct package_list *list;
	const struct toolchain *toolchain;
	const char *tree;
	struct others others;
	bool quiet;
};

static void
feed(struct str bytes, void *ctx)
{
	struct running *running = ctx;

	parser_feed(running->parser, bytes);
}

static const char *
resolve(struct str printed, const char *package, enum origin *origin, struct arena *arena,
	void *ctx)
{
	const struct running *running = ctx;

	return gobuild_resolve(
		printed, package, origin, running->list, running->toolchain, running->tree, arena);
}

/* What go is doing (a download) is told at once; what may be an error only when the build has
 * failed. */
static void
take_other(struct str line, const char *package, bool known, void *ctx)
{
	struct running *running = ctx;

	if (!known)
		others_add(&running->others, line, package);
	else if (!running->quiet)
		terminal_lines(stderr, line);
}

/* The whole tree could not be listed: say so for each pattern that was asked for. */
static void
fail_everything(struct snapshot *snapshot, const struct analysis *analysis, const char *error)
{
	for (size_t i = 0; i < analysis->package_count; i++) {
		snapshot->packages = array_grow(snapshot->packages, &snapshot->package_capacity,
			snapshot->package_count + 1, sizeof *snapshot->packages);
		snapshot->packages[snapshot->package_count++] = (struct package){
			.import_path = arena_strdup(&snapshot->arena, analysis->packages[i]),
			.error = arena_strdup(&snapshot->arena, error),
		};
	}
	if (analysis->options->verbosity >= 0)
		terminal_lines(stderr, str_of(error));
}

/* Build once, and read what go prints. */
static int
build_and_read(struct process_end *end, struct snapshot *out, struct running *running,
	const struct gobuild *build, struct err *err)
{
	const struct package_list *list = running->list;
	const struct parser_options options = {
		.go_version = running->toolchain->version,
		.odd_names = list->odd_names,
		.odd_name_count = list->odd_name_count,
		.resolve = resolve,
		.on_other = take_other,
		.ctx = running,
	};
	CLEANUP(parser_cleanup) struct parser *parser = NULL;

	if (parser_new(&parser, out, &options, err) != 0)
		return -1;
	running->parser = parser;
	if (gobuild_run(end, build, running->toolchain, list, feed, running, err) != 0)
		return -1;
	parser_finish(parser);
	if (end->signal)
		return err_set(err, ERR_FAILED, "go build was ended by signal %d (%s)", end->signal,
			strsignal(end->signal));
	return 0;
}

/* Lines that are not understood may be parts of a name in a line directive, which the source tells.
 * Then go says the same once more, out of its cache. */
static int
read_again(struct process_end *end, struct snapshot *out, struct running *running,
	const struct gobuild *build, struct package_list *list, struct err *err)
{
	if (linenames_add(list, build->tree, &out->arena) == 0)
		return 0;
	others_release(&running->others);
	snapshot_forget(out);
	return build_and_read(end, out, running, build, err);
}

static int
build_and_parse(struct snapshot *out, struct running *running, const struct gobuild *build,
	struct package_list *list, struct err *err)
{
	struct process_end end;

	if (build_and_read(&end, out, running, build, err) != 0)
		return -1;
	if (end.status == 0 && running->others.count &&
		read_again(&end, out, running, build, list, err) != 0)
		return -1;
	if (end.status == 0)
		return 0;
	others_print(&running->others, stderr);
	others_fail_packages(&running->others, list, end.status, &out->arena);
	return gobuild_mark_skipped(list, build, &out->arena, err);
}

int
analysis_snapshot(
	struct snapshot *out, struct analysis *analysis, const char *tree, struct err *err)
{
	struct gobuild build = gobuild_of(analysis, tree);
	struct package_list list = {0};
	struct running running = {
		.list = &list,
		.toolchain = &analysis->toolchain,
		.tree = tree,
		.quiet = analysis->options->verbosity < 0,
	};

	out->target = arena_strdup(&out->arena, analysis->toolchain.target);
	out->go_version = arena_strdup(&out->arena, analysis->toolchain.version);
	out->flags = arena_copy(&out->arena, build.flags, build.flag_count, sizeof *build.flags);
	out->flag_count = build.flag_count;
	if (gobuild_list(&list, &build, &analysis->toolchain, &out->arena, err) != 0) {
		if (err->code == ERR_INTERRUPTED)
			return -1;
		fail_everything(out, analysis, err->msg);
		return 0;
	}
	analysis_note(analysis->options, 1, "building %zu packages", list.count);
	int result = build_and_parse(out, &running, &build, &list, err);
	out->packages =
		array_grow(NULL, &out->package_capacity, list.count + 1, sizeof *out->packages);
	if (list.count)
		memcpy(out->packages, list.packages, list.count * sizeof *out->packages);
	out->package_count = list.count;
	snapshot_sort(out);
	others_account(&running.others, out);
	others_release(&running.others);
	return result;
}

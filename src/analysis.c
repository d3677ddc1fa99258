#include "src/analysis.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/terminal.h"
#include "src/base/file.h"
#include "src/gopath.h"
#include "src/progress.h"
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
	progress_clear();
	fputs("heapwarden: ", stderr);
	terminal_lines(stderr, str_of(text));
}

void
analysis_phase(const struct options *options, const char *format, ...)
{
	CLEANUP(free_ptr) char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	analysis_note(options, progress_is_allowed() ? 1 : 0, "%s", text);
	progress_show(text, 0, 0);
}

const char *
analysis_store_path(const struct options *options, const struct repo *repo, struct arena *arena)
{
	const char *path = options->store ? options->store : getenv("HEAPWARDEN_STORE");

	if (options->no_store || (path && !*path))
		return NULL;
	if (path || !repo)
		return path;
	/* It ends with a slash. */
	return arena_printf(arena, "%sheapwarden/store.db", repo_common_directory(repo));
}

/* Work goes on without a store: what is wrong with it is told once. */
static void
open_store(struct analysis *analysis)
{
	CLEANUP(buf_release) struct buf notice = {0};
	const struct options *options = analysis->options;
	const char *path = analysis_store_path(options, analysis->repo, &analysis->arena);
	struct err err;

	if (!path)
		return;
	if (store_open(&analysis->store, path, READER_ID, &notice, &err) != 0)
		analysis_note(options, 0, "everything is built anew: %s", err.msg);
	if (notice.n)
		analysis_note(options, 0, "%s", notice.p);
}

static void
close_store(struct analysis *analysis)
{
	CLEANUP(buf_release) struct buf notice = {0};

	store_close(analysis->store, &notice);
	if (notice.n)
		analysis_note(analysis->options, 0, "%s", notice.p);
	analysis->store = NULL;
}

void
analysis_leave_store(struct analysis *analysis, const struct err *err)
{
	analysis_note(analysis->options, 0, "everything is built anew from now on: %s", err->msg);
	close_store(analysis);
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
	progress_allow(options->verbosity >= 0);
	timing_enter(&analysis->timing, PHASE_RESOLVE);
	if (repo_open(&analysis->repo, options->directory, err) != 0)
		return -1;
	open_store(analysis);
	return workspace_open(&analysis->workspace, err);
}

void
analysis_close(struct analysis *analysis)
{
	progress_clear();
	timing_enter(&analysis->timing, PHASE_RESOLVE);
	if (analysis->repo && analysis->options->verbosity > 0)
		timing_print(&analysis->timing, stderr);
	close_store(analysis);
	workspace_close(&analysis->workspace);
	repo_close(analysis->repo);
	goflags_release(&analysis->flags);
	config_release(&analysis->config);
	config_release(&analysis->base_config);
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

/* Where the revision's tree is, or will be. */
static struct place *
place_of(struct analysis *analysis, const struct revision *revision)
{
	size_t i = 0;

	while (analysis->places[i].tree && strcmp(analysis->places[i].tree, revision->tree) != 0)
		i++;
	assert(i < WORKSPACE_SLOTS);
	analysis->places[i].tree = revision->tree;
	return &analysis->places[i];
}

int
analysis_tree(const char **tree, struct analysis *analysis, const struct revision *revision,
	struct err *err)
{
	if (revision->worktree) {
		*tree = repo_root(analysis->repo);
		return 0;
	}
	struct place *place = place_of(analysis, revision);
	if (!place->whole) {
		enum phase before = timing_enter(&analysis->timing, PHASE_EXPORT);
		analysis_phase(analysis->options, "exporting %s", revision->name);
		if (workspace_tree(&place->whole, &analysis->workspace, analysis->repo, revision,
			    err) != 0)
			return err_wrap(err, "cannot export %s", revision->name);
		timing_enter(&analysis->timing, before);
	}
	*tree = place->whole;
	return 0;
}

/* Write the file of the revision into the directory, where it has one. */
static int
write_module_file(struct analysis *analysis, const struct revision *revision, const char *root,
	const char *path, struct err *err)
{
	CLEANUP(buf_release) struct buf text = {0};
	CLEANUP(file_out_release) struct file_out out = {0};
	CLEANUP(free_ptr) char *to = path_join(root, path);

	if (repo_read(&text, analysis->repo, revision, path, err) != 0)
		return err->code == ERR_NOT_FOUND ? 0 : -1;
	if (file_out_open(&out, to, err) != 0)
		return -1;
	fwrite(text.p, 1, text.n, out.fp);
	return file_out_commit(&out, err);
}

/* All that decides which Go is used: go.mod and go.work where the user is and above. */
static int
write_module_files(struct analysis *analysis, const struct revision *revision, const char *root,
	struct err *err)
{
	static const char *const names[] = {"go.mod", "go.work"};
	CLEANUP(free_ptr) char *directory = strdup(repo_prefix(analysis->repo));
	CLEANUP(free_ptr) char *lowest = path_join(root, directory);

	if (dir_make(lowest, err) != 0)
		return -1;
	for (;;) {
		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			CLEANUP(free_ptr) char *path = path_join(directory, names[i]);
			if (write_module_file(analysis, revision, root,
				    *directory ? path : names[i], err) != 0)
				return -1;
		}
		if (!*directory)
			return 0;
		char *slash = strrchr(directory, '/');
		*(slash ? slash : directory) = '\0';
	}
}

/* Where go can be asked which Go the revision wants: nothing else of it need be there. */
static int
asking_place(const char **tree, struct analysis *analysis, const struct revision *revision,
	struct err *err)
{
	if (revision->worktree)
		return analysis_tree(tree, analysis, revision, err);
	struct place *place = place_of(analysis, revision);
	if (!place->whole && !place->module_files) {
		const char *root = arena_printf(&analysis->arena, "%s/ask-%zu",
			analysis->workspace.temporary, (size_t)(place - analysis->places));
		if (write_module_files(analysis, revision, root, err) != 0)
			return -1;
		place->module_files = root;
	}
	*tree = place->whole ? place->whole : place->module_files;
	return 0;
}

static void
note_command(const char *line, void *ctx)
{
	analysis_note(ctx, 1, "%s", line);
}

/* As the policy: what either side's file asks for. */
bool
analysis_has_tests(const struct analysis *analysis)
{
	return config_switch(&analysis->config, SETTING_TESTS) ||
	       config_switch(&analysis->base_config, SETTING_TESTS);
}

struct gobuild
analysis_build(struct analysis *analysis, const char *tree)
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
		.tests = analysis_has_tests(analysis),
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
	const struct gobuild build = analysis_build(analysis, tree);

	if (selfcheck_remembered(&build, &analysis->toolchain))
		return 0;
	analysis_note(analysis->options, 1, "%s is used for the first time: is it understood?",
		analysis->toolchain.version);
	return selfcheck_require(&build, &analysis->toolchain, err);
}

int
analysis_choose_go(struct analysis *analysis, const struct revision *revision, struct err *err)
{
	const char *prefix = repo_prefix(analysis->repo), *tree;

	goflags_release(&analysis->flags);
	analysis->toolchain = (struct toolchain){0};
	if (*prefix && !repo_has(analysis->repo, revision, prefix))
		return err_set(err, ERR_FAILED, "%s has no directory '%s': go is run there",
			revision->name, prefix);
	if (asking_place(&tree, analysis, revision, err) != 0)
		return -1;
	struct gobuild build = analysis_build(analysis, tree);
	if (gobuild_toolchain(&analysis->toolchain, &build, &analysis->arena, err) != 0)
		return -1;
	if (!analysis->toolchain.module_file)
		return err_set(err, ERR_FAILED,
			"there is no go.mod in '%s' of %s, nor above: name the directory of a Go "
			"module with -C DIR",
			*prefix ? prefix : ".", revision->name);
	analysis->module_file = gopath_below(analysis->toolchain.module_file, tree);
	join_flags(analysis);
	analysis_note(analysis->options, 1, "using %s for %s", analysis->toolchain.version,
		analysis->toolchain.target);
	return check_go(analysis, tree, err);
}

int
analysis_go_of(const char **version, struct analysis *analysis, const struct revision *revision,
	struct err *err)
{
	struct toolchain toolchain;
	const char *tree;

	if (asking_place(&tree, analysis, revision, err) != 0)
		return -1;
	struct gobuild build = analysis_build(analysis, tree);
	build.toolchain = NULL;
	if (gobuild_toolchain(&toolchain, &build, &analysis->arena, err) != 0)
		return -1;
	*version = toolchain.version;
	return 0;
}

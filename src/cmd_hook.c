/* heapwarden hook: the git hook, and what it calls. */
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "src/analysis.h"
#include "src/base/file.h"
#include "src/base/interrupt.h"
#include "src/settings.h"

#define BEGIN "# heapwarden: begin\n"
#define BLOCK BEGIN "heapwarden hook run || exit $?\n# heapwarden: end\n"
#define WHOLE "#!/bin/sh\n" BLOCK

enum { STATUS_NOT_FINISHED = 2 };

/* What all three work with. */
struct hook {
	struct arena arena;
	struct options *options;
	struct repo *repo;
	const char *path; /* of the pre-commit hook */
	struct buf text;  /* what is there; empty: no such file */
};

static void
hook_release(struct hook *hook)
{
	buf_release(&hook->text);
	repo_close(hook->repo);
	arena_release(&hook->arena);
}

static int
hook_open(struct hook *hook, struct err *err)
{
	if (repo_open(&hook->repo, hook->options->directory, err) != 0)
		return -1;
	hook->path = arena_printf(
		&hook->arena, "%s/pre-commit", repo_hooks_directory(hook->repo, &hook->arena));
	return path_exists(hook->path) ? file_read(&hook->text, hook->path, err) : 0;
}

static int
hook_write(const struct hook *hook, struct str text, struct err *err)
{
	CLEANUP(file_out_release) struct file_out out = {0};

	if (file_out_open(&out, hook->path, err) != 0)
		return -1;
	fwrite(text.p, 1, text.n, out.fp);
	if (file_out_commit(&out, err) != 0)
		return -1;
	return chmod(hook->path, 0755) == 0
		       ? 0
		       : err_errno(err, "cannot make '%s' a program", hook->path);
}

static int
run_install(struct hook *hook, int *status, struct err *err)
{
	CLEANUP(buf_release) struct buf directory = {0};

	*status = 0;
	if (hook_open(hook, err) != 0)
		return -1;
	if (hook->text.n && strstr(hook->text.p, BEGIN)) {
		analysis_note(hook->options, 0, "'%s' calls heapwarden already", hook->path);
		return 0;
	}
	if (hook->text.n)
		return err_set(err, ERR_FAILED,
			"'%s' is another's hook and is left as it is: to have it call heapwarden, "
			"add "
			"this line to it: heapwarden hook run || exit $?",
			hook->path);
	buf_add(&directory, path_directory(hook->path));
	if (dir_make(buf_str(&directory).p, err) != 0 || hook_write(hook, STR(WHOLE), err) != 0)
		return -1;
	analysis_note(hook->options, 0, "'%s' looks at what is about to be committed from now on",
		hook->path);
	return 0;
}

static int
run_uninstall(struct hook *hook, int *status, struct err *err)
{
	CLEANUP(buf_release) struct buf rest = {0};
	const char *block;

	*status = 0;
	if (hook_open(hook, err) != 0)
		return -1;
	block = hook->text.n ? strstr(hook->text.p, BLOCK) : NULL;
	if (!block) {
		analysis_note(hook->options, 0, "'%s' has nothing that 'hook install' has written",
			hook->path);
		return 0;
	}
	if (str_eq(buf_str(&hook->text), STR(WHOLE)))
		return remove(hook->path) == 0 ? 0
					       : err_errno(err, "cannot remove '%s'", hook->path);
	buf_add(&rest, (struct str){hook->text.p, (size_t)(block - hook->text.p)});
	buf_add(&rest, str_of(block + strlen(BLOCK)));
	return hook_write(hook, buf_str(&rest), err);
}

/* Whether test files are looked at, by the settings that are staged. */
static int
reads_tests(bool *tests, const struct hook *hook, struct err *err)
{
	CLEANUP(analysis_close) struct analysis analysis = {0};
	struct options options = *hook->options;
	struct revision index;

	options.no_store = true;
	if (analysis_open(&analysis, &options, NULL, 0, err) != 0 ||
		repo_index(&index, analysis.repo, &analysis.arena, err) != 0 ||
		settings_read(&analysis, &index, err) != 0)
		return -1;
	*tests = analysis_has_tests(&analysis);
	return 0;
}

static bool
has_relevant(const struct line_map *map, bool tests)
{
	for (size_t i = 0; i < map->file_count; i++) {
		const struct file_change *file = &map->files[i];
		if ((file->base_path && repo_is_relevant(file->base_path, tests)) ||
			(file->head_path && repo_is_relevant(file->head_path, tests)))
			return true;
	}
	return false;
}

/* Whether something is staged that go reads, on top of a commit. */
static int
is_wanted(bool *wanted, struct hook *hook, struct err *err)
{
	CLEANUP(line_map_release) struct line_map map = {0};
	struct revision index, head;
	bool tests;

	*wanted = false;
	if (repo_index(&index, hook->repo, &hook->arena, err) != 0)
		return -1;
	if (!index.commit)
		return 0;
	if (repo_resolve(&head, hook->repo, index.commit, &hook->arena, err) != 0 ||
		repo_line_map(&map, hook->repo, &head, &index, err) != 0)
		return -1;
	*wanted = has_relevant(&map, false);
	if (*wanted || !has_relevant(&map, true))
		return 0;
	if (reads_tests(&tests, hook, err) != 0)
		return -1;
	*wanted = tests;
	return 0;
}

static bool
is_set(const char *variable)
{
	const char *value = variable ? getenv(variable) : NULL;

	return value && *value && strcmp(value, "0") != 0;
}

/* Whether the user wants nothing to be looked at while git does what it is doing. */
static bool
is_passed_over(const struct repo *repo)
{
	static const char *const variables[] = {
		[REPO_NO_OPERATION] = NULL,
		[REPO_MERGE] = "HEAPWARDEN_SKIP_MERGE",
		[REPO_REBASE] = "HEAPWARDEN_SKIP_REBASE",
		[REPO_PICK] = "HEAPWARDEN_SKIP_REBASE",
	};

	return is_set(variables[repo_operation(repo)]);
}

static int
look(int *status, struct hook *hook, struct err *err)
{
	struct options *options = hook->options;
	int verbosity = options->verbosity;
	bool wanted;

	if (is_wanted(&wanted, hook, err) != 0)
		return -1;
	if (!wanted)
		return 0;
	options->staged = true;
	options->verbosity = -1;
	options->argument_count = 0;
	int result = check_command.run(options, status, err);
	options->verbosity = verbosity;
	return result;
}

static void
tell_stopped(const struct options *options)
{
	analysis_note(options, 0,
		"the commit is stopped: 'heapwarden check --staged -v' shows more; where the heap "
		"is meant, write '//heapwarden:allow REASON' on the line, or have 'heapwarden "
		"baseline write --base HEAD --reason REASON' accept what is new, and stage it");
}

static void
tell_not_finished(const struct options *options)
{
	int64_t ms = options->budget_ms;
	bool whole = ms % 1000 == 0;

	analysis_note(options, -1,
		"not finished within %lld%s, %s: whether what is staged has new heap escapes is "
		"not known; what was compiled is kept for the next time, 'heapwarden check "
		"--staged' looks without a limit, and 'heapwarden hook run --budget DURATION' "
		"with another one",
		(long long)(whole ? ms / 1000 : ms), whole ? "s" : "ms",
		options->strict ? "and the commit is stopped (--strict)" : "CI will decide");
}

/* Look, until the budget is used up: what runs is ended then, as by an interrupt. */
static int
run_run(struct hook *hook, int *status, struct err *err)
{
	const struct options *options = hook->options;

	*status = 0;
	if (is_set("HEAPWARDEN_SKIP"))
		return 0;
	if (hook_open(hook, err) != 0)
		return -1;
	if (is_passed_over(hook->repo))
		return 0;
	interrupt_after(options->budget_ms);
	int result = look(status, hook, err);
	interrupt_after(0);
	bool is_over = interrupt_signal() == SIGALRM;
	if (is_over)
		interrupt_take();
	if (result != 0 && !is_over)
		return -1;
	if (result != 0) {
		*status = options->strict ? STATUS_NOT_FINISHED : 0;
		tell_not_finished(options);
	} else if (*status == 1) {
		tell_stopped(options);
	}
	return 0;
}

static int
run_hook(struct options *options, int *status, struct err *err)
{
	static const struct {
		const char *name;
		int (*run)(struct hook *hook, int *status, struct err *err);
	} actions[] = {
		{"install", run_install},
		{"uninstall", run_uninstall},
		{"run", run_run},
	};
	CLEANUP(hook_release) struct hook hook = {.options = options};

	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		if (options->argument_count == 1 &&
			strcmp(options->arguments[0], actions[i].name) == 0)
			return actions[i].run(&hook, status, err);
	}
	return err_set(err, ERR_USAGE, "hook needs one of: install, uninstall, run");
}

const struct command hook_command = {
	.name = "hook",
	.arguments = "install|uninstall|run",
	.summary = "The git hook that looks at what is about to be committed",
	.details =
		"install writes pre-commit where git looks for hooks, unless another's is there. "
		"run is what it calls: it passes at once where nothing is staged that go reads, "
		"where HEAPWARDEN_SKIP=1 is set, and in the middle of a merge or of a rebase, "
		"cherry-pick or revert where HEAPWARDEN_SKIP_MERGE=1 or HEAPWARDEN_SKIP_REBASE=1 "
		"is set.",
	.options = FOR_HOOK,
	.run = run_hook,
};

#include "src/gocommand.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/file.h"

static const char no_go[] = "there is no go command in PATH: install Go (https://go.dev/dl), or "
			    "name it in HEAPWARDEN_GO";

/* What is not handed on: that which is set below, and `git rev-parse --local-env-vars` (with the
 * quarantine of a push): they name the repository that a hook runs for, and go asks git about
 * others. */
static const char *const left_out[] = {
	"GOFLAGS",
	"GOTMPDIR",
	"GOTOOLCHAIN",
	"GOWORK",
	"PWD",
	"GIT_ALTERNATE_OBJECT_DIRECTORIES",
	"GIT_COMMON_DIR",
	"GIT_CONFIG",
	"GIT_CONFIG_COUNT",
	"GIT_CONFIG_PARAMETERS",
	"GIT_DIR",
	"GIT_GRAFT_FILE",
	"GIT_IMPLICIT_WORK_TREE",
	"GIT_INDEX_FILE",
	"GIT_INTERNAL_SUPER_PREFIX",
	"GIT_NO_REPLACE_OBJECTS",
	"GIT_OBJECT_DIRECTORY",
	"GIT_PREFIX",
	"GIT_QUARANTINE_PATH",
	"GIT_REPLACE_REF_BASE",
	"GIT_SHALLOW_FILE",
	"GIT_WORK_TREE",
};

struct environment {
	struct arena arena;
	const char **all;
	size_t count, capacity;
	size_t inherited; /* the first of those that we set */
};

static void
environment_release(struct environment *environment)
{
	free(environment->all);
	arena_release(&environment->arena);
}

static void
environment_add(struct environment *environment, const char *assignment)
{
	environment->all = array_grow(environment->all, &environment->capacity,
		environment->count + 2, sizeof *environment->all);
	environment->all[environment->count++] = assignment;
	environment->all[environment->count] = NULL;
}

static void
environment_set(struct environment *environment, const char *name, const char *value)
{
	if (value)
		environment_add(
			environment, arena_printf(&environment->arena, "%s=%s", name, value));
}

static bool
is_left_out(const char *assignment)
{
	struct str name = {assignment, strcspn(assignment, "=")};

	for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) {
		if (str_eq(name, str_of(left_out[i])))
			return true;
	}
	return false;
}

/* The nearest go.work from the directory up to the tree's root, or "off". */
static const char *
find_workspace(const struct gobuild *build, struct arena *arena)
{
	const char *wanted = getenv("GOWORK");
	char *directory = arena_strdup(arena, build->directory);

	if (wanted && strcmp(wanted, "off") == 0)
		return "off";
	for (;;) {
		char *file = arena_printf(arena, "%s/go.work", directory);
		if (path_exists(file))
			return file;
		char *slash = strrchr(directory, '/');
		if (strlen(directory) <= strlen(build->tree) || !slash)
			return "off";
		*slash = '\0';
	}
}

static void
environment_fill(struct environment *environment, const struct gobuild *build, bool user_flags)
{
	for (char **assignment = environ; *assignment; assignment++) {
		if (!is_left_out(*assignment))
			environment_add(environment, *assignment);
	}
	environment->inherited = environment->count;
	/* A space: an empty value is as good as none to go, which then reads the one of `go env
	 * -w`. */
	environment_set(environment, "GOFLAGS", user_flags ? getenv("GOFLAGS") : " ");
	environment_set(environment, "GOWORK", find_workspace(build, &environment->arena));
	environment_set(environment, "GOTOOLCHAIN",
		build->toolchain ? build->toolchain : getenv("GOTOOLCHAIN"));
	environment_set(environment, "GOTMPDIR", build->temporary);
	environment_set(environment, "PWD", build->directory);
}

/* As it can be pasted into a shell. */
static void
quote(struct buf *line, const char *word)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@^_";

	if (*word && word[strspn(word, plain)] == '\0') {
		buf_add(line, str_of(word));
		return;
	}
	buf_add_char(line, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_add(line, STR("'\\''"));
		else
			buf_add_char(line, *word);
	}
	buf_add_char(line, '\'');
}

static void
announce(
	const struct gobuild *build, const char *const *argv, const struct environment *environment)
{
	CLEANUP(buf_release) struct buf line = {0};

	if (!build->on_command)
		return;
	buf_add(&line, STR("cd "));
	quote(&line, build->directory);
	buf_add(&line, STR(" &&"));
	for (size_t i = environment->inherited; environment->all[i]; i++) {
		if (str_starts(str_of(environment->all[i]), STR("PWD=")))
			continue;
		buf_add_char(&line, ' ');
		quote(&line, environment->all[i]);
	}
	for (; *argv; argv++) {
		buf_add_char(&line, ' ');
		quote(&line, *argv);
	}
	build->on_command(line.p, build->ctx);
}

/* The go command to run; a relative path is one from our own directory, not from the build's. */
static const char *
go_program(const struct gobuild *build, struct arena *arena)
{
	const char *named = build->program ? build->program : getenv("HEAPWARDEN_GO");

	if (!named || !*named)
		return "go";
	CLEANUP(free_ptr) char *real = strchr(named, '/') ? realpath(named, NULL) : NULL;
	return arena_strdup(arena, real ? real : named);
}

char *
gobuild_command(const struct gobuild *build)
{
	CLEANUP(arena_release) struct arena arena = {0};

	return strdup(go_program(build, &arena));
}

char *
gobuild_program(const struct gobuild *build)
{
	CLEANUP(arena_release) struct arena arena = {0};
	CLEANUP(free_ptr) char *path = process_find(go_program(build, &arena), NULL);

	return path ? realpath(path, NULL) : NULL;
}

static int
advise(const char *program, const struct gobuild *build, struct err *err)
{
	if (build->program)
		return -1;
	if (strcmp(program, "go") == 0)
		return err_set(err, ERR_NOT_FOUND, "%s", no_go);
	return err_wrap(err, "HEAPWARDEN_GO");
}

int
gocommand_run(struct process_end *end, const struct gocommand *command, const struct gobuild *build,
	process_output_fn on_stdout, process_output_fn on_stderr, void *ctx, struct err *err)
{
	CLEANUP(environment_release) struct environment environment = {0};
	CLEANUP(gocommand_release) struct gocommand line = {0};

	environment_fill(&environment, build, command->user_flags);
	gocommand_add(&line, go_program(build, &environment.arena));
	gocommand_add_all(&line, command->words, command->count);
	announce(build, line.words, &environment);
	struct process process = {
		.argv = line.words,
		.env = environment.all,
		.dir = build->directory,
		.on_stdout = on_stdout,
		.on_stderr = on_stderr,
		.ctx = ctx,
	};
	if (process_run(end, &process, err) == 0)
		return 0;
	return err->code == ERR_NOT_FOUND ? advise(line.words[0], build, err) : -1;
}

struct texts {
	struct buf *out;
	struct buf errors;
};

static void
texts_release(struct texts *texts)
{
	buf_release(&texts->errors);
}

static void
keep_out(struct str bytes, void *ctx)
{
	buf_add(((struct texts *)ctx)->out, bytes);
}

static void
keep_errors(struct str bytes, void *ctx)
{
	buf_add(&((struct texts *)ctx)->errors, bytes);
}

int
gocommand_output(struct buf *out, const struct gocommand *command, const struct gobuild *build,
	struct err *err)
{
	CLEANUP(texts_release) struct texts texts = {.out = out};
	struct process_end end;

	if (gocommand_run(&end, command, build, keep_out, keep_errors, &texts, err) != 0)
		return -1;
	if (end.signal)
		return err_set(err, ERR_FAILED, "go %s was ended by signal %d", command->words[0],
			end.signal);
	if (end.status == 0)
		return 0;
	while (texts.errors.n && texts.errors.p[texts.errors.n - 1] == '\n')
		texts.errors.n--;
	if (texts.errors.n == 0)
		return err_set(err, ERR_FAILED, "go %s failed with status %d", command->words[0],
			end.status);
	return err_set(err, ERR_FAILED, "%.*s", STR_ARG(buf_str(&texts.errors)));
}

void
gocommand_add(struct gocommand *command, const char *word)
{
	command->words = array_grow(
		command->words, &command->capacity, command->count + 2, sizeof *command->words);
	command->words[command->count++] = word;
	command->words[command->count] = NULL;
}

void
gocommand_add_all(struct gocommand *command, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		gocommand_add(command, words[i]);
}

/* "./x/..." where there is no x. */
static bool
matches_nothing(const char *pattern, const struct gobuild *build)
{
	CLEANUP(buf_release) struct buf directory = {0};
	const char *wildcard = strstr(pattern, "...");

	if (!wildcard || (pattern[0] != '.' && pattern[0] != '/') || wildcard == pattern)
		return false;
	while (wildcard > pattern && wildcard[-1] != '/')
		wildcard--;
	buf_add(&directory, (struct str){pattern, (size_t)(wildcard - pattern)});
	CLEANUP(free_ptr) char *path = path_join(build->directory, buf_str(&directory).p);
	return !path_exists(path);
}

bool
gocommand_add_patterns(struct gocommand *command, const struct gobuild *build)
{
	size_t added = 0;

	gocommand_add(command, "--");
	for (size_t i = 0; i < build->package_count; i++) {
		if (matches_nothing(build->packages[i], build))
			continue;
		gocommand_add(command, build->packages[i]);
		added++;
	}
	return added > 0 || build->package_count == 0;
}

void
gocommand_release(struct gocommand *command)
{
	free(command->words);
	*command = (struct gocommand){0};
}

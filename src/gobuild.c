#include "src/gobuild.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/file.h"
#include "src/gocommand.h"
#include "src/goflags.h"
#include "src/toolexec.h"

/* "go1.26.8 X:boringcrypto" without the experiments; a development version has words of its own. */
static struct str
release_name(struct str version)
{
	const char *experiments = memmem(version.p, version.n, " X:", 3);
	const char *end =
		str_starts(version, STR("devel")) ? experiments : memchr(version.p, ' ', version.n);

	return end ? (struct str){version.p, (size_t)(end - version.p)} : version;
}

static struct str
next_line(struct str *rest)
{
	struct str line = {"", 0};

	str_next(&line, rest, '\n');
	return line;
}

/* What decides what is compiled, beside what is read one by one: go help environment. A version
 * that does not know one of them says nothing of it. */
#define OTHER_VARIABLES                                                                            \
	"GO386", "GOAMD64", "GOARM", "GOARM64", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64",      \
		"GOWASM", "GOFIPS140", "GO111MODULE", "CGO_ENABLED", "CC", "CXX", "FC",            \
		"PKG_CONFIG", "CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_FFLAGS",          \
		"CGO_LDFLAGS"

static const char *
read_others(struct str *text, struct arena *arena)
{
	static const char *const names[] = {OTHER_VARIABLES};
	struct str others = *text;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		next_line(text);
	return arena_str(arena, (struct str){others.p, others.n - text->n});
}

static int
read_environment(struct toolchain *out, struct str text, struct arena *arena, struct err *err)
{
	CLEANUP(goflags_release) struct goflags flags = {0};
	CLEANUP(goflags_release) struct goflags dropped = {0};
	struct toolchain toolchain = {0};

	struct str version = release_name(next_line(&text));
	toolchain.version = arena_str(arena, version);
	toolchain.minor = go_minor_version(toolchain.version);
	struct str os = next_line(&text);
	struct str architecture = next_line(&text);
	toolchain.target = arena_printf(arena, "%.*s/%.*s", STR_ARG(os), STR_ARG(architecture));
	toolchain.goroot = arena_str(arena, next_line(&text));
	toolchain.tools = arena_str(arena, next_line(&text));
	toolchain.experiments = arena_str(arena, next_line(&text));
	struct str module_file = next_line(&text);
	struct str workspace = next_line(&text);
	if (module_file.n && !str_eq(module_file, STR("/dev/null")))
		toolchain.module_file = arena_str(arena, module_file);
	else if (workspace.n && !str_eq(workspace, STR("off")))
		toolchain.module_file = arena_str(arena, workspace);
	toolchain.environment = read_others(&text, arena);
	/* The last, because it may itself have several lines. */
	if (goflags_split(&flags, arena_str(arena, text), &dropped, arena, err) != 0)
		return -1;
	toolchain.flags = arena_copy(arena, flags.words, flags.count, sizeof *flags.words);
	toolchain.flag_count = flags.count;
	toolchain.dropped = arena_copy(arena, dropped.words, dropped.count, sizeof *dropped.words);
	toolchain.dropped_count = dropped.count;
	*out = toolchain;
	return 0;
}

int
gobuild_toolchain(
	struct toolchain *out, const struct gobuild *build, struct arena *arena, struct err *err)
{
	static const char *const words[] = {"env", "-json=false", "GOVERSION", "GOOS", "GOARCH",
		"GOROOT", "GOTOOLDIR", "GOEXPERIMENT", "GOMOD", "GOWORK", OTHER_VARIABLES,
		"GOFLAGS"};
	CLEANUP(gocommand_release) struct gocommand command = {.user_flags = true};
	CLEANUP(buf_release) struct buf text = {0};

	gocommand_add_all(&command, words, sizeof words / sizeof *words);
	if (gocommand_output(&text, &command, build, err) != 0)
		return -1;
	return read_environment(out, buf_str(&text), arena, err);
}

static bool
identify_file(struct buf *out, const char *path)
{
	struct stat status;

	if (!path || stat(path, &status) != 0)
		return false;
	buf_printf(out, "%s %lld %lld.%09ld\n", path, (long long)status.st_size,
		(long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
	return true;
}

bool
gobuild_identify(struct buf *out, const struct gobuild *build, const struct toolchain *toolchain)
{
	CLEANUP(free_ptr) char *go = gobuild_program(build);
	CLEANUP(free_ptr) char *compiler = path_join(toolchain->tools, "compile");

	return identify_file(out, go) && identify_file(out, compiler);
}

/* The program that runs; NULL where the system does not tell. */
static const char *
own_program(struct arena *arena)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path);

	return n > 0 && (size_t)n < sizeof path ? arena_str(arena, (struct str){path, (size_t)n})
						: NULL;
}

/* Whether go could run its tools through the program: a link is asked for, as go would. It could
 * not be when the program was replaced since it was started, for one. */
static bool
answers_links(const char *program)
{
	const char *const argv[] = {program, TOOLEXEC_COMMAND, "link", "-o", "/dev/null", NULL};
	struct process process = {
		.argv = argv, .on_stdout = process_ignore, .on_stderr = process_ignore};
	struct process_end end;
	struct err err;

	return process_run(&end, &process, &err) == 0 && end.status == 0;
}

/* Go splits the flag's value into words, which may be quoted one way or the other. */
const char *
gobuild_toolexec_flag(const struct gobuild *build, const char *command, struct arena *arena)
{
	const char *program = build->self ? build->self : own_program(arena);

	if (!program || !answers_links(program))
		return NULL;
	const char *mark = "";
	if (strpbrk(program, " \t\r\n'\""))
		mark = strchr(program, '\'') ? "\"" : "'";
	if (*mark && strchr(program, *mark))
		return NULL;
	return arena_printf(arena, "-toolexec=%s%s%s %s", mark, program, mark, command);
}

/* -L tells the place in the compiled file beside one that a //line directive names.
 * -d=closure=1 and, from Go 1.25, escapedebug=1 make the compiler tell which "escapes" allocate
 * nothing; a key that it does not know fails the build. */
const char *
gobuild_compiler_flags(const struct toolchain *toolchain)
{
	if (toolchain->minor == 0 || toolchain->minor >= 25)
		return "-m=2 -L -d=closure=1,escapedebug=1";
	return "-m=2 -L -d=closure=1";
}

/* Add what to build: the patterns, or one by one the packages that could be loaded, because a
 * single one that could not keeps go from building the others. False when there is nothing. */
static bool
add_packages(
	struct gocommand *command, const struct gobuild *build, const struct package_list *list)
{
	size_t good = 0;

	if (build->only) {
		gocommand_add(command, "--");
		gocommand_add_all(command, build->only, build->only_count);
		return build->only_count > 0;
	}
	for (size_t i = 0; i < list->count; i++)
		good += !list->packages[i].error;
	if (good == list->count)
		return good > 0 && gocommand_add_patterns(command, build);
	gocommand_add(command, "--");
	for (size_t i = 0; i < list->count; i++) {
		const struct package *package = &list->packages[i];
		if (!package->error)
			gocommand_add(
				command, package->tested ? package->tested : package->import_path);
	}
	return good > 0;
}

/* Without a pattern, the flags are for the packages that are named, and others would be compiled
 * anew without them. */
static void
add_compiler_flags(struct gocommand *command, const struct gobuild *build,
	const struct toolchain *toolchain, struct arena *arena)
{
	const char *flags = gobuild_compiler_flags(toolchain);

	if (!build->only)
		gocommand_add(command, arena_printf(arena, "-gcflags=%s", flags));
	for (size_t i = 0; build->only && i < build->package_count; i++)
		gocommand_add(
			command, arena_printf(arena, "-gcflags=%s=%s", build->packages[i], flags));
}

/* go list compiles what it is to say the file of (-export), and says nothing of its own here. */
static void
add_verb(struct gocommand *command, const struct gobuild *build)
{
	static const char *const plain[] = {
		"build", "-trimpath", "-buildvcs=false", "-o", "/dev/null"};
	static const char *const tests[] = {
		"list", "-test", "-export", "-f", "{{\"\"}}", "-trimpath", "-buildvcs=false"};

	if (build->tests)
		gocommand_add_all(command, tests, sizeof tests / sizeof *tests);
	else
		gocommand_add_all(command, plain, sizeof plain / sizeof *plain);
}

int
gobuild_run(struct process_end *end, const struct gobuild *build, const struct toolchain *toolchain,
	const struct package_list *list, process_output_fn on_text, void *ctx, struct err *err)
{
	CLEANUP(gocommand_release) struct gocommand command = {0};
	CLEANUP(arena_release) struct arena arena = {0};

	add_verb(&command, build);
	add_compiler_flags(&command, build, toolchain, &arena);
	/* Without, everything is linked and thrown away. */
	const char *toolexec = gobuild_toolexec_flag(build, TOOLEXEC_COMMAND, &arena);
	if (toolexec)
		gocommand_add(&command, toolexec);
	gocommand_add_all(&command, build->flags, build->flag_count);
	if (!add_packages(&command, build, list)) {
		*end = (struct process_end){0};
		return 0;
	}
	return gocommand_run(end, &command, build, on_text, on_text, ctx, err);
}

bool
gobuild_can_build_part(const struct gobuild *build)
{
	static const char *const words[] = {"all", "cmd", "std", "tool", "work"};

	for (size_t i = 0; i < build->package_count; i++) {
		if (strchr(build->packages[i], '='))
			return false;
		for (size_t j = 0; j < sizeof words / sizeof *words; j++)
			if (strcmp(build->packages[i], words[j]) == 0)
				return false;
	}
	return true;
}

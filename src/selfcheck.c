#include "src/selfcheck.h"

#include <stdio.h>
#include <string.h>

#include "parsers/parser.h"
#include "src/base/file.h"
#include "src/passed.h"
#include "src/selfcheck/assets.h"

#define FILE_NAME "selfcheck.go"
#define MOST_IN_MESSAGE 3
#define MOST_BYTES 160

/* --- the program */

static int
write_file(const char *directory, const char *name, const char *text, struct err *err)
{
	CLEANUP(file_out_release) struct file_out out = {0};
	CLEANUP(free_ptr) char *path = path_join(directory, name);

	if (file_out_open(&out, path, err) != 0)
		return -1;
	fputs(text, out.fp);
	return file_out_commit(&out, err);
}

static int
write_program(const char *directory, struct err *err)
{
	if (dir_make(directory, err) != 0 ||
		write_file(directory, "go.mod", selfcheck_mod, err) != 0 ||
		write_file(directory, FILE_NAME, selfcheck_go, err) != 0)
		return -1;
	return 0;
}

/* --- compile and read */

struct reading {
	struct parser *parser;
	struct facts *not_understood;
};

/* The module has one file; before Go 1.21 its directory is where it was compiled first. */
static const char *
base_name(struct str printed, const char *package, enum origin *origin, struct arena *arena,
	void *ctx)
{
	const char *slash = memrchr(printed.p, '/', printed.n);

	(void)package, (void)ctx;
	*origin = ORIGIN_OWN;
	return arena_str(
		arena, slash ? str_from(printed, (size_t)(slash - printed.p) + 1) : printed);
}

static void
take_other(struct str line, const char *package, bool known, void *ctx)
{
	struct reading *reading = ctx;

	(void)package;
	if (!known)
		facts_add(reading->not_understood, line);
}

static void
feed(struct str bytes, void *ctx)
{
	struct reading *reading = ctx;

	parser_feed(reading->parser, bytes);
}

static int
fail_compile(const struct process_end *end, const struct toolchain *toolchain,
	const struct facts *lines, struct err *err)
{
	CLEANUP(buf_release) struct buf words = {0};

	for (size_t i = 0; i < lines->count && i < MOST_IN_MESSAGE; i++)
		buf_printf(&words, "\n  %s", lines->lines[i]);
	return err_set(err, ERR_FAILED,
		"%s does not compile the program that heapwarden tries each Go with (status %d); "
		"does 'go build' work for other programs?%s",
		toolchain->version, end->status, buf_str(&words).p);
}

static int
compile(struct snapshot *snapshot, struct facts *not_understood, const struct gobuild *build,
	const struct toolchain *toolchain, struct err *err)
{
	struct package package = {.import_path = build->packages[0]};
	const struct package_list list = {.packages = &package, .count = 1};
	struct reading reading = {.not_understood = not_understood};
	const struct parser_options options = {
		.go_version = toolchain->version,
		.resolve = base_name,
		.on_other = take_other,
		.ctx = &reading,
	};
	CLEANUP(parser_cleanup) struct parser *parser = NULL;
	struct process_end end;

	if (parser_new(&parser, snapshot, &options, err) != 0)
		return -1;
	reading.parser = parser;
	if (gobuild_run(&end, build, toolchain, &list, feed, &reading, err) != 0)
		return -1;
	parser_finish(parser);
	return end.status == 0 ? 0 : fail_compile(&end, toolchain, not_understood, err);
}

int
selfcheck_run(struct selfcheck *out, const struct gobuild *build, const struct toolchain *toolchain,
	struct err *err)
{
	static const char *const here[] = {"."};
	CLEANUP(snapshot_release) struct snapshot snapshot = {0};
	CLEANUP(facts_release) struct facts expected = {0};
	CLEANUP(facts_release) struct facts read = {0};
	CLEANUP(free_ptr) char *directory = path_join(build->temporary, "selfcheck");
	struct gobuild own = *build;

	*out = (struct selfcheck){0};
	own.tree = own.directory = directory;
	own.flag_count = 0;
	own.packages = here;
	own.package_count = 1;
	if (write_program(directory, err) != 0 ||
		compile(&snapshot, &out->not_understood, &own, toolchain, err) != 0)
		return -1;
	facts_read(&read, &snapshot, FILE_NAME);
	facts_expected(&expected, selfcheck_go, FILE_NAME, toolchain->minor);
	facts_compare(&out->missing, &out->surplus, &expected, &read);
	return 0;
}

bool
selfcheck_passed(const struct selfcheck *check)
{
	return check->missing.count + check->surplus.count + check->not_understood.count == 0;
}

void
selfcheck_release(struct selfcheck *check)
{
	facts_release(&check->missing);
	facts_release(&check->surplus);
	facts_release(&check->not_understood);
}

/* --- what is wrong, in words */

/* A line is cut at a character's first byte. */
static struct str
cut(struct str line)
{
	if (line.n <= MOST_BYTES)
		return line;
	line.n = MOST_BYTES;
	while (line.n && ((unsigned char)line.p[line.n] & 0xC0) == 0x80)
		line.n--;
	return line;
}

void
selfcheck_describe(struct buf *out, const struct selfcheck *check, size_t most)
{
	const struct {
		const char *title;
		const struct facts *facts;
	} parts[] = {
		{"not understood", &check->not_understood},
		{"expected, but not read", &check->missing},
		{"read, but not expected", &check->surplus},
	};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const struct facts *facts = parts[i].facts;
		if (facts->count)
			buf_printf(out, "  %s:\n", parts[i].title);
		for (size_t n = 0; n < facts->count && n < most; n++)
			buf_printf(out, "    %.*s\n", STR_ARG(cut(str_of(facts->lines[n]))));
		if (facts->count > most)
			buf_printf(out, "    and %zu more\n", facts->count - most);
	}
}

/* --- before a run */

bool
selfcheck_remembered(const struct gobuild *build, const struct toolchain *toolchain)
{
	CLEANUP(passed_release) struct passed passed = {0};

	passed_open(&passed, build, toolchain, selfcheck_go);
	return passed_before(&passed);
}

int
selfcheck_require(const struct gobuild *build, const struct toolchain *toolchain, struct err *err)
{
	CLEANUP(selfcheck_release) struct selfcheck check = {0};
	CLEANUP(passed_release) struct passed passed = {0};
	CLEANUP(buf_release) struct buf lines = {0};

	passed_open(&passed, build, toolchain, selfcheck_go);
	if (selfcheck_run(&check, build, toolchain, err) != 0)
		return err_wrap(err, "self-check");
	if (selfcheck_passed(&check)) {
		passed_keep(&passed);
		return 0;
	}
	selfcheck_describe(&lines, &check, MOST_IN_MESSAGE);
	return err_set(err, ERR_FAILED,
		"heapwarden " HEAPWARDEN_VERSION
		" does not understand what %s prints: new escapes could pass unseen, so there is "
		"no verdict. Of a small program with known escapes:\n%s"
		"Try a newer heapwarden, or another Go: set GOTOOLCHAIN to a version (go1.N.P), or "
		"HEAPWARDEN_GO to a go command. 'heapwarden doctor' tells which of those that are "
		"here is understood",
		toolchain->version, buf_str(&lines).p);
}

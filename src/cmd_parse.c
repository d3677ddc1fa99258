/* heapwarden parse: the compiler's output from a file, without a build. */
#include "parsers/parser.h"
#include "report/terminal.h"
#include "src/base/file.h"
#include "src/base/zstd.h"
#include "src/documents.h"
#include "src/others.h"

struct parsing {
	struct others others;
	FILE *lines; /* where each message is printed; NULL with documents */
};

static void
parsing_release(struct parsing *parsing)
{
	others_release(&parsing->others);
}

static void
take_other(struct str line, const char *package, bool known, void *ctx)
{
	struct parsing *parsing = ctx;

	if (!known)
		others_add(&parsing->others, line, package);
}

static void
print_message(const char *kind, const struct position *at, struct str text, void *ctx)
{
	const struct parsing *parsing = ctx;
	FILE *out = parsing->lines;

	fprintf(out, "%s\t", kind);
	terminal_text(out, str_of(at->file ? at->file : ""));
	fprintf(out, "\t%d\t%d\t", at->line, at->column);
	terminal_text(out, text);
	putc('\n', out);
}

static void
feed(struct str bytes, void *ctx)
{
	parser_feed(ctx, bytes);
}

static int
parse_file(struct snapshot *out, const char *path, const struct options *options,
	struct parsing *parsing, struct err *err)
{
	CLEANUP(parser_cleanup) struct parser *parser = NULL;
	const struct parser_options how = {
		.go_version = options->go_version,
		.escapes_only = parsing->lines || !documents_want_all_facts(options),
		.on_other = take_other,
		.on_message = parsing->lines ? print_message : NULL,
		.ctx = parsing,
	};

	if (parser_new(&parser, out, &how, err) != 0 || zstd_stream(path, feed, parser, err) != 0)
		return -1;
	parser_finish(parser);
	others_account(&parsing->others, out);
	return 0;
}

/* A line for each message, in the order of the text. */
static int
write_lines(
	struct snapshot *snapshot, const char *path, const struct options *options, struct err *err)
{
	CLEANUP(file_out_release) struct file_out out = {0};
	CLEANUP(parsing_release) struct parsing parsing = {0};

	if (file_out_open(&out, "-", err) != 0)
		return -1;
	parsing.lines = out.fp;
	if (parse_file(snapshot, path, options, &parsing, err) != 0)
		return -1;
	return file_out_commit(&out, err);
}

static int
write_documents(
	struct snapshot *snapshot, const char *path, const struct options *options, struct err *err)
{
	CLEANUP(parsing_release) struct parsing parsing = {0};
	struct scan scan = {.title = path, .snapshot = snapshot};

	scan.side.revision.name = path;
	scan.side.chosen_because = "parsed without a build";
	if (parse_file(snapshot, path, options, &parsing, err) != 0)
		return -1;
	return documents_scan(options, &scan, err);
}

/* With --strict, text that is not understood is no result. */
static int
judge(const struct snapshot *snapshot, const struct options *options, struct err *err)
{
	size_t lines = snapshot->lines.not_understood;

	if (!options->strict || lines == 0)
		return 0;
	return err_set(err, ERR_FAILED,
		"%zu line%s not understood, the first is '%s': the version of Go that printed this "
		"may be newer than this heapwarden; try one of the versions that \"heapwarden "
		"doctor\" lists as understood",
		lines, lines == 1 ? " was" : "s were", snapshot->not_understood[0]);
}

static int
run_parse(struct options *options, int *status, struct err *err)
{
	CLEANUP(snapshot_release) struct snapshot snapshot = {0};
	const char *path = options->argument_count ? options->arguments[0] : "-";

	if (options->argument_count > 1)
		return err_set(err, ERR_USAGE, "parse reads one file, or standard input");
	if (options->lines ? write_lines(&snapshot, path, options, err)
			   : write_documents(&snapshot, path, options, err))
		return -1;
	*status = 0;
	return judge(&snapshot, options, err);
}

const struct command parse_command = {
	.name = "parse",
	.arguments = "[FILE]",
	.summary = "Read saved output of go build -gcflags=-m=2",
	.details = "Without FILE, or when it is -, standard input is read; zstd is decompressed. "
		   "File names stay as the compiler printed them.",
	.options = FOR_PARSE,
	.run = run_parse,
};

/* heapwarden parse: the compiler's output from a file, without a build. */
#include "parsers/parser.h"
#include "src/base/file.h"
#include "src/documents.h"
#include "src/others.h"

static void
take_other(struct str line, const char *package, bool known, void *ctx)
{
	if (!known)
		others_add(ctx, line, package);
}

static void
feed(struct str bytes, void *ctx)
{
	parser_feed(ctx, bytes);
}

static int
parse_file(struct snapshot *out, const char *path, struct err *err)
{
	CLEANUP(others_release) struct others others = {0};
	CLEANUP(parser_cleanup) struct parser *parser = NULL;
	const struct parser_options options = {.on_other = take_other, .ctx = &others};

	if (parser_new(&parser, out, &options, err) != 0 ||
		file_stream(path, feed, parser, err) != 0)
		return -1;
	parser_finish(parser);
	others_account(&others, out);
	return 0;
}

static int
run_parse(struct options *options, int *status, struct err *err)
{
	CLEANUP(snapshot_release) struct snapshot snapshot = {0};
	const char *path = options->argument_count ? options->arguments[0] : "-";
	struct scan scan = {.title = path, .snapshot = &snapshot};

	if (options->argument_count > 1)
		return err_set(err, ERR_USAGE, "parse reads one file, or standard input");
	scan.side.revision.name = path;
	scan.side.chosen_because = "parsed without a build";
	if (parse_file(&snapshot, path, err) != 0)
		return -1;
	*status = 0;
	return documents_scan(options, &scan, err);
}

const struct command parse_command = {
	.name = "parse",
	.arguments = "[FILE]",
	.summary = "Read saved output of go build -gcflags=-m=2",
	.details = "Without FILE, or when it is -, standard input is read. File names stay as the "
		   "compiler printed them.",
	.options = FOR_PARSE,
	.run = run_parse,
};

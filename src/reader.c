#include "src/reader.h"

#include <string.h>

#include "parsers/parser.h"
#include "report/terminal.h"
#include "src/gopath.h"
#include "src/progress.h"

void
reader_release(struct reader *reader)
{
	parser_free(reader->parser);
	others_release(&reader->others);
	captured_release(&reader->captured);
}

/* A module of which a file was found to be vendored: with this, the file's name alone tells. */
static void
note_vendored(struct recording *recording, const char *printed, const char *path)
{
	struct package_list *list = &recording->list;
	const char *version = strchr(printed, '@'), *below = version ? strchr(version, '/') : NULL;

	if (!below || strlen(path) < strlen(below))
		return;
	for (size_t i = 0; i < list->replaced_count; i++)
		if (gopath_below(printed, list->replaced[i].path))
			return;
	struct module *replaced =
		arena_alloc(&recording->arena, (list->replaced_count + 1) * sizeof *replaced);
	if (list->replaced_count)
		memcpy(replaced, list->replaced, list->replaced_count * sizeof *replaced);
	replaced[list->replaced_count++] = (struct module){
		.path = arena_str(
			&recording->arena, (struct str){printed, (size_t)(below - printed)}),
		.relative = arena_str(
			&recording->arena, (struct str){path, strlen(path) - strlen(below)}),
	};
	list->replaced = replaced;
}

static const char *
resolve(struct str printed, const char *package, enum origin *origin, struct arena *arena,
	void *ctx)
{
	struct reader *reader = ctx;
	struct recording *recording = reader->recording;
	const char *slash = memrchr(printed.p, '/', printed.n);
	const char *path = gobuild_resolve(
		printed, package, origin, &recording->list, reader->toolchain, reader->tree, arena);

	if (!reader->counting)
		return path;
	if (slash) {
		const char *directory = arena_printf(
			&recording->arena, "/%.*s", (int)(slash - printed.p), printed.p);
		if (strcmp(directory + 1, package) != 0)
			recording_mention(recording, package, directory);
	}
	if (*origin == ORIGIN_VENDORED)
		note_vendored(recording, arena_str(&recording->arena, printed), path);
	return path;
}

/* What go is doing (a download) is told at once; what may be an error only when the build has
 * failed. */
static void
take_other(struct str line, const char *package, bool known, void *ctx)
{
	struct reader *reader = ctx;

	if (!known)
		others_add(&reader->others, line, package);
	else if (!reader->quiet) {
		progress_clear();
		terminal_lines(stderr, line);
	}
}

/* Comes before the record that the message is in. */
static void
take_message(const char *kind, const struct position *at, struct str text, void *ctx)
{
	struct reader *reader = ctx;

	(void)at, (void)text;
	reader->is_summary = strcmp(kind, "escapes") == 0 || strcmp(kind, "moved") == 0;
}

static void
take_record(struct str record, const char *package, void *ctx)
{
	struct reader *reader = ctx;
	struct recording *recording = reader->recording;
	struct recorded_unit *unit = NULL;

	if (reader->adding) {
		progress_show(reader->doing, recording->count, recording->list.count);
		unit = recording_add(recording, package, record);
	} else if (reader->is_summary) {
		unit = recording_unit(recording, package);
	}
	if (unit && reader->is_summary)
		unit->summary_lines++;
}

int
reader_begin(struct reader *reader, struct snapshot *facts, struct err *err)
{
	const struct package_list *list = &reader->recording->list;
	const struct parser_options options = {
		.go_version = reader->toolchain->version,
		.odd_names = list->odd_names,
		.odd_name_count = list->odd_name_count,
		.resolve = resolve,
		.on_other = take_other,
		.on_message = reader->counting ? take_message : NULL,
		.on_record = reader->counting ? take_record : NULL,
		.ctx = reader,
	};

	parser_free(reader->parser);
	reader->parser = NULL;
	return parser_new(&reader->parser, facts, &options, err);
}

void
reader_feed(struct str bytes, void *ctx)
{
	struct reader *reader = ctx;

	timing_enter(reader->timing, PHASE_READ);
	if (reader->sieve)
		sieve_feed(reader->sieve, bytes);
	else
		parser_feed(reader->parser, bytes);
	timing_enter(reader->timing, PHASE_BUILD);
}

void
reader_finish(struct reader *reader)
{
	if (reader->sieve)
		sieve_finish(reader->sieve);
	parser_finish(reader->parser);
}

#include "src/recorder.h"

#include <string.h>

#include "parsers/parser.h"
#include "report/terminal.h"
#include "src/buildkey.h"
#include "src/gopath.h"
#include "src/linenames.h"
#include "src/others.h"
#include "src/outline.h"
#include "src/progress.h"
#include "src/site.h"

/* What is needed while the compiler's text is read. */
struct reader {
	struct parser *parser;
	struct recording
		*recording; /* its list, and where units are recorded while go is running */
	const struct toolchain *toolchain;
	const char *tree; /* for files that are named by absolute paths */
	struct timing *timing;
	const char *doing; /* for the terminal */
	struct others others;
	bool adding;   /* records to the recording's units */
	bool counting; /* what they have and mention */
	bool quiet;
	bool is_summary; /* the message that was read last */
};

static void
reader_release(struct reader *reader)
{
	parser_free(reader->parser);
	others_release(&reader->others);
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

static int
begin_reading(struct reader *reader, struct snapshot *facts, struct err *err)
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

static void
feed(struct str bytes, void *ctx)
{
	struct reader *reader = ctx;

	timing_enter(reader->timing, PHASE_READ);
	parser_feed(reader->parser, bytes);
	timing_enter(reader->timing, PHASE_BUILD);
}

/* --- out of a build */

/* The whole tree could not be listed: say so for each pattern that was asked for. */
static void
fail_everything(struct snapshot *facts, const struct analysis *analysis, const char *error)
{
	for (size_t i = 0; i < analysis->package_count; i++) {
		facts->packages = array_grow(facts->packages, &facts->package_capacity,
			facts->package_count + 1, sizeof *facts->packages);
		facts->packages[facts->package_count++] = (struct package){
			.import_path = arena_strdup(&facts->arena, analysis->packages[i]),
			.error = arena_strdup(&facts->arena, error),
			.pattern = true,
		};
	}
	snapshot_sort(facts);
	progress_clear();
	if (analysis->options->verbosity >= 0)
		terminal_lines(stderr, str_of(error));
}

/* Build once, and read what go prints. */
static int
build_and_read(struct process_end *end, struct snapshot *facts, struct reader *reader,
	const struct gobuild *build, struct err *err)
{
	timing_enter(reader->timing, PHASE_LOAD);
	progress_show(reader->doing, 0, reader->recording->list.count);
	if (begin_reading(reader, facts, err) != 0 ||
		gobuild_run(end, build, reader->toolchain, &reader->recording->list, feed, reader,
			err) != 0)
		return -1;
	timing_enter(reader->timing, PHASE_READ);
	parser_finish(reader->parser);
	if (end->signal)
		return err_set(err, ERR_FAILED, "go build was ended by signal %d (%s)", end->signal,
			strsignal(end->signal));
	return 0;
}

/* Lines that are not understood may be parts of a name in a line directive, which the source tells.
 * Then go says the same once more, out of its cache. */
static int
read_again(struct process_end *end, struct snapshot *facts, struct reader *reader,
	const struct gobuild *build, struct err *err)
{
	struct recording *recording = reader->recording;

	if (linenames_add(&recording->list, build->tree, &recording->arena) == 0)
		return 0;
	others_release(&reader->others);
	recording_forget_units(recording);
	snapshot_forget(facts);
	return build_and_read(end, facts, reader, build, err);
}

/* *built tells whether all that was asked for could be built. */
static int
build_all(bool *built, struct snapshot *facts, struct reader *reader, const struct gobuild *build,
	struct err *err)
{
	struct recording *recording = reader->recording;
	struct package_list *list = &recording->list;
	struct process_end end;

	if (build_and_read(&end, facts, reader, build, err) != 0)
		return -1;
	if (end.status == 0 && reader->others.count &&
		read_again(&end, facts, reader, build, err) != 0)
		return -1;
	*built = end.status == 0;
	if (*built)
		return 0;
	progress_clear();
	others_print(&reader->others, stderr);
	others_fail_packages(&reader->others, list, end.status, &recording->arena);
	return gobuild_mark_skipped(list, build, &recording->arena, err);
}

/* The names of the packages whose functions are inlined, which is how callees are printed. */
static void
mention_callees(struct recording *recording, const struct snapshot *facts)
{
	for (size_t i = 0; i < facts->call_count; i++) {
		const char *callee = facts->calls[i].callee;
		size_t n = strcspn(callee, ".[(");
		if (n == 0 || callee[n] != '.')
			continue;
		recording_mention(recording, facts->calls[i].package,
			arena_str(&recording->arena, (struct str){callee, n}));
	}
}

/* Where another reader has put the lines into other units than this one reads them as, nothing can
 * be said of a unit alone. */
static void
count(struct recording *recording, const struct snapshot *facts)
{
	CLEANUP(sites_release) struct sites sites = {0};
	CLEANUP(arena_release) struct arena arena = {0};
	const struct comparison alone = {.base_snapshot = facts, .head_snapshot = facts};

	for (size_t i = 0; i < facts->escape_count; i++) {
		struct recorded_unit *unit = recording_unit(recording, facts->escapes[i].package);
		if (!unit)
			return;
		unit->escapes++;
	}
	sites_collect(&sites, &alone, facts, SITES_OWN, &arena);
	recording->sites = sites.count;
	recording->not_understood = facts->lines.not_understood;
	recording->is_counted = true;
}

static void
set_packages(struct snapshot *facts, const struct package_list *list)
{
	free(facts->packages);
	facts->package_capacity = 0;
	facts->packages = array_grow(
		NULL, &facts->package_capacity, list->count + 1, sizeof *facts->packages);
	if (list->count)
		memcpy(facts->packages, list->packages, list->count * sizeof *facts->packages);
	facts->package_count = list->count;
}

/* The packages of the revision. What is listed for another one holds for this one, too, where
 * neither files came or went nor anything but bodies was changed. */
static int
list_packages(struct recording *out, const struct recorded *like, struct analysis *analysis,
	const struct revision *revision, const struct gobuild *build, struct err *err)
{
	struct package_list *list = &out->list;

	if (!like || !recording_is_whole(like->recording) ||
		!outline_is_same(analysis->repo, like->revision, revision))
		return gobuild_list(list, build, &analysis->toolchain, &out->arena, err);
	*list = like->recording->list;
	list->packages =
		arena_copy(&out->arena, list->packages, list->count, sizeof *list->packages);
	return 0;
}

static int
build_revision(bool *whole, struct recording *out, struct snapshot *facts,
	const struct recorded *like, struct analysis *analysis, const struct revision *revision,
	struct err *err)
{
	CLEANUP(reader_release)
	struct reader reader = {
		.recording = out,
		.toolchain = &analysis->toolchain,
		.timing = &analysis->timing,
		.adding = true,
		.counting = true,
		.quiet = analysis->options->verbosity < 0,
	};

	*whole = false;
	if (analysis_tree(&reader.tree, analysis, revision, err) != 0)
		return -1;
	struct gobuild build = analysis_build(analysis, reader.tree);
	reader.doing = arena_printf(&analysis->arena, "building %s", revision->name);
	timing_enter(&analysis->timing, PHASE_LIST);
	progress_show(
		arena_printf(&analysis->arena, "listing the packages of %s", revision->name), 0, 0);
	if (list_packages(out, like, analysis, revision, &build, err) != 0) {
		if (err->code == ERR_INTERRUPTED)
			return -1;
		fail_everything(facts, analysis, err->msg);
		return 0;
	}
	analysis_note(analysis->options, 1, "building %zu packages", out->list.count);
	int result = build_all(whole, facts, &reader, &build, err);
	set_packages(facts, &out->list);
	snapshot_sort(facts);
	others_account(&reader.others, facts);
	mention_callees(out, facts);
	recording_finish(out);
	if (result == 0 && *whole)
		count(out, facts);
	return result;
}

/* --- out of the store, and into it */

/* Whether another build of the same tree would have to print the same: what is outside of the tree
 * is not followed. */
static bool
is_of_tree_alone(const struct package_list *list)
{
	for (size_t i = 0; i < list->module_count; i++)
		if (!list->modules[i].relative)
			return false;
	for (size_t i = 0; i < list->replaced_count; i++)
		if (!list->replaced[i].relative)
			return false;
	for (size_t i = 0; i < list->count; i++) {
		const struct package *package = &list->packages[i];
		/* One without a directory was reached through a link that leads out of the tree. */
		if (!package->absent && (package->error || !package->directory))
			return false;
	}
	return true;
}

/* *known is false where it cannot be told. */
static int
relevant(struct content_id *out, bool *known, struct analysis *analysis,
	const struct revision *revision, struct err *err)
{
	CLEANUP(buf_release) struct buf files = {0};

	*known = false;
	if (revision->tree && store_relevant(out, known, analysis->store, revision->tree, err) != 0)
		return -1;
	if (*known)
		return 0;
	if (repo_relevant(&files, known, analysis->repo, revision, err) != 0)
		return -1;
	*out = hash_content(buf_str(&files));
	return revision->tree && *known
		       ? store_keep_relevant(analysis->store, revision->tree, out, err)
		       : 0;
}

/* What decides the build, in the analysis; NULL where it cannot be told. */
static int
decide(const char **decided, struct analysis *analysis, const struct revision *revision,
	struct err *err)
{
	struct content_id content;
	struct gobuild build = analysis_build(analysis, "");
	bool known;

	*decided = NULL;
	if (!analysis->store)
		return 0;
	if (relevant(&content, &known, analysis, revision, err) != 0) {
		if (err->code == ERR_INTERRUPTED)
			return -1;
		analysis_leave_store(analysis, err);
		return 0;
	}
	const struct build_input input = {
		.build = &build,
		.toolchain = &analysis->toolchain,
		.prefix = repo_prefix(analysis->repo),
		.relevant = &content,
	};
	*decided = known ? buildkey_decided(&input, &analysis->arena) : NULL;
	return 0;
}

/* A file that was embedded is no part of the key, and without it there would be no build. */
static bool
has_embedded(const struct recording *recording, const struct analysis *analysis,
	const struct revision *revision)
{
	for (size_t i = 0; i < recording->list.embedded_count; i++)
		if (!repo_has(analysis->repo, revision, recording->list.embedded[i]))
			return false;
	return true;
}

static bool
find(struct recording *out, struct analysis *analysis, const struct revision *revision,
	const char *decided)
{
	struct content_id key = hash_content(str_of(decided));
	struct err err;
	bool found;

	if (store_find(out, &found, analysis->store, key.hex, &err) != 0)
		analysis_leave_store(analysis, &err);
	else if (found && has_embedded(out, analysis, revision))
		return true;
	recording_release(out);
	return false;
}

static void
save(struct analysis *analysis, const struct recording *recording, const struct revision *revision)
{
	struct content_id key = hash_content(str_of(recording->decided));
	struct err err;

	if (analysis->store && store_save(analysis->store, key.hex, recording->decided,
				       revision->tree, recording, &err) != 0)
		analysis_leave_store(analysis, &err);
}

/* Somebody may have written to the working tree while it was built: then nobody knows what was. */
static bool
is_unchanged(struct analysis *analysis, const struct revision *revision, const char *decided)
{
	const char *now;
	struct err ignored;

	return !revision->worktree || (decide(&now, analysis, revision, &ignored) == 0 && now &&
					      strcmp(now, decided) == 0);
}

static void
describe(struct snapshot *facts, const struct analysis *analysis)
{
	facts->target = arena_strdup(&facts->arena, analysis->toolchain.target);
	facts->go_version = arena_strdup(&facts->arena, analysis->toolchain.version);
	facts->flags = arena_copy(&facts->arena, analysis->flags.words, analysis->flags.count,
		sizeof *analysis->flags.words);
	facts->flag_count = analysis->flags.count;
}

int
recorder_record(struct recording *out, struct snapshot *facts, const struct recorded *like,
	struct analysis *analysis, const struct revision *revision, struct err *err)
{
	const char *decided;
	bool whole;

	describe(facts, analysis);
	timing_enter(&analysis->timing, PHASE_STORE);
	if (decide(&decided, analysis, revision, err) != 0)
		return -1;
	if (decided && find(out, analysis, revision, decided)) {
		analysis_note(analysis->options, 1, "%s is in the store", revision->name);
		set_packages(facts, &out->list);
		out->decided = decided;
		return 0;
	}
	out->go_version = arena_strdup(&out->arena, facts->go_version);
	out->target = arena_strdup(&out->arena, facts->target);
	if (build_revision(&whole, out, facts, like, analysis, revision, err) != 0)
		return -1;
	timing_enter(&analysis->timing, PHASE_STORE);
	if (decided && whole && is_of_tree_alone(&out->list) &&
		is_unchanged(analysis, revision, decided)) {
		out->decided = decided;
		save(analysis, out, revision);
	}
	return 0;
}

static int
read_units(struct reader *reader, struct analysis *analysis, struct err *err)
{
	struct recording *recording = reader->recording;

	for (size_t i = 0; i < recording->count; i++) {
		CLEANUP(buf_release) struct buf text = {0};
		struct recorded_unit *unit = &recording->units[i];
		if (unit->is_read || unit->is_equal)
			continue;
		if (store_text(&text, analysis->store, &unit->id, err) != 0)
			return -1;
		parser_feed(reader->parser, buf_str(&text));
		unit->is_read = true;
	}
	return 0;
}

/* The store is gone, or what was in it: everything of the side is built. */
static int
record_anew(struct snapshot *facts, struct recording *recording, struct analysis *analysis,
	const struct revision *revision, struct err *err)
{
	recording_begin_anew(recording);
	snapshot_forget(facts);
	return recorder_record(recording, facts, NULL, analysis, revision, err);
}

int
recorder_read(struct snapshot *facts, struct recording *recording, struct analysis *analysis,
	const struct revision *revision, struct err *err)
{
	CLEANUP(reader_release)
	struct reader reader = {
		.recording = recording,
		.toolchain = &analysis->toolchain,
		.tree = analysis->workspace.temporary,
		.timing = &analysis->timing,
		.counting = !recording->is_counted,
	};

	if (!recording_is_to_be_read(recording))
		return 0;
	if (!analysis->store)
		return record_anew(facts, recording, analysis, revision, err);
	timing_enter(&analysis->timing, PHASE_READ);
	if (reader.counting)
		recording_forget_counts(recording);
	if (begin_reading(&reader, facts, err) != 0)
		return -1;
	if (read_units(&reader, analysis, err) != 0) {
		analysis_leave_store(analysis, err);
		return record_anew(facts, recording, analysis, revision, err);
	}
	parser_finish(reader.parser);
	others_account(&reader.others, facts);
	if (reader.counting) {
		mention_callees(recording, facts);
		count(recording, facts);
	}
	if (reader.counting && recording->is_counted)
		save(analysis, recording, revision);
	return 0;
}

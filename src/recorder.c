#include "src/recorder.h"

#include <string.h>

#include "parsers/parser.h"
#include "src/base/zstd.h"
#include "src/buildkey.h"
#include "src/recorder_internal.h"

bool
recorder_can_keep(const struct outside *outside, const struct package_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct package *package = &list->packages[i];
		/* One without a directory is not in the tree. */
		if (!package->absent && (package->error || !package->directory))
			return false;
	}
	return outside_has(outside, list);
}

/* *known is false where it cannot be told. */
static int
relevant(struct content_id *out, bool *known, struct analysis *analysis, struct inputs *inputs,
	struct err *err)
{
	const char *tree = inputs->revision->tree;

	*known = false;
	if (tree && store_relevant(out, known, analysis->store, tree, err) != 0)
		return -1;
	if (*known)
		return 0;
	if (inputs_read(inputs, analysis->repo, err) != 0)
		return -1;
	*known = inputs->known;
	*out = hash_content(buf_str(&inputs->files));
	return tree && *known ? store_keep_relevant(analysis->store, tree, out, err) : 0;
}

/* The same with test files. That is not kept for the tree: what is kept is found again by the name
 * of all but these. */
static int
relevant_tests(struct content_id *out, bool *known, struct analysis *analysis,
	const struct revision *revision, struct err *err)
{
	CLEANUP(buf_release) struct buf files = {0};

	if (repo_relevant_with_tests(&files, known, analysis->repo, revision, err) != 0)
		return -1;
	*out = hash_content(buf_str(&files));
	return 0;
}

/* What decides the build, in the analysis; NULL where it cannot be told. Release *outside in any
 * case. */
static int
decide(const char **decided, struct outside *outside, struct analysis *analysis,
	struct inputs *inputs, struct err *err)
{
	struct content_id content, tests;
	struct gobuild build = analysis_build(analysis, "");
	bool known, tests_known = true;

	*decided = NULL;
	*outside = (struct outside){0};
	if (!analysis->store)
		return 0;
	if (outside_find(outside, analysis->repo, inputs->revision, &build, err) != 0)
		return -1;
	if (!outside->known)
		return 0;
	if (relevant(&content, &known, analysis, inputs, err) != 0) {
		if (err->code == ERR_INTERRUPTED)
			return -1;
		analysis_leave_store(analysis, err);
		return 0;
	}
	if (build.tests &&
		relevant_tests(&tests, &tests_known, analysis, inputs->revision, err) != 0)
		return -1;
	const struct build_input input = {
		.build = &build,
		.toolchain = &analysis->toolchain,
		.prefix = repo_prefix(analysis->repo),
		.relevant = &content,
		.tests = build.tests ? &tests : NULL,
		.outside = buf_str(&outside->text),
	};
	*decided = known && tests_known ? buildkey_decided(&input, &analysis->arena) : NULL;
	return 0;
}

bool
recorder_has_embedded(
	const struct recording *recording, struct repo *repo, const struct revision *revision)
{
	for (size_t i = 0; i < recording->list.embedded_count; i++)
		if (!repo_has(repo, revision, recording->list.embedded[i]))
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
	else if (found && recorder_has_embedded(out, analysis->repo, revision))
		return true;
	recording_release(out);
	return false;
}

/* Nothing is kept of which something is not known yet. */
static void
save(struct analysis *analysis, struct recording *recording, const struct revision *revision)
{
	struct content_id key;
	struct err err;

	if (!recording->decided || recording->lacks_sites || !analysis->store)
		return;
	key = hash_content(str_of(recording->decided));
	if (store_save(analysis->store, key.hex, recording->decided, revision->tree, recording,
		    &err) != 0)
		analysis_leave_store(analysis, &err);
}

/* Somebody may have written to the working tree, or outside, while it was built: then nobody knows
 * what was. */
static bool
is_unchanged(struct analysis *analysis, const struct revision *revision, const char *decided)
{
	CLEANUP(inputs_release) struct inputs inputs = {.revision = revision};
	CLEANUP(outside_release) struct outside outside = {0};
	const char *now;
	struct err ignored;

	return decide(&now, &outside, analysis, &inputs, &ignored) == 0 && now &&
	       strcmp(now, decided) == 0;
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
recorder_look_up(const char **decided, bool *is_kept, struct analysis *analysis,
	const struct revision *revision, struct err *err)
{
	CLEANUP(recording_release) struct recording recording = {0};
	CLEANUP(inputs_release) struct inputs inputs = {.revision = revision};
	CLEANUP(outside_release) struct outside outside = {0};

	*is_kept = false;
	if (decide(decided, &outside, analysis, &inputs, err) != 0)
		return -1;
	*is_kept = *decided && find(&recording, analysis, revision, *decided);
	return 0;
}

static void
making_release(struct making *making)
{
	inputs_release(&making->inputs);
	inputs_release(&making->others);
	outside_release(&making->outside);
}

/* Build it, and keep what was built. */
static int
build_and_keep(struct making *making, struct err *err)
{
	struct recording *out = making->out;
	struct analysis *analysis = making->analysis;
	const struct revision *revision = making->inputs.revision;
	bool whole;

	out->go_version = arena_strdup(&out->arena, making->facts->go_version);
	out->target = arena_strdup(&out->arena, making->facts->target);
	if (recorder_build(&whole, making, err) != 0)
		return -1;
	timing_enter(&analysis->timing, PHASE_STORE);
	if (making->decided && whole && recorder_can_keep(&making->outside, &out->list) &&
		is_unchanged(analysis, revision, making->decided)) {
		out->decided = making->decided;
		save(analysis, out, revision);
	}
	return 0;
}

int
recorder_record(struct recording *out, struct snapshot *facts, const struct recorded *like,
	struct analysis *analysis, const struct revision *revision, struct err *err)
{
	CLEANUP(making_release)
	struct making making = {
		.out = out,
		.facts = facts,
		.like = like,
		.analysis = analysis,
		.inputs.revision = revision,
		.others.revision = like ? like->revision : NULL,
	};

	describe(facts, analysis);
	timing_enter(&analysis->timing, PHASE_STORE);
	if (decide(&making.decided, &making.outside, analysis, &making.inputs, err) != 0)
		return -1;
	if (!making.decided || !find(out, analysis, revision, making.decided))
		return build_and_keep(&making, err);
	analysis_note(analysis->options, 1, "%s is in the store", revision->name);
	recorder_set_packages(facts, &out->list);
	out->decided = making.decided;
	return 0;
}

static int
unit_text(struct buf *out, const struct recorded_unit *unit, struct store *store, struct err *err)
{
	if (unit->frame.n)
		return zstd_unpack(out, buf_str(&unit->frame), unit->size, err);
	return store_text(out, store, &unit->id, err);
}

static int
read_units(struct reader *reader, struct store *store, struct err *err)
{
	struct recording *recording = reader->recording;

	for (size_t i = 0; i < recording->count; i++) {
		CLEANUP(buf_release) struct buf text = {0};
		struct recorded_unit *unit = &recording->units[i];
		if (unit->is_read || unit->is_equal)
			continue;
		if (unit_text(&text, unit, store, err) != 0)
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

/* All that was to be read is read. */
static void
finish_reading(struct reader *reader, struct snapshot *facts, bool tests)
{
	struct recording *recording = reader->recording;

	parser_finish(reader->parser);
	if (tests)
		snapshot_merge_variants(facts);
	others_account(&reader->others, facts);
	if (reader->counting) {
		recorder_mention_callees(recording, facts);
		recorder_count(recording, facts);
	}
	if (recording->lacks_sites && recording_is_all_read(recording))
		recorder_count_sites(recording, facts);
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
		.counting = !recording->is_counted && !recording->lacks_sites,
	};
	bool was_counted = recording->is_counted;

	if (!recording_is_to_be_read(recording))
		return 0;
	if (!analysis->store && recording_needs_store(recording))
		return record_anew(facts, recording, analysis, revision, err);
	timing_enter(&analysis->timing, PHASE_READ);
	if (reader.counting)
		recording_forget_counts(recording);
	if (reader_begin(&reader, facts, err) != 0)
		return -1;
	if (read_units(&reader, analysis->store, err) != 0) {
		analysis_leave_store(analysis, err);
		return record_anew(facts, recording, analysis, revision, err);
	}
	finish_reading(&reader, facts, analysis_has_tests(analysis));
	if (!was_counted && recording->is_counted)
		save(analysis, recording, revision);
	return 0;
}

void
recorder_keep(
	struct recording *recording, struct analysis *analysis, const struct revision *revision)
{
	save(analysis, recording, revision);
}

#include <stdlib.h>
#include <string.h>

#include "parsers/message.h"
#include "parsers/parser.h"
#include "report/terminal.h"
#include "src/linenames.h"
#include "src/outline.h"
#include "src/progress.h"
#include "src/reader.h"
#include "src/recorder_internal.h"
#include "src/site.h"

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

/* Build, or take what another build has left. */
static int
build(struct process_end *end, struct reader *reader, const struct gobuild *how, struct err *err)
{
	if (!reader->captured.is_whole)
		return gobuild_run(end, how, reader->toolchain, &reader->recording->list,
			reader_feed, reader, err);
	reader_feed(buf_str(&reader->captured.text), reader);
	*end = (struct process_end){0};
	return 0;
}

/* What go itself says, which is no part of a unit, is counted no more when the build is replayed or
 * comes out of the store: so it never is. */
static void
leave_go_out(struct line_counts *lines, struct arena *arena)
{
	const char *go = message_kind_name(MESSAGE_GO);
	struct line_kind *kinds =
		arena_copy(arena, lines->kinds, lines->kind_count, sizeof *lines->kinds);
	size_t kept = 0;

	for (size_t i = 0; i < lines->kind_count; i++) {
		if (strcmp(kinds[i].name, go) == 0)
			lines->total -= kinds[i].count;
		else
			kinds[kept++] = kinds[i];
	}
	lines->kinds = kinds;
	lines->kind_count = kept;
}

int
recorder_run(struct process_end *end, struct snapshot *facts, struct reader *reader,
	const struct gobuild *how, struct err *err)
{
	timing_enter(reader->timing, PHASE_LOAD);
	progress_show(reader->doing, 0, reader->recording->list.count);
	if (reader_begin(reader, facts, err) != 0 || build(end, reader, how, err) != 0)
		return -1;
	timing_enter(reader->timing, PHASE_READ);
	reader_finish(reader);
	if (how->tests)
		snapshot_merge_variants(facts);
	leave_go_out(&facts->lines, &facts->arena);
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
	return recorder_run(end, facts, reader, build, err);
}

/* *built tells whether all that was asked for could be built. */
static int
build_all(bool *built, struct snapshot *facts, struct reader *reader, const struct gobuild *build,
	struct err *err)
{
	struct recording *recording = reader->recording;
	struct package_list *list = &recording->list;
	struct process_end end;

	if (recorder_run(&end, facts, reader, build, err) != 0)
		return -1;
	if (end.status == 0 && reader->others.count &&
		read_again(&end, facts, reader, build, err) != 0)
		return -1;
	*built = end.status == 0;
	if (*built)
		return 0;
	progress_clear();
	if (!reader->is_silent)
		others_print(&reader->others, stderr);
	others_fail_packages(&reader->others, list, end.status, &recording->arena);
	return gobuild_mark_skipped(list, build, reader->toolchain, &recording->arena, err);
}

void
recorder_mention_callees(struct recording *recording, const struct snapshot *facts)
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

void
recorder_count_sites(struct recording *recording, const struct snapshot *facts)
{
	CLEANUP(sites_release) struct sites sites = {0};
	CLEANUP(arena_release) struct arena arena = {0};
	const struct comparison alone = {.base_snapshot = facts, .head_snapshot = facts};

	sites_collect(&sites, &alone, facts, SITES_OWN, &arena);
	recording->sites = sites.count;
	recording->is_counted = true;
	recording->lacks_sites = false;
}

/* Where another reader has put the lines into other units than this one reads them as, nothing can
 * be said of a unit alone. */
void
recorder_count(struct recording *recording, const struct snapshot *facts)
{
	for (size_t i = 0; i < facts->escape_count; i++) {
		struct recorded_unit *unit = recording_unit(recording, facts->escapes[i].package);
		if (!unit)
			return;
		unit->escapes++;
	}
	recording->not_understood = facts->lines.not_understood;
	recording->lacks_sites = true;
}

void
recorder_set_packages(struct snapshot *facts, const struct package_list *list)
{
	free(facts->packages);
	facts->package_capacity = 0;
	facts->packages = array_grow(
		NULL, &facts->package_capacity, list->count + 1, sizeof *facts->packages);
	if (list->count)
		memcpy(facts->packages, list->packages, list->count * sizeof *facts->packages);
	facts->package_count = list->count;
}

/* Where these are is not kept in the store. */
static bool
leads_outside(const struct package_list *list)
{
	for (size_t i = 0; i < list->module_count; i++)
		if (!list->modules[i].relative)
			return true;
	for (size_t i = 0; i < list->replaced_count; i++)
		if (!list->replaced[i].relative)
			return true;
	return false;
}

/* For "of HEAD", "of the working tree". */
static const char *
article(const struct revision *revision)
{
	return revision->worktree ? "the " : "";
}

/* The packages of the revision. What is listed for another one holds for this one, too, where
 * neither files came or went nor anything but bodies was changed. */
static int
list_packages(struct making *making, const struct gobuild *build, struct err *err)
{
	struct recording *out = making->out;
	struct package_list *list = &out->list;
	const struct recorded *like = making->like;
	struct analysis *analysis = making->analysis;

	if (!like || build->tests || !recording_is_whole(like->recording) ||
		leads_outside(&like->recording->list) ||
		!outline_is_same(analysis->repo, &making->others, &making->inputs)) {
		const struct revision *revision = making->inputs.revision;
		analysis_phase(analysis->options, "listing the packages of %s%s", article(revision),
			revision->name);
		return gobuild_list(list, build, &analysis->toolchain, &out->arena, err);
	}
	recorder_imports(like->recording, analysis->store);
	*list = like->recording->list;
	list->packages =
		arena_copy(&out->arena, list->packages, list->count, sizeof *list->packages);
	return 0;
}

/* List the packages; *failed where that could not be done, which the facts say then. */
static int
begin_build(bool *failed, struct making *making, const struct gobuild *build, struct err *err)
{
	struct analysis *analysis = making->analysis;
	struct recording *out = making->out;

	*failed = false;
	timing_enter(&analysis->timing, PHASE_LIST);
	if (list_packages(making, build, err) == 0) {
		if (out->list.imports)
			out->imports = hash_content(str_of(out->list.imports));
		return 0;
	}
	if (err->code == ERR_INTERRUPTED)
		return -1;
	fail_everything(making->facts, analysis, err->msg);
	*failed = true;
	return 0;
}

static int
build_part_or_all(bool *whole, struct making *making, struct reader *reader,
	const struct gobuild *build, struct err *err)
{
	const struct package_list *list = &making->out->list;
	const struct revision *revision = making->inputs.revision;
	struct analysis *analysis = making->analysis;

	if (analysis->capture && captured_read(&reader->captured, analysis, build, list, err) != 0)
		return -1;
	if (!reader->captured.is_whole && recorder_build_part(whole, making, reader, err) != 0)
		return -1;
	if (*whole)
		return 0;
	if (list->count && !reader->captured.is_whole)
		analysis_phase(analysis->options, "building %zu package%s of %s%s", list->count,
			list->count == 1 ? "" : "s", article(revision), revision->name);
	return build_all(whole, making->facts, reader, build, err);
}

/* Whether there is nothing that go could list: no module as the head has it, and no other file that
 * go reads. That is the empty tree, and what was before the first Go file. */
static bool
is_without_go(struct analysis *analysis, const struct revision *revision)
{
	CLEANUP(buf_release) struct buf files = {0};
	struct err ignored;
	bool known;

	return analysis->module_file &&
	       !repo_has(analysis->repo, revision, analysis->module_file) &&
	       repo_relevant(&files, &known, analysis->repo, revision, &ignored) == 0 &&
	       files.n == 0;
}

int
recorder_build(bool *whole, struct making *making, struct err *err)
{
	struct analysis *analysis = making->analysis;
	struct recording *out = making->out;
	struct snapshot *facts = making->facts;
	const struct revision *revision = making->inputs.revision;
	CLEANUP(reader_release)
	struct reader reader = {
		.recording = out,
		.toolchain = &analysis->toolchain,
		.timing = &analysis->timing,
		.adding = true,
		.counting = true,
		.quiet = analysis->options->verbosity < 0,
		.is_silent = analysis->only_to_keep,
	};
	bool failed;

	*whole = false;
	if (is_without_go(analysis, revision))
		return 0;
	if (analysis_tree(&reader.tree, analysis, revision, err) != 0)
		return -1;
	struct gobuild build = analysis_build(analysis, reader.tree);
	reader.doing = arena_printf(&analysis->arena, "building %s", revision->name);
	if (begin_build(&failed, making, &build, err) != 0)
		return -1;
	if (failed || (analysis->only_to_keep && !recorder_can_keep(&making->outside, &out->list)))
		return 0;
	int result = build_part_or_all(whole, making, &reader, &build, err);
	recorder_set_packages(facts, &out->list);
	snapshot_sort(facts);
	others_account(&reader.others, facts);
	recorder_mention_callees(out, facts);
	recording_finish(out);
	if (result == 0 && *whole)
		recorder_count(out, facts);
	if (out->lacks_sites && !recording_is_to_be_read(out))
		recorder_count_sites(out, facts);
	return result;
}

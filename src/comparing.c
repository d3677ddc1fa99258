#include "src/comparing.h"

#include <string.h>

#include "src/accept.h"
#include "src/base/file.h"
#include "src/cause.h"
#include "src/compare.h"
#include "src/contract.h"
#include "src/documents.h"
#include "src/exceptions.h"
#include "src/excerpt.h"
#include "src/gomod.h"
#include "src/judging.h"
#include "src/policy.h"
#include "src/progress.h"
#include "src/recorder.h"
#include "src/shortcut.h"
#include "src/toolchains.h"
#include "src/variant.h"

static int
check_packages(
	const struct comparison *comparison, const struct analysis *analysis, struct err *err)
{
	CLEANUP(buf_release) struct buf patterns = {0};

	if (snapshot_has_packages(comparison->base_snapshot) ||
		snapshot_has_packages(comparison->head_snapshot))
		return 0;
	for (size_t i = 0; i < analysis->package_count; i++)
		buf_printf(&patterns, "%s%s", i ? " " : "", analysis->packages[i]);
	return err_set(err, ERR_EMPTY,
		"no Go package matches %s, neither in the base nor in the head: name packages as "
		"for go build (./... is all below)",
		patterns.p);
}

/* For reading files: which revision is which. */
struct sources {
	struct repo *repo;
	const struct comparing *what;
};

static int
read_source(struct buf *out, bool base, const char *path, void *ctx, struct err *err)
{
	const struct sources *sources = ctx;
	const struct side *side = base ? &sources->what->base : &sources->what->head;

	return repo_read(out, sources->repo, &side->revision, path, err);
}

/* When no document goes to standard output, a person who looks at the log still wants to know. */
static void
tell_verdict(const struct comparison *comparison, const struct options *options)
{
	if (documents_to_stdout(options))
		return;
	for (size_t i = 0; i < comparison->verdict.violation_count; i++)
		analysis_note(options, 0, "%s", comparison->verdict.violations[i]);
}

static void
changed_modules(struct other_changes *out, const struct gomod *base, const struct gomod *head,
	struct arena *arena)
{
	struct module_change *changes = arena_alloc(arena, (head->count + 1) * sizeof *changes);

	out->modules = changes;
	for (size_t i = 0; i < head->count; i++) {
		const struct requirement *is = &head->requirements[i];
		const char *was = gomod_version(base, is->module);
		if (!was || strcmp(was, is->version) != 0)
			changes[out->module_count++] =
				(struct module_change){is->module, was, is->version};
	}
}

/* go.mod of both sides. */
struct gomods {
	struct gomod base, head;
};

static void
gomods_release(struct gomods *gomods)
{
	gomod_release(&gomods->base);
	gomod_release(&gomods->head);
}

/* One that cannot be read says nothing: then both are empty. */
static void
read_gomods(struct gomods *out, struct analysis *analysis, const struct comparing *what,
	struct arena *arena)
{
	CLEANUP(buf_release) struct buf base = {0};
	CLEANUP(buf_release) struct buf head = {0};
	const char *path = analysis->module_file;
	struct err err;

	*out = (struct gomods){0};
	if (!path || repo_read(&base, analysis->repo, &what->base.revision, path, &err) != 0 ||
		repo_read(&head, analysis->repo, &what->head.revision, path, &err) != 0)
		return;
	gomod_read(&out->base, buf_str(&base), arena);
	gomod_read(&out->head, buf_str(&head), arena);
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void
other_changes(struct other_changes *out, const struct gomods *gomods,
	const struct analysis *analysis, struct arena *arena)
{
	const char *was = gomods->base.go, *is = gomods->head.go;

	*out = (struct other_changes){.file = analysis->module_file};
	changed_modules(out, &gomods->base, &gomods->head, arena);
	if (!same_text(was, is))
		out->go_line =
			arena_printf(arena, "from %s to %s", was ? was : "none", is ? is : "none");
}

/* Both sides were compiled with the head's Go. Where the base asks for another one, say what the
 * change of Go alone does to the base. */
static void
tell_toolchain_effect(
	struct comparison *comparison, struct analysis *analysis, const struct gomods *gomods)
{
	CLEANUP(toolchains_release) struct toolchains effect = {0};
	const char *is = comparison->head_snapshot->go_version, *was;
	struct err err;

	if (same_text(gomods->base.go, gomods->head.go) &&
		same_text(gomods->base.toolchain, gomods->head.toolchain))
		return;
	if (analysis_go_of(&was, analysis, &comparison->base.revision, &err) != 0) {
		comparison_warn(comparison,
			"the base asks for another Go than the head, and what the change of Go "
			"alone does cannot be told: %s",
			err.msg);
		return;
	}
	if (strcmp(was, is) == 0)
		return;
	if (toolchains_compare(&effect, analysis, &comparison->base, was, is, &err) != 0) {
		comparison_warn(comparison,
			"the base asks for %s and both sides were compiled with %s; what that "
			"change alone does cannot be told: %s",
			was, is, err.msg);
		return;
	}
	const struct summary *summary = &effect.comparison.summary;
	if (effect.comparison.verdict.status == VERDICT_NONE) {
		comparison_warn(comparison,
			"the base asks for %s and both sides were compiled with %s; what that "
			"change alone does cannot be told: %s",
			was, is, effect.comparison.verdict.violations[0]);
		return;
	}
	if (summary->new + summary->lost_inlining + summary->fixed == 0)
		return;
	comparison_warn(comparison,
		"the base asks for %s and both sides were compiled with %s: that change alone puts "
		"%zu allocations of the base on the heap and takes %zu from it (heapwarden "
		"toolchain %s %s tells which)",
		was, is, summary->new + summary->lost_inlining, summary->fixed, was, is);
}

/* A side as it is built or found. */
struct built {
	struct recording recording;
	struct snapshot facts;
};

/* Both, and what is between them. */
struct pair {
	struct built base, head;
	struct line_map map;
	struct shortcut shortcut;
	struct baseline baseline;
	struct profiles profiles;
};

static void
built_release(struct built *built)
{
	snapshot_release(&built->facts);
	recording_release(&built->recording);
}

static void
pair_release(struct pair *pair)
{
	judging_release(&pair->profiles);
	baseline_release(&pair->baseline);
	shortcut_release(&pair->shortcut);
	line_map_release(&pair->map);
	built_release(&pair->head);
	built_release(&pair->base);
}

static void
compare_sides(struct comparison *comparison, struct analysis *analysis,
	const struct comparing *what, struct pair *pair)
{
	const struct line_map *map = &pair->map;
	CLEANUP(gomods_release) struct gomods gomods = {0};
	struct sources sources = {analysis->repo, what};
	CLEANUP(source_release) struct source source = {.read = read_source, .ctx = &sources};
	struct other_changes changes;
	char day[11];

	comparison->title = repo_title(analysis->repo);
	comparison->source = &source;
	compare_snapshots(comparison, map);
	exceptions_day(day, &what->head.revision);
	accept_apply(comparison, map, &pair->baseline, day);
	judging_run(comparison, analysis, &pair->profiles);
	read_gomods(&gomods, analysis, what, &comparison->arena);
	other_changes(&changes, &gomods, analysis, &comparison->arena);
	cause_assign(comparison, map, &changes);
	if (analysis->options->contracts)
		contract_compare(comparison);
	excerpt_load(comparison, map);
	tell_toolchain_effect(comparison, analysis, &gomods);
	comparison->source = NULL;
}

/* All findings are asked for, or counted: then none of them can be left out. */
static bool
takes_shortcut(struct analysis *analysis)
{
	const struct options *options = analysis->options;

	return !documents_want_unchanged(options) && !options->no_shortcut &&
	       !policy_needs_all(&analysis->config) && !policy_needs_all(&analysis->base_config);
}

static int
record_both(
	struct pair *pair, struct analysis *analysis, const struct comparing *what, struct err *err)
{
	struct built *base = &pair->base, *head = &pair->head;
	const struct revision *was = &what->base.revision, *is = &what->head.revision;
	const struct recorded like = {&base->recording, was};

	if (recorder_record(&base->recording, &base->facts, NULL, analysis, was, err) != 0)
		return -1;
	return recorder_record(&head->recording, &head->facts, &like, analysis, is, err);
}

static int
read_both(
	struct pair *pair, struct analysis *analysis, const struct comparing *what, struct err *err)
{
	struct built *base = &pair->base, *head = &pair->head;

	if (recorder_read(&base->facts, &base->recording, analysis, &what->base.revision, err) != 0)
		return -1;
	return recorder_read(&head->facts, &head->recording, analysis, &what->head.revision, err);
}

/* Read what is not equal on both sides. */
static int
read_different(
	struct pair *pair, struct analysis *analysis, const struct comparing *what, struct err *err)
{
	struct recording *base = &pair->base.recording, *head = &pair->head.recording;
	bool stored = analysis->store;
	bool lost = !stored && (recording_needs_store(base) || recording_needs_store(head));

	/* What was found in a store that is gone by now is built first. */
	if (lost && read_both(pair, analysis, what, err) != 0)
		return -1;
	if (takes_shortcut(analysis))
		shortcut_find(&pair->shortcut, base, head, &pair->map);
	if (read_both(pair, analysis, what, err) != 0)
		return -1;
	if (!stored || analysis->store)
		return 0;
	/* The store was lost on the way, and with it what was equal. */
	shortcut_give_up(&pair->shortcut, base, head);
	return read_both(pair, analysis, what, err);
}

static void
take_shortcut(struct pair *pair, struct comparison *comparison, struct analysis *analysis,
	const struct revision *revision)
{
	struct recording *head = &pair->head.recording;
	bool lacked_sites = head->lacks_sites;

	shortcut_take(&pair->shortcut, comparison, &pair->base.recording, head);
	if (lacked_sites)
		recorder_keep(head, analysis, revision);
}

/* Which of several comparisons this is. */
static void
name_build(struct comparison *comparison, struct snapshot *head, struct analysis *analysis)
{
	const char *file = analysis->module_file;

	head->settings = variant_settings(&head->setting_count, &analysis->arena);
	if (file)
		comparison->module = arena_str(&comparison->arena, path_directory(file));
}

int
comparing_write(const struct options *options, const struct comparison *comparison, struct err *err)
{
	progress_clear();
	if (documents_comparison(options, comparison, err) != 0)
		return -1;
	tell_verdict(comparison, options);
	return 0;
}

int
comparing_with(struct analysis *analysis, const struct comparing *what, comparing_use_fn use,
	void *ctx, struct err *err)
{
	CLEANUP(pair_release) struct pair pair = {0};
	CLEANUP(comparison_release)
	struct comparison comparison = {.base = what->base,
		.head = what->head,
		.base_snapshot = &pair.base.facts,
		.head_snapshot = &pair.head.facts};

	if (analysis_choose_go(analysis, &what->head.revision, err) != 0 ||
		exceptions_read(&pair.baseline, analysis, &what->head.revision,
			what->writes_baseline, err) != 0 ||
		judging_read(&pair.profiles, analysis, what, err) != 0 ||
		record_both(&pair, analysis, what, err) != 0 ||
		check_packages(&comparison, analysis, err) != 0 ||
		judging_check(&pair.profiles, &comparison, err) != 0)
		return -1;
	timing_enter(&analysis->timing, PHASE_COMPARE);
	progress_show("comparing", 0, 0);
	if (repo_line_map(&pair.map, analysis->repo, &what->base.revision, &what->head.revision,
		    err) != 0 ||
		read_different(&pair, analysis, what, err) != 0)
		return -1;
	timing_enter(&analysis->timing, PHASE_COMPARE);
	take_shortcut(&pair, &comparison, analysis, &what->head.revision);
	name_build(&comparison, &pair.head.facts, analysis);
	compare_sides(&comparison, analysis, what, &pair);
	timing_enter(&analysis->timing, PHASE_REPORT);
	return use(&comparison, ctx, err);
}

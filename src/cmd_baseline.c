/* heapwarden baseline: the file of accepted findings. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "report/terminal.h"
#include "src/accept.h"
#include "src/base/file.h"
#include "src/cmd_check.h"
#include "src/exceptions.h"
#include "src/fingerprint.h"
#include "src/progress.h"

/* A run of the command. */
struct work {
	struct analysis analysis;
	struct baseline baseline; /* as it is in the working tree */
	const char *name, *path;  /* of that: from the root where it is below it, and to open it */
	const char *const *ids;   /* of the findings to accept; none: all */
	size_t id_count;
	size_t added, dropped;
	int (*change)(struct work *work, const struct comparison *comparison, struct err *err);
};

static void
work_release(struct work *work)
{
	baseline_release(&work->baseline);
	analysis_close(&work->analysis);
}

/* ---- what is written ---- */

static bool
is_wanted(const struct work *work, const char *id)
{
	for (size_t i = 0; i < work->id_count; i++)
		if (strcmp(work->ids[i], id) == 0)
			return true;
	return work->id_count == 0;
}

/* Each fingerprint that was named is that of a new finding. */
static int
check_ids(const struct work *work, const struct comparison *comparison, struct err *err)
{
	for (size_t i = 0; i < work->id_count; i++) {
		bool found = false;
		for (size_t j = 0; j < comparison->finding_count; j++)
			found = found ||
				(finding_counts(&comparison->findings[j]) &&
					strcmp(comparison->findings[j].id, work->ids[i]) == 0);
		if (!found)
			return err_set(err, ERR_USAGE,
				"%s is no new finding that is not accepted yet: heapwarden check "
				"lists them",
				work->ids[i]);
	}
	return 0;
}

static void
add_entry(struct work *work, const struct finding *finding, const char *author)
{
	const struct options *options = work->analysis.options;
	const struct escape *escape = finding->escape;
	struct arena *arena = &work->baseline.arena;
	struct baseline_entry *old;

	/* One that has expired makes room. */
	while ((old = baseline_find(&work->baseline, finding->id)))
		old->dropped = true;
	struct baseline_entry *entry = baseline_add(&work->baseline);
	entry->id = arena_strdup(arena, finding->id);
	entry->kind = escape_kind_name(escape->kind);
	entry->package = arena_strdup(arena, escape->package);
	entry->function = arena_strdup(arena, escape->function);
	entry->expression = arena_strdup(arena, escape->expression);
	entry->reason = options->reason;
	entry->author = arena_strdup(arena, author);
	entry->expires = options->expires;
	work->added++;
}

static int
add_new(struct work *work, const struct comparison *comparison, struct err *err)
{
	const char *author = repo_user(work->analysis.repo, &work->analysis.arena);

	if (comparison->verdict.status == VERDICT_NONE)
		return err_set(err, ERR_FAILED, "there is no verdict, and so nothing to accept: %s",
			comparison->verdict.violations[0]);
	if (check_ids(work, comparison, err) != 0)
		return -1;
	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		if (!finding_counts(finding) || !is_wanted(work, finding->id))
			continue;
		if (!work->analysis.options->reason)
			return err_set(err, ERR_USAGE,
				"say why they are accepted: --reason 'the cache owns its entries'");
		add_entry(work, finding, author);
	}
	return 0;
}

/* ---- what is taken out ---- */

/* The base has it as well. A function that neither side inlines is no finding. */
static bool
is_needless(const struct comparison *comparison, const struct baseline_entry *entry)
{
	bool lost = strcmp(entry->kind, escape_kind_name(ESCAPE_LOST_INLINING)) == 0;

	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		if (strcmp(finding->id, entry->id) != 0)
			continue;
		return finding->state == FINDING_UNCHANGED || finding->state == FINDING_MOVED;
	}
	return lost && snapshot_package(comparison->head_snapshot, entry->package) &&
	       comparison_judges(comparison, entry->package);
}

static int
drop_stale(struct work *work, const struct comparison *comparison, struct err *err)
{
	(void)err;
	work->dropped = accept_find_stale(comparison, &work->baseline);
	for (size_t i = 0; i < work->baseline.count; i++)
		work->baseline.entries[i].dropped = work->baseline.entries[i].stale;
	return 0;
}

static int
drop_needless(struct work *work, const struct comparison *comparison, struct err *err)
{
	if (drop_stale(work, comparison, err) != 0)
		return -1;
	for (size_t i = 0; i < work->baseline.count; i++) {
		struct baseline_entry *entry = &work->baseline.entries[i];
		if (entry->dropped)
			continue;
		bool twice = baseline_find(&work->baseline, entry->id) != entry;
		entry->dropped = twice || is_needless(comparison, entry);
		work->dropped += entry->dropped;
	}
	return 0;
}

/* ---- the command ---- */

static int
save(struct work *work, struct err *err)
{
	CLEANUP(buf_release) struct buf text = {0};
	CLEANUP(file_out_release) struct file_out out = {0};

	baseline_format(&text, &work->baseline, FINGERPRINT_VERSION);
	if (file_out_open(&out, work->path, err) != 0)
		return -1;
	fwrite(text.p, 1, text.n, out.fp);
	return file_out_commit(&out, err);
}

static int
change_and_save(const struct comparison *comparison, void *ctx, struct err *err)
{
	struct work *work = ctx;
	size_t left = 0;

	progress_clear();
	if (work->change(work, comparison, err) != 0)
		return -1;
	if (work->added + work->dropped && save(work, err) != 0)
		return -1;
	for (size_t i = 0; i < work->baseline.count; i++)
		left += !work->baseline.entries[i].dropped;
	CLEANUP(buf_release) struct buf text = {0};
	buf_printf(&text, "%s: %zu added, %zu taken out, %zu in all", work->name, work->added,
		work->dropped, left);
	terminal_lines(stdout, buf_str(&text));
	return 0;
}

static int
read_file(struct work *work, struct err *err)
{
	CLEANUP(buf_release) struct buf text = {0};
	struct analysis *analysis = &work->analysis;
	const char *root = repo_root(analysis->repo), *path;

	if (exceptions_path(&path, analysis, err) != 0)
		return -1;
	work->name = path;
	if (!root && path[0] != '/')
		return err_set(err, ERR_FAILED,
			"the repository is bare: there is no working tree to write '%s' to", path);
	work->path = path[0] == '/' ? path : arena_printf(&analysis->arena, "%s/%s", root, path);
	if (!path_exists(work->path))
		return 0;
	if (file_read(&text, work->path, err) != 0)
		return -1;
	return baseline_read(&work->baseline, buf_str(&text), path, FINGERPRINT_VERSION, err);
}

static const struct verb {
	const char *name;
	int (*change)(struct work *work, const struct comparison *comparison, struct err *err);
	bool adds;
} verbs[] = {
	{"write", add_new, true},
	{"update", drop_needless, false},
	{"prune", drop_stale, false},
};

static const struct verb *
find_verb(const struct options *options)
{
	for (size_t i = 0; options->argument_count && i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(options->arguments[0], verbs[i].name) == 0)
			return &verbs[i];
	return NULL;
}

/* What has expired would except nothing. */
static int
check_future(const char *day, struct err *err)
{
	char today[11];

	baseline_day(today, (int64_t)time(NULL));
	if (strcmp(day, today) >= 0)
		return 0;
	return err_set(err, ERR_USAGE,
		"--expires %s is over: such an entry would accept nothing; name a day from %s on",
		day, today);
}

static int
check_options(const struct options *options, const struct verb *verb, struct err *err)
{
	if (!verb)
		return err_set(
			err, ERR_USAGE, "say what to do with the baseline: write, update or prune");
	if (!verb->adds && (options->reason || options->expires))
		return err_set(err, ERR_USAGE, "--reason and --expires are for baseline write");
	if (options->reason && !options->reason[strspn(options->reason, " \t")])
		return err_set(err, ERR_USAGE, "--reason is empty: say why they are accepted");
	if (options->expires && !baseline_is_day(options->expires))
		return err_set(err, ERR_USAGE, "--expires is a day, such as 2027-01-31, not '%s'",
			options->expires);
	return options->expires ? check_future(options->expires, err) : 0;
}

static bool
is_fingerprint(const char *word)
{
	return strlen(word) == 10 && strspn(word, "0123456789abcdef") == 10;
}

static int
run_baseline(struct options *options, int *status, struct err *err)
{
	CLEANUP(work_release) struct work work = {0};
	const struct verb *verb = find_verb(options);
	struct comparing what = {.writes_baseline = true};

	if (check_options(options, verb, err) != 0)
		return -1;
	const char **words = options->arguments + 1;
	size_t count = options->argument_count - 1;
	work.change = verb->change;
	work.ids = words;
	while (verb->adds && work.id_count < count && is_fingerprint(words[work.id_count]))
		work.id_count++;
	/* What the two sides have in common is looked at as well. */
	options->no_shortcut = true;
	if (analysis_open(&work.analysis, options, words + work.id_count, count - work.id_count,
		    err) != 0 ||
		check_prepare(&what, &work.analysis, err) != 0 || read_file(&work, err) != 0)
		return -1;
	*status = 0;
	return comparing_with(&work.analysis, &what, change_and_save, &work, err);
}

const struct command baseline_command = {
	.name = "baseline",
	.arguments = "write [ID...] [PACKAGES]\nupdate [PACKAGES]\nprune [PACKAGES]",
	.summary = "Keep the file of accepted findings",
	.details = "write accepts the new findings that check reports, or those with the IDs "
		   "alone, for the reason of --reason. prune takes out what the head does not "
		   "have any more, update also what the base has as well, which needs no "
		   "exception. The file is .heapwarden-baseline at the repository's root, or "
		   "what baseline.file says.",
	.options = FOR_BASELINE,
	.run = run_baseline,
};

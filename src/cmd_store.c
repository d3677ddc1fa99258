/* heapwarden store: what is in the store, and its upkeep. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "report/terminal.h"
#include "src/analysis.h"
#include "src/base/file.h"
#include "src/store_upkeep.h"

/* Without an option of its own, prune takes out what was not used for so many days. */
#define UNUSED_DAYS 90
#define DAY_SECONDS ((int64_t)24 * 60 * 60)

struct upkeep {
	struct arena arena;
	const struct options *options;
	const char *path;    /* of the store */
	const char *file;    /* what export and import were given; NULL */
	struct repo *repo;   /* opened where it is needed */
	struct store *store; /* NULL: there is none yet */
	struct buf notice;
};

static void
upkeep_release(struct upkeep *upkeep)
{
	store_close(upkeep->store, &upkeep->notice);
	if (upkeep->notice.n)
		analysis_note(upkeep->options, 0, "%s", upkeep->notice.p);
	buf_release(&upkeep->notice);
	repo_close(upkeep->repo);
	arena_release(&upkeep->arena);
}

/* "3.4 MiB" */
static void
add_bytes(struct buf *out, int64_t bytes)
{
	static const char *const units[] = {"KiB", "MiB", "GiB"};
	double number = (double)bytes / 1024;
	size_t i = 0;

	if (bytes < 1024) {
		buf_printf(out, "%" PRId64 " bytes", bytes);
		return;
	}
	for (; number >= 1024 && i < 2; i++)
		number /= 1024;
	buf_printf(out, "%.1f %s", number, units[i]);
}

static void
add_count(struct buf *out, int64_t count, const char *thing)
{
	buf_printf(out, "%" PRId64 " %s%s", count, thing, count == 1 ? "" : "s");
}

static void
add_time(struct buf *out, int64_t seconds)
{
	time_t at = (time_t)seconds;
	struct tm fields;
	char text[64] = "?";

	if (gmtime_r(&at, &fields))
		strftime(text, sizeof text, "%Y-%m-%d %H:%M", &fields);
	buf_add(out, str_of(text));
}

static void
print(const struct buf *text)
{
	struct str rest = buf_str(text);

	for (struct str line; str_next(&line, &rest, '\n');) {
		terminal_text(stdout, line);
		putchar('\n');
	}
}

/* --- what there is to do */

static void
describe_snapshot(const struct stored_snapshot *snapshot, void *ctx)
{
	struct buf *out = ctx;

	buf_printf(out, "%.10s  %-10s  %-13s  ", snapshot->key, snapshot->go, snapshot->target);
	add_time(out, snapshot->made);
	buf_add(out, STR("  "));
	add_time(out, snapshot->used);
	buf_printf(out, "  %5" PRId64 "\n", snapshot->units);
}

static int
run_info(struct upkeep *upkeep, int *status, struct err *err)
{
	CLEANUP(buf_release) struct buf text = {0};
	struct store_summary summary;

	(void)status;
	if (store_summarise(&summary, upkeep->store, err) != 0)
		return -1;
	buf_printf(&text, "store: %s\nsize: ", upkeep->path);
	add_bytes(&text, summary.file_bytes);
	buf_add(&text, STR("\nholds: "));
	add_count(&text, summary.snapshots, "snapshot");
	buf_add(&text, STR(", "));
	add_count(&text, summary.units, "unit");
	buf_add(&text, STR(" of "));
	add_bytes(&text, summary.text_bytes);
	buf_add(&text, STR(", compressed to "));
	add_bytes(&text, summary.packed_bytes);
	buf_add(&text, STR("\n"));
	if (summary.snapshots)
		buf_printf(&text, "\n%-10s  %-10s  %-13s  %-16s  %-16s  units\n", "snapshot", "go",
			"target", "made (UTC)", "used (UTC)");
	if (store_list(upkeep->store, describe_snapshot, &text, err) != 0)
		return -1;
	print(&text);
	return 0;
}

static int
open_repo(struct upkeep *upkeep, struct err *err)
{
	return upkeep->repo ? 0 : repo_open(&upkeep->repo, upkeep->options->directory, err);
}

static int
run_prune(struct upkeep *upkeep, int *status, struct err *err)
{
	CLEANUP(intern_release) struct intern reachable = {.arena = &upkeep->arena};
	CLEANUP(buf_release) struct buf text = {0};
	const struct options *options = upkeep->options;
	struct prune what = {.max_bytes = options->max_bytes};
	int64_t days = options->older_than;
	struct pruned pruned;

	(void)status;
	if (days < 0 && options->max_bytes < 0 && !options->unreachable)
		days = UNUSED_DAYS;
	if (days >= 0)
		what.unused_since = time(NULL) - days * DAY_SECONDS;
	if (options->unreachable) {
		if (open_repo(upkeep, err) != 0 ||
			repo_reachable(&reachable, upkeep->repo, err) != 0)
			return -1;
		what.reachable = &reachable;
	}
	if (store_prune(&pruned, upkeep->store, &what, err) != 0)
		return -1;
	if (options->verbosity < 0 && pruned.snapshots + pruned.units == 0)
		return 0;
	add_count(&text, pruned.snapshots, "snapshot");
	buf_add(&text, STR(" and "));
	add_count(&text, pruned.units, "unit");
	buf_add(&text, STR(" removed, the store is smaller by "));
	add_bytes(&text, pruned.bytes > 0 ? pruned.bytes : 0);
	print(&text);
	return 0;
}

/* Gives the exit status. */
static int
tell_damage(const struct upkeep *upkeep)
{
	analysis_note(upkeep->options, -1,
		"the store '%s' is damaged: remove it, and what is needed is built anew",
		upkeep->path);
	return 1;
}

static int
run_verify(struct upkeep *upkeep, int *status, struct err *err)
{
	CLEANUP(buf_release) struct buf wrong = {0};
	CLEANUP(buf_release) struct buf text = {0};
	struct store_summary summary;

	if (store_verify(&wrong, upkeep->store, err) != 0)
		return -1;
	if (wrong.n) {
		print(&wrong);
		*status = tell_damage(upkeep);
		return 0;
	}
	if (upkeep->options->verbosity < 0)
		return 0;
	if (store_summarise(&summary, upkeep->store, err) != 0)
		return -1;
	add_count(&text, summary.snapshots, "snapshot");
	buf_add(&text, STR(" and "));
	add_count(&text, summary.units, "unit");
	buf_add(&text, STR(" are what was written"));
	print(&text);
	return 0;
}

/* SQLite writes a file of its own. */
static int
export_to(struct upkeep *upkeep, const char *place, struct err *err)
{
	CLEANUP(free_ptr) char *whole = path_join(place, "store.db");
	CLEANUP(buf_release) struct buf bytes = {0};
	CLEANUP(file_out_release) struct file_out out = {0};

	if (store_export(upkeep->store, whole, err) != 0 || file_read(&bytes, whole, err) != 0 ||
		file_out_open(&out, upkeep->file, err) != 0)
		return -1;
	fwrite(bytes.p, 1, bytes.n, out.fp);
	return file_out_commit(&out, err);
}

static int
run_export(struct upkeep *upkeep, int *status, struct err *err)
{
	CLEANUP(workspace_close) struct workspace workspace = {0};

	(void)status;
	if (!upkeep->file)
		upkeep->file = "-";
	if (strcmp(upkeep->file, "-") == 0 && isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE,
			"what is exported is no text for a terminal: name a file, or redirect "
			"standard output");
	if (workspace_open(&workspace, err) != 0)
		return -1;
	return export_to(upkeep, workspace.temporary, err);
}

static int
run_import(struct upkeep *upkeep, int *status, struct err *err)
{
	CLEANUP(buf_release) struct buf text = {0};
	struct imported imported;

	(void)status;
	if (!upkeep->file)
		return err_set(err, ERR_USAGE, "name the file to import");
	if (store_import(&imported, upkeep->store, upkeep->file, err) != 0)
		return -1;
	if (upkeep->options->verbosity < 0)
		return 0;
	add_count(&text, imported.snapshots, "snapshot");
	buf_add(&text, STR(" and "));
	add_count(&text, imported.units, "unit");
	buf_add(&text, STR(" taken in"));
	print(&text);
	return 0;
}

static const struct action {
	const char *name;
	bool takes_file;
	bool makes; /* the store, where there is none */
	bool needs; /* a store: without one it fails */
	int (*run)(struct upkeep *upkeep, int *status, struct err *err);
} actions[] = {
	{"info", false, false, false, run_info},
	{"prune", false, false, false, run_prune},
	{"verify", false, false, false, run_verify},
	{"export", true, false, true, run_export},
	{"import", true, true, false, run_import},
};

static const struct action *
find_action(const char *name)
{
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	return NULL;
}

static int
choose_action(const struct action **out, const struct options *options, struct err *err)
{
	const char *const *words = options->arguments;
	size_t count = options->argument_count;
	const struct action *action = count ? find_action(words[0]) : NULL;
	bool prunes = options->unreachable || options->older_than >= 0 || options->max_bytes >= 0;

	if (!count)
		return err_set(err, ERR_USAGE,
			"say what to do with the store: info, prune, verify, export or import");
	if (!action)
		return err_set(err, ERR_USAGE,
			"'%s' is nothing to do with the store: info, prune, verify, export and "
			"import are",
			words[0]);
	if (count > (action->takes_file ? 2U : 1U))
		return err_set(err, ERR_USAGE, "store %s: '%s' is one word too many", action->name,
			words[count - 1]);
	if (prunes && action->run != run_prune)
		return err_set(err, ERR_USAGE,
			"--older-than, --max-size and --unreachable are for store prune");
	*out = action;
	return 0;
}

/* Where is it? */
static int
find_store(struct upkeep *upkeep, struct err *err)
{
	upkeep->path = analysis_store_path(upkeep->options, NULL, &upkeep->arena);
	if (upkeep->path)
		return 0;
	const char *named = getenv("HEAPWARDEN_STORE");
	if (upkeep->options->store || named)
		return err_set(err, ERR_USAGE,
			"an empty name means that there is no store: name one with --store");
	if (open_repo(upkeep, err) != 0)
		return -1;
	upkeep->path = analysis_store_path(upkeep->options, upkeep->repo, &upkeep->arena);
	return 0;
}

static int
open_for(struct upkeep *upkeep, const struct action *action, struct err *err)
{
	if (action->makes)
		return store_open(&upkeep->store, upkeep->path, "", &upkeep->notice, err);
	return store_open_as_is(&upkeep->store, upkeep->path, err);
}

/* It could not be opened. */
static int
without_store(
	const struct upkeep *upkeep, const struct action *action, int *status, struct err *err)
{
	if (err->code == ERR_DAMAGED && action->run == run_verify) {
		analysis_note(upkeep->options, -1, "%s", err->msg);
		*status = tell_damage(upkeep);
		return 0;
	}
	if (err->code != ERR_NOT_FOUND || action->needs)
		return -1;
	analysis_note(upkeep->options, 0, "%s yet: check, diff and scan make it", err->msg);
	return 0;
}

static int
run_store(struct options *options, int *status, struct err *err)
{
	CLEANUP(upkeep_release) struct upkeep upkeep = {.options = options};
	const struct action *action;

	if (choose_action(&action, options, err) != 0 || find_store(&upkeep, err) != 0)
		return -1;
	upkeep.file = options->argument_count > 1 ? options->arguments[1] : NULL;
	*status = 0;
	if (open_for(&upkeep, action, err) != 0)
		return without_store(&upkeep, action, status, err);
	return action->run(&upkeep, status, err);
}

const struct command store_command = {
	.name = "store",
	.arguments = "info|prune|verify|export [FILE]|import FILE",
	.summary = "Look after what was built and kept",
	.details =
		"info tells what the store holds; prune takes out what was not used for 90 days, "
		"or what its options say; verify looks at every byte, and the exit status is 1 "
		"when something is damaged; export writes all of it to FILE or standard output, "
		"and import takes in what such a file has and the store has not. Removing the "
		"store loses time only.",
	.options = FOR_STORE,
	.run = run_store,
};

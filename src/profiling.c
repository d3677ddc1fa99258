#include "src/profiling.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/file.h"
#include "src/functions.h"
#include "src/gocommand.h"

/* ---- the file ---- */

/* Of the command line and the environment: any file, from where the user is. pprof takes what is no
 * file for an address, and fetches it: it is given an absolute path of a file that is there. */
static int
find_here(char **out, const struct analysis *analysis, const char *named, struct err *err)
{
	CLEANUP(free_ptr) char *joined = path_join(analysis->options->directory, named);

	*out = realpath(joined, NULL);
	return *out ? 0 : err_errno(err, "cannot open '%s'", named);
}

static int
write_file(const char *path, struct str content, struct err *err)
{
	CLEANUP(file_out_release) struct file_out out = {0};

	if (file_out_open(&out, path, err) != 0)
		return -1;
	fwrite(content.p, 1, content.n, out.fp);
	return file_out_commit(&out, err);
}

/* Of .heapwarden: a file of the repository, copied to where pprof can read it. */
static int
copy_out(char **out, struct analysis *analysis, const struct config_value *named,
	const struct revision *const sides[2], struct err *err)
{
	CLEANUP(buf_release) struct buf content = {0};
	CLEANUP(free_ptr) char *path = NULL;

	/* Whoever changes the repository shall not choose among the files of the machine. */
	if (path_leaves(named->text))
		return err_set(
			err, ERR_USAGE, "it is not in the repository: name a file below its root");
	if (repo_read(&content, analysis->repo, sides[0], named->text, err) != 0 &&
		(err->code != ERR_NOT_FOUND ||
			repo_read(&content, analysis->repo, sides[1], named->text, err) != 0))
		return -1;
	path = path_join(analysis->workspace.temporary, "profile");
	if (write_file(path, buf_str(&content), err) != 0)
		return -1;
	*out = path;
	path = NULL;
	return 0;
}

/* ---- the text ---- */

/* pprof is run where no go.mod says which Go it is of. */
static int
print_profile(struct buf *out, struct analysis *analysis, const char *path, struct err *err)
{
	CLEANUP(gocommand_release) struct gocommand command = {0};
	struct gobuild build = analysis_build(analysis, analysis->workspace.temporary);

	build.directory = build.tree;
	gocommand_add(&command, "tool");
	gocommand_add(&command, "pprof");
	gocommand_add(&command, "-raw");
	gocommand_add(&command, "-symbolize=none");
	gocommand_add(&command, path);
	return gocommand_output(out, &command, &build, err);
}

static int
read_named(struct profiling *out, struct analysis *analysis, const struct config_value *named,
	const struct revision *const sides[2], struct err *err)
{
	bool is_here = named->source > CONFIG_FILE_LINE;
	CLEANUP(buf_release) struct buf text = {0};
	CLEANUP(free_ptr) char *path = NULL;

	if ((is_here ? find_here(&path, analysis, named->text, err)
		     : copy_out(&path, analysis, named, sides, err)) != 0 ||
		print_profile(&text, analysis, path, err) != 0)
		return -1;
	return profile_read(&out->profile, buf_str(&text), err);
}

int
profiling_read(struct profiling *out, struct analysis *analysis, const struct config *config,
	const struct revision *base, const struct revision *head, struct err *err)
{
	struct config_value named = config_get(config, SETTING_PROFILE, NULL);
	const struct revision *const sides[2] = {base, head};

	*out = (struct profiling){0};
	if (!named.text[0])
		return 0;
	analysis_phase(analysis->options, "reading the profile %s", named.text);
	if (read_named(out, analysis, &named, sides, err) != 0)
		return err_wrap(err, "%s: the profile '%s'", named.origin, named.text);
	out->name = named.text;
	out->origin = named.origin;
	analysis_note(analysis->options, 1, "the profile has %zu functions; shares are of %s",
		out->profile.functions.count, out->profile.measure);
	return 0;
}

/* ---- what it says ---- */

static bool
is_program(const struct package *package)
{
	return package && package->name && strcmp(package->name, "main") == 0;
}

/* The name that the profile has for the package: the linker calls that of a program "main", but in
 * the program of its tests. */
static const char *
name_in_profile(const struct profile *profile, const struct snapshot *snapshot, const char *package)
{
	if (profile_knows(profile, package) || !is_program(snapshot_package(snapshot, package)))
		return package;
	return "main";
}

static bool
knows_any(const struct profile *profile, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->package_count; i++) {
		const char *package = snapshot->packages[i].import_path;
		if (profile_knows(profile, name_in_profile(profile, snapshot, package)))
			return true;
	}
	return false;
}

int
profiling_check(
	const struct profiling *profiling, const struct comparison *comparison, struct err *err)
{
	if (!profiling->name || knows_any(&profiling->profile, comparison->head_snapshot) ||
		knows_any(&profiling->profile, comparison->base_snapshot))
		return 0;
	return err_set(err, ERR_USAGE,
		"%s: the profile '%s' has no function of the packages that are compared, so that "
		"nothing would count: name a profile of this program, or of its benchmarks",
		profiling->origin, profiling->name);
}

static struct profile_share
share_of(const struct profile *profile, const struct comparison *comparison,
	const struct functions *base, const struct escape *escape)
{
	const char *package = name_in_profile(profile, comparison->head_snapshot, escape->package);
	int share = profile_share(profile, package, escape->function);
	bool is_old = functions_find(base, escape->package, escape->function, NULL) ||
		      (!escape->function[0] &&
			      snapshot_package(comparison->base_snapshot, escape->package));

	if (share < 0 && !is_old)
		return (struct profile_share){0};
	return (struct profile_share){true, share < 0 ? 0 : share};
}

void
profiling_apply(const struct profiling *profiling, struct comparison *comparison)
{
	CLEANUP(functions_release) struct functions base = {0};

	comparison->profile = arena_strdup(&comparison->arena, profiling->name);
	if (profiling->name)
		functions_init(&base, comparison->base_snapshot);
	for (size_t i = 0; i < comparison->finding_count; i++) {
		struct finding *finding = &comparison->findings[i];
		finding->share = (struct profile_share){0};
		if (profiling->name && finding->state == FINDING_NEW)
			finding->share =
				share_of(&profiling->profile, comparison, &base, finding->escape);
	}
}

void
profiling_release(struct profiling *profiling)
{
	profile_release(&profiling->profile);
	*profiling = (struct profiling){0};
}

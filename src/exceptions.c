#include "src/exceptions.h"

#include <string.h>
#include <time.h>

#include "src/base/file.h"
#include "src/fingerprint.h"

/* Of the command line and the environment: any path, from where the user is. */
static const char *
path_from_here(struct analysis *analysis, const char *named)
{
	const char *root = repo_root(analysis->repo);
	size_t n = root ? strlen(root) : 0;

	if (named[0] == '/')
		return root && strncmp(named, root, n) == 0 && named[n] == '/' ? named + n + 1
									       : named;
	while (strncmp(named, "./", 2) == 0)
		named += 2;
	CLEANUP(free_ptr) char *joined = path_join(repo_prefix(analysis->repo), named);
	const char *path = joined[0] == '/' ? joined + 1 : joined;
	if (strstr(path, "../"))
		return arena_printf(&analysis->arena, "%s/%s", root ? root : ".", path);
	return arena_strdup(&analysis->arena, path);
}

int
exceptions_path(const char **out, struct analysis *analysis, struct err *err)
{
	struct config_value value = config_get(&analysis->config, SETTING_BASELINE, NULL);
	bool is_here = value.source == CONFIG_ENVIRONMENT || value.source == CONFIG_FLAG;

	*out = NULL;
	if (!value.text[0])
		return err_set(err, ERR_USAGE, "%s: %s is empty: name the file", value.origin,
			setting(value.id)->name);
	/* Whoever changes the repository shall not choose among the files of the machine. */
	if (!is_here && path_leaves(value.text))
		return err_set(err, ERR_USAGE,
			"%s: %s is '%s', which is not in the repository: name a file below its "
			"root",
			value.origin, setting(value.id)->name, value.text);
	*out = is_here ? path_from_here(analysis, value.text) : value.text;
	return 0;
}

/* A file that a person has named is there. */
static bool
must_be_there(const struct analysis *analysis)
{
	return config_get(&analysis->config, SETTING_BASELINE, NULL).source > CONFIG_FILE_LINE;
}

/* One that the repository's settings name, and nobody has written. */
static void
tell_missing(const struct analysis *analysis, const char *path)
{
	struct config_value said = config_get(&analysis->config, SETTING_BASELINE, NULL);

	if (said.source == CONFIG_FILE_LINE)
		analysis_note(analysis->options, 0,
			"there is no baseline '%s', which %s names: nothing is accepted by it; put "
			"the "
			"name right, or make the file with heapwarden baseline write",
			path, said.origin);
}

int
exceptions_read(struct baseline *out, struct analysis *analysis, const struct revision *revision,
	bool may_lack, struct err *err)
{
	CLEANUP(buf_release) struct buf text = {0};
	struct err why = {0};
	const char *path;

	*out = (struct baseline){0};
	if (exceptions_path(&path, analysis, err) != 0)
		return -1;
	int result = path[0] == '/' ? file_read(&text, path, &why)
				    : repo_read(&text, analysis->repo, revision, path, &why);
	if (result != 0 && why.code == ERR_NOT_FOUND && (may_lack || !must_be_there(analysis))) {
		if (!may_lack)
			tell_missing(analysis, path);
		return 0;
	}
	if (result != 0) {
		*err = why;
		return err_wrap(err, "the baseline '%s'", path);
	}
	return baseline_read(out, buf_str(&text), path, FINGERPRINT_VERSION, err);
}

void
exceptions_day(char out[11], const struct revision *revision)
{
	bool committed = !revision->worktree && !revision->index && revision->commit;

	baseline_day(out, committed ? revision->time : (int64_t)time(NULL));
}

#include "src/settings.h"

#include <string.h>
#include <sys/stat.h>

#include "src/base/file.h"
#include "src/repo_config.h"

/* A file that is being read into a config. */
struct reading {
	struct config *config;
	const char *name;
};

static const char *
origin_of(const struct reading *reading, int line)
{
	struct arena *arena = &reading->config->arena;

	return line ? arena_printf(arena, "%s:%d", reading->name, line)
		    : arena_strdup(arena, reading->name);
}

static int
take_entry(const char *name, const char *value, int line, void *ctx, struct err *err)
{
	const struct reading *reading = ctx;

	return config_add_entry(reading->config, name, value, origin_of(reading, line), err);
}

static int
take_section(const char *section, const char *subsection, int line, void *ctx, struct err *err)
{
	const struct reading *reading = ctx;

	return config_add_section(
		reading->config, section, subsection, origin_of(reading, line), err);
}

/* A link could lead to any file of the machine, which the messages would show. */
static int
refuse_link(const struct analysis *analysis, const struct revision *revision, struct err *err)
{
	CLEANUP(free_ptr) char *path = NULL;
	struct stat status;

	if (!revision->worktree)
		return 0;
	path = path_join(repo_root(analysis->repo), CONFIG_FILE);
	if (lstat(path, &status) != 0 || S_ISREG(status.st_mode))
		return 0;
	return err_set(err, ERR_USAGE, "'%s' is no regular file", path);
}

/* The text of the file; false in *found where the revision has none. */
static int
read_file(struct buf *text, bool *found, const struct analysis *analysis,
	const struct revision *revision, struct err *err)
{
	struct err missing;

	*found = false;
	if (refuse_link(analysis, revision, err) != 0)
		return -1;
	if (repo_read(text, analysis->repo, revision, CONFIG_FILE, &missing) != 0) {
		if (missing.code == ERR_NOT_FOUND)
			return 0;
		*err = missing;
		return -1;
	}
	*found = true;
	return 0;
}

static int
take_text(struct config *config, const struct analysis *analysis, struct str text, const char *name,
	struct err *err)
{
	struct reading reading = {config, name};
	const struct config_reader reader = {take_entry, take_section, &reading};

	return repo_config_read(&reader, text, name, analysis->workspace.temporary, err);
}

static void
take_flags(struct config *config, const struct options *options)
{
	for (size_t i = 0; i < options->setting_count; i++)
		config_add_flag(config, options->settings[i].id, options->settings[i].text);
}

void
settings_take_flags(struct analysis *analysis)
{
	take_flags(&analysis->config, analysis->options);
}

static int
take_others(struct config *config, const struct options *options, struct err *err)
{
	if (config_add_environment(config, err) != 0)
		return -1;
	take_flags(config, options);
	return 0;
}

int
settings_read(struct analysis *analysis, const struct revision *head, struct err *err)
{
	const struct options *options = analysis->options;
	CLEANUP(buf_release) struct buf text = {0};
	const char *name = CONFIG_FILE;
	bool found = true;

	if (options->config) {
		name = options->config;
		if (file_read(&text, name, err) != 0)
			return -1;
	} else if (read_file(&text, &found, analysis, head, err) != 0) {
		return err_wrap(err, "%s", head->name);
	}
	if (found && take_text(&analysis->config, analysis, buf_str(&text), name, err) != 0)
		return head->worktree || options->config ? -1 : err_wrap(err, "%s", head->name);
	analysis->config_text = arena_str(&analysis->arena, buf_str(&text));
	analysis->has_config = found;
	return take_others(&analysis->config, options, err);
}

int
settings_read_base(struct analysis *analysis, const struct revision *base, struct err *err)
{
	CLEANUP(buf_release) struct buf text = {0};
	bool found;

	/* A file that was named is not of the repository: no change of the repository changes it.
	 */
	if (analysis->options->config)
		return 0;
	if (read_file(&text, &found, analysis, base, err) != 0)
		return err_wrap(err, "base %s", base->name);
	analysis->base_has_config = found;
	analysis->config_differs =
		found != analysis->has_config ||
		(found && !str_eq(buf_str(&text), str_of(analysis->config_text)));
	/* The change that puts it right has it in its base as well. */
	if (found &&
		take_text(&analysis->base_config, analysis, buf_str(&text), CONFIG_FILE, err) != 0)
		return err_wrap(
			err, "base %s, whose file --config " CONFIG_FILE " leaves out", base->name);
	return take_others(&analysis->base_config, analysis->options, err);
}

#include <git2.h>
#include <string.h>

#include "src/base/file.h"
#include "src/repo_internal.h"

static void
free_blob(git_blob **blob)
{
	git_blob_free(*blob);
}

bool
repo_filters_in(struct str attributes)
{
	static const char *const words[] = {"filter", "ident", "encoding"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (memmem(attributes.p, attributes.n, words[i], strlen(words[i])))
			return true;
	return false;
}

/* One that is there and cannot be read may say anything. */
static bool
filters_in_file(const char *directory, const char *name)
{
	CLEANUP(free_ptr) char *path = path_join(directory, name);
	CLEANUP(buf_release) struct buf text = {0};
	struct err err;

	if (file_read(&text, path, &err) != 0)
		return err.code != ERR_NOT_FOUND;
	return repo_filters_in(buf_str(&text));
}

/* Where git looks for its configuration: directories with colons between. */
static bool
filters_in_places(git_config_level_t level, const char *name)
{
	git_buf places = {0};
	bool found = false;

	if (git_libgit2_opts(GIT_OPT_GET_SEARCH_PATH, level, &places) != 0)
		return true;
	struct str rest = {places.ptr, places.size}, place;
	while (!found && str_next(&place, &rest, ':')) {
		CLEANUP(buf_release) struct buf directory = {0};
		buf_add(&directory, place);
		found = place.n && filters_in_file(directory.p, name);
	}
	git_buf_dispose(&places);
	return found;
}

/* The file that core.attributesFile names. */
static bool
filters_in_configured(const struct repo *repo)
{
	git_config *config = NULL;
	git_buf path = {0};
	bool found = true;

	if (git_repository_config_snapshot(&config, repo->git) == 0) {
		int rc = git_config_get_path(&path, config, "core.attributesfile");
		found = rc == 0 ? filters_in_file("/", path.ptr) : rc != GIT_ENOTFOUND;
	}
	git_buf_dispose(&path);
	git_config_free(config);
	return found;
}

static bool
is_attributes(struct str path)
{
	static const struct str name = {".gitattributes", 14};

	return str_ends(path, name) && (path.n == name.n || path.p[path.n - name.n - 1] == '/');
}

/* One that was taken away from the working tree: git goes by the index then. */
static bool
filters_from_index_alone(const struct repo *repo, const git_index *index)
{
	for (size_t i = 0; i < git_index_entrycount(index); i++) {
		const git_index_entry *entry =
			git_index_get_byindex((git_index *)(uintptr_t)index, i);
		if (!is_attributes(str_of(entry->path)))
			continue;
		CLEANUP(free_ptr) char *path = path_join(repo_root(repo), entry->path);
		CLEANUP(free_blob) git_blob *blob = NULL;
		if (path_exists(path))
			continue;
		if (git_blob_lookup(&blob, repo->git, &entry->id) != 0 ||
			repo_filters_in((struct str){
				git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob)}))
			return true;
	}
	return false;
}

enum repo_filters
repo_filters(const struct repo *repo, const struct git_index *index)
{
	if (filters_from_index_alone(repo, index))
		return REPO_FILTERS_UNKNOWN;
	if (filters_in_file(repo_common_directory(repo), "info/attributes") ||
		filters_in_places(GIT_CONFIG_LEVEL_SYSTEM, "gitattributes") ||
		filters_in_places(GIT_CONFIG_LEVEL_XDG, "attributes") ||
		filters_in_configured(repo))
		return REPO_FILTERS_SOME;
	return REPO_FILTERS_NONE;
}

#include "src/repo.h"

#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/base/interrupt.h"
#include "src/repo_internal.h"

/* Above this a file is taken for binary: no source is so large, and line by line it would take
 * minutes. */
#define MAX_FILE_SIZE ((git_off_t)32 * 1024 * 1024)

/* git's own bound for inexact renames: this many files gone times this many come. */
#define MAX_RENAME_PAIRS ((size_t)1000 * 1000)

/* How far git looks for a NUL to tell text from binary. */
#define BINARY_PROBE ((size_t)8000)

static void
free_tree(git_tree **tree)
{
	git_tree_free(*tree);
}

static void
free_index(git_index **index)
{
	git_index_free(*index);
}

static void
free_diff(git_diff **diff)
{
	git_diff_free(*diff);
}

static void
free_patch(git_patch **patch)
{
	git_patch_free(*patch);
}

static void
free_blob(git_blob **blob)
{
	git_blob_free(*blob);
}

static void
free_odb(git_odb **odb)
{
	git_odb_free(*odb);
}

/* A line map being made. */
struct mapping {
	struct line_map *map;
	struct repo *repo;
	git_odb *odb;
	const struct revision *head;
};

static struct file_change *
add_file(struct line_map *map, const char *base_path, const char *head_path)
{
	map->files = array_grow(
		map->files, &map->file_capacity, map->file_count + 1, sizeof *map->files);
	map->files[map->file_count] = (struct file_change){
		.base_path = arena_strdup(&map->arena, base_path),
		.head_path = arena_strdup(&map->arena, head_path),
	};
	return &map->files[map->file_count++];
}

static bool
is_file(const git_diff_file *side)
{
	return side->mode != GIT_FILEMODE_COMMIT && side->mode != GIT_FILEMODE_TREE;
}

static bool
is_missing(const struct mapping *mapping, const git_diff_file *side)
{
	return side->mode != 0 && !git_oid_is_zero(&side->id) &&
	       !git_odb_exists(mapping->odb, &side->id);
}

/*
 * Called with each difference found; a positive result leaves it out. Submodules are left out, and
 * so are files whose content is missing (partial clone), which would make the comparison fail: no
 * line of them is known to correspond.
 */
static int
filter_delta(const git_diff *diff, const git_diff_delta *delta, const char *pathspec, void *ctx)
{
	const struct mapping *mapping = ctx;

	(void)diff, (void)pathspec;
	if (!is_file(&delta->old_file) || !is_file(&delta->new_file))
		return 1;
	bool in_worktree = mapping->head->worktree;
	if (!is_missing(mapping, &delta->old_file) &&
		(in_worktree || !is_missing(mapping, &delta->new_file)))
		return 0;
	add_file(mapping->map, delta->old_file.mode ? delta->old_file.path : NULL,
		delta->new_file.mode ? delta->new_file.path : NULL)
		->binary = true;
	return 1;
}

static int
on_progress(const git_diff *diff, const char *old_path, const char *new_path, void *ctx)
{
	(void)diff, (void)old_path, (void)new_path, (void)ctx;
	return interrupt_signal() ? GIT_EUSER : 0;
}

static bool
same_content(const git_index_entry *a, const git_index_entry *b)
{
	return a->mode == b->mode && git_oid_equal(&a->id, &b->id);
}

/*
 * Files that git's index knows to be unchanged need not be read (1.2 s become 0.1 s in a tree of
 * 190 MB). `index` holds the base's files; those of the same content in the real index get the size
 * and times noted there. Entries as young as the index itself may have been changed after it was
 * written without a trace, and those that git was told to take for unchanged prove nothing.
 */
static void
adopt_file_times(git_index *index, git_repository *git)
{
	CLEANUP(free_index) git_index *real = NULL;
	CLEANUP(buf_release) struct buf path = {0};
	struct stat status;

	buf_printf(&path, "%sindex", git_repository_path(git));
	if (stat(path.p, &status) != 0 || git_index_open(&real, path.p) != 0)
		return;
	for (size_t i = 0; i < git_index_entrycount(real); i++) {
		const git_index_entry *entry = git_index_get_byindex(real, i);
		const git_index_entry *base = git_index_get_bypath(index, entry->path, 0);
		bool proves = git_index_entry_stage(entry) == 0 &&
			      !(entry->flags & GIT_INDEX_ENTRY_VALID) &&
			      !(entry->flags_extended & GIT_INDEX_ENTRY_EXTENDED_FLAGS) &&
			      entry->mtime.seconds < status.st_mtim.tv_sec;
		if (proves && base && same_content(base, entry))
			git_index_add(index, entry);
	}
}

/*
 * Not git_diff_tree_to_workdir_with_index(): what counts is what go finds in the directory,
 * whatever was staged, unstaged or is in conflict.
 */
static int
diff_worktree(git_diff **out, git_repository *git, git_tree *base, const git_diff_options *options)
{
	CLEANUP(free_index) git_index *index = NULL;
	int rc = git_index_new(&index);

	if (rc == 0)
		rc = git_index_read_tree(index, base);
	if (rc != 0)
		return rc;
	adopt_file_times(index, git);
	return git_diff_index_to_workdir(out, git, index, options);
}

static int
make_diff(git_diff **out, struct mapping *mapping, const struct revision *base, struct err *err)
{
	CLEANUP(free_tree) git_tree *old_tree = NULL;
	CLEANUP(free_tree) git_tree *new_tree = NULL;
	const struct revision *head = mapping->head;
	git_repository *git = mapping->repo->git;
	git_diff_options options;

	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.flags = GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS |
			GIT_DIFF_IGNORE_SUBMODULES;
	options.context_lines = 0;
	options.max_size = MAX_FILE_SIZE;
	options.notify_cb = filter_delta;
	options.progress_cb = on_progress;
	options.payload = mapping;
	if (repo_tree(&old_tree, mapping->repo, base, err) != 0 ||
		(!head->worktree && repo_tree(&new_tree, mapping->repo, head, err) != 0))
		return -1;
	int rc = head->worktree ? diff_worktree(out, git, old_tree, &options)
				: git_diff_tree_to_tree(out, git, old_tree, new_tree, &options);
	if (rc != 0 && interrupt_signal())
		return err_set(err, ERR_INTERRUPTED, "interrupted");
	return rc == 0 ? 0
		       : repo_fail(err, "cannot compare '%s' with '%s'", base->name, head->name);
}

static int
find_renames(git_diff *diff, struct err *err)
{
	git_diff_find_options options;
	size_t gone = git_diff_num_deltas_of_type(diff, GIT_DELTA_DELETED);
	size_t come = git_diff_num_deltas_of_type(diff, GIT_DELTA_ADDED) +
		      git_diff_num_deltas_of_type(diff, GIT_DELTA_UNTRACKED);

	git_diff_find_options_init(&options, GIT_DIFF_FIND_OPTIONS_VERSION);
	/* A file that was rewritten may be the old one moved away and another put in its place. */
	options.flags = GIT_DIFF_FIND_RENAMES | GIT_DIFF_FIND_FOR_UNTRACKED |
			GIT_DIFF_FIND_AND_BREAK_REWRITES | GIT_DIFF_BREAK_REWRITES_FOR_RENAMES_ONLY;
	if (come > 0 && gone > MAX_RENAME_PAIRS / come)
		options.flags |= GIT_DIFF_FIND_EXACT_MATCH_ONLY;
	options.rename_threshold = 50;
	options.rename_limit = MAX_RENAME_PAIRS;
	return git_diff_find_similar(diff, &options) == 0 ? 0
							  : repo_fail(err, "cannot find renames");
}

/* Where one side has no line, git's hunk names the line before. */
static struct line_change
change_of(const git_diff_hunk *hunk)
{
	return (struct line_change){
		.base_line = hunk->old_start + (hunk->old_lines == 0),
		.base_count = hunk->old_lines,
		.head_line = hunk->new_start + (hunk->new_lines == 0),
		.head_count = hunk->new_lines,
	};
}

static void
read_hunks(struct file_change *file, git_patch *patch, struct arena *arena)
{
	size_t count = git_patch_num_hunks(patch);

	if (count == 0)
		return;
	struct line_change *changes = arena_alloc(arena, count * sizeof *changes);
	for (size_t i = 0; i < count; i++) {
		const git_diff_hunk *hunk = NULL;
		size_t lines;
		if (git_patch_get_hunk(&hunk, &lines, patch, i) == 0)
			changes[file->change_count++] = change_of(hunk);
	}
	file->changes = changes;
}

/* Go sources that an attribute declares binary ("*.pb.go -diff") have lines all the same. */
static int
read_as_text(struct file_change *file, const struct mapping *mapping, const git_oid *base_id,
	struct err *err)
{
	CLEANUP(buf_release) struct buf content = {0};
	CLEANUP(free_blob) git_blob *blob = NULL;
	CLEANUP(free_patch) git_patch *patch = NULL;
	git_diff_options options;

	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.flags = GIT_DIFF_FORCE_TEXT;
	options.context_lines = 0;
	if (repo_read(&content, mapping->repo, mapping->head, file->head_path, err) != 0)
		return -1;
	if (git_blob_lookup(&blob, mapping->repo->git, base_id) != 0)
		return repo_fail(err, "cannot read '%s'", file->base_path);
	size_t probe = content.n < BINARY_PROBE ? content.n : BINARY_PROBE;
	if (git_blob_is_binary(blob) || memchr(buf_str(&content).p, '\0', probe))
		return 0;
	if (git_patch_from_blob_and_buffer(&patch, blob, file->base_path, buf_str(&content).p,
		    content.n, file->head_path, &options) != 0)
		return repo_fail(err, "cannot compare '%s'", file->head_path);
	file->binary = false;
	read_hunks(file, patch, &mapping->map->arena);
	return 0;
}

/* A file that is on both sides. */
static int
add_pair(const struct mapping *mapping, git_diff *diff, size_t i, struct err *err)
{
	CLEANUP(free_patch) git_patch *patch = NULL;
	const git_diff_delta *delta = git_diff_get_delta(diff, i);

	if (git_patch_from_diff(&patch, diff, i) != 0)
		return repo_fail(err, "cannot compare '%s'", delta->new_file.path);
	bool binary = (delta->flags & GIT_DIFF_FLAG_BINARY) != 0;
	bool same = !binary && (!patch || git_patch_num_hunks(patch) == 0);
	if (same && delta->status == GIT_DELTA_MODIFIED)
		return 0; /* nothing but the mode */
	struct file_change *file =
		add_file(mapping->map, delta->old_file.path, delta->new_file.path);
	file->binary = binary;
	if (file->binary && str_ends(str_of(file->head_path), STR(".go")))
		return read_as_text(file, mapping, &delta->old_file.id, err);
	if (!same && !binary)
		read_hunks(file, patch, &mapping->map->arena);
	return 0;
}

static int
add_delta(const struct mapping *mapping, git_diff *diff, size_t i, struct err *err)
{
	const git_diff_delta *delta = git_diff_get_delta(diff, i);

	if (interrupt_signal())
		return err_set(err, ERR_INTERRUPTED, "interrupted");
	if (delta->status == GIT_DELTA_ADDED || delta->status == GIT_DELTA_UNTRACKED)
		add_file(mapping->map, NULL, delta->new_file.path);
	else if (delta->status == GIT_DELTA_DELETED)
		add_file(mapping->map, delta->old_file.path, NULL);
	else if (delta->status == GIT_DELTA_MODIFIED || delta->status == GIT_DELTA_RENAMED)
		return add_pair(mapping, diff, i, err);
	return 0;
}

int
repo_line_map(struct line_map *out, struct repo *repo, const struct revision *base,
	const struct revision *head, struct err *err)
{
	CLEANUP(line_map_release) struct line_map map = {0};
	CLEANUP(free_odb) git_odb *odb = NULL;
	CLEANUP(free_diff) git_diff *diff = NULL;

	if (git_repository_odb(&odb, repo->git) != 0)
		return repo_fail(err, "cannot open the object database");
	struct mapping mapping = {.map = &map, .repo = repo, .odb = odb, .head = head};
	if (make_diff(&diff, &mapping, base, err) != 0 || find_renames(diff, err) != 0)
		return -1;
	for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
		if (add_delta(&mapping, diff, i, err) != 0)
			return -1;
	}
	line_map_finish(&map);
	*out = map;
	map = (struct line_map){0};
	return 0;
}

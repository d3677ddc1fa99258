#include "src/repo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <git2.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/file.h"
#include "src/base/interrupt.h"
#include "src/repo_internal.h"

/* What go and the tools that it runs read when they build packages without their tests (go help
 * packages, go/build's list of suffixes): by name, and by what the name ends in. */
static const char *const names[] = {"go.mod", "go.sum", "go.work", "go.work.sum", "modules.txt"};
static const char *const suffixes[] = {".go", ".pgo", ".c", ".cc", ".cpp", ".cxx", ".m", ".h",
	".hh", ".hpp", ".hxx", ".f", ".F", ".for", ".f90", ".s", ".S", ".sx", ".swig", ".swigcxx",
	".syso"};

static bool
is_relevant(const char *name)
{
	struct str text = str_of(name);

	if (str_ends(text, STR("_test.go")))
		return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
		if (str_ends(text, str_of(suffixes[i])))
			return true;
	return false;
}

/* The files found so far, a line each. */
struct found {
	struct repo *repo;
	git_index *index;
	struct buf lines, path;
	struct err *err;
};

static void
found_release(struct found *found)
{
	git_index_free(found->index);
	buf_release(&found->lines);
	buf_release(&found->path);
}

/* Whether it is a link matters, whether it is executable does not. */
static void
add_file(struct found *found, bool link, const git_oid *id, const char *directory, const char *name)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof hex, id);
	/* A NUL, which no name has, ends each. */
	buf_printf(&found->lines, "%c%s %s%s", link ? 'l' : 'f', hex, directory, name);
	buf_add_char(&found->lines, '\0');
}

static int
take_entry(const char *directory, const git_tree_entry *entry, void *ctx)
{
	const char *name = git_tree_entry_name(entry);

	if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB && is_relevant(name))
		add_file(ctx, git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK,
			git_tree_entry_id(entry), directory, name);
	return 0;
}

static int
find_in_tree(struct found *found, const struct revision *revision)
{
	git_tree *tree = NULL;

	if (repo_tree(&tree, found->repo, revision, found->err) != 0)
		return -1;
	int code = git_tree_walk(tree, GIT_TREEWALK_PRE, take_entry, found);
	git_tree_free(tree);
	return code == 0 ? 0
			 : repo_fail(found->err, "cannot read the tree of '%s'", revision->name);
}

/* Whether the index knows the file's content: it was not changed since, nor at the very time that
 * the index was written (git's "racily clean" files). */
static bool
is_as_in_index(const git_index_entry *entry, const struct stat *status, int64_t written)
{
	return entry && entry->mtime.seconds == (int32_t)status->st_mtim.tv_sec &&
	       (entry->mtime.nanoseconds == 0 ||
		       entry->mtime.nanoseconds == (uint32_t)status->st_mtim.tv_nsec) &&
	       entry->file_size == (uint32_t)status->st_size &&
	       entry->ino == (uint32_t)status->st_ino && entry->mtime.seconds < written;
}

static int
id_of_file(git_oid *out, struct found *found, const struct stat *status, const char *path,
	int64_t written)
{
	const git_index_entry *entry =
		found->index ? git_index_get_bypath(found->index, path, 0) : NULL;
	CLEANUP(free_ptr) char *full = path_join(repo_root(found->repo), path);

	if (S_ISREG(status->st_mode) && is_as_in_index(entry, status, written)) {
		git_oid_cpy(out, &entry->id);
		return 0;
	}
	/* Of a link it is the content of what it leads to: that is what go reads. */
	if (git_odb_hashfile(out, full, GIT_OBJECT_BLOB) == 0)
		return 0;
	/* One that leads nowhere, or that was taken away in between. */
	memset(out, 0, sizeof *out);
	return 0;
}

static int find_in_directory(struct found *found, int fd, int64_t written);

static int
take_name(struct found *found, int parent, const char *name, int64_t written)
{
	size_t outer = found->path.n;
	struct stat status;
	int result = 0;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, ".git") == 0 ||
		fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return 0;
	buf_printf(&found->path, "%s%s", outer ? "/" : "", name);
	if (S_ISDIR(status.st_mode)) {
		CLEANUP(close_fd)
		int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		/* What go cannot read either is its to tell. */
		if (fd >= 0)
			result = find_in_directory(found, fd, written);
	} else if (is_relevant(name)) {
		git_oid id;
		result = id_of_file(&id, found, &status, found->path.p, written);
		if (result == 0)
			add_file(found, S_ISLNK(status.st_mode), &id, "", found->path.p);
	}
	found->path.n = outer;
	found->path.p[outer] = '\0';
	return result;
}

static int
compare_entries(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
find_in_directory(struct found *found, int fd, int64_t written)
{
	struct dirent **entries;
	int result = 0, count = scandirat(fd, ".", &entries, NULL, compare_entries);

	if (interrupt_signal())
		result = err_set(found->err, ERR_INTERRUPTED, "interrupted");
	for (int i = 0; i < count; i++) {
		if (result == 0)
			result = take_name(found, fd, entries[i]->d_name, written);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return result;
}

static int
find_in_worktree(struct found *found)
{
	const char *root = repo_root(found->repo);
	struct stat status = {0};
	CLEANUP(close_fd) int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(found->err, "cannot open directory '%s'", root);
	/* Without an index each file is read. The repository itself has been given an empty one. */
	CLEANUP(git_buf_dispose) git_buf path = {0};
	if (git_repository_item_path(&path, found->repo->git, GIT_REPOSITORY_ITEM_INDEX) != 0 ||
		stat(path.ptr, &status) != 0 || git_index_open(&found->index, path.ptr) != 0)
		status.st_mtim.tv_sec = 0;
	return find_in_directory(found, fd, status.st_mtim.tv_sec);
}

/* Trees and directories are read in different orders: the lines are put into one, that of the
 * paths. */
static int
compare_lines(const void *one, const void *two)
{
	const char *const *a = one, *const *b = two;

	return strcmp(repo_relevant_path(*a), repo_relevant_path(*b));
}

const char *
repo_relevant_path(const char *line)
{
	return strchr(line, ' ') + 1;
}

static void
sort_lines(struct buf *out, const struct buf *lines)
{
	CLEANUP(free_ptr) const char **list = NULL;
	size_t count = 0, capacity = 0;

	for (size_t at = 0; at < lines->n; at += strlen(lines->p + at) + 1) {
		list = array_grow(list, &capacity, count + 1, sizeof *list);
		list[count++] = lines->p + at;
	}
	if (count)
		qsort(list, count, sizeof *list, compare_lines);
	for (size_t i = 0; i < count; i++)
		buf_add(out, (struct str){list[i], strlen(list[i]) + 1});
}

int
repo_relevant(struct buf *out, struct repo *repo, const struct revision *revision, struct err *err)
{
	CLEANUP(found_release) struct found found = {.repo = repo, .err = err};

	if ((revision->worktree ? find_in_worktree(&found) : find_in_tree(&found, revision)) != 0)
		return -1;
	sort_lines(out, &found.lines);
	return 0;
}

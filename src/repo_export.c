#include "src/repo.h"

#include <errno.h>
#include <fcntl.h>
#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/file.h"
#include "src/base/interrupt.h"
#include "src/repo_internal.h"

static void
free_odb(git_odb **odb)
{
	git_odb_free(*odb);
}

static void
free_odb_object(git_odb_object **object)
{
	git_odb_object_free(*object);
}

static void
free_tree(git_tree **tree)
{
	git_tree_free(*tree);
}

static void
free_tree_entry(git_tree_entry **entry)
{
	git_tree_entry_free(*entry);
}

int
repo_look_up_tree(git_tree **out, const struct repo *repo, const git_oid *id, const char *name,
	struct err *err)
{
	CLEANUP(buf_release) struct buf what = {0};
	int rc = git_tree_lookup(out, repo->git, id);

	if (rc == 0)
		return 0;
	if (rc != GIT_ENOTFOUND || !repo_is_partial(repo))
		return repo_fail(err, "cannot read the tree of '%s'", name);
	buf_printf(&what, "the tree of '%s' is missing in this repository", name);
	return repo_fail_incomplete(repo, what.p, err);
}

int
repo_tree(git_tree **out, struct repo *repo, const struct revision *revision, struct err *err)
{
	git_oid id;

	if (!revision->tree || git_oid_fromstr(&id, revision->tree) != 0)
		return err_set(err, ERR_FAILED, "'%s' has no tree", revision->name);
	return repo_look_up_tree(out, repo, &id, revision->name, err);
}

/*
 * A tree on its way into a directory. Not git_checkout_tree(): that needs the index and the
 * attributes of another tree, namely the working tree, fails when a blob is missing and cannot be
 * interrupted.
 */
struct export
{
	struct repo *repo;
	git_odb *odb;
	const char *directory; /* for messages */
	struct buf path;       /* of the entry in hand, below the directory */
	struct err *err;
};

static void
export_release(struct export *export)
{
	git_odb_free(export->odb);
	buf_release(&export->path);
}

static int export_tree(struct export *export, const git_tree *old, const git_oid *id, int parent);

static int
fail_writing(struct export *export)
{
	return err_errno(export->err, "cannot write '%s/%s'", export->directory, export->path.p);
}

/* What git itself refuses, since it would leave the directory or pass for a repository. */
static bool
is_harmless(const char *name)
{
	return name[0] && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	       strcasecmp(name, ".git") != 0;
}

/* Files without which go would see another program and not complain. */
static bool
is_needed(struct str path)
{
	static const char *const names[] = {"go.mod", "go.work", "modules.txt"};
	const char *slash = memrchr(path.p, '/', path.n);
	const char *name = slash ? slash + 1 : path.p;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return str_ends(path, STR(".go"));
}

static int
write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t written = write(fd, bytes, n);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		bytes += written;
		n -= (size_t)written;
	}
	return 0;
}

static int
write_file(struct export *export, int parent, const char *name, git_odb_object *blob, mode_t mode)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(parent, name, flags, mode);

	if (fd < 0)
		return fail_writing(export);
	int rc = write_all(fd, git_odb_object_data(blob), git_odb_object_size(blob));
	if (rc != 0)
		fail_writing(export);
	if (close(fd) != 0 && rc == 0)
		rc = fail_writing(export);
	return rc;
}

static int
write_link(struct export *export, int parent, const char *name, git_odb_object *blob)
{
	CLEANUP(buf_release) struct buf target = {0};

	buf_add(&target, (struct str){git_odb_object_data(blob), git_odb_object_size(blob)});
	return symlinkat(buf_str(&target).p, parent, name) == 0 ? 0 : fail_writing(export);
}

static int
export_blob(struct export *export, const git_tree_entry *entry, int parent)
{
	CLEANUP(free_odb_object) git_odb_object *blob = NULL;
	const char *name = git_tree_entry_name(entry);
	int rc = git_odb_read(&blob, export->odb, git_tree_entry_id(entry));

	if (rc == GIT_ENOTFOUND && !is_needed(buf_str(&export->path)))
		return 0;
	if (rc == GIT_ENOTFOUND && repo_is_partial(export->repo))
		return err_set(export->err, ERR_NOT_FOUND,
			"the content of '%s' is missing in this partial clone: bring it with 'git "
			"fetch "
			"--refetch --no-filter'",
			export->path.p);
	if (rc != 0)
		return repo_fail(export->err, "cannot read '%s'", export->path.p);
	if (git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK)
		return write_link(export, parent, name, blob);
	bool executable = git_tree_entry_filemode(entry) == GIT_FILEMODE_BLOB_EXECUTABLE;
	return write_file(export, parent, name, blob, executable ? 0777 : 0666);
}

/* `old` is what the directory holds already, or NULL where there is none. */
static int
export_directory(
	struct export *export, const git_tree_entry *old, const git_tree_entry *entry, int parent)
{
	CLEANUP(free_tree) git_tree *tree = NULL;
	const char *name = git_tree_entry_name(entry);

	if (!old && mkdirat(parent, name, 0777) != 0)
		return fail_writing(export);
	if (git_tree_entry_type(entry) == GIT_OBJECT_COMMIT)
		return 0;
	if (old && repo_look_up_tree(&tree, export->repo, git_tree_entry_id(old), export->path.p,
			   export->err) != 0)
		return -1;
	CLEANUP(close_fd)
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? fail_writing(export)
		      : export_tree(export, tree, git_tree_entry_id(entry), fd);
}

static int
export_entry(
	struct export *export, const git_tree_entry *old, const git_tree_entry *entry, int parent)
{
	if (interrupt_signal())
		return err_set(export->err, ERR_INTERRUPTED, "interrupted");
	if (!is_harmless(git_tree_entry_name(entry)))
		return err_set(export->err, ERR_FAILED,
			"the tree holds a file named '%s', which no "
			"working tree may have",
			export->path.p);
	if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
		return export_blob(export, entry, parent);
	return export_directory(export, old, entry, parent);
}

static void
path_push(struct export *export, const char *name)
{
	buf_printf(&export->path, "%s%s", export->path.n ? "/" : "", name);
}

static void
path_pop(struct export *export, size_t outer)
{
	export->path.n = outer;
	if (export->path.p)
		export->path.p[outer] = '\0';
}

/* Whether what is there for `old` can stay, or be worked on, for `entry`: the same, or both
 * directories. */
static bool
is_kept(const git_tree_entry *old, const git_tree_entry *entry)
{
	bool trees = git_tree_entry_type(old) == GIT_OBJECT_TREE &&
		     git_tree_entry_type(entry) == GIT_OBJECT_TREE;
	bool equal = git_oid_equal(git_tree_entry_id(old), git_tree_entry_id(entry)) &&
		     git_tree_entry_filemode(old) == git_tree_entry_filemode(entry);

	return trees || equal;
}

/* Take away what the new tree does not have, or has as something else. */
static int
remove_old(struct export *export, const git_tree *old, const git_tree *tree, int parent)
{
	size_t outer = export->path.n;

	for (size_t i = 0; old && i < git_tree_entrycount(old); i++) {
		const git_tree_entry *was = git_tree_entry_byindex(old, i);
		const git_tree_entry *is = git_tree_entry_byname(tree, git_tree_entry_name(was));
		if (is && is_kept(was, is))
			continue;
		path_push(export, git_tree_entry_name(was));
		CLEANUP(free_ptr) char *path = path_join(export->directory, export->path.p);
		if (git_tree_entry_type(was) != GIT_OBJECT_BLOB)
			dir_remove(path);
		else if (unlinkat(parent, git_tree_entry_name(was), 0) != 0 && errno != ENOENT)
			return fail_writing(export);
		path_pop(export, outer);
	}
	return 0;
}

static int
export_tree(struct export *export, const git_tree *old, const git_oid *id, int parent)
{
	CLEANUP(free_tree) git_tree *tree = NULL;
	size_t outer = export->path.n;

	if (old && git_oid_equal(git_tree_id(old), id))
		return 0;
	if (repo_look_up_tree(&tree, export->repo, id, buf_str(&export->path).p, export->err) != 0)
		return -1;
	if (remove_old(export, old, tree, parent) != 0)
		return -1;
	for (size_t i = 0; i < git_tree_entrycount(tree); i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
		const git_tree_entry *was =
			old ? git_tree_entry_byname(old, git_tree_entry_name(entry)) : NULL;
		if (was && !is_kept(was, entry))
			was = NULL;
		if (was && git_tree_entry_type(entry) != GIT_OBJECT_TREE)
			continue;
		path_push(export, git_tree_entry_name(entry));
		if (export_entry(export, was, entry, parent) != 0)
			return -1;
		path_pop(export, outer);
	}
	return 0;
}

int
repo_move(struct repo *repo, const char *from, const struct revision *revision,
	const char *directory, struct err *err)
{
	CLEANUP(free_tree) git_tree *tree = NULL;
	CLEANUP(free_tree) git_tree *old = NULL;
	CLEANUP(export_release)
	struct export export = {.repo = repo, .directory = directory, .err = err};
	const struct revision was = {.name = from, .tree = from};

	if (repo_tree(&tree, repo, revision, err) != 0)
		return -1;
	if (from && repo_tree(&old, repo, &was, err) != 0)
		return -1;
	if (git_repository_odb(&export.odb, repo->git) != 0)
		return repo_fail(err, "cannot open the object database");
	CLEANUP(close_fd) int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, "cannot open directory '%s'", directory);
	return export_tree(&export, old, git_tree_id(tree), fd);
}

int
repo_export(
	struct repo *repo, const struct revision *revision, const char *directory, struct err *err)
{
	return repo_move(repo, NULL, revision, directory, err);
}

static bool is_untouched(const struct repo *repo, const git_oid *id, int parent, int64_t since);

static bool
has_object(const struct repo *repo, const git_oid *id)
{
	CLEANUP(free_odb) git_odb *odb = NULL;

	return git_repository_odb(&odb, repo->git) == 0 && git_odb_exists(odb, id);
}

/* Whether the entry is there as what it is, and has not been changed since. Submodules are
 * directories that nobody fills. */
static bool
is_entry_untouched(const struct repo *repo, const git_tree_entry *entry, int parent, int64_t since)
{
	const char *name = git_tree_entry_name(entry);
	struct stat status;

	if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return git_tree_entry_type(entry) == GIT_OBJECT_BLOB && errno == ENOENT &&
		       !has_object(repo, git_tree_entry_id(entry)) && repo_is_partial(repo);
	if (status.st_mtime > since)
		return false;
	if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
		return S_ISLNK(status.st_mode) ? git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK
					       : S_ISREG(status.st_mode);
	if (!S_ISDIR(status.st_mode) || git_tree_entry_type(entry) == GIT_OBJECT_COMMIT)
		return S_ISDIR(status.st_mode);
	CLEANUP(close_fd)
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd >= 0 && is_untouched(repo, git_tree_entry_id(entry), fd, since);
}

static bool
is_untouched(const struct repo *repo, const git_oid *id, int parent, int64_t since)
{
	CLEANUP(free_tree) git_tree *tree = NULL;
	struct stat status;

	/* A directory's time tells of files that were put in or taken out. */
	if (fstat(parent, &status) != 0 || status.st_mtime > since)
		return false;
	if (git_tree_lookup(&tree, repo->git, id) != 0)
		return false;
	for (size_t i = 0; i < git_tree_entrycount(tree); i++)
		if (!is_entry_untouched(repo, git_tree_entry_byindex(tree, i), parent, since))
			return false;
	return true;
}

bool
repo_holds(struct repo *repo, const char *tree, const char *directory, int64_t since)
{
	CLEANUP(close_fd) int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	git_oid id;

	return fd >= 0 && git_oid_fromstr(&id, tree) == 0 && is_untouched(repo, &id, fd, since);
}

static int
read_blob(struct buf *out, struct repo *repo, const git_tree_entry *entry, const char *path,
	struct err *err)
{
	CLEANUP(free_odb) git_odb *odb = NULL;
	CLEANUP(free_odb_object) git_odb_object *blob = NULL;

	if (git_repository_odb(&odb, repo->git) != 0)
		return repo_fail(err, "cannot open the object database");
	int rc = git_odb_read(&blob, odb, git_tree_entry_id(entry));
	if (rc != 0) {
		repo_fail(err, "cannot read '%s'", path);
		err->code = rc == GIT_ENOTFOUND ? ERR_NOT_FOUND : ERR_FAILED;
		return -1;
	}
	buf_add(out, (struct str){git_odb_object_data(blob), git_odb_object_size(blob)});
	return 0;
}

int
repo_read(struct buf *out, struct repo *repo, const struct revision *revision, const char *path,
	struct err *err)
{
	CLEANUP(free_tree) git_tree *tree = NULL;
	CLEANUP(free_tree_entry) git_tree_entry *entry = NULL;

	if (revision->worktree) {
		CLEANUP(free_ptr) char *full = path_join(repo->root, path);
		return file_read(out, full, err);
	}
	if (repo_tree(&tree, repo, revision, err) != 0)
		return -1;
	int rc = git_tree_entry_bypath(&entry, tree, path);
	if (rc == GIT_ENOTFOUND || (rc == 0 && git_tree_entry_type(entry) != GIT_OBJECT_BLOB))
		return err_set(
			err, ERR_NOT_FOUND, "there is no file '%s' in '%s'", path, revision->name);
	if (rc != 0)
		return repo_fail(err, "cannot read '%s' of '%s'", path, revision->name);
	return read_blob(out, repo, entry, path, err);
}

bool
repo_has(struct repo *repo, const struct revision *revision, const char *path)
{
	CLEANUP(free_tree) git_tree *tree = NULL;
	CLEANUP(free_tree_entry) git_tree_entry *entry = NULL;
	struct err ignored;

	if (revision->worktree) {
		CLEANUP(free_ptr) char *full = path_join(repo->root, path);
		return path_exists(full);
	}
	return repo_tree(&tree, repo, revision, &ignored) == 0 &&
	       git_tree_entry_bypath(&entry, tree, path) == 0;
}

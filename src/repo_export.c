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
repo_tree(git_tree **out, struct repo *repo, const struct revision *revision, struct err *err)
{
	git_oid id;

	if (!revision->tree || git_oid_fromstr(&id, revision->tree) != 0)
		return err_set(err, ERR_FAILED, "'%s' has no tree", revision->name);
	if (git_tree_lookup(out, repo->git, &id) != 0)
		return repo_fail(err, "cannot read the tree of '%s'", revision->name);
	return 0;
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

static int export_tree(struct export *export, const git_oid *id, int parent);

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

static int
export_directory(struct export *export, const git_tree_entry *entry, int parent)
{
	const char *name = git_tree_entry_name(entry);

	if (mkdirat(parent, name, 0777) != 0)
		return fail_writing(export);
	if (git_tree_entry_type(entry) == GIT_OBJECT_COMMIT)
		return 0;
	CLEANUP(close_fd)
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? fail_writing(export) : export_tree(export, git_tree_entry_id(entry), fd);
}

static int
export_entry(struct export *export, const git_tree_entry *entry, int parent)
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
	return export_directory(export, entry, parent);
}

static int
export_tree(struct export *export, const git_oid *id, int parent)
{
	CLEANUP(free_tree) git_tree *tree = NULL;
	size_t outer = export->path.n;

	if (git_tree_lookup(&tree, export->repo->git, id) != 0)
		return repo_fail(
			export->err, "cannot read the tree '%s'", buf_str(&export->path).p);
	for (size_t i = 0; i < git_tree_entrycount(tree); i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
		buf_printf(&export->path, "%s%s", outer ? "/" : "", git_tree_entry_name(entry));
		if (export_entry(export, entry, parent) != 0)
			return -1;
		export->path.n = outer;
		export->path.p[outer] = '\0';
	}
	return 0;
}

int
repo_export(
	struct repo *repo, const struct revision *revision, const char *directory, struct err *err)
{
	CLEANUP(free_tree) git_tree *tree = NULL;
	CLEANUP(export_release)
	struct export export = {.repo = repo, .directory = directory, .err = err};

	if (repo_tree(&tree, repo, revision, err) != 0)
		return -1;
	if (git_repository_odb(&export.odb, repo->git) != 0)
		return repo_fail(err, "cannot open the object database");
	CLEANUP(close_fd) int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, "cannot open directory '%s'", directory);
	return export_tree(&export, git_tree_id(tree), fd);
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

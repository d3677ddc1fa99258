#include "src/repo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <git2.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/file.h"
#include "src/base/hash.h"
#include "src/base/interrupt.h"
#include "src/repo_internal.h"

/* What go and the tools that it runs read when they build packages (go help packages, go/build's
 * list of suffixes): by name, and by what the name ends in. Test files end in _test.go. */
static const char *const names[] = {"go.mod", "go.sum", "go.work", "go.work.sum", "modules.txt"};
static const char *const suffixes[] = {".go", ".pgo", ".c", ".cc", ".cpp", ".cxx", ".m", ".h",
	".hh", ".hpp", ".hxx", ".f", ".F", ".for", ".f90", ".s", ".S", ".sx", ".swig", ".swigcxx",
	".syso"};

/* How many names there may be in a directory outside of the repository: more would take longer to
 * look at than go takes to find that nothing is to be done. */
#define OUTSIDE_LIMIT 100000

static bool
is_relevant(const char *name, bool tests)
{
	struct str text = str_of(name);

	if (str_ends(text, STR("_test.go")))
		return tests;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
		if (str_ends(text, str_of(suffixes[i])))
			return true;
	return false;
}

static const char *
path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool
repo_is_relevant(const char *path, bool tests)
{
	return is_relevant(path_base(path), tests);
}

/* Whether what the link at `path` leads to is a file of the tree that is relevant by its name. */
static bool
is_in_tree(const char *path, struct str target, bool tests)
{
	CLEANUP(buf_release) struct buf to = {0};
	struct str rest = target, directory = path_directory(path), part;
	int depth = directory.n > 0;

	buf_add(&to, target);
	for (size_t i = 0; i < directory.n; i++)
		depth += directory.p[i] == '/';
	if (target.n == 0 || target.p[0] == '/' || !is_relevant(path_base(to.p), tests))
		return false;
	while (depth >= 0 && str_next(&part, &rest, '/'))
		depth += str_eq(part, STR("..")) ? -1 : !str_eq(part, STR(".")) && part.n > 0;
	return depth >= 0;
}

/* The files found so far, a line each. */
struct found {
	struct repo *repo; /* NULL: of a directory outside of it */
	const char *root;  /* of what is walked */
	bool tests;        /* test files, too */
	size_t walked;     /* names */
	git_index *index;
	git_odb *objects;          /* with the index */
	enum repo_filters filters; /* as far as attributes were seen */
	int64_t written;           /* the index, seconds UTC; 0 where there is none */
	struct buf lines, path;
	bool leads_elsewhere; /* a link to what is not in the lines, or too much to walk */
	struct err *err;
};

static void
free_blob(git_blob **blob)
{
	git_blob_free(*blob);
}

static void
found_release(struct found *found)
{
	git_index_free(found->index);
	git_odb_free(found->objects);
	buf_release(&found->lines);
	buf_release(&found->path);
}

/* Whether it is executable does not matter. */
static void
add_file(struct found *found, const git_oid *id, const char *directory, const char *name)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof hex, id);
	/* A NUL, which no name has, ends each. */
	buf_printf(&found->lines, "f%s %s%s", hex, directory, name);
	buf_add_char(&found->lines, '\0');
}

/* A link of any name: it may stand for a directory. One that stands for a file that go reads must
 * lead to another such file of the tree, which is in the lines itself. */
static void
add_link(struct found *found, struct str target, const char *path)
{
	struct content_id id = hash_content(target);

	buf_printf(&found->lines, "l%s %s", id.hex, path);
	buf_add_char(&found->lines, '\0');
	if (is_relevant(path_base(path), found->tests) && !is_in_tree(path, target, found->tests))
		found->leads_elsewhere = true;
}

static int
take_entry(const char *directory, const git_tree_entry *entry, void *ctx)
{
	const char *name = git_tree_entry_name(entry);
	struct found *found = ctx;

	if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
		return 0;
	if (git_tree_entry_filemode(entry) != GIT_FILEMODE_LINK) {
		if (is_relevant(name, found->tests))
			add_file(found, git_tree_entry_id(entry), directory, name);
		return 0;
	}
	CLEANUP(free_blob) git_blob *blob = NULL;
	if (git_blob_lookup(&blob, found->repo->git, git_tree_entry_id(entry)) != 0)
		return -1;
	CLEANUP(free_ptr) char *path = path_join(directory, name);
	add_link(found, (struct str){git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob)},
		path);
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

static bool
is_time(const git_index_time *noted, const struct timespec *is)
{
	return noted->seconds == (int32_t)is->tv_sec &&
	       (noted->nanoseconds == 0 || noted->nanoseconds == (uint32_t)is->tv_nsec);
}

/* Whether the index knows the file's content: it was not changed since, nor at the very time that
 * the index was written (git's "racily clean" files). */
static bool
is_as_in_index(const git_index_entry *entry, const struct stat *status, int64_t written)
{
	return entry && is_time(&entry->mtime, &status->st_mtim) &&
	       is_time(&entry->ctime, &status->st_ctim) &&
	       entry->file_size == (uint32_t)status->st_size &&
	       entry->ino == (uint32_t)status->st_ino && entry->mtime.seconds < written &&
	       entry->ctime.seconds < written;
}

/* Whether git may have put other bytes there than it keeps, though as many. */
static bool
is_filtered(struct found *found, const char *path)
{
	static const char *names_of[] = {"filter", "ident", "working-tree-encoding"};
	const char *values[sizeof names_of / sizeof *names_of];
	size_t count = sizeof names_of / sizeof *names_of;

	if (found->filters != REPO_FILTERS_SOME)
		return found->filters == REPO_FILTERS_UNKNOWN;
	if (git_attr_get_many(values, found->repo->git, GIT_ATTR_CHECK_FILE_THEN_INDEX, path, count,
		    names_of) != 0)
		return true;
	for (size_t i = 0; i < count; i++)
		if (!GIT_ATTR_IS_UNSPECIFIED(values[i]) && !GIT_ATTR_IS_FALSE(values[i]))
			return true;
	return false;
}

/* Filters for the ends of lines change the size. */
static bool
has_size(struct found *found, const git_oid *id, size_t size)
{
	git_object_t type;
	size_t is;

	return git_odb_read_header(&is, &type, found->objects, id) == 0 && is == size;
}

/* That of its content as it is, without git's filters. All zeros where it was taken away in between
 * or cannot be read. */
static git_oid
id_of_file(struct found *found, const struct stat *status, const char *path)
{
	const git_index_entry *entry =
		found->index ? git_index_get_bypath(found->index, path, 0) : NULL;
	CLEANUP(free_ptr) char *full = path_join(found->root, path);
	git_oid id = {0};

	if (is_as_in_index(entry, status, found->written) &&
		has_size(found, &entry->id, (size_t)status->st_size) && !is_filtered(found, path))
		return entry->id;
	if (S_ISREG(status->st_mode) && git_odb_hashfile(&id, full, GIT_OBJECT_BLOB) != 0)
		memset(&id, 0, sizeof id);
	return id;
}

static void
take_link(struct found *found, int parent, const char *name)
{
	char target[4096];
	ssize_t n = readlinkat(parent, name, target, sizeof target);

	add_link(found, (struct str){target, n > 0 ? (size_t)n : 0}, found->path.p);
}

static int find_in_directory(struct found *found, int fd);

static int
take_directory(struct found *found, int parent, const char *name)
{
	CLEANUP(close_fd)
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	/* What go cannot read either is its to tell. */
	return fd < 0 ? 0 : find_in_directory(found, fd);
}

static int
take_name(struct found *found, int parent, const char *name)
{
	size_t outer = found->path.n;
	struct stat status;
	int result = 0;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, ".git") == 0 ||
		fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return 0;
	buf_printf(&found->path, "%s%s", outer ? "/" : "", name);
	if (S_ISDIR(status.st_mode)) {
		result = take_directory(found, parent, name);
	} else if (S_ISLNK(status.st_mode)) {
		take_link(found, parent, name);
	} else if (is_relevant(name, found->tests)) {
		git_oid id = id_of_file(found, &status, found->path.p);
		add_file(found, &id, "", found->path.p);
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

/* Attributes are for files of the directory and below, which come after. */
static void
look_at_attributes(struct found *found, int fd)
{
	CLEANUP(close_fd) int file = openat(fd, ".gitattributes", O_RDONLY | O_CLOEXEC);
	CLEANUP(free_ptr)
	char *directory = path_join(found->root, found->path.n ? found->path.p : "");
	CLEANUP(free_ptr) char *path = path_join(directory, ".gitattributes");
	CLEANUP(buf_release) struct buf text = {0};
	struct err ignored;

	if (file >= 0 && found->filters == REPO_FILTERS_NONE &&
		(file_read(&text, path, &ignored) != 0 || repo_filters_in(buf_str(&text))))
		found->filters = REPO_FILTERS_SOME;
}

static int
find_in_directory(struct found *found, int fd)
{
	struct dirent **entries;
	int result = 0, count = scandirat(fd, ".", &entries, NULL, compare_entries);

	found->walked += count > 0 ? (size_t)count : 0;
	if (!found->repo && (count < 0 || found->walked > OUTSIDE_LIMIT))
		found->leads_elsewhere = true;
	if (interrupt_signal())
		result = err_set(found->err, ERR_INTERRUPTED, "interrupted");
	if (found->index)
		look_at_attributes(found, fd);
	for (int i = 0; i < count; i++) {
		if (result == 0 && (found->repo || !found->leads_elsewhere))
			result = take_name(found, fd, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return result;
}

/* The repository's own index, which repo_open() hides. One that cannot be read (sparse and split
 * ones) tells nothing. */
static void
open_index(struct found *found)
{
	CLEANUP(free_ptr) char *path = path_join(git_repository_path(found->repo->git), "index");
	struct stat status;

	if (stat(path, &status) == 0 &&
		git_repository_odb(&found->objects, found->repo->git) == 0 &&
		git_index_open(&found->index, path) == 0) {
		found->written = status.st_mtim.tv_sec;
		found->filters = repo_filters(found->repo, found->index);
	}
}

static int
find_in_root(struct found *found)
{
	CLEANUP(close_fd) int fd = open(found->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(found->err, "cannot open directory '%s'", found->root);
	return find_in_directory(found, fd);
}

static int
find_in_worktree(struct found *found)
{
	found->root = repo_root(found->repo);
	open_index(found);
	return find_in_root(found);
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

static int
find(struct buf *out, bool *known, struct found *found, const struct revision *revision)
{
	if ((revision->worktree ? find_in_worktree(found) : find_in_tree(found, revision)) != 0)
		return -1;
	*known = !found->leads_elsewhere;
	sort_lines(out, &found->lines);
	return 0;
}

int
repo_relevant(struct buf *out, bool *known, struct repo *repo, const struct revision *revision,
	struct err *err)
{
	CLEANUP(found_release) struct found found = {.repo = repo, .err = err};

	return find(out, known, &found, revision);
}

int
repo_relevant_with_tests(struct buf *out, bool *known, struct repo *repo,
	const struct revision *revision, struct err *err)
{
	CLEANUP(found_release) struct found found = {.repo = repo, .tests = true, .err = err};

	return find(out, known, &found, revision);
}

int
repo_relevant_outside(
	struct buf *out, bool *known, const char *directory, bool tests, struct err *err)
{
	CLEANUP(found_release)
	struct found found = {.root = directory, .tests = tests, .err = err};

	if (find_in_root(&found) != 0)
		return -1;
	*known = !found.leads_elsewhere;
	sort_lines(out, &found.lines);
	return 0;
}

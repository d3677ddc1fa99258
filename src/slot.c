#include "src/slot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "src/base/cache.h"
#include "src/base/file.h"
#include "src/fingerprint.h"

#define MOST_SLOTS 64
#define UNUSED_SECONDS ((int64_t)30 * 24 * 60 * 60)

/* One of the repository's slots, before it is known whether it is the one to take. */
struct candidate {
	char *directory, *record, *lock_file;
	int lock;
	char tree[65];    /* what it holds; "" when that is not known */
	struct buf trees; /* what of it git does not have: repo_keep_trees() */
	int64_t since;    /* when that was written down */
};

static void
candidate_release(struct candidate *candidate)
{
	if (candidate->lock >= 0)
		close(candidate->lock);
	free(candidate->directory);
	free(candidate->record);
	free(candidate->lock_file);
	buf_release(&candidate->trees);
	*candidate = (struct candidate){.lock = -1};
}

static char *
format_path(const char *parent, const char *key, int number, const char *end)
{
	struct buf path = {0};

	buf_printf(&path, "%s/%s-%d%s", parent, key, number, end);
	return path.p;
}

/* The lock on a file, or -1 when another run holds it. Its time of change tells when the slot was
 * used last. */
static int
take_lock(const char *path, int flags)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
	struct stat opened, named;

	if (fd < 0)
		return -1;
	/* Between opening and locking another run may have removed the file: that lock would hold
	 * nobody off. */
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &opened) == 0 &&
		stat(path, &named) == 0 && opened.st_ino == named.st_ino)
		return fd;
	close(fd);
	return -1;
}

static void
read_record(struct candidate *candidate)
{
	CLEANUP(buf_release) struct buf content = {0};
	struct stat status;
	struct err ignored;

	if (file_read(&content, candidate->record, &ignored) != 0 ||
		stat(candidate->record, &status) != 0)
		return;
	struct str rest = buf_str(&content), tree;
	if (!str_next(&tree, &rest, '\n') || tree.n >= sizeof candidate->tree)
		return;
	memcpy(candidate->tree, tree.p, tree.n);
	candidate->tree[tree.n] = '\0';
	buf_add(&candidate->trees, rest);
	candidate->since = status.st_mtime;
}

static struct candidate
try_slot(const char *parent, const char *key, int number)
{
	struct candidate candidate = {
		.directory = format_path(parent, key, number, ""),
		.record = format_path(parent, key, number, ".tree"),
		.lock_file = format_path(parent, key, number, ".lock"),
	};

	candidate.lock = take_lock(candidate.lock_file, O_CREAT);
	if (candidate.lock >= 0)
		read_record(&candidate);
	return candidate;
}

/* The first free slot that holds the tree, else the first free one. */
static struct candidate
choose(const char *parent, const char *key, const char *tree)
{
	struct candidate best = {.lock = -1};

	for (int number = 0; number < MOST_SLOTS; number++) {
		CLEANUP(free_ptr) char *lock_file = format_path(parent, key, number, ".lock");
		if (best.lock >= 0 && !path_exists(lock_file))
			return best;
		struct candidate candidate = try_slot(parent, key, number);
		bool holds = candidate.lock >= 0 && strcmp(candidate.tree, tree) == 0;
		if (candidate.lock >= 0 && (holds || best.lock < 0)) {
			candidate_release(&best);
			best = candidate;
		} else {
			candidate_release(&candidate);
		}
		if (holds)
			return best;
	}
	return best;
}

static void
remove_slot(const char *parent, const char *name, size_t length)
{
	CLEANUP(buf_release) struct buf path = {0};

	buf_printf(&path, "%s/%.*s", parent, (int)length, name);
	size_t stem = path.n;
	buf_add(&path, STR(".tree"));
	unlink(path.p);
	path.n = stem;
	path.p[stem] = '\0';
	dir_remove(path.p);
	buf_add(&path, STR(".lock"));
	unlink(path.p);
}

static void
remove_unused(const char *parent)
{
	int64_t now = (int64_t)time(NULL);
	DIR *directory = opendir(parent);

	for (struct dirent *entry; directory && (entry = readdir(directory));) {
		struct str name = str_of(entry->d_name);
		struct stat status;
		if (!str_ends(name, STR(".lock")) ||
			fstatat(dirfd(directory), entry->d_name, &status, 0) != 0 ||
			now - status.st_mtime < UNUSED_SECONDS)
			continue;
		CLEANUP(free_ptr) char *path = path_join(parent, entry->d_name);
		CLEANUP(close_fd) int lock = take_lock(path, 0);
		if (lock >= 0)
			remove_slot(parent, entry->d_name, name.n - sizeof ".lock" + 1);
	}
	if (directory)
		closedir(directory);
}

static int
write_record(const char *path, struct repo *repo, const struct revision *revision, struct err *err)
{
	CLEANUP(file_out_release) struct file_out out = {0};
	CLEANUP(buf_release) struct buf trees = {0};

	if (revision->index && repo_keep_trees(&trees, repo, revision, err) != 0)
		return -1;
	if (file_out_open(&out, path, err) != 0)
		return -1;
	fprintf(out.fp, "%s\n", revision->tree);
	fwrite(buf_str(&trees).p, 1, trees.n, out.fp);
	return file_out_commit(&out, err);
}

/* Make the slot hold the tree. While it holds neither the old nor the new one, it has no record. */
static int
fill(const struct candidate *candidate, struct repo *repo, const struct revision *revision,
	struct err *err)
{
	const char *from = candidate->tree;

	if (from[0] && candidate->trees.n)
		repo_recall_trees(repo, buf_str(&candidate->trees));
	if (from[0] && !repo_holds(repo, from, candidate->directory, candidate->since))
		from = "";
	if (from[0] && strcmp(from, revision->tree) == 0)
		return 0;
	if (unlink(candidate->record) != 0 && errno != ENOENT)
		return err_errno(err, "cannot remove '%s'", candidate->record);
	if (!from[0])
		dir_remove(candidate->directory);
	if (dir_make(candidate->directory, err) != 0)
		return -1;
	if (repo_move(repo, from[0] ? from : NULL, revision, candidate->directory, err) != 0)
		return -1;
	return write_record(candidate->record, repo, revision, err);
}

int
slot_open(struct slot *slot, struct repo *repo, const struct revision *revision, struct err *err)
{
	CLEANUP(free_ptr) char *parent = NULL;
	CLEANUP(candidate_release) struct candidate candidate = {.lock = -1};
	const char *repository = repo_common_directory(repo);
	char key[11];

	if (cache_directory(&parent, "slots", err) != 0 || dir_make(parent, err) != 0)
		return -1;
	remove_unused(parent);
	fingerprint_format(key, fingerprint_hash(&repository, 1));
	candidate = choose(parent, key, revision->tree);
	if (candidate.lock < 0)
		return err_set(err, ERR_FAILED,
			"cannot lock a place for the tree of '%s' in '%s': is the directory "
			"writable, or do %d runs use it?",
			revision->name, parent, MOST_SLOTS);
	futimens(candidate.lock, NULL);
	if (fill(&candidate, repo, revision, err) != 0)
		return -1;
	*slot = (struct slot){candidate.directory, candidate.lock};
	candidate.directory = NULL;
	candidate.lock = -1;
	return 0;
}

void
slot_close(struct slot *slot)
{
	if (slot->directory)
		close(slot->lock);
	free(slot->directory);
	*slot = (struct slot){0};
}

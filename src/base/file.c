#include "src/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/arena.h"
#include "src/base/interrupt.h"

int
file_stream(const char *path, void (*take)(struct str bytes, void *ctx), void *ctx, struct err *err)
{
	bool standard_input = strcmp(path, "-") == 0;
	CLEANUP(close_fd)
	int fd = standard_input ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	char bytes[64 * 1024];

	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	for (;;) {
		ssize_t n = read(fd, bytes, sizeof bytes);
		if (n == 0)
			return 0;
		if (n > 0)
			take((struct str){bytes, (size_t)n}, ctx);
		else if (errno != EINTR)
			return err_errno(err, "cannot read '%s'", path);
		else if (interrupt_signal())
			return err_set(err, ERR_INTERRUPTED, "interrupted");
	}
}

int
file_read(struct buf *out, const char *path, struct err *err)
{
	return file_stream(path, buf_take, out, err);
}

static int
open_directly(struct file_out *out, const char *path, struct err *err)
{
	bool standard_output = strcmp(path, "-") == 0;
	int fd = standard_output ? dup(STDOUT_FILENO) : open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return err_errno(err, "cannot open '%s' for writing", path);
	out->fp = fdopen(fd, "w");
	if (!out->fp) {
		close(fd);
		return err_errno(err, "cannot open '%s' for writing", path);
	}
	return 0;
}

/* Where the file really is, so that a symbolic link is written through and not replaced. */
static char *
real_target(const char *path)
{
	char *real = realpath(path, NULL);

	return real ? real : strdup(path);
}

int
file_out_open(struct file_out *out, const char *path, struct err *err)
{
	struct stat status;

	*out = (struct file_out){.path = strcmp(path, "-") == 0 ? strdup(path) : real_target(path)};
	bool exists = strcmp(path, "-") != 0 && stat(path, &status) == 0;
	if (exists && S_ISDIR(status.st_mode))
		return err_set(err, ERR_FAILED, "cannot write '%s': it is a directory", path);
	if (strcmp(path, "-") == 0 || (exists && !S_ISREG(status.st_mode)))
		return open_directly(out, path, err);

	CLEANUP(buf_release) struct buf temporary = {0};
	buf_printf(&temporary, "%s.XXXXXX", out->path);
	int fd = mkostemp(temporary.p, O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, "cannot write '%s'", path);
	out->temporary = temporary.p;
	temporary.p = NULL;
	mode_t mask = umask(0);
	umask(mask);
	(void)!fchmod(fd, exists ? status.st_mode & 07777 : 0666 & ~mask);
	out->fp = fdopen(fd, "w");
	return 0;
}

int
file_out_commit(struct file_out *out, struct err *err)
{
	bool failed = fflush(out->fp) != 0 || ferror(out->fp);
	int number = errno;

	if (fclose(out->fp) != 0 && !failed) {
		failed = true;
		number = errno;
	}
	out->fp = NULL;
	if (!failed && out->temporary && rename(out->temporary, out->path) != 0) {
		failed = true;
		number = errno;
	}
	if (failed) {
		errno = number;
		const char *name = strcmp(out->path, "-") == 0 ? "standard output" : out->path;
		err_errno(err, "cannot write '%s'", name);
		file_out_release(out);
		return -1;
	}
	free(out->temporary);
	out->temporary = NULL;
	file_out_release(out);
	return 0;
}

void
file_out_release(struct file_out *out)
{
	if (out->fp)
		fclose(out->fp);
	if (out->temporary)
		unlink(out->temporary);
	free(out->temporary);
	free(out->path);
	*out = (struct file_out){0};
}

int
dir_make(const char *path, struct err *err)
{
	CLEANUP(free_ptr) char *partial = strdup(path);

	for (char *slash = partial + 1; *partial && (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(partial, 0700) != 0 && errno != EEXIST)
			return err_errno(err, "cannot create directory '%s'", partial);
		*slash = '/';
	}
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return err_errno(err, "cannot create directory '%s'", path);
	return 0;
}

int
dir_make_temporary(char **path, const char *parent, const char *prefix, struct err *err)
{
	if (dir_make(parent, err) != 0)
		return -1;
	CLEANUP(buf_release) struct buf name = {0};
	buf_printf(&name, "%s/%sXXXXXX", parent, prefix);
	if (!mkdtemp(name.p))
		return err_errno(err, "cannot create a directory in '%s'", parent);
	*path = name.p;
	name.p = NULL;
	return 0;
}

static int
remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)status, (void)type, (void)ftw;
	remove(path);
	return 0;
}

/* Go's module cache is read-only, directories too: without write permission nothing in them can be
 * removed. */
static int
make_writable(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)ftw;
	if ((type == FTW_D || type == FTW_DNR) && (status->st_mode & 0300) != 0300)
		chmod(path, 0700);
	return 0;
}

void
dir_remove(const char *path)
{
	nftw(path, make_writable, 32, FTW_PHYS);
	nftw(path, remove_entry, 32, FTW_DEPTH | FTW_PHYS);
}

char *
path_join(const char *directory, const char *name)
{
	struct buf path = {0};

	if (name[0] != '/' && directory[0]) {
		buf_add(&path, str_of(directory));
		if (name[0] && path.p[path.n - 1] != '/')
			buf_add_char(&path, '/');
	}
	buf_add(&path, str_of(name));
	return path.p;
}

struct str
path_directory(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? (struct str){path, (size_t)(slash - path)} : STR("");
}

bool
path_leaves(const char *path)
{
	struct str rest = str_of(path), part;

	while (str_next(&part, &rest, '/'))
		if (str_eq(part, STR("..")))
			return true;
	return path[0] == '/';
}

bool
path_exists(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0;
}

#include "src/passed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/base/cache.h"
#include "src/base/file.h"
#include "src/fingerprint.h"

/* False where one of the files cannot be found. */
static bool
make_key(struct buf *key, const struct gobuild *build, const struct toolchain *toolchain,
	const char *program)
{
	struct stat status;
	char hash[11];

	fingerprint_format(hash, fingerprint_hash(&program, 1));
	buf_printf(key, "heapwarden " HEAPWARDEN_VERSION " %s\n", hash);
	/* Where the system tells: the same version may have been built of other sources. */
	if (stat("/proc/self/exe", &status) == 0)
		buf_printf(key, "%lld %lld.%09ld\n", (long long)status.st_size,
			(long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
	buf_printf(key, "%s %s %s\n%s\n", toolchain->version, toolchain->target,
		toolchain->experiments, toolchain->goroot);
	return gobuild_identify(key, build, toolchain);
}

void
passed_open(struct passed *out, const struct gobuild *build, const struct toolchain *toolchain,
	const char *program)
{
	CLEANUP(free_ptr) char *directory = NULL;
	struct buf path = {0};
	struct err ignored;
	char hash[11];

	*out = (struct passed){0};
	if (!make_key(&out->key, build, toolchain, program) ||
		cache_directory(&directory, "selfcheck", &ignored) != 0)
		return;
	const char *key = out->key.p;
	fingerprint_format(hash, fingerprint_hash(&key, 1));
	buf_printf(&path, "%s/%s", directory, hash);
	out->path = path.p;
}

bool
passed_before(const struct passed *passed)
{
	CLEANUP(buf_release) struct buf content = {0};
	struct err ignored;

	return passed->path && file_read(&content, passed->path, &ignored) == 0 &&
	       str_eq(buf_str(&content), buf_str(&passed->key));
}

static int
write_record(const struct passed *passed, struct err *err)
{
	CLEANUP(file_out_release) struct file_out out = {0};
	CLEANUP(free_ptr) char *directory = strdup(passed->path);

	*strrchr(directory, '/') = '\0';
	if (dir_make(directory, err) != 0 || file_out_open(&out, passed->path, err) != 0)
		return -1;
	fwrite(passed->key.p, 1, passed->key.n, out.fp);
	return file_out_commit(&out, err);
}

void
passed_keep(const struct passed *passed)
{
	struct err ignored;

	if (passed->path)
		(void)!write_record(passed, &ignored);
}

void
passed_release(struct passed *passed)
{
	free(passed->path);
	buf_release(&passed->key);
	*passed = (struct passed){0};
}

/* Runs a fuzz target over a corpus without libFuzzer, so that every compiler and preset replays it.
 */
#include <dirent.h>

#include "src/base/file.h"
#include "tests/fuzz/fuzz.h"

static int
replay_file(const char *path, struct err *err)
{
	CLEANUP(buf_release) struct buf content = {0};

	if (file_read(&content, path, err) != 0)
		return -1;
	LLVMFuzzerTestOneInput((const uint8_t *)buf_str(&content).p, content.n);
	return 0;
}

static void
close_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

/* Returns the number of files replayed, or -1. */
static int
replay_directory(const char *path, struct err *err)
{
	CLEANUP(close_directory) DIR *directory = opendir(path);
	int count = 0;

	if (!directory)
		return err_errno(err, "cannot open '%s'", path);
	for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		CLEANUP(free_ptr) char *file = path_join(path, entry->d_name);

		if (entry->d_name[0] == '.')
			continue;
		if (replay_file(file, err) != 0)
			return -1;
		count++;
	}
	return count;
}

int
main(int argc, char **argv)
{
	struct err err = {0};
	int total = 0;

	for (int i = 1; i < argc; i++) {
		int count = replay_directory(argv[i], &err);

		if (count < 0) {
			fprintf(stderr, "replay: %s\n", err.msg);
			return 1;
		}
		total += count;
	}
	printf("%d files replayed\n", total);
	return total == 0;
}

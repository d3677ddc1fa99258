/* Whatever happens to a store: it is damaged, another's, cannot be written, is used by several
 * processes at once, or one of them is killed. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/store_fixture.h"

/* --- what is not as it should be */

/* How many files of that kind are beside the store. */
static int
count_beside(const char *path, const char *ending)
{
	CLEANUP(buf_release) struct buf command = {0};
	int count = -1;

	buf_printf(&command, "ls %s%s 2>/dev/null | wc -l", path, ending);
	FILE *pipe = popen(command.p, "r");
	assert_non_null(pipe);
	assert_int_equal(fscanf(pipe, "%d", &count), 1);
	pclose(pipe);
	return count;
}

static void
overwrite(const char *path, const char *text, off_t at)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, text, strlen(text), at), strlen(text));
	close(fd);
}

static void
expect_begun_anew(const char *path)
{
	CLEANUP(buf_release) struct buf notice = {0};
	struct store *store = open_with(path, READER, &notice);

	assert_non_null(strstr(buf_str(&notice).p, "is damaged: it was set aside as '"));
	assert_false(has(store, "key"));
	save_small(store, "key", "text");
	close_store(store);
	close_store(open_store(path));
	assert_int_equal(count_beside(path, ".damaged-*"), 1);
}

static void
test_damaged_at_once(void **state)
{
	(void)state;
	const char *path = new_path();
	close_store(open_store(path));
	overwrite(path, "this is no database, nor has it ever been one", 0);
	expect_begun_anew(path);
}

static void
test_cut_off(void **state)
{
	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	save_small(store, "key", "text");
	close_store(store);
	assert_int_equal(truncate(path, 6000), 0);
	expect_begun_anew(path);
}

/* What each of these does to the file is noticed when the snapshot is read or a text is, and at the
 * end the store is set aside. */
static const struct damage {
	const char *name, *sql;
} damages[] = {
	{"text", "UPDATE unit SET text = substr(text, 1, 20) || 'x' || substr(text, 22)"},
	{"text of another unit", "UPDATE unit SET text = (SELECT text FROM unit LIMIT 1 OFFSET 1)"},
	{"size", "UPDATE unit SET size = 4000000000"},
	{"mentions", "UPDATE unit SET mentions = mentions || 'fmt'"},
	{"escapes", "UPDATE unit SET escapes = escapes + 1"},
	{"reader", "UPDATE unit SET reader = 'somebody'"},
	{"unit of another package", "UPDATE printed SET unit = 1"},
	{"package that printed nothing", "DELETE FROM printed WHERE package = ''"},
	{"unit that is not there", "DELETE FROM unit WHERE id = 1"},
	{"directory", "UPDATE package SET directory = 'elsewhere' WHERE name = 'main'"},
	{"no directory", "UPDATE package SET directory = NULL"},
	{"package", "DELETE FROM package WHERE name = 'main'"},
	{"module", "UPDATE module SET relative = 'x' WHERE replaced = 0"},
	{"replaced module", "DELETE FROM module WHERE replaced"},
	{"file", "DELETE FROM file WHERE kind = 'source'"},
	{"odd name", "DELETE FROM file WHERE kind = 'odd'"},
	{"embedded file", "DELETE FROM file WHERE kind = 'embedded'"},
	{"count of sites", "UPDATE snapshot SET sites = 0"},
	{"lines not understood", "UPDATE snapshot SET not_understood = 0"},
	{"Go", "UPDATE snapshot SET go = 'go1.25.0'"},
	{"key of another snapshot", "UPDATE snapshot SET key = 'key' WHERE key = 'other'"},
	{"NULL where none may be",
		"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, ' NOT "
		"NULL', ''); PRAGMA writable_schema = RESET; UPDATE unit SET mentions = NULL, "
		"reader = NULL; UPDATE snapshot SET reader = NULL, digest = NULL"},
};

/* -1 where something of the recording cannot be had. */
static int
load_all(struct store *store, struct err *err)
{
	CLEANUP(recording_release) struct recording recording = {0};
	CLEANUP(buf_release) struct buf text = {0};
	bool found;

	if (store_find(&recording, &found, store, "key", err) != 0)
		return -1;
	for (size_t i = 0; i < recording.count; i++)
		if (store_text(&text, store, &recording.units[i].id, err) != 0)
			return -1;
	return 0;
}

static void
test_damaged_on_the_way(void **state)
{
	const struct damage *damage = *state;
	CLEANUP(recording_release) struct recording recording = {0};
	CLEANUP(buf_release) struct buf notice = {0};
	struct err err = {0};

	const char *path = new_path();
	struct store *store = open_store(path);
	fill(&recording);
	if (strcmp(damage->name, "key of another snapshot") != 0)
		assert_int_equal(save(store, "key", &recording, &err), 0);
	assert_int_equal(save(store, "other", &recording, &err), 0);
	close_store(store);
	change(path, damage->sql);
	store = open_with(path, READER, &notice);
	assert_int_equal(notice.n, 0);
	assert_int_equal(load_all(store, &err), -1);
	assert_non_null(strstr(err.msg, path));
	store_close(store, &notice);
	assert_non_null(strstr(buf_str(&notice).p, "is damaged: it was set aside as '"));
	assert_int_equal(count_beside(path, ".damaged-*"), 1);
	close_store(open_store(path));
}

/* Overwritten anywhere: what comes out is what was written, or nothing. */
static void
test_overwritten(void **state)
{
	CLEANUP(recording_release) struct recording recording = {0};
	struct err err = {0};
	int noticed = 0;

	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	fill(&recording);
	assert_int_equal(save(store, "key", &recording, &err), 0);
	close_store(store);
	CLEANUP(buf_release) struct buf whole = bytes_of(path);
	for (size_t at = 100; at + 16 < whole.n; at += 509) {
		CLEANUP(buf_release) struct buf notice = {0};
		CLEANUP(recording_release) struct recording is = {0};
		bool found = false;
		overwrite(path, "", 0);
		int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
		assert_int_equal(pwrite(fd, whole.p, whole.n, 0), whole.n);
		close(fd);
		overwrite(path, "\xff\x01wrong bytes..", (off_t)at);
		if (store_open(&store, path, READER, &notice, &err) != 0)
			continue;
		bool intact = store_find(&is, &found, store, "key", &err) == 0 && found;
		if (intact)
			assert_same_list(&is.list, &recording.list);
		for (size_t i = 0; i < is.count; i++) {
			CLEANUP(buf_release) struct buf text = {0};
			if (intact && store_text(&text, store, &is.units[i].id, &err) == 0)
				assert_string_equal(hash_content(buf_str(&text)).hex,
					recording.units[i].id.hex);
		}
		noticed += !intact;
		store_close(store, &notice);
	}
	assert_true(noticed > 0);
}

/* Another process has set it aside and begun anew: its store is left alone. */
static void
test_damaged_for_two(void **state)
{
	CLEANUP(buf_release) struct buf notice = {0};
	struct err err = {0};

	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	save_small(store, "key", "text");
	close_store(store);
	change(path, "UPDATE unit SET escapes = 5");
	struct store *one = open_store(path), *two = open_store(path);
	assert_int_equal(load_all(one, &err), -1);
	assert_int_equal(load_all(two, &err), -1);
	store_close(one, &notice);
	assert_true(notice.n > 0);
	store = open_store(path);
	save_small(store, "key", "text");
	buf_clear(&notice);
	store_close(two, &notice);
	assert_int_equal(notice.n, 0);
	assert_int_equal(load_all(store, &err), 0);
	close_store(store);
	assert_int_equal(count_beside(path, ".damaged-*"), 1);
}

/* The file cannot be opened, says so, and is byte for byte what it was. */
static void
expect_left_alone(const char *path, const char *message)
{
	CLEANUP(buf_release) struct buf notice = {0};
	CLEANUP(buf_release) struct buf before = bytes_of(path);
	struct store *store = NULL;
	struct err err = {0};

	assert_int_equal(store_open(&store, path, READER, &notice, &err), -1);
	assert_null(store);
	assert_non_null(strstr(err.msg, message));
	assert_int_equal(notice.n, 0);
	CLEANUP(buf_release) struct buf after = bytes_of(path);
	assert_int_equal(before.n, after.n);
	assert_memory_equal(before.p, after.p, before.n);
	assert_int_equal(count_beside(path, "?*"), 0);
}

static void
test_newer_version(void **state)
{
	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	save_small(store, "key", "text");
	close_store(store);
	change(path, "PRAGMA user_version = 9999; ALTER TABLE unit ADD COLUMN more");
	expect_left_alone(path, "was made by a newer heapwarden");
}

static void
test_foreign_text(void **state)
{
	(void)state;
	char path[160];
	snprintf(path, sizeof path, "%s.md", new_path());
	close_store(open_store(path));
	assert_int_equal(truncate(path, 0), 0);
	overwrite(path, "A text that somebody has named by mistake, and that is long enough.\n", 0);
	expect_left_alone(path, "is no store");
}

/* A database of another program, which is damaged, under a name that one of ours could have; one
 * that has our number is ours under any name. */
static void
test_foreign_damage(void **state)
{
	(void)state;
	char path[160];
	for (int ours = 0; ours < 2; ours++) {
		snprintf(path, sizeof path, "%s.db", new_path());
		close_store(open_store(path));
		if (!ours)
			change(path, "PRAGMA application_id = 1");
		overwrite(path, "no database", 0);
		if (!ours) {
			expect_left_alone(path, "is no store");
			continue;
		}
		CLEANUP(buf_release) struct buf notice = {0};
		close_store(open_with(path, READER, &notice));
		assert_int_equal(count_beside(path, ".damaged-*"), 1);
	}
}

static void
test_foreign_database(void **state)
{
	(void)state;
	const char *path = new_path();
	close_store(open_store(path));
	assert_int_equal(unlink(path), 0);
	change(path, "CREATE TABLE bookmark(address); INSERT INTO bookmark VALUES('x')");
	expect_left_alone(path, "is no store of heapwarden's");
	change(path, "PRAGMA user_version = 1");
	expect_left_alone(path, "is no store of heapwarden's");
}

static void
test_empty_file(void **state)
{
	(void)state;
	const char *path = new_path();
	close_store(open_store(path));
	assert_int_equal(truncate(path, 0), 0);
	struct store *store = open_store(path);
	save_small(store, "key", "text");
	close_store(store);
}

/* --- places that can only be read, or hold no more */

/* A file system of its own, in a child, which alone sees it and ends with what the function gives:
 * 77 is skipped. */
static int
in_child(int (*function)(const char *path), const char *path)
{
	int status = 0;

	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(function(path));
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static char *
directory_of(const char *path)
{
	struct str name = path_directory(path);

	return strndup(name.p, name.n);
}

/* What is there is found, and what is saved is not. */
static int
use_read_only(const char *path)
{
	CLEANUP(buf_release) struct buf notice = {0};
	CLEANUP(recording_release) struct recording recording = {0};
	struct store *store = NULL;
	struct err err = {0};

	if (store_open(&store, path, READER, &notice, &err) != 0 || notice.n)
		return 1;
	fill_small(&recording, "more");
	if (load_all(store, &err) != 0 || save(store, "more", &recording, &err) != 0 ||
		store_keep_relevant(store, "tree", &recording.units[0].id, &err) != 0)
		return 2;
	if (has(store, "more"))
		return 3;
	store_close(store, &notice);
	return notice.n ? 4 : 0;
}

/* Root may write to files that say otherwise: a file system that is mounted so stops root as well.
 */
static int
use_read_only_mount(const char *path)
{
	CLEANUP(free_ptr) char *place = directory_of(path);

	if (geteuid() != 0) {
		if (chmod(path, 0400) != 0 || chmod(place, 0500) != 0)
			return 9;
		int result = use_read_only(path);
		return chmod(place, 0700) == 0 ? result : 9;
	}
	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount(place, place, NULL, MS_BIND, NULL) != 0 ||
		mount(NULL, place, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) != 0)
		return 77;
	return use_read_only(path);
}

static void
test_read_only(void **state)
{
	(void)state;
	const char *path = new_path();
	struct store *store = open_store(path);
	save_small(store, "key", "text");
	close_store(store);
	CLEANUP(buf_release) struct buf before = bytes_of(path);
	int result = in_child(use_read_only_mount, path);
	if (result == 77)
		skip();
	assert_int_equal(result, 0);
	CLEANUP(buf_release) struct buf after = bytes_of(path);
	assert_int_equal(before.n, after.n);
	assert_memory_equal(before.p, after.p, before.n);
}

/* Text that does not become smaller. */
static struct buf
noise(unsigned seed, size_t n)
{
	struct buf text = {0};

	srand(seed);
	while (text.n < n)
		buf_add_char(&text, (char)('!' + rand() % 90));
	return text;
}

/* Fill it until that fails; then it must still be a store, with all that was saved before. */
static int
fill_up(const char *path)
{
	CLEANUP(buf_release) struct buf notice = {0};
	struct store *store = NULL;
	struct err err = {0};
	char key[16];
	int saved = 0;

	if (store_open(&store, path, READER, &notice, &err) != 0)
		return 1;
	for (int result = 0; result == 0 && saved < 1000; saved += result == 0) {
		CLEANUP(buf_release) struct buf text = noise((unsigned)saved, 50000);
		CLEANUP(recording_release) struct recording recording = {0};
		fill_small(&recording, text.p);
		snprintf(key, sizeof key, "%d", saved);
		result = save(store, key, &recording, &err);
	}
	if (saved == 0 || saved == 1000)
		return 2;
	for (int i = 0; i <= saved; i++) {
		snprintf(key, sizeof key, "%d", i);
		if (has(store, key) != (i < saved))
			return 3;
	}
	store_close(store, &notice);
	return notice.n ? 4 : 0;
}

static int
fill_little_room(const char *path)
{
	const struct rlimit limit = {400000, 400000};

	signal(SIGXFSZ, SIG_IGN);
	return setrlimit(RLIMIT_FSIZE, &limit) == 0 ? fill_up(path) : 9;
}

static int
fill_small_disk(const char *path)
{
	CLEANUP(free_ptr) char *place = directory_of(path);

	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("store", place, "tmpfs", 0, "size=500k") != 0)
		return 77;
	return fill_up(path);
}

static void
test_little_room(void **state)
{
	(void)state;
	const char *path = new_path();
	close_store(open_store(path));
	assert_int_equal(in_child(fill_little_room, path), 0);
	assert_answer(path, "PRAGMA integrity_check", "ok\n");
}

static void
test_full_disk(void **state)
{
	(void)state;
	const char *path = new_path();
	close_store(open_store(path));
	int result = in_child(fill_small_disk, path);
	if (result == 77)
		skip();
	assert_int_equal(result, 0);
}

/* --- several at once */

/* Save snapshots that share most of their units with those of others, from number `from` on. */
static int
save_many(const char *path, int from, int count)
{
	CLEANUP(buf_release) struct buf notice = {0};
	struct store *store = NULL;
	struct err err = {0};

	if (store_open(&store, path, READER, &notice, &err) != 0 || notice.n)
		return 1;
	for (int i = from; i < from + count; i++) {
		CLEANUP(recording_release) struct recording recording = {0};
		char text[32], key[32];
		snprintf(text, sizeof text, "unit %d", i / 2);
		snprintf(key, sizeof key, "%d", i);
		for (int unit = 0; unit < 20; unit++) {
			CLEANUP(buf_release) struct buf name = {0};
			buf_printf(&name, "package %d", unit);
			recording_add(&recording, name.p, buf_str(&name));
		}
		fill_small(&recording, text);
		if (save(store, key, &recording, &err) != 0)
			return 2;
	}
	store_close(store, &notice);
	return notice.n ? 3 : 0;
}

static pid_t
start_saving(const char *path, int from, int count)
{
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(save_many(path, from, count));
	return child;
}

static void
test_two_at_once(void **state)
{
	pid_t children[4];

	(void)state;
	const char *path = new_path();
	/* The first ones make the store as well. */
	for (int i = 0; i < 4; i++)
		children[i] = start_saving(path, i * 15, 20);
	for (int i = 0; i < 4; i++) {
		int status = -1;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	assert_answer(path, "PRAGMA integrity_check; SELECT count(*) FROM snapshot", "ok\n65\n");
	assert_answer(path, "SELECT count(*) FROM unit", "53\n");
}

static int
count_snapshots(const char *path)
{
	CLEANUP(buf_release) struct buf count = ask(path, "SELECT count(*) FROM snapshot");

	return atoi(buf_str(&count).p);
}

/* Killed at any time: the store is whole, and so is each snapshot in it. */
static void
test_killed(void **state)
{
	(void)state;
	const char *path = new_path();
	/* On a busy machine it may take longer until the first one has saved anything. */
	for (int i = 0; i < 60 || (i < 1000 && count_snapshots(path) == 0); i++) {
		pid_t child = start_saving(path, i * 1000, 1000);
		int status;
		usleep((useconds_t)(1000 + i * 397));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		struct store *store = open_store(path);
		close_store(store);
	}
	assert_answer(path,
		"PRAGMA integrity_check; PRAGMA foreign_key_check; SELECT count(*) FROM "
		"snapshot WHERE (SELECT count(*) FROM printed WHERE snapshot = id) != 21",
		"ok\n0\n");
	CLEANUP(buf_release) struct buf keys = ask(path, "SELECT key FROM snapshot");
	struct str rest = buf_str(&keys), key;
	assert_true(keys.n > 0);
	struct store *store = open_store(path);
	while (str_next(&key, &rest, '\n')) {
		CLEANUP(free_ptr) char *name = strndup(key.p, key.n);
		assert_true(has(store, name));
	}
	close_store(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damaged_at_once),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_overwritten),
		cmocka_unit_test(test_damaged_for_two),
		cmocka_unit_test(test_newer_version),
		cmocka_unit_test(test_foreign_text),
		cmocka_unit_test(test_foreign_database),
		cmocka_unit_test(test_foreign_damage),
		cmocka_unit_test(test_empty_file),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_little_room),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_two_at_once),
		cmocka_unit_test(test_killed),
	};
	int failed;

	RUN_STORE_TESTS(tests, failed);
	failed += RUN_TABLE("damages", damages, test_damaged_on_the_way);
	dir_remove(directory);
	return failed != 0;
}

#include "tests/git_fixture.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "src/base/interrupt.h"
#include "src/repo.h"

static struct repo *
open_repo(const char *directory)
{
	struct repo *repo = NULL;
	struct err err = {0};

	if (repo_open(&repo, directory, &err) != 0)
		fail_msg("%s", err.msg);
	return repo;
}

/* Export the revision into the directory, which is made. */
static int export(const char *directory, const char *name, const char *to, struct err *err)
{
	CLEANUP(repo_cleanup) struct repo *repo = open_repo(directory);
	CLEANUP(arena_release) struct arena arena = {0};
	struct revision revision = {0};

	if (mkdir(to, 0755) != 0 && errno != EEXIST)
		fail_msg("cannot make %s", to);
	if (repo_resolve(&revision, repo, name, &arena, err) != 0)
		return -1;
	return repo_export(repo, &revision, to, err);
}

static void
expect_export(const char *directory, const char *name, const char *to)
{
	struct err err = {0};

	if (export(directory, name, to, &err) != 0)
		fail_msg("%s", err.msg);
}

/* Names, kinds, modes, link targets and contents. */
static char *
listing(const char *directory)
{
	return sh_output(directory, "find . -mindepth 1 -printf '%P %y %m %l\\n' | sort\n"
				    "find . -type f -exec sha1sum {} + | sort\n");
}

static void
expect_same_files(const char *directory, const char *expected)
{
	CLEANUP(free_ptr) char *ours = listing(directory);
	CLEANUP(free_ptr) char *theirs = listing(expected);

	assert_string_equal(ours, theirs);
}

static int
make_repositories(void **state)
{
	(void)state;
	sh(".", "git init -q -b main inner; cd inner; echo x > x.go; save one; cd ..\n"
		"git init -q -b main files; cd files\n"
		"mkdir -p dir/deep 'a name'; lines a 1 9 > dir/deep/a.go; : > empty.go\n"
		"printf 'no newline' > no-newline.go; printf 'one\\r\\ntwo\\r\\n' > crlf.txt\n"
		"printf 'a\\0b' > x.bin; echo run > run.sh; chmod +x run.sh\n"
		"echo s > 'a name/with space'; echo u > $(printf 'gr\\303\\274n.go')\n"
		"echo n > \"$(printf 'new\\nline.go')\"; echo i > $(printf 'not\\377utf8.go')\n"
		"ln -s dir/deep/a.go link.go; ln -s /etc/hostname away; ln -s nowhere broken\n"
		"git submodule --quiet add file://$PWD/../inner sub\n"
		"printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:12\\nsize 9\\n' > "
		"big.dat\n"
		"save one; git rm -rq --cached sub; rm -rf sub .gitmodules\n"
		"echo changed > dir/deep/a.go; git rm -q run.sh; echo more > more.go; save two\n"
		"mkdir ../expected; git -c tar.umask=022 archive HEAD~1 | tar x -C ../expected\n"
		"mkdir ../expected-2; git -c tar.umask=022 archive HEAD | tar x -C ../expected-2\n"
		"git clone -q --bare . ../files.git; git worktree add -q ../linked\n");
	return 0;
}

static void
test_export(void **state)
{
	static const char *const directories[] = {"files", "files/dir", "files.git", "linked"};
	char to[32];

	(void)state;
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
		snprintf(to, sizeof to, "export-%zu", i);
		expect_export(directories[i], "main~1", to);
		expect_same_files(to, "expected");
	}
	expect_export("files", "HEAD^{tree}", "export-tree");
	expect_same_files("export-tree", "expected-2");
	expect_export("files", "HEAD~1:dir", "export-dir");
	expect_same_files("export-dir", "expected/dir");
}

/* Index, references, working tree: nothing is written, not even a time, whatever state they are in.
 */
static void
test_export_touches_nothing(void **state)
{
	(void)state;
	sh(".", "cp -r files busy; cd busy\n"
		"echo staged > staged.go; git add staged.go; echo edited >> more.go\n"
		"echo untracked > untracked.go; rm empty.go; touch no-newline.go\n");
	CLEANUP(free_ptr) char *before = sh_state("busy");
	expect_export("busy", "HEAD~1", "export-busy");
	CLEANUP(free_ptr) char *after = sh_state("busy");
	assert_string_equal(before, after);
	expect_same_files("export-busy", "expected");
}

/* The tree's bytes as they are: neither filters nor line endings, which depend on somebody's
 * configuration. */
static void
test_export_without_filters(void **state)
{
	(void)state;
	sh(".", "cp -r files filtered; cd filtered\n"
		"printf '*.dat filter=lfs diff=lfs merge=lfs -text\\n*.go text eol=crlf ident\\n' "
		"> "
		".gitattributes\n"
		"cp .gitattributes .git/info/attributes\n"
		"git config filter.lfs.required true; git config filter.lfs.smudge false\n"
		"git config filter.lfs.process false; git config core.autocrlf true\n");
	expect_export("filtered", "HEAD~1", "export-filtered");
	expect_same_files("export-filtered", "expected");
}

/* Indexes that libgit2 cannot read are no obstacle. */
static void
test_export_odd_index(void **state)
{
	(void)state;
	sh(".", "cp -r files split; git -C split update-index --split-index\n"
		"git clone -q files sparse; cd sparse\n"
		"git sparse-checkout init --cone --sparse-index; git sparse-checkout set nothing\n"
		"cp -r ../files ../broken; printf x > ../broken/.git/index\n");
	expect_export("split", "HEAD~1", "export-split");
	expect_same_files("export-split", "expected");
	expect_export("sparse", "HEAD~1", "export-sparse");
	expect_same_files("export-sparse", "expected");
	expect_export("broken", "HEAD~1", "export-broken");
	expect_same_files("export-broken", "expected");
}

static void
test_export_partial(void **state)
{
	struct err err = {0};

	(void)state;
	sh(".", "git init -q -b main large; cd large; git config uploadpack.allowFilter true\n"
		"lines a 1 3 > a.go; lines big 1 500 > big.txt; lines b 1 3 > b.txt; save one\n"
		"lines c 1 500 > c.go; save two\n"
		"git clone -q --no-checkout --filter=blob:limit=1k file://$PWD ../partial\n"
		"mkdir ../expected-partial; cp a.go b.txt ../expected-partial\n");
	expect_export("partial", "HEAD~1", "export-partial");
	expect_same_files("export-partial", "expected-partial");
	/* Without a Go file the base would be another program. */
	assert_int_equal(export("partial", "HEAD", "export-lacking", &err), -1);
	assert_non_null(strstr(err.msg, "'c.go' is missing in this partial clone"));
	assert_non_null(strstr(err.msg, "git fetch --refetch --no-filter"));
	sh("partial", "git fetch -q --refetch --no-filter");
	expect_export("partial", "HEAD", "export-complete");
	sh(".", "cmp export-complete/c.go large/c.go");
}

/* A tree that would write outside of the directory, or make it look like a repository. */
static void
test_export_harmful(void **state)
{
	static const char *const names[] = {"..", ".", ".git", ".GIT", "../escaped"};

	(void)state;
	sh(".", "git init -q harmful");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		CLEANUP(buf_release) struct buf script = {0};
		struct err err = {0};
		buf_printf(&script,
			"b=$(echo x | git hash-object -w --stdin)\n"
			"t=$( (printf '100644 %%s\\0' '%s'; echo $b | xxd -r -p) | git hash-object "
			"-t tree -w --literally --stdin)\n"
			"c=$(git commit-tree -m x $t); echo $c",
			names[i]);
		CLEANUP(free_ptr) char *commit = sh_output("harmful", script.p);
		assert_int_equal(export("harmful", commit, "export-harmful", &err), -1);
		sh(".", "test -z \"$(ls -A export-harmful)\"; test ! -e escaped; test -d "
			"export-harmful");
	}
}

/* Two entries of one name: a link, and a directory that would be written through it. */
static void
test_export_through_link(void **state)
{
	struct err err = {0};

	(void)state;
	sh(".", "mkdir outside; git init -q through");
	CLEANUP(free_ptr)
	char *commit =
		sh_output("through", "l=$(printf ../outside | git hash-object -w --stdin)\n"
				     "b=$(echo x | git hash-object -w --stdin)\n"
				     "d=$(printf '100644 blob %s\\tf.go\\n' $b | git mktree)\n"
				     "t=$( (printf '120000 a\\0'; echo $l | xxd -r -p; printf "
				     "'40000 a\\0'; echo $d | xxd "
				     "-r -p) | git hash-object -t tree -w --literally --stdin)\n"
				     "git commit-tree -m x $t");
	assert_int_equal(export("through", commit, "export-through", &err), -1);
	assert_non_null(strstr(err.msg, "export-through/a"));
	sh(".", "test -z \"$(ls -A outside)\"");
}

/* Run in a child, whose limits and signals are its own; true where it ends with 0. */
static bool
in_child(int (*function)(void))
{
	int status = 0;

	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(function());
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int
export_with_little_room(void)
{
	const struct rlimit limit = {100, 100};
	struct err err = {0};

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
		export("files", "HEAD~1", "export-little", &err) != -1)
		return 1;
	return strstr(err.msg, "cannot write 'export-little/dir/deep/a.go'") ? 0 : 2;
}

static int
export_interrupted(void)
{
	struct err err = {0};

	interrupt_install();
	raise(SIGINT);
	int rc = export("files", "HEAD~1", "export-interrupted", &err);
	return rc == -1 && err.code == ERR_INTERRUPTED ? 0 : 1;
}

static void
test_export_fails(void **state)
{
	struct err err = {0};

	(void)state;
	assert_true(in_child(export_with_little_room));
	assert_true(in_child(export_interrupted));
	sh(".", "test -z \"$(ls -A export-interrupted)\"; mkdir occupied; touch occupied/more.go");
	assert_int_equal(export("files", "HEAD", "occupied", &err), -1);
	assert_non_null(strstr(err.msg, "'occupied/more.go': File exists"));
}

struct reading {
	const char *name; /* revision; NULL is the working tree */
	const char *path;
	const char *content; /* NULL: there is none */
};

static const struct reading readings[] = {
	{"HEAD", "dir/deep/a.go", "changed\n"},
	{"HEAD~1", "no-newline.go", "no newline"},
	{"HEAD~1", "empty.go", ""},
	{"HEAD~1", "crlf.txt", "one\r\ntwo\r\n"},
	{"HEAD:dir", "deep/a.go", "changed\n"}, /* a tree below the root has its own paths */
	{"HEAD", "run.sh", NULL},
	{"HEAD~1", "run.sh", "run\n"},
	{"HEAD", "dir", NULL},
	{"HEAD", "dir/absent", NULL},
	{"HEAD", "more.go/x", NULL},
	{"HEAD~1", "sub", NULL},
	{"HEAD~1", "sub/x.go", NULL},
	{NULL, "no-newline.go", "no newline"},
	{NULL, "dir/absent", NULL},
};

static void
test_read(void **state)
{
	CLEANUP(repo_cleanup) struct repo *repo = open_repo("files/dir");
	CLEANUP(arena_release) struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
		const struct reading *row = &readings[i];
		CLEANUP(buf_release) struct buf content = {0};
		struct revision revision = {0};
		struct err err = {0};
		int found = row->name ? repo_resolve(&revision, repo, row->name, &arena, &err)
				      : repo_worktree(&revision, repo, &arena, &err);
		assert_int_equal(found, 0);
		int rc = repo_read(&content, repo, &revision, row->path, &err);
		assert_int_equal(rc, row->content ? 0 : -1);
		if (row->content)
			assert_string_equal(buf_str(&content).p, row->content);
		else
			assert_int_equal(err.code, ERR_NOT_FOUND);
	}
}

int
main(void)
{
	char directory[] = "/tmp/heapwarden-export-XXXXXX";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_export),
		cmocka_unit_test(test_export_touches_nothing),
		cmocka_unit_test(test_export_without_filters),
		cmocka_unit_test(test_export_odd_index),
		cmocka_unit_test(test_export_partial),
		cmocka_unit_test(test_export_harmful),
		cmocka_unit_test(test_export_through_link),
		cmocka_unit_test(test_export_fails),
		cmocka_unit_test(test_read),
	};

	fixture_enter(directory);
	int failed = cmocka_run_group_tests(tests, make_repositories, NULL);
	fixture_leave(directory);
	return failed != 0;
}

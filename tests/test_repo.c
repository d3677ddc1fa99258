#include "tests/git_fixture.h"

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

static void
test_open(void **state)
{
	static const struct {
		const char *directory, *root, *prefix;
	} rows[] = {
		{"plain", "plain", ""},
		{"plain/", "plain", ""},
		{"plain/dir/deep", "plain", "dir/deep"},
		{"plain-link/dir", "plain", "dir"},
		{"plain/ignored.d", "plain", "ignored.d"},
		{"linked", "linked", ""},
		{"linked/dir", "linked", "dir"},
		{"outer/sub", "outer/sub", ""},
		{"outer/sub/dir", "outer/sub", "dir"},
		{"of-bare", "of-bare", ""},
		{"bare.git", NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		CLEANUP(repo_cleanup) struct repo *repo = open_repo(rows[i].directory);
		CLEANUP(free_ptr) char *root = rows[i].root ? realpath(rows[i].root, NULL) : NULL;
		if (root)
			assert_string_equal(repo_root(repo), root);
		else
			assert_null(repo_root(repo));
		assert_string_equal(repo_prefix(repo), rows[i].prefix);
	}
}

static void
expect_no_repo(const char *directory, enum err_code code, const char *words)
{
	struct repo *repo = NULL;
	struct err err = {0};

	assert_int_equal(repo_open(&repo, directory, &err), -1);
	assert_null(repo);
	assert_int_equal(err.code, code);
	if (!strstr(err.msg, words))
		fail_msg("'%s' does not say '%s'", err.msg, words);
}

static void
test_open_nothing(void **state)
{
	(void)state;
	sh(".", "mkdir -p none");
	expect_no_repo("none", ERR_NOT_FOUND,
		"'none' is not inside a git repository: run heapwarden in one, or name it with -C "
		"DIR");
	expect_no_repo("absent", ERR_NOT_FOUND, "cannot open directory 'absent'");
}

static void
test_open_format(void **state)
{
	(void)state;
	sh(".", "git init -q --object-format=sha256 sha256\n"
		"git init -q odd; git -C odd config core.repositoryformatversion 1\n"
		"git -C odd config extensions.strange true\n");
	expect_no_repo("sha256", ERR_FAILED, "SHA-256");
	expect_no_repo("odd", ERR_FAILED, "this format of repository is not supported");
}

static void
test_open_harmless_extensions(void **state)
{
	(void)state;
	sh(".", "git init -q extended; cd extended; git config core.repositoryformatversion 1\n"
		"git config extensions.worktreeConfig true\n"
		"git config extensions.partialClone origin\n"
		"git config extensions.preciousObjects true\n");
	CLEANUP(repo_cleanup) struct repo *repo = open_repo("extended");
	assert_non_null(repo_root(repo));
}

static void
test_open_foreign(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	sh(".", "git init -q foreign; chown -R 12345 foreign");
	CLEANUP(free_ptr) char *root = realpath("foreign", NULL);
	CLEANUP(buf_release) struct buf command = {0};
	buf_printf(&command, "'git config --global --add safe.directory %s'", root);
	expect_no_repo("foreign", ERR_FAILED, command.p);

	/* The command that is named must help, and so must trusting every directory. */
	sh(".", "unset GIT_CONFIG_GLOBAL; git config --global --add safe.directory $PWD/foreign");
	repo_close(open_repo("foreign"));
	sh(".", "printf '[safe]\\n\\tdirectory = *\\n' > $HOME/.gitconfig");
	repo_close(open_repo("foreign"));
	sh(".", "printf '[safe]\\n\\tdirectory = *\\n\\tdirectory =\\n' > $HOME/.gitconfig");
	expect_no_repo("foreign", ERR_FAILED, command.p);
	sh(".", "rm $HOME/.gitconfig");
}

struct form {
	const char *spec; /* as in double quotes in a shell */
};

static const struct form forms[] = {
	{"HEAD"},
	{"@"},
	{"HEAD~2"},
	{"@~2"},
	{"@^"},
	{"@^^{commit}"},
	{"@^{tree}"},
	{"@:dir"},
	{"HEAD^"},
	{"HEAD^0"},
	{"HEAD~1^2"},
	{"HEAD^^2~1"},
	{"main"},
	{"feature"},
	{"refs/heads/main"},
	{"heads/main"},
	{"origin/main"},
	{"remotes/origin/main"},
	{"origin"},
	{"light"},
	{"v1.0"},
	{"v1.0~1"},
	{"tags/v1.0"},
	{"v1.0^{}"},
	{"v1.0^{commit}"},
	{"v1.0^{tree}"},
	{"tag-of-tree"},
	{"twin"},
	{"user@host"},
	{"user@host~1"},
	{"$(git rev-parse HEAD)"},
	{"$(git rev-parse HEAD | tr a-f A-F)"},
	{"$(git rev-parse --short=7 HEAD~1)"},
	{"$(git rev-parse --short=5 HEAD)~1"},
	{"$(git rev-parse HEAD^{tree})"},
	{"$(git rev-parse v1.0)"},
	{"@{u}"},
	{"@{U}"},
	{"@{upstream}~1"},
	{"@{UpStream}"},
	{"main@{u}"},
	{"HEAD@{u}"},
	{"@{push}"},
	{"main@{push}~1"},
	{"@{PUSH}"},
	{"feature@{push}"},
	{"@{-1}"},
	{"@{-1}~1"},
	{"@{-2}"},
	{"HEAD@{0}"},
	{"HEAD@{1}"},
	{"HEAD@{2}"},
	{"HEAD@{3}^{tree}"},
	{"HEAD@{5}~1"},
	{"main@{0}"},
	{"main@{1}"},
	{"main@{2}"},
	{"@{1}"},
	{"@{1}~1"},
	{"origin/main@{0}"},
	{":/second"},
	{"HEAD^{/second}"},
	{"HEAD^{/s[e]cond}~1"},
	{"$(git describe)"},
	{"$(git describe)~1"},
	{"$(git describe --match 'a-great-*')"},
	{"$(git describe --match 'a-great-*')^{tree}"},
	{"x-1-gadded"},
	{"HEAD:"},
	{"HEAD:dir"},
	{"HEAD:dir/deep"},
	{"v1.0:dir"},
	{"ORIG_HEAD"},
	{"FETCH_HEAD"},
};

static void
make_forms(void)
{
	sh(".", "git init -q --bare -b main up.git; git init -q -b main forms; cd forms\n"
		"git remote add origin ../up.git\n"
		"mkdir -p dir/deep; lines a 1 9 > dir/deep/a.go; save first; git tag light\n"
		"git update-ref refs/tags/tag-of-tree HEAD^{tree}\n"
		"git switch -q -c feature; lines f 1 9 > f.go; save 'on feature'\n"
		"echo >> f.go; save 'on feature again'\n"
		"git switch -q main; lines b 1 9 > b.go; save 'second one'\n"
		"git tag -a v1.0 -m 'release'; git tag a-great-1.0 -a -m 'great'\n"
		"git tag twin; git branch -q twin HEAD~1; git branch -q user@host\n"
		"git branch -q x-1-gadded HEAD~1\n"
		"git merge -q --no-ff -m 'merge it' feature\n"
		"git push -q -u origin main feature; git remote set-head origin main\n"
		"git fetch -q origin main\n"
		"echo >> b.go; save third; git commit -q --amend -m 'third, amended'\n"
		"git reset -q --soft HEAD\n"
		"git switch -q --detach HEAD~1; git switch -q feature; git switch -q main\n");
}

static char *
git_in(const char *directory, const char *command, const char *argument)
{
	CLEANUP(buf_release) struct buf script = {0};

	buf_printf(&script, "git %s '%s'", command, argument);
	return sh_output(directory, script.p);
}

static void
expect_same_revision(const struct revision *revision, const char *directory, const char *id)
{
	CLEANUP(buf_release) struct buf script = {0}, ours = {0};

	buf_printf(&script,
		"id=%s; git rev-parse $id^{tree}\n"
		"c=$(git rev-parse -q --verify $id^{commit} 2>/dev/null) || { echo none; exit; }\n"
		"git log -1 --format='%%H %%ct %%s' $c",
		id);
	buf_printf(&ours, "%s\n", revision->tree);
	if (revision->commit)
		buf_printf(&ours, "%s %lld %s", revision->commit, (long long)revision->time,
			revision->subject);
	else
		buf_printf(&ours, "none");
	CLEANUP(free_ptr) char *theirs = sh_output(directory, script.p);
	assert_string_equal(ours.p, theirs);
}

static void
test_form(void **state)
{
	const struct form *form = *state;
	CLEANUP(repo_cleanup) struct repo *repo = open_repo("forms");
	CLEANUP(arena_release) struct arena arena = {0};
	CLEANUP(buf_release) struct buf echo = {0};
	struct revision revision = {0};
	struct err err = {0};

	buf_printf(&echo, "printf '%%s' \"%s\"", form->spec);
	CLEANUP(free_ptr) char *spec = sh_output("forms", echo.p);
	CLEANUP(free_ptr) char *id = git_in("forms", "rev-parse --verify", spec);
	if (repo_resolve(&revision, repo, spec, &arena, &err) != 0)
		fail_msg("%s", err.msg);
	assert_string_equal(revision.name, spec);
	assert_false(revision.worktree);
	expect_same_revision(&revision, "forms", id);
}

static void
expect_unknown(const char *directory, const char *spec, const char *words)
{
	CLEANUP(repo_cleanup) struct repo *repo = open_repo(directory);
	CLEANUP(arena_release) struct arena arena = {0};
	struct revision revision = {0};
	struct err err = {0};

	if (repo_resolve(&revision, repo, spec, &arena, &err) == 0)
		fail_msg("'%s' is %s", spec, revision.commit);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_null(revision.name);
	if (!strstr(err.msg, words))
		fail_msg("'%s' does not say '%s'", err.msg, words);
}

static void
test_unknown(void **state)
{
	static const char *const specs[] = {"nothing", "HEAD~99", "HEAD^3", "HEAD@{99}",
		"main@{99}", "feature@{-1}", "light@{u}", "twin@{u}", "twin@{push}", "light@{push}",
		"@{-99}", ":/no such text", "HEAD:absent", "v9.9-1-gabcdef0", "HEAD^{nonsense}", "",
		"HEAD^{", "HEAD@{", "@{push", "^", "~", "..", "HEAD..main",
		"0123456789012345678901234567890123456789"};

	(void)state;
	for (size_t i = 0; i < sizeof specs / sizeof *specs; i++)
		expect_unknown("forms", specs[i], specs[i]);
	expect_unknown("forms", "nothing", "there is no revision 'nothing' in this repository");
	expect_unknown("forms", "0000000000000000000000000000000000000000", "nothing yet");
	expect_unknown("forms", "HEAD:b.go", "'HEAD:b.go' is a blob");
	sh("forms", "git update-ref refs/remotes/origin/only-there HEAD");
	expect_unknown("forms", "only-there", "there is 'origin/only-there'");
}

static void
test_push_settings(void **state)
{
	static const char *const settings[] = {
		"git config branch.main.pushRemote fork",
		"git config --unset branch.main.pushRemote; git config remote.pushDefault fork",
		"git config remote.fork.push refs/heads/main:refs/heads/twin",
	};
	CLEANUP(repo_cleanup) struct repo *repo = NULL;

	(void)state;
	sh(".", "cp -r forms pushing; cd pushing; git config push.default current\n"
		"git remote add fork ../fork.git\n"
		"git update-ref refs/remotes/fork/main HEAD~2\n"
		"git update-ref refs/remotes/fork/twin HEAD~1\n");
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		sh("pushing", settings[i]);
		CLEANUP(arena_release) struct arena arena = {0};
		struct revision revision = {0};
		struct err err = {0};
		CLEANUP(free_ptr) char *id = git_in("pushing", "rev-parse", "@{push}");
		repo_close(repo);
		repo = open_repo("pushing");
		assert_int_equal(repo_resolve(&revision, repo, "@{push}", &arena, &err), 0);
		assert_string_equal(revision.commit, id);
	}
}

static void
test_ambiguous(void **state)
{
	(void)state;
	/* Enough blobs for two of them to share the first four digits of their names. */
	sh(".", "git init -q many; cd many; mkdir d; for i in $(seq 1500); do echo $i > d/$i; "
		"done; "
		"save x");
	CLEANUP(free_ptr)
	char *prefix = sh_output("many",
		"git ls-tree -r HEAD | cut -d' ' -f3 | cut -c1-4 | sort | uniq -d | head -n 1");
	assert_int_equal(strlen(prefix), 4);
	expect_unknown("many", prefix, "is ambiguous");
}

static void
test_shallow(void **state)
{
	(void)state;
	sh(".", "git init -q -b main deep; cd deep\n"
		"for i in 1 2 3 4; do lines x 1 $i > x.go; save $i; done\n"
		"git clone -q --depth 2 file://$PWD ../shallow\n");
	expect_unknown("shallow", "HEAD~2", "git fetch --unshallow");
	expect_unknown("shallow", "HEAD~2", "git fetch --deepen=100");
	expect_unknown("shallow", "v1", "there is no revision 'v1' in this repository");
	CLEANUP(repo_cleanup) struct repo *repo = open_repo("shallow");
	CLEANUP(arena_release) struct arena arena = {0};
	struct revision revision = {0};
	struct err err = {0};
	assert_int_equal(repo_resolve(&revision, repo, "HEAD~1", &arena, &err), 0);
	assert_string_equal(revision.subject, "3");
}

static void
test_partial(void **state)
{
	(void)state;
	sh(".", "git init -q -b main whole; cd whole; mkdir d; lines x 1 9 > d/x.go; save one\n"
		"git config uploadpack.allowFilter true\n"
		"git clone -q --no-checkout --filter=tree:0 file://$PWD ../treeless\n");
	CLEANUP(free_ptr) char *tree = git_in("whole", "rev-parse", "HEAD^{tree}");
	expect_unknown("treeless", "HEAD^{tree}", "git fetch --refetch --no-filter");
	expect_unknown("treeless", "HEAD:d", "partial clone");
}

static void
test_worktree(void **state)
{
	static const char *const directories[] = {"forms", "linked", "outer/sub", "detached"};
	CLEANUP(arena_release) struct arena arena = {0};

	(void)state;
	sh(".", "cp -r forms detached; git -C detached switch -q --detach HEAD~2");
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
		CLEANUP(repo_cleanup) struct repo *repo = open_repo(directories[i]);
		CLEANUP(free_ptr) char *id = git_in(directories[i], "rev-parse", "HEAD");
		struct revision revision = {0};
		struct err err = {0};
		assert_int_equal(repo_worktree(&revision, repo, &arena, &err), 0);
		assert_true(revision.worktree);
		assert_string_equal(revision.name, "working tree");
		assert_string_equal(revision.commit, id);
		assert_null(revision.tree);
	}
}

static void
test_worktree_without_commit(void **state)
{
	CLEANUP(arena_release) struct arena arena = {0};
	struct revision revision = {0};
	struct err err = {0};

	(void)state;
	sh(".", "git init -q unborn");
	CLEANUP(repo_cleanup) struct repo *unborn = open_repo("unborn");
	assert_int_equal(repo_worktree(&revision, unborn, &arena, &err), 0);
	assert_true(revision.worktree);
	assert_null(revision.commit);
	assert_string_equal(revision.subject, "");
	expect_unknown("unborn", "HEAD", "has no commit yet");
	expect_unknown("unborn", "@~1", "has no commit yet");

	CLEANUP(repo_cleanup) struct repo *bare = open_repo("bare.git");
	assert_int_equal(repo_worktree(&revision, bare, &arena, &err), -1);
	assert_non_null(strstr(err.msg, "bare"));
}

static int
merge_base(struct merge_base *out, struct repo *repo, const char *one, const char *two,
	struct arena *arena, struct err *err)
{
	struct revision first, second;

	if (repo_resolve(&first, repo, one, arena, err) != 0 ||
		repo_resolve(&second, repo, two, arena, err) != 0)
		return -1;
	return repo_merge_base(out, repo, &first, &second, arena, err);
}

static void
expect_merge_base(const char *directory, const char *one, const char *two)
{
	CLEANUP(repo_cleanup) struct repo *repo = open_repo(directory);
	CLEANUP(arena_release) struct arena arena = {0};
	CLEANUP(buf_release) struct buf script = {0};
	struct merge_base found = {0};
	struct err err = {0};

	buf_printf(&script, "git merge-base --all '%s' '%s'", one, two);
	CLEANUP(free_ptr) char *bases = sh_output(directory, script.p);
	if (merge_base(&found, repo, one, two, &arena, &err) != 0)
		fail_msg("%s", err.msg);
	if (!strstr(bases, found.revision.commit))
		fail_msg("%s is none of %s", found.revision.commit, bases);
	assert_int_equal(found.count, (strlen(bases) + 1) / 41);
	expect_same_revision(&found.revision, directory, found.revision.commit);
}

static void
make_merges(void)
{
	sh(".", "git init -q -b main merges; cd merges\n"
		"n=0; step() { n=$((n+1)); echo $n > $1; "
		"GIT_COMMITTER_DATE=\"2024-02-01T00:00:$n\" "
		"save \"$1 $n\"; }\n"
		"n=10; step a; git branch -q other; step b; step c; git switch -q other; step d\n"
		"git branch -q left; git branch -q right main\n"
		"git switch -q left; git merge -q -m m1 main; step e\n"
		"git switch -q right; git merge -q -m m2 other; step f\n"
		"git switch -q --orphan alone; step g\n");
}

static void
test_merge_base(void **state)
{
	(void)state;
	make_merges();
	expect_merge_base("merges", "main", "other");
	expect_merge_base("merges", "other", "main");
	expect_merge_base("merges", "main", "main~1");
	expect_merge_base("merges", "main", "main");
	expect_merge_base("merges", "left", "right"); /* criss-cross: two are best */
	expect_merge_base("forms", "v1.0", "feature");
}

static void
expect_no_merge_base(const char *directory, const char *one, const char *two, const char *words)
{
	CLEANUP(repo_cleanup) struct repo *repo = open_repo(directory);
	CLEANUP(arena_release) struct arena arena = {0};
	struct merge_base found = {0};
	struct err err = {0};

	assert_int_equal(merge_base(&found, repo, one, two, &arena, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	if (!strstr(err.msg, words))
		fail_msg("'%s' does not say '%s'", err.msg, words);
}

static void
test_no_merge_base(void **state)
{
	(void)state;
	expect_no_merge_base(
		"merges", "main", "alone", "'main' and 'alone' have no common ancestor");
	expect_no_merge_base("merges", "main", "absent", "there is no revision 'absent'");
	expect_no_merge_base("merges", "main", "main^{tree}", "'main^{tree}' is no commit");
}

static void
test_shallow_merge_base(void **state)
{
	(void)state;
	/* What a CI checks out for a pull request: the merge of the branch, and its two parents. */
	sh("merges", "git switch -q -c pull main; git merge -q -m pull other\n"
		     "git clone -q --depth 2 --branch pull file://$PWD ../pull-2\n"
		     "git clone -q --depth 3 --branch pull file://$PWD ../pull-3\n"
		     "git clone -q --depth 4 --branch right file://$PWD ../right-4\n");
	expect_merge_base("pull-2", "HEAD", "HEAD^1");
	expect_merge_base("pull-2", "HEAD^2", "HEAD");
	expect_no_merge_base("pull-2", "HEAD^1", "HEAD^2", "git fetch --unshallow");
	expect_merge_base("pull-3", "HEAD^1~1", "HEAD");
	expect_merge_base("right-4", "HEAD^1", "HEAD~1^2");
}

/* A clock that went backwards must not make a worse ancestor the best, nor a missing one. */
static void
test_shallow_merge_base_dates(void **state)
{
	(void)state;
	sh(".", "git init -q -b main skewed; cd skewed\n"
		"step() { echo $1 > $1; export GIT_COMMITTER_DATE=\"$2-01-01T00:00:00Z\"; save $1; "
		"}\n"
		"step r0 2020; step r1 2030; step r2 2021; git branch -q other; step x 2031\n"
		"git switch -q other; step y 2032; git switch -q main; git merge -q -m pull other\n"
		"git clone -q --depth 2 file://$PWD ../skewed-2\n"
		"git clone -q --depth 4 file://$PWD ../skewed-4\n");
	expect_merge_base("skewed-4", "HEAD^1", "HEAD^2");
	expect_no_merge_base("skewed-2", "HEAD^1", "HEAD^2", "git fetch --unshallow");
}

static int
make_repositories(void **state)
{
	(void)state;
	sh(".", "git init -q -b main plain; cd plain; mkdir -p dir/deep ignored.d\n"
		"echo ignored.d > .gitignore; lines a 1 9 > dir/deep/a.go; save one\n"
		"git worktree add -q ../linked; cd ..; ln -s plain plain-link\n"
		"git clone -q --bare plain bare.git; git -C bare.git worktree add -q ../of-bare\n"
		"git init -q -b main outer; cd outer\n"
		"git submodule --quiet add file://$PWD/../plain sub; save one\n");
	make_forms();
	return 0;
}

int
main(void)
{
	char directory[] = "/tmp/heapwarden-repo-XXXXXX";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_open_nothing),
		cmocka_unit_test(test_open_format),
		cmocka_unit_test(test_open_harmless_extensions),
		cmocka_unit_test(test_open_foreign),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_push_settings),
		cmocka_unit_test(test_ambiguous),
		cmocka_unit_test(test_shallow),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_worktree),
		cmocka_unit_test(test_worktree_without_commit),
		cmocka_unit_test(test_merge_base),
		cmocka_unit_test(test_no_merge_base),
		cmocka_unit_test(test_shallow_merge_base),
		cmocka_unit_test(test_shallow_merge_base_dates),
	};

	fixture_enter(directory);
	int failed = cmocka_run_group_tests(tests, make_repositories, NULL);
	failed += RUN_TABLE("revisions", forms, test_form);
	fixture_leave(directory);
	return failed != 0;
}

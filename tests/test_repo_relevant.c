#include "tests/git_fixture.h"

#include "src/base/hash.h"
#include "src/repo.h"

struct relevant {
	struct content_id id;
	bool known;
};

/* Of a revision, or of the working tree where `name` is NULL. */
static struct relevant
relevant_of(const char *directory, const char *name)
{
	CLEANUP(repo_cleanup) struct repo *repo = NULL;
	CLEANUP(arena_release) struct arena arena = {0};
	struct revision revision = {0};
	CLEANUP(buf_release) struct buf files = {0};
	struct relevant is = {0};
	struct err err = {0};

	if (repo_open(&repo, directory, &err) != 0)
		fail_msg("%s", err.msg);
	int rc = name ? repo_resolve(&revision, repo, name, &arena, &err)
		      : repo_worktree(&revision, repo, &arena, &err);
	if (rc != 0 || repo_relevant(&files, &is.known, repo, &revision, &err) != 0)
		fail_msg("%s", err.msg);
	is.id = hash_content(buf_str(&files));
	return is;
}

static bool
is_same(const struct relevant *one, const struct relevant *two)
{
	return one->known == two->known && strcmp(one->id.hex, two->id.hex) == 0;
}

static int
make_repositories(void **state)
{
	(void)state;
	sh(".", "git init -q -b main files; cd files; mkdir -p dir/deep vendor\n"
		"echo 'module m' > go.mod; echo s > go.sum; echo w > go.work\n"
		"echo m > vendor/modules.txt; echo v > vendor/v.go\n"
		"echo a > a.go; echo b > dir/b.go; echo c > dir/deep/c.c; echo h > dir/h.h\n"
		"echo s > dir/s.s; echo p > default.pgo; echo t > a_test.go; echo r > README.md\n"
		"echo x > 'odd name.go'; echo n > \"$(printf 'new\\nline.go')\"; chmod +x "
		"dir/b.go\n"
		"ln -s a.go link.go; ln -s dir inner; ln -s README.md page; ln -s nowhere broken\n"
		"save one");
	return 0;
}

/* What a change of the working tree does, and of the commit that is made of it. */
static const struct edit {
	const char *name, *script;
	bool differs;
} edits[] = {
	{"Go file", "echo more >> a.go", true},
	{"Go file below", "echo more >> dir/b.go", true},
	{"go.mod", "echo more >> go.mod", true},
	{"go.sum", "echo more >> go.sum", true},
	{"go.work", "echo more >> go.work", true},
	{"go.work.sum", "echo more > go.work.sum", true},
	{"modules.txt", "echo more >> vendor/modules.txt", true},
	{"assembly", "echo more >> dir/s.s", true},
	{"header", "echo more >> dir/h.h", true},
	{"C", "echo more >> dir/deep/c.c", true},
	{"profile", "echo more >> default.pgo", true},
	{"added", "echo new > dir/new.go", true},
	{"added in a new directory", "mkdir far; echo new > far/new.go", true},
	{"removed", "rm dir/b.go", true},
	{"renamed", "mv dir/b.go dir/c.go", true},
	{"moved", "mv dir/b.go b.go", true},
	{"two that were exchanged", "mv a.go x; mv dir/b.go a.go; mv x dir/b.go", true},
	{"odd name", "echo more >> \"$(printf 'new\\nline.go')\"", true},
	{"link turned", "ln -sf dir/b.go link.go", true},
	{"link to a directory turned", "rm inner; ln -s vendor inner", true},
	{"link that is a file now", "rm link.go; echo a > link.go", true},
	{"file that is a directory now", "rm a.go; mkdir a.go; echo x > a.go/x.go", true},
	{"test", "echo more >> a_test.go; echo new > new_test.go", false},
	{"text", "echo more >> README.md", false},
	{"mode", "chmod -x dir/b.go; chmod +x a.go", false},
	{"nothing in an empty directory", "mkdir -p empty/still", false},
	{"removed test", "rm a_test.go README.md", false},
	{"times", "touch a.go dir/b.go", false},
};

static void
test_edit(void **state)
{
	const struct edit *edit = *state;

	sh(".", "rm -rf edited; git clone -q files edited");
	struct relevant was = relevant_of("edited", "HEAD");
	struct relevant clean = relevant_of("edited", NULL);
	assert_true(is_same(&was, &clean));
	assert_true(was.known);
	sh("edited", edit->script);
	struct relevant dirty = relevant_of("edited", NULL);
	sh("edited", "git add -A; git commit -q --allow-empty -m edited");
	struct relevant is = relevant_of("edited", "HEAD");
	struct relevant settled = relevant_of("edited/dir", NULL);
	assert_int_equal(is_same(&was, &dirty), !edit->differs);
	assert_true(is_same(&dirty, &is));
	assert_true(is_same(&dirty, &settled));
}

static void
test_with_tests(void **state)
{
	CLEANUP(repo_cleanup) struct repo *repo = NULL;
	CLEANUP(arena_release) struct arena arena = {0};
	CLEANUP(buf_release) struct buf without = {0};
	CLEANUP(buf_release) struct buf with = {0};
	struct revision revision;
	struct err err = {0};
	bool known;

	(void)state;
	if (repo_open(&repo, "files", &err) != 0 ||
		repo_resolve(&revision, repo, "HEAD", &arena, &err) != 0 ||
		repo_relevant(&without, &known, repo, &revision, &err) != 0 ||
		repo_relevant_with_tests(&with, &known, repo, &revision, &err) != 0)
		fail_msg("%s", err.msg);
	assert_null(memmem(without.p, without.n, " a_test.go", sizeof " a_test.go"));
	assert_non_null(memmem(with.p, with.n, " a_test.go", sizeof " a_test.go"));
	assert_int_equal(with.n, without.n + strlen("f ") + 40 + sizeof "a_test.go");
	assert_true(repo_is_relevant("dir/a_test.go", true));
	assert_false(repo_is_relevant("dir/a_test.go", false));
}

static void
test_untracked(void **state)
{
	(void)state;
	sh(".", "rm -rf edited; git clone -q files edited; cd edited\n"
		"echo ignored.go > .git/info/exclude; echo one > ignored.go");
	struct relevant was = relevant_of("edited", "HEAD"), one = relevant_of("edited", NULL);
	assert_false(is_same(&was, &one));
	sh("edited", "echo two > ignored.go");
	struct relevant two = relevant_of("edited", NULL);
	assert_false(is_same(&one, &two));
	sh("edited", "rm ignored.go; git update-index --assume-unchanged a.go; echo two > a.go");
	two = relevant_of("edited", NULL);
	assert_false(is_same(&was, &two));
}

/* Changed in the second in which the index was written (git calls such files racily clean), and
 * long after: with the size and the time that the index has. */
static void
test_same_time(void **state)
{
	static const char *const times[] = {"now", "2020-01-02"};

	(void)state;
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		CLEANUP(buf_release) struct buf script = {0};
		buf_printf(&script,
			"rm -rf same; git init -q same; cd same; echo one > a.go\n"
			"touch -d '%s' a.go; touch -r a.go time; git add a.go\n"
			"echo two > a.go; touch -r time a.go; rm time",
			times[i]);
		sh(".", script.p);
		struct relevant is = relevant_of("same", NULL);
		sh("same", "cat a.go > x; rm a.go; mv x a.go; git add a.go; git commit -q -m two");
		struct relevant committed = relevant_of("same", "HEAD");
		assert_true(is_same(&is, &committed));
	}
}

/* Indexes that cannot be read are no obstacle: everything is hashed then. */
static void
test_odd_index(void **state)
{
	(void)state;
	struct relevant was = relevant_of("files", "HEAD");
	sh(".", "git clone -q files split; git -C split update-index --split-index\n"
		"git clone -q files broken; printf x > broken/.git/index\n"
		"git clone -q files none; rm none/.git/index\n"
		"git -C files worktree add -q ../linked");
	const char *const directories[] = {"split", "broken", "none", "linked"};
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
		struct relevant is = relevant_of(directories[i], NULL);
		assert_true(is_same(&was, &is));
	}
}

/* Links to what is not told by its name. */
static void
test_links(void **state)
{
	static const struct {
		const char *script;
		bool known;
	} rows[] = {
		{"ln -s dir/b.go l.go", true},
		{"ln -s ./dir/../a.go l.go", true},
		{"ln -s ../a.go dir/l.go", true},
		{"ln -s ../a.go l.go", false},
		{"ln -s ../../edited/a.go dir/l.go", false},
		{"ln -s /etc/x.go l.go", false},
		{"ln -s README.md l.go", false},
		{"ln -s a_test.go l.go", false},
		{"ln -s /etc/hostname page.md", true},
		{"ln -s ../../.. up", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		sh(".", "rm -rf edited; git clone -q files edited");
		sh("edited", rows[i].script);
		struct relevant dirty = relevant_of("edited", NULL);
		sh("edited", "save link");
		struct relevant is = relevant_of("edited", "HEAD");
		if (is.known != rows[i].known)
			fail_msg("known: %d: %s", is.known, rows[i].script);
		assert_true(is_same(&is, &dirty));
	}
}

/* An export leaves a submodule empty, the working tree has it. */
/* What git's filters make of a file is what go reads of the working tree, though the index, which
 * was written long after, knows what git keeps of it. */
#define LOUD "git config filter.loud.smudge 'tr a b'; git config filter.loud.clean 'tr b a'; "

static const struct filter {
	const char *name, *attributes, *config;
	bool differs;
	const char *last; /* done at the end; NULL: nothing */
} filters[] = {
	{"smudged to the same size", "a.go filter=loud", LOUD, true, NULL},
	{"attributes that are git's own", "", LOUD "echo 'a.go filter=loud' >.git/info/attributes",
		true, NULL},
	{"attributes in a file that the configuration names", "",
		LOUD "echo 'a.go filter=loud' >.git/mine; git config core.attributesFile "
		     "\"$PWD/.git/mine\"",
		true, NULL},
	{"attributes in the index alone", "a.go filter=loud", LOUD, true, "rm .gitattributes"},
	{"attributes of another directory", "",
		LOUD "mkdir b; echo '*.go filter=loud' >b/.gitattributes", false, NULL},
	{"ends of lines", "*.go eol=crlf", "", true, NULL},
	{"ends of lines by configuration", "* text=auto", "git config core.autocrlf true", true,
		NULL},
	{"$Id$", "a.go ident", "", true, NULL},
	{"no ends of lines to change", "* text=auto", "", false, NULL},
	{"a filter that was taken away", "a.go -filter", "", false, NULL},
};

static void
test_filter(void **state)
{
	const struct filter *filter = *state;
	CLEANUP(buf_release) struct buf script = {0};

	buf_printf(&script,
		"rm -rf filtered; git init -q filtered; cd filtered; %s\n"
		"echo '%s' > .gitattributes; echo 'a $Id$' > a.go; save one\n"
		"rm a.go; git checkout -q a.go; sleep 1.1; touch a.txt; git add a.txt\n%s",
		filter->config, filter->attributes, filter->last ? filter->last : "");
	sh(".", script.p);
	struct relevant commit = relevant_of("filtered", "HEAD");
	struct relevant tree = relevant_of("filtered", NULL);
	assert_int_equal(!is_same(&commit, &tree), filter->differs);
}

static void
test_submodule(void **state)
{
	(void)state;
	sh(".", "git init -q -b main inner; cd inner; echo x > x.go; save one; cd ..\n"
		"git clone -q files outer; cd outer\n"
		"git submodule --quiet add file://$PWD/../inner sub; save sub");
	struct relevant was = relevant_of("files", "HEAD");
	struct relevant commit = relevant_of("outer", "HEAD");
	struct relevant tree = relevant_of("outer", NULL);
	assert_true(is_same(&was, &commit));
	assert_false(is_same(&commit, &tree));
	sh("outer", "echo y > sub/x.go");
	struct relevant edited = relevant_of("outer", NULL);
	assert_false(is_same(&tree, &edited));
}

static bool
has_tree(const struct intern *trees, const char *script)
{
	CLEANUP(free_ptr) char *tree = sh_output("history", script);

	return intern_find(trees, str_of(tree));
}

static void
test_reachable(void **state)
{
	CLEANUP(repo_cleanup) struct repo *repo = NULL;
	CLEANUP(arena_release) struct arena arena = {0};
	CLEANUP(intern_release) struct intern trees = {.arena = &arena};
	struct err err = {0};

	(void)state;
	sh(".", "git init -q -b main history; cd history\n"
		"for i in 1 2 3 4 5 6 7; do echo $i > a.go; save $i; git tag t$i; done\n"
		"git branch -q side t2; git tag -a -m noted noted t3\n"
		"git worktree add -q --detach ../away t4; git checkout -q --detach t5\n"
		"git tag content $(git rev-parse t1:a.go); git tag only-tree t6^{tree}\n"
		"git rev-parse t7^{tree} > ../t7; git rev-parse t6^{tree} > ../t6\n"
		"git branch -qD main; git tag -d t4 t5 t6 t7 > ../ignored");
	if (repo_open(&repo, "away", &err) != 0 || repo_reachable(&trees, repo, &err) != 0)
		fail_msg("%s", err.msg);
	assert_true(has_tree(&trees, "git rev-parse t1^{tree}"));
	assert_true(has_tree(&trees, "git rev-parse noted^{tree}"));
	assert_true(has_tree(&trees, "git rev-parse HEAD^{tree}"));
	assert_true(has_tree(&trees, "git -C ../away rev-parse HEAD^{tree}"));
	assert_true(has_tree(&trees, "cat ../t6"));
	assert_false(has_tree(&trees, "cat ../t7"));
	/* Where history ends. */
	sh(".", "git clone -q --depth 2 file://$PWD/files shallow 2> ignored");
	CLEANUP(repo_cleanup) struct repo *shallow = NULL;
	if (repo_open(&shallow, "shallow", &err) != 0 || repo_reachable(&trees, shallow, &err) != 0)
		fail_msg("%s", err.msg);
}

int
main(void)
{
	char directory[] = "/tmp/heapwarden-relevant-XXXXXX";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_with_tests),
		cmocka_unit_test(test_untracked),
		cmocka_unit_test(test_same_time),
		cmocka_unit_test(test_odd_index),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_submodule),
		cmocka_unit_test(test_reachable),
	};

	fixture_enter(directory);
	int failed = cmocka_run_group_tests(tests, make_repositories, NULL);
	failed += RUN_TABLE("edits", edits, test_edit);
	failed += RUN_TABLE("filters", filters, test_filter);
	fixture_leave(directory);
	return failed != 0;
}

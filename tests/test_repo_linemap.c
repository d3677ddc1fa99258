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

/* The map from one revision to another, or to the working tree where `to` is NULL. */
static void
make_map(struct line_map *map, const char *directory, const char *from, const char *to)
{
	CLEANUP(repo_cleanup) struct repo *repo = open_repo(directory);
	CLEANUP(arena_release) struct arena arena = {0};
	struct revision base = {0}, head = {0};
	struct err err = {0};

	if (repo_resolve(&base, repo, from, &arena, &err) != 0)
		fail_msg("%s", err.msg);
	int rc = to ? repo_resolve(&head, repo, to, &arena, &err)
		    : repo_worktree(&head, repo, &arena, &err);
	if (rc != 0 || repo_line_map(map, repo, &base, &head, &err) != 0)
		fail_msg("%s", err.msg);
}

/* "FILE:LINE" of the base becomes that of the head; an empty one is nothing. */
static void
expect_line(const struct line_map *map, const char *base, int base_line, const char *head,
	int head_line)
{
	const char *path = NULL;
	int line = 0;

	if (base) {
		bool found = line_map_to_head(map, base, base_line, &path, &line);
		if (found != (head != NULL))
			fail_msg("%s:%d became %s:%d", base, base_line, found ? path : "nothing",
				line);
	}
	if (base && head) {
		assert_string_equal(path, head);
		assert_int_equal(line, head_line);
	}
	if (head) {
		bool found = line_map_to_base(map, head, head_line, &path, &line);
		if (found != (base != NULL))
			fail_msg(
				"%s:%d was %s:%d", head, head_line, found ? path : "nothing", line);
		assert_int_equal(line_map_changed(map, head, head_line), base == NULL);
	}
	if (base && head) {
		assert_string_equal(path, base);
		assert_int_equal(line, base_line);
	}
}

/* The path and line of a "FILE:LINE", whose colon is overwritten; NULL when it is empty. */
static const char *
place(char *text, int *line)
{
	char *colon = strrchr(text, ':');

	if (!colon)
		return NULL;
	*colon = '\0';
	*line = atoi(colon + 1);
	return text;
}

/* "a.go:1=b.go:2 a.go:3= =b.go:4": line 1 became line 2, line 3 is gone, line 4 is new. */
static void
expect_lines(const struct line_map *map, const char *expected)
{
	CLEANUP(free_ptr) char *copy = strdup(expected);
	char *rest = copy;

	for (char *pair; (pair = strsep(&rest, " "));) {
		char *right = strchr(pair, '=');
		int base_line = 0, head_line = 0;
		if (!right)
			fail_msg("'%s' is no pair", pair);
		*right++ = '\0';
		const char *base = place(pair, &base_line), *head = place(right, &head_line);
		expect_line(map, base, base_line, head, head_line);
	}
}

struct row {
	const char *name;
	const char *script; /* from the base to the head */
	const char *expected;
};

/* The base: a.go has 20 lines, b.go and c.go have 30, empty.go has none, open.go ends without
 * newline. */
static const char base_script[] =
	"git init -q -b main base; cd base; mkdir dir\n"
	"lines a 1 20 > a.go; lines b 1 30 > b.go; lines c 1 30 > dir/c.go; : > empty.go\n"
	"printf 'one\\ntwo' > open.go; printf 'a\\0b\\n' > x.bin\n"
	"lines p 1 20 > p.pb.go; printf '*.pb.go -diff\\n' > .gitattributes\n"
	"printf '*.ignored.go\\nignored.d\\n' > .gitignore; ln -s a.go link.go; save one; git tag "
	"base\n";

static const struct row rows[] = {
	{"nothing", "true", "a.go:1=a.go:1 dir/c.go:30=dir/c.go:30 link.go:1=link.go:1"},
	{"insert at the top", "{ echo new; lines a 1 20; } > a.go",
		"=a.go:1 a.go:1=a.go:2 a.go:20=a.go:21 b.go:1=b.go:1"},
	{"insert in the middle", "{ lines a 1 10; echo x; echo y; lines a 11 20; } > a.go",
		"a.go:10=a.go:10 =a.go:11 =a.go:12 a.go:11=a.go:13 a.go:20=a.go:22"},
	{"insert at the end", "echo x >> a.go", "a.go:1=a.go:1 a.go:20=a.go:20 =a.go:21"},
	{"delete at the top", "lines a 3 20 > a.go",
		"a.go:1= a.go:2= a.go:3=a.go:1 a.go:20=a.go:18"},
	{"delete in the middle", "{ lines a 1 9; lines a 12 20; } > a.go",
		"a.go:9=a.go:9 a.go:10= a.go:11= a.go:12=a.go:10 a.go:20=a.go:18"},
	{"delete at the end", "lines a 1 18 > a.go", "a.go:18=a.go:18 a.go:19= a.go:20="},
	{"replace", "sed -i '5s/.*/x\\ny/' a.go",
		"a.go:4=a.go:4 a.go:5= =a.go:5 =a.go:6 a.go:6=a.go:7"},
	{"several", "{ echo x; lines a 1 4; lines a 6 10; echo y; lines a 12 19; } > a.go",
		"=a.go:1 a.go:1=a.go:2 a.go:4=a.go:5 a.go:5= a.go:6=a.go:6 a.go:10=a.go:10 "
		"a.go:11= =a.go:11 a.go:12=a.go:12 a.go:19=a.go:19 a.go:20="},
	{"empty file filled", "echo x > empty.go", "=empty.go:1"},
	{"file emptied", ": > a.go", "a.go:1= a.go:20="},
	{"newline at the end added", "echo >> open.go",
		"open.go:1=open.go:1 open.go:2= =open.go:2"},
	{"line added after a missing newline", "printf '\\nthree' >> open.go",
		"open.go:1=open.go:1 open.go:2= =open.go:2 =open.go:3"},
	{"newline at the end removed", "truncate -s -1 a.go", "a.go:19=a.go:19 a.go:20= =a.go:20"},
	{"line endings", "sed -i 's/$/\\r/' a.go", "a.go:1= =a.go:1 a.go:20= =a.go:20"},
	{"white space", "sed -i '2s/ /  /' a.go", "a.go:1=a.go:1 a.go:2= =a.go:2"},
	{"file deleted", "rm a.go", "a.go:1= a.go:20= b.go:1=b.go:1"},
	{"file added", "lines n 1 3 > n.go; mkdir sub; lines m 1 3 > sub/m.go",
		"=n.go:1 =sub/m.go:3 a.go:1=a.go:1"},
	{"renamed", "mv a.go z.go", "a.go:1=z.go:1 a.go:20=z.go:20"},
	{"renamed into a new directory", "mkdir -p x/y; mv dir/c.go x/y/c.go",
		"dir/c.go:1=x/y/c.go:1"},
	{"renamed and edited", "mkdir x; { echo new; sed 5d a.go; } > x/z.go; rm a.go",
		"=x/z.go:1 a.go:1=x/z.go:2 a.go:5= a.go:6=x/z.go:6"},
	{"renamed, another in its place", "{ echo new; cat a.go; } > z.go; lines other 1 25 > a.go",
		"a.go:1=z.go:2 a.go:20=z.go:21 =z.go:1 =a.go:1 =a.go:20"},
	{"exchanged", "mv a.go x; mv b.go a.go; mv x b.go",
		"a.go:1=b.go:1 b.go:30=a.go:30 b.go:5=a.go:5"},
	{"in a circle and edited",
		"mv a.go x; mv b.go a.go; mv dir/c.go b.go; mv x dir/c.go; sed -i 7d a.go b.go "
		"dir/c.go",
		"a.go:8=dir/c.go:7 b.go:8=a.go:7 dir/c.go:8=b.go:7 a.go:7="},
	{"moved over another", "mv a.go b.go", "a.go:3=b.go:3 b.go:3= b.go:30="},
	{"rewritten, not moved", "{ lines new 1 40; lines a 5 8; } > a.go",
		"a.go:1= =a.go:1 a.go:5=a.go:41 a.go:8=a.go:44 a.go:9="},
	{"binary", "printf 'a\\0c\\n' > x.bin", "x.bin:1= =x.bin:1"},
	{"text becomes binary", "printf '\\0' >> a.go", "a.go:1= =a.go:1"},
	{"Go declared binary", "sed -i 5d p.pb.go",
		"p.pb.go:4=p.pb.go:4 p.pb.go:5= p.pb.go:6=p.pb.go:5"},
	{"Go declared binary, renamed", "sed 5d p.pb.go > q.pb.go; rm p.pb.go",
		"p.pb.go:4=q.pb.go:4 p.pb.go:5= p.pb.go:6=q.pb.go:5"},
	{"mode", "chmod +x a.go", "a.go:1=a.go:1 a.go:20=a.go:20"},
	{"file becomes directory", "rm a.go; mkdir a.go; lines n 1 3 > a.go/n.go",
		"a.go:1= =a.go/n.go:1"},
	{"link becomes file", "rm link.go; lines n 1 3 > link.go", "link.go:1="},
	{"percent and umlaut", "mv a.go 'a%b.go'; d=$(printf 'd\\303\\274'); mkdir $d; mv b.go $d",
		"a.go:1=a%b.go:1 b.go:3=d\303\274/b.go:3"},
};

/* How the head is stored: each row must give the same in all of these. */
static const struct {
	const char *name, *script;
	bool commit;
} ways[] = {
	{"committed", "git add -A; git commit -q --allow-empty -m two", true},
	{"in the working tree", "true", false},
	{"staged", "git add -A", false},
	{"staged and taken back", "git add -A; git reset -q", false},
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		CLEANUP(line_map_release) struct line_map map = {0};
		sh(".", "rm -rf work; cp -a base work");
		sh("work", row->script);
		sh("work", ways[i].script);
		print_message("%s\n", ways[i].name);
		make_map(&map, "work", "base", ways[i].commit ? "HEAD" : NULL);
		expect_lines(&map, row->expected);
	}
}

static void
test_bare(void **state)
{
	CLEANUP(line_map_release) struct line_map map = {0};

	(void)state;
	sh(".", "git clone -q base two; cd two; sed 2d a.go > z.go; git rm -q a.go; save two\n"
		"git clone -q --bare . ../two.git\n");
	make_map(&map, "two.git", "HEAD~1", "HEAD");
	expect_lines(&map, "a.go:1=z.go:1 a.go:2= a.go:3=z.go:2");
}

static void
test_odd_names(void **state)
{
	static const char *const names[] = {"with space.go", "new\nline.go", "gr\303\274n.go",
		"not\377utf8.go", "-dash.go", "[a-z]*.go", "\"quoted\".go", "tab\t.go"};

	(void)state;
	sh(".", "rm -rf work; cp -a base work");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		CLEANUP(buf_release) struct buf path = {0};
		buf_printf(&path, "work/%s", names[i]);
		FILE *file = fopen(path.p, "w");
		assert_non_null(file);
		for (int line = 1; line <= 20; line++)
			fprintf(file, "line %d of file %zu\n", line, i);
		fclose(file);
	}
	sh("work", "save two; for f in *.go; do test -L \"$f\" || test ! -s \"$f\" || "
		   "sed -i 3d -- \"./$f\"; done");
	for (int committed = 0; committed < 2; committed++) {
		CLEANUP(line_map_release) struct line_map map = {0};
		make_map(&map, "work", committed ? "HEAD~1" : "HEAD", committed ? "HEAD" : NULL);
		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			expect_line(&map, names[i], 3, NULL, 0);
			expect_line(&map, names[i], 4, names[i], 3);
		}
		if (!committed)
			if (!committed)
				sh("work", "save three");
	}
}

/* What go finds counts, not what the index says of it. */
static void
test_index_is_no_authority(void **state)
{
	static const struct row cases[] = {
		{"taken out of the index alone", "git rm -q --cached a.go; sed -i 2d a.go",
			"a.go:1=a.go:1 a.go:2= a.go:3=a.go:2"},
		{"staged, then edited again", "sed -i 2d a.go; git add a.go; sed -i 1d a.go",
			"a.go:1= a.go:2= a.go:3=a.go:1"},
		{"staged, then undone", "sed -i 2d a.go; git add a.go; git show HEAD:a.go > a.go",
			"a.go:1=a.go:1 a.go:2=a.go:2 a.go:20=a.go:20"},
		{"assumed unchanged", "git update-index --assume-unchanged a.go; sed -i 2d a.go",
			"a.go:2= a.go:3=a.go:2"},
		{"skipped", "git update-index --skip-worktree a.go; sed -i 2d a.go",
			"a.go:2= a.go:3=a.go:2"},
		{"intended to be added", "lines n 1 3 > n.go; git add -N n.go", "=n.go:1"},
		{"split index", "git update-index --split-index; sed -i 2d a.go",
			"a.go:2= a.go:3=a.go:2"},
		{"broken index", "printf x > .git/index; sed -i 2d a.go", "a.go:2= a.go:3=a.go:2"},
		{"no index", "rm .git/index; sed -i 2d a.go", "a.go:2= a.go:3=a.go:2"},
		{"conflict, resolved in the file",
			"git switch -q -c other; sed -i 2s/^/x/ a.go; save o\n"
			"git switch -q main; sed -i 2s/^/y/ a.go; save m\n"
			"git merge -q other > /dev/null && exit 1\n"
			"git show base:a.go | sed 2d > a.go",
			"a.go:1=a.go:1 a.go:2= a.go:3=a.go:2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP(line_map_release) struct line_map map = {0};
		sh(".", "rm -rf work; cp -a base work; git -C work status -s");
		sh("work", cases[i].script);
		print_message("%s\n", cases[i].name);
		make_map(&map, "work", "base", NULL);
		expect_lines(&map, cases[i].expected);
	}
}

/* Changed when the index was as young as the file, to the same size: the index still calls the file
 * clean. */
static void
test_racily_clean(void **state)
{
	CLEANUP(line_map_release) struct line_map map = {0};

	(void)state;
	sh(".", "rm -rf work; cp -a base work; cd work; git config core.trustctime false\n"
		"touch -d 2024-01-01 a.go; git update-index -q --refresh || true\n"
		"sed '2s/line/LINE/' a.go > changed; cat changed > a.go; rm changed\n"
		"touch -d 2024-01-01 a.go .git/index\n");
	make_map(&map, "work", "HEAD", NULL);
	expect_lines(&map, "a.go:1=a.go:1 a.go:2= =a.go:2");
}

static void
test_touches_nothing(void **state)
{
	CLEANUP(line_map_release) struct line_map map = {0};

	(void)state;
	sh(".", "rm -rf work; cp -a base work; cd work\n"
		"touch a.go b.go dir/c.go; echo x > n.go; mv p.pb.go q.pb.go; git add -A n.go\n");
	CLEANUP(free_ptr) char *before = sh_state("work");
	make_map(&map, "work", "HEAD", NULL);
	CLEANUP(free_ptr) char *after = sh_state("work");
	assert_string_equal(before, after);
	assert_int_equal(map.file_count, 2); /* n.go and the rename: touched files are the same */
}

static void
test_left_out(void **state)
{
	CLEANUP(line_map_release) struct line_map map = {0};

	(void)state;
	sh(".", "git init -q -b main inner; cd inner; echo x > x.go; save one; cd ..\n"
		"rm -rf work; cp -a base work; cd work\n"
		"git submodule --quiet add file://$PWD/../inner sub; save two\n"
		"cd sub; echo y > y.go; save two; echo z > z.go; cd ..\n"
		"echo x > n.ignored.go; mkdir ignored.d; echo x > ignored.d/n.go\n"
		"git clone -q ../inner nested\n");
	make_map(&map, "work", "HEAD", NULL);
	assert_int_equal(map.file_count, 0);
	sh("work", "git add sub; git commit -q -m three");
	line_map_release(&map);
	make_map(&map, "work", "HEAD~1", "HEAD");
	assert_int_equal(map.file_count, 0);
}

static void
test_partial(void **state)
{
	CLEANUP(line_map_release) struct line_map map = {0};

	(void)state;
	sh(".", "rm -rf work; cp -a base work; cd work; git config uploadpack.allowFilter true\n"
		"lines d 1 500 > data.txt; lines e 1 500 > old.txt; save two\n"
		"sed -i 1d data.txt; git mv old.txt new.txt; sed -i 3d new.txt; sed 2d a.go > "
		"z.go\n"
		"rm a.go; save three\n"
		"git clone -q --no-checkout --filter=blob:limit=2k file://$PWD ../lacking\n");
	make_map(&map, "lacking", "HEAD~1", "HEAD");
	expect_lines(&map, "a.go:1=z.go:1 a.go:2= a.go:3=z.go:2 data.txt:5= =data.txt:5 old.txt:1= "
			   "=new.txt:1");
}

/* The content as an array of lines, which point into the buffer. */
static size_t
read_lines(struct str *lines, size_t capacity, struct buf *content, const char *path)
{
	struct str rest;
	struct err err = {0};
	size_t n = 0;

	assert_int_equal(file_read(content, path, &err), 0);
	rest = buf_str(content);
	while (n < capacity && str_next(&lines[n], &rest, '\n'))
		n++;
	return n;
}

enum { MAX_LINES = 600 };

/* Every line that is mapped has the same text on both sides, and as many are left as git counts. */
static void
expect_equal_lines(const struct line_map *map)
{
	CLEANUP(buf_release) struct buf before = {0}, after = {0};
	struct str old[MAX_LINES], new[MAX_LINES];
	size_t old_count = read_lines(old, MAX_LINES, &before, "work/before");
	size_t new_count = read_lines(new, MAX_LINES, &after, "work/r.go");
	size_t gone = 0, come = 0;
	const char *path;
	int line;

	for (size_t i = 0; i < old_count; i++) {
		if (!line_map_to_head(map, "r.go", (int)i + 1, &path, &line))
			gone++;
		else if (!str_eq(old[i], new[line - 1]))
			fail_msg("line %zu is not line %d", i + 1, line);
	}
	for (size_t i = 0; i < new_count; i++)
		come += !line_map_to_base(map, "r.go", (int)i + 1, &path, &line);
	CLEANUP(buf_release) struct buf ours = {0};
	buf_printf(&ours, "%zu\t%zu", come, gone);
	CLEANUP(free_ptr)
	char *theirs =
		sh_output("work", "git diff --no-indent-heuristic --numstat -- r.go | cut -f1,2");
	if (come + gone > 0)
		assert_string_equal(ours.p, theirs);
}

static void
write_random(const char *path, struct str *old, size_t count)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	for (size_t i = 0; i < count; i++) {
		int dice = rand() % 20;
		if (dice == 0)
			fprintf(file, "new %d\n", rand() % 1000);
		if (dice > 1)
			fprintf(file, "%.*s%s\n", STR_ARG(old[i]), dice == 2 ? "!" : "");
	}
	fclose(file);
}

static void
test_random(void **state)
{
	(void)state;
	srand(1);
	sh(".", "rm -rf work; cp -a base work; cd work; echo before > .git/info/exclude\n"
		"for i in $(seq 300); do echo \"line $((i * i % 97))\"; done > r.go; save r\n");
	for (int round = 0; round < 30; round++) {
		CLEANUP(line_map_release) struct line_map map = {0};
		CLEANUP(buf_release) struct buf content = {0};
		struct str old[MAX_LINES];
		sh("work", "cp r.go before; git add -A; git commit -q --allow-empty -m next");
		size_t count = read_lines(old, MAX_LINES, &content, "work/before");
		write_random("work/r.go", old, count);
		make_map(&map, "work", "HEAD", NULL);
		expect_equal_lines(&map);
	}
}

int
main(void)
{
	char directory[] = "/tmp/heapwarden-linemap-XXXXXX";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bare),
		cmocka_unit_test(test_odd_names),
		cmocka_unit_test(test_index_is_no_authority),
		cmocka_unit_test(test_racily_clean),
		cmocka_unit_test(test_touches_nothing),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_random),
	};

	fixture_enter(directory);
	sh(".", base_script);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	failed += RUN_TABLE("changes", rows, test_row);
	fixture_leave(directory);
	return failed != 0;
}

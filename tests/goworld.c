#include "tests/goworld.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/file.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct source {
	const char *path, *text;
};

/* clang-format off */
static const struct source app[] = {
	{"app/go.mod", "module example.com/app\n\ngo 1.19\n\nrequire example.com/dep v1.2.3\n"},
	{"app/root.go", "package app\n\nfunc R() *int { return new(int) }\n"},
	{"app/sub/s.go", "package sub\n\nfunc F() *int {\n\tx := 1\n\treturn &x\n}\n"},
	{"app/gen/gen.go", "package gen\n\nfunc G[T any](v T) *T { return &v }\n"},
	{"app/use/use.go", "package use\n\nimport (\n\t\"example.com/app/gen\"\n\t\"example.com/dep/x\"\n\t\"sync/atomic\"\n)\n\n"
	 "var A = gen.G(1)\nvar B = x.D(\"s\")\nvar P atomic.Pointer[int]\n\nfunc U() { P.Store(new(int)) }\n"},
	{"app/line/line.go", "package line\n\n//line foo.y:10\nfunc A() *int { return new(int) }\n"},
	{"app/cmd/a/main.go", "package main\n\nimport \"example.com/app/sub\"\n\nfunc main() { println(*sub.F()) }\n"},
	{"app/cmd/b/main.go", "package main\n\nimport \"example.com/app/sub\"\n\nfunc main() { println(*sub.F()) }\n"},
	{"app/testonly/x_test.go", "package testonly\n"},
	{"app/excluded/x.go", "//go:build neverever\n\npackage excluded\n"},
	{"app/vendor/modules.txt", "# example.com/dep v1.2.3\n## explicit; go 1.19\nexample.com/dep/x\n"},
	{"app/vendor/example.com/dep/x/x.go", "package x\n\nfunc D[T any](v T) *T { return &v }\n"},
	{"broken/go.mod", "module example.com/broken\n\ngo 1.19\n"},
	{"broken/good/x.go", "package good\n\nfunc F() *int { return new(int) }\n"},
	{"broken/badimport/x.go", "package badimport\n\nimport _ \"example.com/nope/x\"\n"},
	{"broken/usesbad/x.go", "package usesbad\n\nimport _ \"example.com/broken/badimport\"\n"},
	{"wrong/go.mod", "module example.com/wrong\n\ngo 1.19\n"},
	{"wrong/lib/x.go", "package lib\n\nvar X int = \"a\"\n"},
	{"wrong/user/x.go", "package user\n\nimport _ \"example.com/wrong/lib\"\n\nfunc F() *int { return new(int) }\n"},
	{"wrong/users/x.go", "package users\n\nimport _ \"example.com/wrong/user\"\n"},
	{"wrong/other/x.go", "package other\n\nfunc F() *int { return new(int) }\n"},
	{"nomod/x.go", "package x\n"},
	{"badmod/go.mod", "modul example.com/badmod\n"},
	{"work/go.work", "go 1.19\n\nuse (\n\t./one\n\t./two\n)\n"},
	{"work/one/go.mod", "module example.com/one\n\ngo 1.19\n"},
	{"work/one/x.go", "package one\n\nimport \"example.com/two\"\n\nvar X = two.G(1)\n"},
	{"work/two/go.mod", "module example.com/two\n\ngo 1.19\n"},
	{"work/two/x.go", "package two\n\nfunc G[T any](v T) *T { return &v }\n"},
	{"replaced/app/go.mod", "module example.com/app\n\ngo 1.19\n\nrequire (\n\texample.com/app2 v0.0.0\n\texample.com/away v1.0.0\n\texample.com/unused v1.0.0\n)\n\n"
	 "replace example.com/app2 => ../app2\n\nreplace example.com/away => ../../away\n\nreplace example.com/unused => ../unused\n"},
	{"replaced/app/x.go", "package app\n\nimport (\n\t\"example.com/app2\"\n\t\"example.com/away\"\n)\n\nvar X = app2.G(1)\nvar Y = away.G(1)\n"},
	{"replaced/app2/go.mod", "module example.com/app2\n\ngo 1.19\n"},
	{"replaced/app2/x.go", "package app2\n\nfunc G[T any](v T) *T { return &v }\n"},
	{"replaced/unused/go.mod", "module example.com/unused\n\ngo 1.19\n"},
	{"away/go.mod", "module example.com/away\n\ngo 1.19\n"},
	{"away/x.go", "package away\n\nfunc G[T any](v T) *T { return &v }\n"},
	{"goenv", "GOFLAGS=-race -tags=fromfile\n"},
};
/* clang-format on */

char *
world_path(const struct world *world, const char *name)
{
	return path_join(world->directory, name);
}

void
world_write(const struct world *world, const char *name, const char *text)
{
	CLEANUP(free_ptr) char *path = world_path(world, name);
	CLEANUP(free_ptr) char *parent = strdup(path);
	struct err err = {0};

	*strrchr(parent, '/') = '\0';
	assert_int_equal(dir_make(parent, &err), 0);
	FILE *fp = fopen(path, "w");
	assert_non_null(fp);
	fputs(text, fp);
	assert_int_equal(fclose(fp), 0);
}

static void
keep(struct str bytes, void *ctx)
{
	buf_add(ctx, bytes);
}

void
shell(struct buf *text, const char *directory, const char *script)
{
	const char *argv[] = {"/bin/sh", "-c", script, NULL};
	struct process process = {
		.argv = argv, .dir = directory, .on_stdout = keep, .on_stderr = keep, .ctx = text};
	struct process_end end;
	struct err err = {0};

	assert_int_equal(process_run(&end, &process, &err), 0);
	if (end.status != 0)
		fail_msg("'%s' failed: %s", script, buf_str(text).p);
}

char *
shell_word(const char *script)
{
	struct buf text = {0};

	shell(&text, "/", script);
	while (text.n && text.p[text.n - 1] == '\n')
		text.p[--text.n] = '\0';
	return text.p;
}

int
world_make(void **state)
{
	static const char *const unset[] = {
		"GOEXPERIMENT", "GOOS", "GOARCH", "GOWORK", "GOROOT", "GOPATH", "HEAPWARDEN_GO"};
	struct world *world = calloc(1, sizeof *world);
	CLEANUP(free_ptr) char *temporary = NULL;
	struct err err = {0};

	assert_int_equal(dir_make_temporary(&temporary, "/tmp", "heapwarden-test-", &err), 0);
	world->directory = realpath(temporary, NULL);
	world->proxy = shell_word("go env GOPROXY");
	CLEANUP(free_ptr) char *modules = shell_word("go env GOMODCACHE");
	CLEANUP(free_ptr) char *home = world_path(world, "home");
	CLEANUP(free_ptr) char *private = world_path(world, "private");
	assert_int_equal(dir_make(home, &err), 0);
	assert_int_equal(dir_make(private, &err), 0);
	for (size_t i = 0; i < COUNT(app); i++)
		world_write(world, app[i].path, app[i].text);

	for (size_t i = 0; i < COUNT(unset); i++)
		unsetenv(unset[i]);
	setenv("HOME", home, 1);
	setenv("GOENV", "off", 1);
	setenv("GOFLAGS", "", 1);
	setenv("GOCACHE", GO_CACHE, 1);
	setenv("GOMODCACHE", modules, 1);
	setenv("GOPROXY", "off", 1);
	setenv("GOTOOLCHAIN", "local", 1);
	*state = world;
	return 0;
}

int
world_remove(void **state)
{
	struct world *world = *state;

	dir_remove(world->directory);
	free(world->directory);
	free(world->proxy);
	free(world);
	return 0;
}

void
run_use_go(struct run *run, const struct world *world, const struct go *go)
{
	CLEANUP(buf_release) struct buf script = {0};

	run->build.toolchain = go->toolchain;
	if (go->program)
		setenv("HEAPWARDEN_GO", go->program, 1);
	buf_printf(&script, "GOTOOLCHAIN=%s GOPROXY='%s' %s version >&2",
		go->toolchain ? go->toolchain : "local", world->proxy,
		go->program ? go->program : "go");
	const char *argv[] = {"/bin/sh", "-c", script.p, NULL};
	struct process process = {.argv = argv, .on_stderr = keep, .ctx = &run->text};
	struct process_end end;
	assert_int_equal(process_run(&end, &process, &run->err), 0);
	/* Up to Go 1.20 the go command does not know GOTOOLCHAIN, and runs itself. */
	bool other = go->toolchain && strcmp(go->toolchain, "local") != 0 &&
		     !strstr(buf_str(&run->text).p, go->toolchain);
	if (end.status != 0 || other) {
		print_message("skipped: %s cannot be had: %s\n", go->name, buf_str(&run->text).p);
		unsetenv("HEAPWARDEN_GO");
		arena_release(&run->arena);
		buf_release(&run->text);
		skip();
	}
	buf_clear(&run->text);
}

void
run_use_tree(struct run *run, const struct world *world, const char *tree,
	const char *const *packages, size_t count)
{
	CLEANUP(free_ptr) char *path = world_path(world, tree);
	CLEANUP(free_ptr) char *private = world_path(world, "private");

	run->build.tree = arena_strdup(&run->arena, path);
	run->build.directory = run->build.tree;
	run->build.packages = packages;
	run->build.package_count = count;
	run->build.temporary = arena_strdup(&run->arena, private);
	run->build.self = TOOLEXEC_PROGRAM;
}

void
run_release(struct run *run)
{
	unsetenv("HEAPWARDEN_GO");
	arena_release(&run->arena);
	buf_release(&run->text);
}

void
run_must(const struct run *run, int status)
{
	if (status != 0)
		fail_msg("%s", run->err.msg);
}

void
run_ask(struct run *run)
{
	run_must(run, gobuild_toolchain(&run->toolchain, &run->build, &run->arena, &run->err));
}

void
run_list(struct run *run)
{
	run_ask(run);
	run_must(run,
		gobuild_list(&run->list, &run->build, &run->toolchain, &run->arena, &run->err));
}

void
run_build(struct run *run)
{
	buf_clear(&run->text);
	run_must(run, gobuild_run(&run->end, &run->build, &run->toolchain, &run->list, keep,
			      &run->text, &run->err));
}

void
assert_has(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("'%s' is not in:\n%s", words, text);
}

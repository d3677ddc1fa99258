#!/usr/bin/env bash
# What decides a build and is outside of the repository is followed: modules that a directory replaces, workspaces, files that
# flags name. What cannot be followed is built each time.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$source_dir/tests/e2e/lib_store.sh"

# The change decides nothing.
expect_irrelevant() # NAME SCAN-ARGUMENTS...
{
	local name=$1

	shift
	scan "$@"
	ran="$ran ($name)"
	expect_status 0
	expect_found
}

# A module in the directory, of one package with the function New.
make_outside() # DIRECTORY NAME
{
	mkdir -p "$1"
	printf 'module example.com/%s\n\ngo 1.21\n' "$2" >"$1/go.mod"
	printf 'package %s\n\nfunc New() *int { return new(int) }\n' "$2" >"$1/$2.go"
}

# A repository whose main package calls New of example.com/dep, and enter it.
make_user() # NAME
{
	git init --quiet "$work/$1"
	cd "$work/$1"
	printf 'module example.com/main\n\ngo 1.21\n\nrequire example.com/dep v1.0.0\n' >go.mod
	printf 'package main\n\nimport "example.com/dep"\n\nvar kept *int\n\nfunc main() { kept = dep.New() }\n' >main.go
}

# --- modules that a directory replaces

make_outside "$work/outside" dep
make_outside "$work/other" dep
outside=$work/outside
make_user replacing
printf '\nreplace example.com/dep => ../outside\n\nreplace example.com/unused => ../unused\n' >>go.mod
commit_all one
scan
expect_status 0
expect_built
expect_irrelevant 'the same again'
echo '// more' >>"$outside/dep.go"
expect_decides 'its content' "sed -i '\$d' '$outside/dep.go'"
echo 'package dep' >"$outside/another.go"
expect_decides 'a file more of it' "rm '$outside/another.go'"
echo '// more' >>"$outside/go.mod"
expect_decides 'its go.mod' "sed -i '\$d' '$outside/go.mod'"
mkdir "$outside/inner"
printf 'package inner\n' >"$outside/inner/inner.go"
expect_decides 'a package more of it' "rm -r '$outside/inner'"
cp "$outside/dep.go" "$work/dep.before"
mkdir -p "$outside/testdata"
echo more >>"$outside/README.md"
echo '{}' >"$outside/testdata/case.json"
printf 'package dep\n\nimport "testing"\n\nfunc TestX(*testing.T) {}\n' >"$outside/dep_test.go"
expect_irrelevant 'nothing that go reads'
make_outside "$work/unused" unused
expect_decides 'a directory that was not there' "rm -r '$work/unused'"
sed -i 's,=> ../outside,=> ../other,' go.mod
echo '// other' >>"$work/other/dep.go"
expect_decides 'another directory' 'git checkout --quiet .'
# Of a module that is not the main one, they do not count.
printf '\nreplace example.com/dep => ../nowhere\n' >>"$outside/go.mod"
scan
expect_status 0
expect_built
expect_irrelevant 'its own replacements'
# What it says is in the verdict.
printf 'package dep\n\nfunc New() *int { return other() }\n\n//go:noinline\nfunc other() *int { var value int; return &value }\n' >"$outside/dep.go"
scan
expect_built
cp "$work/dep.before" "$outside/dep.go"
# An edit of it while go is reading.
cat >"$work/edits" <<END
#!/bin/sh
case "\$*" in build*/...) [ ! -e "$work/edit" ] || echo '// edited' >>"$outside/dep.go" ;; esac
exec $(command -v go) "\$@"
END
chmod +x "$work/edits"
echo '// a state of its own' >>"$outside/dep.go"
cp "$outside/dep.go" "$work/before.go"
touch "$work/edit"
HEAPWARDEN_GO=$work/edits scan
expect_status 0
expect 'nothing was edited while go was reading' grep -q edited "$outside/dep.go"
rm "$work/edit"
cp "$work/before.go" "$outside/dep.go"
HEAPWARDEN_GO=$work/edits scan
expect_built
cp "$work/dep.before" "$outside/dep.go"

# A link of it that leads elsewhere is not followed.
mkdir "$work/elsewhere"
printf 'package linked\n' >"$work/elsewhere/linked.go"
ln -s "$work/elsewhere" "$outside/linked"
sed -i 's,^import.*,import (\n\t"example.com/dep"\n\t_ "example.com/dep/linked"\n),' main.go
expect_always_built 'a link out of the replacing module'
git checkout --quiet .
rm "$outside/linked"
# Nor is one of the repository, to a package that no pattern matches.
ln -s "$work/elsewhere" linked
sed -i 's,^import.*,import (\n\t"example.com/dep"\n\t_ "example.com/main/linked"\n),' main.go
expect_always_built 'a link to a package outside' .
rm linked
git checkout --quiet .
# What is embedded there is not looked for.
echo text >"$outside/text"
printf 'package dep\n\nimport _ "embed"\n\n//go:embed text\nvar text string\n' >"$outside/text.go"
expect_always_built 'what is embedded outside'
rm "$outside/text.go"

# Of a commit: an absolute one is followed, a relative one is none of its export's.
make_user absolute
printf '\nreplace example.com/dep => "%s"\n' "$outside" >>go.mod
commit_all one
scan --head HEAD
expect_status 0
expect_built
expect_irrelevant 'the same commit again' --head HEAD
echo '// more' >>"$outside/dep.go"
scan --head HEAD
expect_built
expect_irrelevant 'the same again' --head HEAD
git commit --quiet --allow-empty --message two
heapwarden check -v --base HEAD~1
expect_status 0
expect_found
# Both sides are built, and the packages of one are the other's.
rm -r .git/heapwarden
sed -i 's/kept = .*/kept = dep.New(); kept = new(int) }/' main.go
heapwarden check -v --base HEAD
expect_status 1
heapwarden check -v --base HEAD
expect_status 1
expect_found
echo 'func more() {}' >>main.go
heapwarden check -v --base HEAD
expect_status 1
expect_built
heapwarden check -v --base HEAD
expect_found

# --- vendored: then the directory does not matter, and need not be there

make_user vendoring
printf '\nreplace example.com/dep => ../gone\n' >>go.mod
mkdir -p vendor/example.com/dep
cp "$outside/dep.go" vendor/example.com/dep
printf '# example.com/dep v1.0.0 => ../gone\n## explicit; go 1.21\nexample.com/dep\n# example.com/dep => ../gone\n' >vendor/modules.txt
commit_all one
for head in '' '--head HEAD'; do
	# shellcheck disable=SC2086
	scan $head
	expect_status 0
	# shellcheck disable=SC2086
	scan $head
	expect_found
done

# --- files that flags name

make_module flags
cat >"$work/profile.go" <<'END'
package main

import (
	"os"
	"runtime/pprof"
)

func main() {
	pprof.StartCPUProfile(os.Stdout)
	pprof.StopCPUProfile()
}
END
(cd "$work" && go run profile.go >profile && cp profile profile.again && go run profile.go >profile.other)
scan
expect_built
expect_decides -pgo : -pgo ../profile
cp "$work/profile" "$work/flags/named"
expect_irrelevant 'the same profile' -pgo ../profile
cp "$work/profile.other" "$work/profile"
expect_decides 'another profile' : -pgo ../profile
GOFLAGS=-pgo=$work/profile.again expect_decides 'GOFLAGS with a profile' 'GOFLAGS='
printf '{"Replace": {"%s": "%s"}}\n' "$PWD/sum.go" "$work/overlaid.go" >"$work/overlay.json"
cp sum.go "$work/overlaid.go"
expect_always_built -overlay -overlay "$work/overlay.json"
cp go.mod "$work/other.mod"
expect_decides -modfile : -modfile ../other.mod
echo '// more' >>"$work/other.mod"
expect_decides 'another -modfile' : -modfile ../other.mod
printf 'example.com/x v1.0.0 h1:x\n' >"$work/other.sum"
expect_decides 'the sums of -modfile' "rm '$work/other.sum'" -modfile ../other.mod
make_user modfile
printf 'module example.com/main\n\ngo 1.21\n\nrequire example.com/dep v1.0.0\n\nreplace example.com/dep => ../outside\n' >"$work/replacing.mod"
scan -modfile ../replacing.mod
expect_status 0
expect_irrelevant 'what -modfile replaces' -modfile ../replacing.mod
echo '// more' >>"$outside/dep.go"
scan -modfile ../replacing.mod
expect_status 0
expect_built

# --- workspaces

git init --quiet "$work/workspace"
cd "$work/workspace"
mkdir one two
printf 'go 1.21\n\nuse (\n\t./one\n\t./two\n)\n' >go.work
printf 'module example.com/one\n\ngo 1.21\n' >one/go.mod
printf 'package one\n\nimport "example.com/two"\n\nfunc New() *int { return two.New() }\n' >one/one.go
make_outside two two
commit_all one
scan ./one/...
expect_status 0
expect_built
scan ./one/...
expect_found
echo '// more' >>two/two.go
scan ./one/...
expect_built
GOWORK=off scan -C one
expect_status 2
scan -C one
expect_status 0
# One of its modules is elsewhere.
make_outside "$work/two" two
rm -r two
sed -i 's,\./two,../two,' go.work
scan ./one/...
expect_status 0
expect_built
expect_irrelevant 'a module elsewhere' ./one/...
echo '// more' >>"$work/two/two.go"
scan ./one/...
expect_built
expect_irrelevant 'the same again' ./one/...
echo more >>"$work/two/README.md"
expect_irrelevant 'nothing that go reads' ./one/...
# What a module of the workspace replaces counts, and so does what go.work replaces.
make_outside "$work/three" three
make_outside "$work/four" three
printf '\nrequire example.com/three v1.0.0\n\nreplace example.com/three => ../three\n' >>"$work/two/go.mod"
sed -i 's,^func,import "example.com/three"\n\nvar Three = three.New()\n\nfunc,' "$work/two/two.go"
scan ./one/...
expect_status 0
expect_built
expect_irrelevant 'replaced by a module of the workspace' ./one/...
echo '// more' >>"$work/three/three.go"
scan ./one/...
expect_built
printf '\nreplace example.com/three => ../four\n' >>go.work
scan ./one/...
expect_status 0
expect_built
expect_irrelevant 'replaced by go.work' ./one/...
echo '// more' >>"$work/four/three.go"
scan ./one/...
expect_built
# A package of it that is named has no place in the tree.
expect_always_built 'a package elsewhere' example.com/two

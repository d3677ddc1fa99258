#!/usr/bin/env bash
# What was built is kept: what decides the compiler's output makes a build of its own, nothing else does, and whatever happens
# to the store, the verdict is that of a build.
modules=$(go env GOMODCACHE)
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$source_dir/tests/e2e/lib_store.sh"

git init --quiet "$work/main"
cd "$work/main"
mkdir -p inner lib vendor/example.com/dep vendor/example.com/dep/unused
printf 'module example.com/main\n\ngo 1.21\n\nrequire example.com/dep v1.0.0\n' >go.mod
printf 'example.com/dep v1.0.0 h1:x\n' >go.sum
printf '# example.com/dep v1.0.0\n## explicit; go 1.21\nexample.com/dep\n' >vendor/modules.txt
printf 'package dep\n\nfunc New() *int { return new(int) }\n\nfunc Other() *int { return new(int) }\n' >vendor/example.com/dep/dep.go
cat >main.go <<'END'
package main

import (
	"example.com/dep"
	"example.com/main/lib"
)

var kept *int

func main() {
	kept = dep.New()
	kept = dep.Other()
	println(lib.Text())
	add(1, 2)
}

func add(a, b int) int
END
printf 'TEXT \302\267add(SB), 4, $0-24\n\tRET\n' >add_amd64.s
cp add_amd64.s add_arm64.s
printf 'package lib\n\nimport _ "embed"\n\n//go:embed data/text\nvar text string\n\nfunc Text() *string { return &text }\n' >lib/lib.go
mkdir lib/data
echo text >lib/data/text
echo notes >notes.md
commit_all one

# --- the second run builds nothing

scan --head HEAD
expect_status 0
expect_built
cp "$work/result.json" "$work/first.json"
scan --head HEAD
expect_status 0
expect_found
expect_same "$work/first.json" "$work/result.json"
heapwarden scan --no-store --head HEAD --format json:"$work/without.json"
expect_same "$work/first.json" "$work/without.json"
# A clean working tree is the same, and so is a commit that touches no file that go reads.
scan
expect_found
echo more >>notes.md
printf 'package main\n\nimport "testing"\n\nfunc TestX(*testing.T) {}\n' >main_test.go
echo other >lib/data/text
mkdir testdata
echo '{}' >testdata/case.json
commit_all 'nothing for go'
scan --head HEAD
expect_found
heapwarden check -v --base HEAD~1 --head HEAD
expect_status 0
expect_found

# A package that is not there, named twice.
for _ in 1 2; do
	scan --head HEAD . ./gone example.com/main/gone
	expect_status 0
	expect_lacks "$work/stderr" 'anew'
done
expect_found

# --- what decides

expect_decides tags : -tags netgo
expect_decides 'other packages' : ./lib
expect_decides 'another directory' : -C lib
GOFLAGS=-tags=extra expect_decides GOFLAGS 'GOFLAGS='
CGO_ENABLED=0 expect_decides CGO_ENABLED 'unset CGO_ENABLED'
GOEXPERIMENT=arenas expect_decides GOEXPERIMENT 'unset GOEXPERIMENT'
case $(go env GOARCH) in
amd64)
	GOAMD64=v3 expect_decides GOAMD64 'unset GOAMD64'
	GOARCH=arm64 expect_decides GOARCH 'unset GOARCH'
	;;
esac
GOOS=darwin expect_decides GOOS 'unset GOOS'
echo '// more' >>main.go
expect_decides 'a Go file' 'git checkout --quiet .'
echo '// more' >>vendor/example.com/dep/dep.go
expect_decides 'a vendored file' 'git checkout --quiet .'
echo '// more' >>add_amd64.s
expect_decides 'an assembly file' 'git checkout --quiet .'
echo '#define MORE 1' >more.h
expect_decides 'a C header' 'rm more.h'
echo 'package main' >untracked.go
expect_decides 'an untracked file' 'rm untracked.go'
echo ignored.go >.git/info/exclude
echo 'package main' >ignored.go
expect_decides 'an ignored file' 'rm ignored.go'
echo '// more' >>go.mod
expect_decides go.mod 'git checkout --quiet .'
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
(cd "$work" && go run profile.go >profile)
cp "$work/profile" default.pgo
expect_decides 'a profile' 'rm default.pgo'

# Another go command of the same version.
printf '#!/bin/sh\nexec %s "$@"\n' "$(command -v go)" >"$work/wrapped"
chmod +x "$work/wrapped"
HEAPWARDEN_GO=$work/wrapped expect_decides 'another go command' 'unset HEAPWARDEN_GO'

# Another Go, as go.mod asks for it.
if [ -d "$modules/golang.org/toolchain@v0.0.1-go1.25.12.linux-$(go env GOARCH)" ]; then
	sed -i 's/^go 1.21$/go 1.21\n\ntoolchain go1.25.12/' go.mod
	GOMODCACHE=$modules GOTOOLCHAIN=go1.25.12 expect_decides 'the toolchain' \
		'git checkout --quiet .; unset GOMODCACHE; GOTOOLCHAIN=local'
fi
export GOTOOLCHAIN=local

# --- an edit while go is reading is not taken for what was there before

cat >"$work/edits" <<END
#!/bin/sh
case "\$*" in build*/...) [ ! -e "$work/edit" ] || echo 'var edited = new(int)' >>"$work/main/main.go" ;; esac
exec $(command -v go) "\$@"
END
chmod +x "$work/edits"
export HEAPWARDEN_GO=$work/edits
echo '// a state of its own' >>main.go
cp main.go "$work/before.go"
touch "$work/edit"
scan
expect_status 0
expect 'nothing was edited while go was reading' grep -q edited main.go
rm "$work/edit"
cp "$work/before.go" main.go
scan
expect_status 0
expect_built
expect_lacks "$work/result.json" edited
unset HEAPWARDEN_GO
git checkout --quiet .

# --- what go itself says on the way is counted neither when it is built nor when it is found

cat >"$work/talks" <<END
#!/bin/sh
case "\$*" in build*/...) echo 'go: downloading example.com/dep v1.0.0' >&2 ;; esac
exec $(command -v go) "\$@"
END
chmod +x "$work/talks"
for run in built found; do
	HEAPWARDEN_GO=$work/talks scan
	expect_status 0
	cp "$work/result.json" "$work/$run.json"
	[ "$run" = found ] || expect_contains "$work/stderr" 'go: downloading'
done
expect_found
expect_same "$work/built.json" "$work/found.json"

# --- what is embedded must be there, in a dependency as well

rm lib/data/text
for packages in ./... .; do
	scan $packages
	git stash --quiet
	scan $packages
	git stash pop --quiet
	scan $packages
	expect_status 2
	expect_contains "$work/result.json" 'no matching files found'
done
git checkout --quiet .

# A link to a file that go reads, which has a name of another kind, is not followed.
make_module links
printf 'package links\n' >text.txt
ln -s text.txt linked.go
expect_always_built 'a link to a text'

# --- several at once, and linked worktrees

cd "$work/main"
git worktree add --quiet "$work/linked" HEAD
scan -C "$work/linked"
expect_found
expect 'the linked worktree has a store of its own' [ "$(find .git -name store.db | wc -l)" -eq 1 ]
rm -r .git/heapwarden
echo 'func Kept() *int { return new(int) }' >>lib/lib.go
commit_all 'an escape'
for i in 1 2 3 4; do
	"$HEAPWARDEN" check --base HEAD~1 --head HEAD --format json:"$work/at-once-$i.json" 2>"$work/at-once-$i.err" || true &
done
wait
for i in 1 2 3 4; do
	ran="check at once, $i"
	expect_lacks "$work/at-once-$i.err" 'store|anew'
	expect_same "$work/at-once-1.json" "$work/at-once-$i.json"
done
expect_json "$work/at-once-1.json" '[f["function"] for f in new] == ["Kept"]'
heapwarden store verify
expect_status 0

# --- damage, newer versions, none at all

check()
{
	heapwarden check -v --base HEAD~1 --head HEAD --format json:"$work/result.json"
	expect_status 1
	expect_same "$work/at-once-1.json" "$work/result.json"
}
store=.git/heapwarden/store.db
check
expect_found
change_store() # SQL
{
	python3 -c 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.executescript(sys.argv[2]); db.commit()' "$store" "$1"
}
expect_renewed()
{
	ran="$ran ($1)"
	expect_matches "$work/stderr" 'the store .* is damaged: it was set aside as .*\.damaged-[0-9]+'
	expect_built
	check
	check
	expect_found
	expect_lacks "$work/stderr" 'damaged'
	rm "$store".damaged-*
}
printf 'no database at all, and longer than a header of a hundred bytes is: %80s' x | dd of="$store" conv=notrunc status=none
check
expect_renewed header
truncate -s 9000 "$store"
check
expect_renewed 'cut off'
# One side's units alone: it is found while the sides are read.
for damage in "UPDATE unit SET text = x'00'" "UPDATE unit SET text = x'00' WHERE id = (SELECT max(id) FROM unit)" \
	"UPDATE unit SET mentions = ''" "UPDATE snapshot SET sites = 100 WHERE id = (SELECT max(id) FROM snapshot)" \
	"UPDATE snapshot SET sites = 100 WHERE id = (SELECT min(id) FROM snapshot)" 'DELETE FROM package'; do
	change_store "$damage"
	check
	expect_renewed "$damage"
done
# The base's list of packages is the head's, and then its texts cannot be had.
change_store "UPDATE unit SET text = x'00'"
echo 'func Another() *int { return new(int) }' >>lib/lib.go
heapwarden check --base HEAD --format json:"$work/result.json"
expect_status 1
expect_contains "$work/stderr" 'is damaged: it was set aside'
expect_json "$work/result.json" '[f["function"] for f in new] == ["Another"]'
git checkout --quiet lib
rm "$store".damaged-*
check
# The store is lost when the head is saved, after the base was found in it.
git commit --quiet --allow-empty --message empty
echo 'func Another() *int { return new(int) }' >>lib/lib.go
change_store "CREATE TRIGGER full BEFORE INSERT ON snapshot BEGIN SELECT RAISE(ABORT, 'no more room'); END"
heapwarden check --base HEAD~1 --format json:"$work/result.json"
expect_status 1
expect_contains "$work/stderr" 'no more room'
expect_json "$work/result.json" '[f["function"] for f in new] == ["Another"]'
git checkout --quiet lib
git reset --quiet --hard HEAD~1
change_store 'DROP TRIGGER full'

change_store 'PRAGMA user_version = 1000'
cp "$store" "$work/newer"
check
expect_contains "$work/stderr" 'was made by a newer heapwarden'
expect_built
expect 'the newer store was touched' cmp "$store" "$work/newer"
rm -r .git/heapwarden
heapwarden check --no-store --base HEAD~1 --head HEAD
expect_status 1
HEAPWARDEN_STORE='' heapwarden check --base HEAD~1 --head HEAD
expect_status 1
expect 'there is a store' [ ! -e .git/heapwarden ]
HEAPWARDEN_STORE=$work/named.db heapwarden check --base HEAD~1 --head HEAD
expect 'there is a store' [ ! -e .git/heapwarden ]
expect 'there is no store where it was wanted' [ -s "$work/named.db" ]
heapwarden check -v --store "$work/named.db" --base HEAD~1 --head HEAD
expect_found

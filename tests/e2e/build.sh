#!/usr/bin/env bash
# heapwarden build is go build: what it writes, prints and returns is the same to the byte. And what the compiler decided is in
# the store afterwards, exactly as a build of the gate would have put it there, without compiling anything once more.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Caches of our own, so that it is known what is compiled when: at first they have nothing but packages of Go's own.
plain=$work/plain-cache kept=$work/kept-cache seed=$work/seed-cache
GOCACHE=$seed go build fmt os runtime/cgo
GOCACHE=$seed go build -trimpath fmt os
cp -R "$seed" "$plain"

forget_compiled()
{
	rm -rf "$kept"
	cp -R "$seed" "$kept"
}
forget_compiled

go_build() # ARGUMENTS...
{
	GOCACHE=$plain run go build "$@"
	cp "$work/stdout" "$work/go.stdout"
	cp "$work/stderr" "$work/go.stderr"
	go_status=$status
}

build() # ARGUMENTS...
{
	GOCACHE=$kept heapwarden build "$@"
}

# Both say and return the same, but for what heapwarden has to tell.
expect_as_go()
{
	expect "exit status $status where go's was $go_status" [ "$status" -eq "$go_status" ]
	expect_same "$work/go.stdout" "$work/stdout"
	grep -v '^heapwarden: ' "$work/stderr" >"$work/stderr.go" || true
	expect_same "$work/go.stderr" "$work/stderr.go"
}

expect_silent()
{
	expect_lacks "$work/stderr" '^heapwarden: '
}

# Check finds the working tree in the store, and runs neither go list nor go build.
expect_in_store() # SCAN-ARGUMENTS...
{
	heapwarden scan -v "$@"
	expect_contains "$work/stderr" 'heapwarden: working tree is in the store'
	expect_lacks "$work/stderr" '^heapwarden: cd .* (build|list) -'
}

# All that a store holds, but for times.
dump() # STORE
{
	python3 - "$1" <<'END'
import sqlite3, sys
store = sqlite3.connect(sys.argv[1])
for query in (
        "SELECT key, decided, go, target, reader, sites, not_understood FROM snapshot ORDER BY key",
        "SELECT s.key, package, mentions, escapes, summary_lines, size FROM printed "
        "JOIN unit ON unit.id = unit JOIN snapshot AS s ON s.id = snapshot ORDER BY s.key, package",
        "SELECT s.key, path, directory, name, absent, error FROM package JOIN snapshot AS s ON s.id = snapshot ORDER BY s.key, path",
        "SELECT s.key, replaced, path, relative FROM module JOIN snapshot AS s ON s.id = snapshot ORDER BY s.key, path",
        "SELECT s.key, kind, package, file.name FROM file JOIN snapshot AS s ON s.id = snapshot ORDER BY s.key, kind, package, file.name"):
    for row in store.execute(query):
        # What a unit mentions is in the order in which it was found.
        print([sorted(field.split("\n")) if isinstance(field, str) and "\n" in field else field for field in row])
END
}

# All that is read of a store's units. Several functions are compiled at a time, so lines of one place, as instances of a
# generic function print them, come in any order.
facts() # STORE SCAN-ARGUMENTS...
{
	heapwarden scan --store "$1" "${@:2}" --format "json:$work/facts"
	python3 - "$work/facts" <<'END'
import json, sys

def ordered(value):
    if isinstance(value, dict):
        return {key: ordered(part) for key, part in value.items()}
    if isinstance(value, list):
        return sorted((ordered(part) for part in value), key=json.dumps)
    return value

print(json.dumps(ordered(json.load(open(sys.argv[1], encoding="utf-8"))), indent=1, sort_keys=True))
END
}

# The build of the gate alone, with the same packages and flags, keeps the same. The store is renewed.
expect_as_gate() # SCAN-ARGUMENTS...
{
	dump .git/heapwarden/store.db >"$work/built"
	heapwarden scan --store "$work/gate.db" "$@"
	dump "$work/gate.db" >"$work/gate"
	facts .git/heapwarden/store.db "$@" >>"$work/built"
	facts "$work/gate.db" "$@" >>"$work/gate"
	expect 'nothing was kept' [ -s "$work/built" ]
	expect_same "$work/gate" "$work/built"
	rm -r "$work/gate.db" .git/heapwarden
}

# A go command that notes in $work/builds what is built; while $work/edit is there, a file is changed when a build has ended;
# while $work/wait is there, a build waits for a signal. It is one file because each Go is tried when it is used first.
cat >"$work/go" <<END
#!/bin/sh
case "\$1" in build) echo "\$*" >>"$work/builds" ;; esac
case "\$*" in
build*./gen)
	if [ -e "$work/wait" ]; then
		cat
		trap 'echo ended; exit 7' TERM INT
		echo waiting >"$work/waits"
		while :; do sleep 0.1; done
	fi
	if [ -e "$work/edit" ]; then
		$(command -v go) "\$@" || exit
		echo 'var edited = new(int)' >>"$work/app/gen/gen.go"
		exit 0
	fi
	;;
esac
exec $(command -v go) "\$@"
END
chmod +x "$work/go"

expect_builds() # COUNT
{
	expect "there were $(wc -l <"$work/builds") builds where $1 were expected" [ "$(wc -l <"$work/builds")" -eq "$1" ]
	rm "$work/builds"
}

# The build is as go's, is told to be not kept, and is not.
expect_not_kept() # REASON BUILD-ARGUMENTS...
{
	local reason=$1

	shift
	rm -rf .git/heapwarden
	go_build "$@"
	build "$@"
	expect_as_go
	expect "it is not said once why nothing is kept" [ "$(grep -c '^heapwarden: ' "$work/stderr")" -eq 1 ]
	expect_contains "$work/stderr" 'heapwarden: nothing is kept of this build'
	expect_contains "$work/stderr" "$reason"
	expect_nothing_stored
}

expect_nothing_stored()
{
	[ ! -e .git/heapwarden/store.db ] || expect 'something was kept' [ -z "$(dump .git/heapwarden/store.db)" ]
}

git init --quiet "$work/app"
cd "$work/app"
mkdir -p cmd/one cmd/two lib gen empty inner/deep
cat >go.mod <<'END'
module example.com/app

go 1.21

require example.com/Dep v1.2.3

replace example.com/Dep => ./inner
END
printf 'module example.com/Dep\n\ngo 1.21\n' >inner/go.mod
printf 'package deep\n\ntype Box[T any] struct{ p *T }\n\nfunc (b *Box[T]) Put(v T) { b.p = &v }\n' >inner/deep/deep.go
cat >lib/lib.go <<'END'
package lib

import (
	"sync/atomic"

	"example.com/Dep/deep"
)

type Set[T any] struct {
	last atomic.Pointer[T]
	box  deep.Box[T]
}

func (s *Set[T]) Add(v T) {
	s.last.Store(&v)
	s.box.Put(v)
}

func New() *Set[string] { return &Set[string]{} }
END
cat >gen/gen.go <<'END'
package gen

//line parser.y:10
func Parse() *int { return new(int) }

//line sub/other.y:7:3
func Other() *int { return new(int) }
END
printf 'package empty\n' >empty/empty.go
for name in one two; do
	cat >cmd/$name/main.go <<END
package main

import (
	"fmt"
	"os"

	"example.com/app/lib"
)

func main() {
	s := lib.New()
	s.Add("$name")
	fmt.Println("$name", len(os.Args))
}
END
done
commit_all one

# --- what is written, printed, returned; and what is kept

go_build -o "$work/go-bin/" ./...
build -o "$work/our-bin/" ./...
expect_as_go
expect_silent
for name in one two; do
	expect "$name is not what go makes" cmp "$work/go-bin/$name" "$work/our-bin/$name"
done
expect 'the program does not run' [ "$("$work/our-bin/one" x)" = 'one 2' ]
expect_in_store
expect_in_store ./...
expect_as_gate

# Which flags there are: the same binaries, and the same is kept as without what matters to linking alone.
for flags in -trimpath '-ldflags=-s -w' '-v -p 1 -buildvcs=false -tags extra'; do
	forget_compiled
	rm -rf "$work/go-bin" "$work/our-bin"
	# shellcheck disable=SC2086 # several words
	case $flags in
	-ldflags*) set -- "$flags" ;;
	*) set -- $flags ;;
	esac
	rm -rf "$plain"
	cp -R "$seed" "$plain"
	go_build "$@" -o "$work/go-bin/" ./...
	build "$@" -o "$work/our-bin/" ./...
	expect_as_go
	expect_silent
	for name in one two; do
		expect "$name is not what go makes" cmp "$work/go-bin/$name" "$work/our-bin/$name"
	done
	case $flags in
	*-tags*) expect_as_gate -tags extra ;;
	*) expect_as_gate ;;
	esac
done

# --- nothing is compiled twice

export HEAPWARDEN_GO=$work/go
forget_compiled
heapwarden scan ./empty # the Go that is used for the first time is tried
rm -r "$work/builds" .git/heapwarden
build ./...
expect_status 0
expect_silent
expect_contains "$work/builds" 'toolexec-keep'
expect_builds 1
cp -R .git/heapwarden "$work/first"
expect_as_gate
rm -f "$work/builds"
# Plain go finds all of it in its cache, and in it nothing that it would print.
GOCACHE=$kept run go build -v ./...
expect_status 0
expect_empty "$work/stderr"

# What is in the store already is built as it is.
cp -R "$work/first" .git/heapwarden
build ./...
expect_lacks "$work/builds" 'toolexec'
expect_builds 1
expect_in_store
rm -f "$work/builds"

# Another state: what is compiled now, and what was compiled before.
echo 'func Kept() *int { return new(int) }' >>gen/gen.go
build ./...
expect_silent
expect_builds 1
expect_in_store
rm -r .git/heapwarden
cp -R "$work/first" .git/heapwarden
build ./... # that state again, which go has in its cache and the store has not
expect_builds 2
heapwarden store prune --older-than 0
expect_status 0
heapwarden store verify
expect_status 0
rm -r .git/heapwarden
build ./...
expect_as_gate
rm -f "$work/builds"
git checkout --quiet .

# Packages of the wrong words are not believed.
cp -R "$work/first" .git/heapwarden
python3 - .git/heapwarden/store.db <<'END'
import sqlite3, sys
store = sqlite3.connect(sys.argv[1])
contents = sorted({row[0] for row in store.execute("SELECT content FROM compiled")})
store.execute("UPDATE compiled SET content = ?", (contents[-1],))
store.commit()
END
echo 'func Kept() *int { return new(int) }' >>lib/lib.go
echo 'func Kept() *int { return new(int) }' >>gen/gen.go
git commit --quiet --all --message two
build ./...
expect_silent
python3 - .git/heapwarden/store.db <<'END'
import sqlite3, sys
store = sqlite3.connect(sys.argv[1])
store.execute("PRAGMA foreign_keys = ON")
store.execute("DELETE FROM snapshot WHERE id < (SELECT max(id) FROM snapshot)")
store.execute("DELETE FROM unit WHERE id NOT IN (SELECT unit FROM printed)")
store.commit()
END
expect_as_gate
rm -f "$work/builds"

# --- the gate

build ./...
git stash --quiet 2>/dev/null || true
heapwarden check -v --base HEAD --head HEAD
expect_status 0
expect_contains "$work/stderr" 'HEAD is in the store'
expect_lacks "$work/stderr" '^heapwarden: cd .* (build|list) -'
echo 'func Another() *int { return new(int) }' >>gen/gen.go
build ./...
heapwarden check -v --base HEAD --format json:"$work/result.json"
expect_status 1
expect_contains "$work/stderr" 'working tree is in the store'
expect_lacks "$work/stderr" '^heapwarden: cd .* (build|list) -'
expect_json "$work/result.json" '[f["function"] for f in new] == ["Another"]'
git checkout --quiet .
rm "$work/builds"
unset HEAPWARDEN_GO
rm -r .git/heapwarden

# --- where it is built: other directories, the package of the directory alone, GOFLAGS

cd cmd/one
go_build
mv one "$work/go-one"
build
expect_as_go
expect 'it is not what go makes' cmp one "$work/go-one"
rm one
expect_in_store .
cd ../..
expect_in_store -C cmd/one .
expect_as_gate -C cmd/one .
go_build -C cmd/one -o "$work/go-one"
build -C cmd/one -o "$work/our-one"
expect_as_go
expect 'it is not what go makes' cmp "$work/our-one" "$work/go-one"
expect_as_gate -C cmd/one .
GOCACHE=$kept heapwarden -C cmd build -o "$work/our-one" ./one
expect 'it is not what go makes' cmp "$work/our-one" "$work/go-one"
expect_as_gate -C cmd ./one
export GOFLAGS='-tags=extra -trimpath'
go_build -o "$work/go-one" ./cmd/one
build -o "$work/our-one" ./cmd/one
expect_as_go
expect 'it is not what go makes' cmp "$work/our-one" "$work/go-one"
expect_as_gate ./cmd/one
export GOFLAGS=-gcflags=-N
expect_not_kept '-gcflags=-N in GOFLAGS' ./gen
export GOFLAGS=''

# --- not kept, and why

expect_not_kept '-gcflags' -gcflags=-l ./gen
expect_not_kept 'files were built' gen/gen.go
expect_not_kept '-toolexec' -toolexec=/usr/bin/env ./gen
printf '{"Replace": {}}\n' >"$work/overlay.json"
expect_not_kept 'not all that decides' -overlay "$work/overlay.json" ./gen
GOCACHE=$kept heapwarden -q build -gcflags=-l ./gen
expect_status 0
expect_empty "$work/stderr"
GOCACHE=$kept heapwarden build -n ./gen
expect_status 0
expect_contains "$work/stderr" 'nothing is built with -n'
expect_nothing_stored

# Go's commands are its own: what is kept is built apart.
GOCACHE=$kept heapwarden build -x ./gen
expect_status 0
expect_lacks "$work/stderr" 'toolexec'
expect_as_gate ./gen

# --- what fails, fails as with go

mkdir broken
printf 'package broken\n\nfunc F() *int { return "" }\n\nfunc G() { undefined() }\n' >broken/broken.go
forget_compiled
for arguments in ./... ./broken ./gone -wrong -tags '-o x/y/z/ ./lib ./cmd/...' './cmd/... nowhere.org/x' '-json ./broken'; do
	# shellcheck disable=SC2086
	go_build $arguments
	# shellcheck disable=SC2086
	build $arguments
	expect 'go does not fail' [ "$go_status" -ne 0 -o "$arguments" = '-o x/y/z/ ./lib ./cmd/...' ]
	expect_as_go
	[ "$go_status" -eq 0 ] || expect_silent
done
rm -rf broken x .git/heapwarden
GOCACHE=$kept HEAPWARDEN_GO=/nowhere/go run "$HEAPWARDEN" build
expect_status 2
expect_contains "$work/stderr" '/nowhere/go'

# --- never the reason: no store, no repository, no module

HEAPWARDEN_STORE='' expect_not_kept 'no store' ./gen
HEAPWARDEN_STORE=/dev/null/store.db expect_not_kept 'no store' ./gen
XDG_CACHE_HOME=/dev/null expect_not_kept '/dev/null' ./gen
cp -R . "$work/no-repository"
rm -rf "$work/no-repository/.git"
cd "$work/no-repository"
expect_not_kept 'not inside a git repository' -o "$work/our-one" ./cmd/one
mkdir "$work/no-module"
cd "$work/no-module"
go_build
build
expect_as_go
expect_silent

# --- who changes a file meanwhile

cd "$work/app"
export HEAPWARDEN_GO=$work/go
touch "$work/edit"
build ./gen
expect_status 0
expect_contains "$work/stderr" 'a file was changed while it was built'
expect_nothing_stored
rm "$work/edit"
git checkout --quiet .

# --- signals and standard input are go's

touch "$work/wait"
for signal in TERM INT; do
	rm -f "$work/waits"
	# A shell that has no job control starts what runs in the background with SIGINT ignored.
	echo 'from standard input' | python3 -c 'import signal, subprocess, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
sys.exit(subprocess.call(sys.argv[1:]))' bash -c 'echo $$ >"$0"; exec "$@"' "$work/pid" "$HEAPWARDEN" build ./gen >"$work/stdout" 2>"$work/stderr" &
	ran="heapwarden build, and SIG$signal"
	for _ in $(seq 300); do
		[ ! -e "$work/waits" ] || break
		sleep 0.1
	done
	kill -s $signal "$(cat "$work/pid")"
	status=0
	wait $! || status=$?
	expect_status 7
	expect_contains "$work/stdout" 'from standard input'
	expect_contains "$work/stdout" 'ended'
	expect_nothing_stored
done
unset HEAPWARDEN_GO
rm -rf .git/heapwarden

# --- where the compiler cannot be listened to, what is kept is the same

mkdir -p other/vendor/example.com/dep "$work/outer"
printf 'package gen\n\n//line /src/absolute.y:3\nfunc Absolute() *int { return new(int) }\n' >gen/absolute.go
printf 'package gen\n\n//line %s/lib/other.y:3\nfunc Elsewhere() *int { return new(int) }\n' "$PWD" >gen/elsewhere.go
forget_compiled
build ./...
expect_silent
expect_as_gate
git clean -fdq
if command -v gcc >/dev/null; then
	printf 'package gen\n\n// static int one(void) { return 1; }\nimport "C"\n\nfunc One() *int { n := int(C.one()); return &n }\n' >gen/cgo.go
	forget_compiled
	build ./...
	expect_status 0
	expect_silent
	expect_as_gate
	git clean -fdq
fi
touch cmd/one/default.pgo
for _ in 1 2; do
	forget_compiled
	build ./...
	expect_status 0
	expect_silent
	echo '// more' >>gen/gen.go
done
git checkout --quiet gen
rm -r .git/heapwarden
build ./...
expect_as_gate
git clean -fdq
cp -R . "$work/outer/app"
printf 'go 1.21\n\nuse ./app\n\nreplace example.com/Dep => ./app/inner\n' >"$work/outer/go.work"
cd "$work/outer/app"
go_build ./...
build ./...
expect_as_go
expect_as_gate
rm "$work/outer/go.work"
mkdir -p vendor/example.com/Dep
cp -R inner/deep vendor/example.com/Dep
printf '# example.com/Dep v1.2.3 => ./inner\n## explicit; go 1.21\nexample.com/Dep/deep\n# example.com/Dep => ./inner\n' >vendor/modules.txt
forget_compiled
build ./...
expect_status 0
expect_silent
expect_as_gate
ln -s "$work/outer" "$work/link"
forget_compiled
(cd "$work/link/app" && GOCACHE=$kept "$HEAPWARDEN" build ./...)
expect_as_gate

heapwarden build --help
expect_contains "$work/stdout" 'GO-BUILD-ARGUMENTS'
expect_nothing_left

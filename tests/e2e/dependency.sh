#!/usr/bin/env bash
# Another version of a module as the cause: from a module proxy that is a directory, and vendored.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

export GOPROXY=file://$work/proxy GOSUMDB=off GOMODCACHE=$work/modules
mkdir "$work/proxy"

# Put a version of a module into the proxy: https://go.dev/ref/mod#goproxy-protocol. Its dep.go is read from standard
# input, its package is called dep.
publish() # MODULE VERSION
{
	local directory=$work/proxy/$1/@v

	mkdir -p "$directory"
	echo "$2" >>"$directory/list"
	printf '{"Version": "%s", "Time": "2026-01-02T03:04:05Z"}\n' "$2" >"$directory/$2.info"
	printf 'module %s\n\ngo 1.19\n' "$1" >"$directory/$2.mod"
	python3 -c '
import sys, zipfile
module, version, directory = sys.argv[1:]
with zipfile.ZipFile(f"{directory}/{version}.zip", "w") as archive:
    archive.writestr(f"{module}@{version}/go.mod", open(f"{directory}/{version}.mod").read())
    archive.writestr(f"{module}@{version}/dep.go", sys.stdin.read())' "$1" "$2" "$directory"
}

publish example.com/dep v1.0.0 <<'END_OF_FILE'
package dep

var last int

//go:noinline
func Put(n *int) { last = *n }

func Keep(n *int) { last = *n }

func Norm(n int) int { return n & 0xffff }
END_OF_FILE
publish example.com/dep v1.1.0 <<'END_OF_FILE'
package dep

var last *int

//go:noinline
func Put(n *int) { last = n }

func Keep(n *int) { last = n }

func Norm(n int) int { return (n*n/3+n%7-n/5)&0xffff ^ (n>>3+n<<2)*n }
END_OF_FILE
for version in v1.0.0 v1.0.1; do
	for name in a b c; do
		publish "example.com/$name" "$version" <<-'END_OF_FILE'
			package dep

			func Add(a, b int) int { return a + b }
		END_OF_FILE
	done
done

git init --quiet "$work/app"
cd "$work/app"
cat >app.go <<'END_OF_FILE'
package app

import (
	adep "example.com/a"
	_ "example.com/b"
	_ "example.com/c"
	"example.com/dep"
)

func Called() int {
	n := 1
	dep.Put(&n)
	return n
}

func Inlined() int {
	n := 2
	dep.Keep(&n)
	return adep.Add(n, 1)
}

type Point struct{ X, Y int }

func New(x, y int) *Point { return &Point{dep.Norm(x) + dep.Norm(y), dep.Norm(x-y) + dep.Norm(x+y)} }

func Distance(x, y int) int {
	p := New(x, y)
	return p.X + p.Y
}
END_OF_FILE
# The module requires these versions of what is named a, b, c and dep.
require() # VERSION VERSION-OF-DEP
{
	cat >go.mod <<-END_OF_FILE
		module example.com/app

		go 1.19

		require (
			example.com/a $1
			example.com/b $1
			example.com/c $1
			example.com/dep $2
		)
	END_OF_FILE
	go mod download all
	go mod tidy
}
require v1.0.0 v1.0.0
commit_all base
require v1.0.0 v1.1.0
commit_all 'another dep'

causes='[(f["function"], f["kind"], f["cause"]["kind"], f["cause"]["text"], f["cause"]["file"], f["cause"]["line"]) for f in new]'
dependency='"dependency", "a dependency was changed: example.com/dep v1.0.0 → v1.1.0", "go.mod", 9'
heapwarden check --base HEAD~1 --head HEAD --format text --format json:../result.json
expect_status 1
expect_json ../result.json "$causes == [
	('Called', 'moved-to-heap', $dependency), ('Inlined', 'moved-to-heap', $dependency),
	('New', 'lost-inlining', $dependency)]"
expect_json ../result.json '[(c["kind"], c["new"]) for c in r["causes"]] == [("dependency", 3)]'
expect_contains "$work/stdout" 'example.com/dep v1.0.0 → v1.1.0'
heapwarden check --base HEAD --head HEAD~1
expect_status 0

# The one that is called is named, not the others that were changed too.
git checkout --quiet -b others HEAD~1
require v1.0.1 v1.1.0
commit_all 'all others'
heapwarden check --base HEAD~1 --head HEAD --format json:../result.json
expect_status 1
expect_json ../result.json "$causes == [
	('Called', 'moved-to-heap', $dependency), ('Inlined', 'moved-to-heap', $dependency),
	('New', 'lost-inlining', $dependency)]"

# Changed together with a line of the function that has nothing to do with it.
git checkout --quiet -b lines HEAD~1
require v1.0.0 v1.1.0
sed -i 's/return n$/return n + 1/' app.go
commit_all 'and a line'
heapwarden check --base HEAD~1 --head HEAD --format json:../result.json
expect_status 1
expect_json ../result.json "$causes[0] == ('Called', 'moved-to-heap', $dependency)"

# Vendored, another version is the cause as well; a change of the vendored file alone is named by its line.
git checkout --quiet -b vendored HEAD~1
go mod vendor
commit_all 'vendored'
require v1.0.0 v1.1.0
go mod vendor
commit_all 'another dep, vendored'
heapwarden check --base HEAD~1 --head HEAD --format json:../result.json
expect_status 1
expect_json ../result.json "$causes[0] == ('Called', 'moved-to-heap', $dependency)"
sed -i 's/last = n$/last = nil/; s/last = n }$/_ = n }/' vendor/example.com/dep/dep.go
commit_all 'patched'
git revert --no-edit HEAD >/dev/null
heapwarden check --base HEAD~1 --head HEAD --format json:../result.json
expect_status 1
expect_json ../result.json '[(f["function"], f["cause"]["kind"], f["cause"]["function"], f["cause"]["file"], f["cause"]["line"]) for f in new] == [("Called", "callee-leaks", "Put", "vendor/example.com/dep/dep.go", 6), ("Inlined", "callee-leaks", "Keep", "vendor/example.com/dep/dep.go", 8)]'
expect_nothing_left

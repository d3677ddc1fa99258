#!/usr/bin/env bash
# A caller that has become big does not inline a function of another package any more: that is found whether both sides
# are built or are in the store, and whether what is equal on both sides is left out or not.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

git init --quiet "$work/big"
cd "$work/big"
mkdir point use other
printf 'module example.com/big\n\ngo 1.21\n' >go.mod
cat >point/point.go <<'END'
package point

type Point struct{ X, Y int }

func New(x, y int) *Point {
	p := &Point{X: x, Y: y}
	if x > y {
		p.X, p.Y = y, x
	}
	return p
}
END
cat >other/other.go <<'END'
package other

import "example.com/big/point"

func New() *int { return new(int) }

func Sum(x, y int) int { p := point.New(x, y); return p.X + p.Y }
END
cp -R other apart
sed -i 's/^package other/package apart/; /point/d' apart/other.go
operation() # STATEMENTS
{
	printf 'package use\n\nimport "example.com/big/point"\n\nvar table [8]int\n\n'
	printf 'func Operation(x int) int {\n\tp := point.New(x, x+1)\n'
	for ((i = 0; i < $1; i++)); do
		printf '\ttable[%d] += (x+%d)*(table[%d]-%d) ^ (x*2 - table[1]/3)\n' $((i % 8)) "$i" $((i * 3 % 8)) "$i"
	done
	printf '\treturn p.X + p.Y\n}\n'
}
operation 1 >use/use.go
commit_all base
operation 400 >use/use.go
commit_all 'a big caller'

check() # NAME, OPTIONS
{
	heapwarden check -v --base HEAD~1 --head HEAD --format json:"$work/$1.json" "${@:2}"
	expect_status 1
	expect_json "$work/$1.json" '[(f["kind"], f["reason"], f["function"], f["expression"], f["file"], f["line"]) for f in new] ==
		[("lost-inlining", "big caller", "Operation", "New", "use/use.go", 8)]'
	expect_json "$work/$1.json" '[(c["function"], c["line"]) for c in new[0]["copies"]] == [("Operation", 8)]'
	expect_json "$work/$1.json" 'new[0]["lost_inlining"]["big_caller"] == "Operation"'
	expect_json "$work/$1.json" '[(a["file"], a["line"]) for a in new[0]["lost_inlining"]["allocations"]] == [("point/point.go", 6)]'
	expect_json "$work/$1.json" 'new[0]["cause"]["file"] == "use/use.go" and "has become big" in new[0]["cause"]["text"]'
}

check built
expect_lacks "$work/stderr" 'is in the store'
check stored
expect "both sides are in the store" [ "$(grep -c 'is in the store' "$work/stderr")" -eq 2 ]
expect_same "$work/built.json" "$work/stored.json"
check whole --no-shortcut
expect_same "$work/built.json" "$work/whole.json"
check unkept --no-store
expect_lacks "$work/stderr" 'is in the store'
expect_same "$work/built.json" "$work/unkept.json"
heapwarden check --base HEAD --head HEAD~1 --format json:"$work/report.json"
expect_status 0
expect_json "$work/report.json" "r['summary']['lost_inlining'] == 0 == r['summary']['new']"
expect_nothing_left

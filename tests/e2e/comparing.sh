#!/usr/bin/env bash
# What a comparison says beside the new escapes: causes that are shared, contracts, warnings, another Go.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# A callee that leaks now: its callers have one cause, and it is a contract of the package.
git init --quiet "$work/shared"
cd "$work/shared"
mkdir store
printf 'module example.com/shared\n\ngo 1.19\n' >go.mod
cat >store/store.go <<'END'
package store

var last int

//go:noinline
func Put(n *int) { last = *n }
END
cat >use.go <<'END'
package shared

import "example.com/shared/store"

func One() { n := 1; store.Put(&n) }

func Two() { n := 2; store.Put(&n) }
END
commit_all base
sed -i 's/^var last int/var last *int/; s/last = \*n/last = n/' store/store.go
commit_all head
heapwarden diff --contracts --format text --format json:result.json HEAD~1..HEAD
expect_status 0
expect_json result.json '[(f["function"], f["cause"]["kind"], f["cause"]["function"], f["cause"]["file"], f["cause"]["line"]) for f in new] == [("One", "callee-leaks", "Put", "store/store.go", 6), ("Two", "callee-leaks", "Put", "store/store.go", 6)]'
expect_json result.json '[(c["kind"], c["new"]) for c in r["causes"]] == [("callee-leaks", 2)]'
expect_contains "$work/stdout" '2 of them because Put lets its parameter n get to the heap now  --> store/store.go:6'
expect_json result.json '[(c["package"], c["function"], c["parameter"], c["base"], c["head"]) for c in r["contracts"]] == [("example.com/shared/store", "Put", "n", "none", "heap")]'
expect_contains "$work/stdout" 'contract: example.com/shared/store: Put: n leaks to the heap (it did not escape)'
heapwarden diff --contracts HEAD..HEAD~1
expect_contains "$work/stdout" 'n does not escape any more (it leaked to the heap)'
heapwarden diff --contracts HEAD..HEAD
expect_contains "$work/stdout" 'no parameter of an exported function leaks otherwise'

# What a function literal does with its parameters is in no contract of the function that it is in, whatever their names.
cat >store/store.go <<'END'
package store

var last *int

func Each(n *int) {
	each := func(n, p *int) { *last = *n + *p }
	each(n, n)
	each(n, n)
}
END
commit_all 'a literal'
sed -i 's/\*last = \*n + \*p/last = n; *last = *p/' store/store.go
sed -i 's/each(n, n)/each(new(int), n)/' store/store.go
commit_all 'whose parameter leaks'
heapwarden diff --contracts --format text --format json:result.json HEAD~1..HEAD
expect_json result.json 'r["contracts"] == []'
expect_json result.json '{f["cause"]["text"] for f in new if f["cause"]["kind"] == "callee-leaks"} <= {"a function literal in Each lets its parameter n get to the heap now"}'

# A file that was there and was not compiled: what is in it is new, because of its build constraint or its name.
git init --quiet "$work/tagged"
cd "$work/tagged"
printf 'module example.com/tagged\n\ngo 1.19\n' >go.mod
printf 'package tagged\n\nfunc Sum(a, b int) int { return a + b }\n' >sum.go
printf '//go:build never\n\npackage tagged\n\nfunc New() *int { return new(int) }\n' >constraint.go
printf '//go:build never\n\npackage tagged\n\nfunc Make() *int { return new(int) }\n' >other.go
printf 'package tagged\n\nfunc Get() *int { return new(int) }\n' >name_plan9.go
commit_all base
sed -i 1,2d constraint.go
sed -i '1s/never/!never/' other.go
git mv name_plan9.go name.go
commit_all head
heapwarden check --base HEAD~1 --head HEAD --format json:result.json
expect_status 1
expect_json result.json '[(f["file"], f["cause"]["kind"], f["cause"]["file"], f["cause"]["line"]) for f in new] ==
	[("constraint.go", "newly-compiled", "constraint.go", 1), ("name.go", "newly-compiled", None, 0),
	("other.go", "newly-compiled", "other.go", 1)]'
expect_json result.json 'new[0]["cause"]["text"].endswith("the build constraint was taken out")'
expect_json result.json 'new[1]["cause"]["text"].endswith("was not as name_plan9.go")'
heapwarden check --base HEAD --head HEAD~1 --format json:result.json
expect_status 0
expect_json result.json 'r["summary"]["fixed"] == 3'

# A function that comes near the inlining budget, and whose calls would allocate above it.
git init --quiet "$work/near"
cd "$work/near"
printf 'module example.com/near\n\ngo 1.19\n' >go.mod
point() # STATEMENTS
{
	cat <<-END
		package near

		type Point struct{ X, Y int }

		func New(x, y int) *Point {
			p := &Point{X: x, Y: y}
		$(for ((i = 0; i < $1; i++)); do echo '	p.X += y'; done)
			return p
		}

		func Use(x, y int) int { p := New(x, y); return p.X + p.Y }
	END
}
cost() # FILE
{
	go build -gcflags=-m=2 . 2>&1 | sed -n 's/.*can inline New with cost \([0-9]*\).*/\1/p'
}
point 1 >near.go
commit_all base
for statements in {2..40}; do
	point "$statements" >near.go
	now=$(cost)
	[ -n "$now" ] && [ "$now" -lt 77 ] || break
done
if [ -n "$now" ]; then
	commit_all 'near the budget'
	heapwarden check --base HEAD~1 --head HEAD --format text --format json:result.json
	expect_status 0
	expect_contains "$work/stdout" "warning: New costs $now of the 80 that inlining allows"
	expect_json result.json 'len(r["warnings"]) == 1'
fi
point 40 >near.go
commit_all 'above it'
heapwarden check --base HEAD~1 --head HEAD --format json
expect_status 1
expect_json "$work/stdout" 'r["summary"]["lost_inlining"] == 1 and r["summary"]["new"] == 0'
expect_json "$work/stdout" '[(f["kind"], f["function"], [c["function"] for c in f["copies"]], len(f["lost_inlining"]["allocations"])) for f in new] == [("lost-inlining", "New", ["Use"], 1)]'
expect_json "$work/stdout" 'new[0]["cause"]["kind"] == "inlining" and new[0]["cause"]["file"] == "near.go"'
heapwarden check --base HEAD --head HEAD~1
expect_status 0

# One tree under one Go, twice: nothing differs.
version=$(go env GOVERSION)
heapwarden toolchain "$version" "$version" --format json
expect_status 0
expect_json "$work/stdout" 'r["summary"]["new"] == 0 == r["summary"]["fixed"] and r["summary"]["unchanged"] > 0'
heapwarden toolchain "$version"
expect_error 'two versions'
heapwarden toolchain go1.2.3 "$version"
expect_error 'go1.2.3'
expect_nothing_left

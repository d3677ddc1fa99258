#!/usr/bin/env bash
# --tests: what is in test files is looked at as well, each place once, and without it nothing of them.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
facts=$work/facts

# --- what there is: tests in their package and outside, of one that has nothing else, with an import that goes around

make_module m
rm sum.go
mkdir p q only outer
cat >p/p.go <<'GO'
package p

type T struct{ A int }

//go:noinline
func New(a int) *T { return &T{a} }

func Twice[E any](e E) []*E { return []*E{&e, &e} }
GO
cat >p/p_test.go <<'GO'
package p

import "testing"

func helper(n int) *T { t := T{n}; return &t }

func TestNew(t *testing.T) {
	if helper(1).A != New(1).A {
		t.Fatal(len(Twice(1)))
	}
}

func BenchmarkNew(b *testing.B) {
	for i := 0; i < b.N; i++ {
		s := make([]int, i)
		_ = s
	}
}
GO
cat >p/outside_test.go <<'GO'
package p_test

import (
	"testing"

	"example.com/m/p"
	"example.com/m/q"
)

func keep(n int) *int { return &n }

func TestOutside(t *testing.T) {
	if p.New(3).A == *q.Q() {
		t.Fatal(*keep(4))
	}
}
GO
printf 'package q\n\nimport "example.com/m/p"\n\nfunc Q() *int { i := p.New(1).A; return &i }\n' >q/q.go
printf 'package only\n\nimport "testing"\n\nvar sink *int\n\nfunc TestOnly(t *testing.T) { i := 1; sink = &i }\n' >only/only_test.go
printf 'package outer_test\n\nimport "testing"\n\nvar sink *int\n\nfunc TestOuter(t *testing.T) { i := 1; sink = &i }\n' \
	>outer/outer_test.go
commit_all base

# What an independent go command says, a line each: "FILE:LINE:COLUMN: TEXT".
truth()
{
	run go test -run='^$' -exec=true -vet=off -trimpath -gcflags=-m=1 ./...
	cat "$work/stdout" "$work/stderr" | grep -E 'escapes to heap$|moved to heap: ' |
		sed -n 's,^example\.com/m/\(p\|q\|only\|outer\)\(_test\)\?/,\1/,p' | sort -u
}
truth >"$work/truth"
expect 'go test says nothing of test files' grep -q _test.go "$work/truth"
heapwarden scan --tests --format json:"$facts"
expect_status 0
run python3 -c '
import json, sys
for e in json.load(open(sys.argv[1]))["escapes"]:
    if e["origin"] == "own" and not e["implied"] and not e["message"].endswith("does not escape"):
        print("%s:%d:%d: %s" % (e["file"], e["line"], e["column"], e["message"]))' "$facts"
sort "$work/stdout" >"$work/listed"
expect_same "$work/truth" "$work/listed"
expect_json "$facts" "all(e.get('test', False) == e['file'].endswith('_test.go') for e in r['escapes'])"
expect_json "$facts" "{(e['package'], e['file']) for e in r['escapes'] if e.get('test')} == {
	('example.com/m/p', 'p/p_test.go'), ('example.com/m/p_test', 'p/outside_test.go'),
	('example.com/m/only', 'only/only_test.go'), ('example.com/m/outer_test', 'outer/outer_test.go')}"
cp "$facts" "$work/first"
heapwarden scan --tests --format json:"$facts" # out of the store
expect_status 0
expect_same "$work/first" "$facts"
heapwarden scan --tests --no-store --format json:"$facts"
expect_same "$work/first" "$facts"

heapwarden scan --format json:"$facts"
expect_json "$facts" "{e['file'] for e in r['escapes']} == {'p/p.go', 'q/q.go'} and not any('test' in e for e in r['escapes'])"

# --- a change of test files alone

check() # STATUS EXPECTATION [ARGUMENTS...]
{
	local wanted=$1 expectation=$2

	shift 2
	heapwarden check -v --base HEAD --format json:"$facts" "$@"
	expect_status "$wanted"
	expect_json "$facts" "$expectation"
}
places="[(f['file'], f['line'], f['function'], f['expression']) for f in new]"

check 0 'not new' # builds the base
printf '\nfunc more(n int) *T { return &T{n} }\n' >>p/p_test.go
check 0 'not new'
expect_lacks "$work/stderr" ' go (build|list) '
check 1 "$places == [('p/p_test.go', 20, 'more', '&T{...}')] and new[0]['test'] and r['summary']['new'] == 1" --tests
expect_matches "$work/stderr" ' go list -test -export '
cp "$facts" "$work/first"
check 1 "$places == [('p/p_test.go', 20, 'more', '&T{...}')]" --tests --no-store
check 1 "$places == [('p/p_test.go', 20, 'more', '&T{...}')]" --tests --no-shortcut
check 1 "$places == [('p/p_test.go', 20, 'more', '&T{...}')]" --tests
expect_lacks "$work/stderr" ' go (build|list) '
heapwarden diff --tests HEAD --format json:"$facts"
expect_json "$facts" "$places == [('p/p_test.go', 20, 'more', '&T{...}')]"
heapwarden diff HEAD --format json:"$facts"
expect_json "$facts" "not new"
git checkout --quiet .

# Outside of the package, and where there is nothing else.
printf '\nfunc more(n int) *int { return &n }\n' | tee -a p/outside_test.go >>only/only_test.go
check 1 "$places == [('only/only_test.go', 9, 'more', 'n'), ('p/outside_test.go', 18, 'more', 'n')]" --tests
git checkout --quiet .

# --- what is not of tests is said once, with them or without

printf '\nfunc Grow(n int) *T { return &T{n} }\n' >>p/p.go
check 1 "$places == [('p/p.go', 10, 'Grow', '&T{...}')] and r['summary']['new'] == 1 and 'test' not in new[0]"
check 1 "$places == [('p/p.go', 10, 'Grow', '&T{...}')] and r['summary']['new'] == 1 and 'test' not in new[0]" --tests
git checkout --quiet .

# Lost inlining: one finding with the calls that there are, though callers are compiled for each test.
cat >q/small.go <<'GO'
package q

func small(n int) *int { return &n }

func One() int { return *small(1) }
func Two() int { return *small(2) }
GO
printf 'package q\n\nimport "testing"\n\nfunc TestSmall(t *testing.T) { _ = *small(3) }\n' >q/small_test.go
commit_all small
sed -i 's/^func small/\/\/go:noinline\n&/' q/small.go
lost="[(f['function'], len(f['copies'])) for f in new if f['kind'] == 'lost-inlining']"
check 1 "$lost == [('small', 2)]"
check 1 "$lost == [('small', 3)]" --tests
git checkout --quiet .

# --- from a file of the package into its tests: the same allocation, elsewhere

printf '\nfunc made(n int) *T { return &T{n} }\n' >>p/p.go
commit_all made
git checkout --quiet HEAD~ -- p/p.go
printf '\nfunc made(n int) *T { return &T{n} }\n' >>p/p_test.go
check 0 "not new and r['summary']['fixed'] == 1"
check 0 "not new and r['summary']['fixed'] == 0 and r['summary']['moved'] == 1" --tests
git checkout --quiet HEAD -- . && git checkout --quiet .

# --- tests that do not build are said, and nothing is judged by their lack

printf 'package p\n\nfunc bad() { undefined() }\n' >p/bad_test.go
check 0 'not new and not r["not_analysed"]'
printf '\nfunc More(n int) *int { return &n }\n' >>q/q.go
check 2 "{n['package'] for n in r['not_analysed']} == {'example.com/m/p', 'example.com/m/p_test'} and
	[f['function'] for f in new] == ['More']" --tests
printf 'package p\n\nimport "example.com/nowhere"\n\nfunc bad() { nowhere.F() }\n' >p/bad_test.go
check 2 "{n['package'] for n in r['not_analysed']} == {'example.com/m/p', 'example.com/m/p_test'} and
	[f['function'] for f in new] == ['More']" --tests
rm p/bad_test.go
git checkout --quiet .

# --- what tests embed must be there, though it does not decide what is printed

printf 'package only\n\nimport _ "embed"\n\n//go:embed data.txt\nvar data string\n' >only/data_test.go
echo data >only/data.txt
commit_all data
heapwarden scan --tests --quiet --head HEAD
expect_status 0
git rm --quiet only/data.txt && commit_all 'no data'
heapwarden scan --tests --head HEAD
expect_status 2
expect_contains "$work/stdout" 'no matching files found'
heapwarden scan --quiet --head HEAD
expect_status 0
git rm --quiet only/data_test.go && commit_all 'no test of data'

# --- the setting, and what is staged

printf '[build]\n\ttests = yes\n' >.heapwarden
commit_all setting
printf '\nfunc more(n int) *T { return &T{n} }\n' >>p/p_test.go
check 1 "$places == [('p/p_test.go', 20, 'more', '&T{...}')]"
check 0 'not new' --tests=no
rm .heapwarden # what the base's file asks for holds
check 1 "$places == [('p/p_test.go', 20, 'more', '&T{...}')]"
git checkout --quiet .heapwarden
heapwarden hook run
expect_status 0
git add .
heapwarden hook run
expect_status 1
expect_contains "$work/stdout" 'p/p_test.go'
git reset --quiet && git rm --quiet .heapwarden && git commit --quiet -m 'no setting' && git add .
heapwarden hook run
expect_status 0
expect_empty "$work/stdout"

#!/usr/bin/env bash
# Findings are ranked by a profile that go has made, and what the profile has little of does not count.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

out=$work/stdout
git init --quiet "$work/app"
cd "$work/app"
mkdir codec.v2
printf 'module example.com/app\n\ngo 1.21\n' >go.mod
cat >codec.v2/codec.go <<'GO'
package codec

type Item struct{ A, B int }

type Encoder struct{ last []byte }

var Kept []byte

//go:noinline
func Setup(n int) int {
	Kept = make([]byte, 1+n%2)
	return n
}

//go:noinline
func (e *Encoder) Encode(n int) int {
	sum := 0
	for i := 0; i < 2000; i++ {
		sum += i * n
	}
	e.last = make([]byte, 64+n%2)
	return sum
}
GO
cat >codec.v2/codec_test.go <<'GO'
package codec

import "testing"

func BenchmarkEncode(b *testing.B) {
	Setup(b.N)
	e := &Encoder{}
	for i := 0; i < b.N; i++ {
		e.Encode(i)
	}
}
GO
printf 'package app\n\nfunc Sum(a, b int) int { return a + b }\n' >app.go
commit_all base
base=$(git rev-parse HEAD)
profiles=$work/profiles
mkdir "$profiles"
# As its user makes it; the name of a file has a blank.
run go test -run '^$' -bench . -benchtime 200000x -memprofilerate 1 -memprofile "$profiles/mem out" \
	-cpuprofile "$profiles/cpu.out" -o "$work/codec.test" ./codec.v2
expect_status 0
for function in Encode Setup; do
	sed -i "/^func .*$function(n/a\\	Shown = \\&Item{A: n}" codec.v2/codec.go
done
sed -i 's/^var Kept.*/&\n\nvar Shown *Item/' codec.v2/codec.go
commit_all head

check() # OPTIONS...
{
	heapwarden check --base "$base" --format text --format "json:$work/report.json" "$@"
}

# --- what counts

check
expect_status 1
expect_contains "$out" '2 new heap escapes in 2 functions'
expect_json "$work/report.json" 'r["profile"] is None and {f["profile_share"] for f in new} == {None}'
for profile in 'mem out' cpu.out; do
	check --profile "$profiles/$profile"
	expect_status 1
	expect_contains "$out" '1 new heap escape in 1 function'
	expect_contains "$out" 'of it passes through this function'
	expect_matches "$out" 'not counted: in Setup: .* --> codec.v2/codec.go:[0-9]+:[0-9]+: 0(\.[0-9]+)?% of the profile: below 1% nothing counts \(policy.profile-min, default\)'
	expect_json "$work/report.json" '[(f["function"], f["counts"]) for f in new] == [("Encoder.Encode", True), ("Setup", False)]'
	expect_json "$work/report.json" 'new[0]["profile_share"] > 0.3 and new[1]["profile_share"] < 0.01'
done
# Out of the document, the same in every form.
check --profile "$profiles/mem out"
cp "$out" "$work/text"
heapwarden report "$work/report.json" --format text --format "json:$work/again.json"
expect_status 1
expect_same "$work/text" "$out"
expect_same "$work/report.json" "$work/again.json"
heapwarden check --base "$base" --profile "$profiles/mem out" --format "html:$work/report.html"
expect_contains "$work/report.html" 'of the profile passes through this function.'

# Ranked alone: the one with more of it comes first, wherever it stands.
check --profile "$profiles/mem out" --profile-min 0
expect_status 1
expect_contains "$out" '2 new heap escapes in 2 functions'
expect_json "$work/report.json" '[f["function"] for f in new] == ["Encoder.Encode", "Setup"]'
check --profile "$profiles/mem out" --profile-min 100%
expect_status 0
check --profile "$profiles/mem out" --hot Setup
expect_status 1
expect_contains "$out" '2 new heap escapes in 2 functions'

# Relative to where the user is, and by the environment.
cd codec.v2
check --profile '../../profiles/mem out'
expect_status 1
expect_contains "$out" '1 new heap escape in 1 function'
cd ..
heapwarden check --base "$base" -C codec.v2 --profile '../../profiles/mem out'
expect_status 1
expect_contains "$out" '1 new heap escape in 1 function'
HEAPWARDEN_PROFILE="$profiles/mem out" check
expect_contains "$out" '1 new heap escape in 1 function'

# A function that the base does not have counts: the profile is older than it.
printf '\n//go:noinline\nfunc New(n int) *Item { return &Item{A: n} }\n' >>codec.v2/codec.go
check --profile "$profiles/mem out"
expect_status 1
expect_contains "$out" '2 new heap escapes in 2 functions'
expect_contains "$out" 'it does not have this function, nor has the base: it counts'
expect_json "$work/report.json" '[f["profile_share"] for f in new if f["function"] == "New"] == [None]'
git checkout --quiet .

# --- whose profile counts

# One that comes with its own setting does not loosen the gate of the change that brings it.
cp "$profiles/mem out" codec.v2/mem.pprof
printf '[policy]\n\tfail-on = new\n' >.heapwarden
git add .heapwarden && git commit --quiet --message settings
settings=$(git rev-parse HEAD)
sed -i '/Shown = /d' codec.v2/codec.go
commit_all 'a base with settings'
git rm --quiet --cached codec.v2/mem.pprof
git commit --quiet --amend --message 'a base with settings'
base=$(git rev-parse HEAD)
git show "$settings:codec.v2/codec.go" >codec.v2/codec.go
printf '[policy]\n\tprofile = codec.v2/mem.pprof\n\tprofile-min = 99%%\n' >.heapwarden
check
expect_status 1
expect_contains "$out" '2 new heap escapes in 2 functions'
# Where the base has it, it holds; and not in the head's form.
git show "$base:codec.v2/codec.go" >codec.v2/codec.go
printf '[policy]\n\tprofile = codec.v2/mem.pprof\n' >.heapwarden
commit_all 'a base with a profile'
base=$(git rev-parse HEAD)
git show "$settings:codec.v2/codec.go" >codec.v2/codec.go
check
expect_status 1
expect_contains "$out" '1 new heap escape in 1 function'
printf 'no profile\n' >codec.v2/mem.pprof
check
expect_status 1
expect_contains "$out" '1 new heap escape in 1 function'
expect_contains "$out" '(policy.profile-min, default)'
git checkout --quiet codec.v2/mem.pprof

# --- a program, which the linker calls main

git init --quiet "$work/tool"
cd "$work/tool"
mkdir -p cmd/tool
printf 'module example.com/tool\n\ngo 1.21\n' >go.mod
cat >cmd/tool/main.go <<'GO'
package main

import (
	"os"
	"runtime"
	"runtime/pprof"
)

var kept *[64]byte

//go:noinline
func once() { kept = new([64]byte) }

//go:noinline
func often() { kept = new([64]byte) }

func main() {
	runtime.MemProfileRate = 1
	once()
	for i := 0; i < 10000; i++ {
		often()
	}
	out, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	defer out.Close()
	if err := pprof.Lookup("allocs").WriteTo(out, 0); err != nil {
		panic(err)
	}
}
GO
commit_all base
run go run ./cmd/tool "$profiles/tool.out"
expect_status 0
sed -i 's/^func [a-z]*() { kept/&, other/; s/new(\[64\]byte) }/new([64]byte), new(int) }/; s/^var kept.*/&\n\nvar other *int/' cmd/tool/main.go
heapwarden check --base HEAD --format text --format "json:$work/report.json" --profile "$profiles/tool.out"
expect_status 1
expect_json "$work/report.json" '[(f["function"], f["counts"]) for f in new] == [("often", True), ("once", False)]'
cd "$work/app"

# --- what is no profile

printf '[policy]\n\tprofile = ../profiles/cpu.out\n' >.heapwarden
check
expect_error .heapwarden:2 'not in the repository'
rm .heapwarden
check --profile nowhere
expect_error '--profile' "cannot open 'nowhere'"
check --profile http://127.0.0.1:1/debug/pprof/heap
expect_error '--profile' 'cannot open'
check --profile go.mod
expect_error '--profile' "the profile 'go.mod'"
check --profile "$profiles/cpu.out" --profile-min half
expect_error '--profile-min' 'a share from 0% to 100%'
git init --quiet "$work/other"
cd "$work/other"
printf 'module example.com/other\n\ngo 1.21\n' >go.mod
printf 'package other\n' >other.go
commit_all other
heapwarden check --base HEAD --profile "$profiles/cpu.out"
expect_error '--profile' 'has no function of the packages that are compared'
expect_nothing_left

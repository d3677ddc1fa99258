#!/usr/bin/env bash
# Exceptions with reasons: comments in the source, the baseline; and the contracts of comments.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

git config --global user.name Ada
git config --global user.email ada@example.com

check() # OPTIONS
{
	heapwarden check --base HEAD --format text --format json:"$work/result.json" "$@"
}
result=$work/result.json

# --- comments

make_module comments
cat >>sum.go <<'END_GO'

// Get makes one.
//
//heapwarden:allow the caller keeps it
func Get() *int {
	n := 1
	return &n
}

func Two() (*int, *int) {
	a := new(int) //heapwarden:allow a is kept
	//heapwarden:allow b is kept too
	b := new(int)
	return a, b
}

var text = `
//heapwarden:allow in a raw string
`

const quoted = "//heapwarden:allow in a string"
END_GO
check
expect_status 0
expect_json "$result" '[(f["line"], f["accepted"]["reason"], f["accepted"]["how"], f["accepted"]["file"], f["accepted"]["line"]) for f in r["findings"] if f["state"] == "accepted"] ==
	[(9, "the caller keeps it", "comment", "sum.go", 7), (14, "a is kept", "comment", "sum.go", 14), (16, "b is kept too", "comment", "sum.go", 15)]'
expect_json "$result" 'r["summary"]["new"] == 0 and r["summary"]["accepted"] == 3 and r["warnings"] == []'
expect_contains "$work/stdout" 'accepted: Get: moved to heap: n, because: the caller keeps it  --> sum.go:9:2'
expect_contains "$work/stdout" '3 accepted'
check --format junit:"$work/result.xml" --format html:"$work/result.html"
expect_contains "$work/result.xml" '<skipped message="1 accepted heap escape in Get: the caller keeps it">'
expect_contains "$work/result.html" '<strong>Accepted:</strong> the caller keeps it'

# When they are in the base as well, they except something all the same.
commit_all 'with exceptions'
echo '// another line' >>sum.go
check
expect_status 0
expect_json "$result" 'r["warnings"] == [] and r["summary"]["unchanged"] == 3'

# Without a reason, with a blank behind the slashes, with a word that is none, for nothing, and behind an empty line.
cat >other.go <<'END_GO'
package comments

func A() *int { return new(int) } //heapwarden:allow

func B() *int { return new(int) } // heapwarden:allow because

func C() *int { return new(int) } //heapwarden:alow because

//heapwarden:allow because
func D() int { return 1 }

func E() *int {
	//heapwarden:allow too far away

	return new(int)
}
END_GO
check
expect_status 1
expect_json "$result" '[f["function"] for f in new] == ["A", "B", "C", "E"]'
expect_json "$result" '[w[w.rindex("("):] for w in r["warnings"]] == ["(other.go:%d)" % n for n in (3, 5, 7, 9, 13)]'
expect_contains "$work/stdout" "'//heapwarden:allow' says no reason"
expect_contains "$work/stdout" "'//heapwarden:allow' excepts nothing"
rm other.go
git checkout --quiet .

# What is not compiled here is not known to be for nothing.
printf 'package comments\n\nfunc F() *int { return new(int) } //heapwarden:allow there\n' >other_plan9.go
check
expect_status 0
expect_json "$result" 'r["warnings"] == []'
rm other_plan9.go

# --- functions that are no longer inlined

make_module lost
cat >>sum.go <<'END_GO'

type Point struct{ X, Y int }

func New(x, y int) *Point {
	return &Point{x, y}
}

func Use(x, y int) int {
	p := New(x, y)
	return p.X + p.Y
}
END_GO
commit_all base
sed -i 's,^func New,//go:noinline\nfunc New,' sum.go
check
expect_status 1
expect_json "$result" '[f["kind"] for f in new] == ["lost-inlining"]'
sed -i 's,^//go:noinline,//heapwarden:allow it is not called often\n//go:noinline,' sum.go
check
expect_status 0
expect_json "$result" '[f["accepted"]["reason"] for f in r["findings"] if f["state"] == "accepted"] == ["it is not called often"]'
sed -i '/heapwarden:allow/d; s,p := New(x.*,& //heapwarden:allow only here,' sum.go
check
expect_status 0
expect_json "$result" 'r["summary"]["lost_inlining"] == 0 and r["summary"]["accepted"] == 1'
cp sum.go "$work/excepted.go"
sed -i 's, //heapwarden:allow only here,,' sum.go
heapwarden baseline write --base HEAD --reason 'of no account'
expect_contains .heapwarden-baseline ' lost-inlining example.com/lost New "New" reason="of no account"'
check
expect_status 0
for verb in prune update; do
	heapwarden baseline $verb --base HEAD
	expect_contains "$work/stdout" '0 taken out, 1 in all'
done
git commit --quiet --all --message 'in the base'
check
expect_json "$result" 'r["warnings"] == []'
heapwarden baseline prune --base HEAD
expect_contains "$work/stdout" '0 taken out, 1 in all'
heapwarden baseline update --base HEAD
expect_contains "$work/stdout" '1 taken out, 0 in all'
rm .heapwarden-baseline
git reset --quiet --hard HEAD~1
git checkout --quiet .
printf '\nfunc Other() int { return New(1, 2).X }\n' >>sum.go
commit_all 'two calls'
cp "$work/excepted.go" sum.go
printf '\nfunc Other() int { return New(1, 2).X }\n' >>sum.go
check
expect_status 1
expect_json "$result" '[len(f["copies"]) for f in new] == [2]'
sed -i 's,^func Other,//heapwarden:allow here as well\nfunc Other,' sum.go
check
expect_status 0
commit_all 'it is in the base'
echo '// another line' >>sum.go
check
expect_json "$result" 'r["warnings"] == []'

# --- the baseline

make_module base
cat >>sum.go <<'END_GO'

func Get() *int { return new(int) }

func Name(s string) any { return s + "\"" }
END_GO
heapwarden baseline write --base HEAD
expect_error 'say why they are accepted'
heapwarden baseline write --base HEAD --reason 'the "cache" owns it' --expires 2026-01-01
expect_error '--expires 2026-01-01 is over: such an entry would accept nothing'
expect 'a file was written' [ ! -e .heapwarden-baseline ]
heapwarden baseline write --base HEAD --reason 'the "cache" owns it' --expires 9999-12-31
expect_status 0
expect_contains "$work/stdout" '.heapwarden-baseline: 3 added, 0 taken out, 3 in all'
expect_contains .heapwarden-baseline 'heapwarden-baseline 1 fingerprint'
expect_matches .heapwarden-baseline '^[0-9a-f]{10} escapes-to-heap example.com/base Get "new\(int\)" reason="the \\"cache\\" owns it" author="Ada <ada@example.com>" expires=9999-12-31$'
check
expect_status 0
expect_json "$result" 'r["summary"]["accepted"] == 3 and r["warnings"] == []'
expect_json "$result" '{(f["accepted"]["how"], f["accepted"]["reason"], f["accepted"]["author"], f["accepted"]["expires"], f["accepted"]["file"]) for f in r["findings"] if f["state"] == "accepted"} == {("baseline", "the \"cache\" owns it", "Ada <ada@example.com>", "9999-12-31", ".heapwarden-baseline")}'

# Writing again changes nothing; what is added keeps the rest, comments included.
sed -i 's/^\([0-9a-f]* escapes-to-heap example.com\/base Get\)/# talked about\n\1/' .heapwarden-baseline
cp .heapwarden-baseline "$work/before"
heapwarden baseline write --base HEAD --reason other
expect_status 0
expect_same "$work/before" .heapwarden-baseline
printf '\nfunc Put() (*int, *int) { return new(int), new(int) }\n' >>sum.go
check
expect_status 1
id=$(python3 -c 'import json,sys; print([f["id"] for f in json.load(open(sys.argv[1]))["findings"] if f["state"] == "new"][0])' "$result")
heapwarden baseline write "$id" --base HEAD --reason 'one of two'
expect_contains "$work/stdout" '1 added, 0 taken out, 4 in all'
grep -v 'one of two' .heapwarden-baseline >"$work/rest"
expect_same "$work/before" "$work/rest"
check
expect_status 1
expect_json "$result" 'len(new) == 1 and r["summary"]["accepted"] == 4'
heapwarden baseline write 0123456789 --base HEAD --reason none
expect_error '0123456789 is no new finding'

# A line that is merged twice, in any order, is one exception.
line=$(grep "$id" .heapwarden-baseline)
echo "$line" >>.heapwarden-baseline
check
expect_json "$result" 'r["summary"]["accepted"] == 4'

heapwarden baseline update --base HEAD
expect_contains "$work/stdout" '1 taken out, 4 in all'

# What was committed is read from the commit; what the head does not have is told, and taken out by prune.
git add --all
git commit --quiet --message 'with a baseline'
sed -i '/^func Get/d' sum.go
rm .heapwarden-baseline
heapwarden check --base HEAD~1 --head HEAD --format json:"$result"
expect_json "$result" 'r["summary"]["accepted"] == 4'
git checkout --quiet .heapwarden-baseline
heapwarden check --base HEAD~1 --format json:"$result"
expect_json "$result" '[w for w in r["warnings"] if "excepts nothing" in w and w.endswith("(.heapwarden-baseline:6)")] == r["warnings"] and len(r["warnings"]) == 1'
heapwarden baseline prune --base HEAD~1
expect_contains "$work/stdout" '0 added, 1 taken out'
expect_lacks .heapwarden-baseline 'base Get|talked about'
heapwarden check --base HEAD~1 --format json:"$result"
expect_json "$result" 'r["warnings"] == []'
# What the base has as well needs no exception: update takes it out, and prune does not.
heapwarden baseline prune --base HEAD
expect_contains "$work/stdout" '0 taken out'
heapwarden baseline update --base HEAD
expect_contains "$work/stdout" '3 taken out, 0 in all'

# After its day an exception counts no longer; of a commit, the day is its own, of what is staged today.
git checkout --quiet .
sed -i 's/expires=9999-12-31/expires=2026-01-02/' .heapwarden-baseline
commit_all 'expires on the day of the commit'
heapwarden check --base HEAD~2 --head HEAD --format json:"$result"
expect_json "$result" 'r["summary"]["accepted"] == 4 and r["warnings"] == []'
git reset --quiet --soft HEAD~2
heapwarden check --staged --format json:"$result"
expect_status 1
expect_json "$result" 'len([w for w in r["warnings"] if "has expired with 2026-01-02" in w]) == 3'
git reset --quiet --soft ORIG_HEAD
sed -i 's/expires=2026-01-02/expires=2026-01-01/' .heapwarden-baseline
commit_all 'has expired'
heapwarden check --base HEAD~3 --head HEAD --format json:"$result"
expect_status 1
expect_json "$result" 'r["summary"]["accepted"] == 1 and len([w for w in r["warnings"] if "has expired with 2026-01-01" in w]) == 3'
heapwarden baseline write --base HEAD~3 --head HEAD --reason again
expect_contains "$work/stdout" '4 added'
heapwarden check --base HEAD~3
expect_status 0

# A file that is no baseline is no verdict, whoever reads it; another name; one that is not there.
mv .heapwarden-baseline accepted
heapwarden check --base HEAD~3 --baseline accepted
expect_status 0
heapwarden check --base HEAD~3 --baseline nowhere
expect_error "the baseline 'nowhere'"
wrong() # LINE MESSAGE
{
	printf '# a comment\nheapwarden-baseline 1 fingerprint 2\n%s\n' "$1" >accepted
	heapwarden check --base HEAD~3 --baseline accepted
	expect_error "accepted, line 3: $2"
}
wrong '0123456789 escapes-to-heap p F "x"' 'there is no reason='
wrong '0123456789 escapes-to-heap p F "x" reason="' 'a quote is not closed'
wrong '0123456789 escapes-to-heap p F "x" reason=r because=s' 'behind the expression'
wrong '0123456789 escapes-to-heap p F "x" reason=r expires=tomorrow' 'expires= is a day'
wrong '01234 escapes-to-heap p F "x" reason=r' 'a fingerprint has 10'
wrong 'heapwarden-baseline 2 fingerprint 2' 'a newer heapwarden'

# The setting names another file, from the root of the repository and below it alone.
make_module named
mkdir lists
printf '[baseline]\n\tfile = lists/accepted\n[policy]\n\tignore-paths = left.go\n' >.heapwarden
commit_all 'a name for the baseline'
printf 'package named\n\nfunc New() *int { return new(int) }\n' >new.go
printf 'package named\n\nfunc Left() *int { return new(int) }\n' >left.go
heapwarden config baseline.file
expect 'not what the file says' [ "$(cat "$work/stdout")" = lists/accepted ]
check
expect_status 1
expect_contains "$work/stdout" '= accept: //heapwarden:allow REASON, or heapwarden baseline write '
cd lists
heapwarden baseline write --base HEAD --reason 'what is new' ../...
expect_contains "$work/stdout" 'lists/accepted: 1 added'
expect_contains accepted '/named New '
check ../...
expect_status 0
expect_json "$result" '[f["function"] for f in r["findings"] if f["state"] == "accepted"] == ["New"]'
run env HEAPWARDEN_BASELINE=nowhere "$HEAPWARDEN" check --base HEAD ../...
expect_error "the baseline 'lists/nowhere'"
check --baseline accepted ../...
expect_status 0
cd ..
rm lists/accepted
check
expect_status 1
expect_contains "$work/stderr" "there is no baseline 'lists/accepted', which .heapwarden:2 names: nothing is accepted by it"
for outside in /etc/passwd ../accepted lists/../../accepted ''; do
	printf '[baseline]\n\tfile = %s\n' "$outside" >.heapwarden
	check
	expect_error .heapwarden:2 baseline.file
	heapwarden baseline write --base HEAD --reason 'what is new'
	expect_error .heapwarden:2 baseline.file
done

# Two branches that each accept something are merged by git, line by line.
make_module merged
echo '.heapwarden-baseline merge=union' >.gitattributes
commit_all 'how to merge'
for branch in one two; do
	git checkout --quiet -b $branch main
	printf 'package merged\n\nfunc Of%s() *int { return new(int) }\n' $branch >$branch.go
	heapwarden baseline write --base main --reason "of $branch"
	commit_all $branch
done
run git merge --quiet one -m 'both'
expect_status 0
heapwarden check --base main --head HEAD --format json:"$result"
expect_status 0
expect_json "$result" 'sorted(f["accepted"]["reason"] for f in r["findings"]) == ["of one", "of two"] and r["warnings"] == []'

# --- contracts

make_module contracts
cat >>sum.go <<'END_GO'

var last *int

//heapwarden:noescape
func Hot(n int) int {
	m := n
	return m
}

//gcassert:inline
func Add(a, b int) int { return a + b }

func Call(a int) int {
	return Add(a, a) //gcassert:inline
}

// +checkescape:heap
func Kernel() int {
	last = new(int) // escapes: at start only
	return 1
}

func Old() *int {
	return new(int) // gcassert:noescape
}
END_GO
commit_all base
echo '// another line' >>sum.go
check
expect_status 0
expect_json "$result" '[(c["contract"], c["line"], c["new"]) for c in r["broken_contracts"]] == [("gcassert:noescape", 27, False)]'
expect_json "$result" 'len(r["warnings"]) == 1 and "as it was in the base: new(int) escapes to heap (sum.go:27, contract sum.go:27)" in r["warnings"][0]'
sed -i 's/	m := n/	m := n; last = \&m/; s/	return 1/	last = new(int); return 1/; s,^func Add,//go:noinline\nfunc Add,' sum.go
check
expect_status 1
expect_json "$result" '[(c["contract"], c["line"], c["breaker"]["line"], c["new"]) for c in r["broken_contracts"]] ==
	[("heapwarden:noescape", 7, 9, True), ("gcassert:inline", 13, 15, True), ("gcassert:inline", 18, 18, True), ("+checkescape:heap", 21, 24, True), ("gcassert:noescape", 28, 28, False)]'
expect_json "$result" 'len([v for v in r["verdict"]["violations"] if "contract" in v]) == 4'
# A contract fails alone as well: one that is new, and does not hold.
git checkout --quiet .
sed -i 's,^func Old,//heapwarden:noescape\nfunc Old,' sum.go
check
expect_status 1
expect_json "$result" "new == [] and r['verdict']['violations'] == [\"the contract 'heapwarden:noescape' is broken: new(int) escapes to heap (sum.go:28, contract sum.go:26)\"]"
# Where the policy lets nothing new fail, contracts do not either; they are told all the same.
for what in none budgets; do
	check --fail-on $what
	expect_status 0
	expect_contains "$work/stdout" "warning: the contract 'heapwarden:noescape' is broken: new(int) escapes to heap (sum.go:28, contract sum.go:26)"
	expect_json "$result" 'r["verdict"]["violations"] == [] and [c["new"] for c in r["broken_contracts"] if c["contract"] == "heapwarden:noescape"] == [True]'
done
# Of two that are inlined into one call, the one that is not accepted counts.
git checkout --quiet .
cat >pair.go <<'GO'
package contracts

type Pair struct{ a, b int }

func two() (*Pair, *Pair) {
	one := &Pair{1, 2} //heapwarden:allow it is meant
	return one, &Pair{3, 4}
}

var one, other *Pair

//heapwarden:noescape
func Keep() { one, other = two() }
GO
check --max-new 2
expect_status 1
expect_json "$result" '[(c["contract"], c["line"], c["new"]) for c in r["broken_contracts"] if c["file"] == "pair.go"] == [("heapwarden:noescape", 12, True)]'
sed -i 's,return.*,& //heapwarden:allow so is this,' pair.go
check --max-new 2
expect_status 0

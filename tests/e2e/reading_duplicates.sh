#!/usr/bin/env bash
# Equal lines may be several allocations, and one allocation may be printed many times.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

git init --quiet "$work/equal"
cd "$work/equal"
printf 'module example.com/equal\n\ngo 1.19\n' >go.mod
printf 'package equal\n\nvar sink interface{}\n' >equal.go
mkdir generic a b c
printf 'package generic\n\n//go:noinline\nfunc Sum[T int | string](v T) T { return v + v }\n' >generic/generic.go
for package in a b c; do
	printf 'package %s\n\nimport "example.com/equal/generic"\n\n' "$package"
	printf 'func Use() (int, string) { return generic.Sum(1), generic.Sum("") }\n'
done | awk '/^package/ { name = $2 } { print >(name "/" name ".go") }'
commit_all 'nothing'
printf -v padding '%0260d' 0
cat >>equal.go <<GO

// Beyond the last column that is printed: three allocations whose lines are equal.
func Wide() (a, b, c *int) { /* $padding */ a = new(int); b = new(int); c = new(int); return }

// The sum, and the sum in an interface.
func Concat(s string) { sink = s + "tail" }

func Twice() (*int, *int) { return new(int), new(int) }
GO
cat >generic/generic.go <<'GO'
package generic

var kept interface{}

//go:noinline
func Sum[T int | string](v T) T {
	kept = &v
	return v + v
}
GO

changed()
{
	heapwarden check --base HEAD --format json:"$facts"
	ran="$ran (with $(go env GOVERSION))"
	expect_status 1
	expect_json "$facts" "[f['line'] for f in new if f['function'] == 'Wide'] == [6, 6, 6]"
	expect_json "$facts" "[f['line'] for f in new if f['function'] == 'Concat'] == [9, 9]"
	expect_json "$facts" "[f['column'] for f in new if f['function'] == 'Twice'] == [39, 49]"
	# Printed for two instances in each of three packages, and for their wrappers.
	expect_json "$facts" "[(f['line'], f['kind']) for f in new if f['file'] == 'generic/generic.go'] ==
		[(6, 'moved-to-heap')]"
	expect_json "$facts" "r['summary']['new'] == 8 and r['summary']['head_summary_lines'] > 12"

	# One of the equal lines less, and one more: counted, not merely seen.
	heapwarden scan --format json:"$facts"
	expect_json "$facts" "len([e for e in r['escapes'] if e['function'] == 'Wide']) == 3"
}
with_each_go changed

commit_all 'all'
sed -i 's/c = new(int); return/c = a; return/' equal.go
heapwarden check --base HEAD --format json:"$facts" --all
expect_status 0
expect_json "$facts" "[f['state'] for f in r['findings'] if f['function'] == 'Wide' and f['state'] == 'fixed'] == ['fixed']"
git checkout --quiet equal.go
sed -i 's/c = new(int); return/c = new(int); sink = new(int); return/' equal.go
heapwarden check --base HEAD --format json:"$facts"
expect_status 1
expect_json "$facts" "[f['function'] for f in new] == ['Wide']"

# The same file in a package and in the package with its tests, in one saved log.
cat "$source_dir/fixtures/compiler/variants/go1.26.txt" "$source_dir/fixtures/compiler/variants/go1.26-test.txt" >"$work/saved"
sed -i 's#^example.com/variants/#./#' "$work/saved"
parse "$work/saved" go1.26
expect_json "$facts" "{e['package'] for e in r['escapes'] if e['function'] == 'New'} == {'example.com/variants/lib'}"

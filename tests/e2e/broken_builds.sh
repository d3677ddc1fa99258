#!/usr/bin/env bash
# A package that does not build is not analysed: no verdict, but a report that says so in go's own words.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

report=$work/report.json

check() # BASE HEAD, BROKEN-SIDE OTHER-SIDE
{
	rm -f "$report"
	heapwarden check --base "$1" --head "$2" --format json:"$report" --format junit:"$work/report.xml" \
		--format html:"$work/report.html" --format text
	expect_status 2
	expect_contains "$work/stderr" 'undefined: missing'
	expect_json "$report" "r['verdict']['status'] == 'none'"
	expect_json "$report" "r['verdict']['violations']"
	expect_json "$report" "[n['package'] for n in r['not_analysed']] == ['example.com/broken/bad']"
	expect_json "$report" "'undefined: missing' in r['not_analysed'][0]['error']"
	expect_json "$report" "r['summary']['packages_failed'] == 1"
	expect_json "$report" "not [f for f in r['findings'] if f['package'] == 'example.com/broken/bad']"
	expect_json "$report" "r['summary']['not_judged'] == 1 == r['not_analysed'][0]['not_judged']"
	expect_contains "$work/stdout" "example.com/broken/bad ($3; 1 escape in the $4 is not judged)"
	expect_contains "$work/report.xml" "(1 escape in the $4 is not judged)"
	expect_contains "$work/report.html" 'The other side has 1 escape in them, neither new nor fixed.'
	expect_contains "$work/stdout" example.com/broken/bad
	expect_contains "$work/report.html" 'undefined: missing'
	expect_contains "$work/report.xml" 'undefined: missing'
}

make_module broken
mkdir bad
printf 'package bad\n\nfunc New() *int { return new(int) }\n' >bad/bad.go
commit_all 'sound'
printf 'package bad\n\nfunc New() *int { return missing }\n' >bad/bad.go
commit_all 'broken'

check HEAD HEAD~1 base head
check HEAD~1 HEAD head base

# In the other direction a package that is new, and one that is gone, are no failure.
git checkout --quiet HEAD~1
git rm -r --quiet bad
commit_all 'gone'
heapwarden check --base HEAD~1 --head HEAD --format json:"$report"
expect_status 0
expect_json "$report" "r['not_analysed'] == [] and r['summary']['fixed'] == 1"
heapwarden check --base HEAD --head HEAD~1 --format json:"$report"
expect_status 1
expect_json "$report" "r['not_analysed'] == [] and r['summary']['new'] == 1"

# What depends on a package that does not build is skipped by go without a word, and not analysed either.
git checkout --quiet main
mkdir user
printf 'package user\n\nimport "example.com/broken/bad"\n\nfunc Use() *int { return bad.New() }\n' >user/user.go
commit_all 'a user of the broken package'
heapwarden check --base HEAD~2 --head HEAD --format json:"$report"
expect_status 2
expect_json "$report" \
	"{n['package'] for n in r['not_analysed']} == {'example.com/broken/bad', 'example.com/broken/user'}"

# What go cannot list, because go.mod is broken, are the packages of the other side: none of them is new or fixed.
unlisted() # BASE HEAD, BROKEN-SIDE OTHER-SIDE, PATTERNS
{
	heapwarden check --base "$1" --head "$2" --format json:"$report" --format junit:"$work/report.xml" --format text \
		"${@:5}"
	expect_status 2
	expect_json "$report" "r['findings'] == [] and r['summary']['not_judged'] == 2"
	expect_json "$report" "[(n['package'], n['side'], n['not_judged']) for n in r['not_analysed']] ==
		[('example.com/broken/bad', '$3', 1), ('example.com/broken/user', '$3', 1)]"
	expect_json "$report" "all('unknown directive' in n['error'] for n in r['not_analysed'])"
	expect_contains "$work/stdout" "example.com/broken/user ($3; 1 escape in the $4 is not judged)"
	expect "both packages are errors" [ "$(grep -c '<error type="escape.not-analysed"' "$work/report.xml")" -eq 2 ]
}

git checkout --quiet HEAD~2 bad
git rm --quiet sum.go
commit_all 'all of it is sound'
echo 'modul x' >go.mod
commit_all 'a broken go.mod'
unlisted HEAD HEAD~1 base head
unlisted HEAD HEAD~1 base head ./user ./bad
unlisted HEAD~1 HEAD head base
heapwarden check --base HEAD --head HEAD --format json:"$report"
expect_status 2
expect_json "$report" "{(n['package'], n['side']) for n in r['not_analysed']} == {('./...', 'base'), ('./...', 'head')}"

# A directory that has another name, and was broken before or is now, is not new and not gone.
git checkout --quiet HEAD~1 go.mod
git mv bad worse
git rm -r --quiet user
commit_all 'a renamed directory'
printf 'package bad\n\nfunc New() *int { return missing }\n' >worse/bad.go
commit_all 'a renamed directory that is broken'
heapwarden check --base main --head HEAD~1 --format json:"$report"
expect_status 2
expect_json "$report" "not [f for f in r['findings'] if 'worse' in f['file']]"
expect_json "$report" "('example.com/broken/worse', 'base', 1) in
	[(n['package'], n['side'], n['not_judged']) for n in r['not_analysed']]"
heapwarden check --base HEAD~3 --head HEAD --format json:"$report"
expect_status 2
expect_json "$report" "not [f for f in r['findings'] if f['file'] == 'bad/bad.go']"
expect_json "$report" "('example.com/broken/bad', 'head', 1) in
	[(n['package'], n['side'], n['not_judged']) for n in r['not_analysed']]"
expect_nothing_left

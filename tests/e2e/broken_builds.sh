#!/usr/bin/env bash
# A package that does not build is not analysed: no verdict, but a report that says so in go's own words.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

report=$work/report.json

check()
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

check HEAD HEAD~1
check HEAD~1 HEAD

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
expect_nothing_left

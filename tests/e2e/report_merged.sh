#!/usr/bin/env bash
# The documents of several jobs become one report with one verdict; those that do not belong together are refused.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# A repository with a module in its root and one below, code for two systems and one tag.
git init --quiet "$work/app"
cd "$work/app"
mkdir -p disk net tools/gen
printf 'module example.com/app\n\ngo 1.21\n' >go.mod
printf 'module example.com/app/tools\n\ngo 1.21\n' >tools/go.mod
printf 'package disk\n\nfunc Old() *int { return new(int) }\n' >disk/disk.go
printf 'package net\n\nfunc Dial(n int) int { return n }\n' >net/net.go
printf 'package gen\n\nfunc Gen() int { return 1 }\n' >tools/gen/gen.go
commit_all base
printf 'package disk\n\nfunc Old() *int { return new(int) }\n\nfunc All() *[2]int { return &[2]int{} }\n' >disk/disk.go
printf 'package disk\n\nfunc Drive() *string { return new(string) }\n' >disk/disk_windows.go
printf '//go:build extra\n\npackage net\n\nfunc Extra() []int { return make([]int, 9) }\n' >net/extra.go
printf 'package gen\n\nfunc Gen() *int { return new(int) }\n' >tools/gen/gen.go
commit_all head

job() # NAME VARIABLE=VALUE... -- ARGUMENTS
{
	local name=$1 set=()

	shift
	while [ "$1" != -- ]; do
		set+=("$1")
		shift
	done
	shift
	run env "${set[@]}" "$HEAPWARDEN" check --base HEAD~1 --head HEAD --format "json:$work/$name.json" "$@"
	expect "no $name.json" [ -s "$work/$name.json" ]
}

job linux GOOS=linux GOARCH=amd64 --
expect_status 1
job windows GOOS=windows GOARCH=amd64 --
job extra GOOS=linux GOARCH=amd64 -- -tags=extra
job tools GOOS=linux GOARCH=amd64 -- -C tools
job nocgo GOOS=linux GOARCH=amd64 CGO_ENABLED=0 --
job disk GOOS=linux GOARCH=amd64 -- ./disk
job net GOOS=linux GOARCH=amd64 -- ./net
cd "$work"

# --- variants: each finding once, and where it holds

heapwarden report linux.json windows.json extra.json --format json:merged.json --format text --format html:merged.html \
	--format junit:merged.junit
expect_status 1
expect_json merged.json "r['variants'] == ['linux/amd64', 'linux/amd64 -tags=extra', 'windows/amd64']"
expect_json merged.json "{f['function']: f['holds'] for f in new} == {'All': r['variants'], 'Drive': ['windows/amd64'], 'Extra': ['linux/amd64 -tags=extra']}"
expect_json merged.json "(r['summary']['new'], r['summary']['unchanged'], r['summary']['packages']) == (3, 1, 2)"
expect_json merged.json "r['verdict']['status'] == 'fail'"
expect_json merged.json "r['verdict']['violations'] == ['1 new heap escape in 1 function (linux/amd64)', '2 new heap escapes in 2 functions (each of: linux/amd64 -tags=extra; windows/amd64)']"
expect_json merged.json "[(p['package'], p['base'], p['head']) for p in r['packages']] == [('example.com/app/disk', 1, 3), ('example.com/app/net', 0, 1)]"
expect_contains stdout '= only for: windows/amd64'
expect_contains stdout '= only for: linux/amd64 -tags=extra'
expect 'what holds everywhere is said to hold somewhere' [ "$(grep -c 'only for' stdout)" = 2 ]
expect_contains merged.html 'Only for:'
expect_contains merged.junit 'only for: windows/amd64'
for format in markdown github-summary; do
	heapwarden report linux.json windows.json extra.json --format "$format"
	expect_contains stdout '**Only for:** `windows/amd64`'
	expect_contains stdout '**Only for:** `linux/amd64 -tags=extra`'
	expect "$format: what holds everywhere is said to hold somewhere" [ "$(grep -c 'Only for' stdout)" = 2 ]
done
for format in concise github teamcity sarif; do
	heapwarden report linux.json windows.json extra.json --format "$format"
	expect_contains stdout '(only for windows/amd64)'
	expect_contains stdout '(only for linux/amd64 -tags=extra)'
	expect "$format: what holds everywhere is said to hold somewhere" [ "$(grep -c 'only for' stdout)" = 2 ]
done
heapwarden report linux.json windows.json extra.json --format sarif:merged.sarif --format csv:merged.csv
expect_json merged.sarif "r['runs'][0]['properties']['variants'] == ['linux/amd64', 'linux/amd64 -tags=extra', 'windows/amd64']"
expect_json merged.sarif "sorted(len(f['properties']['holds']) for f in r['runs'][0]['results']) == [1, 1, 3]"
expect 'the table says not where a finding holds' python3 -c '
import csv, sys
rows = {r["function"]: r["holds"] for r in csv.DictReader(open("merged.csv", newline=""))}
sys.exit(rows["Drive"] != "windows/amd64" or rows["Extra"] != "linux/amd64 -tags=extra" or rows["All"].count(", ") != 2)'

# The order of the files, the same file twice, and what was put together before.
heapwarden report extra.json windows.json linux.json windows.json linux.json --format json:again.json
expect_same merged.json again.json
heapwarden report extra.json linux.json --format json:two.json
heapwarden report two.json windows.json --format json:again.json
expect_json again.json "{f['function']: f['holds'] for f in new} == {'All': r['variants'], 'Drive': ['windows/amd64'], 'Extra': ['linux/amd64 -tags=extra']}"
expect_json again.json "r['summary']['new'] == 3 and r['summary']['unchanged'] == 1"
heapwarden report merged.json --format json:again.json
expect_same merged.json again.json
heapwarden report linux.json linux.json --format json:again.json
expect_same linux.json again.json

# A setting that is none of the target's is a variant, too.
heapwarden report linux.json nocgo.json --format json:again.json
expect_json again.json "r['variants'] == ['linux/amd64', 'linux/amd64 CGO_ENABLED=0']"
expect_json again.json "r['verdict']['violations'] == ['1 new heap escape in 1 function'] and r['summary']['new'] == 1"

# --- modules and shares of the packages: they add up

heapwarden report linux.json tools.json --format json:modules.json --format text
expect_status 1
expect_json modules.json "'variants' not in r and not any('holds' in f for f in new)"
expect_json modules.json "sorted(f['function'] for f in new) == ['All', 'Gen'] and r['summary']['packages'] == 3"
expect_json modules.json "r['verdict']['violations'] == ['1 new heap escape in 1 function (each of: the root module; tools)']"
heapwarden report disk.json net.json --format json:shares.json --format junit:shares.junit --format "html:shares.html"
expect_status 1
expect_json shares.json "r['summary'] == $(python3 -c 'import json; print(json.load(open("linux.json"))["summary"])')"
heapwarden report linux.json --format junit:whole.junit --format html:whole.html
expect_same whole.junit shares.junit
heapwarden report linux.json disk.json --format json:again.json
expect_same linux.json again.json

# --- no verdict stays none

cd "$work/app"
git checkout --quiet -b broken
printf 'package disk\n\nvar x int = "no"\n' >disk/disk_windows.go
commit_all broken
job broken-linux GOOS=linux GOARCH=amd64 --
job broken-windows GOOS=windows GOARCH=amd64 --
cd "$work"
heapwarden report broken-linux.json broken-windows.json --format json:broken.json
expect_status 2
expect_json broken.json "r['verdict']['status'] == 'none' and [p['package'] for p in r['not_analysed']] == ['example.com/app/disk']"
expect_json broken.json "any(v.startswith('1 package could not be analysed') and v.endswith('(windows/amd64)') for v in r['verdict']['violations'])"

# --- what does not belong together

heapwarden report linux.json broken-linux.json
expect_error "'linux.json' and 'broken-linux.json' do not belong together" "the base's commit"
heapwarden report linux.json two.json net.json linux.json
expect_status 1
cd "$work/app"
git checkout --quiet main
run "$HEAPWARDEN" check --base HEAD --head HEAD --format "json:$work/base.json"
run env GOOS=linux GOARCH=amd64 "$HEAPWARDEN" check --base HEAD~1 --format "json:$work/worktree.json"
run "$HEAPWARDEN" scan --format "json:$work/scan.json"
cd "$work"
heapwarden report linux.json base.json
expect_error "'linux.json' and 'base.json' do not belong together" "the base's commit"
sed "s/$(git -C app rev-parse main)/$(git -C app rev-parse broken)/" windows.json >later.json
heapwarden report linux.json later.json
expect_error "'linux.json' and 'later.json' do not belong together" "the head's commit is $(git -C app rev-parse main) in the"
heapwarden report linux.json worktree.json
expect_error "'linux.json' and 'worktree.json'" 'the kind of the head is a commit in the first and the working tree in the second'
sed 's/"version": "0[.0-9]*"/"version": "9.0.0"/' windows.json >newer.json
heapwarden report linux.json newer.json
expect_error "'linux.json' and 'newer.json'" "heapwarden's version is 0.1.0 in the first and 9.0.0 in the second"
sed 's|"package": "example.com/app/net"|"package": "example.com/app/gone"|' linux.json >other.json
heapwarden report linux.json other.json
expect_error 'both have the package example.com/app/disk for linux/amd64'
heapwarden report linux.json scan.json
expect_error 'scan.json' 'only comparisons can be put together'
heapwarden report linux.json nowhere.json
expect_error 'nowhere.json'

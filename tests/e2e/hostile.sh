#!/usr/bin/env bash
# Names, strings, comments, commit subjects and go's words that try to break out: every format stays valid, and says
# nothing but what it is for. The readers are the real ones, where they are there.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

red=$'\e[31m' reversed=$'\u202e' command='::error::owned' group='##[group]owned'
markup='<img src=x onerror=alert(1)> [x](https://evil.example) @everyone #1 `` | *b* =1+1'

# A package whose every name is hostile; $1 is the body of the functions.
add_package() # BODY
{
	mkdir -p 'web'
	printf 'package web\n\nfunc File() *int { %s }\n' "$1" >"web/a%0A$command,line=1.go"
	printf 'package web\n\nfunc Group() *int { %s }\n' "$1" >"web/b$group|n']##teamcity[x].go"
	printf 'package web\n\nfunc Bytes() *int { %s }\n' "$1" >"web/"$'bytes\xff\x9b31m.go'
	printf 'package web\n\nfunc Red() *int { %s }\n' "$1" >"web/red$red$reversed.go"
	printf 'package web\n\nfunc Lines() *int { %s }\n' "$1" >"web/c=cmd|' \`two"$'\n\n'"::stop-commands::x\`.go"
	printf 'package web\n\n//line =1+1|@x.y:1\nfunc Formula() *int { %s }\n' "$1" >web/formula.go
	printf 'package web\n\nfunc ÄÖ名前() *int { /* ä😀 */ %s } // %s\n' "$1" "$markup $command $group" >'web/名前.go'
}

# Constants that are put into interfaces, with the texts above, and one of a megabyte.
add_strings()
{
	local long

	long=$(head -c 1000000 /dev/zero | tr '\0' x)
	printf 'package web\n\nvar Kept []any\n\nfunc Strings(a, b, c, d string, f float64) {\n'
	printf '\tKept = append(Kept, a+"%s", b+"%s", c+"\\x1b[31m\\u202e\\u2028%s")\n' \
		'@everyone #1 [x](https://evil.example) <b>' "$command %0A::error::x" "$group ##vso[x] |n ']"
	printf '\tKept = append(Kept, -f, d+"%s")\n' "$long"
	printf '\tKept = append(Kept, func() string { return a + "`" }, &struct{ A string `json:"=1|<b>"` }{a})\n}\n'
}

git init --quiet "$work/hostile"
cd "$work/hostile"
printf 'module example.com/hostile\n\ngo 1.21\n' >go.mod
add_package 'return nil'
commit_all "$red$command"$'\r\n'"$group $markup"
add_package 'return new(int)'
add_strings >'web/strings.go'
commit_all "$markup $reversed"
git branch '<img>@x`|#1'

formats=(text json junit html sarif markdown github github-summary codequality metrics csv concise teamcity)

write_all() # DIRECTORY OPTION...
{
	local directory=$1 format

	shift
	mkdir -p "$directory"
	for format in "${formats[@]}"; do
		set -- "$@" --format "$format:$directory/report.$format"
	done
	heapwarden check --base 'HEAD~1' --head '<img>@x`|#1' "$@"
}

check_all() # DIRECTORY NEW NOT-ANALYSED
{
	expect "a document in ${1##*/} is not as its readers want it" \
		"$system_python" -B "$source_dir/tests/e2e/formats.py" "$1" "$2" "$3"
}

write_all "$work/new"
expect_status 1
expect_json "$work/new/report.json" "r['summary']['new'] >= 11 and r['summary']['packages_failed'] == 0"
check_all "$work/new" "$(python3 -c 'import json, sys
r = json.load(open(sys.argv[1]))["summary"]
print(r["new"] + r["lost_inlining"])' "$work/new/report.json")" 0

# The same with what the schemas of JUnit do not know, and with results that are not new.
write_all "$work/all" --junit-extended --sarif-scope all
expect_status 1
check_all "$work/all" "$(python3 -c 'import json, sys
r = json.load(open(sys.argv[1]))["summary"]
print(r["new"] + r["lost_inlining"])' "$work/all/report.json")" 0

# go's own words quote what it does not understand.
printf 'package web\n\nfunc Broken() int { return missing%s }\n' " + \"$command $markup\" + \`$group\`" \
	>"web/red$red$reversed.go"
commit_all 'broken'
git branch --force '<img>@x`|#1'
write_all "$work/broken"
expect_status 2
check_all "$work/broken" 0 1

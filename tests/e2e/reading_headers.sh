#!/usr/bin/env bash
# "# PACKAGE" and "# PACKAGE [VARIANT]" begin what is said of a package; a package may have several such blocks; other
# lines that begin with "# " are no headers.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

# With a profile (from Go 1.21 on): once more for the program that has it, in the name of the same package.
expect_profile()
{
	expect_escapes example.com/variants <<-'TABLE'
		all   lib/lib.go:4:10 New moved-to-heap yes returned n
		1.21- lib/lib.go:4:10 New moved-to-heap yes returned n
	TABLE
	expect_json "$facts" "{e['package'] for e in r['escapes']} == {'example.com/variants/lib'}"
	expect_json "$facts" "sorted({i['package'] for i in r['inlinings']}) ==
		['example.com/variants/' + p for p in ('lib', 'plain', 'tuned')]"
}

for name in $(recordings variants); do
	read_recording variants "$name"
	case $name in
	*-test) # the package with its tests, the tests outside of the package, the program that runs them
		expect_json "$facts" "{(e['package'], e['file'], e['line'], e['function']) for e in r['escapes']
			if e['file'].startswith('lib/')} == {('example.com/variants/lib', 'lib/lib.go', 4, 'New'),
			('example.com/variants/lib', 'lib/inner_test.go', 6, 'keep'),
			('example.com/variants/lib', 'lib/inner_test.go', 8, 'help'),
			('example.com/variants/lib_test', 'lib/outer_test.go', 5, 'outer')}"
		expect_json "$facts" "{e['package'] for e in r['escapes'] if not e['file'].startswith('lib/')} <=
			{'example.com/variants/lib.test'}"
		;;
	*) expect_profile ;;
	esac
done

read_profile()
{
	read_module variants
	expect_profile
	# Compiled twice, one new allocation.
	printf '\nfunc More(n int) *int { return &n }\n' >>lib/lib.go
	heapwarden check --base HEAD --format json:"$facts"
	expect_status 1
	expect_json "$facts" "[(f['package'], f['line'], f['function']) for f in new] ==
		[('example.com/variants/lib', 6, 'More')] and r['summary']['new'] == 1"
}
read_profile

# A tool that fails writes its command as "# [pkg-config …]" below the header or instead of it.
mkdir "$work/tools"
cd "$work/tools"
mkdir good failing
printf 'module example.com/tools\n\ngo 1.19\n' >go.mod
printf 'package good\n\nfunc New() *int { return new(int) }\n' >good/good.go
printf 'package failing\n\n// #cgo pkg-config: nothing\nimport "C"\n\nfunc New() *int { return new(int) }\n' >failing/failing.go

printf '#!/bin/sh\necho "Package nothing was not found" >&2\nexit 1\n' >finder
chmod +x finder

read_tools()
{
	CGO_ENABLED=1 PKG_CONFIG=$PWD/finder go build -gcflags=-m=2 ./... 2>"$work/saved" || true
	ran="go build (with $(go env GOVERSION))"
	expect_matches "$work/saved" '^# .*finder --cflags'
	parse "$work/saved" "$(go env GOVERSION)"
	expect_json "$facts" "[(e['package'], e['file'], e['line']) for e in r['escapes']] ==
		[('example.com/tools/good', 'good/good.go', 3)]"
}
read_tools

# What is no header leaves what follows in the package whose block it is.
cat >"$work/saved" <<'LOG'
# example.com/one
./one.go:3:6: moved to heap: a
# [pkg-config --cflags  -- nothing]
./one.go:4:6: moved to heap: b
# example.com/two: said of another
./one.go:5:6: moved to heap: c
# two words
./one.go:6:6: moved to heap: d
#
./one.go:7:6: moved to heap: e
#example.com/three
./one.go:8:6: moved to heap: f
# example.com/four [example.com/four.test]
./four.go:3:6: moved to heap: g
# command-line-arguments
./five.go:3:6: moved to heap: h
# _/home/gopher/six
./six.go:3:6: moved to heap: i
LOG
parse "$work/saved" go1.26.0
expect_json "$facts" "[(e['expression'], e['package']) for e in sorted(r['escapes'], key=lambda e: e['expression'])] ==
	[(v, 'example.com/one') for v in 'abcdef'] + [('g', 'example.com/four'), ('h', 'command-line-arguments'),
	('i', '_/home/gopher/six')]"

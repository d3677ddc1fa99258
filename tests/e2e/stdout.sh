#!/usr/bin/env bash
# Standard output carries the report and nothing else; standard error the rest.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_repo student return-pointer
heapwarden check --base HEAD~1 --head HEAD
expect_status 1
expect_contains "$work/stdout" NewStudent
expect_contains "$work/stdout" student.go:16:10
cp "$work/stdout" "$work/text"
cp "$work/stderr" "$work/messages"

# A line that begins like a compiler's message makes log matchers of CI systems and editors see an error.
expect_lacks "$work/text" '^[^ ]+\.go:[0-9]+:[0-9]+: '
expect_lacks "$work/text" $'\033'
expect_lacks "$work/messages" $'\033|\r'
heapwarden scan
expect_status 0
expect_lacks "$work/stdout" '^[^ ]+\.go:[0-9]+:[0-9]+: '

# Quiet is quiet on standard error, verbose tells the commands there; neither changes the verdict.
heapwarden check --base HEAD~1 --head HEAD -q
expect_status 1
expect_empty "$work/stderr"
heapwarden check --base HEAD~1 --head HEAD --no-store -vv --format json
expect_status 1
expect_matches "$work/stderr" 'go build .*-m=2'
expect_json "$work/stdout" "r['summary']['new'] == 1"
heapwarden check --base HEAD~1 --head HEAD -q --format json
expect_status 1
expect_json "$work/stdout" "r['summary']['new'] == 1"

# Colour where asked for, and where it is not forbidden.
heapwarden check --base HEAD~1 --head HEAD --color=always
expect_matches "$work/stdout" $'\033\\['
heapwarden check --base HEAD~1 --head HEAD --color=never
expect_same "$work/text" "$work/stdout"

# No regression: says so, and succeeds.
heapwarden check --base HEAD --head HEAD
expect_status 0
expect 'nothing was said' [ -s "$work/stdout" ]
heapwarden check --base HEAD --head HEAD -q
expect_status 0
expect_empty "$work/stderr"

# What could not be written was not said.
for command in 'config policy.max-new' 'baseline prune --base HEAD' 'store prune' 'store info'; do
	# shellcheck disable=SC2086 # words
	run sh -c '"$@" >/dev/full' sh "$HEAPWARDEN" $command
	expect_status 2
	expect_contains "$work/stderr" 'cannot write standard output'
done

# Help and version are what the user asked for.
heapwarden --help
expect_status 0
expect_contains "$work/stdout" check
expect_empty "$work/stderr"
heapwarden --version
expect_status 0
expect_matches "$work/stdout" '^heapwarden [0-9]+\.[0-9]+'

# Compiler output from a pipe.
status=0 ran='go build 2>&1 | heapwarden parse'
go build -gcflags=-m=2 -o /dev/null . 2>&1 | "$HEAPWARDEN" parse >"$work/stdout" 2>"$work/stderr" || status=$?
expect_status 0
expect_contains "$work/stdout" NewStudent

# A reader that has seen enough is no error worth a word.
{
	printf 'package main\n\nvar sink []*int\n\nfunc Many() {\n'
	for ((i = 0; i < 3000; i++)); do
		echo '	sink = append(sink, new(int))'
	done
	printf '}\n'
} >many.go
for format in text json html; do
	ran="heapwarden check --format $format | head -1"
	"$HEAPWARDEN" check --base HEAD --format "$format" -q 2>"$work/stderr" | head -n 1 >"$work/stdout" || true
	expect 'no first line' [ -s "$work/stdout" ]
	expect_empty "$work/stderr"
done
expect_nothing_left

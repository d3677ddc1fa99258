#!/usr/bin/env bash
# Each way to use heapwarden wrongly ends with exit status 2 and a message that names the thing and what to do.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# --- the command line

make_module words
heapwarden check --base HEAD --nonsense
expect_error nonsense
heapwarden check --base HEAD --format nonsense
expect_error nonsense json junit html text
heapwarden check --base HEAD --color=sometimes
expect_error sometimes always never auto
heapwarden nonsense
expect_error nonsense
heapwarden check --base
expect_error base
heapwarden
expect_error --help
heapwarden diff
expect_error A..B
heapwarden parse "$work/missing.txt"
expect_error missing.txt
heapwarden parse --lines --format json go.mod
expect_error --lines --format

# --- the repository

mkdir "$work/plain"
heapwarden check --base HEAD -C "$work/plain"
expect_error "$work/plain" repository
heapwarden check --base HEAD -C "$work/missing"
expect_error "$work/missing"
heapwarden check --base no-such-branch
expect_error no-such-branch
heapwarden check --base HEAD --head no-such-branch
expect_error no-such-branch
heapwarden diff HEAD..no-such-branch
expect_error no-such-branch

# --- go

run env PATH="$work/plain" "$HEAPWARDEN" check --base HEAD
expect_error "go" PATH
heapwarden check --base HEAD --head HEAD ./nothing/...
expect_error ./nothing/...

git init --quiet "$work/gopath"
cd "$work/gopath"
printf 'package gopath\n' >gopath.go
commit_all 'no module'
heapwarden check --base HEAD
expect_error go.mod

# --- what cannot be written

make_repo full return-pointer
heapwarden check --base HEAD~1 --head HEAD --format json:"$work/no/such/directory/report.json"
expect_error "$work/no/such/directory/report.json"
for format in text json junit html; do
	heapwarden check --base HEAD~1 --head HEAD --format "$format:/dev/full"
	expect_error /dev/full
	ran="heapwarden check --format $format >/dev/full" status=0
	: >"$work/stdout"
	"$HEAPWARDEN" check --base HEAD~1 --head HEAD --format "$format" >/dev/full 2>"$work/stderr" || status=$?
	expect_error 'o space left on device'
done
expect_nothing_left

#!/usr/bin/env bash
# go's own build flags: given on the command line or in GOFLAGS they reach the build; those that change what is printed do not.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_repo student return-pointer
printf '//go:build special\n\npackage main\n\nvar kept *int\n\nfunc Keep(n int) { kept = &n }\n' >special.go

heapwarden scan
expect_status 0
expect_lacks "$work/stdout" Keep
heapwarden scan -tags special
expect_status 0
expect_contains "$work/stdout" Keep
heapwarden scan --tags=special ./...
expect_status 0
expect_contains "$work/stdout" Keep
GOFLAGS='-tags=special -race' heapwarden scan --format json
expect_status 0
expect_contains "$work/stderr" '-race of GOFLAGS is left out'
expect_json "$work/stdout" "r['go']['flags'] == ['-tags=special']"
expect_json "$work/stdout" "any(e['function'] == 'Keep' for e in r['escapes'])"

# On the command line they are refused, with the reason.
for flag in -race -cover -gcflags=-l -toolexec=x -mod=mod; do
	heapwarden scan "$flag"
	expect_status 2
	expect_empty "$work/stdout"
	expect_contains "$work/stderr" "${flag%%=*}"
done

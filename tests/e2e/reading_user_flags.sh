#!/usr/bin/env bash
# What a user has set for go (GOFLAGS, go env -w) does not change what is read.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

facts_of() # FILE
{
	python3 -c '
import json, sys
r = json.load(open(sys.argv[1], encoding="utf-8"))
print(json.dumps({k: r[k] for k in ("escapes", "leaks", "inlinings", "inlined_calls")}, indent=1))' "$facts" >"$1"
}

same_with() # NAME=VALUE...
{
	rm -f "$facts" "$work/changed"
	run env "$@" "$HEAPWARDEN" scan --format json:"$facts"
	ran="$* heapwarden scan"
	expect_status 0
	[ ! -e "$facts" ] || facts_of "$work/changed"
	expect_same "$work/plain" "$work/changed"
}

enter_module escapes
read_build
facts_of "$work/plain"
expect_contains "$work/plain" 'func literal escapes to heap'

# Columns move with -cover, optimisations stop with -N and -l, messages with another -m, paths change with -trimpath.
for flags in -cover -race -msan -asan -trimpath -gcflags=-l -gcflags=all=-N '-gcflags=-m=0' -gcflags=-d=nosuchkey=1 \
	'-toolexec=false' -ldflags=-s -a -n -x -json -v -work -mod=mod; do
	same_with GOFLAGS="$flags"
done
same_with GOFLAGS='-trimpath=false -cover'
same_with GOWORK=/nowhere/go.work

# The same in the file of go env -w.
mkdir -p "$HOME/.config/go"
printf 'GOFLAGS=-cover -gcflags=-l\n' >"$HOME/.config/go/env"
same_with GOENV="$HOME/.config/go/env"

#!/usr/bin/env bash
# go build links, writes programs, asks git: none of that is needed to hear the compiler, and none of it happens.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

# One package that is a program: plain go build writes it into the working directory. Its name is that of a directory,
# which plain go build refuses. It cannot be linked, which plain go build finds out.
git init --quiet "$work/program"
cd "$work/program"
printf 'module example.com/program\n\ngo 1.19\n' >go.mod
mkdir -p tool/tool
cat >tool/main.go <<'GO'
package main

import _ "unsafe"

//go:linkname missing example.com/program/nowhere.missing
func missing() *int

func New() *int { return new(int) }

func main() { println(missing(), New()) }
GO
: >tool/empty.s
printf 'kept\n' >tool/tool/file
commit_all 'a program that cannot be linked'

tree()
{
	find . -path ./.git -prune -o -printf '%p %y %m %T@ %s\n' | sort
}

build()
{
	cd "$work/program/tool"
	tree >"$work/before"
	for command in 'scan' 'check --base HEAD' 'check --base HEAD --head HEAD'; do
		# shellcheck disable=SC2086
		heapwarden $command --format json:"$facts"
		ran="$ran (with $(go env GOVERSION))"
		expect_status 0
		[ "$command" != scan ] || expect_json "$facts" "[e['function'] for e in r['escapes']] == ['New']"
		tree >"$work/after"
		expect_same "$work/before" "$work/after"
	done
	expect 'git sees a change' [ -z "$(git status --porcelain --ignored)" ]
}
with_each_go build

# go asks git for the state of the repository, to write it into programs: a git that fails fails no build.
mkdir "$work/bin"
printf '#!/bin/sh\nexit 128\n' >"$work/bin/git"
chmod +x "$work/bin/git"
PATH=$work/bin:$PATH heapwarden scan -v --format json:"$facts"
ran="$ran (with a git that fails)"
expect_status 0
expect_json "$facts" "[e['function'] for e in r['escapes']] == ['New']"

# go.mod and go.sum stay as they are also where go would like to tidy them.
printf 'module example.com/program\n\ngo 1.19\n\nrequire example.com/nowhere v1.0.0 // indirect\n' >"$work/program/go.mod"
cp "$work/program/go.mod" "$work/go.mod"
heapwarden scan --format json:"$facts"
expect_same "$work/go.mod" "$work/program/go.mod"
expect 'there is a go.sum now' [ ! -e "$work/program/go.sum" ]

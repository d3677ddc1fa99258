#!/usr/bin/env bash
# The git hook: installed and taken out again, other people's hooks left alone, quick where there is nothing to do.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir "$work/bin" && ln -s "$HEAPWARDEN" "$work/bin/heapwarden"
export PATH=$work/bin:$PATH

make_module m
heapwarden hook install
expect_status 0
expect 'the hook is no program' [ -x .git/hooks/pre-commit ]
heapwarden hook install
expect_status 0
expect_contains "$work/stderr" 'already'
printf 'package m\n\nfunc New() *int { return new(int) }\n' >new.go && git add new.go
run git commit --quiet -m new
expect 'the commit was made' [ "$status" -ne 0 ]
expect_contains "$work/stderr" 'new heap escape'
expect_contains "$work/stderr" 'heapwarden check --staged'
expect_lacks "$work/stderr" 'no-verify'
HEAPWARDEN_SKIP=1 run git commit --quiet -m new
expect_status 0

# No go is run where nothing is staged that go reads.
ln -s /bin/false "$work/bin/go"
echo text >notes && git add notes && echo '// unstaged' >>new.go
run git commit --quiet -m notes
expect_status 0
expect_empty "$work/stderr"
rm "$work/bin/go"

heapwarden hook uninstall
expect_status 0
expect 'the hook is still there' [ ! -e .git/hooks/pre-commit ]

# Another's.
git config core.hooksPath hooks && mkdir hooks && printf '#!/bin/sh\necho theirs\n' >hooks/pre-commit
cp hooks/pre-commit "$work/theirs"
heapwarden hook install
expect_error 'heapwarden hook run || exit $?'
heapwarden hook uninstall
expect_same "$work/theirs" hooks/pre-commit
{ cat "$work/theirs" && printf '# heapwarden: begin\nheapwarden hook run || exit $?\n# heapwarden: end\n'; } >hooks/pre-commit
heapwarden hook uninstall
expect_same "$work/theirs" hooks/pre-commit
heapwarden hook
expect_error 'install, uninstall, run'

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
expect_contains "$work/stderr" 'heapwarden check --staged -v'
expect_contains "$work/stderr" '//heapwarden:allow REASON'
expect_contains "$work/stderr" 'heapwarden baseline write --base HEAD --reason REASON'
expect_lacks "$work/stderr" 'no-verify'

# --- what the message says

heapwarden check --staged -v
expect_status 1
expect_contains "$work/stdout" 'new.go:3'
sed -i 's,}$,} //heapwarden:allow the caller keeps it,' new.go && git add new.go
heapwarden hook run
expect_status 0
git checkout-index --force -- new.go && sed -i 's, //heap.*,,' new.go && git add new.go
heapwarden hook run
expect_status 1
heapwarden baseline write --base HEAD --reason 'the caller keeps it'
expect_status 0
git add .heapwarden-baseline
heapwarden hook run
expect_status 0
git rm --quiet --force .heapwarden-baseline
heapwarden hook run
expect_status 1

# --- passed by the user

HEAPWARDEN_SKIP=0 run git commit --quiet -m new
expect 'the commit was made' [ "$status" -ne 0 ]
HEAPWARDEN_SKIP=1 run git commit --quiet -m new
expect_status 0
expect_empty "$work/stderr"

# --- no go is run where there is nothing to do

ln -s /bin/false "$work/bin/go"
echo text >notes && git add notes && echo '// unstaged' >>new.go
run git commit --quiet -m notes
expect_status 0
expect_empty "$work/stderr"
git commit --quiet --allow-empty -m empty
git mv notes notes.txt
run git commit --quiet -m moved
expect_status 0
expect_empty "$work/stderr"
git add new.go
heapwarden hook run
expect_status 2 # it would have been
HEAPWARDEN_SKIP=1 heapwarden hook run
expect_status 0
# Where there is not even a repository that could be read.
(cd "$work/tmp" && HEAPWARDEN_SKIP=1 "$HEAPWARDEN" hook run)
git commit --quiet --no-verify -m comment

# --- in the middle of what git does

# In the branch `other` the same line is another one.
git checkout --quiet -b other HEAD~1
printf 'package m\n\nfunc New() *string { return new(string) }\n' >new.go
git commit --quiet --no-verify -am other
# Begin it, resolve what the two sides differ in: then it is passed over, if that is said and not otherwise.
passed_over() # VARIABLE GIT-ARGUMENT...
{
	local variable=$1

	shift
	git "$@" >"$work/git.log" 2>&1 && failed "git $* met no conflict"
	printf 'package m\n\nfunc New() *int { return new(int) }\n\nfunc Too() *int { return new(int) }\n' >new.go
	git add new.go
	heapwarden hook run
	expect_status 2
	run env HEAPWARDEN_SKIP_MERGE=0 HEAPWARDEN_SKIP_REBASE=0 "$HEAPWARDEN" hook run
	expect_status 2
	run env HEAPWARDEN_SKIP_MERGE=1 HEAPWARDEN_SKIP_REBASE=1 "$variable=" "$HEAPWARDEN" hook run
	expect_status 2
	run env "$variable=1" git commit --quiet -m resolved
	expect_status 0
	expect_empty "$work/stderr"
	git rebase --quit 2>/dev/null || true
	git checkout --quiet --force -B other "$tip"
}
tip=$(git rev-parse HEAD)
passed_over HEAPWARDEN_SKIP_MERGE merge main
passed_over HEAPWARDEN_SKIP_REBASE cherry-pick main
passed_over HEAPWARDEN_SKIP_REBASE rebase main
passed_over HEAPWARDEN_SKIP_REBASE revert ":/^new"
run env HEAPWARDEN_SKIP_MERGE=1 HEAPWARDEN_SKIP_REBASE=1 "$HEAPWARDEN" hook run
expect_status 0
rm "$work/bin/go"

# --- nothing of the repository's is touched

# But for the store, in git's directory.
record() # FILE
{
	{
		find . -path ./.git/heapwarden -prune -o ! -path ./.git -printf '%p %y %m %T@ %s %l\n' | sort
		find . -path ./.git/heapwarden -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
		git for-each-ref
		git count-objects -v
		git status --porcelain --ignored
	} >"$1"
}
printf 'package m\n\nfunc Staged() *int { return new(int) }\n' >new.go
mkdir sub && printf 'package sub\n' >sub/sub.go && git add .
echo '// unstaged' >>new.go && printf 'package m\n\nfunc Untracked() {}\n' >untracked.go
echo 'announced' >announced.txt && git add --intent-to-add announced.txt
touch -d '2020-01-01T00:00:00Z' sum.go
for arguments in '' '--budget 1ms' '--budget 1ms --strict'; do
	record "$work/before"
	# shellcheck disable=SC2086
	heapwarden hook run $arguments
	expect 'nothing was said' grep -q . "$work/stdout" "$work/stderr"
	record "$work/after"
	expect_same "$work/before" "$work/after"
	expect_nothing_left
done
expect_status 2
git reset --quiet --hard

# --- taken out

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

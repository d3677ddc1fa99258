#!/usr/bin/env bash
# A run leaves the user's repository, working tree and temporary directories as they were, to the byte and time stamp.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Everything below the repository, but for the store, which makes a directory in git's: names, modes, times, content; refs and
# status as git sees them.
record() # FILE
{
	{
		find . -path ./.git/heapwarden -prune -o ! -path ./.git -printf '%p %y %m %T@ %s %l\n' | sort
		find . -path ./.git/heapwarden -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
		git for-each-ref
		git status --porcelain
		git stash list
		git worktree list
	} >"$1"
}

unchanged_by() # HEAPWARDEN-ARGUMENT...
{
	record "$work/before"
	heapwarden "$@"
	expect 'the run ended without a verdict' [ "$status" -le 1 ]
	expect 'the run reported nothing' [ -s "$work/stdout" ]
	record "$work/after"
	expect_same "$work/before" "$work/after"
	expect_nothing_left
}

make_repo tree return-pointer
unchanged_by check --base HEAD~1 --head HEAD
unchanged_by check --base HEAD~1
unchanged_by diff HEAD~1..HEAD
unchanged_by scan

# A dirty tree: staged, unstaged, untracked and ignored changes, an executable, a link, a stash.
printf '\n// stashed\n' >>student.go
git stash --quiet
mkdir staged
printf 'package staged\n\nfunc New() *int { return new(int) }\n' >staged/staged.go
git add staged
printf '\n// unstaged\n' >>staged/staged.go
printf '\n// unstaged too\n' >>student.go
mkdir untracked
printf 'package untracked\n\nfunc New() *int { return new(int) }\n' >untracked/untracked.go
printf '/ignored\n' >.gitignore
printf 'ignored\n' >ignored
printf '#!/bin/sh\n' >tool
chmod +x tool
ln -s student.go link
touch -d '2020-01-01T00:00:00Z' student.go
unchanged_by check --base HEAD
expect_status 1
unchanged_by check --base HEAD~1 --format json
expect_json "$work/stdout" "{'staged/staged.go', 'untracked/untracked.go'} <= {f['file'] for f in r['findings']}"
unchanged_by scan

# A tree that nobody may write into.
chmod -R a-w .
unchanged_by check --base HEAD~1
chmod -R u+w .

#!/usr/bin/env bash
# Wherever git has a repository: subdirectories, linked worktrees, bare repositories, an unborn branch.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

report=$work/report.json

# The one new escape of the fixture, at its place below the repository's root.
expect_student() # FILE
{
	expect_status 1
	expect_json "$report" "[(f['file'], f['function']) for f in new] == [('$1', 'NewStudent')]"
}

make_repo plain return-pointer
heapwarden check --base HEAD~1 --format json:"$report"
expect_student student.go
expect_json "$report" "r['head']['kind'] == 'worktree'"

# --- from elsewhere, and from below

cd "$work"
heapwarden check -C plain --base HEAD~1 --head HEAD --format json:"$report"
expect_student student.go

# --- a module below the root of the repository

git init --quiet "$work/mono"
cd "$work/mono"
mkdir -p services/register
for state in base head; do
	cp -R "$source_dir/fixtures/scenarios/return-pointer/$state/." services/register
	commit_all "$state"
done
heapwarden check -C services/register --base HEAD~1 --head HEAD --format json:"$report"
expect_student services/register/student.go
cd services/register
heapwarden check --base HEAD~1 --format json:"$report"
expect_student services/register/student.go
heapwarden check -C .. --base HEAD~1 ./register --format json:"$report"
expect_error go.mod

# A directory that only the head has: all of it is new. One that neither has is a mistake.
mkdir added
printf 'package added\n\nfunc New() *int { return new(int) }\n' >added/added.go
commit_all 'a new package'
heapwarden check -C added --base HEAD~1 --head HEAD --format json:"$report"
expect_status 1
expect_json "$report" "[f['file'] for f in new] == ['services/register/added/added.go']"
git rm -r --quiet added
commit_all 'gone again'
mkdir untracked
heapwarden check -C untracked --base HEAD~2 --head HEAD
expect_error services/register/untracked

# A relative report path is relative to where heapwarden was started, with or without -C.
cd "$work"
heapwarden check -C mono/services/register --base HEAD --format json:relative.json
expect 'no report beside the caller' [ -s "$work/relative.json" ]

# --- a linked worktree

cd "$work/plain"
git worktree add --quiet --detach "$work/linked" HEAD~1
cd "$work/linked"
heapwarden check --base main~1 --format json:"$report"
expect_status 0
expect_json "$report" "r['summary']['new'] == 0"
git checkout --quiet --detach main
heapwarden check --base main~1 --format json:"$report"
expect_student student.go

# --- a bare repository: two commits can be compared, a working tree cannot

git clone --quiet --bare "$work/plain" "$work/bare.git"
cd "$work/bare.git"
heapwarden check --base main~1 --head main --format json:"$report"
expect_student student.go
heapwarden check --base main~1
expect_error bare --head

# --- nothing committed yet

git init --quiet "$work/unborn"
cd "$work/unborn"
heapwarden check --base HEAD
expect_error HEAD
expect_nothing_left

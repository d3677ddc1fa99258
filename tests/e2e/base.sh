#!/usr/bin/env bash
# What a check compares with when nobody says: CI systems, branches and their upstreams, clones that have not everything.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
git config --global protocol.file.allow always
git config --global advice.detachedHead false

# A commit that changes the module; each is younger than the one before.
second=10
step() # NAME
{
	second=$((second + 1))
	printf 'package sum\n\nfunc %s() int { return %d }\n' "$1" $second >"$1.go"
	git add "$1.go"
	GIT_COMMITTER_DATE="2026-02-01T00:00:$second" git commit --quiet -m "$1"
}

# The base is the commit, and the report says why.
expect_base() # COMMIT BECAUSE [HEAPWARDEN-ARGUMENT...]
{
	local commit because=$2

	commit=$(git rev-parse "$1")
	shift 2
	heapwarden check "$@" --format json
	expect_status 0
	expect_json "$work/stdout" "r['base']['commit'] == '$commit'"
	expect_json "$work/stdout" "r['base']['chosen_because'] == '''$because'''"
}

# Refused, with a command; run as it stands it brings what is missing.
expect_cure() # TEXT...
{
	local cure

	heapwarden check --format json
	expect_error "$@"
	cure=$(sed -n "s/.*'\(git fetch --unshallow[^']*\)'.*/\1/p;t;s/.*'\(git fetch [^']*\)'.*/\1/p" "$work/stderr" | head -n 1)
	# shellcheck disable=SC2086
	run $cure --quiet
	expect_status 0
}

# up: main m1 - m2 - m3; feature leaves at m1: f1 - f2; the merge of both as CI systems make it.
make_module sum
mv "$work/sum" "$work/up"
cd "$work/up"
for name in r1 r2 m1; do step "$name"; done
git switch --quiet -c feature
for name in f1 f2; do step "$name"; done
git switch --quiet main
for name in m2 m3; do step "$name"; done
git switch --quiet --detach
git merge --quiet -m 'merge of feature' feature
git update-ref refs/pull/7/merge HEAD
merge=$(git rev-parse HEAD)
git switch --quiet main

# --- branches

git clone --quiet "$work/up" "$work/clone"
cd "$work/clone"
git switch --quiet --track -c mine origin/main~2 2>/dev/null || git switch --quiet -c mine origin/main~2
git branch --quiet --set-upstream-to origin/main
step own
expect_base origin/main~2 'merge base of HEAD with @{upstream}, the upstream of the branch'
expect_base origin/main~2 'merge base of HEAD with HEAD@{upstream}, the upstream of HEAD' --head HEAD
git branch --quiet --unset-upstream
expect_base origin/main~2 "merge base of HEAD with origin/HEAD, origin's default branch"
git switch --quiet --detach
expect_base origin/main~2 "merge base of HEAD with origin/HEAD, origin's default branch"
expect_base origin/main 'given with --base' --base origin/main
expect_base origin/main~2 'merge base of HEAD with origin/main, given with --base' --base origin/main...
# Pushed already: what it is to be merged into is of more use than the branch's own copy.
git push --quiet origin HEAD:refs/heads/mine
git switch --quiet mine
git branch --quiet --set-upstream-to origin/mine
step pushed && git push --quiet origin mine
expect_base origin/main~2 "merge base of HEAD with origin/HEAD, origin's default branch"
echo '// more' >>pushed.go
expect_base HEAD 'merge base of HEAD with @{upstream}, the upstream of the branch'
git checkout --quiet pushed.go
touch notes
expect_base origin/main~2 "merge base of HEAD with origin/HEAD, origin's default branch"

# The main branch itself.
git switch --quiet main
expect_base HEAD~1 'first parent of HEAD, which is in @{upstream}, the upstream of the branch, already'
echo '// more' >>m3.go
expect_base HEAD "merge base of HEAD with @{upstream}, the upstream of the branch"
git checkout --quiet m3.go
git switch --quiet --detach "$(git rev-list --max-parents=0 HEAD)"
heapwarden check --format json
expect_json "$work/stdout" "r['base']['kind'] == 'tree' and r['base']['chosen_because'] == 'HEAD is the first commit'"
expect_status 0

# Nothing known.
git init --quiet "$work/alone" && cd "$work/alone"
printf 'module alone\n\ngo 1.21\n' >go.mod && echo 'package alone' >alone.go
heapwarden check --format json
expect_status 0
expect_json "$work/stdout" "r['base']['chosen_because'] == 'the branch has no commit yet'"
commit_all one
heapwarden check
expect_error 'nothing to compare with' '--base REV'

# --- CI systems

cd "$work/clone"
git fetch --quiet && git switch --quiet --detach origin/feature
fork=$(git rev-parse origin/main~2)
while read -r variables; do
	name=${variables%%=*}
	export ${variables?}
	expect_base "$fork" "merge base of HEAD with origin/main, the target branch that $name names"
	for variable in $variables; do unset "${variable%%=*}"; done
done <<-END
	GITHUB_BASE_REF=main GITHUB_REF=refs/pull/7/merge GITHUB_SHA=$merge
	CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main CI_MERGE_REQUEST_DIFF_BASE_SHA=0000000000000000000000000000000000000000
	CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME=main
	BITBUCKET_PR_DESTINATION_BRANCH=main
	SYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/main
	SYSTEM_PULLREQUEST_TARGETBRANCH=main
	CHANGE_TARGET=main
	CHANGE_TARGET=origin/main
	ghprbTargetBranch=main
	BUILDKITE_PULL_REQUEST_BASE_BRANCH=main
	TRAVIS_BRANCH=main TRAVIS_PULL_REQUEST=7
	CI_COMMIT_TARGET_BRANCH=main
	DRONE_TARGET_BRANCH=main DRONE_BUILD_EVENT=pull_request
	APPVEYOR_REPO_BRANCH=main APPVEYOR_PULL_REQUEST_NUMBER=7
	bamboo_repository_pr_targetBranch=main
END
export CI_DEFAULT_BRANCH=main
expect_base "$fork" 'merge base of HEAD with origin/main, the default branch that CI_DEFAULT_BRANCH names'
unset CI_DEFAULT_BRANCH
export GITHUB_BASE_REF=main
expect_base origin/main~1 'first parent of origin/main, which is in origin/main, the target branch that GITHUB_BASE_REF names, already' \
	--head origin/main
git remote rename origin elsewhere 2>/dev/null
expect_base "$fork" 'merge base of HEAD with elsewhere/main, the target branch that GITHUB_BASE_REF names'
git remote rename elsewhere origin 2>/dev/null
GITHUB_BASE_REF='a b' heapwarden check
expect_error "GITHUB_BASE_REF names the target branch 'a b'" 'no name that a branch can have'
GITHUB_BASE_REF=absent heapwarden check
expect_error "GITHUB_BASE_REF names the target branch 'absent'" "'git fetch origin +refs/heads/absent:refs/remotes/origin/absent'"

# A bare repository, a linked worktree and a submodule.
git clone --quiet --bare "$work/up" "$work/bare" && cd "$work/bare"
expect_base main~2 'merge base of feature with main, the target branch that GITHUB_BASE_REF names' --head feature
git -C "$work/clone" worktree add --quiet --detach "$work/linked" origin/feature && cd "$work/linked"
expect_base "$fork" 'merge base of HEAD with origin/main, the target branch that GITHUB_BASE_REF names'
git init --quiet "$work/super" && cd "$work/super"
git submodule --quiet add -b feature "$work/up" sub
cd sub
expect_base "$fork" 'merge base of HEAD with origin/main, the target branch that GITHUB_BASE_REF names'

# --- clones that have not everything

# What actions/checkout makes of a pull request: the merge of it, and nothing else.
checkout() # DIRECTORY DEPTH
{
	git init --quiet "$work/$1" && cd "$work/$1"
	git remote add origin "file://$work/up"
	git fetch --quiet --no-tags --depth="$2" origin "+$merge:refs/remotes/pull/7/merge"
	git checkout --quiet --force refs/remotes/pull/7/merge
}
export GITHUB_REF=refs/pull/7/merge GITHUB_SHA=$merge
checkout pull-2 2
expect_base "$merge^1" 'first parent of HEAD, the merge into main that GitHub Actions has made'
checkout pull-1 1
expect_cure "the parent of 'HEAD' is missing" 'shallow clone'
expect_base "$merge^1" 'first parent of HEAD, the merge into main that GitHub Actions has made'
# The head of the pull request was checked out in place of the merge.
git clone --quiet --depth 2 --branch feature "file://$work/up" "$work/head" && cd "$work/head"
expect_cure "GITHUB_BASE_REF names the target branch 'main'" 'shallow clone' '+refs/heads/main:refs/remotes/origin/main'
expect_base "$fork" 'merge base of HEAD with origin/main, the target branch that GITHUB_BASE_REF names'
# Both are there, and their common ancestor is not.
git clone --quiet --depth 1 --no-single-branch --branch feature "file://$work/up" "$work/both" && cd "$work/both"
expect_cure "'origin/main' and 'HEAD' have no common ancestor" 'shallow clone'
expect_base "$fork" 'merge base of HEAD with origin/main, the target branch that GITHUB_BASE_REF names'
# Enough of both: shallow, and right.
git clone --quiet --depth 3 --no-single-branch --branch feature "file://$work/up" "$work/enough" && cd "$work/enough"
expect_base "$fork" 'merge base of HEAD with origin/main, the target branch that GITHUB_BASE_REF names'
unset GITHUB_BASE_REF GITHUB_REF GITHUB_SHA

# A push to main, one commit deep.
git clone --quiet --depth 1 "file://$work/up" "$work/push" && cd "$work/push"
expect_cure "the parent of 'HEAD' is missing" 'shallow clone'
expect_base HEAD~1 'first parent of HEAD, which is in @{upstream}, the upstream of the branch, already'

# GitLab names the merge base, of which the clone need not have the branch.
git clone --quiet --depth 3 --branch feature "file://$work/up" "$work/gitlab" && cd "$work/gitlab"
export CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main CI_MERGE_REQUEST_DIFF_BASE_SHA=$fork
expect_base "$fork" "named by CI_MERGE_REQUEST_DIFF_BASE_SHA, the merge base with the target branch main"
unset CI_MERGE_REQUEST_TARGET_BRANCH_NAME CI_MERGE_REQUEST_DIFF_BASE_SHA

# A shallow clone that has an older common ancestor than the last one: left and right both come from `late`, and
# both have merged `early`.
cd "$work/up"
early=$(git rev-parse HEAD) && git switch --quiet --detach && step late && late=$(git rev-parse HEAD)
for side in left right; do
	git switch --quiet -c $side "$late" && step $side
	git reset --quiet --hard "$(git commit-tree -p HEAD -p "$early" -m "$side merges" 'HEAD^{tree}')"
done
git clone --quiet --depth 2 --no-single-branch --branch left "file://$work/up" "$work/wrong" && cd "$work/wrong"
expect 'the older ancestor is not there' [ "$(git merge-base origin/left origin/right)" = "$early" ]
export GITHUB_BASE_REF=right
expect_cure "the last common ancestor of 'origin/right' and 'HEAD' cannot be told" 'shallow clone'
expect_base "$late" 'merge base of HEAD with origin/right, the target branch that GITHUB_BASE_REF names'

# Criss-cross: two are equally good.
cd "$work/up"
git switch --quiet -c north "$early" && step north && git switch --quiet -c south "$early" && step south
git switch --quiet --detach north && git merge --quiet -m one south && step one && git update-ref refs/heads/crossed-one HEAD
git switch --quiet --detach south && git merge --quiet -m two north && step two
GITHUB_BASE_REF=crossed-one
expect_base south 'merge base of HEAD with crossed-one, the target branch that GITHUB_BASE_REF names; the youngest of 2'
heapwarden diff crossed-one...HEAD --format json
expect_json "$work/stdout" "r['base']['chosen_because'] == 'merge base of the two, the youngest of 2'"
unset GITHUB_BASE_REF

# Names of commits that are not there.
cd "$work/enough"
heapwarden check --base 0000000000000000000000000000000000000000
expect_error '--base: ' 'there is nothing yet' 'so that heapwarden finds one'
heapwarden check --base 1234567890123456789012345678901234567890
expect_error "'git fetch origin 1234567890123456789012345678901234567890'" 'forced push'

# A partial clone: what a build needs is missing.
cd "$work/up"
git switch --quiet main && step m1 && step m1
git -C "$work/up" config uploadpack.allowFilter true
git clone --quiet --filter=blob:none "file://$work/up" "$work/blobless" && cd "$work/blobless"
heapwarden check --base HEAD~2
expect_error 'partial clone' 'git fetch --refetch --no-filter'
git clone --quiet --filter=tree:0 "file://$work/up" "$work/treeless" && cd "$work/treeless"
heapwarden check --base HEAD~2
expect_error 'the tree of' 'partial clone' 'git fetch --refetch --no-filter'
run git fetch --quiet --refetch --no-filter
heapwarden check --base HEAD~2
expect_status 0

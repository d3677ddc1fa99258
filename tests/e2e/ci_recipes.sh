#!/usr/bin/env bash
# The recipes of docs/ci: what their steps run, in a checkout as the CI system makes it, finds the right base and writes
# what the next steps take. The files themselves are valid for the published schemas and their linters.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

recipes=$source_dir/docs/ci
python=$(command -v /usr/bin/python3 || command -v python3)
"$python" -c 'import yaml' 2>/dev/null || python=python3
if ! "$python" -c 'import yaml' 2>/dev/null; then
	echo 'skipped: there is no yaml for python3; scripts/setup installs it'
	exit 77
fi

recipe() # FILE WHAT [NUMBER]
{
	"$python" -B "$source_dir/tests/e2e/ci_steps.py" "$recipes/$1" "${@:2}"
}

# --- a bare origin: main has gone on since the change was begun, and brought an escape of its own

make_module app
fork=$(git rev-parse HEAD)
printf 'package app\n\nfunc Theirs() *int { return new(int) }\n' >theirs.go && commit_all theirs
tip=$(git rev-parse HEAD)
printf 'package app\n\nfunc Theirs() *int { return new(int) }\n\nvar _ = 1\n' >theirs.go && commit_all 'nothing new'
main=$(git rev-parse HEAD)
git switch --quiet -c feature "$fork"
printf 'package app\n\nfunc Mine() *int { return new(int) }\n' >mine.go
printf 'package app\n\nfunc Windows() *int { return new(int) }\n' >mine_windows.go
touch go.sum && commit_all mine && feature=$(git rev-parse HEAD)
git switch --quiet --detach main && git merge --quiet --no-ff -m merge feature && merge=$(git rev-parse HEAD)
git update-ref refs/pull/7/merge "$merge" && git update-ref refs/merge-requests/7/head "$feature"
git update-ref refs/pipelines/1 "$feature" && git update-ref refs/pipelines/2 "$main"
git switch --quiet main
git clone --quiet --mirror . "$work/origin.git"

mkdir "$work/bin" && ln -s "$HEAPWARDEN" "$work/bin/heapwarden"
printf '#!/bin/sh\n[ "$1" = annotate ] && cat >"%s/annotation"\n' "$work" >"$work/bin/buildkite-agent"
chmod +x "$work/bin/buildkite-agent"
PATH=$work/bin:$PATH

# clone NAME DEPTH REFSPEC...: an empty repository into which this much of the origin is fetched; 0 is all.
clone()
{
	local depth=()

	[ "$2" = 0 ] || depth=(--depth="$2")
	rm -rf "${work:?}/$1" && git init --quiet "$work/$1" && cd "$work/$1"
	git remote add origin "file://$work/origin.git"
	git fetch --quiet --no-tags "${depth[@]}" origin "${@:3}"
}

# step SHELL FILE NUMBER [VARIABLE=VALUE...]: run the step as the CI system does, with these variables.
step()
{
	recipe "$2" steps "$3" >"$work/step"
	run env "${@:4}" $1 "$work/step"
	ran="step $3 of $2"
}

# installing SHELL FILE PREFIX VARIABLE=VALUE...: run the step that gets heapwarden, where the system has kept the program:
# it is cloned, and what it needs is there.
installing()
{
	local commit

	if ! commit=$(git -C "$source_dir" rev-parse --verify --quiet HEAD 2>/dev/null); then
		echo 'the source is no git repository: the steps that get heapwarden were not run'
		return 0
	fi
	mkdir -p "$3/bin" && ln -sf "$HEAPWARDEN" "$3/bin/heapwarden"
	recipe "$2" install >"$work/step"
	run env HEAPWARDEN_URL="file://$source_dir" HEAPWARDEN_REF="$commit" "${@:4}" $1 "$work/step"
	ran="the step of $2 that gets heapwarden"
	expect_status 0
}

# What was compared with, and which functions are new.
expect_verdict() # STATUS COMMIT FUNCTION...
{
	local function

	expect_status "$1"
	expect_contains "$work/stdout" "${2:0:10}"
	for function in "${@:3}"; do
		expect_contains "$work/stdout" "new heap escape in $function"
	done
	expect_lacks "$work/stdout" 'in Theirs'
}

expect_documents() # FILE...
{
	local file

	for file; do
		expect "$file was not written" [ -s "$file" ]
		case $file in
		*.xml) expect "$file is no XML" xmllint --noout "$file" ;;
		*.json | *.sarif) expect_json "$file" 'True' ;;
		esac
	done
}

# --- GitHub Actions

gate=github/heapwarden.yml
depth=$(recipe $gate depth)
github=(CI=true GITHUB_ACTIONS=true HEAPWARDEN_STORE="$HOME/.cache/heapwarden-store/store.db")
printf '%s\n' "$HOME/.local/heapwarden/bin" >"$work/path" && printf '%s\n' "${github[2]}" >"$work/env"
installing 'bash -e' $gate "$HOME/.local/heapwarden" RUNNER_TEMP="$work/tmp" GITHUB_PATH="$work/path.new" GITHUB_ENV="$work/env.new"
if [ -e "$work/path.new" ]; then
	expect_same "$work/path" "$work/path.new"
	expect_same "$work/env" "$work/env.new"
fi
clone github "$depth" "+$merge:refs/remotes/pull/7/merge" && git checkout --quiet --force refs/remotes/pull/7/merge
step 'bash -e' $gate 0 "${github[@]}" GITHUB_BASE_REF=main GITHUB_REF=refs/pull/7/merge GITHUB_SHA="$merge" \
	GITHUB_STEP_SUMMARY="$work/summary"
expect_verdict 1 "$main" Mine
expect_contains "$work/stdout" '::error title=heapwarden'
expect_contains "$work/summary" '**Fail**'
expect_documents heapwarden-report/{summary.md,comment.md,escapes.sarif,escapes.html,escapes.json}
expect_json heapwarden-report/escapes.json "r['base']['commit'] == '$main' and r['base']['chosen_because'].startswith('first parent of HEAD, the merge')"
expect_json heapwarden-report/escapes.sarif "len(r['runs'][0]['results']) == 1"
cp heapwarden-report/comment.md "$work/comment.md"
expect "the store is not where the recipe caches it" [ -s "$HOME/.cache/heapwarden-store/store.db" ]
step 'bash -e' $gate 1 "${github[@]}"
expect_status 0

clone github "$depth" "+$main:refs/remotes/origin/main" && git checkout --quiet --force -B main refs/remotes/origin/main
step 'bash -e' $gate 0 "${github[@]}" GITHUB_REF=refs/heads/main GITHUB_SHA="$main" GITHUB_STEP_SUMMARY="$work/summary"
expect_verdict 0 "$tip"
expect_contains "$work/summary" '**Pass:**'

# The comment is posted, found again, and nothing else is.
if command -v node >/dev/null; then
	recipe github/heapwarden-comment.yml comment >"$work/comment.js"
	run env COMMENT="$work/comment.md" node "$source_dir/tests/e2e/ci_comment.js" "$work/comment.js"
	expect_status 0
	expect_same <(printf '%s\n' 'created 7' 'updated 3' 'newer commit: nothing' 'too long: failed' 'no marker: failed' 'link: failed') "$work/stdout"
else
	echo 'there is no node: the script that posts the comment was not run'
fi

# --- GitLab

file=gitlab/.gitlab-ci.yml
depth=$(recipe $file depth)
gitlab_checkout() # PIPELINE COMMIT
{
	local all=()

	[ "$depth" != 0 ] || all=('+refs/heads/*:refs/remotes/origin/*')
	clone gitlab "$depth" "+refs/pipelines/$1:refs/pipelines/$1" "${all[@]}"
	git checkout --quiet --force --detach "$2"
}
gitlab=(CI=true GITLAB_CI=true CI_DEFAULT_BRANCH=main HEAPWARDEN_STORE="$work/gitlab/.cache/heapwarden-store/store.db")
request=(CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main CI_MERGE_REQUEST_DIFF_BASE_SHA="$fork" CI_MERGE_REQUEST_EVENT_TYPE=detached)
gitlab_checkout 1 "$feature"
number=0
for variant in GOOS=linux GOOS=windows; do
	number=$((number + 1))
	step 'bash -eo pipefail' $file 0 "${gitlab[@]}" "${request[@]}" CI_COMMIT_SHA="$feature" CI_NODE_INDEX=$number VARIANT=$variant
	expect_verdict 0 "$fork" Mine
done
step 'bash -eo pipefail' $file 1 "${gitlab[@]}" "${request[@]}" CI_COMMIT_SHA="$feature"
expect_verdict 1 "$fork" Mine Windows
expect_contains "$work/stdout" 'only for: windows/'
expect_documents heapwarden-report/{escapes.html,escapes.xml,codequality.json,metrics.txt,comment.md}
expect_json heapwarden-report/codequality.json 'len(r) == 2'
expect_contains heapwarden-report/escapes.xml 'file="mine.go"'
# What cannot be compared has no document, and its job fails.
rm -rf heapwarden-report
step 'bash -eo pipefail' $file 0 "${gitlab[@]}" CI_MERGE_REQUEST_TARGET_BRANCH_NAME=absent CI_COMMIT_SHA="$feature" CI_NODE_INDEX=1 VARIANT=GOOS=linux
expect 'a job without a document succeeds' [ "$status" -ne 0 ]

gitlab_checkout 2 "$main"
step 'bash -eo pipefail' $file 0 "${gitlab[@]}" CI_COMMIT_SHA="$main" CI_COMMIT_BRANCH=main CI_NODE_INDEX=1 VARIANT=GOOS=linux
step 'bash -eo pipefail' $file 1 "${gitlab[@]}" CI_COMMIT_SHA="$main" CI_COMMIT_BRANCH=main
expect_verdict 0 "$tip"
expect_json heapwarden-report/codequality.json 'len(r) == 1'

# --- Jenkins: the branch alone is fetched; the first step brings the target

file=jenkins/Jenkinsfile
clone jenkins 0 '+refs/heads/feature:refs/remotes/origin/PR-7' && git checkout --quiet --force --detach "$feature"
jenkins=(CHANGE_TARGET=main GIT_COMMIT="$feature" JOB_NAME=app/PR-7)
step 'sh -xe' $file 0 "${jenkins[@]}"
expect_status 0
step 'sh -xe' $file 1 "${jenkins[@]}"
expect_verdict 1 "$fork" Mine
expect_documents heapwarden-report/{escapes.xml,escapes.html,escapes.sarif}
expect_documents "$HOME/.cache/heapwarden-store/app.db"
# A branch without a pull request, and main.
clone jenkins 0 '+refs/heads/feature:refs/remotes/origin/feature' && git checkout --quiet --force --detach "$feature"
step 'sh -xe' $file 0
step 'sh -xe' $file 1 JOB_NAME=app/feature
expect_verdict 1 "$fork" Mine
git checkout --quiet --force --detach "$main"
step 'sh -xe' $file 1 JOB_NAME=app/main
expect_verdict 0 "$tip"

# --- Buildkite

file=buildkite/pipeline.yml
clone buildkite 0 "+$feature:refs/remotes/origin/feature" && git checkout --quiet --force "$feature"
buildkite=(CI=true BUILDKITE=true BUILDKITE_PIPELINE_DEFAULT_BRANCH=main BUILDKITE_PIPELINE_SLUG=app)
step 'bash -e' $file 0 "${buildkite[@]}" BUILDKITE_PULL_REQUEST_BASE_BRANCH=main BUILDKITE_COMMIT="$feature"
expect_verdict 1 "$fork" Mine
expect_documents heapwarden-report/{escapes.xml,escapes.md,escapes.html}
expect_same heapwarden-report/escapes.md "$work/annotation"
git checkout --quiet --force "$main"
step 'bash -e' $file 0 "${buildkite[@]}" BUILDKITE_PULL_REQUEST_BASE_BRANCH= BUILDKITE_COMMIT="$main"
expect_verdict 0 "$tip"

# --- Azure Pipelines

file=azure/azure-pipelines.yml
clone azure "$(recipe $file depth)" "+$merge:refs/remotes/pull/7/merge" && git checkout --quiet --force refs/remotes/pull/7/merge
mkdir "$work/azure-temp"
installing 'bash --noprofile --norc' $file "$work/azure-workspace/heapwarden-program" AGENT_TEMPDIRECTORY="$work/azure-temp" \
	HEAPWARDEN_PREFIX="$work/azure-workspace/heapwarden-program"
azure=(TF_BUILD=True AGENT_TEMPDIRECTORY="$work/azure-temp" HEAPWARDEN_STORE="$work/azure-workspace/heapwarden-store/store.db")
step 'bash --noprofile --norc' $file 0 "${azure[@]}" SYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/main \
	BUILD_SOURCEBRANCH=refs/pull/7/merge BUILD_SOURCEVERSION="$merge"
expect_verdict 1 "$main" Mine
expect_documents "$work/azure-temp/heapwarden-report"/escapes.{xml,md,html}
expect_contains "$work/stdout" "##vso[task.uploadsummary]$work/azure-temp/heapwarden-report/escapes.md"

# --- the files themselves

consumers=$source_dir/build/consumers
check_schema() # SCHEMA FILE [OPTION...]
{
	run env PYTHONPATH="$consumers/python" python3 -m check_jsonschema --builtin-schema "vendor.$1" --regex-variant nonunicode \
		"${@:3}" "$recipes/$2"
	expect_status 0
}
if PYTHONPATH=$consumers/python python3 -c 'import check_jsonschema' 2>/dev/null; then
	check_schema github-workflows github/heapwarden.yml
	check_schema github-workflows github/heapwarden-comment.yml
	check_schema gitlab-ci gitlab/.gitlab-ci.yml --data-transform gitlab-ci
	check_schema buildkite buildkite/pipeline.yml
	check_schema azure-pipelines azure/azure-pipelines.yml --data-transform azure-pipelines
else
	echo 'there is no check-jsonschema: the recipes were not checked against the schemas; scripts/setup installs it'
fi
if [ -x "$consumers/bin/actionlint" ]; then
	run "$consumers/bin/actionlint" -shellcheck= "$recipes"/github/*.yml
	expect_status 0
else
	echo 'there is no actionlint: the workflows were not checked; scripts/setup installs it'
fi
if command -v shellcheck >/dev/null; then
	for file in $gate gitlab/.gitlab-ci.yml jenkins/Jenkinsfile buildkite/pipeline.yml azure/azure-pipelines.yml; do
		recipe $file shells >"$work/shells"
		run shellcheck --shell=bash "$work/shells"
		expect_status 0
	done
	run shellcheck "$source_dir/scripts/install"
	expect_status 0
else
	echo 'there is no shellcheck: the steps were not checked; scripts/setup installs it'
fi

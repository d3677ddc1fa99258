#!/usr/bin/env bash
# Runs heapwarden on the scenarios of fixtures/scenarios with one version of Go.
#
#     scenarios.sh HEAPWARDEN GO_VERSION CACHE_DIRECTORY [CASE...]
#
# GO_VERSION is a value for GOTOOLCHAIN: go1.22.12, or local for the go command's own. Each case becomes a git
# repository of two commits; what `heapwarden check` calls new must be what the case's expect.txt lists for
# that version. Ends with 77 when the Go version cannot be had.
set -euo pipefail

heapwarden=$(realpath "$1")
toolchain=$2
mkdir -p "$3"
cache=$(realpath "$3")
shift 3
scenarios=$(realpath "$(dirname "$0")/../fixtures/scenarios")

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
mkdir "$temporary/home"

# Nothing of the user's settings may change the result; modules and toolchains that are there already are used.
GOMODCACHE=$(go env GOMODCACHE)
GOPROXY=$(go env GOPROXY)
GOSUMDB=$(go env GOSUMDB)
unset "${!GIT_@}" GOEXPERIMENT GOARCH GOOS
export GOMODCACHE GOPROXY GOSUMDB
export HOME=$temporary/home XDG_CONFIG_HOME=$temporary/home/config XDG_CACHE_HOME=$temporary/home/cache
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=Gopher GIT_AUTHOR_EMAIL=gopher@example.com
export GIT_COMMITTER_NAME=Gopher GIT_COMMITTER_EMAIL=gopher@example.com
export GOCACHE=$cache GOENV=off GOFLAGS='' GOWORK=off GOTOOLCHAIN=$toolchain LC_ALL=C

if ! version=$(cd "$temporary" && go env GOVERSION 2>"$temporary/message"); then
	echo "skipped: $toolchain cannot be had: $(tail -n 1 "$temporary/message")"
	exit 77
fi
# Up to Go 1.20 the go command does not know GOTOOLCHAIN, and runs itself.
if [ "$toolchain" != local ] && [ "$version" != "$toolchain" ]; then
	echo "skipped: $toolchain cannot be had: go is $version"
	exit 77
fi

# commit SIDE DATE: the state of that side of the case becomes the next commit of the repository in $repository.
commit() {
	find "$repository" -mindepth 1 -maxdepth 1 ! -name .git -exec rm -r {} +
	cp -R "$scenarios/$case/$1/." "$repository"
	git -C "$repository" add --all
	GIT_AUTHOR_DATE=$2 GIT_COMMITTER_DATE=$2 git -C "$repository" commit --quiet --message "$1"
}

# expected: the lines of expect.txt that hold for this version of Go, without the versions.
expected() {
	python3 - "$version" "$scenarios/$case/expect.txt" <<'PYTHON'
import re, sys

minor = int(re.match(r"(?:devel )?go1\.(\d+)", sys.argv[1])[1])

def holds(versions):
    if versions == "all":
        return True
    first, dash, last = versions.partition("-")
    first = int(first.removeprefix("1.")) if first else 0
    last = int(last.removeprefix("1.")) if last else (sys.maxsize if dash else first)
    return first <= minor <= last

for line in open(sys.argv[2], encoding="utf-8"):
    if line.strip() and not line.startswith("#"):
        versions, *rest = line.rstrip("\n").split(None, 5)
        if len(rest) != 5:
            sys.exit(f"{sys.argv[2]}: not a line of six words: {line}")
        if holds(versions):
            print(*rest)
PYTHON
}

# reported FILE: the new findings of a JSON report that count, in the form of expect.txt.
reported() {
	python3 - "$1" <<'PYTHON'
import json, sys

with open(sys.argv[1], encoding="utf-8") as file:
    report = json.load(file)
for finding in report["findings"]:
    if finding["state"] == "new" and finding["allocates"] != "no":
        print(finding["reason"].replace(" ", "-"), finding["file"], finding["function"] or "-",
              finding["kind"], finding["expression"])
PYTHON
}

# run_case: whether heapwarden reports what $case expects; says what differs where it does not.
run_case() {
	local status=0 wanted=0
	repository=$temporary/$case
	git init --quiet --initial-branch=main "$repository" || return 1
	commit base "2024-01-01T12:00:00Z" || return 1
	commit head "2024-01-02T12:00:00Z" || return 1

	(cd "$repository" && "$heapwarden" check --base HEAD~1 --head HEAD \
		--format "json:$temporary/report.json" ./...) >"$temporary/output" 2>&1 || status=$?
	expected >"$temporary/unsorted" || return 1
	sort "$temporary/unsorted" >"$temporary/expected"
	if ! reported "$temporary/report.json" >"$temporary/unsorted" 2>>"$temporary/output"; then
		echo "no report; exit status $status:"
		cat "$temporary/output"
		return 1
	fi
	sort "$temporary/unsorted" >"$temporary/reported"
	[ ! -s "$temporary/expected" ] || wanted=1
	diff -u --label expected "$temporary/expected" --label reported "$temporary/reported" || return 1
	if [ $status != $wanted ]; then
		echo "exit status $status instead of $wanted:"
		cat "$temporary/output"
		return 1
	fi
}

if [ $# = 0 ]; then
	cd "$scenarios"
	set -- *
fi
failed=0
for case in "$@"; do
	rm -f "$temporary/report.json"
	if difference=$(run_case); then
		echo "ok    $version $case"
	else
		echo "FAIL  $version $case"
		echo "      ${difference//$'\n'/$'\n'      }"
		failed=$((failed + 1))
	fi
done
echo "$# scenarios, $failed failed"
[ $failed = 0 ]

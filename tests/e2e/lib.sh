# shellcheck shell=bash
# What the end-to-end tests share: a clean environment, repositories made from fixtures, a few expectations.
#
# HEAPWARDEN is the program under test, E2E_CACHE a directory for Go's build cache that outlives the tests.
# A script reports every expectation that does not hold and then fails; exit status 77 means skipped.
set -euo pipefail

: "${HEAPWARDEN:?the program under test}" "${E2E_CACHE:?a directory for the Go build cache}"
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
# The one for which packages of the system are.
system_python=python3
[ ! -x /usr/bin/python3 ] || system_python=/usr/bin/python3
checks=0 failures=0
status=0

finish()
{
	local ended=$?

	chmod -R u+w "$work" 2>/dev/null || true
	rm -rf "$work"
	if [ "$ended" -ne 0 ]; then
		[ "$ended" -eq 77 ] || printf 'the script itself failed, after: %s\n' "${ran:-nothing}"
		exit "$ended"
	fi
	printf '%d expectations, %d failures\n' "$checks" "$failures"
	[ "$failures" -eq 0 ] && [ "$checks" -gt 0 ] || exit 1
}
trap finish EXIT

# Nothing of the user's: settings of Go, git, CI systems, directories.
for name in $(compgen -e); do
	case $name in
	GO* | CGO* | GIT_* | XDG_* | *COLOR*) unset "$name" ;;
	CI | CI_* | GITHUB_* | GITLAB_* | BITBUCKET_* | SYSTEM_* | BUILD_* | BUILDKITE* | TRAVIS_* | DRONE_* | APPVEYOR_* | bamboo_* | \
		CHANGE_* | ghprb*) unset "$name" ;;
	esac
done
mkdir -p "$work"/{home,cache,tmp} "$E2E_CACHE"
export HOME=$work/home XDG_CACHE_HOME=$work/cache XDG_CONFIG_HOME=$work/home/.config TMPDIR=$work/tmp
export LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1 TERM=dumb
export GOCACHE=$E2E_CACHE GOTOOLCHAIN=local GOPROXY=off GOFLAGS=''
export GIT_CONFIG_NOSYSTEM=1 GIT_OPTIONAL_LOCKS=0
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com GIT_AUTHOR_DATE='2026-01-02T03:04:05Z'
export GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com GIT_COMMITTER_DATE='2026-01-02T03:04:05Z'
git config --global init.defaultBranch main

# --- repositories

commit_all() # MESSAGE
{
	git add --all
	git commit --quiet --message "$1"
}

# Make the repository $work/NAME out of fixtures/scenarios/CASE, base then head, and enter it.
make_repo() # NAME CASE
{
	local fixture=$source_dir/fixtures/scenarios/$2

	git init --quiet "$work/$1"
	cd "$work/$1"
	cp -R "$fixture/base/." .
	commit_all base
	git rm -r --quiet .
	cp -R "$fixture/head/." .
	commit_all head
}

# Make the repository $work/NAME with a module of one package that has no escape, commit and enter it.
make_module() # NAME
{
	git init --quiet "$work/$1"
	cd "$work/$1"
	printf 'module example.com/%s\n\ngo 1.21\n' "$1" >go.mod
	printf 'package %s\n\nfunc Sum(a, b int) int { return a + b }\n' "$1" >sum.go
	commit_all 'the module'
}

# --- running

# Run the command with its output in $work/stdout and $work/stderr and its exit status in $status.
run() # COMMAND...
{
	ran="$*"
	status=0
	"$@" >"$work/stdout" 2>"$work/stderr" </dev/null || status=$?
}

heapwarden()
{
	run "$HEAPWARDEN" "$@"
	ran="heapwarden $*"
}

# --- processes

# Processes that have the mark in their environment, as everything has that heapwarden starts.
marked() # MARK
{
	local process

	for process in /proc/[0-9]*; do
		if grep -zqxF "E2E_MARK=$1" "$process/environ" 2>/dev/null; then
			echo "${process#/proc/} $(cat "$process/comm" 2>/dev/null)"
		fi
	done
}

# Wait until the condition holds, for so many tenths of a second.
wait_until() # TENTHS COMMAND...
{
	local i tenths=$1

	shift
	for ((i = 0; i < tenths; i++)); do
		if "$@"; then
			return 0
		fi
		sleep 0.1
	done
	return 1
}

is_gone() # MARK
{
	[ -z "$(marked "$1")" ]
}

# --- expectations

failed() # MESSAGE
{
	failures=$((failures + 1))
	printf 'FAILED: %s\n  after: %s\n' "$1" "${ran:-nothing}"
	for stream in stdout stderr; do
		if [ -s "$work/$stream" ]; then
			printf '  %s:\n' "$stream"
			head -n 40 "$work/$stream" | sed 's/^/    | /'
		fi
	done
}

# expect MESSAGE COMMAND...: the command succeeds.
expect()
{
	local message=$1

	shift
	checks=$((checks + 1))
	"$@" || failed "$message"
}

expect_status() # STATUS
{
	expect "exit status $status where $1 was expected" [ "$status" -eq "$1" ]
}

expect_contains() # FILE TEXT
{
	expect "no '$2' in ${1#"$work"/}" grep -qF -e "$2" "$1"
}

expect_matches() # FILE EXTENDED-EXPRESSION
{
	expect "nothing like '$2' in ${1#"$work"/}" grep -qE -e "$2" "$1"
}

lacks()
{
	! grep -qE -e "$2" "$1"
}

expect_lacks() # FILE EXTENDED-EXPRESSION
{
	expect "'$2' in ${1#"$work"/}" lacks "$1" "$2"
}

expect_empty() # FILE
{
	expect "${1#"$work"/} is not empty" [ ! -s "$1" ]
}

expect_same() # FILE FILE
{
	expect "${1#"$work"/} and ${2#"$work"/} differ" diff -u "$1" "$2"
}

# The JSON document fulfils a Python expression in which `r` is the document and `new` its new findings.
expect_json() # FILE EXPRESSION
{
	expect "not so in ${1#"$work"/}: $2" python3 -c '
import json, re, sys
try:
    r = json.load(open(sys.argv[1], encoding="utf-8"))
    findings = r.get("findings", []) if isinstance(r, dict) else []
    new = [f for f in findings if f.get("state") == "new"]
    sys.exit(not eval(f"({sys.argv[2]})"))
except (OSError, ValueError, LookupError, TypeError) as e:
    sys.exit(f"{type(e).__name__}: {e}")' "$1" "$2"
}

# One error message that names the thing, nothing on standard output, no verdict.
expect_error() # TEXT...
{
	local text

	expect_status 2
	expect_empty "$work/stdout"
	expect_matches "$work/stderr" '^heapwarden( [a-z]+)?: '
	for text; do
		expect_contains "$work/stderr" "$text"
	done
}

# Nothing that a run needs for itself outlives it.
expect_nothing_left()
{
	expect 'something is left in TMPDIR' [ -z "$(ls -A "$TMPDIR")" ]
	# Slots, and which Go is understood, are there for the next run; whatever else a run makes is gone with it.
	expect 'something is left in XDG_CACHE_HOME' \
		[ -z "$(find "$XDG_CACHE_HOME" -mindepth 1 \( -path "$XDG_CACHE_HOME/heapwarden/slots" -o \
			-path "$XDG_CACHE_HOME/heapwarden/selfcheck" \) -prune -o \
			-mindepth 1 ! -path "$XDG_CACHE_HOME/heapwarden" ! -path "$XDG_CACHE_HOME/heapwarden/runs" -print)" ]
}

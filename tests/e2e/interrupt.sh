#!/usr/bin/env bash
# A signal in the middle of a build ends everything that was started and leaves nothing behind.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ -d /proc/self ] || {
	echo 'skipped: there is no /proc'
	exit 77
}

is_compiling() # MARK
{
	marked "$1" | grep ' compile$' >/dev/null
}

has_ended() # PROCESS
{
	! kill -0 "$1" 2>/dev/null
}

interrupt() # SIGNAL STATUS HEAPWARDEN-ARGUMENT...
{
	local signal=$1 expected=$2 mark=$$-$1-$RANDOM child

	shift 2
	ran="heapwarden $*, SIG$signal"
	status=0
	# Job control gives the child default signal handling: a background job of a script ignores SIGINT.
	set -m
	E2E_MARK=$mark GOCACHE=$work/cold-$mark "$HEAPWARDEN" "$@" >"$work/stdout" 2>"$work/stderr" </dev/null &
	child=$!
	set +m
	expect 'no compiler was started' wait_until 600 is_compiling "$mark"
	kill -s "$signal" "$child"
	if ! wait_until 300 has_ended "$child"; then
		failed "still there half a minute after SIG$signal"
		kill -KILL "$child"
	fi
	wait "$child" || status=$?
	expect_status "$expected"
	expect_empty "$work/stdout"
	# The compilers got the same signal; the kernel may take a moment to clear the last of them away.
	expect "still running: $(marked "$mark")" wait_until 10 is_gone "$mark"
	expect_nothing_left
	chmod -R u+w "$work/cold-$mark"
	rm -rf "$work/cold-$mark"
}

# An empty build cache: compiling what net/http needs takes long enough.
make_module long
printf 'package long\n\nimport "net/http"\n\nfunc Client() *http.Client { return new(http.Client) }\n' >client.go
commit_all 'a large dependency'

interrupt INT 130 check --base HEAD~1 --head HEAD
interrupt TERM 143 check --base HEAD~1 --head HEAD
interrupt TERM 143 check --base HEAD~1
interrupt INT 130 scan

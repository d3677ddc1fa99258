#!/usr/bin/env bash
# On a terminal a line tells what is going on, and is gone when there is something to read; elsewhere there is none.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if ! command -v script >/dev/null; then
	echo 'skipped: script(1) of util-linux, which makes a terminal, is not there'
	exit 77
fi
make_repo watched return-pointer

# Run on a terminal; what it was sent is in $work/terminal.
on_terminal() # COMMAND...
{
	ran="$* (on a terminal)"
	script --quiet --return --command "$*" "$work/terminal" </dev/null >/dev/null || true
}

on_terminal TERM=xterm "$HEAPWARDEN" check --base HEAD~1 --head HEAD --no-store
expect_matches "$work/terminal" $'\r\033\\[Kbuilding HEAD~1, 0 of 1 packages'
expect_matches "$work/terminal" 'listing the packages of HEAD'
# The last thing that is shown is taken away before the report.
expect_matches "$work/terminal" $'\r\033\\[Kerror\\[returned\\]: '
on_terminal TERM=dumb "$HEAPWARDEN" check --base HEAD~1 --head HEAD --no-store
expect_lacks "$work/terminal" $'\033\\[K'
on_terminal TERM=xterm "$HEAPWARDEN" check --base HEAD~1 --head HEAD --no-store -q
expect_lacks "$work/terminal" $'\033\\[K'

# What -v says is on lines of its own.
on_terminal TERM=xterm "$HEAPWARDEN" check --base HEAD~1 --head HEAD --no-store -v
expect_lacks "$work/terminal" '[^K]heapwarden: '
expect_matches "$work/terminal" '[0-9]\.[0-9]{3} s  go list'

TERM=xterm heapwarden check --base HEAD~1 --head HEAD --no-store
expect_status 1
expect_empty "$work/stderr"

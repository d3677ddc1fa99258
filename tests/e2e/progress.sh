#!/usr/bin/env bash
# On a terminal a line tells what is going on, and is gone when there is something to read; in a log each part that
# takes its time has a line.
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
expect_matches "$work/terminal" 'listing the packages of HEAD~1'
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

# In a log it is a line for each part that takes its time, and none for what is in the store.
expect_phases() # LINE...
{
	expect "the lines are not: $*" [ "$(grep -v 'new escape' "$work/stderr")" = "$(printf 'heapwarden: %s\n' "$@")" ]
}
phases_of() # REVISION
{
	printf '%s\n' "exporting $1" "listing the packages of $1" "building 1 package of $1"
}
mapfile -t phases < <(phases_of HEAD~1 && phases_of HEAD)
on_log()
{
	TERM=xterm heapwarden check --base HEAD~1 --head HEAD "$@"
	expect_status 1
}
for arguments in '' '--format json' '--color=always'; do
	rm -rf .git/heapwarden
	# shellcheck disable=SC2086
	on_log $arguments
	expect_phases "${phases[@]}"
	# shellcheck disable=SC2086
	on_log $arguments
	expect_empty "$work/stderr"
done
on_log --no-store -q
expect_empty "$work/stderr"
# What the body of a function alone has changed is not listed again.
printf '\nfunc more() int {\n\treturn 1\n}\n' >>student.go
heapwarden diff HEAD --no-store
expect_phases 'exporting HEAD' 'listing the packages of HEAD' 'building 1 package of HEAD' 'building 1 package of the working tree'
heapwarden scan --no-store
expect_lacks "$work/stdout" '(listing|building|heapwarden:)'

# shellcheck shell=bash
# What the tests of the store share: whether something was built.

# Run with -v: go's command lines are in $work/stderr.
scan() # ARGUMENTS...
{
	heapwarden scan -v --format json:"$work/result.json" "$@"
}

built()
{
	grep -qE '^heapwarden: cd .* (build|list) -' "$work/stderr"
}

expect_built()
{
	expect 'nothing was built' built
}

expect_found()
{
	expect 'something was built, or listed' not built
}

not()
{
	! "$@"
}

# The change makes a build, the same again does not, and without it what was built before is found.
expect_decides() # NAME UNDO-COMMAND SCAN-ARGUMENTS...
{
	local name=$1 undo=$2

	shift 2
	scan "$@"
	ran="$ran ($name)"
	expect_status 0
	expect_built
	scan "$@"
	ran="$ran ($name, again)"
	expect_found
	eval "$undo"
	scan
	ran="$ran ($name, undone)"
	expect_found
}

expect_always_built() # NAME SCAN-ARGUMENTS...
{
	local name=$1

	shift
	for _ in 1 2; do
		scan "$@"
		ran="$ran ($name)"
		expect_status 0
		expect_built
	done
}

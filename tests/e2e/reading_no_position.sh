#!/usr/bin/env bash
# Variables that the compiler makes for ranges over functions (Go 1.23) have no position: their lines begin with the
# message.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

expect_ranges()
{
	expect_escapes example.com/ranges <<-'TABLE'
		all   ranges.go:6:42 Unknown moved-to-heap   yes   closure #rv1
		all   ranges.go:7:6  Unknown moved-to-heap   yes   closure out
		all   ranges.go:8:2  Unknown moved-to-heap   yes   closure #state1
		all   ranges.go:8:2  Unknown escapes-to-heap yes   *       func literal
		all   ranges.go:9:3  Unknown moved-to-heap   yes   *       q
		1.25- ranges.go:10   Unknown escapes-to-heap maybe append  append
		all   ranges.go:21:2 Nested  moved-to-heap   yes   closure #state1
		all   ranges.go:21:2 Nested  escapes-to-heap yes   *       func literal
		all   ranges.go:22:3 Nested  moved-to-heap   yes   closure #state2
		all   ranges.go:22:3 Nested  escapes-to-heap yes   *       func literal
		all   ranges.go:36:9 count   escapes-to-heap yes   *       func literal
		# whose the two are, the compiler tells from Go 1.25 on
		all   -:0:0          -|Unknown moved-to-heap yes   closure #next
		all   -:0:0          -|Nested  moved-to-heap yes   closure #next
	TABLE
	expect_json "$facts" "[e['origin'] for e in r['escapes'] if e['expression'] == '#next'] == ['unknown'] * 2"
	expect_json "$facts" "all(e['package'] == 'example.com/ranges' and e['flow'] for e in r['escapes'])"
	[ "$(minor_of "$go_version")" -lt 25 ] ||
		expect_json "$facts" "{e['function'] for e in r['escapes'] if e['expression'] == '#next'} == {'Unknown', 'Nested'}"
}

for name in $(recordings ranges); do
	read_recording ranges "$name"
	expect_ranges
done

read_ranges()
{
	[ "$(minor_of "$(go env GOVERSION)")" -ge 23 ] || return 0
	read_module ranges
	expect_ranges
}
read_ranges

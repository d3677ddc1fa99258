#!/usr/bin/env bash
# Explanations belong to summaries that may name the allocation in another way, or in the same way as another one.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

# The flows of a function's escapes, as "EXPRESSION: TO VIA, TO VIA".
expect_flows() # FUNCTION FLOW...
{
	local function=$1 list='' flow

	shift
	for flow; do
		list="$list, '$flow'"
	done
	expect_json "$facts" "sorted(e['expression'] + ': ' + ', '.join(s['to'] + ' ' + s['via'] for s in e['flow'])
		for e in r['escapes'] if e['function'] == '$function') == sorted([${list#, }])"
}

expect_pairs()
{
	local minor

	minor=$(minor_of "$go_version")
	# A variable by its bare name; the reason is where its address goes.
	expect_flows Moved 'x: ~r0 address-of, ~r0 return'
	expect_flows twins 'x: {heap} address-of, {heap} assign' 'x: p address-of, p assign, ~r0 return'
	expect_json "$facts" "sorted(e['flow'][0]['to'] for e in r['escapes'] if e['function'] == 'Twins') == ['p', '{heap}']"
	# A variable and its value, both called x, at one position.
	expect_flows mixed 'x: {heap} spill, {heap} assign' 'x: {heap} address-of, {heap} assign'
	expect_flows Mixed 'x: {heap} spill, {heap} assign' 'x: {heap} address-of, {heap} assign'
	expect_json "$facts" "{(e['kind'], e['flow'][0]['via']) for e in r['escapes'] if e['function'] == 'Mixed'} ==
		{('moved-to-heap', 'address-of'), ('escapes-to-heap', 'spill')}"
	# Two allocations of one text, explained apart.
	expect_json "$facts" "len({str(e['flow']) for e in r['escapes'] if e['function'] == 'Concat'}) == 2"
	expect_json "$facts" "sorted(e['flow'][0]['to'] for e in r['escapes'] if e['function'] == 'Wide') == ['a', 'b', 'c']"
	# A constant that was a variable.
	[ "$minor" -lt 25 ] && value=n || value=1234567
	expect_flows Constant "$value: {heap} spill, {heap} assign"
	# An append, whose explanation has the arguments.
	if [ "$minor" -ge 25 ]; then
		expect_flows Append 'append: ~r0 spill, ~r0 return'
		expect_json "$facts" "sorted(e['flow'][0]['from'] for e in r['escapes'] if e['function'] == 'AppendTwo') ==
			['append(append(s, p), q)', 'append(s, p)']"
		for function in both AppendInlined; do
			expect_json "$facts" "sorted(e['flow'][0]['from'] for e in r['escapes'] if e['function'] == '$function') ==
				['append(pointers, p)', 'append(pointers[:1], q)']"
		done
	else
		expect_json "$facts" "not any('append' in e['expression'] for e in r['escapes'])"
		# Explained twice; the size is the reason, whichever explanation is kept.
		expect_json "$facts" "[e['reason'] for e in r['escapes'] if e['function'] == 'Twice'] == ['unknown size']"
	fi
	# No explanation is left over, and none is used twice.
	expect_json "$facts" "all(e['flow'] for e in r['escapes'])"
}

for name in $(recordings escapes); do
	read_recording escapes "$name"
	expect_pairs
done

read_escapes()
{
	read_module escapes
	expect_pairs
}
read_escapes

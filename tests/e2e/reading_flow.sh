#!/usr/bin/env bash
# The steps of a flow are the same whichever sign stands between destination and source, also where the texts of the
# source hold such signs.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

expect_steps() # FUNCTION STEP...: of the function's first escape, each as TO|FROM|VIA|LINE:COLUMN
{
	local function=$1 list='' step

	shift
	for step; do
		list="$list, '''$step'''"
	done
	expect_json "$facts" "['|'.join((s['to'], s['from'], s['via'], f\"{s['line']}:{s['column']}\"))
		for s in next(e for e in r['escapes'] if e['function'] == '$function')['flow']] == [${list#, }]"
}

expect_signs()
{
	expect_steps Moved '~r0|&x|address-of|18:9' '~r0|return &x|return|18:2'
	expect_steps Literal '~r0|new(int)|spill|22:33' '~r0|return new(int)|return|22:23'
	# One step to a variable, the next one to a result.
	expect_json "$facts" "[(s['to'], s['via'], s['line']) for s in
		next(e for e in r['escapes'] if e['line'] == 68)['flow']] ==
		[('p', 'address-of', 69), ('p', 'assign', 69), ('~r0', 'return', 71)]"
	for text in 's + " = "' 's + " ← "' 's + "}: flow: {heap} = x:"'; do
		expect_json "$facts" "[[(s['to'], s['from'], s['via']) for s in e['flow']] for e in r['escapes']
			if e['expression'] == '$text'] ==
			[[('{heap}', '$text', 'spill'), ('{heap}', 'text = $text', 'assign')]]"
	done
	# No sign and no part of one is left in a name.
	expect_json "$facts" "all(not s['to'].endswith((' ', '=', '\u2190')) and not s['from'].startswith((' ', '='))
		for e in r['escapes'] for s in e['flow'])"
}

for name in $(recordings escapes); do
	read_recording escapes "$name"
	expect_signs
done

read_escapes()
{
	read_module escapes
	expect_signs
}
read_escapes

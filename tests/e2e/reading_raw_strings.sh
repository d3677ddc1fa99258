#!/usr/bin/env bash
# Up to Go 1.21 raw strings are printed with their line ends: their lines are no headers and no diagnostics.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

expect_raw()
{
	expect_escapes example.com/literals raw.go <<-'TABLE'
		-1.21 raw.go:8  Raw        escapes-to-heap no  * `multi⏎line "raw" \ string⏎# example.com/fake⏎fake.go:3:4: z escapes to heap⏎fake.go:3:5: moved to heap: z`
		1.22- raw.go:8  Raw        escapes-to-heap no  * "multi\nline \"raw\" \\ string\n# example.com/fake\nfake.go:3:4: z es...
		-1.19 raw.go:17 RawWhole   escapes-to-heap yes * `a escapes to heap⏎fake.go:4:4: b escapes to heap⏎` + text()
		-1.19 raw.go:19 RawWhole   escapes-to-heap yes * `a escapes to heap⏎fake.go:4:4: b escapes to heap⏎` + text()
		1.20-1.21 raw.go:19 RawWhole escapes-to-heap yes * `a escapes to heap⏎fake.go:4:4: b escapes to heap⏎` + text()
		1.20-1.21 raw.go:19 RawWhole escapes-to-heap yes * `a escapes to heap⏎fake.go:4:4: b escapes to heap⏎` + text()
		1.22- raw.go:19 RawWhole   escapes-to-heap yes * "a escapes to heap\nfake.go:4:4: b escapes to heap\n" + text()
		1.22- raw.go:19 RawWhole   escapes-to-heap yes * "a escapes to heap\nfake.go:4:4: b escapes to heap\n" + text()
		-1.21 raw.go:38 RawInlined escapes-to-heap *   * ~R0
		1.22-1.24 raw.go:38 RawInlined escapes-to-heap * * ~r0
		1.25- raw.go:38 RawInlined escapes-to-heap no  * "one\nfake.go:6:2: moved to heap: y"
		-1.19 raw.go:41 RawSum     escapes-to-heap yes * s + `⏎tail` + s
		-1.21 raw.go:42 RawSum     escapes-to-heap yes * s + `⏎tail` + s
		1.20-1.21 raw.go:42 RawSum escapes-to-heap yes * s + `⏎tail` + s
		1.22- raw.go:42 RawSum     escapes-to-heap yes * s + "\ntail" + s
		1.22- raw.go:42 RawSum     escapes-to-heap yes * s + "\ntail" + s
		all   raw.go:45 RawClosure escapes-to-heap yes closure  func literal
		-1.21 raw.go:46 RawClosure escapes-to-heap yes returned s + `x⏎⏎y`
		1.22- raw.go:46 RawClosure escapes-to-heap yes returned s + "x\n\ny"
		-1.21 raw.go:52 RawEmpty   escapes-to-heap no  * `⏎`
		1.22- raw.go:52 RawEmpty   escapes-to-heap no  * "\n"
		all   raw.go:57 RawOthers  escapes-to-heap no  * "a ` b"
		all   raw.go:58 RawOthers  escapes-to-heap no  * '`'
		-1.21 raw.go:59 RawOthers  escapes-to-heap no  * `"⏎'`
		1.22- raw.go:59 RawOthers  escapes-to-heap no  * "\"\n'"
		-1.19 raw.go:61 RawOthers  escapes-to-heap *   * "\"`" + `"⏎'` + "`"
		1.20-1.21 raw.go:62 RawOthers escapes-to-heap * * "\"`" + `"⏎'` + "`"
		1.22- raw.go:62 RawOthers  escapes-to-heap no  * "\"`\"\n'`"
		all   raw.go:66 RawTag     escapes-to-heap yes * &struct { A int "c\nfake.go:7:3: moved to heap: tag" }{...}
		all   raw.go:72 RawAfter   escapes-to-heap yes returned new(int)
		-1.21 raw.go:75 RawReturn  escapes-to-heap no  * `a␍⏎b`
		1.22- raw.go:75 RawReturn  escapes-to-heap no  * "a\nb"
	TABLE
	# Nothing is read out of the strings, and nothing behind them is lost.
	expect_json "$facts" "{f['file'].split('/')[-1] for k in ('escapes', 'leaks', 'inlinings', 'inlined_calls')
		for f in r[k]} == {'literals.go', 'raw.go', 'tags.go'}"
	expect_json "$facts" "{e['package'] for e in r['escapes']} == {'example.com/literals'}"
	expect_json "$facts" "{i['function'] for i in r['inlinings'] if 'Raw' in i['function']} >=
		{'Raw', 'RawWhole', 'RawBody', 'RawSum', 'RawOthers', 'RawAfter', 'RawReturn'}"
	# The explanation of an allocation with such a name is found by its whole text.
	expect_json "$facts" "all(e['flow'] for e in r['escapes'] if e['file'].endswith('raw.go'))"
}

for name in $(recordings literals); do
	read_recording literals "$name"
	expect_raw
done

read_literals()
{
	read_module literals
	expect_raw
}
read_literals

# A log whose Go nobody tells: nothing is joined where each line is understood.
for name in go1.22 go1.26; do
	heapwarden parse --format json:"$facts" "$source_dir/fixtures/compiler/literals/$name.txt"
	ran="$ran (unknown version)"
	expect_status 0
	expect_json "$facts" "not any(e['message'].startswith(('z ', 'moved to heap: z')) for e in r['escapes'])"
	expect_json "$facts" "any(e['function'] == 'RawAfter' for e in r['escapes'])"
	expect_json "$facts" "{e['package'] for e in r['escapes']} == {'example.com/literals'}"
done

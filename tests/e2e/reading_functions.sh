#!/usr/bin/env bash
# The function that a message names stands behind an expression which may hold the same words, in tags of structs too.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

expect_tags()
{
	expect_escapes example.com/literals tags.go <<-'TABLE'
		all   tags.go:5:25  Tag         escapes-to-heap yes *        &struct { A int "json:\"a\" escapes to heap in G:" }{...}
		all   tags.go:9:21  Pointer     moved-to-heap   yes returned v
		all   tags.go:9:21  Pointer     moved-to-heap   yes returned v
		all   tags.go:9:21  Pointer     moved-to-heap   yes returned v
		1.20- tags.go:9:6   Pointer     moved-to-heap   yes *        v
		1.20- tags.go:9:6   Pointer     moved-to-heap   yes *        v
		1.20- tags.go:9:6   Pointer     moved-to-heap   yes *        v
		1.20- tags.go:12:16 UseEscapes  moved-to-heap   yes *        v
		1.20- tags.go:18:16 UseLeaks    moved-to-heap   yes *        v
		1.20- tags.go:24:16 UseBrackets moved-to-heap   yes *        v
		-1.19 tags.go:32:42 NewBox      escapes-to-heap yes returned &Box[go.shape.struct { A *int "]) escapes to heap in F["; B *int "} does not escape" }_0]{...}
		1.20- tags.go:32:42 NewBox      escapes-to-heap yes returned &Box[go.shape.struct { A *int "]) escapes to heap in F["; B *int "} does not escape" }]{...}
	TABLE
	# An explanation that was split elsewhere belongs to nothing.
	expect_json "$facts" "all(e['flow'] for e in r['escapes'] if e['file'].endswith('tags.go'))"
	# Parameters: "for" and "with derefs=" stand in tags, and "for" in the storage that they leak to.
	expect_json "$facts" "[(l['function'], l['parameter'], l['kind']) for l in r['leaks']
		if l['file'].endswith('tags.go')] == [('UseResult', 'v', 'result')]"
	expect_json "$facts" "[(l['function'], l['parameter'], l['kind']) for l in r['leaks'] if l['parameter'] == 's'
		and l['file'].endswith('raw.go') and l['line'] == 44] == [('RawClosure', 's', 'heap')]"
	# Instances of a generic function are one function, whatever their types are called.
	expect_json "$facts" "{e['function'] for e in r['escapes'] if e['file'].endswith('tags.go')} <=
		{'Tag', 'Pointer', 'UseEscapes', 'UseLeaks', 'UseBrackets', 'NewBox'}"
}

for name in $(recordings literals); do
	read_recording literals "$name"
	expect_tags
done

read_literals()
{
	read_module literals
	expect_tags
}
read_literals

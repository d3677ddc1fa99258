#!/usr/bin/env bash
# Texts that look like messages are parts of names; from Go 1.22 on they may be cut, and have no closing quote then.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

expect_literals()
{
	expect_escapes example.com/literals literals.go <<-'TABLE'
		all   literals.go:8  Interpreted escapes-to-heap no  * "literals.go:1:2: moved to heap: y"
		all   literals.go:9  Interpreted escapes-to-heap no  * "x escapes to heap"
		all   literals.go:10 Interpreted escapes-to-heap no  * "x escapes to heap in Foo:"
		all   literals.go:11 Interpreted escapes-to-heap no  * "x escapes to heap:"
		all   literals.go:12 Interpreted escapes-to-heap no  * "# example.com/fake"
		all   literals.go:13 Interpreted escapes-to-heap no  * "q:   flow: {heap} ← &x:"
		all   literals.go:14 Interpreted escapes-to-heap no  * "a (spill) at literals.go:1:1"
		all   literals.go:15 Interpreted escapes-to-heap no  * "x does not escape"
		all   literals.go:16 Interpreted escapes-to-heap no  * "moved to heap: x"
		all   literals.go:17 Interpreted escapes-to-heap no  * "parameter p leaks to {heap} for F with derefs=0:"
		all   literals.go:21 Sum         escapes-to-heap yes returned s + " escapes to heap in Foo:"
		all   literals.go:23 Sum2        escapes-to-heap yes returned "literals.go:1:1: moved to heap: y" + s
		all   literals.go:25 Sum3        escapes-to-heap yes returned s + " does not escape"
		all   literals.go:27 Sum4        escapes-to-heap yes returned s + " (spill) at literals.go:1:1"
		-1.21 literals.go:31 Long        escapes-to-heap no  * "0123456789012345678901234567890123456789012345678901234567890123456789ABCDEFGHIJ"
		1.22- literals.go:31 Long        escapes-to-heap no  * "01234567890123456789012345678901234567890123456789012345678901234567...
		-1.21 literals.go:36 LongEscape  escapes-to-heap no  * "0123456789012345678901234567890123456789012345678901234567890123456\x00\x01"
		1.22- literals.go:36 LongEscape  escapes-to-heap no  * "0123456789012345678901234567890123456789012345678901234567890123456\...
		all   literals.go:41 LongRunes   escapes-to-heap no  * "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé"
		-1.21 literals.go:42 LongRunes   escapes-to-heap no  * "ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé"
		1.22- literals.go:42 LongRunes   escapes-to-heap no  * "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé...
		-1.21 literals.go:47 LongQuotes  escapes-to-heap no  * "` ' \" 0123456789012345678901234567890123456789012345678901234567890123456789"
		1.22- literals.go:47 LongQuotes  escapes-to-heap no  * "` ' \" 0123456789012345678901234567890123456789012345678901234567890...
		-1.21 literals.go:52 LongSum     escapes-to-heap yes returned "01234567890123456789 escapes to heap 01234567890123456789012345678901234567890123456789" + s
		1.22- literals.go:52 LongSum     escapes-to-heap yes returned "01234567890123456789 escapes to heap 0123456789012345678901234567890... + s
		all   literals.go:57 Bytes       escapes-to-heap no  * "\x00\x1b[31m\r\t\u202e\ufeff"
		all   literals.go:58 Bytes       escapes-to-heap no  * "\xff\xfe"
		all   literals.go:59 Bytes       escapes-to-heap no  * "é世界🎉"
		all   literals.go:60 Bytes       escapes-to-heap no  * '\n'
		all   literals.go:61 Bytes       escapes-to-heap no  * '\''
		all   literals.go:62 Bytes       escapes-to-heap no  * '"'
		all   literals.go:63 Bytes       escapes-to-heap no  * '`'
		-1.21 literals.go:68 Numbers     escapes-to-heap no  * 1e100
		1.22- literals.go:68 Numbers     escapes-to-heap no  * 1e+100
		-1.21 literals.go:69 Numbers     escapes-to-heap *   * 1 + 2i
		1.22- literals.go:69 Numbers     escapes-to-heap no  * (1 + 2i)
		-1.21 literals.go:70 Numbers     escapes-to-heap *   * uint64(1 << 63)
		1.22- literals.go:70 Numbers     escapes-to-heap no  * uint64(9223372036854775808)
		all   literals.go:71 Numbers     escapes-to-heap no  * -7
		-1.21 literals.go:77 UseNamed    escapes-to-heap *   * Named
		1.22- literals.go:77 UseNamed    escapes-to-heap no  * "named: # x escapes to heap"
	TABLE
	# Explained by their whole text, cut or not.
	expect_json "$facts" "all(e['flow'] and e['flow'][0]['from'] == e['expression'] and e['flow'][0]['via'] == 'spill'
		for e in r['escapes'] if e['file'].endswith('literals.go'))"
	# What stays has no fact.
	expect_json "$facts" "not any(e['function'] == 'Stays' for e in r['escapes'])"
}

for name in $(recordings literals); do
	read_recording literals "$name"
	expect_literals
done

read_literals()
{
	read_module literals
	expect_literals
}
read_literals

#!/usr/bin/env bash
# Whatever a //line directive says, a fact is at its real place, and tells what was said.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

expect_real_places()
{
	expect_escapes example.com/directives <<-'TABLE'
		all directives.go:4:32  Before        escapes-to-heap yes returned new(int)
		all directives.go:7:39  WithoutColumn escapes-to-heap yes returned new(int)
		all directives.go:10:36 WithColumn    escapes-to-heap yes returned new(int)
		all directives.go:13:34 Absolute      escapes-to-heap yes returned new(int)
		all directives.go:16:34 Relative      escapes-to-heap yes returned new(int)
		all directives.go:19:33 Windows       escapes-to-heap yes returned new(int)
		all directives.go:22:32 Blanks        escapes-to-heap yes returned new(int)
		all directives.go:25:36 Diagnostic    escapes-to-heap yes returned new(int)
		all directives.go:28:32 Header        escapes-to-heap yes returned new(int)
		all directives.go:31:33 Bracket       escapes-to-heap yes returned new(int)
		all directives.go:34:32 NoName        escapes-to-heap yes returned new(int)
		all directives.go:37:32 Itself        escapes-to-heap yes returned new(int)
		all directives.go:40:31 Other         escapes-to-heap yes returned new(int)
		all directives.go:43:53 Inner         escapes-to-heap yes returned new(int)
		# beyond the last column that is printed
		all directives.go:46:0  Far           escapes-to-heap yes *        new(int)
		all directives.go:46:0  Far           escapes-to-heap yes *        new(int)
		all directives.go:49:35 Caller        escapes-to-heap yes returned new(int)
		all directives.go:52:16 Parameter     moved-to-heap   yes returned p
		all directives.go:55:32 Escape        escapes-to-heap yes returned new(int)
		all directives.go:57:54 Tab           escapes-to-heap yes returned new(int)
	TABLE
	local nobody='??'
	[ "$(minor_of "$go_version")" -gt 19 ] || nobody=''
	# From Go 1.27 on relative names are those of files of the package.
	expect_json "$facts" "{e['function']: (e['generated_from'] or '-').replace('example.com/directives/', '', 1)
		for e in r['escapes'] if e['function'] != 'Bracket'} == {
		'Before': '-', 'WithoutColumn': 'grammar.y:10', 'WithColumn': 'grammar.y:20:40',
		'Absolute': '/usr/share/grammar.y:30', 'Relative': '../up/grammar.y:40',
		'Windows': r'C:\\grammars\\grammar.y:50:33', 'Blanks': 'grammar 1: moved to heap: q:60',
		'Diagnostic': 'fake.go:3:4: moved to heap: z:70', 'Header': '# example.com/fake:80',
		'NoName': '$nobody:100',
		'Itself': 'directives.go:1', 'Other': 'other.go:2', 'Inner': 'nested.y:120', 'Far': 'grammar.y:130',
		'Caller': 'grammar.y:140', 'Parameter': 'grammar.y:150', 'Escape': 'red\\x1b[31m.y:160',
		'Tab': 'tab\\there\\r.y:170'}"
	expect_json "$facts" "all(e['generated_from'].endswith('x[example.com/directives/directives.go:1:1]: y.go:90')
		for e in r['escapes'] if e['function'] == 'Bracket')"
	expect_json "$facts" "{e['package'] for e in r['escapes']} == {'example.com/directives'}"
	# The steps of a flow are at real places too: those of the return statement.
	expect_json "$facts" "all(s['line'] == e['line'] and s['file'] == e['file'] for e in r['escapes'] for s in e['flow'])"
	# The call that was inlined there is a copy of what Before allocates.
	expect_json "$facts" "[e['inlined'] for e in r['escapes'] if e['function'] == 'Caller'] == ['Before']"
}

for name in $(recordings directives); do
	case $name in
	*-saved) ;;
	*)
		read_recording directives "$name"
		expect_real_places
		;;
	esac
done

read_directives()
{
	read_module directives
	expect_real_places
	expect_json "$facts" "all(e['file'] == 'directives.go' and e['origin'] == 'own' for e in r['escapes'])"
}
with_each_go read_directives

# A change in a line that a directive names elsewhere is found where it was made.
enter_module directives
sed -i 's/^func Relative() \*int { return new(int) }/func Relative() (p, q *int) { return new(int), new(int) }/' directives.go
heapwarden check --base HEAD --format json:"$facts"
expect_status 1
expect_json "$facts" "{(f['file'], f['line']) for f in new} == {('directives.go', 16)}"
expect_json "$facts" "all(f['cause']['kind'] == 'changed-line' for f in new)"

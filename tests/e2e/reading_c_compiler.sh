#!/usr/bin/env bash
# The C compiler's warnings stand in blocks of their own under the package's name; they quote source lines, whatever is
# in them.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

# Nothing but what Go's compiler says is a fact.
expect_no_fact_of_c()
{
	expect_json "$facts" "not any(e['expression'] in ('y', 'z', 'w', 'c', 'x') for e in r['escapes'])"
	expect_json "$facts" "not any('#' in e['file'] or '|' in e['file'] for e in r['escapes'])"
	expect_json "$facts" "{(re.sub('.*/', '', e['file']), e['line'], e['function'], e['expression'])
		for e in r['escapes'] if '_cgo_' not in e['file'] and e['function'] != 'Said'} == {
		('mixed.go', 9, 'Add', 'r'), ('mixed.go', 14, 'Box', 'C.int(n)'), ('mixed.go', 16, 'Foo', '&C.struct_foo{...}'),
		('pure.go', 3, 'Pure', 'new(int)'), ('pure.go', 6, 'PureSaid', 'n'), ('warned.go', 13, 'Zero', 'n')}"
	# A //line directive in a file of cgo: the real place is not told, and this is.
	expect_json "$facts" "[(e['file'].endswith('grammar.y'), e['line'], e['origin']) for e in r['escapes']
		if e['function'] == 'Said'] == [(True, 10, 'generated')]"
	expect_json "$facts" "[re.sub('.*/', '', e['generated_from']) for e in r['escapes'] if e['function'] == 'PureSaid'] ==
		['grammar.y:10']"
	expect_json "$facts" "{e['package'] for e in r['escapes']} == {'example.com/cgo/mixed', 'example.com/cgo/warned'}"
}

for name in $(recordings cgo); do
	read_recording cgo "$name"
	expect_no_fact_of_c
done

command -v gcc >/dev/null || {
	echo 'no gcc: recorded output alone was read'
	exit 0
}

read_cgo()
{
	enter_module cgo
	# Some versions of Go replay the warnings from the cache, some do not: the second time is as the first one. The
	# standard packages come from the shared cache, in which these warnings may be already.
	printf '// %s\n' "$RANDOM" >>warned/warned.h
	for time in first second; do
		read_build
		ran="$ran, the $time time"
		expect_no_fact_of_c
		expect_json "$facts" "all(e['origin'] == 'own' for e in r['escapes'] if '_cgo_' not in e['file']
			and e['function'] != 'Said')"
	done
}
with_each_go read_cgo

# Warnings fail no check and are none of its findings.
enter_module cgo
sed -i 's/#warning x escapes to heap/#warning y escapes to heap/' warned/warned.go
heapwarden check --base HEAD --format json:"$facts"
expect_status 0
expect_json "$facts" "r['summary']['new'] == 0 and r['summary']['lines_not_understood'] == 0"

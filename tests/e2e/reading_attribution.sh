#!/usr/bin/env bash
# Generic code is compiled, and printed, with the package that instantiates it: its allocations are those of its own
# file, in its own module, whichever header they stand under.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

# The places in files of one origin, as "FILE:LINE EXPRESSION-OF-WHAT".
expect_places() # ORIGIN PLACE...
{
	local origin=$1 list='' place

	shift
	for place; do
		list="$list, '$place'"
	done
	expect_json "$facts" "{e['file'] + ':' + str(e['line']) for e in r['escapes'] if e['origin'] == '$origin'} ==
		set([${list#, }])"
}

# A module with another one beside it, in one repository.
read_foreign()
{
	local minor

	minor=$(minor_of "$(go env GOVERSION)")
	enter_module foreign
	cd app
	read_build
	expect_places own app/inner/inner.go:5 app/app.go:15 app2/generic.go:11
	if [ "$minor" -ge 21 ]; then
		expect_json "$facts" "{e['file'] for e in r['escapes'] if e['origin'] == 'standard'} == {'slices/slices.go'}"
	else
		expect_places standard
	fi
	# The header's package is that of the instances; the functions are those that were declared.
	expect_json "$facts" "{e['package'] for e in r['escapes']} == {'example.com/app'}"
	expect_json "$facts" "{e['function'] for e in r['escapes'] if e['file'] == 'app/inner/inner.go'} == {'Keep'}"
	expect_json "$facts" "{e['function'] for e in r['escapes'] if e['file'] == 'app2/generic.go'} == {'List.Push'}"
	# Three instances of one line are one finding where that line is; Go's own library is not judged.
	printf 'package inner\n\nvar last interface{}\n\n//go:noinline\nfunc Keep[T any](v T) *T {\n\tlast = new(T)\n\treturn &v\n}\n' \
		>inner/inner.go
	heapwarden check --base HEAD --format json:"$facts"
	expect_status 1
	expect_json "$facts" "[(f['file'], f['line'], f['function']) for f in new] == [('app/inner/inner.go', 7, 'Keep')]"
	git checkout --quiet inner/inner.go
	# So is the code of the module beside, by which go.mod replaces what it requires.
	sed -i 's/^func (l.*/func (l *List[T]) Push(v T) *List[T] {\n\tkept = new(T)\n\treturn \&List[T]{v, l}\n}\n\nvar kept interface{}/' ../app2/generic.go
	heapwarden check --base HEAD --format json:"$facts"
	expect_status 1
	expect_json "$facts" "[(f['file'], f['line'], f['function']) for f in new] == [('app2/generic.go', 12, 'List.Push')]"
	git checkout --quiet ../app2/generic.go
	if [ "$minor" -ge 21 ]; then
		printf 'package inner\n\nimport "slices"\n\nfunc Replace(s []string) []string { return slices.Replace(s, 0, 1, "", "") }\n' \
			>inner/replace.go
		heapwarden check --base HEAD --format json:"$facts"
		expect_json "$facts" "r['summary']['new_outside'] > 0"
		expect_json "$facts" "not any(f['file'].startswith('slices/') for f in new)"
		rm inner/replace.go
	fi
}
with_each_go read_foreign

# A vendored module: printed as the module's, which is a file of the repository.
read_vendored()
{
	read_module vendored
	expect_places vendored vendor/example.com/dep/deep/deep.go:4
	expect_places own
	expect_json "$facts" "{(e['package'], e['function']) for e in r['escapes']} == {('example.com/vendored', 'Keep')}"
}
with_each_go read_vendored

# In recorded output: the file that the line names, and not one of the header's package.
for name in $(recordings foreign); do
	read_recording foreign "$name"
	expect_json "$facts" "{e['package'] for e in r['escapes']} == {'example.com/app'}"
	expect_json "$facts" "{re.sub('^example.com/app/|^[.]/', '', e['file']) for e in r['escapes']} - {'slices/slices.go'} ==
		{'app.go', 'inner/inner.go', 'example.com/app2@v0.0.0/generic.go'}"
done

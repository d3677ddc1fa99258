#!/usr/bin/env bash
# Errors stand among diagnostics: one package that does not build says nothing of the others, and nothing of its own is
# believed.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

# good builds, typed does not, user depends on it and is skipped by go without a word, frame fails after all of its
# diagnostics. go ends with 1, up to Go 1.19 with 2.
read_errors()
{
	enter_module errors
	rm -f "$facts"
	go_version=$(go env GOVERSION)
	heapwarden scan --format json:"$facts"
	ran="$ran (with $go_version)"
	expect_status 2
	expect_json "$facts" "{p['package'].split('/')[-1]: bool(p['error']) for p in r['packages']} ==
		{'good': False, 'typed': True, 'user': True, 'frame': True}"
	expect_json "$facts" "'undefined: missing' in next(p['error'] for p in r['packages'] if p['package'].endswith('typed'))"
	expect_json "$facts" "'stack frame too large' in next(p['error'] for p in r['packages'] if p['package'].endswith('frame'))"
	expect_json "$facts" "[(e['package'], e['file'], e['line']) for e in r['escapes']
		if e['package'] != 'example.com/errors/frame'] == [('example.com/errors/good', 'good/good.go', 4)]"
	expect_contains "$work/stderr" 'undefined: missing'

	# A new allocation in the one that builds is found; there is no verdict, and the others are named.
	printf '\nfunc More() *int { return new(int) }\n' >>good/good.go
	heapwarden check --base HEAD --format json:"$facts"
	expect_status 2
	expect_json "$facts" "[(f['file'], f['function']) for f in new] == [('good/good.go', 'More')]"
	expect_json "$facts" "r['verdict']['status'] == 'none'"
	expect_json "$facts" "{n['package'].split('/')[-1] for n in r['not_analysed']} == {'typed', 'user', 'frame'}"

	# Asked for alone, the one that builds has its verdict.
	heapwarden check --base HEAD --format json:"$facts" ./good
	expect_status 1
	expect_json "$facts" "[f['function'] for f in new] == ['More'] and r['not_analysed'] == []"
}
with_each_go read_errors

# In saved output: errors are no facts, and end nothing.
for name in $(recordings errors); do
	parse "$source_dir/fixtures/compiler/errors/$name.txt" "$name"
	ran="$ran (errors $name)"
	expect_json "$facts" "sorted((e['package'].split('/')[-1], e['line'], e['expression']) for e in r['escapes']) ==
		[('frame', 4, 'new(int)'), ('frame', 9, 'a'), ('frame', 10, 'b'), ('frame', 11, 'c'),
		('frame', 12, 'a'), ('frame', 12, 'b'), ('frame', 12, 'c'), ('good', 4, 'new(int)')]"
	expect_json "$facts" "all(e['reason'] == 'too large' for e in r['escapes'] if e['kind'] == 'moved-to-heap')"
	# The eleven errors of types and the one of the stack are told as what they are: not understood.
	expect_json "$facts" "r['lines']['not_understood'] == 12"
done

# With a package that is missing plain go build compiles nothing at all.
cd "$work/errors"
git checkout --quiet .
rm -r frame
printf 'package typed\n\nimport _ "example.com/errors/nowhere"\n\nfunc New() *int { return new(int) }\n' >typed/typed.go
heapwarden scan --format json:"$facts"
expect_status 2
expect_json "$facts" "'example.com/errors/nowhere' in next(p['error'] for p in r['packages'] if p['package'].endswith('typed'))"
expect_json "$facts" "[e['package'] for e in r['escapes']] == ['example.com/errors/good']"

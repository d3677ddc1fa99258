#!/usr/bin/env bash
# The closure that go makes of `go f(x)`, and of `defer f(x)` in a loop, is on the heap, and explained without being
# summed up.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

expect_wrappers()
{
	expect_json "$facts" "[e['function'] for e in r['escapes'] if e['implied']] == ['Go', 'DeferLoop']"
	expect_json "$facts" "all(e['expression'] == 'func literal' and e['allocates'] == 'yes' and
		e['message'] == 'func literal escapes to heap' and
		[(s['to'], s['from'], s['via']) for s in e['flow']] == [('{heap}', 'func literal', 'spill')]
		for e in r['escapes'] if e['implied'])"
	# A defer that is no loop's, and a go without arguments, need nothing.
	expect_json "$facts" "not any(e['function'] in ('Defer', 'GoPlain') for e in r['escapes'])"
}

for name in $(recordings escapes); do
	read_recording escapes "$name"
	expect_wrappers
done

# As a change: two that allocate among four statements.
changed()
{
	rm -rf "$work/jobs"
	git init --quiet "$work/jobs"
	cd "$work/jobs"
	printf 'module example.com/jobs\n\ngo 1.19\n' >go.mod
	printf 'package jobs\n\nvar last *int\n\n//go:noinline\nfunc run(p *int) { last = p }\n' >jobs.go
	printf '\nfunc All(p *int) {\n\trun(p)\n\trun(p)\n\tfor i := 0; i < 3; i++ {\n\t\trun(p)\n\t}\n}\n' >>jobs.go
	commit_all 'calls'
	sed -i -e '9s/run/go run/' -e '10s/run/defer run/' -e '12s/run/defer run/' jobs.go
	heapwarden check --base HEAD --format json:"$facts"
	ran="$ran (with $(go env GOVERSION))"
	expect_status 1
	expect_json "$facts" "[(f['line'], f['expression'], f['allocates']) for f in new] ==
		[(9, 'func literal', 'yes'), (12, 'func literal', 'yes')]"
	expect_json "$facts" "new[0]['reason'] == 'goroutine'"
}
changed

#!/usr/bin/env bash
# One source, worded by each version in its own way: the facts are the same but for those that really differ.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

# What depends on the version is stated in the tables of the other tests. Here: what must not depend on it, said once
# for all of them. FUNCTION KIND ALLOCATES EXPRESSION LINE
same_facts() # FILE
{
	python3 - "$facts" >"$1" <<'PYTHON'
import json, sys
r = json.load(open(sys.argv[1], encoding="utf-8"))
for e in sorted(r["escapes"], key=lambda e: (e["line"], e["column"], e["kind"])):
    # what is appended is told from Go 1.25 on; the rest are changes of the compiler itself
    if e["expression"] != "append" and e["function"] not in ("Twice", "Constant"):
        print(e["line"], e["function"], e["kind"], e["allocates"], e["reason"], e["expression"],
              [(s["to"].lower(), s["via"], s["line"]) for s in e["flow"]], sep="|")
for l in sorted(r["leaks"], key=lambda l: (l["line"], l["column"])):
    print(l["line"], l["function"], l["kind"], l["parameter"], sep="|")
PYTHON
}

for name in $(recordings escapes); do
	read_recording escapes "$name"
	same_facts "$work/$name"
	[ -z "${before:-}" ] || expect_same "$work/$before" "$work/$name"
	before=$name
done

# Columns of conversions (Go 1.19 has those of the statement), names of closures, shapes and results differ and are no
# differences of functions and expressions.
for module in ranges literals; do
	for name in $(recordings "$module"); do
		read_recording "$module" "$name"
		expect_json "$facts" "not any('.func' in e['function'] or '-range' in e['function'] or 'glob.' in e['function'] or
			'[' in e['function'] for e in r['escapes'] + r['leaks'])"
	done
done

# The words of one version are not those of another: a log whose Go is told wrongly is not understood, instead of half.
for pair in go1.24:go1.26 go1.26:go1.24 go1.26:go1.19; do
	heapwarden parse --strict --go "${pair#*:}" "$source_dir/fixtures/compiler/escapes/${pair%:*}.txt"
	ran="$ran (${pair%:*})"
	expect_status 2
done

# Two versions are never compared with each other: the head's Go builds both sides, and says which one it is.
compare_versions()
{
	rm -rf "$work/versions"
	git init --quiet "$work/versions"
	cd "$work/versions"
	printf 'module example.com/versions\n\ngo 1.19\n' >go.mod
	printf 'package versions\n\nvar kept []*int\n\nfunc Add(p *int, n int) []int { kept = append(kept, p); return make([]int, n) }\n' >add.go
	commit_all 'with an older Go'
	printf '\n// Nothing that allocates.\nfunc Sum(a, b int) int { return a + b }\n' >>add.go
	heapwarden check --base HEAD --format json:"$facts"
	ran="$ran (with $(go env GOVERSION))"
	expect_status 0
	expect_json "$facts" "r['go']['version'] == '$(go env GOVERSION)' and r['summary']['new'] == r['summary']['fixed'] == 0"
}
with_each_go compare_versions

#!/usr/bin/env bash
# Lines have no bound: tags of structs in every version, raw strings up to Go 1.21. Nothing is cut, nothing is lost.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

# A name of one MiB, printed in a dozen lines: one of the real compiler's blocks is 10 MB.
git init --quiet "$work/long"
cd "$work/long"
printf 'module example.com/long\n\ngo 1.19\n' >go.mod
python3 - <<'PYTHON'
tag = "x escapes to heap in F: " * (1 << 20 >> 4) + "end"
tag = tag[:1 << 20]
open("long.go", "w").write(f'''package long

var sink interface{{}}

func Before() *int {{ return new(int) }}

func Long() {{ sink = &struct {{
	A int "{tag}"
}}{{1}} }}

func After(n int) *int {{ return &n }}
''')
PYTHON
commit_all 'a long tag'

read_long()
{
	cd "$work/long"
	read_build
	expect_json "$facts" "[(e['function'], e['line'], e['kind']) for e in r['escapes']] ==
		[('Before', 5, 'escapes-to-heap'), ('Long', 7, 'escapes-to-heap'), ('After', 11, 'moved-to-heap')]"
	expect_json "$facts" "next(len(e['expression']) for e in r['escapes'] if e['function'] == 'Long') ==
		len('&struct { A int \"\" }{...}') + (1 << 20)"
	expect_json "$facts" "all(e['flow'] for e in r['escapes'])"
}
with_each_go read_long

# A raw string of one MiB with line ends, as Go 1.21 prints it; and one without.
python3 - "$work/saved" <<'PYTHON'
import sys
lines = "z escapes to heap\nlong.go:3:3: moved to heap: z\n# example.com/fake\n" * (1 << 20 >> 6)
flat = "`" + "y" * (1 << 20) + "`"
with open(sys.argv[1], "w") as out:
    print("# example.com/long", file=out)
    for line, name in (7, f"`{lines}`"), (8, flat):
        place = f"./long.go:{line}:9:"
        print(place, f"{name} escapes to heap:", file=out)
        print(place, f"  flow: {{heap}} = &{{storage for {name}}}:", file=out)
        print(place, f"    from {name} (spill) at ./long.go:{line}:9", file=out)
        print(place, f"    from sink = {name} (assign) at ./long.go:{line}:7", file=out)
        print(place, f"{name} escapes to heap", file=out)
    print("./long.go:9:2: moved to heap: after", file=out)
PYTHON
parse "$work/saved" go1.21.13
expect_json "$facts" "[(e['line'], e['package'], e['allocates'], len(e['flow'])) for e in r['escapes']] ==
	[(7, 'example.com/long', 'no', 2), (8, 'example.com/long', 'no', 2), (9, 'example.com/long', 'yes', 0)]"
expect_json "$facts" "[len(e['expression']) > 1 << 20 for e in r['escapes']] == [True, True, False]"
expect_json "$facts" "r['lines']['not_understood'] == 0"

# Beyond 16 MiB a line is not understood, and says so; the lines around it are read.
python3 - "$work/saved" <<'PYTHON'
import sys
with open(sys.argv[1], "w") as out:
    print("# example.com/huge\n./huge.go:3:2: moved to heap: before", file=out)
    print("./huge.go:4:9:", "&struct { A int \"" + "y" * (17 << 20) + "\" }{...} escapes to heap", file=out)
    print("./huge.go:5:2: moved to heap: after", file=out)
PYTHON
parse "$work/saved" go1.26.0
expect_json "$facts" "[e['expression'] for e in r['escapes']] == ['before', 'after']"
expect_json "$facts" "r['lines']['not_understood'] == 1 and r['lines']['total'] == 4"
heapwarden parse --strict --go go1.26.0 "$work/saved"
expect_status 2

# Reports of such names can be made, and are not as long.
cd "$work/long"
printf '\nfunc More() *int { return new(int) }\n' >>long.go
for format in text json junit html; do
	heapwarden check --base HEAD --format "$format:$work/report"
	expect_status 1
	expect 'an empty report' [ -s "$work/report" ]
done

# Blocks of 10 MB: everything is counted.
python3 - "$work/saved" <<'PYTHON'
import sys
with open(sys.argv[1], "w") as out:
    print("# example.com/block", file=out)
    for line in range(1, 40001):
        print(f"./block.go:{line}:2: x{line} escapes to heap in F{line}:", file=out)
        print(f"./block.go:{line}:2:   flow: ~r0 ← &x{line}:", file=out)
        print(f"./block.go:{line}:2:     from &x{line} (address-of) at ./block.go:{line}:9", file=out)
        print(f"./block.go:{line}:2:     from return &x{line} (return) at ./block.go:{line}:2", file=out)
        print(f"./block.go:{line}:2: moved to heap: x{line}", file=out)
PYTHON
parse "$work/saved" go1.26.0
expect_json "$facts" "len(r['escapes']) == 40000 and all(e['function'] == f\"F{e['line']}\" and
	e['expression'] == f\"x{e['line']}\" and len(e['flow']) == 2 for e in r['escapes'])"

#!/usr/bin/env bash
# Names of files, of //line directives and in messages may hold escape sequences: nothing that is printed does.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

# Control characters but for line ends and tabs, also those of two bytes; marks that reverse the direction of text.
printable()
{
	python3 - "$@" <<'PYTHON'
import re, sys
for name in sys.argv[1:]:
    data = open(name, "rb").read()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as e:
        sys.exit(f"{name}: no UTF-8: {e}")
    found = re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    if found:
        sys.exit(f"{name}: {text[max(0, found.start() - 40):found.end() + 20]!r}")
PYTHON
}

expect_printable() # FILE...
{
	expect 'control characters are printed' printable "$@"
}

red=$'\e[31m' title=$'\e]0;owned\a' c1=$'\xc2\x9b31m' reversed=$'\u202e'

add_hostile()
{
	printf 'package hostile\n\nfunc File() *int { return new(int) }\n' >"file${red}.go"
	printf 'package hostile\n\nfunc Return() *int { return new(int) }\n' >$'back\r.go'
	printf 'package hostile\n\nfunc Bytes() *int { return new(int) }\n' >$'bytes\xff\x9b31m.go'
	{
		printf 'package hostile\n\n'
		printf '//line red%s.y:1\nfunc Red() *int { return new(int) }\n' "$red"
		printf '//line title%s.y:1\nfunc Title() *int { return new(int) }\n' "$title"
		printf '//line c1%s.y:1\nfunc Control() *int { return new(int) }\n' "$c1"
		printf '//line way%s.y:1\nfunc Reversed() *int { return new(int) }\n' "$reversed"
	} >lines.go
}

git init --quiet "$work/hostile"
cd "$work/hostile"
printf 'module example.com/hostile\n\ngo 1.19\n' >go.mod
commit_all 'nothing'
add_hostile

# What the compiler prints does hold them.
go build -gcflags=-m=2 . >"$work/saved" 2>&1
expect 'the compiler prints no escape sequence' grep -qF "$red" "$work/saved"

for color in never always; do
	for command in scan 'check --base HEAD' 'diff HEAD'; do
		# shellcheck disable=SC2086
		heapwarden $command --color=$color -v
		expect 'nothing is printed' [ -s "$work/stdout" ]
		[ "$color" = always ] && sed -i $'s/\e\\[[0-9;]*m//g' "$work/stdout" "$work/stderr"
		expect_printable "$work/stdout" "$work/stderr"
	done
	heapwarden parse --color=$color "$work/saved"
	[ "$color" = always ] && sed -i $'s/\e\\[[0-9;]*m//g' "$work/stdout" "$work/stderr"
	expect_printable "$work/stdout" "$work/stderr"
done
heapwarden parse --lines "$work/saved"
expect_printable "$work/stdout"

# With colour as without: the sequences are heapwarden's own, and each one is ended.
heapwarden check --base HEAD --color=always
expect 'a colour that is not ended' python3 -c '
import re, sys
codes = re.findall("\x1b\\[([0-9;]*)m", open(sys.argv[1], encoding="utf-8").read())
sys.exit(not codes or codes[-1] not in ("", "0") or "31m.go" in codes)' "$work/stdout"

# In files, which may be printed as well.
for format in json junit html; do
	heapwarden check --base HEAD --format "$format:$work/report.$format"
	expect_status 1
	expect_printable "$work/report.$format"
done
expect 'no XML' python3 -c 'import sys, xml.dom.minidom as x; x.parse(sys.argv[1])' "$work/report.junit"
expect_json "$work/report.json" "{f['function'] for f in new} ==
	{'File', 'Return', 'Bytes', 'Red', 'Title', 'Control', 'Reversed'}"
expect_json "$work/report.json" "'file\\x1b[31m.go' in {f['file'] for f in new}"

# What is not understood is quoted, and as harmless; so is what go says of a package that does not build.
printf '# example.com/hostile\n./a.go:1:2: %s is new %s to us\n%s %s\n' "$red" "$title" "$c1" "$reversed" >"$work/saved"
heapwarden parse "$work/saved"
expect_printable "$work/stdout" "$work/stderr"
heapwarden parse --lines "$work/saved"
expect_printable "$work/stdout"
printf '//line red%s.y:1\nfunc Broken() int { return missing }\n' "$red" >>lines.go
heapwarden check --base HEAD --format text --format html:"$work/report.html" --format junit:"$work/report.junit"
expect_status 2
expect_printable "$work/stdout" "$work/stderr" "$work/report.html" "$work/report.junit"

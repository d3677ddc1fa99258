#!/usr/bin/env bash
# Files may be called nearly anything: what their names look like, they are names.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

# A file in whose third line, at column 18 from the name, a variable is moved to the heap.
add_file() # NAME FUNCTION
{
	printf 'package names\n\nfunc %s() *int { x := 1; return &x }\n' "$2" >"$1"
}

git init --quiet "$work/names"
cd "$work/names"
printf 'module example.com/names\n\ngo 1.19\n' >go.mod
add_file 'a:1:2: moved to heap: x.go' Message
add_file 'b c.go' Blank
add_file "c'd.go" Apostrophe
add_file 'd"e.go' Quote
# Up to Go 1.21 back quotes begin raw strings, but not those of file names.
add_file 'e`f.go' Backquote
add_file 'f世é.go' Unicode
add_file $'g\xff.go' Invalid
add_file $'h\ti.go' Tab
add_file $'i\e[31m.go' Escape
add_file $'j\r.go' Return
add_file 'k (why) at l.go' Note
add_file 'l[a.go:5:6]: m.go' Bracket
add_file 'm=←n.go' Arrow
add_file 'n escapes to heap in F:.go' Header
add_file 'o.go:3' Ignored
add_file 'o.go:3:4.go' Position
add_file 'p:.go' Colon
add_file 'q.go' Plain
commit_all 'names'

expect_names()
{
	expect_escapes example.com/names <<-'TABLE'
		all a:1:2:␣moved␣to␣heap:␣x.go:3:23 Message    moved-to-heap yes returned x
		all b␣c.go:3:21                     Blank      moved-to-heap yes returned x
		all c'd.go:3:26                     Apostrophe moved-to-heap yes returned x
		all d"e.go:3:21                     Quote      moved-to-heap yes returned x
		all e`f.go:3:25                     Backquote  moved-to-heap yes returned x
		all f世é.go:3:23                    Unicode    moved-to-heap yes returned x
		all g�.go:3:23                      Invalid    moved-to-heap yes returned x
		all h␉i.go:3:19                     Tab        moved-to-heap yes returned x
		all i␛[31m.go:3:22                  Escape     moved-to-heap yes returned x
		all j␍.go:3:22                      Return     moved-to-heap yes returned x
		all k␣(why)␣at␣l.go:3:20            Note       moved-to-heap yes returned x
		all l[a.go:5:6]:␣m.go:3:23          Bracket    moved-to-heap yes returned x
		all m=←n.go:3:21                    Arrow      moved-to-heap yes returned x
		all n␣escapes␣to␣heap␣in␣F:.go:3:22 Header     moved-to-heap yes returned x
		all o.go:3:4.go:3:24                Position   moved-to-heap yes returned x
		all p:.go:3:21                      Colon      moved-to-heap yes returned x
		all q.go:3:21                       Plain      moved-to-heap yes returned x
	TABLE
	expect_json "$facts" "all(e['generated_from'] is None and e['origin'] == 'own' for e in r['escapes'])"
	# So are the positions in the steps of flows.
	expect_json "$facts" "all(len(e['flow']) == 2 and {(s['file'], s['line']) for s in e['flow']} ==
		{(e['file'], e['line'])} for e in r['escapes'])"
}

read_names()
{
	cd "$work/names"
	read_build
	expect_names
}
with_each_go read_names

# Line ends in names: a whole header and a whole diagnostic among them.
git init --quiet "$work/broken"
cd "$work/broken"
printf 'module example.com/broken\n\ngo 1.19\n' >go.mod
add_file $'a\nb.go' Broken
add_file $'c\n# example.com\nd.go:3:5: moved to heap: z\ne.go' Forged
add_file $'f\n\ng.go' Empty
add_file $'h: moved to heap: x\ni.go' Summary
add_file 'z.go' Plain
commit_all 'names with line ends'

read_broken()
{
	cd "$work/broken"
	read_build
	expect_escapes example.com/broken <<-'TABLE'
		all a⏎b.go:3:22 Broken moved-to-heap yes returned x
		all c⏎#␣example.com⏎d.go:3:5:␣moved␣to␣heap:␣z⏎e.go:3:22 Forged moved-to-heap yes returned x
		all f⏎⏎g.go:3:21 Empty moved-to-heap yes returned x
		all h:␣moved␣to␣heap:␣x⏎i.go:3:23 Summary moved-to-heap yes returned x
		all z.go:3:21 Plain moved-to-heap yes returned x
	TABLE
	expect_json "$facts" "{e['package'] for k in ('escapes', 'leaks', 'inlinings') for e in r[k]} == {'example.com/broken'}"
	expect_json "$facts" "all(len(e['flow']) == 2 and {(s['file'], s['line']) for s in e['flow']} ==
		{(e['file'], e['line'])} for e in r['escapes'])"
}
with_each_go read_broken

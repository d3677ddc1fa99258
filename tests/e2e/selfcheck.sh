#!/usr/bin/env bash
# A Go whose words heapwarden does not understand is no verdict, for check as for doctor; one that passed is remembered.
# The real go is run through a script that rewords what it prints.
modules=$(go env GOMODCACHE)
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# Builds are counted here.
export HEAPWARDEN_STORE=''

real=$(command -v go)
minor=$(go env GOVERSION | sed -E 's/^go1\.([0-9]+).*/\1/')

# Make HEAPWARDEN_GO the real go with its standard error edited by sed, each call noted in $work/calls.
reword() # SED-ARGUMENT...
{
	printf '#!/usr/bin/env bash\necho "$PWD $*" >>%q\n%q "$@" 2> >(sed -E %s >&2)\n' \
		"$work/calls" "$real" "$(printf ' %q' "$@")" >"$work/reworded"
	chmod +x "$work/reworded"
	export HEAPWARDEN_GO=$work/reworded
}

# How many programs the last run of heapwarden built.
expect_builds() # COUNT
{
	local count

	count=$(grep -c ' build ' "$work/calls" || true)
	expect "$count builds where $1 were expected" [ "$count" -eq "$1" ]
	: >"$work/calls"
}

# check says that it does not understand the Go with these words changed, and names these lines.
expect_refused() # NAME TEXT...
{
	heapwarden check --base HEAD
	ran="$ran ($1)"
	shift
	expect_error 'does not understand what go1.' 'there is no verdict' GOTOOLCHAIN HEAPWARDEN_GO doctor "$@"
}

make_module module

# --- the words of each kind of message

# NAME | what sed does | a text of each line that is named, between semicolons
while IFS='|' read -r name edit texts; do
	reword -e "$edit"
	IFS=';' read -r -a named <<<"$texts"
	expect_refused "$name" "${named[@]}"
done <<'EOF'
summaries|s/ escapes to heap$/ is heap allocated/|not understood;new(int) is heap allocated;escapes-to-heap new(int) in stored
summaries, some|s/(func literal) escapes to heap$/\1 is heap allocated/|func literal is heap allocated
summaries, taken for another message|s/ escapes to heap$/ does not escape/|expected, but not read;escapes-to-heap new(int) in stored
moved variables|s/moved to heap: (.*)$/\1 moved/|x moved;moved-to-heap x in returned
moved variables, taken for another message|s/moved to heap: (.*)$/\1 does not escape/|moved-to-heap x in returned;parameter x of returned leaks: none
explanations|s/ escapes to heap( in .*)?:$/ is heap allocated\1:/|is heap allocated
what flows|s/^(.*):   flow: (.*):$/\1:   flows: \2:/|not understood;flows: {heap};moved-to-heap x in returned: returned, allocates yes; address-of, return, to ~r0
how it flows|s/^(.*:     from .*) \((.*)\) at /\1 [\2] at /|not understood;[spill] at ;moved-to-heap x in returned: unknown, allocates yes
leaks|s/leaking param: (.*)$/param escapes: \1/|param escapes: s;parameter s of passed leaks: heap
leaks, not said|/leaking param/d|parameter s of passed leaks: heap
leaks to results|s/to result (.*) level=/to result \1 depth=/|parameter p of passesThrough leaks: result
no leaks|s/ does not escape$/ stays/|p stays;parameter s of concatenated leaks: none
inlining|s/: can inline (.*)$/: inlinable \1/|inlinable (*point).double;can inline (*point).double, with a cost
costs|s/ with cost [0-9]+ as: / as: /|can inline (*point).double, with a cost
no inlining|s/: cannot inline /: not inlinable: /|not inlinable: ;cannot inline returned: marked go:noinline
inlined calls|/inlining call to small/d|inlining call to small;inlined from small
static closures, not said|/closure converted to global/d|func literal in capturesNothing: closure, allocates no
a message more|s/^(.*): moved to heap: x$/&\n\1: x is new/|not understood;x is new
a fact more|s/^(.*): moved to heap: x$/&\n\1: y escapes to heap/|read, but not expected;escapes-to-heap y in returned
all of it|d|expected, but not read;make([]int, len(numbers)) in no function
EOF
# --- words of another version

if [ "$minor" -ge 25 ]; then
	reword -e 's/ escapes to heap in .*:$/ escapes to heap:/'
else
	reword -e 's/ escapes to heap:$/ escapes to heap in x:/'
fi
expect_refused 'explanations of another version' 'not understood' 'escapes to heap'
if [ "$minor" -ge 25 ]; then
	reword -e 's/ escapes to heap in .*:$/ escapes to heap in main:/'
	expect_refused functions 'moved-to-heap x in returned' 'moved-to-heap x in main'
fi

# --- every command that builds, and doctor

reword -e 's/ escapes to heap$/ is heap allocated/'
for command in 'scan' 'diff HEAD'; do
	# shellcheck disable=SC2086
	heapwarden $command
	expect_error 'is heap allocated' 'there is no verdict'
done
heapwarden doctor
expect_status 2
expect_matches "$work/stdout" "^bad +go +go1\.$minor.* run by $work/reworded: .*not understood"
expect_contains "$work/stdout" 'new(int) is heap allocated'
expect_contains "$work/stdout" 'escapes-to-heap new(int) in stored: stored, allocates yes'
expect_matches "$work/stdout" "^bad +go1\.$minor[^ ]* +$work/reworded"
expect_empty "$work/stderr"

reword -e d
heapwarden doctor -q
expect_status 2
expect_matches "$work/stdout" '^bad +go '
expect_contains "$work/stdout" 'expected, but not read'
expect_lacks "$work/stdout" '^ok'

# --- a go that cannot compile

printf '#!/bin/sh\n[ "$1" != build ] || { echo "no space left"; exit 1; } >&2\nexec %q "$@"\n' "$real" >"$work/reworded"
heapwarden check --base HEAD
expect_error 'no space left' 'does not compile'
heapwarden doctor
expect_status 2
expect_contains "$work/stdout" 'no space left'
PATH=$work/nothing HEAPWARDEN_GO='' heapwarden doctor
expect_status 2
expect_contains "$work/stdout" 'there is no go command in PATH'

# --- a go that passed is remembered

reword -e b
: >"$work/calls"
heapwarden check --base HEAD
expect_status 0
expect_builds 3
heapwarden check --base HEAD -v
expect_status 0
expect_builds 2
expect_lacks "$work/stderr" 'selfcheck|for the first time'
GOARCH=386 heapwarden scan
expect_status 0
expect_builds 2
heapwarden scan
expect_builds 1
GOARCH=386 heapwarden scan
expect_builds 1
GOEXPERIMENT=fieldtrack heapwarden scan
expect_status 0
expect_builds 2

# Not when it has become another file, which need not be as long as it was.
cp -p "$work/reworded" "$work/kept"
touch -d 2020-01-01 "$work/reworded"
heapwarden scan
expect_status 0
expect_builds 2
reword -e d
heapwarden scan
expect_status 2
heapwarden scan
expect_status 2
cp -p "$work/kept" "$work/reworded"
: >"$work/calls"
heapwarden scan
expect_status 0
expect_builds 1

# Not by another heapwarden.
cp "$HEAPWARDEN" "$work/other"
touch -d 2020-01-01 "$work/other"
run "$work/other" scan
expect_status 0
expect_builds 2
run "$work/other" scan
expect_builds 1

# Not from a record that is not whole.
for record in "$XDG_CACHE_HOME"/heapwarden/selfcheck/*; do
	printf 'heapwarden' >"$record"
done
heapwarden scan
expect_status 0
expect_builds 2

# doctor never believes the record, and a cache that cannot be written is no failure.
heapwarden doctor
expect_status 0
expect 'doctor built nothing' grep -q ' build ' "$work/calls"
rm -r "$XDG_CACHE_HOME/heapwarden/selfcheck"
: >"$XDG_CACHE_HOME/heapwarden/selfcheck" >"$work/calls"
for _ in 1 2; do
	heapwarden scan
	expect_status 0
	expect_builds 2
	expect_lacks "$work/stderr" '^heapwarden: ([^lb]|l[^i]|b[^u])'
done
rm "$XDG_CACHE_HOME/heapwarden/selfcheck"

# --- doctor

unset HEAPWARDEN_GO
heapwarden doctor -C "$work/module"
expect_status 0
for row in 'ok +heapwarden +[0-9]+\.' 'ok +libgit2 +[0-9]+\.' '(ok|warn) +PCRE2 +[0-9]+\..*JIT' \
	"ok +cache +$XDG_CACHE_HOME/heapwarden" "ok +repository +$work/module" "ok +module +$work/module/go.mod" \
	'ok +GOFLAGS +none' "ok +go +go1\.$minor.* run by " "ok +go1\.$minor[^ ]* +/"; do
	expect_matches "$work/stdout" "^$row"
done
expect_empty "$work/stderr"
mkdir "$work/plain"
GOFLAGS='-race -tags=x' heapwarden doctor -C "$work/plain"
expect_status 0
expect_matches "$work/stdout" '^warn +repository .*not inside a git repository'
expect_matches "$work/stdout" '^warn +module .*go.mod'
expect_matches "$work/stdout" '^warn +GOFLAGS +-tags=x -race .*left out'
XDG_CACHE_HOME=/dev/null heapwarden doctor -q -C "$work/module"
expect_status 0
expect_matches "$work/stdout" '^bad +cache .*/dev/null'
heapwarden doctor ./...
expect_error arguments -C
heapwarden doctor --format json
expect_error format

# --- every version that is here

if [ -d "$modules" ]; then
	export GOMODCACHE=$modules
fi
heapwarden doctor
expect_status 0
for version in 19 20 21 22 23 24 25 26; do
	if grep -qE "^[a-z]+ +go1\.$version\." "$work/stdout"; then
		expect_lacks "$work/stdout" "^bad +go1\.$version\."
	else
		echo "skipped: Go 1.$version is not here"
	fi
done
expect_nothing_left

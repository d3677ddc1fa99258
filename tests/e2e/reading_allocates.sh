#!/usr/bin/env bash
# "Escapes to heap" need not allocate, and from Go 1.25 on "does not escape" may.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

expect_sizes()
{
	expect_escapes example.com/sizes <<-'TABLE'
		-1.24 sizes.go:24 Variable   escapes-to-heap yes   unknown-size make([]int, n)
		1.25- sizes.go:24 Variable   escapes-to-heap maybe unknown-size make([]int, n)
		-1.24 sizes.go:26 Capacity   escapes-to-heap yes   unknown-size make([]int, 0, n)
		1.25- sizes.go:26 Capacity   escapes-to-heap maybe unknown-size make([]int, 0, n)
		-1.24 sizes.go:28 Computed   escapes-to-heap yes   unknown-size make([]byte, len(s) + 2)
		1.25- sizes.go:28 Computed   escapes-to-heap maybe unknown-size make([]byte, len(s) + 2)
		-1.24 sizes.go:30 Called     escapes-to-heap yes   unknown-size make([]int, give(3))
		1.25- sizes.go:30 Called     escapes-to-heap maybe unknown-size make([]int, give(3))
		-1.24 sizes.go:32 Field      escapes-to-heap yes   unknown-size make([]int, t.n)
		1.25- sizes.go:32 Field      escapes-to-heap maybe unknown-size make([]int, t.n)
		-1.24 sizes.go:34 Converted  escapes-to-heap yes   unknown-size make([]int, int(n))
		1.25- sizes.go:34 Converted  escapes-to-heap maybe unknown-size make([]int, int(n))
		-1.24 sizes.go:36 Indexed    escapes-to-heap yes   unknown-size make([]int, m["), 4"])
		1.25- sizes.go:36 Indexed    escapes-to-heap maybe unknown-size make([]int, m["), 4"])
		-1.24 sizes.go:39 Tagged     escapes-to-heap yes   unknown-size make([]struct { a int "), 4" }, n)
		1.25- sizes.go:39 Tagged     escapes-to-heap maybe unknown-size make([]struct { a int "), 4" }, n)
		-1.24 sizes.go:46 Named      escapes-to-heap yes   unknown-size make(list, n)
		1.25- sizes.go:46 Named      escapes-to-heap maybe unknown-size make(list, n)
		-1.19 sizes.go:48 Generic    escapes-to-heap yes   unknown-size make([]go.shape.int_0, n)
		-1.19 sizes.go:50 UseGeneric escapes-to-heap yes   unknown-size make([]go.shape.int_0, n)
		1.20-1.24 sizes.go:48:49 Generic escapes-to-heap yes unknown-size make([]go.shape.int, n)
		1.20-1.24 sizes.go:48:6 Generic escapes-to-heap yes unknown-size make([]go.shape.int, n)
		1.20-1.24 sizes.go:50 UseGeneric escapes-to-heap yes unknown-size make([]go.shape.int, n)
		1.25- sizes.go:48:49 Generic escapes-to-heap maybe unknown-size make([]go.shape.int, n)
		1.25- sizes.go:48:6 Generic  escapes-to-heap maybe unknown-size make([]go.shape.int, n)
		1.25- sizes.go:50 UseGeneric escapes-to-heap maybe unknown-size make([]go.shape.int, n)
		# a constant of a named type looks like a call
		1.25-? sizes.go:58 Typed     escapes-to-heap maybe unknown-size make([]int, size(3))
		-1.24 sizes.go:53 Kept       escapes-to-heap yes   unknown-size make([]int, n)
		1.25- sizes.go:53 Kept       escapes-to-heap yes   stored       make([]int, n)
		-1.21 sizes.go:74 Large      escapes-to-heap yes   too-large    make([]int, 10000 * eight)
		1.22- sizes.go:74 Large      escapes-to-heap yes   too-large    make([]int, 80000)
		-1.24 sizes.go:78 Local      escapes-to-heap yes   unknown-size make([]int, n)
		# of no size
		all   sizes.go:82 Nothing      escapes-to-heap no        * make([]struct {}, n)
		all   sizes.go:84 NothingKept  escapes-to-heap no        * make([]struct {}, n)
		1.25- sizes.go:86 NothingConstant escapes-to-heap no     * make([]struct {}, 5)
		all   sizes.go:88 NothingBoxed escapes-to-heap no|maybe  * make([]struct {}, n)
		all   sizes.go:88 NothingBoxed escapes-to-heap yes|maybe * make([]struct {}, n)
		all   sizes.go:90 Empty        escapes-to-heap no        * &struct {}{}
		all   sizes.go:92 EmptyBoxed   escapes-to-heap no        * struct {}{}
		# constants, single bytes (which the compiler tells from Go 1.25 on), closures that capture nothing
		all   sizes.go:95 Text         escapes-to-heap no        * "text"
		all   sizes.go:97 Number       escapes-to-heap no        * 123456
		-1.24 sizes.go:99 Byte         escapes-to-heap yes|maybe * b
		1.25- sizes.go:99 Byte         escapes-to-heap no        * b
		-1.24 sizes.go:101 Bool        escapes-to-heap yes|maybe * b
		1.25- sizes.go:101 Bool        escapes-to-heap no        * b
		all   sizes.go:103 Int         escapes-to-heap yes|maybe * n
		all   sizes.go:105 NoText      escapes-to-heap no        * ""
		all   sizes.go:108 Bare        escapes-to-heap no        * func literal
		all   sizes.go:110 Captures    escapes-to-heap yes closure func literal
	TABLE
	# A slice that need not escape is told in the compiler's words, and is none of its summary lines.
	[ "$(minor_of "$go_version")" -lt 25 ] ||
		expect_json "$facts" "[e['message'] for e in r['escapes'] if e['function'] == 'Variable'] ==
			['make([]int, n) does not escape']"
	# Parameters that do not escape are parameters still, sizes that are constants or maps' are nothing at all.
	expect_json "$facts" "{l['parameter'] for l in r['leaks'] if l['kind'] == 'none'} >= {'s', 'm'}"
}

for name in $(recordings sizes); do
	read_recording sizes "$name"
	expect_sizes
done

read_sizes()
{
	read_module sizes
	expect_sizes
}
read_sizes

# As a change: a slice whose size becomes variable is new with every Go, and what allocates nothing fails no gate.
changed()
{
	rm -rf "$work/gate"
	git init --quiet "$work/gate"
	cd "$work/gate"
	printf 'module example.com/gate\n\ngo 1.19\n' >go.mod
	printf 'package gate\n\nfunc F(n int) int { return len(make([]int, 8)) }\n' >gate.go
	commit_all 'a constant'
	sed -i 's/, 8/, n/' gate.go
	heapwarden check --base HEAD --format json:"$facts"
	ran="$ran (with $(go env GOVERSION))"
	expect_status 1
	expect_json "$facts" "[(f['function'], f['reason']) for f in new] == [('F', 'unknown size')]"
	git checkout --quiet gate.go
	printf '\nvar sink interface{}\n\nfunc G() { sink = "constant"; sink = struct{}{}; sink = func() int { return 1 } }\n' >>gate.go
	heapwarden check --base HEAD --format json:"$facts"
	ran="$ran (with $(go env GOVERSION))"
	expect_status 0
	expect_json "$facts" "r['summary']['new'] == 0 and r['summary']['new_without_allocation'] == 3"
}
changed

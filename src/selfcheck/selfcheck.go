// Package selfcheck is a program whose heap allocations are known. Before heapwarden trusts what it reads of a Go's
// words, it compiles this package with that Go and compares.
//
// Each want comment is one fact that must be read of the nearest line above it that is no want comment:
//
//	//want [VERSIONS] COLUMN: FACT
//
// All facts must be there, and no other. Without VERSIONS, a fact is one of all versions of Go; a column of "-" stands
// for code that the compiler makes. Nothing is imported, so that nothing else has to be compiled.
package selfcheck

// What is stored in these outlives every function.
var (
	number   *int
	numbers  []*int
	sequence []int
	anything any
	callback func()
	channel  chan *int
	atStart  = make([]int, len(numbers))
	//want -1.24 17: escapes-to-heap make([]int, len(numbers)) in no function: unknown size, allocates yes; non-constant size, to {heap}
	//want 1.25- 17: escapes-to-heap make([]int, len(numbers)) in no function: stored, allocates yes; spill, assign, to {heap}
)

type point struct{ x, y int }

func (p *point) double() {
	//want 6: can inline (*point).double, with a cost
	//want 7: parameter p of point.double leaks: none
	p.x *= 2
}

type shape interface{ scale(by *int) }

// --- allocations, for each reason

//go:noinline
func returned() *int {
	//want 6: cannot inline returned: marked go:noinline
	x := 1
	//want 2: moved-to-heap x in returned: returned, allocates yes; address-of, return, to ~r0
	return &x
}

//go:noinline
func stored() {
	//want 6: cannot inline stored: marked go:noinline
	number = new(int)
	//want 14: escapes-to-heap new(int) in stored: stored, allocates yes; spill, assign, to {heap}
}

//go:noinline
func sent() {
	//want 6: cannot inline sent: marked go:noinline
	channel <- new(int)
	//want 16: escapes-to-heap new(int) in sent: sent, allocates yes; spill, send, to {heap}
}

//go:noinline
func passed(s shape) {
	//want 6: cannot inline passed: marked go:noinline
	//want 13: parameter s of passed leaks: heap; call parameter, to {heap}
	by := 2
	//want 2: moved-to-heap by in passed: call, allocates yes; address-of, call parameter, to {heap}
	s.scale(&by)
}

//go:noinline
func boxed(n int) {
	//want 6: cannot inline boxed: marked go:noinline
	anything = n
	//want -1.19 2: escapes-to-heap n in boxed: interface, allocates yes; spill, assign, to {heap}
	//want 1.20- 13: escapes-to-heap n in boxed: interface, allocates yes; spill, assign, to {heap}
}

//go:noinline
func captured(n int) {
	//want 6: cannot inline captured: marked go:noinline
	//want 15: moved-to-heap n in captured: closure, allocates yes; captured by a closure, reference, to {storage for func literal}
	callback = func() { n++ }
	//want 13: can inline captured.func1, with a cost
	//want 13: escapes-to-heap func literal in captured: closure, allocates yes; spill, assign, to {heap}
}

//go:noinline
func methodValue(p *point) {
	//want 6: cannot inline methodValue: marked go:noinline
	//want 18: parameter p of methodValue leaks: heap
	callback = p.double
	//want 1.20- -: inlining call to (*point).double
	//want 14: escapes-to-heap p.double in methodValue: closure, allocates yes; spill, assign, to {heap}
}

//go:noinline
func started(n int) {
	//want 6: cannot inline started: marked go:noinline
	go boxed(n)
	//want 1.22- 2: can inline started.gowrap1, with a cost
	//want 2: escapes-to-heap func literal in started: goroutine, allocates yes, implied; spill, to {heap}
}

//go:noinline
func tooLarge() int {
	//want 6: cannot inline tooLarge: marked go:noinline
	large := make([]int, 1<<24)
	//want -1.21 15: escapes-to-heap make([]int, 1 << 24) in tooLarge: too large, allocates yes; too large for stack, to {heap}
	//want 1.22- 15: escapes-to-heap make([]int, 16777216) in tooLarge: too large, allocates yes; too large for stack, to {heap}
	return len(large)
}

//go:noinline
func ofUnknownSize(n int) {
	//want 6: cannot inline ofUnknownSize: marked go:noinline
	sequence = make([]int, n)
	//want -1.24 17: escapes-to-heap make([]int, n) in ofUnknownSize: unknown size, allocates yes; non-constant size, to {heap}
	//want 1.25- 17: escapes-to-heap make([]int, n) in ofUnknownSize: stored, allocates yes; spill, assign, to {heap}
}

//go:noinline
func ofUnknownSizeAndKept(n int) int {
	//want 6: cannot inline ofUnknownSizeAndKept: marked go:noinline
	kept := make([]int, n)
	//want -1.24 14: escapes-to-heap make([]int, n) in ofUnknownSizeAndKept: unknown size, allocates yes; non-constant size, to {heap}
	//want 1.25- 14: escapes-to-heap make([]int, n) in ofUnknownSizeAndKept: unknown size, allocates maybe
	return len(kept)
}

//go:noinline
func appended(p *int) {
	//want 6: cannot inline appended: marked go:noinline
	//want 15: parameter p of appended leaks: heap; call parameter, to {heap}
	numbers = append(numbers, p)
	//want 1.25- 18: escapes-to-heap append in appended: append, allocates maybe; spill, assign, to {heap}
}

//go:noinline
func concatenated(s string) string {
	//want 6: cannot inline concatenated: marked go:noinline
	//want 19: parameter s of concatenated leaks: none
	return s + "!"
	//want 11: escapes-to-heap s + "!" in concatenated: returned, allocates yes; spill, return, to ~r0
}

// --- no allocations, though the compiler says that they escape

//go:noinline
func constant() {
	//want 6: cannot inline constant: marked go:noinline
	anything = "constant"
	//want -1.19 2: escapes-to-heap "constant" in constant: interface, allocates no; spill, assign, to {heap}
	//want 1.20- 13: escapes-to-heap "constant" in constant: interface, allocates no; spill, assign, to {heap}
}

//go:noinline
func capturesNothing() {
	//want 6: cannot inline capturesNothing: marked go:noinline
	callback = func() { number = nil }
	//want 13: can inline capturesNothing.func1, with a cost
	//want 13: escapes-to-heap func literal in capturesNothing: closure, allocates no; spill, assign, to {heap}
}

// --- parameters

//go:noinline
func keeps(p *int) {
	//want 6: cannot inline keeps: marked go:noinline
	//want 12: parameter p of keeps leaks: heap; assign, to {heap}
	number = p
}

//go:noinline
func keepsContent(p **int) {
	//want 6: cannot inline keepsContent: marked go:noinline
	//want 19: parameter p of keepsContent leaks: content; indirection, assign, to {heap}
	number = *p
}

//go:noinline
func passesThrough(p *point) *int {
	//want 6: cannot inline passesThrough: marked go:noinline
	//want 20: parameter p of passesThrough leaks: result ~r0 at level 0; dot of pointer, address-of, return, to ~r0
	return &p.x
}

//go:noinline
func passesContentThrough(p **int) (content *int) {
	//want 6: cannot inline passesContentThrough: marked go:noinline
	//want 27: parameter p of passesContentThrough leaks: result content at level 1; indirection, return, to content
	return *p
}

//go:noinline
func onlyReads(p *point) int {
	//want 6: cannot inline onlyReads: marked go:noinline
	//want 16: parameter p of onlyReads leaks: none
	return p.x
}

// --- inlining

func small() *point {
	//want 6: can inline small, with a cost
	return &point{}
	//want 9: escapes-to-heap &point{} in small: returned, allocates yes; spill, return, to ~r0
}

func usesSmall() *point {
	//want 6: can inline usesSmall, with a cost
	return small()
	//want 14: inlining call to small
	//want 14: escapes-to-heap &point{} in usesSmall: returned, allocates yes, inlined from small; spill, assign-pair, return, to ~r0
}

func tooComplex(n int) int {
	//want 6: cannot inline tooComplex: function too complex: cost N exceeds budget N, with a cost and a budget
	p := point{n, n}
	return onlyReads(&p) + onlyReads(&p) + onlyReads(&p) + onlyReads(&p) + onlyReads(&p) + onlyReads(&p)
}

func recovers() {
	//want 6: cannot inline recovers: unhandled op DEFER
	defer func() { recover() }()
	//want 8: cannot inline recovers.func1: call to recover
}

// --- generics

type list[T any] struct{ items []*T }

//go:noinline
func (l *list[T]) push(item T) {
	//want -1.19 6: cannot inline (*list[go.shape.int_0]).push: marked go:noinline
	//want 1.20- 6: cannot inline (*list[go.shape.int]).push: marked go:noinline
	//want 1.20- 6: cannot inline (*list[int]).push: marked go:noinline
	//want 24: moved-to-heap item in list.push: stored, allocates yes; address-of, call parameter, to {heap}
	l.items = append(l.items, &item)
	//want 1.25- 18: escapes-to-heap append in list.push: append, allocates maybe; spill, assign, to {heap}
}

//go:noinline
func pushes() {
	//want 6: cannot inline pushes: marked go:noinline
	var l list[int]
	l.push(1)
}

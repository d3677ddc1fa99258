// Package line says of some of its lines that they are elsewhere.
package line

var sink *int

//line grammar.y:10
func Reduce() { sink = new(int) }

//line /*odd*/ name.go: moved to heap: x:7
func Shift() { sink = new(int) }

//line line.go:100
func Back() { x := 1; sink = &x }

func Inlined() { Reduce(); Back(); /*line lexer.l:3:4*/ sink = new(int) }

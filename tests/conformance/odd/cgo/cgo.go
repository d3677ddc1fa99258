// Package cgo is compiled from what cgo makes of it.
package cgo

// static int twice(int *n) { return *n * 2; }
import "C"

var sink *C.int

func Twice(n int) int {
	number := C.int(n)
	sink = &number
	return int(C.twice(&number))
}

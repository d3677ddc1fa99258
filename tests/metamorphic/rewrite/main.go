// Rewrite changes the source of a Go module in place: either so that it means the same as before, or so that existing
// functions make a known number of allocations more.
//
//	rewrite DIRECTORY NAME[+NAME...]
//
// Rewrites are done one after the other, `add` at the end: for each allocation that it adds, a line of JSON is printed
// that says which finding must come of it. Without arguments the names are listed.
package main

import (
	"fmt"
	"os"
	"strings"
)

// A rewrite changes the files of a module that was loaded, by edits or on disk.
var rewrites = []struct {
	name, does string
	run        func(*module) error
}{
	{"comments", "lines of comment before functions and between statements", addComments},
	{"reversed", "the functions of each file in reverse order", reverseFunctions},
	{"files", "files renamed", renameFiles},
	{"moved", "every second function in another file of its package", moveFunctions},
	{"packages", "packages renamed, with directories, imports and qualifiers", renamePackages},
	{"locals", "parameters and local variables renamed", renameLocals},
	{"functions", "functions renamed, and methods that no interface needs", renameFunctions},
	{"calls", "calls broken over several lines", breakCalls},
	{"indent", "bodies indented by other means, with blank lines", reindent},
	{"callee", "a small function added, and called, whose allocation stays on the stack where it is inlined", addCallees},
	{"add", "allocations added to existing functions; the small function too expensive to be inlined", addAllocations},
}

func apply(directory, name string) error {
	for _, rewrite := range rewrites {
		if rewrite.name != name {
			continue
		}
		module, err := load(directory)
		if err != nil {
			return err
		}
		if err := rewrite.run(module); err != nil {
			return err
		}
		return module.save()
	}
	return fmt.Errorf("there is no rewrite of that name")
}

func main() {
	if len(os.Args) != 3 {
		for _, rewrite := range rewrites {
			fmt.Printf("%-12s%s\n", rewrite.name, rewrite.does)
		}
		return
	}
	for _, name := range strings.Split(os.Args[2], "+") {
		if err := apply(os.Args[1], name); err != nil {
			fmt.Fprintf(os.Stderr, "rewrite: %s: %v\n", name, err)
			os.Exit(1)
		}
	}
}

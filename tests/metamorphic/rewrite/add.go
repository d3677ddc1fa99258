package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// What is added to a function, and what the finding must say of it: it is on that line of the text, which may use the
// declarations below. Its cause is always that line.
var additions = []struct {
	kind, reason, expression string
	line                     int
	text                     string
}{
	{"moved-to-heap", "stored", "addedLocal", 0, "addedLocal := 1\naddedPointer = &addedLocal"},
	{"escapes-to-heap", "interface", "addedStruct{...}", 0, "addedInterface = addedStruct{addedCount, addedCount}"},
	{"escapes-to-heap", "unknown size", "make([]int, addedCount)", 0, "addedInts := make([]int, addedCount)\naddedCount = cap(addedInts)"},
	{"escapes-to-heap", "closure", "func literal", 1, "addedValue := addedCount\naddedFunction = func() int { return addedValue }"},
	{"escapes-to-heap", "goroutine", "func literal", 0, "go addedRun(addedCount)"},
}

const declarations = `package %s

type addedStruct struct{ a, b int }

var (
	addedCount     int
	addedPointer   *int
	addedInterface interface{}
	addedFunction  func() int
)

//go:noinline
func addedRun(n int) { addedCount += n }
`

// A finding is what must come of an addition.
type finding struct {
	spot
	Kind       string `json:"kind"`
	Reason     string `json:"reason"`
	Expression string `json:"expression"`
	Cause      cause  `json:"cause"`
	Calls      []spot `json:"calls"` // those that allocate now, of one that is no longer inlined
}

type spot struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Function string `json:"function"`
}

// A cause is the first line that was added.
type cause struct {
	spot
	Kind string `json:"kind"`
}

// How many functions get each addition.
const functionsEach = 2

// A place is a function that allocations can be added to without anything else becoming new.
type place struct {
	p        *pkg
	f        *file
	function *ast.FuncDecl
}

func size(node ast.Node) int {
	count := 0
	ast.Inspect(node, func(n ast.Node) bool {
		if n != nil {
			count++
		}
		return true
	})
	return count
}

// isGeneric tells whether the function is compiled once for each instance, or not at all.
func isGeneric(function *ast.FuncDecl) bool {
	if function.Type.TypeParams != nil {
		return true
	}
	if function.Recv == nil {
		return false
	}
	t := function.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	_, plain := t.(*ast.Ident)
	return !plain
}

// isFit tells whether the function is never inlined, with or without an addition: one that stops being inlined would
// change what its callers allocate.
func isFit(p *pkg, function *ast.FuncDecl) bool {
	if isGeneric(function) || len(function.Body.List) == 0 || function.Name.Name == "_" {
		return false
	}
	return size(function.Body) > 300 || (function.Name.Name == "main" && p.types.Name() == "main")
}

// places are some functions, spread over the module, in a fixed order.
func (m *module) places(count int) []place {
	var all []place
	m.functions(func(p *pkg, f *file, function *ast.FuncDecl) {
		if isFit(p, function) {
			all = append(all, place{p, f, function})
		}
	})
	sort.SliceStable(all, func(i, j int) bool { return all[i].p.path < all[j].p.path })
	var some []place
	for i := 0; i < count && len(all) > 0; i++ {
		some = append(some, all[i*len(all)/count])
	}
	return some
}

func receiver(function *ast.FuncDecl) string {
	if function.Recv == nil {
		return ""
	}
	t := function.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	return t.(*ast.Ident).Name + "."
}

// add puts the text into a block of its own, at the front of the function or before its last statement.
func (m *module) add(to place, text string, front bool) *edit {
	at := m.offset(to.function.Body.Lbrace) + 1
	if !front {
		list := to.function.Body.List
		at = m.offset(list[len(list)-1].Pos())
	}
	return to.f.insert(at, "\n\t{\n\t\t"+strings.ReplaceAll(text, "\n", "\n\t\t")+"\n\t}\n\t")
}

// addFiles writes a file of that name and text into each of the packages.
func addFiles(packages map[*pkg]bool, name, text string) error {
	for p := range packages {
		source := fmt.Sprintf(text, p.types.Name())
		if err := os.WriteFile(filepath.Join(p.directory, name), []byte(source), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// spot is where a line of the function is after all edits.
func (m *module) spot(at place, line int) spot {
	file, err := filepath.Rel(m.root, at.f.path)
	if err != nil {
		panic(err)
	}
	return spot{file, line, receiver(at.function) + at.function.Name.Name}
}

func addAllocations(m *module) error {
	places := m.places(len(additions) * functionsEach)
	changed := map[*pkg]bool{}
	var edits []*edit
	for i, to := range places {
		edits = append(edits, m.add(to, additions[i%len(additions)].text, i%2 == 0))
		changed[to.p] = true
	}
	callees := m.growCallees()
	if len(callees) == 0 {
		return fmt.Errorf("there is no function of the rewrite callee")
	}
	if err := addFiles(changed, "added.go", declarations); err != nil {
		return err
	}
	if err := m.save(); err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	for i, to := range places {
		a := additions[i%len(additions)]
		// Two lines of the block are before the text.
		at := m.spot(to, edits[i].line+2+a.line)
		why := cause{at, "changed-line"}
		if err := out.Encode(finding{at, a.kind, a.reason, a.expression, why, []spot{}}); err != nil {
			return err
		}
	}
	for _, callee := range callees {
		if err := out.Encode(m.lost(callee)); err != nil {
			return err
		}
	}
	return nil
}

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

// What is added to a function, and what the finding must say of it. `text` may use the declarations below. A callee
// that is pushed over the inlining budget has its place here as soon as there is a finding for that.
var additions = []struct{ kind, reason, expression, text string }{
	{"moved-to-heap", "stored", "addedLocal", "addedLocal := 1\naddedPointer = &addedLocal"},
	{"escapes-to-heap", "interface", "addedStruct{...}", "addedInterface = addedStruct{addedCount, addedCount}"},
	{"escapes-to-heap", "unknown size", "make([]int, addedCount)", "addedInts := make([]int, addedCount)\naddedCount = cap(addedInts)"},
	{"escapes-to-heap", "closure", "func literal", "addedValue := addedCount\naddedFunction = func() int { return addedValue }"},
	{"escapes-to-heap", "goroutine", "func literal", "go addedRun(addedCount)"},
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
func (m *module) add(to place, text string, front bool) {
	at := m.offset(to.function.Body.Lbrace) + 1
	if !front {
		list := to.function.Body.List
		at = m.offset(list[len(list)-1].Pos())
	}
	to.f.insert(at, "\n\t{\n\t\t"+strings.ReplaceAll(text, "\n", "\n\t\t")+"\n\t}\n\t")
}

func addAllocations(m *module) error {
	out := json.NewEncoder(os.Stdout)
	changed := map[*pkg]bool{}
	for i, to := range m.places(len(additions) * functionsEach) {
		addition := additions[i%len(additions)]
		m.add(to, addition.text, i%2 == 0)
		changed[to.p] = true
		file, err := filepath.Rel(m.root, to.f.path)
		if err != nil {
			return err
		}
		if err := out.Encode(map[string]string{
			"file": file, "function": receiver(to.function) + to.function.Name.Name,
			"kind": addition.kind, "reason": addition.reason, "expression": addition.expression,
		}); err != nil {
			return err
		}
	}
	for p := range changed {
		text := fmt.Sprintf(declarations, p.types.Name())
		if err := os.WriteFile(filepath.Join(p.directory, "added.go"), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

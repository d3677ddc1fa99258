package main

import (
	"fmt"
	"go/ast"
	"strings"
)

// A function that is cheap enough to be inlined even into the biggest of functions. Renamed, its name ends the same.
const calleeFile = `package %s

type CalleePair struct{ A, B int }

var calleeCount int

// The file has so many lines that git still knows it by another name when the function has grown. The pair is on the
// stack of whoever calls the function, as long as it is inlined there.
func CalleeNew() *CalleePair {
	return &CalleePair{calleeCount, calleeCount}
}
`

const (
	calleeSuffix = "CalleeNew"
	calleeCall   = "_ = %sCalleeNew().A"
	calleeCalls  = 6 // in all, spread over the module
	callsAbroad  = 4 // and at most that many from other packages
)

// What makes it cost more than the 80 that inlining allows: twice as much as there are operands.
var calleeGrowth = "n := calleeCount\n\tcalleeCount = n" + strings.Repeat("*n", 50) + "\n\t"

func addCallees(m *module) error {
	changed := map[*pkg]bool{}
	for i, to := range m.places(calleeCalls) {
		m.add(to, fmt.Sprintf(calleeCall, ""), i%2 == 0)
		changed[to.p] = true
	}
	m.callAbroad(changed)
	return addFiles(changed, "callee.go", calleeFile)
}

// callAbroad adds calls to files that import one of the packages already, each to another file.
func (m *module) callAbroad(packages map[*pkg]bool) {
	called := map[*file]bool{}
	m.functions(func(p *pkg, f *file, function *ast.FuncDecl) {
		if called[f] || len(called) == callsAbroad || !isFit(p, function) {
			return
		}
		for _, spec := range f.syntax.Imports {
			imported := p.importedBy(spec)
			if imported == nil || !packages[m.byPath(importPath(spec))] || takes(function, imported.Name()) {
				continue
			}
			m.add(place{p, f, function}, fmt.Sprintf(calleeCall, imported.Name()+"."), true)
			called[f] = true
			return
		}
	})
}

func (m *module) byPath(path string) *pkg {
	for _, p := range m.packages {
		if p.path == path {
			return p
		}
	}
	return nil
}

// takes tells whether the function has a receiver, parameter or result of that name.
func takes(function *ast.FuncDecl, name string) bool {
	lists := []*ast.FieldList{function.Recv, function.Type.Params, function.Type.Results}
	for _, list := range lists {
		if list == nil {
			continue
		}
		for _, field := range list.List {
			for _, taken := range field.Names {
				if taken.Name == name {
					return true
				}
			}
		}
	}
	return false
}

// A grown callee is no longer inlined.
type grown struct {
	place
	growth *edit
}

func (m *module) growCallees() []grown {
	var all []grown
	m.functions(func(p *pkg, f *file, function *ast.FuncDecl) {
		if strings.HasSuffix(function.Name.Name, calleeSuffix) {
			growth := f.insert(m.offset(function.Body.List[0].Pos()), calleeGrowth)
			all = append(all, grown{place{p, f, function}, growth})
		}
	})
	return all
}

// lost is the one finding for the callee, after all edits.
func (m *module) lost(callee grown) finding {
	name := callee.function.Name.Name
	at := m.spot(callee.place, callee.f.savedLine(m.offset(callee.function.Pos())))
	why := cause{m.spot(callee.place, callee.growth.line), "inlining"}
	return finding{at, "lost-inlining", "not inlined", name, why, m.callsOf(callee)}
}

func (m *module) callsOf(callee grown) []spot {
	calls := []spot{}
	object := callee.p.info.Defs[callee.function.Name]
	m.functions(func(p *pkg, f *file, function *ast.FuncDecl) {
		ast.Inspect(function.Body, func(n ast.Node) bool {
			if name, ok := n.(*ast.Ident); ok && p.info.Uses[name] == object {
				line := f.savedLine(m.offset(name.Pos()))
				calls = append(calls, m.spot(place{p, f, function}, line))
			}
			return true
		})
	})
	return calls
}

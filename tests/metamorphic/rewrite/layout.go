package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// statements calls do with each list of statements below the node.
func statements(node ast.Node, do func([]ast.Stmt)) {
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			do(n.List)
		case *ast.CaseClause:
			do(n.Body)
		case *ast.CommClause:
			do(n.Body)
		}
		return true
	})
}

// beforeStatements puts text on a line of its own before each statement that begins a line.
func (m *module) beforeStatements(f *file, body ast.Node, text string) {
	statements(body, func(list []ast.Stmt) {
		for _, statement := range list {
			if at, ok := f.beginsLine(m.offset(statement.Pos())); ok {
				f.insert(at, text)
			}
		}
	})
}

func addComments(m *module) error {
	m.functions(func(_ *pkg, f *file, function *ast.FuncDecl) {
		if at, ok := f.beginsLine(m.offset(start(function))); ok {
			f.insert(at, "// This line was not here before.\n")
		}
		m.beforeStatements(f, function.Body, "// Nor was this one.\n")
	})
	return nil
}

func reverseFunctions(m *module) error {
	for _, p := range m.packages {
		for _, f := range p.files {
			var all [][2]int
			for _, declaration := range f.syntax.Decls {
				if function, ok := declaration.(*ast.FuncDecl); ok {
					all = append(all, [2]int{m.offset(start(function)), m.offset(function.End())})
				}
			}
			for i, place := range all {
				other := all[len(all)-1-i]
				f.replace(place[0], place[1], string(f.source[other[0]:other[1]]))
			}
		}
	}
	return nil
}

func renameFiles(m *module) error {
	for _, p := range m.packages {
		for _, f := range p.files {
			directory, name := filepath.Split(f.path)
			// In front, because what follows the last underscore may name a system.
			if err := os.Rename(f.path, directory+"renamed"+name); err != nil {
				return err
			}
		}
	}
	return nil
}

// qualifiers are the names of packages that are used below the node, and what the files import under them.
func (p *pkg) qualifiers(node ast.Node) map[string]string {
	used := map[string]string{}
	ast.Inspect(node, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok {
			if imported := p.importOf(name); imported != nil {
				used[name.Name] = imported.Imported().Path()
			}
		}
		return true
	})
	return used
}

// A target collects functions that are moved to a new file.
type target struct {
	imports map[string]string
	text    bytes.Buffer
}

// take adds the imports unless one of the names means another package already.
func (t *target) take(imports map[string]string) bool {
	for name, path := range imports {
		if was, ok := t.imports[name]; ok && was != path {
			return false
		}
	}
	for name, path := range imports {
		t.imports[name] = path
	}
	return true
}

func (t *target) source(name string) []byte {
	var out bytes.Buffer
	names := make([]string, 0, len(t.imports))
	for name := range t.imports {
		names = append(names, name)
	}
	sort.Strings(names)
	fmt.Fprintf(&out, "package %s\n\n", name)
	for _, name := range names {
		fmt.Fprintf(&out, "import %s %q\n", name, t.imports[name])
	}
	out.Write(t.text.Bytes())
	return out.Bytes()
}

// dropUnused keeps the imports of the file that only moved functions used for their effect alone.
func (m *module) dropUnused(p *pkg, f *file, moved map[ast.Decl]bool) {
	used := map[string]string{}
	for _, declaration := range f.syntax.Decls {
		if !moved[declaration] {
			for name, path := range p.qualifiers(declaration) {
				used[name] = path
			}
		}
	}
	for _, spec := range f.syntax.Imports {
		imported := p.importedBy(spec)
		if imported == nil || used[imported.Name()] != "" {
			continue
		}
		f.replace(m.offset(spec.Pos()), m.offset(spec.Path.End()), "_ "+spec.Path.Value)
	}
}

func moveFunctions(m *module) error {
	for _, p := range m.packages {
		to := &target{imports: map[string]string{}}
		count := 0
		for _, f := range p.files {
			moved := map[ast.Decl]bool{}
			// What a comment says of a file, or of any function, would be lost.
			if bytes.Contains(f.source, []byte("//go:linkname")) || bytes.HasPrefix(f.source, []byte("//go:build")) ||
				bytes.Contains(f.source, []byte("\n//go:build")) {
				continue
			}
			for _, declaration := range f.syntax.Decls {
				function, ok := declaration.(*ast.FuncDecl)
				if !ok || function.Body == nil {
					continue
				}
				if count++; count%2 != 0 || !to.take(p.qualifiers(function)) {
					continue
				}
				from, end := m.offset(start(function)), m.offset(function.End())
				fmt.Fprintf(&to.text, "\n%s\n", f.source[from:end])
				f.replace(from, end, "")
				moved[declaration] = true
			}
			if len(moved) > 0 {
				m.dropUnused(p, f, moved)
			}
		}
		if to.text.Len() == 0 {
			continue
		}
		path := filepath.Join(p.directory, "moved.go")
		if err := os.WriteFile(path, to.source(p.types.Name()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// endsInComma tells whether the last token before the closing bracket is a comma.
func endsInComma(source []byte, from, to int) bool {
	rest := string(source[from:to])
	for {
		rest = strings.TrimSpace(rest)
		switch {
		case strings.HasPrefix(rest, "//"):
			_, rest, _ = strings.Cut(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			_, rest, _ = strings.Cut(rest, "*/")
		default:
			return strings.HasPrefix(rest, ",")
		}
	}
}

func breakCalls(m *module) error {
	m.functions(func(_ *pkg, f *file, function *ast.FuncDecl) {
		ast.Inspect(function.Body, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			end := call.Args[len(call.Args)-1].End()
			if call.Ellipsis.IsValid() {
				end = call.Ellipsis + 3
			}
			for _, argument := range call.Args {
				f.insert(m.offset(argument.Pos()), "\n")
			}
			if !endsInComma(f.source, m.offset(end), m.offset(call.Rparen)) {
				f.insert(m.offset(end), ",\n")
			}
			return true
		})
	})
	return nil
}

// rawLines are the lines of a file that begin within a raw string.
func (m *module) rawLines(node ast.Node) map[int]bool {
	raw := map[int]bool{}
	ast.Inspect(node, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			for line := m.line(literal.Pos()) + 1; line <= m.line(literal.End()); line++ {
				raw[line] = true
			}
		}
		return true
	})
	return raw
}

func reindent(m *module) error {
	m.functions(func(_ *pkg, f *file, function *ast.FuncDecl) {
		body := function.Body
		first, last := m.line(body.Lbrace), m.line(body.Rbrace)
		if first == last && len(body.List) > 0 {
			f.insert(m.offset(body.Lbrace)+1, "\n")
			f.insert(m.offset(body.Rbrace), "\n")
		}
		raw := m.rawLines(body)
		m.beforeStatements(f, body, "\n")
		lines := m.positions.File(body.Pos())
		for line := first + 1; line <= last; line++ {
			if !raw[line] {
				f.insert(m.offset(lines.LineStart(line)), "  ")
			}
		}
	})
	return nil
}

// importPath is the path of an import as it is written.
func importPath(spec *ast.ImportSpec) string {
	path, _ := strconv.Unquote(spec.Path.Value)
	return path
}

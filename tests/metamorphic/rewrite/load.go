package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

// An edit puts text in place of the bytes [from, to) of a file.
type edit struct {
	from, to int
	text     string
	line     int // where the text begins in the file as it was saved
}

type file struct {
	path   string
	source []byte
	syntax *ast.File
	edits  []*edit
}

// A pkg is a package of the module itself, as it is built here: without tests and without files for other systems.
type pkg struct {
	path, directory string
	files           []*file
	types           *types.Package
	info            *types.Info
}

type module struct {
	root, path string
	positions  *token.FileSet
	packages   []*pkg // what is imported comes first
}

// What `go list` says of a package.
type listed struct {
	ImportPath, Dir, Name, Export string
	GoFiles                       []string
	Module                        *struct {
		Path string
		Main bool
	}
}

func (one *listed) own() bool { return one.Module != nil && one.Module.Main }

func list(directory string, arguments ...string) ([]listed, error) {
	arguments = append([]string{"list", "-json=ImportPath,Dir,Name,Export,GoFiles,Module"}, arguments...)
	command := exec.Command("go", arguments...)
	command.Dir = directory
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	var all []listed
	for decoder := json.NewDecoder(output); ; {
		var one listed
		if err := decoder.Decode(&one); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, command.Wait()
}

// An imports resolves the module's own packages to those that were read from source, and all others to what the
// compiler has exported.
type imports struct {
	own    map[string]*types.Package
	others types.Importer
}

func (i *imports) Import(path string) (*types.Package, error) {
	if own := i.own[path]; own != nil {
		return own, nil
	}
	return i.others.Import(path)
}

// exportsOf says for each package that is not of the module where what it exports is. Those of the module are read from
// source: they need not be compiled.
func exportsOf(root string, all []listed) (map[string]string, error) {
	arguments := []string{"-export"}
	for _, one := range all {
		if !one.own() {
			arguments = append(arguments, one.ImportPath)
		}
	}
	others, err := list(root, arguments...)
	exports := map[string]string{}
	for _, one := range others {
		exports[one.ImportPath] = one.Export
	}
	return exports, err
}

func load(root string) (*module, error) {
	all, err := list(root, "-deps", "./...")
	if err != nil {
		return nil, err
	}
	exports, err := exportsOf(root, all)
	if err != nil {
		return nil, err
	}
	m := &module{root: root, positions: token.NewFileSet()}
	from := &imports{own: map[string]*types.Package{}}
	from.others = importer.ForCompiler(m.positions, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
	for _, one := range all {
		if !one.own() {
			continue
		}
		m.path = one.Module.Path
		p, err := m.check(one, from)
		if err != nil {
			return nil, err
		}
		from.own[p.path] = p.types
		m.packages = append(m.packages, p)
	}
	if len(m.packages) == 0 {
		return nil, fmt.Errorf("no package in %s", root)
	}
	return m, nil
}

func (m *module) check(one listed, from types.Importer) (*pkg, error) {
	p := &pkg{path: one.ImportPath, directory: one.Dir}
	var syntax []*ast.File
	for _, name := range one.GoFiles {
		f := &file{path: filepath.Join(one.Dir, name)}
		var err error
		if f.source, err = os.ReadFile(f.path); err != nil {
			return nil, err
		}
		if f.syntax, err = parser.ParseFile(m.positions, f.path, f.source, parser.ParseComments); err != nil {
			return nil, err
		}
		p.files = append(p.files, f)
		syntax = append(syntax, f.syntax)
	}
	p.info = &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Implicits:  map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	config := types.Config{Importer: from}
	var err error
	p.types, err = config.Check(one.ImportPath, m.positions, syntax, p.info)
	return p, err
}

func (m *module) offset(at token.Pos) int { return m.positions.Position(at).Offset }
func (m *module) line(at token.Pos) int   { return m.positions.PositionFor(at, false).Line }

func (f *file) replace(from, to int, text string) *edit {
	e := &edit{from: from, to: to, text: text}
	f.edits = append(f.edits, e)
	return e
}

func (f *file) insert(at int, text string) *edit { return f.replace(at, at, text) }

// Whether nothing but blanks is before the byte on its line, and where the line begins.
func (f *file) beginsLine(at int) (int, bool) {
	for start := at; ; start-- {
		if start == 0 || f.source[start-1] == '\n' {
			return start, true
		}
		if c := f.source[start-1]; c != ' ' && c != '\t' {
			return 0, false
		}
	}
}

func (f *file) edited() []byte {
	sort.SliceStable(f.edits, func(i, j int) bool { return f.edits[i].from < f.edits[j].from })
	var out []byte
	done := 0
	for _, e := range f.edits {
		out = append(out, f.source[done:e.from]...)
		e.line = 1 + bytes.Count(out, []byte("\n"))
		out = append(out, e.text...)
		done = e.to
	}
	return append(out, f.source[done:]...)
}

// savedLine is the line that the byte of the source is on in the file as it was saved.
func (f *file) savedLine(at int) int {
	line, done := 1, 0
	for _, e := range f.edits {
		if e.from <= at {
			line, done = e.line+strings.Count(e.text, "\n"), e.to
		}
	}
	return line + bytes.Count(f.source[done:at], []byte("\n"))
}

// save writes the files that have edits.
func (m *module) save() error {
	for _, p := range m.packages {
		for _, f := range p.files {
			if len(f.edits) == 0 {
				continue
			}
			if err := os.WriteFile(f.path, f.edited(), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// functions calls do with every function of the module that has a body.
func (m *module) functions(do func(*pkg, *file, *ast.FuncDecl)) {
	for _, p := range m.packages {
		for _, f := range p.files {
			for _, declaration := range f.syntax.Decls {
				if function, ok := declaration.(*ast.FuncDecl); ok && function.Body != nil {
					do(p, f, function)
				}
			}
		}
	}
}

// start is where a function begins, with its comment.
func start(function *ast.FuncDecl) token.Pos {
	if function.Doc != nil {
		return function.Doc.Pos()
	}
	return function.Pos()
}

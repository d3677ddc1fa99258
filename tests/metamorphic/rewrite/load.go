package main

import (
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
)

// An edit puts text in place of the bytes [from, to) of a file.
type edit struct {
	from, to int
	text     string
}

type file struct {
	path   string
	source []byte
	syntax *ast.File
	edits  []edit
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

func list(directory string) ([]listed, error) {
	command := exec.Command("go", "list", "-export", "-deps",
		"-json=ImportPath,Dir,Name,Export,GoFiles,Module", "./...")
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

func load(root string) (*module, error) {
	all, err := list(root)
	if err != nil {
		return nil, err
	}
	m := &module{root: root, positions: token.NewFileSet()}
	exports := map[string]string{}
	for _, one := range all {
		exports[one.ImportPath] = one.Export
	}
	from := &imports{own: map[string]*types.Package{}}
	from.others = importer.ForCompiler(m.positions, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
	for _, one := range all {
		if one.Module == nil || !one.Module.Main {
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

func (f *file) replace(from, to int, text string) {
	f.edits = append(f.edits, edit{from, to, text})
}

func (f *file) insert(at int, text string) { f.replace(at, at, text) }

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
		out = append(out, e.text...)
		done = e.to
	}
	return append(out, f.source[done:]...)
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

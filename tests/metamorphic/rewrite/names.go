package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// importOf is the import that the name is a qualifier of, or nil.
func (p *pkg) importOf(name *ast.Ident) *types.PkgName {
	imported, _ := p.info.Uses[name].(*types.PkgName)
	return imported
}

// importedBy is what the import declares; nil where that is no name.
func (p *pkg) importedBy(spec *ast.ImportSpec) *types.PkgName {
	object := p.info.Implicits[spec]
	if spec.Name != nil {
		object = p.info.Defs[spec.Name]
	}
	imported, _ := object.(*types.PkgName)
	return imported
}

func (m *module) rename(f *file, name *ast.Ident, to string) {
	f.replace(m.offset(name.Pos()), m.offset(name.End()), to)
}

// names calls do with every identifier of the module.
func (m *module) names(do func(*pkg, *file, *ast.Ident)) {
	for _, p := range m.packages {
		for _, f := range p.files {
			ast.Inspect(f.syntax, func(n ast.Node) bool {
				if name, ok := n.(*ast.Ident); ok {
					do(p, f, name)
				}
				return true
			})
		}
	}
}

const packagePrefix = "pkg"

// newPaths says for each renamed package where it is afterwards; a directory is renamed where it is the package's name.
func (m *module) newPaths() map[string]string {
	names := map[string]string{}
	for _, p := range m.packages {
		names[p.path] = p.types.Name()
	}
	paths := map[string]string{}
	for _, p := range m.packages {
		to := m.path
		from := m.path
		for _, part := range strings.Split(strings.TrimPrefix(p.path, m.path), "/") {
			if part == "" {
				continue
			}
			from = path.Join(from, part)
			if names[from] == part {
				part = packagePrefix + part
			}
			to = path.Join(to, part)
		}
		paths[p.path] = to
	}
	return paths
}

// moveDirectories renames the directories of packages, the deepest first.
func (m *module) moveDirectories() error {
	directories := []string{}
	for _, p := range m.packages {
		if p.types.Name() == filepath.Base(p.directory) && p.path != m.path {
			directories = append(directories, p.directory)
		}
	}
	sort.Sort(sort.Reverse(sort.StringSlice(directories)))
	for _, directory := range directories {
		parent, name := filepath.Split(directory)
		if err := os.Rename(directory, parent+packagePrefix+name); err != nil {
			return err
		}
	}
	return nil
}

func renamePackages(m *module) error {
	paths := m.newPaths()
	m.names(func(p *pkg, f *file, name *ast.Ident) {
		if name == f.syntax.Name && name.Name != "main" {
			m.rename(f, name, packagePrefix+name.Name)
		}
		imported := p.importOf(name)
		if imported == nil || paths[imported.Imported().Path()] == "" ||
			imported.Name() != imported.Imported().Name() {
			return
		}
		m.rename(f, name, packagePrefix+name.Name)
	})
	for _, p := range m.packages {
		for _, f := range p.files {
			for _, spec := range f.syntax.Imports {
				to := paths[importPath(spec)]
				if to == "" {
					continue
				}
				f.replace(m.offset(spec.Path.Pos()), m.offset(spec.Path.End()), strconv.Quote(to))
				// An alias that is the name anyway is changed as a qualifier.
				if spec.Name != nil && spec.Name.Name == p.importedBy(spec).Imported().Name() {
					m.rename(f, spec.Name, packagePrefix+spec.Name.Name)
				}
			}
		}
	}
	if err := m.save(); err != nil {
		return err
	}
	for _, p := range m.packages {
		for _, f := range p.files {
			f.edits = nil
		}
	}
	return m.moveDirectories()
}

func isLocal(object types.Object) bool {
	variable, ok := object.(*types.Var)
	return ok && !variable.IsField() && variable.Pkg() != nil && variable.Parent() != variable.Pkg().Scope()
}

// switched are the names that a type switch declares, which have no object of their own.
func switched(m *module) map[*ast.Ident]bool {
	names := map[*ast.Ident]bool{}
	m.functions(func(_ *pkg, _ *file, function *ast.FuncDecl) {
		ast.Inspect(function, func(n ast.Node) bool {
			if statement, ok := n.(*ast.TypeSwitchStmt); ok {
				if assign, ok := statement.Assign.(*ast.AssignStmt); ok {
					names[assign.Lhs[0].(*ast.Ident)] = true
				}
			}
			return true
		})
	})
	return names
}

func renameLocals(m *module) error {
	declared := switched(m)
	m.names(func(p *pkg, f *file, name *ast.Ident) {
		object := p.info.Defs[name]
		if object == nil {
			object = p.info.Uses[name]
		}
		if name.Name != "_" && (declared[name] || isLocal(object)) {
			m.rename(f, name, name.Name+"Renamed")
		}
	})
	return nil
}

// Methods that are looked for by name without an interface in the module's own code.
var wellKnown = []string{"Error", "String", "GoString", "Format", "Scan", "Unwrap", "Is", "As", "Timeout", "Temporary",
	"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "MarshalBinary", "UnmarshalBinary", "GobEncode",
	"GobDecode", "Read", "Write", "Close", "Lock", "Unlock"}

// interfaceMethods are the names of all methods of interfaces that the module declares, writes down or can reach.
func interfaceMethods(m *module) map[string]bool {
	names := map[string]bool{}
	for _, name := range wellKnown {
		names[name] = true
	}
	add := func(t types.Type) {
		if t, ok := t.Underlying().(*types.Interface); ok {
			for i := 0; i < t.NumMethods(); i++ {
				names[t.Method(i).Name()] = true
			}
		}
	}
	seen := map[*types.Package]bool{}
	var visit func(*types.Package)
	visit = func(p *types.Package) {
		if seen[p] {
			return
		}
		seen[p] = true
		for _, name := range p.Scope().Names() {
			if object, ok := p.Scope().Lookup(name).(*types.TypeName); ok {
				add(object.Type())
			}
		}
		for _, imported := range p.Imports() {
			visit(imported)
		}
	}
	for _, p := range m.packages {
		visit(p.types)
		for _, t := range p.info.Types {
			if t.Type != nil {
				add(t.Type)
			}
		}
	}
	return names
}

// renameable are the functions that can have another name without anything else to be changed but their uses.
func renameable(m *module) map[types.Object]bool {
	found := map[types.Object]bool{}
	needed := interfaceMethods(m)
	m.functions(func(p *pkg, _ *file, function *ast.FuncDecl) {
		name := function.Name.Name
		if function.Recv == nil {
			if name != "init" && name != "_" && !(name == "main" && p.types.Name() == "main") {
				found[p.info.Defs[function.Name]] = true
			}
		} else if !needed[name] {
			found[p.info.Defs[function.Name]] = true
		}
	})
	return found
}

// renamed is another name that is exported where the old one is.
func renamed(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if token.IsExported(name) {
		return "Renamed" + name
	}
	return "renamed" + string(unicode.ToUpper(first)) + name[size:]
}

func renameFunctions(m *module) error {
	found := renameable(m)
	m.names(func(p *pkg, f *file, name *ast.Ident) {
		object := p.info.Defs[name]
		if object == nil {
			object = p.info.Uses[name]
		}
		if function, ok := object.(*types.Func); ok && found[function.Origin()] {
			m.rename(f, name, renamed(name.Name))
		}
	})
	return nil
}

//go:build ignore

// Prints the functions that Go files declare. Reads the names of files from standard input, one a line, and prints
// for each declaration of a function or method, separated by tabs: file, name, first line, first column, last line,
// last column, and "plain", or "special" where it is generic or blank: what the compiler may not compile. Methods are
// named Type.Method; positions are those of the file, whatever its //line directives say.
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
)

// receiver returns the name of a receiver's type without pointers and type parameters, and whether it has some.
func receiver(expression ast.Expr) (name string, generic bool) {
	switch e := expression.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.ParenExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		name, _ = receiver(e.X)
		return name, true
	case *ast.IndexListExpr:
		name, _ = receiver(e.X)
		return name, true
	case *ast.Ident:
		return e.Name, false
	}
	return "?", false
}

func describe(function *ast.FuncDecl) (name, kind string) {
	name = function.Name.Name
	special := name == "_" || function.Type.TypeParams != nil
	if function.Recv != nil && len(function.Recv.List) == 1 {
		of, generic := receiver(function.Recv.List[0].Type)
		name, special = of+"."+name, special || generic
	}
	if special {
		return name, "special"
	}
	return name, "plain"
}

func print(out *bufio.Writer, path string) error {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, declaration := range file.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		from, to := files.PositionFor(function.Pos(), false), files.PositionFor(function.End(), false)
		name, kind := describe(function)
		fmt.Fprintf(out, "%s\t%s\t%d\t%d\t%d\t%d\t%s\n",
			path, name, from.Line, from.Column, to.Line, to.Column, kind)
	}
	return nil
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		if err := print(out, in.Text()); err != nil {
			fmt.Fprintln(os.Stderr, "declarations:", err)
			os.Exit(1)
		}
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, "declarations:", err)
		os.Exit(1)
	}
}

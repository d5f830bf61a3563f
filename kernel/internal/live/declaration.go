package live

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// declares returns the names that a declaration brings into the scope of its package.
func declares(d ast.Decl) []string {
	var names []string
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil && d.Name.Name != "init" && d.Name.Name != "_" {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, spec.Name.Name)
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					if id.Name != "_" {
						names = append(names, id.Name)
					}
				}
			}
		}
	}
	return names
}

// receiver returns the name of the type that a method is of.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return ""
	}
	return typeName(f.Recv.List[0].Type)
}

// code returns the declaration's text.
func (d *declaration) code() string {
	c := d.source.chunks[d.chunk]
	return d.source.text[c.start:c.end]
}

// method returns the name of the method that it declares.
func (d *declaration) method() string {
	f, err := parser.ParseFile(token.NewFileSet(), "", declPrefix+d.code(), parser.SkipObjectResolution)
	if err != nil || len(f.Decls) == 0 {
		return ""
	}
	if m, ok := f.Decls[0].(*ast.FuncDecl); ok {
		return m.Name.Name
	}
	return ""
}

// before orders declarations as they were entered.
func (d *declaration) before(e *declaration) bool {
	if d.source.number != e.source.number {
		return d.source.number < e.source.number
	}
	return d.chunk < e.chunk
}

// String names the declaration for a message.
func (d *declaration) String() string {
	name := strings.Join(d.names, ", ")
	if d.receiver != "" {
		name = d.receiver + "." + d.method()
	}
	return fmt.Sprintf("%s (cell %d)", name, d.source.number)
}

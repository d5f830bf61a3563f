package editor

import (
	"go/ast"
	"go/printer"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// print formats a declaration.
func (f *sourceFile) print(n ast.Node) string {
	var b strings.Builder
	config := printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}
	if err := config.Fprint(&b, f.fset, n); err != nil {
		return f.source(n)
	}
	return b.String()
}

// exported returns a struct or interface type without the parts that other packages cannot
// see.
func exported(t ast.Expr) ast.Expr {
	keep := func(list *ast.FieldList) (*ast.FieldList, bool) {
		if list == nil {
			return list, false
		}
		out := *list
		out.List = nil
		left := false
		for _, f := range list.List {
			kept := *f
			kept.Names = slices.DeleteFunc(slices.Clone(f.Names), func(id *ast.Ident) bool { return !id.IsExported() })
			name := cell.TypeName(f.Type)
			if s, ok := f.Type.(*ast.SelectorExpr); ok {
				name = s.Sel.Name
			}
			if len(kept.Names) > 0 || len(f.Names) == 0 && (name == "" || ast.IsExported(name)) {
				out.List = append(out.List, &kept)
			}
			left = left || len(kept.Names) < len(f.Names) || len(f.Names) == 0 && name != "" && !ast.IsExported(name)
		}
		return &out, left
	}
	switch t := t.(type) {
	case *ast.StructType:
		short := *t
		short.Fields, short.Incomplete = keep(t.Fields)
		return &short
	case *ast.InterfaceType:
		short := *t
		short.Methods, short.Incomplete = keep(t.Methods)
		return &short
	}
	return t
}

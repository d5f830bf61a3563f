package editor

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
)

// packageOf describes a package.
func (d *describer) packageOf(pkg *types.Package) {
	d.declaration = fmt.Sprintf("package %s // import %q", pkg.Name(), pkg.Path())
	var constants, variables, functions, kinds []string
	dir := ""
	if pkg == types.Unsafe {
		dir = d.files.base.SourcePath("$GOROOT/src/unsafe")
	}
	for _, n := range pkg.Scope().Names() {
		if !token.IsExported(n) {
			continue
		}
		o := pkg.Scope().Lookup(n)
		if dir == "" && o.Pos().IsValid() {
			dir = filepath.Dir(d.files.base.SourcePath(d.program.Position(o.Pos()).Filename))
		}
		switch o := o.(type) {
		case *types.Const:
			constants = append(constants, n)
		case *types.Var:
			variables = append(variables, n)
		case *types.Func:
			functions = append(functions, signature(o))
		case *types.TypeName:
			kinds = append(kinds, n)
		case *types.Builtin:
			functions = append(functions, "func "+n)
		}
	}
	if dir != "" {
		d.comment = d.files.packageComment(dir, pkg.Name())
	}
	if d.detail == 0 {
		d.comment = new(doc.Package).Synopsis(d.comment)
	}
	for _, s := range []section{{"Types", wrapped("type", kinds)}, {"Functions", strings.Join(functions, "\n")}, {"Constants", wrapped("const", constants)}, {"Variables", wrapped("var", variables)}} {
		if s.code != "" {
			d.others = append(d.others, s)
		}
	}
}

// wrapped returns names behind a keyword, in lines of about 90 characters.
func wrapped(keyword string, names []string) string {
	var b strings.Builder
	width := 0
	for i, n := range names {
		switch {
		case i == 0:
			b.WriteString(keyword + " ")
		case width > 80:
			b.WriteString(",\n\t")
			width = 0
		default:
			b.WriteString(", ")
		}
		b.WriteString(n)
		width += len(n) + 2
	}
	return b.String()
}

// predeclared describes one of Go's own names, which package builtin documents.
func (d *describer) predeclared(name string) {
	f := d.files.file("$GOROOT/src/builtin/builtin.go")
	if f == nil {
		return
	}
	at := f.find(name, 0)
	if at == nil {
		return
	}
	d.from = "Go"
	d.fromSource(at, types.NewFunc(token.NoPos, types.Unsafe, name, nil))
	if d.declaration == "" {
		d.declaration = name
		if spec, ok := at.path[len(at.path)-2].(*ast.ValueSpec); ok {
			d.declaration = outer(at.path[:len(at.path)-2]).Tok.String() + " " + f.source(spec)
		}
	}
}

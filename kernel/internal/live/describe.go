package live

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/doc/comment"
	"go/printer"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// describer gathers what is known of a name.
type describer struct {
	*Session
	sketch *sketch // of the cell being typed
	detail int

	declaration string // Go
	from        string // package or cell
	comment     string // as in the source, without its marks
	others      []section
}

// section is Go code under a heading.
type section struct{ title, code string }

func (d *describer) found() bool { return d.declaration != "" }

// object describes what a name means.
func (d *describer) object(o types.Object) {
	switch o := o.(type) {
	case *types.PkgName:
		d.packageOf(o.Imported())
		return
	case *types.Builtin, *types.Nil:
		d.predeclared(o.Name())
		return
	case *types.Label:
		return
	case *types.TypeName:
		if o.Pkg() == nil {
			d.predeclared(o.Name())
			return
		}
	case *types.Const:
		if o.Pkg() == nil {
			d.predeclared(o.Name())
			return
		}
	}
	at := d.find(o)
	d.from = d.origin(o, at)
	if at != nil {
		d.fromSource(at, o)
	}
	switch o := o.(type) {
	case *types.Func:
		if d.declaration == "" {
			d.declaration = signature(o)
		}
	case *types.TypeName:
		if d.declaration == "" {
			d.declaration = "type " + o.Name() + " " + types.TypeString(o.Type().Underlying(), shortly)
		}
		d.methods(o)
	case *types.Const:
		if d.declaration = "const " + o.Name(); isTyped(o.Type()) {
			d.declaration += " " + types.TypeString(o.Type(), shortly)
		}
		d.declaration += " = " + o.Val().String()
	case *types.Var:
		kind := "var "
		if o.IsField() {
			kind = "field "
		}
		d.declaration = kind + o.Name() + " " + types.TypeString(o.Type(), shortly)
		d.typeOf(o.Type())
	}
}

func isTyped(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return !ok || b.Info()&types.IsUntyped == 0
}

// origin says where an object is from.
func (d *describer) origin(o types.Object, at *declared) string {
	switch {
	case o.Pkg() == nil:
		return ""
	case !inCell(o):
		return "package " + o.Pkg().Path()
	case at != nil && at.cell > 0:
		return fmt.Sprintf("cell %d", at.cell)
	}
	if e := d.Session.scope.entries[o.Name()]; e != nil && e.obj == o {
		if s := d.sourceOf(e.cell); s != nil {
			return fmt.Sprintf("cell %d", s.number)
		}
	}
	return "this cell"
}

// fromSource takes what the source of an object says.
func (d *describer) fromSource(at *declared, o types.Object) {
	for i := len(at.path) - 2; i >= 0; i-- {
		switch n := at.path[i].(type) {
		case *ast.FuncDecl:
			if _, ok := o.(*types.Func); !ok {
				return // of its own
			}
			short := *n
			short.Doc, short.Body = nil, nil
			d.declaration = at.print(&short)
			d.take(at, n, n.Doc)
			return
		case *ast.Field:
			if f, ok := o.(*types.Func); ok { // of an interface
				d.declaration = signature(f)
			}
			d.take(at, n, n.Doc, n.Comment)
			return
		case *ast.TypeSpec:
			short := *n
			short.Doc, short.Comment = nil, nil
			if !inCell(o) {
				short.Type = exported(n.Type)
			}
			d.declaration = at.print(&ast.GenDecl{Tok: token.TYPE, TokPos: n.Pos(), Specs: []ast.Spec{&short}})
			var node ast.Node = n
			group := outer(at.path[:i])
			if len(group.Specs) == 1 {
				node = group
			}
			d.take(at, node, n.Doc, group.Doc, n.Comment)
			return
		case *ast.ValueSpec:
			group := outer(at.path[:i])
			d.take(at, n, n.Doc, n.Comment, group.Doc)
			return
		case *ast.AssignStmt:
			d.take(at, n)
			return
		}
	}
}

// outer returns the declaration that a spec is of.
func outer(path []ast.Node) *ast.GenDecl {
	if len(path) > 0 {
		if g, ok := path[len(path)-1].(*ast.GenDecl); ok {
			return g
		}
	}
	return &ast.GenDecl{}
}

// take takes the first comment that there is, and the source if it is wanted.
func (d *describer) take(at *declared, n ast.Node, comments ...*ast.CommentGroup) {
	for _, c := range comments {
		if d.comment == "" {
			d.comment = c.Text()
		}
	}
	if d.detail > 0 {
		d.others = append(d.others, section{"Source", at.source(n)})
	}
}

// print formats a declaration.
func (f *sourceFile) print(n ast.Node) string {
	var b strings.Builder
	config := printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}
	if err := config.Fprint(&b, f.fset, n); err != nil {
		return f.source(n)
	}
	return b.String()
}

// exported returns a struct or interface type without what other packages cannot see.
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
			name := typeName(f.Type)
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

// signature returns a function's declaration without its body.
func signature(f *types.Func) string {
	s := "func "
	if r := f.Signature().Recv(); r != nil && !types.IsInterface(r.Type()) {
		s += "(" + r.Name() + strings.Repeat(" ", min(1, len(r.Name()))) + types.TypeString(r.Type(), func(*types.Package) string { return "" }) + ") "
	}
	return s + f.Name() + strings.TrimPrefix(types.TypeString(f.Type(), shortly), "func")
}

// typeOf adds what there is to say of a variable's type, if it has a name.
func (d *describer) typeOf(t types.Type) {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, ok := t.(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return
	}
	of := &describer{Session: d.Session, sketch: d.sketch}
	of.object(named.Obj())
	d.others = append(d.others, section{"Type", of.declaration})
	d.others = append(d.others, of.others...)
	if d.comment == "" {
		d.comment = of.comment
	}
}

// methods adds the methods of a type, and the functions that make its values.
func (d *describer) methods(o *types.TypeName) {
	named, ok := types.Unalias(o.Type()).(*types.Named)
	if !ok {
		return
	}
	named = named.Origin()
	var methods []*types.Func
	for i := range named.NumMethods() {
		if m := named.Method(i); m.Exported() || inCell(m) {
			methods = append(methods, m)
		}
	}
	slices.SortFunc(methods, func(a, b *types.Func) int { return strings.Compare(a.Name(), b.Name()) })
	var lines []string
	for _, m := range methods {
		lines = append(lines, signature(m))
	}
	if len(lines) > 0 {
		d.others = append(d.others, section{"Methods", strings.Join(lines, "\n")})
	}
	if inCell(o) {
		return
	}
	if makers := makers(o.Pkg(), named); len(makers) > 0 && len(makers) <= 10 { // of more it is no maker's work
		d.others = append(d.others, section{"Functions", strings.Join(makers, "\n")})
	}
}

// makers returns a package's functions whose first result is of a type.
func makers(pkg *types.Package, of *types.Named) []string {
	var lines []string
	for _, n := range pkg.Scope().Names() {
		if !token.IsExported(n) {
			continue
		}
		f, ok := pkg.Scope().Lookup(n).(*types.Func)
		if !ok || f.Signature().Results().Len() == 0 {
			continue
		}
		t := types.Unalias(f.Signature().Results().At(0).Type())
		if p, ok := t.(*types.Pointer); ok {
			t = types.Unalias(p.Elem())
		}
		if named, ok := t.(*types.Named); ok && named.Origin() == of {
			lines = append(lines, signature(f))
		}
	}
	return lines
}

// predeclared describes a name of Go's own, which package builtin documents.
func (d *describer) predeclared(name string) {
	f := d.base.file("$GOROOT/src/builtin/builtin.go")
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

// packageOf describes a package.
func (d *describer) packageOf(pkg *types.Package) {
	d.declaration = fmt.Sprintf("package %s // import %q", pkg.Name(), pkg.Path())
	var constants, variables, functions, kinds []string
	dir := ""
	if pkg == types.Unsafe {
		dir = d.base.sourcePath("$GOROOT/src/unsafe")
	}
	for _, n := range pkg.Scope().Names() {
		if !token.IsExported(n) {
			continue
		}
		o := pkg.Scope().Lookup(n)
		if dir == "" && o.Pos().IsValid() {
			dir = filepath.Dir(d.base.sourcePath(d.fset.PositionFor(o.Pos(), false).Filename))
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
		d.comment = d.base.packageComment(dir, pkg.Name())
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

// wrapped returns names behind a keyword, in lines of some 90 characters.
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

// text returns the description as plain text.
func (d *describer) text() string {
	parts := []string{d.declaration}
	if d.from != "" {
		parts = append(parts, "from "+d.from)
	}
	if d.comment != "" {
		printer := &comment.Printer{TextWidth: 90}
		parts = append(parts, strings.TrimRight(string(printer.Text(new(comment.Parser).Parse(d.comment))), "\n"))
	}
	for _, s := range d.others {
		parts = append(parts, s.title+":\n"+s.code)
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// markdown returns the description as Markdown.
func (d *describer) markdown() string {
	parts := []string{fenced(d.declaration)}
	if d.from != "" {
		parts = append(parts, "*from "+d.from+"*")
	}
	if d.comment != "" {
		printer := &comment.Printer{HeadingLevel: 4, HeadingID: func(*comment.Heading) string { return "" }, DocLinkURL: linkTo}
		parts = append(parts, strings.TrimRight(string(printer.Markdown(new(comment.Parser).Parse(d.comment))), "\n"))
	}
	for _, s := range d.others {
		parts = append(parts, "**"+s.title+"**\n\n"+fenced(s.code))
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// fenced returns Go code as a block of Markdown, in a fence longer than any within.
func fenced(code string) string {
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fence + "go\n" + code + "\n" + fence
}

// linkTo returns where a name in the documentation is documented: those of the standard
// library are known to be somewhere.
func linkTo(link *comment.DocLink) string {
	if first, _, _ := strings.Cut(link.ImportPath, "/"); first == "" || strings.Contains(first, ".") {
		return ""
	}
	return link.DefaultURL("https://pkg.go.dev")
}

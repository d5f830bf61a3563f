package live

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/guard"
	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
)

// rewriter turns a checked cell into the files of a Go package of its own. Names that
// other packages could not see get host.Mark in front, and names of other cells their
// package; everything keeps its line.
type rewriter struct {
	*checked
	scope  *scope
	owners map[types.Object]int // of what the cell declares, too
	cells  map[int]bool         // that the file being written refers to
	inits  []string             // functions that run before the statements
	checks []guard.Insertion    // where code looks whether it is to stop

	packages map[string]string // what the file being written imports by the names in the cell
	aliases  map[string]string // and by ours
}

// mark returns a name as other packages can see it.
func mark(name string) string {
	if name == "_" || token.IsExported(name) {
		return name
	}
	return host.Mark + name
}

// cellPath is the import path of a cell's package.
func cellPath(n int) string { return cellPrefix + strconv.Itoa(n) }

const cellPrefix = "cell/"

// lineDirective has the compiler speak of a cell's lines.
func lineDirective(cell, line int) string { return fmt.Sprintf("//line cell[%d]:%d\n", cell, line) }

// output is a package to compile.
type output struct {
	files   map[string]string // by name
	imports map[string]bool   // import paths
}

func rewrite(c *checked, s *scope) (*output, error) {
	r := &rewriter{checked: c, scope: s, owners: map[types.Object]int{}}
	for _, n := range c.pkg.Scope().Names() {
		if o := c.pkg.Scope().Lookup(n); o.Pkg() == c.pkg {
			r.owners[o] = c.cell.unit
		}
	}
	for _, v := range c.variables {
		r.owners[v.local] = v.owner
		if o := c.pkg.Scope().Lookup(v.name); o != nil && o.Pkg() == c.pkg {
			r.owners[o] = v.owner
		}
	}
	var nodes []ast.Node
	for _, f := range c.files {
		nodes = append(nodes, f.ast)
	}
	r.checks = s.guard.Checks(fmt.Sprintf("if %sstop.Up() { %shost.Stopped() }", host.Mark+host.Mark, host.Mark), c.info, nodes...)
	out := &output{files: map[string]string{}, imports: map[string]bool{}}
	for i, f := range c.files {
		r.clear()
		text, err := r.file(f)
		if err != nil {
			return nil, err
		}
		r.header(out, fmt.Sprintf("part%d.go", i), f, text)
	}
	r.clear()
	body, err := r.frame()
	if err != nil {
		return nil, err
	}
	r.header(out, "frame.go", nil, body)
	return out, nil
}

// clear prepares for the next file.
func (r *rewriter) clear() {
	r.cells, r.packages, r.aliases = map[int]bool{}, map[string]string{}, map[string]string{}
}

// header adds a file with the imports that its text needs.
func (r *rewriter) header(out *output, name string, f *file, text string) {
	var b strings.Builder
	b.WriteString("package " + host.Mark + "main\n\n") // main, and no program
	add := func(alias, path string) {
		fmt.Fprintf(&b, "import %s %q\n", alias, path)
		out.imports[path] = true
	}
	if strings.Contains(text, host.Mark+"host.") {
		add(host.Mark+"host", hostPackage)
	}
	if f == nil {
		add("_", shimPackage)
		for _, path := range r.checked.effects {
			add("_", path)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(r.cells)) {
		add(cellAlias(n), cellPath(n))
	}
	for _, path := range slices.Sorted(maps.Keys(r.aliases)) {
		add(r.aliases[path], path)
	}
	for _, name := range slices.Sorted(maps.Keys(r.packages)) {
		add(name, r.packages[name])
	}
	out.files[name] = b.String() + "\n" + text
}

func cellAlias(n int) string { return host.Mark + strconv.Itoa(n) }

// owner returns the cell whose package an object belongs to.
func (r *rewriter) owner(o types.Object) (int, bool) {
	if n, ok := r.owners[o]; ok {
		return n, true
	}
	n, ok := r.scope.owners[o]
	return n, ok
}

// reference returns how the package of this cell names an object: false where it is
// not one of a cell.
func (r *rewriter) reference(o types.Object) (string, bool) {
	switch x := o.(type) {
	case *types.Var:
		if x.IsField() {
			return mark(x.Name()), inCell(x)
		}
		o = x.Origin()
	case *types.Func:
		if x.Signature().Recv() != nil {
			return mark(x.Name()), inCell(x)
		}
		o = x.Origin()
	}
	n, ok := r.owner(o)
	if !ok {
		return "", false
	}
	if n != r.cell.unit {
		r.cells[n] = true
		return cellAlias(n) + "." + mark(o.Name()), true
	}
	return mark(o.Name()), true
}

// inCell tells whether an object is of some cell's package.
func inCell(o types.Object) bool { return o.Pkg() != nil && o.Pkg().Path() == "main" }

// alias returns the name that a file imports a package by for our own sake.
func (r *rewriter) alias(pkg *types.Package) string {
	if r.aliases[pkg.Path()] == "" {
		r.aliases[pkg.Path()] = fmt.Sprintf("%sp%d", host.Mark, len(r.aliases))
	}
	return r.aliases[pkg.Path()]
}

// edit replaces bytes of a cell.
type edit struct {
	start, end int
	text       string
}

// file returns the code of a file.
func (r *rewriter) file(f *file) (string, error) {
	var edits []edit
	replace := func(from, to token.Pos, text string) {
		edits = append(edits, edit{f.offset(from), f.offset(to), text})
	}
	gone := map[ast.Node]bool{}       // types of variables at the top
	selected := map[*ast.Ident]bool{} // behind a dot
	if f == r.statements {
		for _, stmt := range f.run().Body.List {
			r.atTop(stmt, replace, gone)
		}
		if stmt, hidden := r.last(); stmt != nil && r.shows(stmt.X) {
			_, called := ast.Unparen(stmt.X).(*ast.CallExpr)
			switch {
			case hidden && called:
			case hidden:
				replace(stmt.Pos(), stmt.Pos(), "_ = ")
			case called && types.Identical(r.info.Types[stmt.X].Type, types.Universe.Lookup("error").Type()):
				replace(stmt.Pos(), stmt.Pos(), host.Mark+"host.ShowError(")
				replace(stmt.End(), stmt.End(), ")")
			default:
				replace(stmt.Pos(), stmt.Pos(), host.Mark+"host.Show(")
				replace(stmt.End(), stmt.End(), ")")
			}
		}
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if gone[n] {
			return false
		}
		switch n := n.(type) {
		case *ast.GenDecl:
			if n.Tok == token.IMPORT {
				replace(n.Pos(), n.End(), strings.Repeat("\n", strings.Count(f.text[f.offset(n.Pos()):f.offset(n.End())], "\n")))
				return false
			}
		case *ast.SelectorExpr:
			selected[n.Sel] = true
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				name := fmt.Sprintf("%sinit%d", host.Mark, len(r.inits))
				r.inits = append(r.inits, name)
				replace(n.Name.Pos(), n.Name.End(), name)
			} else if isInit(n) && f == r.files[1] { // not where it is compiled again
				r.inits = append(r.inits, mark(n.Name.Name))
			}
		case *ast.Field:
			if fields := n.Names; len(fields) > 0 && r.isPrivateField(fields) && n.Tag == nil {
				replace(n.Type.End(), n.Type.End(), " "+strconv.Quote(hidden))
			}
		case *ast.Ident:
			o := r.info.Uses[n]
			if o == nil {
				o = r.info.Defs[n]
			}
			if o == nil || n.Name == "_" {
				break
			}
			if p, ok := o.(*types.PkgName); ok {
				r.packages[p.Name()] = p.Imported().Path()
				break
			}
			if text, ok := r.reference(o); ok && text != n.Name {
				replace(n.Pos(), n.End(), text)
			} else if !ok && !selected[n] && o.Pkg() != nil && o.Pkg() != r.pkg && o.Parent() == o.Pkg().Scope() {
				replace(n.Pos(), n.End(), r.alias(o.Pkg())+"."+n.Name) // by a dot import
			}
		}
		return true
	})
	for _, c := range r.checks {
		if f.has(c.At) {
			replace(c.At, c.At, c.Text)
		}
	}
	text, err := apply(f.text, edits)
	if err != nil {
		return "", err
	}
	text = lineDirective(f.cell.number, 1) + text + "\n"
	if f == r.statements {
		text = "func " + statementsName + "() {\n" + text + "}\n"
	}
	return text, nil
}

// isInit tells whether a function is one that GoNB makes an init of: init_ and a name. Unlike
// those called init, it has a name that others can call.
func isInit(f *ast.FuncDecl) bool {
	return f.Recv == nil && strings.HasPrefix(f.Name.Name, "init_") && f.Type.TypeParams == nil && f.Type.Params.NumFields() == 0 && f.Type.Results == nil
}

// hidden is the tag of a field that other packages did not see before it was marked:
// encoders see it now, and are not to.
const hidden = `json:"-" xml:"-" yaml:"-"`

func (r *rewriter) isPrivateField(names []*ast.Ident) bool {
	for _, id := range names {
		if v, ok := r.info.Defs[id].(*types.Var); !ok || !v.IsField() || v.Exported() || v.Name() == "_" {
			return false
		}
	}
	return true
}

// apply makes the edits, which may not overlap.
func apply(text string, edits []edit) (string, error) {
	sort.SliceStable(edits, func(i, j int) bool {
		a, b := edits[i], edits[j]
		return a.start < b.start || a.start == b.start && a.end == a.start && b.end > b.start // what is put in goes first
	})
	var b strings.Builder
	at := 0
	for _, e := range edits {
		if e.start < at {
			return "", fmt.Errorf("two changes to %q", text[e.start:e.end])
		}
		b.WriteString(text[at:e.start] + e.text)
		at = e.end
	}
	return b.String() + text[at:], nil
}

// atTop makes an assignment to variables of the package of a declaration at the top.
func (r *rewriter) atTop(stmt ast.Stmt, replace func(from, to token.Pos, text string), gone map[ast.Node]bool) {
	switch stmt := stmt.(type) {
	case *ast.LabeledStmt:
		r.atTop(stmt.Stmt, replace, gone)
	case *ast.AssignStmt:
		if stmt.Tok == token.DEFINE {
			replace(stmt.TokPos, stmt.TokPos+2, "=")
		}
	case *ast.DeclStmt:
		g := stmt.Decl.(*ast.GenDecl)
		if g.Tok != token.VAR {
			return
		}
		replace(g.TokPos, g.TokPos+3, "")
		if g.Lparen.IsValid() {
			replace(g.Lparen, g.Lparen+1, "")
			replace(g.Rparen, g.Rparen+1, "")
		}
		for _, spec := range g.Specs {
			spec := spec.(*ast.ValueSpec)
			if spec.Type != nil {
				gone[spec.Type] = true
				replace(spec.Type.Pos(), spec.Type.End(), "")
			}
			if len(spec.Values) > 0 {
				continue
			}
			replace(spec.Pos(), spec.Pos(), host.Mark+"host.Zero(")
			for _, id := range spec.Names {
				if id.Name == "_" {
					replace(id.Pos(), id.End(), "nil")
				} else {
					replace(id.Pos(), id.Pos(), "&")
				}
			}
			replace(spec.Type.End(), spec.Type.End(), ")")
		}
	}
}

// shows tells whether the value of a cell's last expression is to be shown.
func (r *rewriter) shows(x ast.Expr) bool {
	tv := r.info.Types[x]
	if tv.IsVoid() || tv.IsType() || tv.IsBuiltin() || tv.Type == nil {
		return false
	}
	if t, ok := tv.Type.(*types.Tuple); ok && t.Len() == 0 {
		return false
	}
	if call, ok := ast.Unparen(x).(*ast.CallExpr); ok { // that it printed is enough
		if s, ok := call.Fun.(*ast.SelectorExpr); ok {
			if f, ok := r.info.Uses[s.Sel].(*types.Func); ok && f.Pkg() != nil && f.Pkg().Path() == "fmt" && strings.Contains(f.Name(), "rint") && !strings.HasPrefix(f.Name(), "S") {
				return false
			}
		}
	}
	return true
}

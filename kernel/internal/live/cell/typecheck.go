package cell

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// types runs the type checker over the cell's files and what they use of earlier cells.
func (c *Checked) types() Problems {
	problems, retry := c.typesOnce()
	if retry {
		problems, _ = c.typesOnce()
	}
	return problems
}

func (c *Checked) typesOnce() (problems Problems, retry bool) {
	c.Package = types.NewPackage("main", "main")
	hidden := c.hidden()
	earlier, err := c.repeat(hidden)
	if err != nil {
		return Problems{{Cell: c.Cell.Number, Message: fmt.Sprintf("%s: %v", checkerFailed, err)}}, false
	}
	dots := c.dots(hidden)
	asts := []*ast.File{earlier}
	for _, f := range c.files {
		asts = append(asts, c.withImports(f, dots, hidden))
	}
	c.Info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Scopes: map[ast.Node]*types.Scope{}, Instances: map[*ast.Ident]types.Instance{}, Implicits: map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	var errs []types.Error
	conf := types.Config{
		Importer: importerOf(func(path string) (*types.Package, error) {
			if pkg := dots[path]; pkg != nil {
				return pkg, nil
			}
			return c.Imports.Import(path)
		}), GoVersion: "go1.26", FakeImportC: true,
		Error: func(err error) {
			if e, ok := err.(types.Error); ok {
				errs = append(errs, e)
			}
		},
	}
	if failure := run(types.NewChecker(&conf, c.program.fset, c.Package, c.Info), asts); failure != nil {
		return Problems{{Cell: c.Cell.Number, Message: fmt.Sprintf("%s: %v", checkerFailed, failure)}}, false
	}
	c.mapThings(hidden)
	c.findVariables()
	if len(errs) > 0 && c.findEmbedded() {
		return nil, true
	}
	for _, e := range errs {
		if !c.ignored(e) && !strings.HasPrefix(e.Msg, "\t") { // what is indented explains the one before
			problems = append(problems, ofChecker(c, e))
		}
	}
	if len(problems) == 0 {
		problems = c.tooLarge()
	}
	return problems, false
}

// checkerFailed is what the user is told when the type checker panics: it is made for whole
// packages.
const checkerFailed = "the type checker cannot make sense of this"

// run runs a type checker and returns what it panics with.
func run(checker *types.Checker, files []*ast.File) (failure any) {
	defer func() { failure = recover() }()
	checker.Files(files)
	return nil
}

// hidden returns the names that mean what the cell declares.
func (c *Checked) hidden() map[string]bool {
	hidden := maps.Clone(c.own)
	for _, d := range c.again {
		for _, n := range d.names() {
			hidden[n] = true
		}
	}
	maps.Copy(hidden, c.named)
	for _, v := range c.fresh {
		hidden[v.name] = true
	}
	return hidden
}

// checkName is what the checker knows a thing by.
func (c *Checked) checkName(t *Thing, hidden map[string]bool) string {
	if c.program.current[t.Name] == t && !hidden[t.Name] {
		return t.Name
	}
	return c.program.oldName(t)
}

// repeat returns a file of what the cell uses of earlier cells, and of the variables that
// functions are to know of.
func (c *Checked) repeat(hidden map[string]bool) (*ast.File, error) {
	names := map[string]bool{}
	for _, f := range c.files {
		mentions(f.AST, names)
	}
	var needed []*Thing
	for _, n := range slices.Sorted(maps.Keys(names)) {
		if t := c.program.current[n]; t != nil && (!hidden[n] || t.Class == Variable) {
			needed = append(needed, t)
		} else if t == nil && strings.Contains(n, mark.Letter) {
			needed = append(needed, c.earlierNamed(n)...)
		}
	}
	needed = append(needed, c.extra...)
	c.earlier = nil
	closure(needed, c.replacesMethod, func(t *Thing) { c.earlier = append(c.earlier, t) })

	var code strings.Builder
	aliases := map[string]string{}
	w := &writing{alias: func(path string) string {
		if aliases[path] == "" {
			aliases[path] = fmt.Sprintf("%sp%d", mark.Letter, len(aliases))
		}
		return aliases[path]
	}}
	w.thing = func(t *Thing) string { return c.checkName(t, hidden) }
	w.value = w.thing
	w.builtin = func(name string) string {
		if !hidden[name] && c.program.current[name] == nil {
			return name
		}
		ours := mark.Letter + name // the cells have given the name another meaning
		c.Package.Scope().Insert(types.NewTypeName(token.NoPos, c.Package, ours, types.Universe.Lookup(name).Type()))
		return ours
	}
	for _, t := range c.earlier {
		c.writeThing(&code, w, t, true)
	}
	for _, v := range c.fresh {
		fmt.Fprintf(&code, "var %s %s\n", v.name, w.write(v.head))
	}
	var header strings.Builder
	header.WriteString("package main\n")
	for _, path := range slices.Sorted(maps.Keys(aliases)) {
		fmt.Fprintf(&header, "import %s %q\n", aliases[path], path)
	}
	return parser.ParseFile(c.program.fset, "", header.String()+code.String(), parser.SkipObjectResolution|parser.ParseComments)
}

// earlierNamed returns the thing that the checker was told under a name of before.
func (c *Checked) earlierNamed(name string) []*Thing {
	for _, t := range c.earlier {
		if c.program.oldName(t) == name {
			return []*Thing{t}
		}
	}
	return nil
}

// replacesMethod tells whether the cell, or what is compiled again with it, has another
// method in the place of one.
func (c *Checked) replacesMethod(t *Thing, m *method) bool {
	for i, f := range c.files[1:] {
		for _, d := range f.AST.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.Name == m.name && c.receiver(fn) == t {
				if i == 0 || m.decl.source == f.Cell {
					return true
				}
			}
		}
	}
	return false
}

// writeThing writes a thing of an earlier cell, and its methods. To the checker, check,
// variables are variables; in compiled cells they are pointers.
func (c *Checked) writeThing(b *strings.Builder, w *writing, t *Thing, check bool) {
	at := func(p *piece, source *Source) {
		if check {
			fmt.Fprintf(b, "//line %s:%d\n", fileName(source.Unit), p.line)
		} else {
			b.WriteString(lineDirective(source.Number, p.line))
		}
	}
	name := w.thing(t)
	switch {
	case t.Class == Variable && check:
		fmt.Fprintf(b, "var %s %s\n", name, w.write(t.head))
	case t.Class == Variable:
		fmt.Fprintf(b, "var %s *%s\n", name, w.write(t.head))
	case t.Class == Constant:
		fmt.Fprintf(b, "const %s %s\n", name, w.write(t.head))
	case t.Class == Type:
		at(t.head, t.source)
		fmt.Fprintf(b, "type %s\n", w.write(t.head))
		for _, m := range t.sortedMethods() {
			if !c.replacesMethod(t, m) {
				at(m.head, m.decl.source)
				fmt.Fprintf(b, "%s\n", w.write(m.head))
			}
		}
	default:
		at(t.head, t.source)
		fmt.Fprintf(b, "%s\n", w.write(t.head))
	}
}

// dots returns the packages whose names are in the cell's scope, under paths of ours, each
// without the names that mean something else to the cell.
func (c *Checked) dots(hidden map[string]bool) map[string]*types.Package {
	all := map[string]*types.Package{}
	seen := map[string]bool{}
	for _, path := range c.Imports.dots {
		pkg, err := c.Imports.Import(path)
		if err != nil {
			continue
		}
		names := types.NewPackage(mark.Letter+path, pkg.Name())
		for _, n := range pkg.Scope().Names() {
			if o := pkg.Scope().Lookup(n); o.Exported() && !hidden[n] && c.program.current[n] == nil && !seen[n] {
				seen[n] = true
				names.Scope().Insert(o)
			}
		}
		names.MarkComplete()
		all[names.Path()] = names
	}
	return all
}

// importerOf is a types.Importer.
type importerOf func(path string) (*types.Package, error)

// Import implements types.Importer.
func (f importerOf) Import(path string) (*types.Package, error) { return f(path) }

// mapThings notes which thing of an earlier cell each object is.
func (c *Checked) mapThings(hidden map[string]bool) {
	c.things = map[types.Object]*Thing{}
	for _, t := range c.earlier {
		if o := c.Package.Scope().Lookup(c.checkName(t, hidden)); o != nil {
			c.things[o] = t
		}
	}
}

// findEmbedded gives selectors of fields that are called after a type of before the name
// that the checker knows that type by. It tells whether there were any.
func (c *Checked) findEmbedded() (found bool) {
	old := map[string][]string{}
	for _, t := range c.earlier {
		if t.Class == Type {
			old[t.Name] = append(old[t.Name], c.program.oldName(t))
		}
	}
	field := func(of types.Type, id *ast.Ident) {
		for _, name := range old[id.Name] {
			if o, _, _ := types.LookupFieldOrMethod(of, true, c.Package, name); o != nil && c.Info.Uses[id] == nil {
				if _, ok := c.written[id]; !ok {
					c.written[id] = id.Name
				}
				id.Name, found = name, true
				return
			}
		}
	}
	for _, f := range c.files {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if tv := c.Info.Types[n.X]; tv.Type != nil && c.Info.Selections[n] == nil {
					field(tv.Type, n.Sel)
				}
			case *ast.CompositeLit:
				for _, e := range n.Elts {
					if pair, ok := e.(*ast.KeyValueExpr); ok && c.Info.Types[n].Type != nil {
						if id, ok := pair.Key.(*ast.Ident); ok {
							field(c.Info.Types[n].Type, id)
						}
					}
				}
			}
			return true
		})
	}
	return found
}

// withImports returns a file with imports for the packages that it uses in place of its own.
func (c *Checked) withImports(f *File, dots map[string]*types.Package, hidden map[string]bool) *ast.File {
	out := *f.AST
	out.Imports, out.Decls = nil, nil
	block := &ast.GenDecl{Tok: token.IMPORT, TokPos: f.AST.Name.End(), Lparen: f.AST.Name.End(), Rparen: f.AST.Name.End()}
	members := Qualifiers(f.AST)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		taken := hidden[name] || c.program.current[name] != nil || f != c.statements && c.declaresAtTop(name)
		if taken && !c.named[name] || c.Package.Scope().Lookup(name) != nil {
			continue
		}
		if path := c.Imports.Resolve(name, members[name]); path != "" {
			spec := &ast.ImportSpec{
				Name: &ast.Ident{Name: name, NamePos: f.AST.Name.End()},
				Path: &ast.BasicLit{Kind: token.STRING, Value: `"` + path + `"`, ValuePos: f.AST.Name.End()},
			}
			block.Specs = append(block.Specs, spec)
			out.Imports = append(out.Imports, spec)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(dots)) {
		spec := &ast.ImportSpec{
			Name: &ast.Ident{Name: ".", NamePos: f.AST.Name.End()},
			Path: &ast.BasicLit{Kind: token.STRING, Value: `"` + path + `"`, ValuePos: f.AST.Name.End()},
		}
		block.Specs = append(block.Specs, spec)
		out.Imports = append(out.Imports, spec)
	}
	if len(block.Specs) > 0 {
		out.Decls = append(out.Decls, block)
	}
	for _, d := range f.AST.Decls {
		if g, ok := d.(*ast.GenDecl); !ok || g.Tok != token.IMPORT {
			out.Decls = append(out.Decls, d)
		}
	}
	return &out
}

// importsName tells whether a file imports a package.
func importsName(f *ast.File, path string) bool {
	for _, spec := range f.Imports {
		if spec.Path.Value == `"`+path+`"` {
			return true
		}
	}
	return false
}

// ignored tells whether an error does not count in a session: a variable of the top, or an
// import, may be for a later cell; the last expression is shown.
func (c *Checked) ignored(e types.Error) bool {
	switch {
	case strings.Contains(e.Msg, "imported") && strings.HasSuffix(e.Msg, "and not used"):
		return true
	case strings.HasSuffix(e.Msg, " is not used"):
		last, _ := c.last()
		return last != nil && last.Pos() <= e.Pos && e.Pos < last.End()
	case strings.HasPrefix(e.Msg, "declared and not used"):
		return slices.ContainsFunc(c.variables, func(v *variable) bool { return v.pos == e.Pos })
	}
	return false
}

package cell

import (
	"go/ast"
	"go/token"
	"go/types"
)

// newMethod is a method that a cell adds to a type, or puts in the place of one.
type newMethod struct {
	of *Thing
	*method
}

// enter makes the things that the cell declares and the declarations that they come from.
// They are no part of the program until [Program.Adopt].
func (c *Checked) enter() {
	c.made, c.entered, c.methods, c.instances, c.locals = nil, nil, nil, nil, map[types.Object]bool{}
	var code []ast.Node
	for _, f := range c.files {
		code = append(code, f.AST)
	}
	c.checks = c.program.guard.Checks(checkStop, c.Info, code...)
	for _, f := range c.files[1:] {
		for _, d := range f.AST.Decls {
			for _, name := range declares(d) {
				c.enterName(name, f)
			}
		}
	}
	for _, t := range c.made {
		if o, ok := c.object(t).(*types.Const); ok {
			t.head = c.constantPiece(o)
		}
	}
	c.enterVariables()
	c.enterLocals()
	for i, f := range c.files[1:] {
		if f == c.first {
			continue
		}
		refs := c.refs(f)
		for _, d := range f.AST.Decls {
			decl := &declaration{source: f.Cell, chunk: f.Cell.chunkAt(f.Offset(d.Pos())), uses: map[*Thing]bool{}, calls: map[*Thing]map[string]bool{}}
			c.enterDeclaration(decl, f, refs, d)
			if i > 0 || len(decl.things) > 0 || decl.receiver != nil {
				c.entered = append(c.entered, decl)
			}
		}
	}
	c.enterInstances()
}

// enterName makes the thing for a name that is declared outside of the statements.
func (c *Checked) enterName(name string, f *File) {
	t := &Thing{Name: name, Cell: f.Cell.Number, source: f.Cell}
	o := c.Package.Scope().Lookup(name)
	switch o := o.(type) {
	case *types.Func:
		t.Class = Function
	case *types.Const:
		t.Class = Constant
	case *types.TypeName:
		t.Class, t.isAlias, t.methods = Type, o.IsAlias(), map[string]*method{}
		if named, ok := o.Type().(*types.Named); ok && !t.isAlias {
			t.params = named.TypeParams().Len()
			switch u := named.Underlying().(type) {
			case *types.Pointer, *types.Interface:
			case *types.Basic:
				t.roomy = u.Kind() != types.UnsafePointer
			default:
				t.roomy = true
			}
		}
	default:
		return // a variable, or nothing
	}
	t.Symbol = c.program.symbol(name, t.Class, c.Cell.Unit)
	t.Text = types.ObjectString(o, types.RelativeTo(c.Package))
	c.made = append(c.made, t)
	c.things[o] = t
}

// enterVariables makes the things for the cell's variables.
func (c *Checked) enterVariables() {
	byName := map[string]*Thing{}
	for _, v := range c.variables {
		if v.first {
			c.locals[v.object] = true
		}
		if v.thing = v.same; v.thing == nil {
			v.thing = byName[v.name]
		}
		if v.thing == nil {
			head, err := c.typePiece(v.typ)
			if err != nil {
				c.warn(v.name + " lives in this cell alone: " + err.Error())
				continue
			}
			v.thing = &Thing{Name: v.name, Class: Variable, Cell: c.Cell.Number, source: c.Cell, head: head,
				Symbol: c.program.symbol(v.name, Variable, c.Cell.Unit), Text: "var " + v.name + " " + types.TypeString(v.typ, types.RelativeTo(c.Package))}
			c.made = append(c.made, v.thing)
			byName[v.name] = v.thing
		}
		if v.first {
			c.things[v.object] = v.thing
		}
	}
	for _, v := range c.fresh {
		if o := c.Package.Scope().Lookup(v.name); o != nil && byName[v.name] != nil {
			c.things[o] = byName[v.name]
		}
	}
}

// warn adds a warning, once.
func (c *Checked) warn(text string) {
	for _, w := range c.Warnings {
		if w == text {
			return
		}
	}
	c.Warnings = append(c.Warnings, text)
}

// enterDeclaration notes what a declaration declares, what it refers to, and how it is
// repeated.
func (c *Checked) enterDeclaration(decl *declaration, f *File, refs []ref, d ast.Decl) {
	for _, n := range declares(d) {
		t := c.things[c.Package.Scope().Lookup(n)]
		t.decl = decl
		decl.things = append(decl.things, t)
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		c.enterFunction(decl, f, refs, d)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			spec, ok := spec.(*ast.TypeSpec)
			if !ok || spec.Name.Name == "_" {
				continue
			}
			t := c.things[c.Package.Scope().Lookup(spec.Name.Name)]
			t.head = c.pieceOf(f, refs, spec.Pos(), spec.End())
			t.embeds = c.embedded(c.Package.Scope().Lookup(t.Name))
		}
	}
	from, to := f.Offset(d.Pos()), f.Offset(d.End())
	for _, r := range refs {
		if r.thing == nil || r.from < from || to < r.to {
			continue
		}
		decl.uses[r.thing] = true
		if r.thing.Class == Variable {
			r.thing.inCode = true
		}
	}
	for _, t := range decl.things {
		delete(decl.uses, t)
	}
	ast.Inspect(d, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if m, ok := c.Info.Uses[id].(*types.Func); ok {
				if t := c.things[receiverType(m.Origin())]; t != nil {
					if decl.calls[t] == nil {
						decl.calls[t] = map[string]bool{}
					}
					decl.calls[t][m.Name()] = true
				}
			}
		}
		return true
	})
}

// enterFunction notes a function or method.
func (c *Checked) enterFunction(decl *declaration, f *File, refs []ref, d *ast.FuncDecl) {
	o, ok := c.Info.Defs[d.Name].(*types.Func)
	if !ok {
		return
	}
	generic := o.Signature().TypeParams().Len() > 0 || o.Signature().RecvTypeParams().Len() > 0
	end := d.Type.End()
	// The compiler takes no method called init without its body.
	if d.Body != nil && (generic || inlines(d) || d.Name.Name == "init") {
		end = d.Body.End()
	}
	head := c.pieceOf(f, refs, d.Pos(), end)
	if d.Recv == nil {
		if len(decl.things) > 0 {
			decl.things[0].head = head
		}
		return
	}
	t := c.receiverThing(d)
	if t == nil {
		return
	}
	decl.receiver, decl.method = t, d.Name.Name
	m := &method{name: d.Name.Name, decl: decl, head: head, pointer: isPointer(o)}
	if !generic {
		m.symbol = c.program.methodSymbol(t, m, c.Cell.Unit)
	}
	c.methods = append(c.methods, newMethod{t, m})
}

// pieceOf returns the piece of a file between two places.
func (c *Checked) pieceOf(f *File, refs []ref, from, to token.Pos) *piece {
	p := cut(f.Text, refs, f.Offset(from), f.Offset(to))
	p.line, _ = place(f.Text, f.Offset(from))
	return p
}

// embedded returns the types of cells that a struct type embeds.
func (c *Checked) embedded(o types.Object) []*Thing {
	s, ok := o.Type().Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var all []*Thing
	for i := range s.NumFields() {
		if t := types.Unalias(s.Field(i).Type()); s.Field(i).Embedded() {
			if p, ok := t.(*types.Pointer); ok {
				t = types.Unalias(p.Elem())
			}
			if n, ok := t.(*types.Named); ok && c.things[n.Origin().Obj()] != nil {
				all = append(all, c.things[n.Origin().Obj()])
			}
		}
	}
	return all
}

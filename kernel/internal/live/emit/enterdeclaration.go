package emit

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// enterDeclaration records what a declaration declares, what it refers to, and how it is
// repeated.
func (w *writer) enterDeclaration(decl *program.Declaration, f *cell.File, refs []program.Ref, d ast.Decl) {
	for _, n := range cell.Declares(d) {
		t := w.Things[w.cell.Declared(n)]
		t.Declaration = decl
		decl.Things = append(decl.Things, t)
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		w.enterFunction(decl, f, refs, d)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			spec, ok := spec.(*ast.TypeSpec)
			if !ok || spec.Name.Name == "_" {
				continue
			}
			t := w.Things[w.cell.Declared(spec.Name.Name)]
			t.Head = w.pieceOf(f, refs, spec.Pos(), spec.End())
			of := w.cell.Declared(t.Name).Type()
			t.Embeds, t.Promotes = w.embedded(of), promoted(of)
		}
	}
	from, to := f.Offset(d.Pos()), f.Offset(d.End())
	for _, r := range refs {
		switch {
		case r.From < from || to < r.To:
		case r.Thing != nil:
			decl.Uses[r.Thing] = true
			if r.Thing.Class == program.Variable {
				r.Thing.InCode = true
			}
		case r.Member != "":
			decl.Dots[r.Member] = r.Path
		case r.Path != "":
			decl.Packages[f.Text[r.From:r.To]] = r.Path
		}
	}
	for _, t := range decl.Things {
		delete(decl.Uses, t)
	}
	ast.Inspect(d, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if o := w.Info.Uses[id]; o != nil && (o.Pkg() == nil || o.Pkg() != w.Package && o.Parent() == o.Pkg().Scope()) {
				decl.Outer[o.Name()] = true // also for a name behind a dot, which is needless but harmless
			}
		}
		return true
	})
	w.enterCalls(decl, d)
}

// enterFunction records a function or method.
func (w *writer) enterFunction(decl *program.Declaration, f *cell.File, refs []program.Ref, d *ast.FuncDecl) {
	o, ok := w.Info.Defs[d.Name].(*types.Func)
	if !ok {
		return
	}
	generic := o.Signature().TypeParams().Len() > 0 || o.Signature().RecvTypeParams().Len() > 0
	head := w.pieceOf(f, refs, d.Pos(), d.Type.End())
	var body *program.Piece
	switch {
	case d.Body == nil:
	case generic, d.Name.Name == "init": // the compiler rejects a method called init without a body
		head, decl.Generic = w.pieceOf(f, refs, d.Pos(), d.Body.End()), true
	case inlines(d):
		body = w.pieceOf(f, refs, d.Pos(), d.Body.End())
	}
	if d.Recv == nil {
		if len(decl.Things) > 0 {
			decl.Things[0].Head, decl.Things[0].Body = head, body
		}
		return
	}
	t := w.Receiver(o)
	if t == nil {
		return
	}
	decl.Receiver, decl.Method = t, d.Name.Name
	m := &program.Method{Of: t, Name: d.Name.Name, Declaration: decl, Head: head, Body: body, Pointer: names.OfPointer(o)}
	if !generic {
		m.Symbol = w.cell.Program.MethodSymbol(m, w.Unit)
	}
	w.entry.Methods = append(w.entry.Methods, m)
}

// pieceOf returns the piece of a file between two positions.
func (w *writer) pieceOf(f *cell.File, refs []program.Ref, from, to token.Pos) *program.Piece {
	p := program.Cut(f.Text, refs, f.Offset(from), f.Offset(to))
	p.Line, _ = cell.Place(f.Text, f.Offset(from))
	return p
}

// embedded returns the types of cells that a type embeds, if it is a struct type.
func (w *writer) embedded(of types.Type) []*program.Thing {
	s, ok := of.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var all []*program.Thing
	for i := range s.NumFields() {
		if t := types.Unalias(s.Field(i).Type()); s.Field(i).Embedded() {
			if p, ok := t.(*types.Pointer); ok {
				t = types.Unalias(p.Elem())
			}
			switch t := t.(type) {
			case *types.Named:
				if of := w.Things[t.Origin().Obj()]; of != nil {
					all = append(all, of)
				}
			case *types.Struct: // through an alias
				all = append(all, w.embedded(t)...)
			}
		}
	}
	return all
}

package emit

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// enter creates the things that the cell declares and the declarations that they come from.
// They become part of the program only in [program.Program.Adopt].
func (w *writer) enter() {
	var code []ast.Node
	for _, f := range w.cell.Files {
		code = append(code, f.AST)
	}
	w.checks = w.cell.Program.Guard.Checks(checkStop, w.Info, code...)
	for _, f := range w.cell.Files[1:] {
		for _, d := range f.AST.Decls {
			for _, name := range cell.Declares(d) {
				w.enterName(name, f)
			}
		}
	}
	for _, t := range w.entry.Made {
		if o, ok := w.Object(t).(*types.Const); ok {
			t.Head = w.ConstantPiece(o)
		}
	}
	w.enterStatic()
	w.enterVariables()
	w.enterLocals()
	for i, f := range w.cell.Files[1:] {
		if f == w.cell.First {
			continue
		}
		refs := w.refs(f)
		for _, d := range f.AST.Decls {
			decl := program.NewDeclaration(f.Source, f.Source.ChunkAt(f.Offset(d.Pos())))
			w.enterDeclaration(decl, f, refs, d)
			if i > 0 || len(decl.Things) > 0 || decl.Receiver != nil {
				w.entry.Declarations = append(w.entry.Declarations, decl)
			}
		}
	}
	w.enterDynamicCalls()
	w.enterInstances()
	w.enterLocalTypes()
	w.warnOfLocalTypes()
}

// enterName creates the thing for a name that is declared outside of the statements.
func (w *writer) enterName(name string, f *cell.File) {
	t := &program.Thing{Name: name, Source: f.Source}
	o := w.cell.Declared(name)
	switch o := o.(type) {
	case *types.Func:
		t.Class = program.Function
	case *types.Const:
		t.Class = program.Constant
	case *types.TypeName:
		t.Class, t.IsAlias, t.Methods = program.Type, o.IsAlias(), map[string]*program.Method{}
		if named, ok := o.Type().(*types.Named); ok && !t.IsAlias {
			t.Params = named.TypeParams().Len()
			switch u := named.Underlying().(type) {
			case *types.Pointer, *types.Interface:
			case *types.Basic:
				t.Roomy = u.Kind() != types.UnsafePointer
			default:
				t.Roomy = true
			}
		}
	default:
		return // a variable, or nothing
	}
	t.Symbol = w.cell.Program.Symbol(name, t.Class, w.Unit)
	t.Text = strings.Replace(types.ObjectString(o, types.RelativeTo(w.Package)), o.Name(), name, 1)
	w.entry.Made = append(w.entry.Made, t)
	w.Things[o] = t
}

// enterVariables creates the things for the cell's variables.
func (w *writer) enterVariables() {
	byName := map[string]*program.Thing{}
	for _, v := range w.cell.Variables {
		if v.First && !w.static[v.Name] {
			w.locals[v.Object] = true
		}
		t := v.Same
		if t == nil {
			t = byName[v.Name]
		}
		if t == nil {
			head, err := w.TypePiece(v.Type)
			if err != nil {
				w.variables[v.Object], w.static[v.Name] = nil, false
				w.warn("later cells cannot use " + v.Name + ": " + err.Error())
				continue
			}
			t = &program.Thing{Name: v.Name, Class: program.Variable, Source: w.cell.Source, Head: head,
				Symbol: w.cell.Program.Symbol(v.Name, program.Variable, w.Unit), Text: "var " + v.Name + " " + types.TypeString(v.Type, types.RelativeTo(w.Package))}
			w.entry.Made = append(w.entry.Made, t)
			byName[v.Name] = t
		}
		w.variables[v.Object] = t
		w.entry.Variables = append(w.entry.Variables, t)
		if v.First || w.static[v.Name] {
			w.Things[v.Object] = t
		}
	}
	for _, v := range w.cell.Fresh {
		if o := w.cell.Declared(v.Name); o != nil && byName[v.Name] != nil {
			w.Things[o] = byName[v.Name]
		}
	}
}

// warn adds a warning, once.
func (w *writer) warn(text string) {
	if !slices.Contains(w.out.Warnings, text) {
		w.out.Warnings = append(w.out.Warnings, text)
	}
}

// enterLocals creates the things for the constants that the statements declare at top
// level.
func (w *writer) enterLocals() {
	for _, id := range w.cell.LocalConstants() {
		o, ok := w.Info.Defs[id].(*types.Const)
		if !ok || id.Name == "_" {
			continue
		}
		w.locals[o] = true
		w.entry.Made = append(w.entry.Made, &program.Thing{
			Name: id.Name, Class: program.Constant, Symbol: w.cell.Program.Symbol(id.Name, program.Constant, w.Unit), Source: w.cell.Source,
			Head: w.ConstantPiece(o), Text: types.ObjectString(o, types.RelativeTo(w.Package)),
		})
	}
}

package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// Output is the package of a cell, to be compiled and linked.
type Output struct {
	Files   map[string]string // by name
	Imports []string          // import paths
	// Symbols, as the linker knows them.
	Defined   []string          // what later cells may refer to
	Elsewhere []string          // variables that the package declares and earlier cells have
	Renamed   map[string]string // methods that go by another name among the cells
	Grown     []string          // types of earlier cells that have other methods by this one
	Run       string            // the function that runs the cell
}

// writer writes the package of a checked cell. Names keep their lines.
type writer struct {
	*Checked
	out     *Output
	aliases map[string]string // of packages, over all files
	used    map[string]bool   // packages that the file being written uses
	inits   []string          // functions that run before the statements
}

// Write returns the package that is compiled for the cell. It makes what the cell declares,
// for [Program.Adopt] to take.
func (c *Checked) Write() (*Output, error) {
	c.enter()
	w := &writer{Checked: c, aliases: map[string]string{}, out: &Output{Files: map[string]string{}, Renamed: map[string]string{}}}
	w.file("earlier.go", w.repeated())
	for i, f := range c.files[1:] {
		if f == c.first {
			continue
		}
		text, err := w.declarations(f, i == 0)
		if err != nil {
			return nil, err
		}
		w.file(fmt.Sprintf("part%d.go", i), text)
	}
	text, err := w.run()
	if err != nil {
		return nil, err
	}
	w.file("statements.go", text)
	w.file("frame.go", w.frame())
	w.symbols()
	w.out.Run = "main." + w.runName()
	return w.out, nil
}

// alias returns the name that the cell's files import a package by.
func (w *writer) alias(path string) string {
	w.usePackage(path)
	if w.aliases[path] == "" {
		w.aliases[path] = fmt.Sprintf("%sp%d", mark.Letter, len(w.aliases))
	}
	return w.aliases[path]
}

func (w *writer) usePackage(path string) {
	if w.used == nil {
		w.used = map[string]bool{}
	}
	w.used[path] = true
}

// file adds a file with the imports that its text needs.
func (w *writer) file(name, text string) {
	var b strings.Builder
	b.WriteString("package main\n\n")
	for _, path := range slices.Sorted(maps.Keys(w.used)) {
		fmt.Fprintf(&b, "import %s %q\n", w.alias(path), path)
		w.importPath(path)
	}
	if name == "frame.go" {
		for _, path := range w.effects {
			fmt.Fprintf(&b, "import _ %q\n", path)
			w.importPath(path)
		}
	}
	w.used = nil
	w.out.Files[name] = b.String() + "\n" + text
}

func (w *writer) importPath(path string) {
	if !slices.Contains(w.out.Imports, path) {
		w.out.Imports = append(w.out.Imports, path)
	}
}

// names writes names as functions of the cell have them: variables through their slots.
func (w *writer) names() *writing {
	return &writing{
		checks: true,
		alias:  w.alias,
		thing:  func(t *Thing) string { return t.Symbol },
		value:  func(t *Thing) string { return "(*" + t.slot() + ")" },
	}
}

// repeated returns what the cell uses of earlier cells.
func (w *writer) repeated() string {
	var b strings.Builder
	names := w.names()
	for _, t := range w.earlier {
		w.writeThing(&b, names, t, false)
		if t.Class == Type {
			room(&b, t)
		}
	}
	return b.String()
}

// roomMethod is a method that all types of cells have, so that the descriptors of T and *T
// both have a table of methods, which those of later cells can be added to.
const roomMethod = "\U00010597room" // not exported

func room(b *strings.Builder, t *Thing) {
	if !t.roomy {
		return
	}
	params := ""
	if t.params > 0 {
		params = "[" + strings.Repeat("_, ", t.params-1) + "_]"
	}
	fmt.Fprintf(b, "func (*%s%s) %s() {}\n", t.Symbol, params, roomMethod)
}

// lineDirective has the compiler speak of a cell's lines.
func lineDirective(cell, line int) string { return fmt.Sprintf("//line cell[%d]:%d\n", cell, line) }

// declarations returns the code of a file outside of the statements. own tells that it is
// the cell's, and not one that is compiled again.
func (w *writer) declarations(f *File, own bool) (string, error) {
	edits := w.edits(f, w.names())
	for _, d := range f.AST.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				from, to := f.Offset(d.Pos()), f.Offset(d.End())
				edits = slices.DeleteFunc(edits, func(e edit) bool { return from <= e.start && e.end <= to })
				edits = append(edits, edit{from, to, strings.Repeat("\n", strings.Count(f.Text[from:to], "\n"))})
			}
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == "init" {
				name := mark.Version(mark.Version("init", w.Cell.Unit), len(w.inits))
				w.inits = append(w.inits, name)
				edits = append(edits, edit{f.Offset(d.Name.Pos()), f.Offset(d.Name.End()), name})
			} else if own && isInit(d) {
				w.inits = append(w.inits, w.things[w.Info.Defs[d.Name]].Symbol)
			}
		}
	}
	text, err := apply(f.Text, edits)
	if err != nil {
		return "", err
	}
	return lineDirective(f.Cell.Number, 1) + text + "\n", nil
}

// edits returns what the names of a file need.
func (w *writer) edits(f *File, names *writing) []edit {
	var edits []edit
	for _, r := range w.refs(f) {
		if text := names.put(r); text != f.Text[r.from:r.to] {
			edits = append(edits, edit{r.from, r.to, text})
		}
	}
	return edits
}

// symbols lists what the linker is to do with the package's symbols.
func (w *writer) symbols() {
	for _, t := range w.earlier {
		switch t.Class {
		case Variable:
			w.out.Elsewhere = append(w.out.Elsewhere, "main."+t.slot())
		case Type:
			for _, m := range t.methods {
				if plain := symbolOf(t, m.name, m.pointer); m.symbol != "" && m.symbol != plain && !w.replacesMethod(t, m) {
					w.out.Renamed[plain] = m.symbol
				}
			}
		}
	}
	for _, t := range w.made {
		switch {
		case t.Class == Variable:
			w.out.Defined = append(w.out.Defined, "main."+t.slot())
		case t.Class == Function:
			w.out.Defined = append(w.out.Defined, "main."+t.Symbol)
		}
	}
	for _, m := range w.methods {
		if m.symbol == "" {
			continue
		}
		plain := symbolOf(m.of, m.name, m.pointer)
		w.out.Defined = append(w.out.Defined, plain)
		if m.symbol != plain {
			w.out.Renamed[plain] = m.symbol
		}
	}
	for _, t := range w.grown {
		if t.params == 0 {
			w.out.Grown = append(w.out.Grown, "main."+t.Symbol)
		}
		for _, i := range t.instances {
			w.out.Grown = append(w.out.Grown, i.symbol)
		}
	}
}

// hostPackage is what cells call in the process that runs them.
const hostPackage = "github.com/sdtlab/sdtlab/kernel/internal/live/host"

// shows tells whether the value of a cell's last expression is to be shown.
func (c *Checked) shows(x ast.Expr) bool {
	tv := c.Info.Types[x]
	if tv.IsVoid() || tv.IsType() || tv.IsBuiltin() || tv.Type == nil {
		return false
	}
	if t, ok := tv.Type.(*types.Tuple); ok && t.Len() == 0 {
		return false
	}
	if call, ok := ast.Unparen(x).(*ast.CallExpr); ok { // that it printed is enough
		if s, ok := call.Fun.(*ast.SelectorExpr); ok {
			if f, ok := c.Info.Uses[s.Sel].(*types.Func); ok && f.Pkg() != nil && f.Pkg().Path() == "fmt" && strings.Contains(f.Name(), "rint") && !strings.HasPrefix(f.Name(), "S") {
				return false
			}
		}
	}
	return true
}

package check

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// hidden returns the names to which the cell's declarations give a meaning.
func (c *Cell) hidden() map[string]bool {
	hidden := maps.Clone(c.own)
	for _, d := range c.again {
		for _, n := range d.Names() {
			hidden[n] = true
		}
	}
	maps.Copy(hidden, c.Named)
	for _, v := range c.Fresh {
		hidden[v.Name] = true
	}
	return hidden
}

// repeat returns a file with what the cell uses of earlier cells, and with the variables
// that functions must be able to see.
func (c *Cell) repeat(hidden map[string]bool) (*ast.File, error) {
	names := map[string]bool{}
	for _, f := range c.Files {
		cell.Mentions(f.AST, names)
	}
	var needed []*program.Thing
	for _, n := range slices.Sorted(maps.Keys(names)) {
		if t := c.Program.Lookup(n); t != nil && (!hidden[n] || t.Class == program.Variable) {
			needed = append(needed, t)
		} else if t == nil && strings.Contains(n, mark.Letter) {
			needed = append(needed, c.earlierNamed(n)...)
		}
	}
	needed = append(needed, c.extra...)
	needed = append(needed, c.shadowedTypes()...)
	for _, v := range c.Fresh {
		for _, r := range v.head.Refs {
			if r.Thing != nil {
				needed = append(needed, r.Thing)
			}
		}
	}
	c.Earlier = nil
	program.Closure(needed, c.ReplacesMethod, func(t *program.Thing) { c.Earlier = append(c.Earlier, t) })

	var code strings.Builder
	aliases := map[string]string{}
	w := &program.Writing{Alias: func(path string) string {
		if aliases[path] == "" {
			aliases[path] = fmt.Sprintf("%sp%d", mark.Letter, len(aliases))
		}
		return aliases[path]
	}}
	w.Thing = func(t *program.Thing) string { return c.checkName(t, hidden) }
	w.Value = w.Thing
	c.builtins = types.NewPackage(builtinsPath, "main")
	c.builtins.MarkComplete()
	w.Builtin = func(name string) string {
		if !c.isHeld(name) {
			return name
		}
		ours := mark.Letter + name // the cells have redeclared the name
		c.builtins.Scope().Insert(types.NewTypeName(token.NoPos, c.builtins, ours, types.Universe.Lookup(name).Type()))
		return ours
	}
	again := &program.Repetition{
		Names: w, Variable: "var %s %s\n", Skip: c.ReplacesMethod,
		At: func(src *cell.Source, line int) string {
			return fmt.Sprintf("//line %s:%d\n", cell.FileName(src.Unit), line)
		},
	}
	for _, t := range c.Earlier {
		if !c.IsGone(t.Declaration) {
			again.Write(&code, t)
		}
	}
	for _, v := range c.Fresh {
		fmt.Fprintf(&code, "var %s %s\n", c.packageName(v.Name), w.Write(v.head))
	}
	c.writeInstances(&code, w)
	var header strings.Builder
	header.WriteString("package main\n")
	for _, path := range slices.Sorted(maps.Keys(aliases)) {
		fmt.Fprintf(&header, "import %s %q\n", aliases[path], path)
	}
	if c.builtins.Scope().Len() > 0 {
		fmt.Fprintf(&header, "import . %q\n", builtinsPath)
	}
	return parser.ParseFile(c.fset, "", header.String()+code.String(), parser.SkipObjectResolution|parser.ParseComments)
}

// builtinsPath is the import path under which the checker finds Go's own types with names
// that now mean something else.
const builtinsPath = mark.Letter

// earlierNamed returns the earlier thing that the checker saw under a name.
func (c *Cell) earlierNamed(name string) []*program.Thing {
	for _, t := range c.Earlier {
		if t.OldName() == name {
			return []*program.Thing{t}
		}
	}
	return nil
}

// ReplacesMethod reports whether the cell, or what is compiled again with it, replaces a
// method.
func (c *Cell) ReplacesMethod(t *program.Thing, m *program.Method) bool {
	if c.IsGone(m.Declaration) {
		return true
	}
	for i, f := range c.Files[1:] {
		for _, d := range f.AST.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.Name == m.Name && c.receiver(fn) == t {
				if i == 0 || m.Declaration.Source == f.Source {
					return true
				}
			}
		}
	}
	return false
}

// Stays reports whether a declaration keeps its earlier form: it does not compile with the
// present one of what it uses.
func (c *Cell) Stays(d *program.Declaration) bool { return d.Stale || c.dropped[d] }

// IsGone reports whether a declaration that would have to be compiled again with its body
// stays, and so is not available. A method is available if it compiles for the type as it
// was.
func (c *Cell) IsGone(d *program.Declaration) bool {
	return d != nil && d.Generic && (c.broken[d] || c.Stays(d) && !c.isOfBefore(d.Receiver))
}

// isOfBefore reports whether a type is an earlier one: its name now means another.
func (c *Cell) isOfBefore(t *program.Thing) bool {
	return t != nil && (c.Program.Lookup(t.Name) != t || c.own[t.Name] || c.Named[t.Name] || c.compiledAgain(t) || c.declaresAtTop(t.Name))
}

// Dropped returns the declarations that did not compile with the cell.
func (c *Cell) Dropped() []*program.Declaration { return slices.Collect(maps.Keys(c.dropped)) }

// mapThings records which thing of an earlier cell each object is.
func (c *Cell) mapThings(hidden map[string]bool) {
	c.Things = map[types.Object]*program.Thing{}
	for _, t := range c.Earlier {
		if o := c.Package.Scope().Lookup(c.checkName(t, hidden)); o != nil {
			c.Things[o] = t
		}
	}
}

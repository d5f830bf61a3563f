// Package program is what the cells of a session have declared so far, and how later cells
// repeat it.
//
//	program     the names of the session
//	thing       one meaning of a name; method, declaration, piece: its parts
//	promoted    the methods that a type has from its embedded types
//	change      what must be compiled again when a cell replaces something
//	repeat      what a cell uses of earlier ones, written again
//	again       the message for types that a cell declares again
//	adopt       what a cell adds once it has run
//	imports     the packages that cells can import
package program

import (
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/guard"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// Program is what the cells of a session have declared so far.
type Program struct {
	Imports *Imports     // with what the cells have imported
	Guard   *guard.Guard // what is known of the cells' functions

	fset    *token.FileSet
	left    []*Declaration       // methods that did not compile with the redeclared type
	current map[string]*Thing    // what each name means
	types   []*Thing             // all that were ever declared, old ones too
	taken   map[string]bool      // names in use in compiled cells
	methods map[string]bool      // the linker's names of methods that have been defined
	sources map[int]*cell.Source // all cells, by unit
	units   int

	shadowed map[string]*Thing // types with names that are now those of variables and constants
}

// New returns a program without cells.
func New(fset *token.FileSet, im *Imports) *Program {
	im = im.Clone()
	clear(im.named)
	return &Program{
		Imports: im, fset: fset, current: map[string]*Thing{}, shadowed: map[string]*Thing{},
		taken: map[string]bool{}, methods: map[string]bool{}, sources: map[int]*cell.Source{}, Guard: &guard.Guard{},
	}
}

// Next begins a cell. Units are consecutive; a cell that fails to compile has one too.
func (p *Program) Next(number int, text string, quiet, tests bool) *cell.Source {
	p.units++
	src := &cell.Source{Number: number, Unit: p.units, Text: text, Chunks: cell.Split(text), Quiet: quiet, Tests: tests}
	p.sources[src.Unit] = src
	return src
}

// NextUnit returns the unit that the next cell will have.
func (p *Program) NextUnit() int { return p.units + 1 }

// SourceOf returns the cell with a unit, nil if there is none.
func (p *Program) SourceOf(unit int) *cell.Source { return p.sources[unit] }

// Lookup returns the meaning of a name, nil if it has none.
func (p *Program) Lookup(name string) *Thing { return p.current[name] }

// Shadowed returns the type that the variable or constant with a name shadows, nil if there
// is none.
func (p *Program) Shadowed(name string) *Thing { return p.shadowed[name] }

// TypeNamed returns the type that a name stands for, through aliases; nil if there is none.
func (p *Program) TypeNamed(name string) *Thing {
	t := p.current[name]
	for range len(p.current) {
		if t == nil || t.Class != Type || t.Head == nil || !t.IsAlias {
			break
		}
		var of *Thing
		for _, r := range t.Head.Refs {
			if r.Thing != nil && r.Thing != t {
				of = r.Thing
			}
		}
		t = of
	}
	if t == nil || t.Class != Type {
		return nil
	}
	return t
}

// HiddenType returns the last type with a name that now means something else, such as a
// variable; nil if there is none.
func (p *Program) HiddenType(name string) *Thing {
	if t := p.current[name]; t != nil && t.Class == Type {
		return nil
	}
	for _, t := range slices.Backward(p.types) {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// Things returns the meanings of the session's names, sorted by name.
func (p *Program) Things() []*Thing {
	var all []*Thing
	for _, n := range slices.Sorted(maps.Keys(p.current)) {
		all = append(all, p.current[n])
	}
	return all
}

// Symbol returns a name for a new thing of a cell. The first function, type or constant
// with a name gets the name itself, unless it means something to Go.
func (p *Program) Symbol(name string, class Class, unit int) string {
	if class == Variable || name == "main" || p.taken[name] || types.Universe.Lookup(name) != nil {
		return mark.Version(name, unit)
	}
	return name
}

// Embedders returns the given types and the types that embed one of them, directly or not:
// all types with methods that change with theirs.
func (p *Program) Embedders(of []*Thing) []*Thing {
	in := map[*Thing]bool{}
	for _, t := range of {
		in[t] = true
	}
	for grown := true; grown; {
		grown = false
		for _, t := range p.types {
			if !in[t] && slices.ContainsFunc(t.Embeds, func(e *Thing) bool { return in[e] }) {
				in[t], grown = true, true
			}
		}
	}
	var all []*Thing
	for _, t := range p.types {
		if in[t] {
			all = append(all, t)
		}
	}
	return all
}

// Variables returns the symbols of the session's variables, by name.
func (p *Program) Variables() map[string]string {
	all := map[string]string{}
	for name, t := range p.current {
		if t.Class == Variable {
			all[name] = t.Symbol
		}
	}
	return all
}

// FileSet returns the file set with the positions of the cells' code and of the packages
// that they import.
func (p *Program) FileSet() *token.FileSet { return p.fset }

// Position returns where an object of an imported package is declared.
func (p *Program) Position(at token.Pos) token.Position { return p.fset.PositionFor(at, false) }

// Said returns a message with the names as the user knows them: an earlier meaning of a
// name is identified by the cell that declared it.
func (p *Program) Said(message string) string {
	return mark.Replace(message, func(unit int) string {
		if src := p.sources[unit]; src != nil {
			return fmt.Sprintf(" (as declared in cell %d)", src.Number)
		}
		return ""
	})
}

// MethodSymbol returns the linker's name for a method of a cell. A method that replaces
// another has a mark, so that both can exist: code that calls the old one keeps calling it.
func (p *Program) MethodSymbol(m *Method, unit int) string {
	plain := m.PlainSymbol()
	if p.methods[plain] {
		return mark.Version(plain, unit)
	}
	return plain
}

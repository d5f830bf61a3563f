package program

import (
	"fmt"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// Closure calls f for things and everything needed to repeat them: what their repeated code
// refers to, and the methods of the types among them. skip reports which methods are not
// repeated.
func Closure(things []*Thing, skip func(*Thing, *Method) bool, f func(*Thing)) {
	seen := map[*Thing]bool{}
	var visit func(t *Thing)
	piece := func(p *Piece) {
		if p == nil {
			return
		}
		for _, r := range p.Refs {
			if r.Thing != nil {
				visit(r.Thing)
			}
		}
	}
	visit = func(t *Thing) {
		if seen[t] {
			return
		}
		seen[t] = true
		f(t)
		piece(t.Head)
		piece(t.Body)
		for _, m := range t.sortedMethods() {
			if !skip(t, m) {
				piece(m.Head)
				piece(m.Body)
			}
		}
	}
	for _, t := range things {
		visit(t)
	}
}

// Repetition is a way to repeat things of earlier cells.
type Repetition struct {
	Names    *Writing
	Variable string                                  // format of a variable: its name and type
	At       func(src *cell.Source, line int) string // the directive for code on a line of a cell
	Skip     func(*Thing, *Method) bool              // methods that are not repeated
	Whole    func(*Declaration) bool                 // whether a small function has its body; nil: none has
}

// piece returns the code that repeats a function.
func (r *Repetition) piece(d *Declaration, head, body *Piece) *Piece {
	if body != nil && r.Whole != nil && r.Whole(d) {
		return body
	}
	return head
}

// Write writes a thing and its methods.
func (r *Repetition) Write(b *strings.Builder, t *Thing) {
	name, code := r.Names.Thing(t), r.Names.Write(r.piece(t.Declaration, t.Head, t.Body))
	switch t.Class {
	case Variable:
		fmt.Fprintf(b, r.Variable, name, code)
	case Constant:
		fmt.Fprintf(b, "const %s %s\n", name, code)
	case Type:
		fmt.Fprintf(b, "%stype %s\n", r.At(t.Source, t.Head.Line), code)
		for _, m := range t.sortedMethods() {
			if !r.Skip(t, m) {
				fmt.Fprintf(b, "%s%s\n", r.At(m.Declaration.Source, m.Head.Line), r.Names.Write(r.piece(m.Declaration, m.Head, m.Body)))
			}
		}
	default:
		fmt.Fprintf(b, "%s%s\n", r.At(t.Source, t.Head.Line), code)
	}
}

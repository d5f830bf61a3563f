package program

import "strings"

// Piece is code of a cell that later cells repeat, with what its names refer to. It is
// written again for each of them: see [Writing].
type Piece struct {
	Text string
	Refs []Ref // in order
	Line int   // where it begins
}

// Ref is a name in code that may have to be written differently.
type Ref struct {
	From, To int    // bytes of the text
	Thing    *Thing // referred to
	Path     string // import path of the package that it is or belongs to
	Member   string // of the package, if the code has it from a dot import
	Text     string // fixed text
	Builtin  string // a type of Go's own
	Check    bool   // a place where compiled code checks whether it should stop
	Name     bool   // the name of a type or of a field named after it, not a reference to a value
}

// Writing is a way to write the names in code.
type Writing struct {
	Thing func(*Thing) string      // a function, type or constant; a field named after a type
	Value func(*Thing) string      // the value of a variable
	Alias func(path string) string // a package

	Checks  bool                     // code checks whether it should stop
	Builtin func(name string) string // a type of Go's own; nil if its name means nothing else
}

// Put returns the text for a name.
func (w *Writing) Put(r Ref) string {
	switch {
	case r.Check && !w.Checks:
		return ""
	case r.Text != "":
		return r.Text
	case r.Builtin != "" && w.Builtin != nil:
		return w.Builtin(r.Builtin)
	case r.Builtin != "":
		return r.Builtin
	case r.Path != "" && r.Member != "":
		return w.Alias(r.Path) + "." + r.Member
	case r.Path != "":
		return w.Alias(r.Path)
	}
	if r.Thing.Class == Variable && !r.Name {
		return w.Value(r.Thing)
	}
	return w.Thing(r.Thing)
}

// Write returns a piece's code.
func (w *Writing) Write(p *Piece) string {
	var b strings.Builder
	at := 0
	for _, r := range p.Refs {
		b.WriteString(p.Text[at:r.From] + w.Put(r))
		at = r.To
	}
	return b.String() + p.Text[at:]
}

// Cut returns the piece of a text between two bytes, with the refs in it.
func Cut(text string, refs []Ref, from, to int) *Piece {
	p := &Piece{Text: text[from:to]}
	for _, r := range refs {
		if from <= r.From && r.To <= to {
			r.From, r.To = r.From-from, r.To-from
			p.Refs = append(p.Refs, r)
		}
	}
	return p
}

package cell

import (
	"fmt"
	"sort"
	"strings"
)

// piece is code of a cell that later cells repeat, with what its names refer to. It is
// written anew for each of them: see [writing].
type piece struct {
	text string
	refs []ref // in order
	line int   // where it begins
}

// ref is a name in code that may have to be written in another way.
type ref struct {
	from, to int    // bytes of the text
	thing    *Thing // that it refers to
	path     string // import path of the package that it is or belongs to
	member   string // of the package, where the code has it by a dot import
	text     string // what stands there in any case
	builtin  string // a type of Go's own
	check    bool   // a place at which compiled code looks whether it is to stop
	name     bool   // a type's name, or a field's that is called after it, and no reference to a value
}

// writing is a way to write the names of code.
type writing struct {
	thing func(*Thing) string      // a function, type or constant; a field called after a type
	value func(*Thing) string      // the value of a variable
	alias func(path string) string // a package

	checks  bool                     // code looks whether it is to stop
	builtin func(name string) string // a type of Go's own; nil where its name means nothing else
}

// put returns what stands in the place of a name.
func (w *writing) put(r ref) string {
	switch {
	case r.check && !w.checks:
		return ""
	case r.text != "":
		return r.text
	case r.builtin != "" && w.builtin != nil:
		return w.builtin(r.builtin)
	case r.builtin != "":
		return r.builtin
	case r.path != "" && r.member != "":
		return w.alias(r.path) + "." + r.member
	case r.path != "":
		return w.alias(r.path)
	}
	if r.thing.Class == Variable && !r.name {
		return w.value(r.thing)
	}
	return w.thing(r.thing)
}

// write returns a piece's code.
func (w *writing) write(p *piece) string {
	var b strings.Builder
	at := 0
	for _, r := range p.refs {
		b.WriteString(p.text[at:r.from] + w.put(r))
		at = r.to
	}
	return b.String() + p.text[at:]
}

// cut returns the piece of a text between two bytes, with those refs that are in it.
func cut(text string, refs []ref, from, to int) *piece {
	p := &piece{text: text[from:to]}
	for _, r := range refs {
		if from <= r.from && r.to <= to {
			r.from, r.to = r.from-from, r.to-from
			p.refs = append(p.refs, r)
		}
	}
	return p
}

// edit replaces bytes of a text.
type edit struct {
	start, end int
	text       string
}

// apply makes the edits, which may not overlap. Of two that put something in at one place,
// the one that was added first comes first.
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

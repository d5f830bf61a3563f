package program

import (
	"fmt"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// Declaration is a chunk of a cell that declares things or a method. It is compiled again
// when something that it uses is declared again.
type Declaration struct {
	Source   *cell.Source
	Chunk    int                        // index in the cell
	Things   []*Thing                   // declared by it, in order; none for a method
	Receiver *Thing                     // the type that a method belongs to; nil for others
	Method   string                     // the method's name
	Uses     map[*Thing]bool            // what it refers to, except its own things
	Calls    map[*Thing]map[string]bool // methods that it uses, by type; and those that would hide what it uses
	Values   map[*Thing]bool            // types that it has values of
	Dynamic  map[string]bool            // methods that it calls through interfaces
	Handed   map[string]bool            // the methods of interfaces through which functions of packages receive its values
	Small    bool                       // the compiler may inline it
	Outer    map[string]bool            // names of Go's own and of dot imports that it refers to
	Packages map[string]string          // import paths of the packages that names before a dot mean
	Dots     map[string]string          // import paths of the packages that the names of dot imports belong to
	Generic  bool                       // it is always repeated with its body

	// Stale says that it stayed as it was when something that it uses was replaced, because
	// it did not compile with the new one. Its code uses what existed before. It is tried
	// again with each cell that declares something.
	Stale bool
}

// NewDeclaration returns the declaration of a chunk, with nothing known about it yet.
func NewDeclaration(src *cell.Source, chunk int) *Declaration {
	return &Declaration{
		Source: src, Chunk: chunk, Uses: map[*Thing]bool{}, Calls: map[*Thing]map[string]bool{}, Values: map[*Thing]bool{},
		Dynamic: map[string]bool{}, Handed: map[string]bool{}, Outer: map[string]bool{}, Packages: map[string]string{}, Dots: map[string]string{},
	}
}

// Call records that the declaration uses a method of a type.
func (d *Declaration) Call(t *Thing, method string) {
	if d.Calls[t] == nil {
		d.Calls[t] = map[string]bool{}
	}
	d.Calls[t][method] = true
}

// CallsMethod reports whether the declaration may call a method with a name, of any type.
func (d *Declaration) CallsMethod(name string) bool {
	for _, names := range d.Calls {
		if names[name] {
			return true
		}
	}
	return d.Dynamic[name]
}

// Inlined returns the declarations with code that may be part of the declaration's own:
// itself and, transitively, the small functions and methods that it uses. method returns
// the declaration of a method, nil if there is none.
func (d *Declaration) Inlined(method func(of *Thing, name string) *Declaration) []*Declaration {
	all, seen := []*Declaration{d}, map[*Declaration]bool{d: true}
	add := func(used *Declaration) {
		if used != nil && !seen[used] && (used.Small || used.Generic) {
			seen[used] = true
			all = append(all, used)
		}
	}
	for i := 0; i < len(all); i++ {
		for t := range all[i].Uses {
			if t.Class == Function {
				add(t.Declaration)
			}
		}
		for t, names := range all[i].Calls {
			for name := range names {
				add(method(t, name))
			}
		}
	}
	return all
}

// Code returns the declaration's text.
func (d *Declaration) Code() string {
	c := d.Source.Chunks[d.Chunk]
	return d.Source.Text[c.Start:c.End]
}

// String returns a name for the declaration in messages.
func (d *Declaration) String() string {
	name := strings.Join(d.Names(), ", ")
	if d.Receiver != nil {
		name = d.Receiver.Name + "." + d.Method
	}
	return fmt.Sprintf("%s (cell %d)", name, d.Source.Number)
}

// isCode reports whether it declares a function or a method.
func (d *Declaration) isCode() bool {
	return d.Receiver != nil || len(d.Things) == 1 && d.Things[0].Class == Function
}

// before orders declarations by when they were entered.
func (d *Declaration) before(e *Declaration) bool {
	if d.Source.Unit != e.Source.Unit {
		return d.Source.Unit < e.Source.Unit
	}
	return d.Chunk < e.Chunk
}

// Names returns the names that it declares.
func (d *Declaration) Names() []string {
	var names []string
	for _, t := range d.Things {
		names = append(names, t.Name)
	}
	return names
}

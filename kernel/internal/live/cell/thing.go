package cell

import (
	"fmt"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// Thing is one meaning of one name: a function, a type, a constant or a variable that a
// cell has declared. What is declared again under the name is another thing; what refers to
// the first one goes on doing so.
type Thing struct {
	Name   string
	Class  Class
	Symbol string // its name in compiled cells
	Cell   int    // number of the cell, as its user calls it
	Text   string // as it would be declared without its body

	source    *Source
	decl      *declaration // nil for a variable
	head      *piece       // how later cells repeat it; of a variable, its type
	methods   map[string]*method
	isAlias   bool       // a type that is another's name
	embeds    []*Thing   // types that are embedded in a struct type
	inCode    bool       // a function refers to the variable
	instances []instance // of a generic type
	params    int        // type parameters of a type
	roomy     bool       // a type that can have methods
}

// Class is what kind of thing a name stands for.
type Class int

// The classes of things.
const (
	Function Class = iota
	Type
	Constant
	Variable
)

// method is a method of a type as it is now.
type method struct {
	name    string
	decl    *declaration
	head    *piece
	pointer bool   // of *T
	symbol  string // of the linker
}

// declaration is a chunk of a cell that declares things or a method. It is compiled again
// when what it uses is declared again.
type declaration struct {
	source   *Source
	chunk    int
	things   []*Thing
	receiver *Thing // of a method
	method   string
	uses     map[*Thing]bool
	calls    map[*Thing]map[string]bool // methods that it uses, by type
}

// code returns the declaration's text.
func (d *declaration) code() string {
	c := d.source.Chunks[d.chunk]
	return d.source.Text[c.Start:c.End]
}

// String names the declaration for a message.
func (d *declaration) String() string {
	name := strings.Join(d.names(), ", ")
	if d.receiver != nil {
		name = d.receiver.Name + "." + d.method
	}
	return fmt.Sprintf("%s (cell %d)", name, d.source.Number)
}

// before orders declarations as they were entered.
func (d *declaration) before(e *declaration) bool {
	if d.source.Unit != e.source.Unit {
		return d.source.Unit < e.source.Unit
	}
	return d.chunk < e.chunk
}

// names returns what it declares.
func (d *declaration) names() []string {
	var names []string
	for _, t := range d.things {
		names = append(names, t.Name)
	}
	return names
}

// slot returns the name of the pointer to a variable in compiled cells. Variables live on
// the heap, and each slot points to one: declaring a variable again moves the slot to a new
// variable, and the old one lives as long as something else points to it.
func (t *Thing) slot() string { return t.Symbol }

// bound returns the name that the statements of a cell have for the pointer.
func (t *Thing) bound() string { return t.Symbol + mark.Letter }

// sortedMethods returns a type's methods by name.
func (t *Thing) sortedMethods() []*method {
	var all []*method
	for _, n := range slices.Sorted(maps.Keys(t.methods)) {
		all = append(all, t.methods[n])
	}
	return all
}

// symbolOf returns the linker's name of a method, for one that takes no other's place.
func symbolOf(t *Thing, name string, pointer bool) string {
	if pointer {
		return "main.(*" + t.Symbol + ")." + name
	}
	return "main." + t.Symbol + "." + name
}

// isPointer tells whether a method is of *T.
func isPointer(f *types.Func) bool {
	_, ok := types.Unalias(f.Signature().Recv().Type()).(*types.Pointer)
	return ok
}

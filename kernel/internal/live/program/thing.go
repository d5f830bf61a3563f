package program

import (
	"maps"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// Thing is one meaning of one name: a function, a type, a constant or a variable that a
// cell has declared. What is declared again under the name is another thing; code that
// refers to the first one keeps doing so.
type Thing struct {
	Name   string
	Class  Class
	Symbol string // its name in compiled cells
	Text   string // as its declaration would be without the body

	Source      *cell.Source // the cell that declares it
	Declaration *Declaration // nil for a variable, and for a constant of the statements
	Head        *Piece       // how later cells repeat it: a variable, its type; a function, all but its body

	Body   *Piece // of a small function: all of it, repeated where the compiler may inline it
	InCode bool   // of a variable: a function refers to it

	// Of a type:
	Methods   map[string]*Method // by name
	IsAlias   bool               // an alias of another type
	Embeds    []*Thing           // types that it embeds, if it is a struct type
	Promotes  map[string]bool    // methods that it had from embedded types when it was declared
	Instances []Instance         // unnamed types that have its methods
	Locals    []Local            // types that have its methods and cannot get others
	Params    int                // number of type parameters
	Roomy     bool               // it can have methods
}

// Class is the kind of a thing.
type Class int

// The classes of things.
const (
	Function Class = iota
	Type
	Constant
	Variable
)

// IsValue reports whether it is a variable or constant.
func (t *Thing) IsValue() bool { return t.Class == Variable || t.Class == Constant }

// Slot returns the name of the pointer to a variable in compiled cells. Variables live on
// the heap, and each slot points to one: declaring a variable again moves the slot to a new
// variable, and the old one lives as long as something else points to it.
func (t *Thing) Slot() string { return t.Symbol }

// Bound returns the name of the pointer in the statements of a cell.
func (t *Thing) Bound() string { return t.Symbol + mark.Letter }

// OldName returns the type checker's name for the thing once its name has another meaning.
func (t *Thing) OldName() string { return mark.Version(t.Name, t.Source.Unit) }

// sortedMethods returns a type's methods, sorted by name.
func (t *Thing) sortedMethods() []*Method {
	var all []*Method
	for _, n := range slices.Sorted(maps.Keys(t.Methods)) {
		all = append(all, t.Methods[n])
	}
	return all
}

// Instance is a type that a cell has used and that must get the methods declared later for
// another type: an instance of a generic type, or an unnamed struct type that embeds a
// type.
type Instance struct {
	Of     *Thing
	Head   *Piece // as code
	Symbol string // the linker's name
}

// Local is a type that has methods of another and that no other cell can name.
type Local struct {
	Of   *Thing
	Text string // the warning when a cell declares methods of the other type
}

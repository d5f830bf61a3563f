package program

import (
	"maps"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// Thing is one meaning of one name: a function, a type, a constant or a variable that a
// cell has declared. What is declared again under the name is another thing; what refers to
// the first one goes on doing so.
type Thing struct {
	Name   string
	Class  Class
	Symbol string // its name in compiled cells
	Text   string // as it would be declared without its body

	Source      *cell.Source // the cell that declares it
	Declaration *Declaration // nil for a variable, and for a constant of the statements
	Head        *Piece       // how later cells repeat it: of a variable, its type; of a function, all but its body

	Body   *Piece // of a small function: all of it, which is repeated where the compiler may inline it
	InCode bool   // of a variable: a function refers to it

	// Of a type:
	Methods   map[string]*Method // by name
	IsAlias   bool               // it is another type's name
	Embeds    []*Thing           // types that are embedded in it, if it is a struct type
	Promotes  map[string]bool    // methods that it had from what it embeds when it was declared
	Instances []Instance         // types without a name of their own that have its methods
	Locals    []Local            // types that have its methods and cannot get others
	Params    int                // how many type parameters it has
	Roomy     bool               // it can have methods
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

// IsValue tells whether it is a variable or constant.
func (t *Thing) IsValue() bool { return t.Class == Variable || t.Class == Constant }

// Slot returns the name of the pointer to a variable in compiled cells. Variables live on
// the heap, and each slot points to one: declaring a variable again moves the slot to a new
// variable, and the old one lives as long as something else points to it.
func (t *Thing) Slot() string { return t.Symbol }

// Bound returns the name that the statements of a cell have for the pointer.
func (t *Thing) Bound() string { return t.Symbol + mark.Letter }

// OldName is what the type checker knows the thing by where its name means another.
func (t *Thing) OldName() string { return mark.Version(t.Name, t.Source.Unit) }

// sortedMethods returns a type's methods by name.
func (t *Thing) sortedMethods() []*Method {
	var all []*Method
	for _, n := range slices.Sorted(maps.Keys(t.Methods)) {
		all = append(all, t.Methods[n])
	}
	return all
}

// Instance is a type that a cell has used, of which the descriptor is to have the methods that
// are declared later for another: a generic type with types in the place of its parameters,
// or a struct type without a name that embeds a type.
type Instance struct {
	Of     *Thing
	Head   *Piece // as it is written
	Symbol string // as the linker names it
}

// Local is a type that has methods of another and that no other cell can name.
type Local struct {
	Of   *Thing
	Text string // what a cell says that declares methods of the other one
}

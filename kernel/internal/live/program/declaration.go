package program

import (
	"fmt"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// Declaration is a chunk of a cell that declares things or a method. It is compiled again
// when what it uses is declared again.
type Declaration struct {
	Source   *cell.Source
	Chunk    int                        // of the cell's
	Things   []*Thing                   // that it declares, in order; none for a method
	Receiver *Thing                     // the type that a method is of; nil for others
	Method   string                     // its name
	Uses     map[*Thing]bool            // what it refers to, but for its own things
	Calls    map[*Thing]map[string]bool // methods that it uses, by type
	Outer    map[string]bool            // names of Go's own and of dot imports that it refers to
	Packages map[string]string          // import paths of the packages that names before a dot mean
	Dots     map[string]string          // and of those that names of dot imports are of
	Generic  bool                       // it is repeated with its body in any case

	// Stale tells that it stayed as it was when something that it uses was replaced, since it
	// did not compile with that: its code is made of what was there before. It is tried again
	// with each cell that declares something.
	Stale bool
}

// Code returns the declaration's text.
func (d *Declaration) Code() string {
	c := d.Source.Chunks[d.Chunk]
	return d.Source.Text[c.Start:c.End]
}

// String names the declaration for a message.
func (d *Declaration) String() string {
	name := strings.Join(d.Names(), ", ")
	if d.Receiver != nil {
		name = d.Receiver.Name + "." + d.Method
	}
	return fmt.Sprintf("%s (cell %d)", name, d.Source.Number)
}

// isCode tells whether it declares a function or a method.
func (d *Declaration) isCode() bool {
	return d.Receiver != nil || len(d.Things) == 1 && d.Things[0].Class == Function
}

// before orders declarations as they were entered.
func (d *Declaration) before(e *Declaration) bool {
	if d.Source.Unit != e.Source.Unit {
		return d.Source.Unit < e.Source.Unit
	}
	return d.Chunk < e.Chunk
}

// Names returns what it declares.
func (d *Declaration) Names() []string {
	var names []string
	for _, t := range d.Things {
		names = append(names, t.Name)
	}
	return names
}

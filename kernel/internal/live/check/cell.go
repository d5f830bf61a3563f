package check

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Cell is a cell with the meaning of each of its names, and everything needed to write its
// package.
type Cell struct {
	names.Meaning
	Source   *cell.Source
	Program  *program.Program // the program that it is checked against
	Imports  *program.Imports // with the cell's import declarations
	Named    map[string]bool  // names that these declare
	Effects  []string         // packages imported for their effects
	Warnings []string

	Statements   *cell.File
	Declarations *cell.File   // imports too; without those that exist already, unchanged
	First        *cell.File   // declarations of variables that are moved before the statements; nil if there are none
	Files        []*cell.File // all of the above, in this order, then one for each declaration that is compiled again

	Variables []*Variable      // declared by the cell, in order
	Fresh     []*Variable      // those of the statements that functions refer to
	Earlier   []*program.Thing // things of earlier cells that are repeated
	Grown     []*program.Thing // types with methods that the cell changes

	Instances []*Instance // unnamed instances of these types

	fset    *token.FileSet
	ahead   map[int]bool                        // chunks that are moved first for the type checker
	first   map[int]bool                        // all chunks that are moved first
	late    []string                            // warnings of functions that may find a variable without its value
	again   []*program.Declaration              // declarations that are compiled again
	before  map[*cell.File]*program.Declaration // by file of such a declaration: its form compiled before
	dropped map[*program.Declaration]bool       // declarations that do not compile again, and stay as they were
	broken  map[*program.Declaration]bool       // declarations that are repeated with their bodies, and do not compile
	own     map[string]bool                     // names that the cell declares outside of its statements
	kept    map[int][]*program.Declaration      // by chunk: declarations that exist already, unchanged
	extra   []*program.Thing                    // repeated although the cell does not mention them

	builtins *types.Package // see builtinsPath

	values     map[string]bool     // variables and constants that the cell declares at its top
	byDot      map[string]string   // import paths, by name that a dot import gives
	overThings map[string]bool     // names of things of the session that the cell gets from a dot import instead
	valueKeys  map[*ast.Ident]bool // keys in literals that are values, not fields

	// Names outside of the statements that mean what a variable or constant shadows: a type
	// of a cell, or nil for a name of Go's or of a dot import.
	shadowed map[*ast.Ident]*program.Thing
	called   map[*ast.Ident]*program.Thing // names that do so if the variable is not a function
}

// newCell returns a cell that has not been checked yet.
func newCell(p *program.Program, fset *token.FileSet, src *cell.Source, imports *program.Imports) *Cell {
	return &Cell{
		dropped: map[*program.Declaration]bool{}, valueKeys: map[*ast.Ident]bool{}, ahead: map[int]bool{}, first: map[int]bool{},
		Meaning: names.Meaning{Written: map[*ast.Ident]string{}, Unit: src.Unit},
		Source:  src, Imports: imports, Program: p, fset: fset, Named: map[string]bool{},
	}
}

// Instance is an instance of a generic type with methods that the cell changes.
type Instance struct {
	program.Instance
	Lost string // why the type cannot exist after the cell; "" if it can
}

// Variable is a variable that a cell declares at its top level.
type Variable struct {
	Name   string
	Object types.Object // the checker's object for it
	Type   types.Type
	Same   *program.Thing // a variable of the session with that name and type; nil if there is none
	First  bool           // moved before the statements
	head   *program.Piece // its type, if functions use it
	pos    token.Pos
}

package check

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Cell is a cell with the meaning of each of its names, and all that its package is
// written from.
type Cell struct {
	names.Meaning
	Source   *cell.Source
	Program  *program.Program // that it is checked against
	Imports  *program.Imports // with the cell's import declarations
	Named    map[string]bool  // names that those declare
	Effects  []string         // packages imported for their effects
	Warnings []string

	Statements   *cell.File
	Declarations *cell.File   // imports too; without what is there already, unchanged
	First        *cell.File   // declarations of variables that are taken before the statements; nil if there are none
	Files        []*cell.File // all of those, in this order, then one for each declaration that is compiled again

	Variables []*Variable      // declared by the cell, in order
	Fresh     []*Variable      // those of the statements that functions refer to
	Earlier   []*program.Thing // what is repeated of earlier cells
	Grown     []*program.Thing // types that get other methods by the cell

	Instances []*Instance // types without a name of their own that have methods of those

	fset    *token.FileSet
	ahead   map[int]bool                        // chunks that are taken first for the type checker's sake
	first   map[int]bool                        // all that are taken first
	late    []string                            // what may find a variable without its value
	again   []*program.Declaration              // what is compiled again
	before  map[*cell.File]*program.Declaration // of the files of those, what was compiled before
	dropped map[*program.Declaration]bool       // what does not compile again, and stays
	broken  map[*program.Declaration]bool       // what is repeated with its body, and does not compile
	own     map[string]bool                     // what the cell declares outside of its statements
	kept    map[int][]*program.Declaration      // chunks that declare what is there already, unchanged
	extra   []*program.Thing                    // to be repeated although the cell does not mention them

	builtins *types.Package // see builtinsPath

	values     map[string]bool     // variables and constants that the cell declares at its top
	byDot      map[string]string   // what names mean by dot imports: import paths
	overThings map[string]bool     // names of things of the session that the cell has by a dot import
	valueKeys  map[*ast.Ident]bool // keys in literals that are values

	// Names outside of the statements that mean what a variable or constant shadows: a type of
	// a cell, or nil for what Go or a dot import means by it.
	shadowed map[*ast.Ident]*program.Thing
	called   map[*ast.Ident]*program.Thing // those that do if the variable is no function
}

// newCell returns a cell of which nothing is known yet.
func newCell(p *program.Program, fset *token.FileSet, src *cell.Source, imports *program.Imports) *Cell {
	return &Cell{
		dropped: map[*program.Declaration]bool{}, valueKeys: map[*ast.Ident]bool{}, ahead: map[int]bool{}, first: map[int]bool{},
		Meaning: names.Meaning{Written: map[*ast.Ident]string{}, Unit: src.Unit},
		Source:  src, Imports: imports, Program: p, fset: fset, Named: map[string]bool{},
	}
}

// Instance is a type that has methods of one which gets other methods by the cell.
type Instance struct {
	program.Instance
	Lost string // why there can be no such type with the cell; "" where there can be
}

// Variable is one that a cell declares at its top.
type Variable struct {
	Name   string
	Object types.Object // what the checker makes of it
	Type   types.Type
	Same   *program.Thing // a variable of the session of that name and type; nil if there is none
	First  bool           // taken before the statements
	head   *program.Piece // its type, where functions use it
	pos    token.Pos
}

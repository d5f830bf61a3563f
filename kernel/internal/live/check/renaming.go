package check

import (
	"go/ast"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// packageMark begins the checker's name for a package with a name that means a variable to
// functions.
const packageMark = mark.Letter

// renaming holds the original names of identifiers that have others for the checker.
type renaming map[*ast.Ident]string

func (r renaming) rename(id *ast.Ident, to string) { r[id], id.Name = id.Name, to }

// restore undoes the renaming.
func (r renaming) restore() {
	for id, name := range r {
		id.Name = name
	}
}

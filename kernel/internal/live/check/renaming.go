package check

import (
	"go/ast"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// packageMark begins the name of a package, where its own is a variable's to functions.
const packageMark = mark.Letter

// renaming is the names that identifiers had which have others for the checker's sake.
type renaming map[*ast.Ident]string

func (r renaming) rename(id *ast.Ident, to string) { r[id], id.Name = id.Name, to }

// restore takes it all back.
func (r renaming) restore() {
	for id, name := range r {
		id.Name = name
	}
}

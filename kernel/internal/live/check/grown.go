package check

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// changed records the types of the session with a method set that the cell changes: those
// of new methods, and those that embed them. It returns them and everything that their
// instances are made of.
func (c *Cell) changed() []*program.Thing {
	var of []*program.Thing
	for i, f := range c.Files[1:] {
		for _, d := range f.AST.Decls {
			m, ok := d.(*ast.FuncDecl)
			if !ok || m.Recv == nil {
				continue
			}
			t := c.receiverThing(m)
			if t != nil && slices.Contains(c.Earlier, t) && (i == 0 || t.Methods[m.Name.Name] != nil) && !slices.Contains(of, t) {
				of = append(of, t)
			}
		}
	}
	c.Grown, c.Instances = nil, nil
	if len(of) == 0 {
		return nil
	}
	c.Grown = c.Program.Embedders(of)
	all := slices.Clone(c.Grown)
	for _, t := range c.Grown {
		for _, i := range t.Instances {
			if slices.ContainsFunc(c.Instances, func(other *Instance) bool { return other.Symbol == i.Symbol }) {
				continue // ambiguous: it has methods of two types
			}
			c.Instances = append(c.Instances, &Instance{Instance: i})
			for _, r := range i.Head.Refs {
				if r.Thing != nil {
					all = append(all, r.Thing)
				}
			}
		}
	}
	return all
}

// receiverThing returns the type of the session that a method belongs to, as the checker
// found.
func (c *Cell) receiverThing(m *ast.FuncDecl) *program.Thing {
	f, ok := c.Info.Defs[m.Name].(*types.Func)
	if !ok {
		return nil
	}
	return c.Receiver(f)
}

// instancesFile is the file that declares to the checker the instances of types that get
// methods, one on each line, so that their new methods are instantiated too.
const instancesFile = "instances"

// writeInstances writes these instances.
func (c *Cell) writeInstances(b *strings.Builder, names *program.Writing) {
	for n, i := range c.Instances {
		fmt.Fprintf(b, "//line %s:%d\nvar _ *%s\n", instancesFile, n+1, names.Write(i.Head))
	}
}

// isLost records the instance that an error is in: its type arguments no longer satisfy the
// constraints. It reports whether there is one.
func (c *Cell) isLost(e types.Error) bool {
	at := c.fset.Position(e.Pos)
	if at.Filename != instancesFile || at.Line > len(c.Instances) {
		return false
	}
	if i := c.Instances[at.Line-1]; i.Lost == "" {
		i.Lost = e.Msg
	}
	return true
}

package cell

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// frame returns what a cell's package has beside the cell's code: the slots of its
// variables, and what the process that runs it must know of it.
func (w *writer) frame() string {
	var b, slots, kept strings.Builder
	names := w.names()
	for _, t := range w.made {
		switch t.Class {
		case Variable:
			fmt.Fprintf(&b, "var %s *%s\n", t.slot(), names.write(t.head))
			fmt.Fprintf(&slots, "{Symbol: %q, Pointer: &%s}, ", t.slot(), t.slot())
		case Function:
			if f, ok := w.object(t).(*types.Func); ok && f.Signature().TypeParams().Len() == 0 {
				fmt.Fprintf(&kept, "%s, ", t.Symbol)
			}
		case Type:
			room(&b, t)
			w.keepType(&kept, t)
		}
	}
	for _, t := range w.grown {
		w.keepType(&kept, t)
		for _, i := range t.instances {
			fmt.Fprintf(&kept, "(*%s)(nil), ", names.write(i.head))
		}
	}
	host := w.alias(hostPackage)
	fmt.Fprintf(&b, "\nvar %s %s.Flag\n\nfunc %s() { %s.Stopped() }\n", stopName, host, stoppedName, host)
	fmt.Fprintf(&b, "\nfunc init() {\n\t%s.Enter(&%s.Cell{Number: %d, Stop: &%s, Run: %s, Slots: []%s.Slot{%s}, Keep: []any{%s}, Flags: %#v})\n}\n",
		host, host, w.Cell.Number, stopName, w.runName(), host, slots.String(), kept.String(), w.flags())
	return b.String()
}

// Each cell has a flag of its own that its code looks at.
const (
	stopName    = "stop" + mark.Letter
	stoppedName = "stopped" + mark.Letter
	checkStop   = "if " + stopName + ".Up() { " + stoppedName + "() }"
)

// object returns what the checker knows of a thing.
func (c *Checked) object(t *Thing) types.Object {
	for o, other := range c.things {
		if other == t {
			return o
		}
	}
	return nil
}

// keepType has the linker, which drops what nothing refers to, keep a type and its methods
// for later cells.
func (w *writer) keepType(b *strings.Builder, t *Thing) {
	named, ok := w.object(t).Type().(*types.Named)
	if !ok || t.params > 0 || t.isAlias {
		return
	}
	if i, ok := named.Underlying().(*types.Interface); ok {
		if i.IsMethodSet() {
			fmt.Fprintf(b, "(*%s)(nil), ", t.Symbol)
		}
		return
	}
	fmt.Fprintf(b, "(*%s)(nil), ", t.Symbol)
	for i := range named.NumMethods() {
		m := named.Method(i)
		if m.Name() == "_" {
			continue
		}
		fmt.Fprintf(b, "(*%s).%s, ", t.Symbol, m.Name())
		if !isPointer(m) {
			fmt.Fprintf(b, "%s.%s, ", t.Symbol, m.Name())
		}
	}
}

// tests returns the cell's tests and benchmarks, each with its name, as arguments.
func (w *writer) tests() string {
	var b strings.Builder
	for _, t := range w.made {
		f, ok := w.object(t).(*types.Func)
		if !ok || t.decl == nil || t.decl.source != w.Cell || f.Signature().Params().Len() != 1 || f.Signature().Results().Len() != 0 {
			continue
		}
		switch of := f.Signature().Params().At(0).Type().String(); {
		case strings.HasPrefix(t.Name, "Test") && of == "*testing.T", strings.HasPrefix(t.Name, "Benchmark") && of == "*testing.B":
			fmt.Fprintf(&b, "%q, %s, ", t.Name, t.Symbol)
		}
	}
	return b.String()
}

// flags returns the names of the command line flags that the cell defines.
func (c *Checked) flags() []string {
	var names []string
	for _, f := range c.files {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if arg := c.flagName(call); arg != nil {
					if v := c.Info.Types[arg].Value; v != nil && v.Kind() == constant.String {
						names = append(names, constant.StringVal(v))
					}
				}
			}
			return true
		})
	}
	return names
}

// flagName returns the argument that names the flag which a call of package flag defines,
// nil if it defines none.
func (c *Checked) flagName(call *ast.CallExpr) ast.Expr {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	o, ok := c.Info.Uses[s.Sel].(*types.Func)
	if !ok || o.Pkg() == nil || o.Pkg().Path() != "flag" || o.Signature().Recv() != nil || o.Name() == "Set" || o.Name() == "Lookup" {
		return nil
	}
	for i := range min(len(call.Args), o.Signature().Params().Len()) {
		if o.Signature().Params().At(i).Name() == "name" {
			return call.Args[i]
		}
	}
	return nil
}

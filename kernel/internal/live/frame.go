package live

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
)

// frame returns what a cell's package has beside the cell's code: its variables, and what
// the worker must know of it.
func (r *rewriter) frame() (string, error) {
	var b, pointers, kept strings.Builder
	w := &typeWriter{name: r.typeName, field: func(o types.Object) string { return mark(o.Name()) }, tag: tagOf}
	seen := map[string]bool{}
	var moves, moved strings.Builder
	for _, v := range append(r.variables, r.moved...) {
		if v.owner != r.cell.unit || seen[v.name] {
			continue
		}
		seen[v.name] = true
		text, err := w.text(v.typ)
		if err != nil {
			line, column := place(r.cell.text, r.statements.offset(v.local.Pos()))
			return "", Problems{{Cell: r.cell.number, Line: line, Column: column, Message: fmt.Sprintf("%s cannot live on: %v", v.name, err)}}
		}
		fmt.Fprintf(&b, "var %s %s\n", mark(v.name), text)
		fmt.Fprintf(&pointers, "%q: &%s, ", v.name, mark(v.name))
		if v.from != 0 {
			r.cells[v.from] = true
			fmt.Fprintf(&moves, "\t%s = *(*%s)(%s.Pointer(&%s.%s))\n", mark(v.name), text, r.alias(types.Unsafe), cellAlias(v.from), mark(v.name))
			fmt.Fprintf(&moved, "%q, ", v.name)
		}
	}
	// The linker drops what nothing refers to, but later cells may.
	scope := r.pkg.Scope()
	for _, n := range scope.Names() {
		o := scope.Lookup(n)
		if o.Pkg() != r.pkg || n == statementsName {
			continue
		}
		switch o := o.(type) {
		case *types.Func:
			if o.Signature().TypeParams().Len() == 0 {
				fmt.Fprintf(&kept, "%s, ", mark(n))
			}
		case *types.TypeName:
			keepType(&kept, o)
		}
	}
	fmt.Fprintf(&b, "\nvar %sstop %shost.Flag\n\nvar _ = %shost.Watch(%d, &%sstop)\n", host.Mark+host.Mark, host.Mark, host.Mark, r.cell.number, host.Mark+host.Mark)
	fmt.Fprintf(&b, "\nfunc init() {\n\t%shost.Enter(&%shost.Cell{Run: %srun, Variables: map[string]any{%s}, Keep: []any{%s}, Flags: %#v, Move: %smove, Moved: []string{%s}})\n}\n",
		host.Mark, host.Mark, host.Mark+host.Mark, pointers.String(), kept.String(), r.flags(), host.Mark+host.Mark, moved.String())
	fmt.Fprintf(&b, "\nfunc %smove() {\n%s}\n", host.Mark+host.Mark, moves.String())
	fmt.Fprintf(&b, "\nfunc %srun() {\n", host.Mark+host.Mark)
	for _, init := range r.inits {
		fmt.Fprintf(&b, "\t%s()\n", init)
	}
	fmt.Fprintf(&b, "\t%s()\n", statementsName)
	if r.own["main"] {
		fmt.Fprintf(&b, "\t%s()\n", mark("main"))
	}
	if r.cell.tests {
		fmt.Fprintf(&b, "\t%shost.Test(%s)\n", host.Mark, r.tests())
	}
	b.WriteString("}\n")
	return b.String(), nil
}

// tests returns the cell's tests and benchmarks, each with its name, as arguments.
func (r *rewriter) tests() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(r.own)) {
		f, ok := r.pkg.Scope().Lookup(name).(*types.Func)
		if !ok || f.Signature().Params().Len() != 1 || f.Signature().Results().Len() != 0 {
			continue
		}
		switch of := f.Signature().Params().At(0).Type().String(); {
		case strings.HasPrefix(name, "Test") && of == "*testing.T", strings.HasPrefix(name, "Benchmark") && of == "*testing.B":
			fmt.Fprintf(&b, "%q, %s, ", name, name)
		}
	}
	return b.String()
}

// keepType has the linker keep a type and its methods.
func keepType(b *strings.Builder, o *types.TypeName) {
	named, ok := o.Type().(*types.Named)
	if !ok || named.TypeParams().Len() > 0 {
		return
	}
	if i, ok := named.Underlying().(*types.Interface); ok {
		if i.IsMethodSet() {
			fmt.Fprintf(b, "(*%s)(nil), ", mark(o.Name()))
		}
		return
	}
	fmt.Fprintf(b, "(*%s)(nil), ", mark(o.Name()))
	for i := range named.NumMethods() {
		m := named.Method(i)
		receiver := mark(o.Name())
		if _, ok := m.Signature().Recv().Type().(*types.Pointer); ok {
			receiver = "(*" + receiver + ")"
		}
		fmt.Fprintf(b, "%s.%s, ", receiver, mark(m.Name()))
	}
}

// typeName returns how the frame names a type.
func (r *rewriter) typeName(o types.Object) (string, error) {
	if text, ok := r.reference(o); ok {
		return text, nil
	}
	if o.Pkg().Path() == "unsafe" {
		return r.alias(o.Pkg()) + "." + o.Name(), nil
	}
	if !o.Exported() || o.Parent() != nil && o.Parent() != o.Pkg().Scope() {
		return "", fmt.Errorf("its type %s.%s has no name outside its package; give it an interface type", o.Pkg().Name(), o.Name())
	}
	return r.alias(o.Pkg()) + "." + o.Name(), nil
}

// tagOf returns the tag of a field as the rewritten cell has it.
func tagOf(f *types.Var, tag string) string {
	if tag == "" && !f.Exported() && !f.Embedded() && inCell(f) {
		return hidden
	}
	return tag
}

// flags returns the names of the command line flags that the cell defines.
func (r *rewriter) flags() []string {
	var names []string
	for _, f := range r.files {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if arg := r.flagName(call); arg != nil {
					if v := r.info.Types[arg].Value; v != nil && v.Kind() == constant.String {
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
func (r *rewriter) flagName(call *ast.CallExpr) ast.Expr {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	o, ok := r.info.Uses[s.Sel].(*types.Func)
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

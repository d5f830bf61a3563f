package editor

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
)

// methods adds the methods of a type, and the functions that return its values.
func (d *describer) methods(o *types.TypeName) {
	named, ok := types.Unalias(o.Type()).(*types.Named)
	if !ok {
		return
	}
	named = named.Origin()
	var methods []*types.Func
	for i := range named.NumMethods() {
		if m := named.Method(i); m.Exported() || names.InCell(m) {
			methods = append(methods, m)
		}
	}
	slices.SortFunc(methods, func(a, b *types.Func) int { return strings.Compare(a.Name(), b.Name()) })
	var lines []string
	for _, m := range methods {
		lines = append(lines, signature(m))
	}
	if len(lines) > 0 {
		d.others = append(d.others, section{"Methods", strings.Join(lines, "\n")})
	}
	if names.InCell(o) {
		return
	}
	if makers := makers(o.Pkg(), named); len(makers) > 0 && len(makers) <= 10 { // if there are more, they are hardly constructors
		d.others = append(d.others, section{"Functions", strings.Join(makers, "\n")})
	}
}

// makers returns the functions of a package with a first result of a type.
func makers(pkg *types.Package, of *types.Named) []string {
	var lines []string
	for _, n := range pkg.Scope().Names() {
		if !token.IsExported(n) {
			continue
		}
		f, ok := pkg.Scope().Lookup(n).(*types.Func)
		if !ok || f.Signature().Results().Len() == 0 {
			continue
		}
		t := types.Unalias(f.Signature().Results().At(0).Type())
		if p, ok := t.(*types.Pointer); ok {
			t = types.Unalias(p.Elem())
		}
		if named, ok := t.(*types.Named); ok && named.Origin() == of {
			lines = append(lines, signature(f))
		}
	}
	return lines
}

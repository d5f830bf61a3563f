package emit

import (
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// enterDynamicCalls records the methods that the cell's declarations call through
// interfaces, of the types that they have values of. The compiler calls them directly if it
// can determine the type, in a function together with what it inlines there. Functions of
// packages, which may be inlined too, can reach any method of a value by an assertion, as
// errors.Unwrap does.
func (w *writer) enterDynamicCalls() {
	objects := map[*program.Thing]types.Object{}
	for o, t := range w.Things {
		objects[t] = o
	}
	of := map[*program.Thing]map[string]*program.Declaration{} // the methods of the cell
	for _, m := range w.entry.Methods {
		if of[m.Of] == nil {
			of[m.Of] = map[string]*program.Declaration{}
		}
		of[m.Of][m.Name] = m.Declaration
	}
	method := func(t *program.Thing, name string) *program.Declaration {
		if d := of[t][name]; d != nil {
			return d
		}
		if m := t.Methods[name]; m != nil {
			return m.Declaration
		}
		return nil
	}
	known := map[*program.Thing]map[string]bool{}
	methods := func(t *program.Thing) map[string]bool {
		all, ok := known[t]
		if o := objects[t]; !ok && o != nil {
			all = methodNames(o.Type())
			known[t] = all
		}
		return all
	}
	for _, d := range w.entry.Declarations {
		code := d.Inlined(method)
		for n := -1; n != len(code); {
			n = len(code)
			values, names, handed := map[*program.Thing]bool{}, map[string]bool{}, map[string]bool{}
			for _, in := range code {
				maps.Copy(values, in.Values)
				maps.Copy(names, in.Dynamic)
				maps.Copy(handed, in.Handed)
			}
			for t := range values {
				is := implementsAny(methods(t), handed)
				for name := range methods(t) {
					if is || names[name] {
						d.Call(t, name)
					}
				}
			}
			code = d.Inlined(method) // longer now: it includes what the method calls
		}
	}
}

// implementsAny reports whether methods include those of one of some interfaces.
func implementsAny(methods, interfaces map[string]bool) bool {
	for i := range interfaces {
		if !slices.ContainsFunc(strings.Split(i, " "), func(name string) bool { return !methods[name] }) {
			return true
		}
	}
	return false
}

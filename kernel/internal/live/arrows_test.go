package live

import (
	"go/ast"
	"go/types"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

const here = "github.com/sdtlab/sdtlab/kernel/internal/live"

// arrows says which packages here import which: all of those, and no others. A row has
// only what is in rows above it.
var arrows = []struct {
	name    string
	imports []string
}{
	{"mark", nil},
	{"guard", []string{"mark"}},
	{"cell", []string{"mark"}},
	{"program", []string{"cell", "guard", "mark"}},
	{"names", []string{"cell", "guard", "mark", "program"}},
	{"check", []string{"cell", "mark", "names", "program"}},
	{"emit", []string{"cell", "check", "guard", "mark", "names", "program"}},
	{"editor", []string{"cell", "check", "mark", "names", "program"}},

	{"host", nil},
	{"module", []string{"host"}},
	{"loader", []string{"host"}},
	{"linker", nil},
	{"toolchain", []string{"host", "linker", "mark"}},

	{"", []string{"cell", "check", "editor", "emit", "host", "program", "toolchain"}},

	{"worker", []string{"host", "loader"}},
	{"livetest", []string{"check", "emit", "program"}},
	{"againstgo", nil},
}

// largestKnot is how many files of a package may refer to one another in a circle: as many
// as one can have in mind at a time.
const largestKnot = 8

// TestArrows checks that the arrows between the packages are those in the table, and that
// no package is a knot inside.
func TestArrows(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("package module is Linux's")
	}
	config := &packages.Config{
		Mode:       packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo,
		BuildFlags: []string{"-tags=sdtlab_worker"},
	}
	all, err := packages.Load(config, here+"/...")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]*packages.Package{}
	for _, p := range all {
		for _, err := range p.Errors {
			t.Errorf("%s: %v", p.PkgPath, err)
		}
		found[strings.TrimPrefix(strings.TrimPrefix(p.PkgPath, here), "/")] = p
	}
	above := map[string]bool{}
	for _, r := range arrows {
		p := found[r.name]
		if p == nil {
			t.Errorf("there is no package %q", r.name)
			continue
		}
		delete(found, r.name)
		var imports []string
		for path := range p.Imports {
			if to, ok := strings.CutPrefix(path, here+"/"); ok {
				imports = append(imports, to)
				if !above[to] {
					t.Errorf("%q imports %q, which is not above it", r.name, to)
				}
			}
		}
		if slices.Sort(imports); !slices.Equal(imports, r.imports) {
			t.Errorf("%q imports %q, the table has %q", r.name, imports, r.imports)
		}
		above[r.name] = true
		for _, k := range knots(references(p)) {
			if t.Logf("%q: a knot of %d: %s", r.name, len(k), strings.Join(k, " ")); len(k) > largestKnot {
				t.Errorf("%q: %d files refer to one another in circles: %s", r.name, len(k), strings.Join(k, " "))
			}
		}
	}
	for name := range found {
		t.Errorf("package %q is not in the table", name)
	}
}

// references returns which files of a package refer to which others of it: by the names of
// its scope, and by methods. Fields do not count.
func references(p *packages.Package) map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for _, f := range p.Syntax {
		from := filepath.Base(p.Fset.File(f.Pos()).Name())
		all[from] = map[string]bool{}
		ast.Inspect(f, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			o := p.TypesInfo.Uses[id]
			if o == nil || o.Pkg() != p.Types || !o.Pos().IsValid() {
				return true
			}
			if v, ok := o.(*types.Var); ok && v.IsField() {
				return true
			}
			if to := filepath.Base(p.Fset.File(o.Pos()).Name()); to != from {
				all[from][to] = true
			}
			return true
		})
	}
	return all
}

// knots returns the groups of more than one file of which each leads to all others.
func knots(references map[string]map[string]bool) (all [][]string) {
	reach := map[string]map[string]bool{}
	for from := range references {
		reach[from] = map[string]bool{}
		var visit func(file string)
		visit = func(file string) {
			for to := range references[file] {
				if !reach[from][to] {
					reach[from][to] = true
					visit(to)
				}
			}
		}
		visit(from)
	}
	in := map[string]bool{}
	for _, from := range slices.Sorted(maps.Keys(reach)) {
		if in[from] || !reach[from][from] {
			continue
		}
		var knot []string
		for _, to := range slices.Sorted(maps.Keys(reach[from])) {
			if reach[to][from] {
				in[to] = true
				knot = append(knot, to)
			}
		}
		all = append(all, knot)
	}
	return all
}

func TestKnots(t *testing.T) {
	to := func(files ...string) map[string]bool {
		all := map[string]bool{}
		for _, f := range files {
			all[f] = true
		}
		return all
	}
	got := knots(map[string]map[string]bool{"a": to("b", "x"), "b": to("c"), "c": to("a", "d"), "d": to("e"), "e": to("d"), "f": to("a", "d"), "x": nil})
	want := [][]string{{"a", "b", "c"}, {"d", "e"}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%q, want %q", got, want)
	}
}

package live

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

const here = "github.com/sdtlab/sdtlab/kernel/internal/live"

// arrows lists for each package here the packages here that it imports: exactly those. A
// row has only packages of rows above it.
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

// TestArrows checks that the imports between the packages are those in the table.
func TestArrows(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("package module is Linux's")
	}
	config := &packages.Config{
		Mode:       packages.NeedName | packages.NeedImports,
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
	}
	for name := range found {
		t.Errorf("package %q is not in the table", name)
	}
}

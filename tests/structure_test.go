package tests

import (
	"go/ast"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// What a stranger can have in mind at a time.
const (
	largestKnot = 8   // files of a package that refer to one another in circles
	longestFile = 300 // lines
	longestFunc = 70  // lines of a function that is no table
	medianFile  = 120 // lines
)

// TestStructure checks that no package is a knot inside, no file and no function too long.
// Tests are not looked at.
func TestStructure(t *testing.T) {
	config := &packages.Config{
		Mode:       packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo,
		Dir:        root,
		BuildFlags: []string{"-tags=sdtlab_worker"},
	}
	all, err := packages.Load(config, "./...")
	if err != nil {
		t.Fatal(err)
	}
	var lengths []int
	for _, p := range all {
		for _, err := range p.Errors {
			t.Errorf("%s: %v", p.PkgPath, err)
		}
		for _, k := range knots(references(p)) {
			if len(k) > largestKnot {
				t.Errorf("%s: %d files refer to one another in circles, want at most %d: %s", p.PkgPath, len(k), largestKnot, strings.Join(k, " "))
			}
		}
		for _, f := range p.Syntax {
			file := p.Fset.File(f.Pos())
			lengths = append(lengths, file.LineCount())
			if n := file.LineCount(); n > longestFile {
				t.Errorf("%s has %d lines, want at most %d", file.Name(), n, longestFile)
			}
			for _, d := range f.Decls {
				if d, ok := d.(*ast.FuncDecl); ok {
					if n := file.Line(d.End()) - file.Line(d.Pos()) + 1; n > longestFunc {
						t.Errorf("%s: %s has %d lines, want at most %d", file.Name(), d.Name.Name, n, longestFunc)
					}
				}
			}
		}
	}
	if len(lengths) < 400 {
		t.Fatalf("%d files were found", len(lengths))
	}
	slices.Sort(lengths)
	if n := lengths[len(lengths)/2]; n > medianFile {
		t.Errorf("the median file has %d lines, want at most %d", n, medianFile)
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

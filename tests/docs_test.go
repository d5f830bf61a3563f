package tests

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Every package has a comment, and every exported name of it, fields and methods of
// exported types included.
func TestDocComments(t *testing.T) {
	for _, p := range ours(t) {
		c := &commented{fset: token.NewFileSet(), internal: strings.Contains(p.ImportPath, "/internal/")}
		described := false
		// Files for other systems are read too: all that is there is somebody's package.
		for _, name := range slices.Concat(p.GoFiles, p.CgoFiles, p.IgnoredGoFiles) {
			f, err := parser.ParseFile(c.fset, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			described = described || f.Doc != nil
			for _, d := range f.Decls {
				c.decl(d)
			}
		}
		for _, wrong := range c.found {
			t.Error(wrong)
		}
		if !described && len(p.GoFiles)+len(p.CgoFiles) > 0 {
			t.Errorf("%s: no package comment", p.ImportPath)
		}
	}
}

// The rule itself: what it must find, and what it must let pass.
func TestDocCommentsAreFound(t *testing.T) {
	const source = `package p

func Bare() {}

// Does something.
func Nameless() {}

// Good does something.
func Good() {}

// Kinds of things.
const (
	A = 1
	B = 2 // two
)

const C = 3

// T is a thing.
type T struct {
	X int
	Y int // of the thing

	// Z and W are others.
	Z int
	W int

	V int
}

func (T) Method() {}
func (t *T) hidden() {}
type hidden struct{ X int }
func (hidden) Method() {}
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p/p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	c := &commented{fset: fset}
	for _, d := range file.Decls {
		c.decl(d)
	}
	want := []string{
		"p/p.go:3: Bare has no doc comment",
		`p/p.go:6: the comment of Nameless begins "Does something.\n"`,
		"p/p.go:17: C has no comment",
		"p/p.go:21: T.X has no comment",
		"p/p.go:28: T.V has no comment",
		"p/p.go:31: Method has no doc comment",
	}
	if !slices.Equal(c.found, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(c.found, "\n"), strings.Join(want, "\n"))
	}
}

package program

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Imports knows the packages that cells import: those that they name, and those that are
// found by the names that a cell uses.
type Imports struct {
	base  Packages
	types types.Importer
	dots  []string          // packages with names in the session's scope, the last imported last
	named map[string]string // names of the session's import declarations, to import paths
	more  map[string]string // the compiled form of packages outside the base
	found map[string]string // packages already found for a name
}

// Packages is the set of packages that cells can import.
type Packages interface {
	Export(path string) string // the file of a compiled package, "" if there is none
	Names() map[string]string  // the names of the packages that a cell may import, by import path
	Refusal(path string) error // why a cell may not import a path; nil if it may, or the package is missing
}

// NewImports returns what cells can import before any has imported anything.
func NewImports(fset *token.FileSet, base Packages) *Imports {
	im := &Imports{base: base, named: map[string]string{}, more: map[string]string{}, found: map[string]string{}}
	im.types = importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if file := im.File(path); file != "" {
			return os.Open(file)
		}
		return nil, fmt.Errorf("package %s is not one that this session can import", path)
	})
	return im
}

// File returns the file with the compiled form of a package, "" if there is none.
func (im *Imports) File(path string) string {
	if file := im.more[path]; file != "" {
		return file
	}
	return im.base.Export(path)
}

// Import implements types.Importer.
func (im *Imports) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	return im.types.Import(path)
}

// Declare adds a cell's import declarations to the session. It returns the packages that
// are imported for their effects only. What cannot be imported is passed to failed, with
// its path in missing if it is only absent from this session.
func (im *Imports) Declare(specs []*ast.ImportSpec, failed func(spec *ast.ImportSpec, missing string, err error)) (effects []string) {
	for _, spec := range specs {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			failed(spec, "", err)
			continue
		}
		if err := im.base.Refusal(path); err != nil {
			failed(spec, "", err)
			continue
		}
		pkg, err := im.Import(path)
		if err != nil {
			if im.File(path) == "" {
				failed(spec, path, err)
			} else {
				failed(spec, "", err)
			}
			continue
		}
		switch {
		case spec.Name != nil && spec.Name.Name == "_":
			effects = append(effects, path)
		case spec.Name != nil && spec.Name.Name == ".":
			im.dots = append(slices.DeleteFunc(im.dots, func(p string) bool { return p == path }), path)
		case spec.Name != nil:
			im.named[spec.Name.Name] = path
		default:
			im.named[pkg.Name()] = path
		}
	}
	return effects
}

// Resolve returns the import path for a name that code uses as a package with these
// members; "" if there is no such package. If none has all the members, it returns the one
// with the most, so that the type checker reports the missing ones.
func (im *Imports) Resolve(name string, members map[string]bool) string {
	if path, ok := im.named[name]; ok {
		return path
	}
	if path, ok := im.found[name]; ok && im.Has(path, members) {
		return path
	}
	nearest, most := "", -1
	for _, path := range im.Candidates(name) {
		n := im.exports(path, members)
		if n == len(members) {
			im.found[name] = path
			return path
		}
		if n > most {
			nearest, most = path, n
		}
	}
	return nearest
}

// Candidates returns the packages with a name, the likeliest first: those of the standard
// library, then the shortest path.
func (im *Imports) Candidates(name string) []string {
	var paths []string
	for path, n := range im.base.Names() {
		if n == name {
			paths = append(paths, path)
		}
	}
	slices.SortFunc(paths, func(a, b string) int {
		return strings.Compare(Likelihood(a), Likelihood(b))
	})
	return paths
}

// Likelihood returns a key that sorts import paths, the likeliest first.
func Likelihood(path string) string {
	first, _, _ := strings.Cut(path, "/")
	class := "0"
	switch {
	case strings.Contains(first, "."):
		class = "1"
	case path == "html/template", path == "crypto/rand":
		class = "01" // goimports prefers the other one too
	}
	return fmt.Sprintf("%s %04d %s", class, len(path), path)
}

// Has reports whether a package exports all members.
func (im *Imports) Has(path string, members map[string]bool) bool {
	return im.exports(path, members) == len(members)
}

// exports returns how many of some members a package exports, -1 if it cannot be imported.
func (im *Imports) exports(path string, members map[string]bool) int {
	pkg, err := im.Import(path)
	if err != nil {
		return -1
	}
	n := 0
	for m := range members {
		if o := pkg.Scope().Lookup(m); o != nil && o.Exported() {
			n++
		}
	}
	return n
}

// Named returns the names of the session's import declarations, with their import paths.
func (im *Imports) Named() map[string]string { return im.named }

// Packages returns the names of the packages that a cell may import, by import path.
func (im *Imports) Packages() map[string]string { return im.base.Names() }

// Clone returns a copy; its declarations do not change im's.
func (im *Imports) Clone() *Imports {
	c := *im
	c.named, c.dots = maps.Clone(im.named), slices.Clone(im.dots)
	return &c
}

// Detached returns a copy that shares nothing with im, not even its caches.
func (im *Imports) Detached() *Imports {
	c := im.Clone()
	c.found = maps.Clone(im.found)
	return c
}

// Dots returns the import paths that names get from the session's dot imports. If two
// packages export a name, the one imported later counts.
func (im *Imports) Dots() map[string]string {
	all := map[string]string{}
	for _, path := range im.dots {
		for _, name := range im.Exported(path) {
			all[name] = path
		}
	}
	return all
}

// Exported returns the names that a package exports, in order; none if it cannot be
// imported.
func (im *Imports) Exported(path string) (names []string) {
	pkg, err := im.Import(path)
	if err != nil {
		return nil
	}
	for _, name := range pkg.Scope().Names() {
		if token.IsExported(name) {
			names = append(names, name)
		}
	}
	return names
}

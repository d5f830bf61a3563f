package live

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

// imports knows the packages that cells import: those that they name, and those that are
// found by the names that a cell uses.
type imports struct {
	base  *Base
	types types.Importer
	named map[string]string // what the session's import declarations name, to import paths
	more  map[string]string // the compiled form of packages that are not in the base
	found map[string]string // what was found for a name before
}

func newImports(fset *token.FileSet, base *Base) *imports {
	im := &imports{base: base, named: map[string]string{}, more: map[string]string{}, found: map[string]string{}}
	im.types = importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if file := im.file(path); file != "" {
			return os.Open(file)
		}
		return nil, fmt.Errorf("package %s is not known here", path)
	})
	return im
}

// file returns the compiled form of a package, "" if there is none.
func (im *imports) file(path string) string {
	if file := im.more[path]; file != "" {
		return file
	}
	return im.base.exports[path]
}

// Import implements types.Importer.
func (im *imports) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	return im.types.Import(path)
}

// declare takes a cell's import declarations for the session. It returns those that are
// imported for their effects alone, and those whose names go into the cell's own scope.
// What cannot be imported goes to failed, with its path if it is only not here.
func (im *imports) declare(specs []*ast.ImportSpec, failed func(spec *ast.ImportSpec, missing string, err error)) (effects, dots []string) {
	for _, spec := range specs {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			failed(spec, "", err)
			continue
		}
		if err := im.base.refusal(path); err != nil {
			failed(spec, "", err)
			continue
		}
		pkg, err := im.Import(path)
		if err != nil {
			if im.file(path) == "" {
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
			dots = append(dots, path)
		case spec.Name != nil:
			im.named[spec.Name.Name] = path
		default:
			im.named[pkg.Name()] = path
		}
	}
	return effects, dots
}

// resolve returns the import path for a name that code uses before a dot, with these
// members; "" if there is no such package.
func (im *imports) resolve(name string, members map[string]bool) string {
	if path, ok := im.named[name]; ok {
		return path
	}
	if path, ok := im.found[name]; ok && im.has(path, members) {
		return path
	}
	for _, path := range im.candidates(name) {
		if im.has(path, members) {
			im.found[name] = path
			return path
		}
	}
	return ""
}

// candidates returns the packages of a name, the likeliest first: those of the standard
// library, then the shortest path.
func (im *imports) candidates(name string) []string {
	var paths []string
	for path, n := range im.base.names {
		if n == name {
			paths = append(paths, path)
		}
	}
	slices.SortFunc(paths, func(a, b string) int {
		return strings.Compare(likelihood(a), likelihood(b))
	})
	return paths
}

// likelihood sorts import paths.
func likelihood(path string) string {
	first, _, _ := strings.Cut(path, "/")
	class := "0"
	switch {
	case strings.Contains(first, "."):
		class = "1"
	case path == "html/template", path == "crypto/rand":
		class = "01" // goimports, too, takes the other one
	}
	return fmt.Sprintf("%s %04d %s", class, len(path), path)
}

// has tells whether a package exports all members.
func (im *imports) has(path string, members map[string]bool) bool {
	pkg, err := im.Import(path)
	if err != nil {
		return false
	}
	for m := range members {
		if o := pkg.Scope().Lookup(m); o == nil || !o.Exported() {
			return false
		}
	}
	return true
}

// clone returns a copy whose declarations do not change im's.
func (im *imports) clone() *imports {
	c := *im
	c.named = maps.Clone(im.named)
	return &c
}

// qualifiers returns the names that stand before a dot in files, each with what stands
// behind it.
func qualifiers(files ...*ast.File) map[string]map[string]bool {
	used := map[string]map[string]bool{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok {
					if used[x.Name] == nil {
						used[x.Name] = map[string]bool{}
					}
					if s.Sel.Name != placeholder {
						used[x.Name][s.Sel.Name] = true
					}
				}
			}
			return true
		})
	}
	return used
}

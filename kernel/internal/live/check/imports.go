package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// dots returns the packages whose names are in the cell's scope, under paths of ours, each
// without the names that mean something else to the cell.
func (c *Cell) dots(hidden map[string]bool) map[string]*types.Package {
	all := map[string]*types.Package{}
	seen := map[string]bool{}
	for _, path := range c.Imports.Dots() {
		pkg, err := c.Imports.Import(path)
		if err != nil {
			continue
		}
		names := types.NewPackage(mark.Letter+path, pkg.Name())
		for _, n := range pkg.Scope().Names() {
			if o := pkg.Scope().Lookup(n); o.Exported() && !hidden[n] && c.Program.Lookup(n) == nil && !seen[n] {
				seen[n] = true
				names.Scope().Insert(o)
			}
		}
		names.MarkComplete()
		all[names.Path()] = names
	}
	return all
}

// importerOf is a types.Importer.
type importerOf func(path string) (*types.Package, error)

// Import implements types.Importer.
func (f importerOf) Import(path string) (*types.Package, error) { return f(path) }

// withImports returns a file with imports for the packages that it uses in place of its own.
func (c *Cell) withImports(f *cell.File, dots map[string]*types.Package, hidden map[string]bool) *ast.File {
	out := *f.AST
	out.Imports, out.Decls = nil, nil
	block := &ast.GenDecl{Tok: token.IMPORT, TokPos: f.AST.Name.End(), Lparen: f.AST.Name.End(), Rparen: f.AST.Name.End()}
	members := cell.Qualifiers(f.AST)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		taken := hidden[name] || c.Program.Lookup(name) != nil || f != c.Statements && c.declaresAtTop(name)
		taken = taken || len(members[name]) == 0 && types.Universe.Lookup(name) != nil
		if taken && !c.Named[name] || c.Package.Scope().Lookup(name) != nil {
			continue
		}
		if path := c.Imports.Resolve(strings.TrimPrefix(name, packageMark), members[name]); path != "" {
			spec := &ast.ImportSpec{
				Name: &ast.Ident{Name: name, NamePos: f.AST.Name.End()},
				Path: &ast.BasicLit{Kind: token.STRING, Value: `"` + path + `"`, ValuePos: f.AST.Name.End()},
			}
			block.Specs = append(block.Specs, spec)
			out.Imports = append(out.Imports, spec)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(dots)) {
		spec := &ast.ImportSpec{
			Name: &ast.Ident{Name: ".", NamePos: f.AST.Name.End()},
			Path: &ast.BasicLit{Kind: token.STRING, Value: `"` + path + `"`, ValuePos: f.AST.Name.End()},
		}
		block.Specs = append(block.Specs, spec)
		out.Imports = append(out.Imports, spec)
	}
	if len(block.Specs) > 0 {
		out.Decls = append(out.Decls, block)
	}
	for _, d := range f.AST.Decls {
		if g, ok := d.(*ast.GenDecl); !ok || g.Tok != token.IMPORT {
			out.Decls = append(out.Decls, d)
		}
	}
	return &out
}

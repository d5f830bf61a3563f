package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// dotScopes returns packages with only those names that a file gets from dot imports and
// that mean nothing else to the cell, under paths of our own that begin with prefix.
func (c *Cell) dotScopes(prefix string, names map[string]string) map[string]*types.Package {
	all := map[string]*types.Package{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if c.isHeld(name) {
			continue
		}
		pkg, err := c.Imports.Import(names[name])
		if err != nil || pkg.Scope().Lookup(name) == nil {
			continue
		}
		ours := prefix + names[name]
		if all[ours] == nil {
			all[ours] = types.NewPackage(ours, pkg.Name())
			all[ours].MarkComplete()
		}
		all[ours].Scope().Insert(pkg.Scope().Lookup(name))
	}
	return all
}

// importerOf adapts a function to types.Importer.
type importerOf func(path string) (*types.Package, error)

// Import implements types.Importer.
func (f importerOf) Import(path string) (*types.Package, error) { return f(path) }

// withImports returns a file with imports of the packages that it uses in place of its own
// imports.
func (c *Cell) withImports(f *cell.File, dots map[string]*types.Package, hidden map[string]bool) *ast.File {
	out := *f.AST
	out.Imports, out.Decls = nil, nil
	block := &ast.GenDecl{Tok: token.IMPORT, TokPos: f.AST.Name.End(), Lparen: f.AST.Name.End(), Rparen: f.AST.Name.End()}
	members := cell.Qualifiers(f.AST)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		taken := hidden[name] || c.Program.Lookup(name) != nil || f != c.Statements && c.declaresAtTop(name)
		taken = taken || len(members[name]) == 0 && types.Universe.Lookup(name) != nil
		if taken && !c.Named[name] || f != c.Statements && c.isFresh(name) || c.Package.Scope().Lookup(name) != nil {
			continue
		}
		if path := c.resolve(f, strings.TrimPrefix(name, packageMark), members[name]); path != "" {
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

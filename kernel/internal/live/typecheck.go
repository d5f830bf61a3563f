package live

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// types runs the type checker over the files. known are variables of the cell whose types
// an earlier run has found, and those that are carried over.
func (c *checked) types(fset *token.FileSet, s *scope, dots []string, known []*variable) Problems {
	c.pkg = types.NewPackage("main", "main")
	mine := maps.Clone(c.own)
	for _, d := range c.again {
		for _, n := range d.names {
			mine[n] = true
		}
	}
	variables, rest := variableFile(fset, known)
	c.known = map[string]bool{}
	for _, v := range known {
		mine[v.name], c.known[v.name] = true, true
	}
	for _, v := range rest {
		c.pkg.Scope().Insert(types.NewVar(token.NoPos, c.pkg, v.name, v.typ))
	}
	for _, path := range dots {
		if pkg, err := c.imports.Import(path); err == nil {
			for _, n := range pkg.Scope().Names() {
				if o := pkg.Scope().Lookup(n); o.Exported() && !mine[n] {
					c.pkg.Scope().Insert(o)
				}
			}
		}
	}
	for _, e := range s.entries {
		if !mine[e.name] && !c.named[e.name] {
			c.pkg.Scope().Insert(e.obj)
		}
	}

	strangers := c.strangers()
	c.shield()
	asts := []*ast.File{}
	if variables != nil {
		asts = append(asts, variables)
	}
	for _, f := range c.files {
		a := c.withImports(f)
		a.Decls = slices.DeleteFunc(a.Decls, func(d ast.Decl) bool {
			m, ok := d.(*ast.FuncDecl)
			return ok && strangers[m] != ""
		})
		asts = append(asts, a)
	}
	c.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Scopes: map[ast.Node]*types.Scope{}, Instances: map[*ast.Ident]types.Instance{}, Implicits: map[ast.Node]types.Object{},
	}
	var problems Problems
	var errs []types.Error
	conf := types.Config{
		Importer: c.imports, GoVersion: "go1.26", FakeImportC: true,
		Error: func(err error) {
			if e, ok := err.(types.Error); ok {
				errs = append(errs, e)
			}
		},
	}
	if failure := run(types.NewChecker(&conf, fset, c.pkg, c.info), asts); failure != nil {
		return Problems{{Cell: c.cell.number, Message: fmt.Sprintf("%s: %v", checkerFailed, failure)}}
	}
	for _, v := range c.moved {
		v.typ = c.pkg.Scope().Lookup(v.name).Type()
	}
	c.findVariables(s)
	for m, name := range strangers {
		errs = append(errs, types.Error{Pos: m.Recv.Pos(), Msg: "cannot define a method on " + name + ": it is no type of this session"})
	}
	for _, e := range errs {
		if !c.ignored(e) && !strings.HasPrefix(e.Msg, "\t") { // what is indented explains the one before
			problems = append(problems, ofChecker(c.files, e))
		}
	}
	if len(problems) == 0 {
		problems = c.tooLarge()
	}
	return problems
}

// checkerFailed is what the user is told when the type checker panics: it is made for whole
// packages.
const checkerFailed = "the type checker cannot make sense of this"

// run runs a type checker and returns what it panics with.
func run(checker *types.Checker, files []*ast.File) (failure any) {
	defer func() { failure = recover() }()
	checker.Files(files)
	return nil
}

// withImports returns a file with imports for the packages that it uses in place of its own.
func (c *checked) withImports(f *file) *ast.File {
	out := *f.ast
	out.Imports, out.Decls = nil, nil
	block := &ast.GenDecl{Tok: token.IMPORT, TokPos: f.ast.Name.End(), Lparen: f.ast.Name.End(), Rparen: f.ast.Name.End()}
	members := qualifiers(f.ast)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if c.own[name] || c.known[name] || c.isVariable(name) || c.pkg.Scope().Lookup(name) != nil {
			continue
		}
		if path := c.imports.resolve(name, members[name]); path != "" {
			spec := &ast.ImportSpec{
				Name: &ast.Ident{Name: name, NamePos: f.ast.Name.End()},
				Path: &ast.BasicLit{Kind: token.STRING, Value: `"` + path + `"`, ValuePos: f.ast.Name.End()},
			}
			block.Specs = append(block.Specs, spec)
			out.Imports = append(out.Imports, spec)
		}
	}
	if len(block.Specs) > 0 {
		out.Decls = append(out.Decls, block)
	}
	for _, d := range f.ast.Decls {
		if g, ok := d.(*ast.GenDecl); !ok || g.Tok != token.IMPORT {
			out.Decls = append(out.Decls, d)
		}
	}
	return &out
}

// importsName tells whether a file imports a package.
func importsName(f *ast.File, path string) bool {
	for _, spec := range f.Imports {
		if spec.Path.Value == `"`+path+`"` {
			return true
		}
	}
	return false
}

// ignored tells whether an error does not count in a session: a variable of the top, or an
// import, may be for a later cell; the last expression is shown; fields of other cells' types
// are in reach.
func (c *checked) ignored(e types.Error) bool {
	switch {
	case strings.Contains(e.Msg, "imported") && strings.HasSuffix(e.Msg, "and not used"):
		return true
	case strings.HasSuffix(e.Msg, " is not used"):
		last, _ := c.last()
		return last != nil && last.Pos() <= e.Pos && e.Pos < last.End()
	case strings.HasPrefix(e.Msg, "implicit assignment to unexported field"):
		return c.setsOwnField(e.Pos)
	case strings.HasPrefix(e.Msg, "declared and not used"):
		return slices.ContainsFunc(c.variables, func(v *variable) bool { return v.local.Pos() == e.Pos })
	}
	return false
}

package check

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// types runs the type checker over the cell's files and what they use of earlier cells.
func (c *Cell) types() cell.Problems {
	for {
		problems, retry := c.typesOnce()
		if !retry {
			return problems
		}
	}
}

func (c *Cell) typesOnce() (problems cell.Problems, retry bool) {
	c.Package = types.NewPackage("main", "main")
	hidden := c.hidden()
	defer c.nameShadowed(hidden)()
	earlier, err := c.repeat(hidden)
	if err != nil {
		return cell.Problems{c.problemAtStart(fmt.Sprintf("%s: %v", checkerFailed, err))}, false
	}
	restore := c.nameGiven()
	asts := []*ast.File{earlier}
	scopes := map[string]*types.Package{}
	for i, f := range c.Files {
		own := c.dotScopes(fmt.Sprint(mark.Letter, i, "/"), c.dotsOf(f))
		maps.Copy(scopes, own)
		asts = append(asts, c.withImports(f, own, hidden))
	}
	c.Info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Scopes: map[ast.Node]*types.Scope{}, Instances: map[*ast.Ident]types.Instance{}, Implicits: map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	var errs []types.Error
	conf := types.Config{
		Importer: importerOf(func(path string) (*types.Package, error) {
			if path == builtinsPath {
				return c.builtins, nil
			}
			if pkg := scopes[path]; pkg != nil {
				return pkg, nil
			}
			return c.Imports.Import(path)
		}), GoVersion: "go1.26", FakeImportC: true,
		Error: func(err error) {
			if e, ok := err.(types.Error); ok {
				errs = append(errs, e)
			}
		},
	}
	failure := run(types.NewChecker(&conf, c.fset, c.Package, c.Info), asts)
	restore()
	if failure != nil {
		return cell.Problems{c.problemAtStart(fmt.Sprintf("%s: %v", checkerFailed, failure))}, false
	}
	c.mapThings(hidden)
	c.findVariables()
	if c.findValueKeys() {
		return nil, true
	}
	if len(errs) > 0 && (c.findEmbedded() || c.findBroken(errs, earlier, hidden)) {
		return nil, true
	}
	told := false
	for _, e := range errs {
		if text, ok := strings.CutPrefix(e.Msg, "\t"); ok { // it explains the error before
			if told {
				problems[len(problems)-1].Message += c.explains(e.Pos, c.Program.Said(text))
			}
			continue
		}
		if told = !c.ignored(e) && !c.isLost(e); told {
			problems = append(problems, c.problem(e))
		}
	}
	if len(problems) == 0 {
		problems = slices.Concat(c.tooLarge(), c.noRoom(), c.noTests())
	}
	return problems, false
}

// checkerFailed is the message when the type checker panics, which can happen because it
// expects complete packages.
const checkerFailed = "the type checker cannot make sense of this"

// run runs a type checker and returns the value that it panics with.
func run(checker *types.Checker, files []*ast.File) (failure any) {
	defer func() { failure = recover() }()
	checker.Files(files)
	return nil
}

// ignored reports whether an error does not count in a session: a top-level variable, or an
// import, may be for a later cell; the last expression is shown.
func (c *Cell) ignored(e types.Error) bool {
	switch {
	case strings.Contains(e.Msg, "imported") && strings.HasSuffix(e.Msg, "and not used"):
		return true
	case strings.HasSuffix(e.Msg, " is not used"):
		last, _ := c.Last()
		return last != nil && last.Pos() <= e.Pos && e.Pos < last.End()
	case strings.HasPrefix(e.Msg, "declared and not used"):
		return slices.ContainsFunc(c.Variables, func(v *Variable) bool { return v.pos == e.Pos })
	}
	return false
}

package check

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// testArguments are the types from package testing that functions with these name prefixes
// accept.
var testArguments = map[string]string{"Test": "T", "Benchmark": "B", "Fuzz": "F"}

// isOne reports whether a function is of the kind that go test calls with an argument.
func isOne(f *types.Func, argument string) bool {
	s := f.Signature()
	if s.Params().Len() != 1 || s.Results().Len() != 0 {
		return false
	}
	p, ok := s.Params().At(0).Type().(*types.Pointer)
	return ok && types.Unalias(p.Elem()).String() == "testing."+argument
}

// tests calls f for the functions that the cell declares, if its tests are to be run.
func (c *Cell) tests(f func(*ast.FuncDecl, *types.Func)) {
	if !c.Source.Tests {
		return
	}
	for _, d := range c.Declarations.AST.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil {
			if o, ok := c.Info.Defs[d.Name].(*types.Func); ok {
				f(d, o)
			}
		}
	}
}

// noTests returns the problems with functions that have a test's name but are not tests, in
// the words of go test.
func (c *Cell) noTests() (problems cell.Problems) {
	c.tests(func(d *ast.FuncDecl, f *types.Func) {
		name := f.Name()
		argument, ok := testArguments[cell.TestPrefix(name)]
		if !ok || name == "TestMain" && isOne(f, "T") {
			return
		}
		if name == "TestMain" {
			argument = "M"
		}
		why := ""
		if !isOne(f, argument) {
			why = fmt.Sprintf("must be: func %s(%s *testing.%s)", name, strings.ToLower(argument), argument)
		}
		if f.Signature().TypeParams().Len() > 0 {
			why = "test functions cannot have type parameters"
		}
		if why != "" {
			problems = append(problems, c.problem(types.Error{Pos: d.Pos(), Msg: fmt.Sprintf("wrong signature for %s, %s", name, why)}))
		}
	})
	return problems
}

// saysWhatIsNoTest warns of functions that would be tests except for their names, as go vet
// does.
func (c *Cell) saysWhatIsNoTest() {
	c.tests(func(_ *ast.FuncDecl, f *types.Func) {
		for prefix, argument := range testArguments {
			if strings.HasPrefix(f.Name(), prefix) && cell.TestPrefix(f.Name()) == "" && isOne(f, argument) {
				c.Warnings = append(c.Warnings, fmt.Sprintf("%s does not run: first letter after '%s' must not be lowercase", f.Name(), prefix))
			}
		}
	})
}

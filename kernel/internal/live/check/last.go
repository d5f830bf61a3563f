package check

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"math"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// Last returns the expression that ends the cell, nil if another statement ends it. hidden
// reports that its value is not to be shown: a semicolon follows, or the cell is quiet.
func (c *Cell) Last() (stmt *ast.ExprStmt, hidden bool) {
	list := c.Statements.Body().Body.List
	if len(list) == 0 {
		return nil, false
	}
	stmt, ok := list[len(list)-1].(*ast.ExprStmt)
	if !ok {
		return nil, false
	}
	rest := strings.TrimSpace(c.Statements.Text[c.Statements.Offset(stmt.End()):])
	return stmt, c.Source.Quiet || strings.HasPrefix(rest, ";")
}

// tooLarge returns the problem with a last expression that is a constant too large for a
// variable, such as 1 << 70: it cannot be shown.
func (c *Cell) tooLarge() cell.Problems {
	last, _ := c.Last()
	if last == nil {
		return nil
	}
	tv := c.Info.Types[last.X]
	t, ok := tv.Type.(*types.Basic)
	if !ok || tv.Value == nil || t.Info()&types.IsUntyped == 0 || fits(tv.Value, t.Kind()) {
		return nil
	}
	line, column := cell.Place(c.Source.Text, c.Statements.Offset(last.Pos()))
	return cell.Problems{{Cell: c.Source.Number, Unit: c.Source.Unit, Line: line, Column: column, Message: fmt.Sprintf("the constant is too large for a value of type %s", types.Default(t))}}
}

// fits reports whether an untyped constant fits the type that a variable would get from it.
func fits(v constant.Value, kind types.BasicKind) bool {
	switch kind {
	case types.UntypedInt:
		_, ok := constant.Int64Val(constant.ToInt(v))
		return ok
	case types.UntypedRune:
		n, ok := constant.Int64Val(constant.ToInt(v))
		return ok && math.MinInt32 <= n && n <= math.MaxInt32
	case types.UntypedFloat:
		f, _ := constant.Float64Val(constant.ToFloat(v))
		return !math.IsInf(f, 0)
	case types.UntypedComplex:
		return fits(constant.Real(v), types.UntypedFloat) && fits(constant.Imag(v), types.UntypedFloat)
	}
	return true
}

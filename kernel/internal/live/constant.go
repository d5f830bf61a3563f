package live

import (
	"fmt"
	"go/constant"
	"go/types"
	"math"
)

// tooLarge returns the problem with a last expression that is a constant too large for a
// variable, such as 1 << 70: it cannot be shown.
func (c *checked) tooLarge() Problems {
	last, _ := c.last()
	if last == nil {
		return nil
	}
	tv := c.info.Types[last.X]
	t, ok := tv.Type.(*types.Basic)
	if !ok || tv.Value == nil || t.Info()&types.IsUntyped == 0 || fits(tv.Value, t.Kind()) {
		return nil
	}
	line, column := place(c.cell.text, c.statements.offset(last.Pos()))
	return Problems{{Cell: c.cell.number, Line: line, Column: column, Message: fmt.Sprintf("the constant is too large for a value of type %s", types.Default(t))}}
}

// fits tells whether an untyped constant fits the type that a variable gets from it.
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

package cell

import (
	"fmt"
	"go/constant"
	"go/types"
	"math"
	"strconv"
)

// tooLarge returns the problem with a last expression that is a constant too large for a
// variable, such as 1 << 70: it cannot be shown.
func (c *Checked) tooLarge() Problems {
	last, _ := c.last()
	if last == nil {
		return nil
	}
	tv := c.Info.Types[last.X]
	t, ok := tv.Type.(*types.Basic)
	if !ok || tv.Value == nil || t.Info()&types.IsUntyped == 0 || fits(tv.Value, t.Kind()) {
		return nil
	}
	line, column := place(c.Cell.Text, c.statements.Offset(last.Pos()))
	return Problems{{Cell: c.Cell.Number, unit: c.Cell.Unit, Line: line, Column: column, Message: fmt.Sprintf("the constant is too large for a value of type %s", types.Default(t))}}
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

// constantPiece returns how later cells repeat a constant: its type, if it has one, and its
// value.
func (c *Checked) constantPiece(o *types.Const) *piece {
	p := &piece{}
	if b, ok := o.Type().(*types.Basic); !ok || b.Info()&types.IsUntyped == 0 {
		var err error
		if p, err = c.typePiece(o.Type()); err != nil {
			p = &piece{} // of a type without a name: its value will do
		}
	}
	p.text += " = " + exactly(o.Val(), o.Type())
	return p
}

// exactly writes a constant such that it keeps its kind and every digit.
func exactly(v constant.Value, t types.Type) string {
	info := types.BasicInfo(0)
	kind := types.Invalid
	if b, ok := t.Underlying().(*types.Basic); ok {
		info, kind = b.Info(), b.Kind()
	}
	switch {
	case kind == types.UntypedRune:
		return "'\\x00' + " + v.ExactString()
	case info&types.IsInteger != 0:
		return constant.ToInt(v).ExactString()
	case info&types.IsFloat != 0:
		return floating(v)
	case info&types.IsComplex != 0:
		return floating(constant.Real(v)) + " + " + floating(constant.Imag(v)) + "*1i"
	case v.Kind() == constant.String:
		return strconv.Quote(constant.StringVal(v))
	}
	return v.ExactString()
}

// floating writes a floating-point constant.
func floating(v constant.Value) string {
	v = constant.ToFloat(v)
	over, under := constant.Num(v), constant.Denom(v)
	if over.Kind() == constant.Unknown || under.Kind() == constant.Unknown {
		return v.ExactString()
	}
	return "(" + over.ExactString() + ".0 / " + under.ExactString() + ".0)"
}

package names

import (
	"go/constant"
	"go/types"
	"strconv"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// ConstantPiece returns the code by which later cells repeat a constant: its type, if it
// has one, and its value.
func (m *Meaning) ConstantPiece(o *types.Const) *program.Piece {
	p := &program.Piece{}
	if b, ok := o.Type().(*types.Basic); !ok || b.Info()&types.IsUntyped == 0 {
		var err error
		if p, err = m.TypePiece(o.Type()); err != nil {
			p = &program.Piece{} // of an unnamed local type: the value alone is enough
		}
	}
	p.Text += " = " + exactly(o.Val(), o.Type())
	return p
}

// exactly writes a constant so that it keeps its kind and every digit.
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

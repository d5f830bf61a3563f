package onnx

import (
	"math"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapeinference"
)

// unary records an operator on each number.
func (f *function) unary(kind compute.OpType, op string, x compute.Value) (compute.Value, error) {
	shape, err := shapeinference.UnaryOp(kind, of(x).shape)
	return f.add(op, shape, err, nil, of(x))
}

// binary records an operator on pairs of numbers, where axes of size 1 and scalars repeat.
func (f *function) binary(kind compute.OpType, op string, a, b compute.Value) (compute.Value, error) {
	shape, err := shapeinference.BinaryOp(kind, of(a).shape, of(b).shape)
	return f.add(op, shape, err, nil, of(a), of(b))
}

// comparison is binary with a truth value as result.
func (f *function) comparison(kind compute.OpType, op string, a, b compute.Value) (compute.Value, error) {
	shape, err := shapeinference.ComparisonOp(kind, of(a).shape, of(b).shape)
	return f.add(op, shape, err, nil, of(a), of(b))
}

func (f *function) Abs(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeAbs, "Abs", x)
}
func (f *function) Neg(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeNeg, "Neg", x)
}
func (f *function) Ceil(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeCeil, "Ceil", x)
}
func (f *function) Floor(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeFloor, "Floor", x)
}
func (f *function) Round(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeRound, "Round", x)
}
func (f *function) Sqrt(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeSqrt, "Sqrt", x)
}
func (f *function) Exp(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeExp, "Exp", x)
}
func (f *function) Log(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeLog, "Log", x)
}
func (f *function) Cos(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeCos, "Cos", x)
}
func (f *function) Sin(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeSin, "Sin", x)
}
func (f *function) Tanh(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeTanh, "Tanh", x)
}
func (f *function) Logistic(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeLogistic, "Sigmoid", x)
}
func (f *function) Erf(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeErf, "Erf", x)
}
func (f *function) Sign(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeSign, "Sign", x)
}
func (f *function) LogicalNot(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeLogicalNot, "Not", x)
}

// Rsqrt is 1/√x, for which ONNX has no operator.
func (f *function) Rsqrt(x compute.Value) (compute.Value, error) {
	root, err := f.unary(compute.OpTypeRsqrt, "Sqrt", x)
	if err != nil {
		return nil, err
	}
	return f.add("Reciprocal", of(root).shape, nil, nil, of(root))
}

func (f *function) Add(a, b compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeAdd, "Add", a, b)
}
func (f *function) Sub(a, b compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeSub, "Sub", a, b)
}
func (f *function) Mul(a, b compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeMul, "Mul", a, b)
}
func (f *function) Div(a, b compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeDiv, "Div", a, b)
}
func (f *function) Pow(a, b compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypePow, "Pow", a, b)
}
func (f *function) Max(a, b compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeMax, "Max", a, b)
}
func (f *function) Min(a, b compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeMin, "Min", a, b)
}
func (f *function) LogicalAnd(a, b compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeLogicalAnd, "And", a, b)
}
func (f *function) LogicalOr(a, b compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeLogicalOr, "Or", a, b)
}
func (f *function) Equal(a, b compute.Value) (compute.Value, error) {
	return f.comparison(compute.OpTypeEqual, "Equal", a, b)
}
func (f *function) GreaterThan(a, b compute.Value) (compute.Value, error) {
	return f.comparison(compute.OpTypeGreaterThan, "Greater", a, b)
}
func (f *function) GreaterOrEqual(a, b compute.Value) (compute.Value, error) {
	return f.comparison(compute.OpTypeGreaterOrEqual, "GreaterOrEqual", a, b)
}
func (f *function) LessThan(a, b compute.Value) (compute.Value, error) {
	return f.comparison(compute.OpTypeLessThan, "Less", a, b)
}
func (f *function) LessOrEqual(a, b compute.Value) (compute.Value, error) {
	return f.comparison(compute.OpTypeLessOrEqual, "LessOrEqual", a, b)
}

// NotEqual is not(a = b), for which ONNX has no operator.
func (f *function) NotEqual(a, b compute.Value) (compute.Value, error) {
	equal, err := f.comparison(compute.OpTypeNotEqual, "Equal", a, b)
	if err != nil {
		return nil, err
	}
	return f.LogicalNot(equal)
}

func (f *function) Where(condition, yes, no compute.Value) (compute.Value, error) {
	shape, err := shapeinference.Where(of(condition).shape, of(yes).shape, of(no).shape)
	return f.add("Where", shape, err, nil, of(condition), of(yes), of(no))
}

// Clamp is min(max(x, low), high): ONNX's Clip takes scalars only.
func (f *function) Clamp(low, x, high compute.Value) (compute.Value, error) {
	above, err := f.Max(x, low)
	if err != nil {
		return nil, err
	}
	return f.Min(above, high)
}

func (f *function) ConvertDType(x compute.Value, dtype dtypes.DType) (compute.Value, error) {
	shape := of(x).shape.Clone()
	shape.DType = dtype
	return f.add("Cast", shape, nil, []attribute{{"to", elementTypes[dtype]}}, of(x))
}

// BatchNormForInference is (x − mean)·scale/√(variance + ε) + offset, of the features on one
// axis.
func (f *function) BatchNormForInference(x, scale, offset, mean, variance compute.Value, epsilon float32, axis int) (compute.Value, error) {
	var err error
	do := func(op func(a, b compute.Value) (compute.Value, error), a, b compute.Value) compute.Value {
		if err != nil {
			return nil
		}
		var y compute.Value
		y, err = op(a, b)
		return y
	}
	tiny := &node{data: float32Bytes(epsilon), shape: of(x).shape.Clone()}
	tiny.shape.Dimensions = nil
	if tiny.shape.DType != dtypes.Float32 {
		return nil, missing(compute.OpTypeBatchNormForInference)
	}
	factor := do(f.Add, variance, f.put(tiny))
	factor = do(func(a, _ compute.Value) (compute.Value, error) { return f.Sqrt(a) }, factor, nil)
	factor = do(f.Div, scale, factor)
	shift := do(f.Sub, offset, do(f.Mul, mean, factor))
	along := func(v compute.Value) compute.Value {
		return do(func(a, _ compute.Value) (compute.Value, error) {
			dims := make([]int, of(x).shape.Rank())
			for i := range dims {
				dims[i] = 1
			}
			dims[axis] = of(a).shape.Size()
			return f.Reshape(a, dims...)
		}, v, nil)
	}
	y := do(f.Add, do(f.Mul, x, along(factor)), along(shift))
	return y, err
}

// float32Bytes returns a number as in a file.
func float32Bytes(v float32) []byte {
	bits := math.Float32bits(v)
	return []byte{byte(bits), byte(bits >> 8), byte(bits >> 16), byte(bits >> 24)}
}

package datasets

import (
	"encoding/binary"
	"fmt"
	"math"
	"regexp"
	"slices"
)

// npyNumber is a type of number that [ReadNpy] reads, little-endian.
type npyNumber struct {
	code    string // NumPy's, without the byte order
	name    string // NumPy's, as in [Npy]
	width   int    // bytes
	float   func([]byte) float32
	integer func([]byte) (int, bool) // false: not an integer, or beyond int
	text    func([]byte) string
}

var npyNumbers = []npyNumber{
	integers("b1", "bool", 1, func(b []byte) uint8 { return min(b[0], 1) }),
	integers("i1", "int8", 1, func(b []byte) int8 { return int8(b[0]) }),
	integers("u1", "uint8", 1, func(b []byte) uint8 { return b[0] }),
	integers("i2", "int16", 2, func(b []byte) int16 { return int16(binary.LittleEndian.Uint16(b)) }),
	integers("u2", "uint16", 2, binary.LittleEndian.Uint16),
	integers("i4", "int32", 4, func(b []byte) int32 { return int32(binary.LittleEndian.Uint32(b)) }),
	integers("u4", "uint32", 4, binary.LittleEndian.Uint32),
	integers("i8", "int64", 8, func(b []byte) int64 { return int64(binary.LittleEndian.Uint64(b)) }),
	integers("u8", "uint64", 8, binary.LittleEndian.Uint64),
	floats("f2", "float16", 2, func(b []byte) float32 { return half(binary.LittleEndian.Uint16(b)) }),
	floats("f4", "float32", 4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }),
	floats("f8", "float64", 8, func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }),
}

func integers[T int8 | uint8 | int16 | uint16 | int32 | uint32 | int64 | uint64](code, name string, width int, get func([]byte) T) npyNumber {
	return npyNumber{code, name, width,
		func(b []byte) float32 { return float32(get(b)) },
		func(b []byte) (int, bool) {
			v := get(b)
			i := int(v)
			return i, T(i) == v && (i < 0) == (v < 0)
		},
		func(b []byte) string { return fmt.Sprint(get(b)) }}
}

func floats[T float32 | float64](code, name string, width int, get func([]byte) T) npyNumber {
	return npyNumber{code, name, width,
		func(b []byte) float32 { return float32(get(b)) },
		func(b []byte) (int, bool) {
			v := float64(get(b))
			return int(v), math.Trunc(v) == v && math.Abs(v) <= math.MaxInt32
		},
		func(b []byte) string { return fmt.Sprint(get(b)) }}
}

// half returns the value of a float16: a sign, five bits of exponent, ten of fraction
// (IEEE 754). Every float16 is also a float32.
func half(bits uint16) float32 {
	sign, exponent, fraction := uint32(bits>>15)<<31, uint32(bits>>10&31), uint32(bits&1023)
	switch exponent {
	case 0: // zero and subnormal numbers, multiples of 2⁻²⁴
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 31: // infinity and NaN
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

// npyCode matches a type as written in a header: byte order, kind, width or length, and a
// unit of dates.
var npyCode = regexp.MustCompile(`^([<>=|]?)([A-Za-z?])([0-9]*)(?:\[.*\])?$`)

// npyOthers are the kinds of element that are not supported, with what to save instead.
var npyOthers = map[string]string{
	"f": `floats wider than 64 bits: save x.astype("float64")`,
	"c": `complex numbers: save real numbers, such as abs(x)`,
	"O": `Python objects, which are never unpickled: save numbers, such as numpy.stack(x) or x.astype("float32"); for class names, [classes.index(k) for k in x]`,
	"S": `text: save numbers; for class names, [classes.index(k.decode()) for k in x]`,
	"U": `text: save numbers; for class names, [classes.index(k) for k in x]`,
	"V": `raw bytes, NumPy's form of bfloat16 and float8: save x.astype("float32")`,
	"M": `dates: save x.astype("int64")`,
	"m": `time spans: save x.astype("int64")`,
}

// npyNumberOf returns the type of number that a header's descr names, and whether it is
// big-endian.
func npyNumberOf(descr string) (number npyNumber, bigEndian bool, err error) {
	code := npyCode.FindStringSubmatch(descr)
	if code == nil {
		return npyNumber{}, false, fmt.Errorf("type %q is not one of NumPy's: save the array again with numpy.save", descr)
	}
	kind := code[2] + code[3]
	if kind == "?" {
		kind = "b1"
	}
	if i := slices.IndexFunc(npyNumbers, func(n npyNumber) bool { return n.code == kind }); i >= 0 {
		return npyNumbers[i], code[1] == ">", nil
	}
	other, ok := npyOthers[code[2]]
	if !ok {
		other = `not supported: save x.astype("float32"), or "int32" for labels`
	}
	return npyNumber{}, false, fmt.Errorf("type %q, %s", descr, other)
}

// number returns the array's type of number.
func (a Npy) number() npyNumber {
	i := slices.IndexFunc(npyNumbers, func(n npyNumber) bool { return n.name == a.Type })
	if i < 0 {
		panic(fmt.Sprintf("datasets.Npy: Type %q, want bool, int8 … int64, uint8 … uint64, float16, float32 or float64", a.Type))
	}
	return npyNumbers[i]
}

// Float32s returns the numbers as float32, ∏Shape: false and true become 0 and 1, a float64
// or a large integer is rounded, and a number beyond float32's range becomes infinite.
func (a Npy) Float32s() []float32 {
	n := a.number()
	out := make([]float32, len(a.Data)/n.width)
	for i := range out {
		out[i] = n.float(a.Data[i*n.width:])
	}
	return out
}

// Ints returns the numbers as integers, ∏Shape: false and true become 0 and 1. Floats are
// accepted if all have integer values of at most 2³¹ − 1 in size: numpy.loadtxt reads
// integers as floats. The first number that is not an integer or does not fit an int is an
// error.
func (a Npy) Ints() ([]int, error) {
	out, bad := a.ints()
	if bad >= 0 {
		return nil, fmt.Errorf("element %d is %s, of type %s: want integers that fit an int", bad, a.text(bad), a.Type)
	}
	return out, nil
}

// ints returns the numbers as integers, up to the first that is not one, and its index; −1
// if all are integers.
func (a Npy) ints() (out []int, bad int) {
	n := a.number()
	out = make([]int, len(a.Data)/n.width)
	for i := range out {
		v, ok := n.integer(a.Data[i*n.width:])
		if !ok {
			return out[:i], i
		}
		out[i] = v
	}
	return out, -1
}

// text returns number i as text.
func (a Npy) text(i int) string {
	n := a.number()
	return n.text(a.Data[i*n.width:])
}

package host

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// dtype, shape and array3 imitate GoMLX's types.
type dtype int

func (dtype) String() string { return "Float32" }

type shape struct {
	DType      dtype
	Dimensions []int
}

type fake struct {
	dims []int
	flat any
	err  error
	gone string // the method that panics
}

func (f *fake) Shape() shape {
	if f.gone == "Shape" {
		panic("gone")
	}
	return shape{0, f.dims}
}

func (f *fake) ConstFlatData(read func(flat any)) error {
	if f.gone == "ConstFlatData" {
		panic("gone")
	}
	if f.err == nil {
		read(f.flat)
	}
	return f.err
}
func (f *fake) String() string  { return "not this" }
func (f *fake) Memory() uintptr { return 4000 }

func counted(dims ...int) *fake {
	n := 1
	for _, d := range dims {
		n *= d
	}
	flat := make([]float32, n)
	for i := range flat {
		flat[i] = float32(i)
	}
	return &fake{dims: dims, flat: flat}
}

func TestTensors(t *testing.T) {
	for _, c := range []struct {
		why   string
		value any
		want  string
	}{
		{"a scalar", &fake{flat: []float32{1. / 3}}, "float32[] 0.333333"},
		{"a vector", counted(3), "float32[3]\n[0 1 2]"},
		{"a matrix", counted(2, 3), "float32[2, 3]\n[[0 1 2]\n [3 4 5]]"},
		{"a long one: its corners", counted(128, 31), "float32[128, 31]\n" +
			"[[   0    1    2 …   28   29   30]\n [  31   32   33 …   59   60   61]\n [  62   63   64 …   90   91   92]\n …\n" +
			" [3875 3876 3877 … 3903 3904 3905]\n [3906 3907 3908 … 3934 3935 3936]\n [3937 3938 3939 … 3965 3966 3967]]"},
		{"rank 3", counted(2, 1, 2), "float32[2, 1, 2]\n[[[0 1]]\n\n [[2 3]]]"},
		{"rank 3, long", counted(9, 1, 2), "float32[9, 1, 2]\n[[[ 0  1]]\n\n …\n\n [[16 17]]]"},
		{"no elements", counted(0, 4), "float32[0, 4]"},
		{"elements in fewer bytes", &fake{dims: []int{8}, flat: []uint8{1}}, "float32[8] (elements are packed)"},
		{"given away", &fake{dims: []int{2}, err: errors.New("not valid")}, "float32[2] (not valid)"},
		{"its shape panics", &fake{gone: "Shape"}, "*host.fake (%!v(PANIC=Shape method: gone))"},
		{"its elements panic", &fake{dims: []int{2}, gone: "ConstFlatData"}, "float32[2] (%!v(PANIC=ConstFlatData method: gone))"},
		{"inside others", []any{counted(2, 2)}, "[float32[2, 2]]"},
		{"nil", (*fake)(nil), "nil"},
	} {
		if got := show1(t, c.value)["text/plain"]; got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.why, got, c.want)
		}
	}
}

func TestTensorTable(t *testing.T) {
	rows, beside := outline(t, show1(t, counted(5, 128, 31))["text/html"])
	if len(rows) != 8 || beside != "float32[5, 128, 31]the first of 5 matrices" {
		t.Errorf("%d rows, %q", len(rows), beside)
	}
	for i, want := range map[int]string{
		0: "[ 0 1 2 … 28 29 30]",
		1: "[0 0 1 2 … 28 29 30]",
		4: "[… ⋮ ⋮ ⋮ ⋱ ⋮ ⋮ ⋮]",
		7: "[127 3937 3938 3939 … 3965 3966 3967]",
	} {
		if got := fmt.Sprint(rows[i]); got != want {
			t.Errorf("row %d: %s, want %s", i, got, want)
		}
	}
}

type square []float64

func (s square) Dims() (int, int)        { return 2, 2 }
func (s square) At(row, col int) float64 { return s[2*row+col] }

// Matrices are gonum's.
func TestMatrix(t *testing.T) {
	got := show1(t, square{1, 2, 3, 4})
	if got["text/plain"] != "host.square[2, 2]\n[[1 2]\n [3 4]]" || !strings.Contains(got["text/html"], "<table") {
		t.Errorf("%q", got)
	}
}

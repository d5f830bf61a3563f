package onnx

import (
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
	"github.com/sdtlab/sdtlab/sdt/internal/onnxruntimetest"
)

// madeRows are n examples of the given shape.
func madeRows(n int, shape []int) []float32 {
	for _, d := range shape {
		n *= d
	}
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(math.Sin(float64(7*i + i*i%13)))
	}
	return x
}

// rowsOf builds an operation on a batch [n, 5, 6, 4] as what Encode writes: two outputs.
func rowsOf(op func(x *graph.Node) *graph.Node) func(g *graph.Graph, rows int) []*graph.Node {
	return func(g *graph.Graph, rows int) []*graph.Node {
		x := graph.Parameter(g, "x", shapes.Make(dtypes.Float32, rows, 5, 6, 4))
		y := graph.ConvertDType(op(x), dtypes.Float32)
		return []*graph.Node{y, graph.Neg(y)}
	}
}

var twoOutputs = Model{Name: "test", Input: "x", Outputs: []string{"probabilities", "features"}}

// firstAxis is the number of rows, which an operation may use as a size.
func firstAxis(x *graph.Node) int { return x.Shape().Dimensions[0] }

// line is a constant of d numbers for the last axis of a batch.
func line(x *graph.Node, d int) *graph.Node {
	return graph.Const(x.Graph(), madeRows(d, nil))
}

// operations are what the recorder has methods for, each in a graph.
var operations = map[string]func(x *graph.Node) *graph.Node{
	"unary": func(x *graph.Node) *graph.Node {
		sum := graph.Abs(x)
		for _, f := range []func(*graph.Node) *graph.Node{graph.Neg, graph.Exp, graph.Cos, graph.Sin, graph.Tanh, graph.Logistic, graph.Erf, graph.Sign} {
			sum = graph.Add(graph.MulScalar(sum, 1.5), f(x))
		}
		return graph.Add(sum, graph.Log(graph.AddScalar(graph.Sqrt(graph.Abs(x)), 1)))
	},
	"rounding": func(x *graph.Node) *graph.Node {
		x = graph.MulScalar(x, 3)
		return graph.Add(graph.Ceil(x), graph.Add(graph.MulScalar(graph.Floor(x), 10), graph.MulScalar(graph.Round(x), 100)))
	},
	"1/√x": func(x *graph.Node) *graph.Node { return graph.Rsqrt(graph.AddScalar(graph.Square(x), 0.1)) },
	"binary": func(x *graph.Node) *graph.Node {
		y := graph.Reshape(line(x, 4), 1, 1, 1, 4)
		sum := graph.Sub(graph.Mul(x, y), graph.Div(x, graph.AddScalar(y, 3)))
		return graph.Add(graph.Max(sum, y), graph.Mul(graph.Min(x, y), graph.PowScalar(graph.AddScalar(graph.Abs(x), 1), -0.75)))
	},
	"comparisons and choices": func(x *graph.Node) *graph.Node {
		zero := graph.ZerosLike(x)
		high, low := graph.GreaterThan(x, zero), graph.LessThan(x, graph.AddScalar(zero, -0.5))
		either := graph.LogicalOr(graph.LogicalAnd(high, graph.LessOrEqual(x, graph.AddScalar(zero, 0.7))), low)
		other := graph.LogicalAnd(graph.NotEqual(x, zero), graph.LogicalNot(graph.Equal(x, graph.Neg(x))))
		return graph.Where(either, graph.MulScalar(x, 2), graph.Where(graph.LogicalAnd(other, graph.GreaterOrEqual(x, zero)), x, zero))
	},
	"types": func(x *graph.Node) *graph.Node {
		whole := graph.ConvertDType(graph.MulScalar(x, 100), dtypes.Int32)
		return graph.Add(graph.ConvertDType(whole, dtypes.Float32), graph.ConvertDType(graph.GreaterThan(x, graph.ZerosLike(x)), dtypes.Float32))
	},
	"clip": func(x *graph.Node) *graph.Node { return graph.ClipScalar(x, -0.5, 0.25) },
	"transposes that cancel": func(x *graph.Node) *graph.Node {
		return graph.AddScalar(graph.Transpose(graph.TransposeAllAxes(graph.TransposeAllAxes(x, 2, 0, 3, 1), 1, 3, 0, 2), 1, 2), 1)
	},
	"batch behind": func(x *graph.Node) *graph.Node {
		planes := graph.MulScalar(graph.TransposeAllAxes(x, 3, 1, 2, 0), 2)
		return graph.TransposeAllAxes(planes, 3, 0, 1, 2)
	},
	"slices": func(x *graph.Node) *graph.Node {
		return graph.Slice(x, graph.AxisRange(), graph.AxisRange(1, 4), graph.AxisRange(0, 6).Stride(2), graph.AxisElem(3))
	},
	"reverse": func(x *graph.Node) *graph.Node { return graph.Reverse(x, 1, 3) },
	"padding": func(x *graph.Node) *graph.Node {
		return graph.Pad(x, graph.Const(x.Graph(), float32(0.5)), graph.PadAxis{}, graph.PadAxis{Start: 1, End: 2}, graph.PadAxis{End: 1})
	},
	"a row for each example": func(x *graph.Node) *graph.Node {
		one := graph.BroadcastToDims(graph.Reshape(line(x, 4), 1, 1, 1, 4), firstAxis(x), 1, 6, 4)
		return graph.Concatenate([]*graph.Node{one, x}, 1)
	},
	"two sizes grow": func(x *graph.Node) *graph.Node {
		both := graph.BroadcastToDims(graph.Reshape(graph.ReduceSum(x, 1, 2, 3), firstAxis(x), 1, 1), firstAxis(x), firstAxis(x), 3)
		return graph.ReduceMax(graph.Reshape(both, firstAxis(x), firstAxis(x)*3), 1)
	},
	"a multiple of the rows": func(x *graph.Node) *graph.Node {
		ones := graph.BroadcastToDims(graph.Reshape(line(x, 4), 1, 4), firstAxis(x)*30, 4)
		return graph.Reshape(graph.Mul(graph.Reshape(x, -1, 4), ones), firstAxis(x), 120)
	},
	"counting": func(x *graph.Node) *graph.Node {
		return graph.Mul(x, graph.Iota(x.Graph(), x.Shape(), 2))
	},
	"reductions": func(x *graph.Node) *graph.Node {
		sum := graph.Add(graph.ReduceSum(x, 1, 3), graph.ReduceMax(x, 1, 3))
		return graph.Add(sum, graph.Mul(graph.ReduceMin(x, 1, 3), graph.ReduceMultiply(graph.AddScalar(x, 1.5), 1, 3)))
	},
	"places": func(x *graph.Node) *graph.Node {
		return graph.Add(graph.ArgMax(x, 2, dtypes.Int32), graph.MulScalar(graph.ArgMin(x, 2, dtypes.Int32), 10))
	},
	"softmax": func(x *graph.Node) *graph.Node { return graph.Softmax(x, 2) },
	"softmax over two axes": func(x *graph.Node) *graph.Node {
		return graph.Softmax(x, 1, 2)
	},
	"product": func(x *graph.Node) *graph.Node {
		w := graph.Const(x.Graph(), [][]float32{{1, 2, 3}, {0, -1, 0.5}, {2, 2, 2}, {0.25, 1, -3}})
		return graph.Add(graph.Reshape(graph.Dot(graph.Reshape(x, -1, 4), w).Product(), firstAxis(x), 90), graph.Reshape(graph.DotGeneral(x, []int{3}, nil, w, []int{0}, nil), firstAxis(x), 90))
	},
	"products of each example": func(x *graph.Node) *graph.Node {
		y := graph.Einsum("nhwc,nhwd->nhcd", x, x)                                // shared axes, summed in the middle
		z := graph.DotGeneral(x, []int{3}, []int{0, 1}, y, []int{2}, []int{0, 1}) // MatMul
		return graph.Add(z, graph.Einsum("nhwc,nhdc->nhwd", x, y))
	},
	"convolution": func(x *graph.Node) *graph.Node {
		w := graph.Reshape(line(x, 3*2*4*5), 3, 2, 4, 5)
		return graph.Convolve(x, w).StridePerAxis(2, 1).PaddingPerDim([][2]int{{1, 2}, {0, 1}}).Done()
	},
	"convolution by channel, dilated": func(x *graph.Node) *graph.Node {
		w := graph.Reshape(line(x, 2*2*1*8), 2, 2, 1, 8)
		return graph.Convolve(x, w).ChannelGroupCount(4).DilationPerAxis(2, 3).NoPadding().Done()
	},
	"max pooling": func(x *graph.Node) *graph.Node {
		return graph.MaxPool(x).WindowPerAxis(3, 2).StridePerAxis(1, 2).PadSame().Done()
	},
	"mean pooling": func(x *graph.Node) *graph.Node { return graph.MeanPool(x).Window(2).Strides(1).Done() },
	"sum pooling, padded": func(x *graph.Node) *graph.Node {
		return graph.SumPool(x).Window(3).Strides(2).PadSame().Done()
	},
}

// Each operation gives in onnxruntime what the pure Go back end gives, for batches of 5, 3 and
// 1 examples.
func TestOperations(t *testing.T) {
	python := onnxruntimetest.Python(t)
	const n = 5
	x, dir := madeRows(n, []int{5, 6, 4}), t.TempDir()
	names := slices.Sorted(maps.Keys(operations))
	var paths []string
	for i, name := range names {
		data, err := twoOutputs.Encode(rowsOf(operations[name]))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		paths = append(paths, filepath.Join(dir, strconv.Itoa(i)+".onnx"))
		if err := os.WriteFile(paths[i], data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all := onnxruntimetest.Run(t, python, paths, dtypes.UnsafeByteSlice(x), "float32", []int{5, 6, 4}, 5, 3, 1)
	for i, name := range names {
		t.Run(name, func(t *testing.T) {
			want, err := graph.CallOnce(backendtest.Go(t), func(x *graph.Node) *graph.Node {
				return graph.ConvertDType(operations[name](x), dtypes.Float32)
			}, tensors.FromFlatDataAndDimensions(x, n, 5, 6, 4))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, all[i], tensors.MustCopyFlatData[float32](want))
		})
	}
}

// compare compares what onnxruntime computed with the expected numbers: of all examples.
func compare(t *testing.T, r onnxruntimetest.Result, want []float32) {
	for i, run := range r.Runs {
		if len(run.Probabilities) != len(want) || len(run.Features) != len(want) {
			t.Fatalf("run %d: %d and %d numbers, want %d", i, len(run.Probabilities), len(run.Features), len(want))
		}
		for j, w := range want {
			if p := run.Probabilities[j]; math.Abs(float64(p-w)) > 1e-5*(1+math.Abs(float64(w))) || run.Features[j] != -p {
				t.Fatalf("run %d: number %d is %v and %v, want %v and its opposite", i, j, p, run.Features[j], w)
			}
		}
	}
}

// A batch normalization with given statistics is one operation of XLA; the pure Go back end
// lacks it, so the expected numbers are those of its definition.
func TestBatchNormForInference(t *testing.T) {
	python := onnxruntimetest.Python(t)
	x := madeRows(2, []int{5, 6, 4})
	scale, offset, mean, variance := []float32{1, 2, 0.5, -1}, []float32{0, 1, 2, 3}, []float32{0.1, 0, -0.2, 0.5}, []float32{1, 4, 0.25, 0.01}
	data, err := twoOutputs.Encode(rowsOf(func(x *graph.Node) *graph.Node {
		c := func(v []float32) *graph.Node { return graph.Const(x.Graph(), v) }
		return graph.InternalBatchNormForInference(x, c(scale), c(offset), c(mean), c(variance), 1e-3, 3)
	}))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "model.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	want := make([]float32, len(x))
	for i, v := range x {
		c := i % 4
		want[i] = float32((float64(v)-float64(mean[c]))*float64(scale[c])/math.Sqrt(float64(variance[c])+1e-3) + float64(offset[c]))
	}
	compare(t, onnxruntimetest.Run(t, python, []string{path}, dtypes.UnsafeByteSlice(x), "float32", []int{5, 6, 4}, 2, 1)[0], want)
}

// A graph that cannot be written for any number of rows, or at all, is an error that says why.
func TestEncodeErrors(t *testing.T) {
	weight := func(g *graph.Graph) *graph.Node {
		return graph.Parameter(g, "/w", shapes.Make(dtypes.Float32, 4))
	}
	for _, row := range []struct {
		why  string
		op   func(x *graph.Node) *graph.Node
		says string
	}{
		{"a mean over the batch", func(x *graph.Node) *graph.Node { return graph.Sub(x, graph.ReduceAllMean(x)) }, "depends on the number of rows"},
		{"as many operations as rows", func(x *graph.Node) *graph.Node {
			for range firstAxis(x) {
				x = graph.Neg(x)
			}
			return x
		}, "operations for a batch of 2 rows"},
		{"one row more", func(x *graph.Node) *graph.Node {
			return graph.Concatenate([]*graph.Node{x, graph.Slice(x, graph.AxisRange(0, 1))}, 0)
		}, "depends on the number of rows"},
		{"another operation", func(x *graph.Node) *graph.Node {
			if firstAxis(x) == 2 {
				return graph.Exp(x)
			}
			return graph.Neg(x)
		}, "depends on the number of rows in a batch, in Exp"},
		{"unknown", func(x *graph.Node) *graph.Node { return graph.Log1P(graph.Abs(x)) }, "the operation Log1p, which the export to ONNX does not know"},
		{"a parameter without a value", func(x *graph.Node) *graph.Node {
			return graph.Mul(x, graph.Reshape(weight(x.Graph()), 1, 1, 1, 4))
		}, "variable /w has no value"},
		{"wrong shapes", func(x *graph.Node) *graph.Node { return graph.Add(x, line(x, 3)) }, "rank must match"},
	} {
		_, err := twoOutputs.Encode(rowsOf(row.op))
		if err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: error %v, want one that says %s", row.why, err, row.says)
		}
	}
	wrong := twoOutputs
	wrong.Values = map[string]*tensors.Tensor{"/w": tensors.FromValue([]float32{1, 2, 3})}
	if _, err := wrong.Encode(rowsOf(func(x *graph.Node) *graph.Node {
		return graph.Mul(x, graph.Reshape(weight(x.Graph()), 1, 1, 1, 4))
	})); err == nil || !strings.Contains(err.Error(), "variable /w has shape (Float32)[3], in the graph (Float32)[4]") {
		t.Errorf("a value of another shape: error %v", err)
	}
	wrong.Outputs = []string{"probabilities"}
	if _, err := wrong.Encode(rowsOf(operations["reverse"])); err == nil || !strings.Contains(err.Error(), "the graph has 2 outputs, want 1: probabilities") {
		t.Errorf("outputs without names: error %v", err)
	}
}

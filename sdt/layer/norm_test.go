package layer

import (
	"fmt"
	"maps"
	"math"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
)

// A convolution with a batch norm, by its definition γ·(y − mean)/√(variance + ε) + β: of one
// number x = 3 with weight 2, y = 6; γ = 5, mean = 2, variance = 3.75, ε = 0.25, β = −1 give
// 5·(6 − 2)/2 − 1 = 9. The statistics are variables that are not trained, in training too.
func TestConvolutionWithANorm(t *testing.T) {
	for name, b := range backendtest.All(t) {
		store := model.NewStore()
		defer store.Finalize()
		for _, v := range []struct {
			path  string
			value float32
		}{{"norm/weights", 5}, {"norm/biases", -1}, {"norm/mean", 2}, {"norm/variance", 3.75}} {
			if _, err := store.CreateVariable("/c/"+v.path, tensors.FromFlatDataAndDimensions([]float32{v.value}, 1)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := store.CreateVariable("/c/weights", tensors.FromFlatDataAndDimensions([]float32{2}, 1, 1, 1, 1)); err != nil {
			t.Fatal(err)
		}
		var paths []string // in the order of the gradients
		for v := range store.IterVariables() {
			if name := v.Name(); name == Weights || name == Biases {
				paths = append(paths, v.Path())
			}
		}
		for _, training := range []bool{false, true} {
			exec, err := model.NewExec(b, store, func(_ *model.Scope, in []*graph.Node) []*graph.Node {
				store.SetTraining(in[0].Graph(), training)
				scope := store.Scope("/c")
				y := Convolution{Filters: 1, Kernel: 1, Norm: 0.25}.Apply(scope, in[0])
				return append([]*graph.Node{y}, scope.BuildTrainableVariablesGradientsGraph(graph.ReduceAllSum(y))...)
			})
			if err != nil {
				t.Fatal(err)
			}
			defer exec.Finalize()
			out, err := exec.Call(tensors.FromFlatDataAndDimensions([]float32{3}, 1, 1, 1, 1))
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]float32{}
			for i, x := range out {
				got[append([]string{"y"}, paths...)[i]] = tensors.MustCopyFlatData[float32](x)[0]
			}
			// ∂y/∂γ = (6 − 2)/2, ∂y/∂β = 1, ∂y/∂w = x·γ/2
			if want := (map[string]float32{"y": 9, "/c/norm/weights": 2, "/c/norm/biases": 1, "/c/weights": 7.5}); !maps.Equal(got, want) {
				t.Errorf("%s, training %v: y and the gradients are %v, want %v", name, training, got, want)
			}
		}
	}
}

// A batch norm starts as y/√(1 + ε), and a convolution with one has no biases.
func TestNormStarts(t *testing.T) {
	b, store := backendtest.Go(t), model.NewStore()
	defer store.Finalize()
	exec, err := model.NewExec(b, store, func(_ *model.Scope, in []*graph.Node) []*graph.Node {
		scale, shift := frozenNorm(store.Scope("/norm"), in[0].Graph(), shapes.Make(dtypes.Float64, 3), 3)
		return []*graph.Node{scale, shift}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer exec.Finalize()
	out, err := exec.Call(0.0)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(out[0].Value(), out[1].Value()); got != "[0.5 0.5 0.5] [0 0 0]" {
		t.Errorf("scale and shift are %s, want halves and zeros", got)
	}
}

// Relu6, Sum and MeanPool by their definitions, on images and on images made of planes.
func TestRelu6SumMeanPool(t *testing.T) {
	x := madeImage(2, 3, 4, 5)
	for i := range x.x {
		x.x[i] = 3 + 5*x.x[i] // −2 … 8, so that some are below 0 and some above 6
	}
	y := madeImage(2, 3, 4, 5)
	clipped, sum, mean := picture{n: 2, h: 3, w: 4, c: 5}, picture{n: 2, h: 3, w: 4, c: 5}, picture{n: 2, h: 1, w: 1, c: 5, x: make([]float64, 10)}
	for i, v := range x.x {
		clipped.x = append(clipped.x, math.Min(math.Max(v, 0), 6))
		sum.x = append(sum.x, v+y.x[i])
		mean.x[i/60*5+i%5] += v / 12
	}
	for name, b := range backendtest.All(t) {
		for kind, as := range map[string]func(*graph.Node) *graph.Node{
			"images": func(x *graph.Node) *graph.Node { return x },
			"planes": func(x *graph.Node) *graph.Node { return images(planes(x)) },
		} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				checkAgainst(t, b, clipped, func(in []*graph.Node) *graph.Node { return Relu6(as(in[0])) }, x.tensor())
				checkAgainst(t, b, sum, func(in []*graph.Node) *graph.Node { return Sum(as(in[0]), as(in[1])) }, x.tensor(), y.tensor())
				checkAgainst(t, b, mean, func(in []*graph.Node) *graph.Node {
					return graph.Reshape(MeanPool(as(in[0])), 2, 1, 1, 5)
				}, x.tensor())
			})
		}
	}
}

// The gradient of Relu6 at its two ends is 0, as PyTorch's.
func TestRelu6AtItsEnds(t *testing.T) {
	for name, b := range backendtest.All(t) {
		slope := func(in []*graph.Node) *graph.Node {
			return graph.ConvertDType(graph.ReduceAllSum(Relu6(graph.ConvertDType(in[0], dtypes.Float32))), dtypes.Float64)
		}
		x := tensors.FromFlatDataAndDimensions([]float64{-1, 0, 1, 5, 6, 7}, 6)
		if got := fmt.Sprint(backendtest.Gradient(t, b, slope, x)); got != "[0 0 1 1 0 0]" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

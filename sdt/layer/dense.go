package layer

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/backend"
)

// Names of a layer's variables. Rate factors and initial values depend on them.
const (
	Weights = "weights"
	Biases  = "biases"
)

// Dense returns x·W + b for x of shape [n, d]: a fully connected layer with the given
// number of units and the variables "weights" [d, units] and "biases" [units] under scope.
// The result has shape [n, units]. It panics if x is not a matrix.
func Dense(scope *model.Scope, x *graph.Node, units int) *graph.Node {
	if x.Rank() != 2 {
		exceptions.Panicf("layer.Dense: x %s, want [n, d]", x.Shape())
	}
	g := x.Graph()
	w := scope.VariableWithShape(Weights, shapes.Make(x.DType(), x.Shape().Dimensions[1], units)).NodeValue(g)
	b := scope.VariableWithShape(Biases, shapes.Make(x.DType(), units)).NodeValue(g)
	return Affine(x, w, b)
}

// Affine returns x·W + b for x [n, d], W [d, m], b [m].
//
// Its gradient is the usual one, xᵀ·v for W and 1ᵀ·v for b, but it transposes the smaller
// of x and v, and repeats and sums b with a matrix product: on the pure Go back end
// transposes, broadcasts and reductions cost more per number than products. ONNX Runtime
// fuses a transpose and its product into one operation. In a file b is added as it is.
func Affine(x, w, b *graph.Node) *graph.Node {
	forward := func(in []*graph.Node) *graph.Node {
		x, w, b := in[0], in[1], in[2]
		if backend.Runs(x, backend.ONNXFile) {
			return graph.Add(graph.Dot(x, w).Product(), graph.ExpandAxes(b, 0))
		}
		column := graph.Ones(x.Graph(), shapes.Make(x.DType(), x.Shape().Dimensions[0], 1))
		return graph.Add(graph.Dot(x, w).Product(), graph.Dot(column, graph.ExpandAxes(b, 0)).Product()) // [n, m]
	}
	gradient := func(in []*graph.Node, _, v *graph.Node, i int) *graph.Node {
		x, w := in[0], in[1]
		n, m := v.Shape().Dimensions[0], v.Shape().Dimensions[1]
		switch i {
		case 0: // [n, d]
			if m < n || backend.Runs(x, backend.ONNXRuntime) {
				return graph.Dot(v, graph.Transpose(w, 0, 1)).Product()
			}
			return graph.DotGeneral(v, []int{1}, nil, w, []int{1}, nil)
		case 1: // [d, m]
			if x.Shape().Size() <= v.Shape().Size() || backend.Runs(x, backend.ONNXRuntime) {
				return graph.Dot(graph.Transpose(x, 0, 1), v).Product()
			}
			return graph.Transpose(graph.Dot(graph.Transpose(v, 0, 1), x).Product(), 0, 1)
		}
		row := graph.Ones(v.Graph(), shapes.Make(v.DType(), 1, n))
		return graph.Reshape(graph.Dot(row, v).Product(), m)
	}
	return withGradient([]*graph.Node{x, w, b}, forward, gradient)
}

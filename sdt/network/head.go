package network

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/layer"
)

// Head returns the network for features that were computed before: one hidden layer
// of d rectified units on x [n, D_in], the paper's fc7. The features are [n, d].
func Head(d int) Network {
	return func(scope *model.Scope, x *graph.Node) *graph.Node {
		needFeatures("Head", x)
		return layer.Relu(layer.Dense(scope.In("fc7"), x, d)) // [n, d]
	}
}

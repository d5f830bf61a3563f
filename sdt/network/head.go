package network

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/layer"
)

// Head returns the network for features that were computed before: one hidden layer of d
// rectified units on x [n, D_in], the paper's fc7. The features are [n, d]. If d is below 1,
// the network panics when its graph is built; sdt.Open returns that as an error.
func Head(d int) Network {
	return Network{{Name: "fc7", Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		if d < 1 {
			exceptions.Panicf("network.Head: %d units, want 1 or more", d)
		}
		needFeatures("Head", x)
		return layer.Relu(layer.Dense(scope.In("fc7"), x, d)) // [n, d]
	}}}
}

package network

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Flatten returns the network that makes a row of features of each example: x [n, ...] as
// [n, d], d the product of the other dimensions. It has no variables. Behind the first blocks
// of a network it makes a network of them.
func Flatten() Network {
	return Network{{Name: "flatten", Apply: func(_ *model.Scope, x *graph.Node) *graph.Node {
		return graph.Reshape(x, x.Shape().Dimensions[0], -1)
	}}}
}

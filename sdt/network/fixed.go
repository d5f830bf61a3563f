package network

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Fixed returns a network with the blocks of n, as one, of which no training moves a weight:
// each keeps the value that Config.Pretrained, or the seed, gives it. It returns what n returns as
// features: x [n, ...] as [n, d], d the product of the other dimensions.
func Fixed(n Network) Network {
	return Network{{"fixed", func(scope *model.Scope, x *graph.Node) *graph.Node {
		x = n.Features(scope, x)
		for v := range scope.IterVariables() {
			v.SetTrainable(false)
		}
		return graph.Reshape(x, x.Shape().Dimensions[0], -1) // [n, d]
	}}}
}

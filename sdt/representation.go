package sdt

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// features is f(x; θ_repr), from a batch as it came [n, Shape...] to [n, d].
// It panics if the network gives something else.
func features(net network.Network, store *model.Store, x *graph.Node) *graph.Node {
	if x.DType() != weightsDType {
		x = graph.ConvertDType(x, weightsDType)
	}
	f := net(store.Scope(reprScope), x)
	checkFeatures(f, x.Shape().Dimensions[0])
	return f
}

// checkFeatures panics if f is not what a network is to give for a batch of so many rows.
func checkFeatures(f *graph.Node, rows int) {
	switch {
	case f == nil:
		exceptions.Panicf("it returns nil, want features [n, d]")
	case f.Rank() != 2 || f.Shape().Dimensions[0] != rows:
		exceptions.Panicf("it gives features %s, want [%d, d]: a row of numbers for each example", f.Shape(), rows)
	case f.DType() != weightsDType:
		exceptions.Panicf("it gives features of type %s, want %s: compute in the type that the examples come in", f.DType(), weightsDType)
	case f.Shape().Dimensions[1] < 1:
		exceptions.Panicf("it gives no feature, want one or more for each example")
	}
}

package sdt

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// features returns f(x; θ_repr), from a batch as loaded [n, Shape...] to [n, d]. It panics if
// the network returns something else.
func features(net network.Network, store *model.Store, x *graph.Node) *graph.Node {
	if x.DType() != weightsDType {
		x = graph.ConvertDType(x, weightsDType)
	}
	f := net.Features(store.Scope(reprScope), x)
	checkFeatures(f, x.Shape().Dimensions[0])
	return f
}

// checkFeatures panics if f is not what a network must return for a batch with that many rows.
func checkFeatures(f *graph.Node, rows int) {
	switch {
	case f == nil:
		exceptions.Panicf("it returns nil, want features [n, d]")
	case f.Rank() != 2 || f.Shape().Dimensions[0] != rows:
		exceptions.Panicf("it returns features %s, want [%d, d]: a row of numbers for each example", f.Shape(), rows)
	case f.DType() != weightsDType:
		exceptions.Panicf("it returns features of type %s, want %s: compute in the type of the examples", f.DType(), weightsDType)
	case f.Shape().Dimensions[1] < 1:
		exceptions.Panicf("it returns no features, want one or more for each example")
	}
}

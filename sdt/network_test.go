package sdt

import (
	"testing"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

func TestNetworks(t *testing.T) {
	for _, c := range []struct {
		name       string
		net        Network
		shape      []int
		d, numbers int
		why        string
	}{
		{"LeNet", LeNet, []int{28, 28, 1}, 500, 431_080 - 5_010, "Caffe's LeNet has 431,080 parameters, 5,010 in its classifier"},
		{"ConvNet", ConvNet, []int{32, 32, 3}, 256, 3*3*3*32 + 32 + 3*3*32*64 + 64 + 3*3*64*128 + 128 + 2048*256 + 256, "the sum of its layers"},
		{"CaffeNet", CaffeNet, []int{227, 227, 3}, 4096, 60_965_224 - 4_097_000, "CaffeNet has 60,965,224 parameters, 4,097,000 in fc8"},
		{"Head", Head(256), []int{1024}, 256, 1024*256 + 256, "one layer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := model.NewStore()
			g := graph.NewGraph(goBackend(t), c.name)
			model.SetStore(g, store)
			f := features(c.net, store, graph.Parameter(g, "x", shapes.Make(weightsDType, append([]int{2}, c.shape...)...)))
			if f.Rank() != 2 || f.Shape().Dimensions[0] != 2 || f.Shape().Dimensions[1] != c.d {
				t.Errorf("features %s, want [2, %d]", f.Shape(), c.d)
			}
			if got := store.NumParameters(); got != c.numbers {
				t.Errorf("%d parameters, want %d: %s", got, c.numbers, c.why)
			}
		})
	}
}

func TestOpenRejectsANetworkThatDoesNotFit(t *testing.T) {
	config := quick(Full)
	config.Network = LeNet
	if _, err := Open(t.TempDir(), blobs(1, 4, 5, 1, false), config); err == nil {
		t.Error("LeNet was accepted for examples of shape [5]")
	}
	config.Network = func(_ *model.Scope, x *graph.Node) *graph.Node { return graph.ReduceAllSum(x) }
	if _, err := Open(t.TempDir(), blobs(1, 4, 5, 1, false), config); err == nil {
		t.Error("a network without features [n, d] was accepted")
	}
}

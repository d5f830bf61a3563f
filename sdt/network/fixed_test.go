package network

import (
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
)

// A fixed network has the variables of the network, none of them trainable, also in training, and
// returns rows.
func TestFixed(t *testing.T) {
	before, _, err := ConvNet.After(ConvNet[0].Name)
	if err != nil {
		t.Fatal(err)
	}
	count := func(n Network) (variables, trainable, rank, size int) {
		store := model.NewStore()
		defer store.Finalize()
		g := graph.NewGraph(backendtest.Go(t), "fixed")
		defer g.Finalize()
		model.SetStore(g, store)
		store.SetTraining(g, true)
		x := n.Features(store.Scope(netScope), graph.Parameter(g, "x", shapes.Make(dtypes.Float32, 2, 32, 32, 3)))
		for v := range store.Scope(netScope).IterVariables() {
			if variables++; v.Trainable {
				trainable++
			}
		}
		return variables, trainable, x.Rank(), x.Shape().Size()
	}
	variables, trainable, rank, size := count(before)
	if trainable == 0 || rank != 4 {
		t.Fatalf("the first block has %d trainable variables and returns rank %d", trainable, rank)
	}
	v, moves, r, s := count(Fixed(before))
	if v != variables || moves != 0 || r != 2 || s != size {
		t.Errorf("fixed, it has %d variables, %d trainable, and returns %d numbers of rank %d; want %d, none, %d of rank 2", v, moves, s, r, variables, size)
	}
}

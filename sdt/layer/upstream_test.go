package layer

import (
	"fmt"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"

	"github.com/sdtlab/sdtlab/sdt/internal/backend"
	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
)

// The faults in other libraries for which we have forms of our own, with the programs of
// docs/upstream.md. One that is fixed fails here: then its form can go.
func TestUpstream(t *testing.T) {
	x := [][][][]float32{{{{1}, {2}, {3}}, {{4}, {50}, {6}}, {{7}, {8}, {9}}}}
	w := [][][][]float32{{{{1}}, {{10}}}, {{{100}}, {{1000}}}}
	window := func(x *graph.Node) *graph.Node {
		return graph.Convolve(x, graph.Const(x.Graph(), w)).NoPadding().Done()
	}
	pool := func(x *graph.Node) *graph.Node { return graph.MaxPool(x).Window(2).Strides(1).NoPadding().Done() }
	pooled := "[[[[0] [0] [0]] [[0] [4] [0]] [[0] [0] [0]]]]"
	gradient := func(b compute.Backend, f func(x *graph.Node) *graph.Node) string {
		dx, err := graph.CallOnce(b, func(x *graph.Node) *graph.Node {
			return graph.Gradient(graph.ReduceAllSum(f(x)), x)[0]
		}, x)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprint(dx.Value())
	}
	for name, b := range backendtest.All(t) {
		if right := "[[[[1] [11] [10]] [[101] [1111] [1010]] [[100] [1100] [1000]]]]"; gradient(b, window) == right {
			t.Errorf("%s: the gradient of an even window is right: our padding can go", name)
		}
		switch got := gradient(b, pool); b.Name() {
		case backend.Go, backend.ONNXRuntime:
			if got == pooled {
				t.Errorf("%s: the gradient of max pooling is right: our own can go", name)
			}
		default:
			if got != pooled {
				t.Errorf("%s: the gradient of max pooling is %s, want %s", name, got, pooled)
			}
		}
	}
}

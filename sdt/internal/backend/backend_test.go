package backend

import (
	"testing"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Products that are all ready at once, many more than there are workers, end, and give the
// same bits each time.
func TestProductsAtOnceDoNotLockUp(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: large products", t.Name())
	}
	for _, config := range []string{"", "go", "go:parallelism=1"} {
		t.Setenv(compute.ConfigEnvVar, config)
		backend, err := New()
		if err != nil {
			t.Fatal(err)
		}
		products(t, config, backend)
	}
}

func products(t *testing.T, config string, backend compute.Backend) {
	exec, err := graph.NewExec(backend, func(x *graph.Node) *graph.Node {
		var sum *graph.Node
		for i := range 16 {
			product := graph.Dot(x, graph.AddScalar(graph.Transpose(x, 0, 1), float64(i))).Product()
			if sum == nil {
				sum = product
			} else {
				sum = graph.Add(sum, product)
			}
		}
		return sum
	})
	if err != nil {
		t.Fatal(err)
	}
	const side = 512
	flat := make([]float32, side*side)
	for i := range flat {
		flat[i] = float32(i%17) / 16
	}
	x := tensors.FromFlatDataAndDimensions(flat, side, side)
	done := make(chan bool)
	go func() {
		first := exec.MustCall(x)[0]
		for range 5 {
			if !exec.MustCall(x)[0].Equal(first) {
				t.Errorf("%q: the same products give other bits", config)
			}
		}
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(5 * time.Minute):
		t.Fatalf("%q: after five minutes the products have not ended", config)
	}
}

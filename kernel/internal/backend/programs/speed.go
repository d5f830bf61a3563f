//go:build ignore

// Program speed times a matrix product, [64, 2048] × [2048, 2048] in float32, on
// the back end that GOMLX_BACKEND names, and prints GFLOP/s.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	_ "github.com/gomlx/compute/gobackend"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

const n, d = 64, 2048

func main() {
	speed, err := measure()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%.1f\n", speed)
}

func measure() (float64, error) {
	backend, err := compute.New()
	if err != nil {
		return 0, err
	}
	product, err := graph.NewExec1(backend, func(x, w *graph.Node) *graph.Node { return graph.ReduceAllSum(graph.MatMul(x, w)) })
	if err != nil {
		return 0, err
	}
	x := tensors.FromShape(shapes.Make(dtypes.Float32, n, d))
	w := tensors.FromShape(shapes.Make(dtypes.Float32, d, d))
	best := time.Hour
	for i := 0; i < 8; i++ {
		start := time.Now()
		if _, err := product.Call(x, w); err != nil {
			return 0, err
		}
		best = min(best, time.Since(start))
	}
	return 2 * n * d * d / best.Seconds() / 1e9, nil
}

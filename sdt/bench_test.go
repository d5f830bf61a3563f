package sdt

import (
	"math/rand/v2"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// BenchmarkStep times one full step of the method, in the shapes of the PyTorch
// peer: 64 source and 64 target rows, 16 of them labelled.
func BenchmarkStep(b *testing.B) {
	for _, bench := range []struct {
		name    string
		net     Network
		shape   []int
		classes int
	}{
		{"lenet", LeNet, []int{28, 28, 1}, 10},
		{"head", Head(4096), []int{4096}, 31},
		{"convnet", ConvNet, []int{32, 32, 3}, 31},
	} {
		b.Run(bench.name, func(b *testing.B) {
			backend, err := NewBackend()
			if err != nil {
				b.Fatal(err)
			}
			cfg := Config{Network: bench.net, NewLayerRate: 1, BiasRate: 1, Policy: Constant}.withDefaults()
			plan := batchPlan{sources: []int{64}, target: 16, unlabelled: 48}
			store := model.NewStore()
			if err := store.SetRNGStateFromSeed(1); err != nil {
				b.Fatal(err)
			}
			exec, err := model.NewExec(backend, store, func(_ *model.Scope, in []*graph.Node) []*graph.Node {
				_, nodes := cfg.alternation(store, plan, bench.classes, in[0], in[1], in[2], in[3], in[4]).on()
				return nodes
			})
			if err != nil {
				b.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(1, 2))
			x := make([]float32, 128*Examples{Shape: bench.shape}.Size())
			for i := range x {
				x[i] = rng.Float32() * 255
			}
			labels := make([]int32, plan.rows())
			for i := range labels {
				if labels[i] = int32(i % bench.classes); i >= plan.labelled() {
					labels[i] = -1
				}
			}
			soft := make([]float32, bench.classes*bench.classes)
			for i := range soft {
				soft[i] = 1 / float32(bench.classes)
			}
			in := []any{tensors.FromFlatDataAndDimensions(x, append([]int{128}, bench.shape...)...),
				tensors.FromFlatDataAndDimensions(labels, len(labels)),
				tensors.FromFlatDataAndDimensions(soft, bench.classes, bench.classes), float32(0.001), float32(cfg.Lambda)}
			for range 3 {
				exec.MustCall(in...)
			}
			for b.Loop() {
				exec.MustCall(in...)
			}
		})
	}
}

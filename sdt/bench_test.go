package sdt

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// BenchmarkStep times one full step of the method: 64 source and 64 target rows, 16 of them
// labelled. If PyTorch is installed, it takes the same step, alternating with ours; x-torch is
// then our median time divided by PyTorch's. On a CUDA plugin PyTorch is on the GPU too,
// x-compiled is the same for torch.compile, and CaffeNet is among the networks: on a CPU its
// step takes minutes.
func BenchmarkStep(b *testing.B) {
	type bench struct {
		name    string
		net     network.Network
		shape   []int
		classes int
	}
	benches := []bench{
		{"lenet", network.LeNet, []int{28, 28, 1}, 10},
		{"head", network.Head(4096), []int{4096}, 31},
		{"convnet", network.ConvNet, []int{32, 32, 3}, 31},
	}
	if _, last, err := network.EfficientNetLite0.After("block15"); err != nil {
		b.Fatal(err)
	} else {
		benches = append(benches, bench{"lite0", last, []int{7, 7, 192}, 31}) // the trunk before is computed once for each image
	}
	cuda := strings.Contains(os.Getenv(compute.ConfigEnvVar), "cuda")
	if cuda {
		benches = append(benches, bench{"caffenet", network.CaffeNet, []int{227, 227, 3}, 31})
	}
	for _, bench := range benches {
		b.Run(bench.name, func(b *testing.B) {
			step := fullStep(b, bench.net, bench.shape, bench.classes, 128)
			peers := []*peer{{unit: "torch", steps: torchSteps(b, bench.name, "cpu")}}
			if cuda {
				peers = []*peer{
					{unit: "torch", steps: torchSteps(b, bench.name, "cuda")},
					{unit: "compiled", steps: torchSteps(b, bench.name, "cuda", "compile")},
				}
			}
			const turn = 5
			for _, p := range peers {
				p.steps(turn) // to warm up
			}
			var ours []float64 // seconds
			for b.Loop() {
				ours = append(ours, timeOf(step).Seconds())
				if len(ours)%turn == 1 {
					b.StopTimer()
					for _, p := range peers {
						p.seconds = append(p.seconds, p.steps(turn)...)
					}
					step() // the caches hold PyTorch's data
					b.StartTimer()
				}
			}
			b.ReportMetric(1000*median(ours), "ms")
			for _, p := range peers {
				if len(p.seconds) > 0 {
					b.ReportMetric(1000*median(p.seconds), p.unit+"-ms")
					b.ReportMetric(median(ours)/median(p.seconds), "x-"+p.unit)
				}
			}
		})
	}
}

// peer takes the same steps as we do.
type peer struct {
	unit    string
	steps   func(n int) []float64
	seconds []float64
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// BenchmarkGrowth times one full step on features by the size of the batch and by the
// number of classes.
func BenchmarkGrowth(b *testing.B) {
	for _, batch := range []int{16, 32, 64, 128, 256, 512} {
		for _, classes := range []int{10, 31, 100, 300, 1000} {
			b.Run(fmt.Sprintf("batch=%d/classes=%d", batch, classes), func(b *testing.B) {
				step := fullStep(b, network.Head(256), []int{256}, classes, batch)
				for b.Loop() {
					step()
				}
			})
		}
	}
}

// TestGrowth checks that a step costs no more per example in a batch of 512 than in one of 64,
// and no more per class with 1000 than with 100, within a factor of two: no cost grows faster
// than the data. The shortest of several steps shows what the machine can do, however busy it
// is.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: measures time", t.Name())
	}
	for _, c := range []struct {
		name                string
		classes, batch      int
		moreClasses, larger int
	}{
		{"batch", 31, 64, 31, 512},
		{"classes", 100, 128, 1000, 128},
	} {
		t.Run(c.name, func(t *testing.T) {
			small, large := time.Hour, time.Hour
			step := fullStep(t, network.Head(256), []int{256}, c.classes, c.batch)
			largeStep := fullStep(t, network.Head(256), []int{256}, c.moreClasses, c.larger)
			for range 20 { // in turn, so that both see the same load
				small, large = min(small, timeOf(step)), min(large, timeOf(largeStep))
			}
			times := float64(c.moreClasses*c.larger) / float64(c.classes*c.batch)
			t.Logf("%d classes, batch %d: %v; %d classes, batch %d: %v", c.classes, c.batch, small, c.moreClasses, c.larger, large)
			if float64(large) > 2*times*float64(small) {
				t.Errorf("%g times as much takes %.3g times as long", times, float64(large)/float64(small))
			}
		})
	}
}

// timeOf returns how long f takes.
func timeOf(f func()) time.Duration {
	began := time.Now()
	f()
	return time.Since(began)
}

// fullStep returns one full step of the method on a batch of noise, half source and half
// target, of which a quarter is labelled. It has taken three steps already.
func fullStep(t testing.TB, net network.Network, shape []int, classes, batch int) func() {
	t.Helper()
	backend, err := NewBackend()
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{Network: net, NewLayerRate: 1, BiasRate: 1, Policy: Constant}.withDefaults()
	plan := batchPlan{sources: []int{batch / 2}, target: batch / 8, unlabelled: batch/2 - batch/8}
	store := model.NewStore()
	if err := store.SetRNGStateFromSeed(1); err != nil {
		t.Fatal(err)
	}
	exec, err := model.NewExec(backend, store, func(_ *model.Scope, in []*graph.Node) []*graph.Node {
		nodes := nodesOf(cfg.alternation(store, plan, classes, stepArguments{x: in[0], labels: in[1], soft: in[2], rate: in[3], lambda: in[4]}))
		return nodes
	})
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	x := make([]float32, batch*Examples{Shape: shape}.Size())
	for i := range x {
		x[i] = rng.Float32() * 255
	}
	labels := make([]int32, plan.rows())
	for i := range labels {
		if labels[i] = int32(i % classes); i >= plan.labelled() {
			labels[i] = -1
		}
	}
	soft := make([]float32, classes*classes)
	for i := range soft {
		soft[i] = 1 / float32(classes)
	}
	in := []any{tensors.FromFlatDataAndDimensions(x, append([]int{batch}, shape...)...),
		tensors.FromFlatDataAndDimensions(labels, len(labels)),
		tensors.FromFlatDataAndDimensions(soft, classes, classes), float32(0.001), float32(cfg.Lambda)}
	step := func() { tensors.ToScalar[float32](exec.MustCall(in...)[0]) } // a GPU is done once its results can be read
	for range 3 {
		step()
	}
	return step
}

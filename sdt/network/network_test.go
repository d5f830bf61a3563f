package network

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
	"github.com/sdtlab/sdtlab/sdt/layer"
)

// networkRow is one network of the contract table: every network is in it, and every test below
// checks all of them.
type networkRow struct {
	name    string
	net     Network
	shape   []int // of one example
	d       int   // features
	numbers int   // parameters
	why     string
}

func networkTable() []networkRow {
	return []networkRow{
		{"LeNet", LeNet, []int{28, 28, 1}, 500, 431_080 - 5_010, "Caffe's LeNet has 431,080 parameters, 5,010 in its classifier"},
		{"ConvNet", ConvNet, []int{32, 32, 3}, 256, 3*3*3*32 + 32 + 3*3*32*64 + 64 + 3*3*64*128 + 128 + 2048*256 + 256, "the sum of its layers"},
		{"CaffeNet", CaffeNet, []int{227, 227, 3}, 4096, 60_965_224 - 4_097_000, "CaffeNet has 60,965,224 parameters, 4,097,000 in fc8"},
		{"AlexNet", AlexNet, []int{224, 224, 3}, 4096, 61_100_840 - 4_097_000, "torchvision's alexnet has 61,100,840 parameters, 4,097,000 in classifier.6"},
		{"EfficientNetLite0", EfficientNetLite0, []int{224, 224, 3}, 1280, 4_652_008 - 1_281_000, "efficientnet_lite_pytorch's efficientnet-lite0 has 4,652,008 parameters, 1,281,000 in _fc"},
		{"Head", Head(256), []int{1024}, 256, 1024*256 + 256, "one layer"},
	}
}

// netScope is the scope of the networks' variables.
const netScope = "/net"

// size returns how many numbers an example has.
func (c networkRow) size() int {
	n := 1
	for _, d := range c.shape {
		n *= d
	}
	return n
}

// variables returns the network's variables by path.
func (c networkRow) variables(t *testing.T) map[string]shapes.Shape {
	t.Helper()
	store := model.NewStore()
	defer store.Finalize()
	g := graph.NewGraph(backendtest.Go(t), c.name)
	defer g.Finalize()
	model.SetStore(g, store)
	f := c.net.Features(store.Scope(netScope), graph.Parameter(g, "x", shapes.Make(dtypes.Float32, append([]int{2}, c.shape...)...)))
	if f.Rank() != 2 || f.Shape().Dimensions[0] != 2 || f.Shape().Dimensions[1] != c.d {
		t.Errorf("features %s, want [2, %d]", f.Shape(), c.d)
	}
	all := map[string]shapes.Shape{}
	for v := range store.IterVariables() {
		if v.Trainable {
			all[v.Path()] = v.Shape()
		}
	}
	return all
}

func TestNetworks(t *testing.T) {
	for _, c := range networkTable() {
		t.Run(c.name, func(t *testing.T) {
			numbers := 0
			for path, s := range c.variables(t) {
				numbers += s.Size()
				if !strings.HasPrefix(path, netScope+"/") {
					t.Errorf("variable %s is not under the network's scope: it would not be saved", path)
				}
			}
			if numbers != c.numbers {
				t.Errorf("%d parameters, want %d: %s", numbers, c.numbers, c.why)
			}
		})
	}
}

// noise returns weights that preserve the magnitude of the activations (He et al., 2015), batch
// norms' among them, which are near 1, and small biases.
func (c networkRow) noise(t *testing.T) map[string][]float64 {
	rng := rand.New(rand.NewPCG(2, 9))
	all := map[string][]float64{}
	shapeOf := c.variables(t)
	for _, path := range slices.Sorted(maps.Keys(shapeOf)) {
		dims := shapeOf[path].Dimensions
		w := make([]float64, shapeOf[path].Size())
		scale, about := 0.1, 0.0
		if strings.HasSuffix(path, "/norm/"+layer.Weights) {
			about = 1
		} else if !strings.HasSuffix(path, "/"+layer.Biases) {
			scale = math.Sqrt(2 * float64(dims[len(dims)-1]) / float64(len(w)))
		}
		for i := range w {
			w[i] = about + scale*rng.NormFloat64()
		}
		all[path] = w
	}
	return all
}

// examples returns n rows of integers in 0…255, [n, shape...].
func (c networkRow) examples(n int) []float64 {
	rng := rand.New(rand.NewPCG(3, 5))
	x := make([]float64, n*c.size())
	for i := range x {
		x[i] = float64(rng.IntN(256))
	}
	return x
}

// floats are the element types in which these tests compute a network.
type floats interface{ float32 | float64 }

// run computes in T the network's features for x [n, shape...] outside of training and, if slopes
// is set, the gradient with respect to the weights of Σ sin(i)·fᵢ over all features.
func run[T floats](t *testing.T, b compute.Backend, c networkRow, weights map[string][]float64, x []float64, slopes bool) (f []float64, gradient map[string][]float64) {
	t.Helper()
	to := func(flat []float64, dims ...int) *tensors.Tensor {
		out := make([]T, len(flat))
		for i, v := range flat {
			out[i] = T(v)
		}
		return tensors.FromFlatDataAndDimensions(out, dims...)
	}
	from := func(y *tensors.Tensor) []float64 {
		flat, err := tensors.CopyFlatData[T](y)
		if err != nil {
			t.Fatal(err)
		}
		out := make([]float64, len(flat))
		for i, v := range flat {
			out[i] = float64(v)
		}
		return out
	}
	n := len(x) / c.size()
	store := model.NewStore()
	defer store.Finalize()
	for path, s := range c.variables(t) {
		if _, err := store.CreateVariable(path, to(weights[path], s.Dimensions...)); err != nil {
			t.Fatal(err)
		}
	}
	sines := make([]float64, n*c.d)
	for i := range sines {
		sines[i] = math.Sin(float64(i))
	}
	var paths []string
	exec, err := model.NewExec(b, store, func(_ *model.Scope, in []*graph.Node) []*graph.Node {
		scope := store.Scope(netScope)
		f := c.net.Features(scope, in[0]) // [n, d]
		out := []*graph.Node{f}
		if slopes {
			loss := graph.ReduceAllSum(graph.Mul(f, graph.Reshape(graph.ConstAsDType(f.Graph(), f.DType(), sines), n, c.d)))
			out = append(out, scope.BuildTrainableVariablesGradientsGraph(loss)...)
			for v := range scope.IterVariables() {
				if v.Trainable && v.InUseByGraph(f.Graph()) {
					paths = append(paths, v.Path())
				}
			}
		}
		return out
	})
	if err != nil {
		t.Fatal(err)
	}
	defer exec.Finalize()
	out, err := exec.Call(to(x, append([]int{n}, c.shape...)...))
	if err != nil {
		t.Fatal(err)
	}
	gradient = map[string][]float64{}
	for i, path := range paths {
		gradient[path] = from(out[i+1])
	}
	return from(out[0]), gradient
}

// For every network: features are finite; the gradient by the weights is the slope along a random
// direction; an example's features do not depend on its row or its neighbours; all available
// back ends agree.
func TestNetworkContract(t *testing.T) {
	for _, c := range networkTable() {
		t.Run(c.name, func(t *testing.T) {
			if len(c.shape) > 1 && testing.Short() {
				t.Skipf("%s: %d parameters", t.Name(), c.numbers)
			}
			weights, x := c.noise(t), c.examples(2)
			f, gradient := run[float64](t, backendtest.Go(t), c, weights, x, true)
			nonzero := 0
			for i, v := range f {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("feature %d is %v", i, v)
				}
				if v != 0 {
					nonzero++
				}
			}
			if nonzero < len(f)/10 {
				t.Fatalf("%d of %d features are not zero: there is little to test", nonzero, len(f))
			}
			if len(gradient) != len(weights) {
				t.Fatalf("%d gradients of %d variables", len(gradient), len(weights))
			}

			// Each variable by itself, except for a large network: all together.
			paths := slices.Sorted(maps.Keys(weights))
			groups := slices.Collect(slices.Chunk(paths, 1))
			if c.numbers > 1e6 {
				groups = [][]string{paths}
			}
			h := 1e-9 // so small that no unit of a large network reaches its kink
			if len(c.net) > 10 {
				h = 1e-11 // and of a deep one
			}
			for _, group := range groups {
				along := func(h float64) float64 {
					moved := maps.Clone(weights)
					rng := rand.New(rand.NewPCG(11, 4))
					for _, path := range group {
						moved[path] = slices.Clone(weights[path])
						for i := range moved[path] {
							moved[path][i] += h * rng.NormFloat64()
						}
					}
					f, _ := run[float64](t, backendtest.Go(t), c, moved, x, false)
					sum := 0.0
					for i, v := range f {
						sum += math.Sin(float64(i)) * v
					}
					return sum
				}
				rng := rand.New(rand.NewPCG(11, 4))
				slope, square := 0.0, 0.0
				for _, path := range group {
					for _, v := range gradient[path] {
						slope += v * rng.NormFloat64()
						square += v * v
					}
				}
				want := (along(h) - along(-h)) / (2 * h)
				if math.Abs(slope-want) > 1e-4*math.Sqrt(square) || square == 0 {
					t.Errorf("%s …: slope %v, central differences give %v (norm of the gradient %v)", group[0], slope, want, math.Sqrt(square))
				}
			}

			half := len(x) / 2
			turned, _ := run[float64](t, backendtest.Go(t), c, weights, slices.Concat(x[half:], x[:half]), false)
			if d := distance(slices.Concat(f[c.d:], f[:c.d]), turned); d > 1e-12 {
				t.Errorf("rows the other way round give other features: %v of the largest", d)
			}
			for name, b := range backendtest.All(t) {
				single, _ := run[float32](t, b, c, weights, x, false)
				if d := distance(f, single); d > 1e-4 {
					t.Errorf("%s, in float32: off by %v of the largest feature", name, d)
				}
			}
		})
	}
}

// distance returns the largest difference, divided by the largest number of a.
func distance(a, b []float64) float64 {
	far, largest := 0.0, 0.0
	for i := range a {
		far, largest = max(far, math.Abs(a[i]-b[i])), max(largest, math.Abs(a[i]))
	}
	return far / largest
}

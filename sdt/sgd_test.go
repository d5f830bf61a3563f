package sdt

import (
	"math"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
)

// TestMomentumIsCaffes compares L = ½ Σ (w − a)² over three steps with Caffe's update written
// out, with a rate that changes, and decay on the weights but not on the biases.
func TestMomentumIsCaffes(t *testing.T) {
	const mu, decay = 0.9, 0.1
	rates := []float64{0.1, 0.05, 0.2}
	for name, b := range backendtest.All(t) {
		store := model.NewStore()
		if err := fill(store, map[string]*tensors.Tensor{
			classifierScope + "/weights": tensors.FromValue([]float32{1, -2}),
			classifierScope + "/biases":  tensors.FromValue([]float32{3}),
		}); err != nil {
			t.Fatal(err)
		}
		exec, err := model.NewExec1(b, store, func(_ *model.Scope, rate *graph.Node) *graph.Node {
			g := rate.Graph()
			w, bias := store.GetVariable(classifierScope+"/weights").NodeValue(g), store.GetVariable(classifierScope+"/biases").NodeValue(g)
			loss := graph.MulScalar(graph.Add(graph.ReduceAllSum(graph.Square(graph.AddScalar(w, -0.5))),
				graph.ReduceAllSum(graph.Square(graph.AddScalar(bias, -0.5)))), 0.5)
			momentum{rate: rate, mu: mu, decay: decay, factor: Config{NewLayerRate: 10, BiasRate: 2}.factor}.UpdateGraph(store.Scope(modelScope), g, loss)
			return loss
		})
		if err != nil {
			t.Fatal(err)
		}
		w, v := []float64{1, -2, 3}, make([]float64, 3)
		for _, rate := range rates {
			if _, err := exec.Call(float32(rate)); err != nil {
				t.Fatal(err)
			}
			for i := range w {
				gradient, factor := w[i]-0.5, 10.0
				if i < 2 {
					gradient += decay * w[i]
				} else {
					factor *= 2
				}
				v[i] = mu*v[i] + rate*factor*gradient
				w[i] -= v[i]
			}
		}
		got := values(t, store)
		for i, have := range append(got[classifierScope+"/weights"], got[classifierScope+"/biases"]...) {
			if math.Abs(float64(have)-w[i]) > 1e-4*math.Abs(w[i]) {
				t.Errorf("%s: number %d is %v, want %v", name, i, have, w[i])
			}
		}
	}
}

func TestClippedGradients(t *testing.T) {
	for name, b := range backendtest.All(t) {
		for _, c := range []struct {
			limit float64
			want  []float64
			why   string
		}{
			{10, []float64{3, 0, 4}, "the norm is 5, below the limit"},
			{1, []float64{0.6, 0, 0.8}, "a fifth of each, over the variables together"},
		} {
			out, err := graph.CallOnceN(b, func(x *graph.Node) []*graph.Node {
				return clipped([]*graph.Node{graph.Slice(x, graph.AxisRange(0, 2)), graph.Slice(x, graph.AxisRange(2, 3))}, c.limit)
			}, []float32{3, 0, 4})
			if err != nil {
				t.Fatal(err)
			}
			got := append(tensors.MustCopyFlatData[float32](out[0]), tensors.MustCopyFlatData[float32](out[1])...)
			for i, want := range c.want {
				if math.Abs(float64(got[i])-want) > 1e-6 {
					t.Errorf("%s: gradient %d is %v, want %v: %s", name, i, got[i], want, c.why)
				}
			}
		}
		out, err := graph.CallOnceN(b, func(x *graph.Node) []*graph.Node { return clipped([]*graph.Node{x}, 1) }, []float32{0, 0})
		if err != nil {
			t.Fatal(err)
		}
		if got := tensors.MustCopyFlatData[float32](out[0]); got[0] != 0 || got[1] != 0 {
			t.Errorf("%s: gradients of zero became %v", name, got)
		}
	}
}

func TestRateFactors(t *testing.T) {
	c := Config{}.withDefaults()
	for path, want := range map[string]float64{
		reprScope + "/conv1/weights": 1, reprScope + "/conv1/biases": 2,
		classifierScope + "/weights": 10, classifierScope + "/biases": 20,
		domainScope + "/weights": 10, domainScope + "/biases": 20,
	} {
		if got := c.factor(path); got != want {
			t.Errorf("factor of %s is %v, want %v", path, got, want)
		}
	}
	c.DomainRate = 0.5
	if w, b, k := c.factor(domainScope+"/weights"), c.factor(domainScope+"/biases"), c.factor(classifierScope+"/weights"); w != 0.5 || b != 1 || k != 10 {
		t.Errorf("with DomainRate ½ the domain classifier has %v and %v, the class classifier %v", w, b, k)
	}
}

package sdt

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/layer"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// headWeights are weights of Head(16) on examples of five numbers, seeded.
func headWeights(seed uint64) *network.Weights {
	rng := rand.New(rand.NewPCG(seed, 1))
	draw := func(dims ...int) *tensors.Tensor {
		flat := make([]float32, Examples{Shape: dims}.Size())
		for i := range flat {
			flat[i] = float32(rng.NormFloat64() / 2)
		}
		return tensors.FromFlatDataAndDimensions(flat, dims...)
	}
	return &network.Weights{Network: "Head", SHA256: fmt.Sprintf("%064x", seed), Values: map[string]*tensors.Tensor{
		"fc7/weights": draw(5, 16), "fc7/biases": draw(16)}}
}

// still is a configuration under which nothing moves: the stages show where they start.
func still(method Method, w *network.Weights) Config {
	c := quick(method)
	c.Pretrained, c.LearningRate, c.PretrainSteps, c.AdaptSteps = w, 1e-30, 1, 1
	return c
}

func TestStagesStartFromPretrainedWeights(t *testing.T) {
	w, task := headWeights(1), blobs(1, 4, 20, 3, false)
	same := func(m *Model) bool {
		for path, v := range w.Values {
			if !v.Equal(m.weights[reprScope+"/"+path]) {
				return false
			}
		}
		return true
	}
	source, adapted, _, _ := stages(t, t.Context(), t.TempDir(), task, still(Full, w))
	if !same(source) || !same(adapted) {
		t.Error("the source network does not start from the weights")
	}
	_, target, _, _ := stages(t, t.Context(), t.TempDir(), task, still(TargetOnly, w))
	if !same(target) {
		t.Error("target only does not start from the weights")
	}
	random, _, _, _ := stages(t, t.Context(), t.TempDir(), task, still(Full, nil))
	if same(random) {
		t.Error("without weights the start is the same")
	}
	classifier := source.weights[classifierScope+"/weights"]
	other := still(Full, w)
	other.Seed++
	second, _, _, _ := stages(t, t.Context(), t.TempDir(), task, other)
	if classifier.Equal(second.weights[classifierScope+"/weights"]) {
		t.Error("θ_C starts the same under another seed: it does not start at random")
	}
	if before := headWeights(1); !before.Values["fc7/weights"].Equal(w.Values["fc7/weights"]) {
		t.Error("training changed the weights that it started from")
	}
}

// In one step from given weights, new layers have ten times the base rate, and biases twice
// their layer's: the loss and the start do not depend on the rates, so a layer's change is
// proportional to its own rate.
func TestRatesOfPretrainedLayers(t *testing.T) {
	task := blobs(1, 4, 20, 3, false)
	way := func(rate, biases float64) map[string]float64 {
		c := quick(SourceOnly)
		c.Pretrained, c.NewLayerRate, c.BiasRate, c.LearningRate, c.WeightDecay = headWeights(1), rate, biases, 0.01, Off
		start := still(SourceOnly, c.Pretrained)
		c.PretrainSteps = 1
		from, _, _, _ := stages(t, t.Context(), t.TempDir(), task, start)
		to, _, _, _ := stages(t, t.Context(), t.TempDir(), task, c)
		far := map[string]float64{}
		for path, v := range to.weights {
			a, b := tensors.MustCopyFlatData[float32](v), tensors.MustCopyFlatData[float32](from.weights[path])
			for i := range a {
				far[path] += math.Abs(float64(a[i] - b[i]))
			}
		}
		return far
	}
	one, paper := way(1, 1), way(0, 0) // zero means the paper's rates
	for path, want := range map[string]float64{
		reprScope + "/fc7/weights": 1, reprScope + "/fc7/biases": 2,
		classifierScope + "/weights": 10, classifierScope + "/biases": 20,
	} {
		if got := paper[path] / one[path]; math.Abs(got-want) > 1e-3*want {
			t.Errorf("%s moves %v times as far, want %v", path, got, want)
		}
	}
}

// Only weights join the stages' keys: without them a key is the same as before weights existed.
func TestPretrainedWeightsAreInTheKey(t *testing.T) {
	dir, task := t.TempDir(), blobs(1, 4, 20, 3, false)
	keys := map[string]string{}
	for name, w := range map[string]*network.Weights{"none": nil, "one": headWeights(1), "another": headWeights(2)} {
		for _, method := range []Method{Full, TargetOnly} {
			c := quick(method)
			c.Pretrained = w
			source, adapted, _, _ := stages(t, t.Context(), dir, task, c)
			again, _, _, _ := stages(t, t.Context(), dir, task, c)
			if !equalWeights(source, again) {
				t.Errorf("%s: the stage loaded is not the stage written", name)
			}
			for _, m := range []*Model{source, adapted} {
				if as := name + " " + m.Stage + " " + m.Method.String(); keys[m.Key] != "" && keys[m.Key] != as {
					t.Errorf("%s and %s have one key", as, keys[m.Key])
				} else {
					keys[m.Key] = as
				}
			}
		}
	}
	if len(keys) != 9 { // a pretraining and two adaptations for each set of weights
		t.Errorf("keys %v", keys)
	}
	if text := quick(Full).String(); strings.Contains(text, "Pretrained") {
		t.Errorf("a configuration without weights is printed %s", text)
	}
	c := quick(Full)
	c.Pretrained = headWeights(1)
	if text := c.String(); !strings.Contains(text, `"Pretrained":{"network":"Head","sha256":"`+c.Pretrained.SHA256+`"}`) {
		t.Errorf("a configuration with weights is printed %s", text)
	}
}

// TestLayersBehindTheWeights opens a network with a layer that its weights do not have: the
// others start from the weights, that one at random.
func TestLayersBehindTheWeights(t *testing.T) {
	config, weights := quick(SourceOnly), headWeights(1)
	config.Pretrained, config.PretrainSteps, config.LearningRate = weights, 1, 1e-9
	config.Network = slices.Concat(network.Head(16), network.Of(func(scope *model.Scope, x *graph.Node) *graph.Node {
		return layer.Relu(layer.Dense(scope.In("fc9"), x, 3))
	}))
	lab, err := Open(t.TempDir(), blobs(1, 4, 5, 1, false), config)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lab.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range weights.Values {
		if d := tensors.MustCopyFlatData[float32](m.weights[reprScope+"/"+path]); math.Abs(float64(d[1]-tensors.MustCopyFlatData[float32](want)[1])) > 1e-6 {
			t.Errorf("%s starts at %v, want the weights' %v", path, d[1], tensors.MustCopyFlatData[float32](want)[1])
		}
	}
	if w := tensors.MustCopyFlatData[float32](m.weights[reprScope+"/fc9/weights"]); w[0] == w[1] {
		t.Errorf("fc9 starts at %v, want random numbers", w[:2])
	}
}

func TestOpenNamesVariablesThatTheWeightsDoNotFit(t *testing.T) {
	task := blobs(1, 4, 5, 1, false)
	without, more := headWeights(1), headWeights(1)
	delete(without.Values, "fc7/biases")
	more.Values["fc8/weights"] = tensors.FromValue([]float32{1})
	var empty *network.Weights
	if raw, err := json.Marshal(headWeights(1)); err != nil || json.Unmarshal(raw, &empty) != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		net  network.Network
		w    *network.Weights
		want []string
	}{
		"a variable short":  {network.Head(16), without, []string{"the weights have no fc7/biases"}},
		"a variable more":   {network.Head(16), more, []string{"the network has no fc8/weights"}},
		"another width":     {network.Head(17), headWeights(1), []string{"fc7/weights has shape (Float32)[5, 16]", "(Float32)[5, 17]"}},
		"read back as JSON": {network.Head(16), empty, []string{"no values", "ReadCaffeNet"}},
	} {
		config := quick(Full)
		config.Network, config.Pretrained = c.net, c.w
		_, err := Open(t.TempDir(), task, config)
		if err == nil {
			t.Errorf("%s: it was opened", name)
			continue
		}
		for _, want := range append(c.want, "Pretrained") {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %q does not say %q", name, err, want)
			}
		}
	}
}

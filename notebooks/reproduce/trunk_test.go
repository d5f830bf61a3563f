package main

import (
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// scaled is a block that multiplies each channel, of an image its mean, by a weight.
func scaled(name string) network.Block {
	return network.Block{Name: name, Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		if x.Rank() == 4 {
			x = graph.ReduceMean(x, 1, 2) // [n, 3]
		}
		w := scope.In("%s", name).VariableWithShape("weights", shapes.Make(dtypes.Float32, 1, 3)).NodeValue(x.Graph())
		return graph.Mul(x, graph.BroadcastToShape(w, x.Shape()))
	}}
}

// blockWeights are the weights of two such blocks.
func blockWeights() *network.Weights {
	return &network.Weights{Network: "two blocks", SHA256: strings.Repeat("0", 64), Values: map[string]*tensors.Tensor{
		"a/weights": tensors.FromValue([][]float32{{2, 3, 0.5}}), "b/weights": tensors.FromValue([][]float32{{7, 7, 7}})}}
}

// deskPhotos are three photographs of a domain.
func deskPhotos() sdt.Labelled {
	photos := sdt.Labelled{Examples: sdt.Examples{Domain: "desk", Shape: []int{4, 4, 3}, Pixels: make([]uint8, 3*48), Names: []string{"x", "y", "z"}}, Classes: []string{"mug", "pen"}, Labels: []int32{0, 1, 1}}
	for i := range photos.Pixels {
		photos.Pixels[i] = uint8(i * i % 251)
	}
	return photos
}

// opens opens labs on the back end of this program.
func opens(t *testing.T) opener {
	t.Helper()
	backend, err := sdt.NewBackend()
	if err != nil {
		t.Fatal(err)
	}
	return func(dir string, task sdt.Task, c sdt.Config) (*sdt.Lab, error) {
		return sdt.OpenOn(backend, dir, task, c)
	}
}

// What comes out of a trunk is what its blocks compute for the middle of each photograph with
// the weights of the file: here each channel's mean times its weight. The weights of the blocks
// behind it stay for what the cells train.
func TestTrunk(t *testing.T) {
	weights := blockWeights()
	asked := ""
	tr := trunk{network: network.Network{scaled("a"), scaled("b")}, freeze: "a", shape: []int{3}, crop: 2, obtain: "from nowhere",
		read: func(path string) (*network.Weights, error) { asked = path; return weights, nil }}
	photos := deskPhotos()
	o := options{weights: "file", dir: t.TempDir(), log: io.Discard, recipe: recipe{title: "T", sees: tr.outputs, weights: tr.restWeights},
		open: opens(t)}
	got, err := o.seen(t.Context(), photos, nil)
	if err != nil {
		t.Fatal(err)
	}
	var want []float32
	for i := range 3 {
		for c, w := range []float32{2, 3, 0.5} {
			sum := float32(0)
			for _, at := range []int{5, 6, 9, 10} { // the middle four of sixteen
				sum += float32(photos.Pixels[48*i+3*at+c])
			}
			want = append(want, w*sum/4)
		}
	}
	if !slices.EqualFunc(got.Values, want, func(a, b float32) bool { return math.Abs(float64(a-b)) < 1e-3 }) || got.Pixels != nil || !slices.Equal(got.Shape, []int{3}) {
		t.Errorf("it returns %v of shape %v, want %v", got.Values, got.Shape, want)
	}
	if !slices.Equal(got.Labels, photos.Labels) || !slices.Equal(got.Names, photos.Names) || got.Domain != "desk" || photos.Pixels == nil || asked != "file" {
		t.Errorf("labels %v, names %v, domain %s, from weights %q", got.Labels, got.Names, got.Domain, asked)
	}
	rest, err := o.startingWeights()
	if err != nil || !slices.Equal(slices.Collect(maps.Keys(rest.Values)), []string{"b/weights"}) || len(weights.Values) != 2 {
		t.Errorf("the rest starts with %v, %v", rest, err)
	}
	o.weights = ""
	if _, err := o.seen(t.Context(), photos, nil); err == nil || !strings.Contains(err.Error(), "T of desk: it needs weights: give -weights FILE: from nowhere") {
		t.Errorf("without weights: %v", err)
	}
}

// Two shards that begin at once need the same photographs: one waits for the other, also while it
// computes.
func TestTrunkOfTwoShards(t *testing.T) {
	tr := trunk{network: network.Network{scaled("a"), scaled("b")}, freeze: "a", shape: []int{3}, crop: 2,
		read: func(string) (*network.Weights, error) { return blockWeights(), nil }}
	o := options{weights: "file", dir: t.TempDir(), log: io.Discard, open: opens(t)}
	second := make(chan error, 1)
	begin := sync.OnceFunc(func() {
		other := o
		other.log = io.Discard
		go func() {
			_, err := tr.outputs(t.Context(), other, deskPhotos())
			second <- err
		}()
		select {
		case err := <-second:
			t.Errorf("the second shard did not wait: %v", err)
			second <- err
		case <-time.After(3 * time.Second):
		}
	})
	o.log = writing(begin) // the progress of the first shard
	if _, err := tr.outputs(t.Context(), o, deskPhotos()); err != nil {
		t.Fatal(err)
	}
	if err := <-second; err != nil {
		t.Errorf("the second shard: %v", err)
	}
}

// writing is a writer that calls a function.
type writing func()

func (w writing) Write(p []byte) (int, error) { w(); return len(p), nil }

// The networks behind EfficientNet-Lite0 begin where it is divided.
func TestRecipesBehindTrunks(t *testing.T) {
	for name, want := range map[string][]string{"efficientnet-lite0": {"fc7"}, "efficientnet-lite0-last": {"block16", "head", "fc7"}} {
		var blocks []string
		for _, b := range recipes[name].config.Network {
			blocks = append(blocks, b.Name)
		}
		if !slices.Equal(blocks, want) || recipes[name].sees == nil {
			t.Errorf("%s trains %v, want %v", name, blocks, want)
		}
	}
}

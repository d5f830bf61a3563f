package sdt

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
	"github.com/sdtlab/sdtlab/sdt/layer"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// photographs returns a task of images [8, 8, 3] in three classes, told apart by their colour.
func photographs() Task {
	rng := rand.New(rand.NewPCG(1, 2))
	classes := []string{"red", "green", "blue"}
	draw := func(domain string, each int, light float64) Labelled {
		l := Labelled{Examples: Examples{Domain: domain, Shape: []int{8, 8, 3}}, Classes: classes}
		for i := range each * len(classes) {
			y := i % len(classes)
			l.Labels = append(l.Labels, int32(y))
			for p := range 8 * 8 * 3 {
				value := 60 + 40*rng.NormFloat64()
				if p%3 == y {
					value += 90
				}
				l.Pixels = append(l.Pixels, uint8(min(255, max(0, light*value))))
			}
		}
		return l
	}
	few, test := draw("dim", 2, 0.5), draw("dim", 6, 0.5)
	return Task{Name: "photographs", Sources: []Labelled{draw("bright", 10, 1)}, Target: few, Unlabelled: test.Examples, Test: test}
}

// convolved is a network of three blocks: two convolutions and a hidden layer.
var convolved = network.Network{
	{Name: "conv1", Apply: func(s *model.Scope, x *graph.Node) *graph.Node {
		return layer.Relu(layer.Convolution{Filters: 4, Kernel: 3, Pad: 1}.Apply(s.In("conv1"), graph.DivScalar(x, 255)))
	}},
	{Name: "conv2", Apply: func(s *model.Scope, x *graph.Node) *graph.Node {
		return layer.MaxPool(layer.Relu(layer.Convolution{Filters: 6, Kernel: 3, Pad: 1}.Apply(s.In("conv2"), x)), 2, 2)
	}},
	{Name: "fc7", Apply: func(s *model.Scope, x *graph.Node) *graph.Node {
		return layer.Relu(layer.Dense(s.In("fc7"), graph.Reshape(x, x.Shape().Dimensions[0], -1), 16))
	}},
}

// convolvedWeights are made-up weights of the two convolutions.
func convolvedWeights(seed uint64) *network.Weights {
	rng := rand.New(rand.NewPCG(seed, 5))
	noise := func(dims ...int) *tensors.Tensor {
		flat := make([]float32, Examples{Shape: dims}.Size())
		for i := range flat {
			flat[i] = float32(0.3 * rng.NormFloat64())
		}
		return tensors.FromFlatDataAndDimensions(flat, dims...)
	}
	return &network.Weights{Network: "convolved", SHA256: fmt.Sprintf("%064x", seed), Values: map[string]*tensors.Tensor{
		"conv1/weights": noise(3, 3, 3, 4), "conv1/biases": noise(4),
		"conv2/weights": noise(3, 3, 4, 6), "conv2/biases": noise(6),
	}}
}

// fixed is a network whose variables no training moves: what Config.Freeze must be equal to.
func fixed(net network.Network) network.Network {
	return network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
		y := net.Features(s, x)
		for _, b := range net {
			s.Shared("%s", b.Name).GetVariable(layer.Weights).SetTrainable(false)
			s.Shared("%s", b.Name).GetVariable(layer.Biases).SetTrainable(false)
		}
		return y
	})
}

func freezing(method Method, freeze string) Config {
	config := quick(method)
	config.Network, config.Freeze, config.Pretrained = convolved, freeze, convolvedWeights(1)
	config.PretrainSteps, config.AdaptSteps, config.LearningRate = 12, 12, 0.01
	return config
}

// far returns the largest difference between two models' weights where both have them.
func far(t *testing.T, a, b *Model) float64 {
	t.Helper()
	d, shared := 0.0, 0
	for path, x := range a.weights {
		y := b.weights[path]
		if y == nil || x.DType() != dtypes.Float32 {
			continue
		}
		shared++
		p, q := tensors.MustCopyFlatData[float32](x), tensors.MustCopyFlatData[float32](y)
		for i := range p {
			d = max(d, math.Abs(float64(p[i]-q[i])))
		}
	}
	if shared == 0 {
		t.Fatal("the models share no weights")
	}
	return d
}

// TestFreeze compares training behind a frozen part, from the cache and without it, with
// training the entire network whose first variables do not move: the same numbers, to
// rounding. The frozen weights are not among those that are kept.
func TestFreeze(t *testing.T) {
	task := photographs()
	for _, method := range []Method{SourceOnly, TargetOnly, Full, DeepCORAL} {
		for _, freeze := range []string{"conv1", "conv2"} {
			config := freezing(method, freeze)
			before, after, err := convolved.After(freeze)
			if err != nil {
				t.Fatal(err)
			}
			_, cached, _, e := stages(t, t.Context(), t.TempDir(), task, config)

			whole := config
			whole.Freeze, whole.Network = "", slices.Concat(fixed(before), after)
			_, want, _, wanted := stages(t, t.Context(), t.TempDir(), task, whole)

			anew := config
			anew.Crop, anew.Mirror = 8, false
			dir := t.TempDir()
			lab, err := Open(dir, task, anew)
			if err != nil {
				t.Fatal(err)
			}
			lab.alwaysAnew = true
			source, err := lab.Pretrain(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if d := far(t, cached, want); d > 1e-5 {
				t.Errorf("%s, %s: the weights are %v from those of the entire network", method, freeze, d)
			}
			if _, pre, _ := pretrainOf(t, task, config); far(t, source, pre) > 1e-5 {
				t.Errorf("%s, %s: without the cache the weights are %v away", method, freeze, far(t, source, pre))
			}
			if !slices.Equal(e.Predictions, wanted.Predictions) {
				t.Errorf("%s, %s: predictions %v, want %v", method, freeze, e.Predictions, wanted.Predictions)
			}
			for path := range cached.weights {
				if strings.Contains(path, "/"+freeze+"/") {
					t.Errorf("%s: %s is kept with the stage, but it is frozen", freeze, path)
				}
			}
		}
	}
}

func pretrainOf(t *testing.T, task Task, config Config) (*Lab, *Model, string) {
	t.Helper()
	dir := t.TempDir()
	lab, err := Open(dir, task, config)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lab.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return lab, m, dir
}

// TestFrozenOnce counts the images that the frozen part sees: each once, also for another
// method in the same run directory, and none after that.
func TestFrozenOnce(t *testing.T) {
	task, dir := photographs(), t.TempDir()
	images := task.Sources[0].Len() + task.Target.Len() + task.Test.Len() // unlabelled and test are the same
	seen := 0
	run := func(config Config) *Model {
		lab, err := Open(dir, task, config)
		if err != nil {
			t.Fatal(err)
		}
		lab.OnProgress = func(p Progress) {
			if p.Stage == "frozen" && p.Ended {
				seen += p.Steps
			}
		}
		source, err := lab.Pretrain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		soft, err := lab.SoftLabels(t.Context(), source)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lab.Adapt(t.Context(), source, soft)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := lab.Evaluate(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	run(freezing(Full, "conv2"))
	if seen != images {
		t.Errorf("the frozen part saw %d images, want %d", seen, images)
	}
	run(freezing(DeepCORAL, "conv2"))
	if seen != images {
		t.Errorf("for another method it saw %d more", seen-images)
	}
	other := freezing(Full, "conv2")
	other.Pretrained = convolvedWeights(2)
	run(other)
	if seen != 2*images {
		t.Errorf("with other weights it saw %d images, want %d", seen-images, images)
	}
}

// TestFrozenCuts trains on random cuts: with CachedCuts from the cache, which holds that many
// of each training image, otherwise computed at each step.
func TestFrozenCuts(t *testing.T) {
	task := photographs()
	for _, cuts := range []int{0, 1, 3} {
		config := freezing(SourceTarget, "conv1")
		config.Crop, config.Mirror, config.CachedCuts = 6, true, cuts
		dir := t.TempDir()
		_, m, _, _ := stages(t, t.Context(), dir, task, config)
		_, again, _, _ := stages(t, t.Context(), t.TempDir(), task, config)
		if !equalWeights(m, again) {
			t.Errorf("%d cuts: two runs differ", cuts)
		}
		files, err := filepath.Glob(filepath.Join(dir, "frozen-*.safetensors"))
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		values, _, err := readTensors(files[0])
		if err != nil {
			t.Fatal(err)
		}
		// evaluation and soft labels see the centre of test and source images
		training := task.Sources[0].Len() + task.Target.Len()
		if rows, most := values["ids"].Shape().Dimensions[0], cuts*training+training+task.Test.Len(); rows > most || rows < cuts*training {
			t.Errorf("%d cuts: %d rows in the cache, want %d to %d", cuts, rows, cuts*training, most)
		}
	}
}

// TestFrozenInterrupted stops the computation of the cache: what was computed is kept, and
// the resumed run ends with the same bits.
func TestFrozenInterrupted(t *testing.T) {
	task, config := photographs(), freezing(Full, "conv2")
	task.Sources[0] = task.Sources[0].Rows(append(rangeOf(30), rangeOf(30)...))
	for i := range task.Sources[0].Pixels {
		task.Sources[0].Pixels[i] ^= uint8(i / (8 * 8 * 3) % 7) // all images differ
	}
	_, want, _ := pretrainOf(t, task, config)
	dir := t.TempDir()
	lab, err := Open(dir, task, config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	first := 0
	lab.OnProgress = func(p Progress) {
		if p.Stage == "frozen" {
			first = p.Step
			cancel()
		}
	}
	if _, err := lab.Pretrain(ctx); !errors.As(err, new(*Interrupted)) {
		t.Fatalf("%v, want an interruption", err)
	}
	if lab, err = Open(dir, task, config); err != nil {
		t.Fatal(err)
	}
	second := 0
	lab.OnProgress = func(p Progress) {
		if p.Stage == "frozen" {
			second = p.Steps
		}
	}
	m, err := lab.Pretrain(t.Context())
	if err != nil || first+second != 60 || second == 60 {
		t.Errorf("%v; %d images before the interruption, %d after it, want 60", err, first, second)
	}
	if !equalWeights(m, want) {
		t.Error("the resumed run ends with other weights")
	}
}

// TestFrozenKilled copies the run directory in the middle of the computation, as a kill would
// leave it: what was computed until the last checkpoint is not computed again.
func TestFrozenKilled(t *testing.T) {
	task, config := different(), freezing(SourceTarget, "conv2")
	dir, left := t.TempDir(), t.TempDir()
	lab, err := Open(dir, task, config)
	if err != nil {
		t.Fatal(err)
	}
	lab.SaveEvery = time.Nanosecond
	lab.OnProgress = func(p Progress) {
		if p.Stage == "frozen" && p.Step == 2*frozenBatch {
			if err := os.CopyFS(left, os.DirFS(dir)); err != nil {
				t.Error(err)
			}
		}
	}
	want, err := lab.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if lab, err = Open(left, task, config); err != nil {
		t.Fatal(err)
	}
	remaining := 0
	lab.OnProgress = func(p Progress) {
		if p.Stage == "frozen" {
			remaining = p.Steps
		}
	}
	m, err := lab.Pretrain(t.Context())
	if err != nil || remaining != 70-2*frozenBatch {
		t.Errorf("%v; after the kill it computes %d images, want %d", err, remaining, 70-2*frozenBatch)
	}
	if !equalWeights(m, want) {
		t.Error("the resumed run ends with other weights")
	}
}

func rangeOf(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// TestFrozenFileDamaged: a damaged cache is an error that names the file.
func TestFrozenFileDamaged(t *testing.T) {
	task, config := photographs(), freezing(SourceTarget, "conv1")
	_, _, dir := pretrainOf(t, task, config)
	files, _ := filepath.Glob(filepath.Join(dir, "frozen-*.safetensors"))
	if len(files) != 1 {
		t.Fatal(files)
	}
	good, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"cut": good[:len(good)/2], "a bit": flipped(good, len(good)-9), "empty": {}} {
		if err := os.WriteFile(files[0], data, 0o600); err != nil {
			t.Fatal(err)
		}
		config.Seed++ // another training, from the same cache
		lab, err := Open(dir, task, config)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := lab.Pretrain(t.Context()); err == nil || !strings.Contains(err.Error(), files[0]) {
			t.Errorf("%s: %v, want an error that names %s", name, err, files[0])
		}
	}
}

func flipped(data []byte, at int) []byte {
	out := slices.Clone(data)
	out[at] ^= 1
	return out
}

// TestFreezeRefused checks what Open says about settings that cannot be.
func TestFreezeRefused(t *testing.T) {
	for _, row := range []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.Freeze = "conv9" }, `config: Freeze: the network has no block "conv9": it has conv1, conv2, fc7`},
		{func(c *Config) { c.Pretrained = nil }, "conv1/biases, which comes before, has no value yet and would stay random: set Pretrained"},
		{func(c *Config) { c.Freeze = "fc7" }, "fc7/biases, which comes before, has no value yet"},
		{func(c *Config) { c.CachedCuts = 2 }, "config: CachedCuts is 2, want 0: without Crop and Mirror there are no random cuts"},
		{func(c *Config) { c.Freeze, c.CachedCuts = "", 2 }, "config: CachedCuts is 2, want 0: nothing is frozen"},
		{func(c *Config) { c.CachedCuts = -2 }, "config: CachedCuts is -2, want 0 or above, or sdt.Off"},
		{func(c *Config) { c.CachedCuts, c.Crop, c.Mirror = Off, 6, true }, "config: Mirror is true, want false: with CachedCuts off no image is flipped"},
		{func(c *Config) { c.Freeze, c.Crop, c.CachedCuts = "", 6, Off }, "config: CachedCuts is -1, want 0: nothing is frozen"},
		{func(c *Config) {
			c.Network = network.Network{convolved[0], network.Of(func(_ *model.Scope, x *graph.Node) *graph.Node {
				return graph.Reshape(x, x.Shape().Dimensions[0], -1)
			})[0]}
			c.Pretrained.Values = map[string]*tensors.Tensor{"conv1/weights": c.Pretrained.Values["conv1/weights"], "conv1/biases": c.Pretrained.Values["conv1/biases"]}
			c.Freeze = "network"
		}, `what follows block "network", the last frozen one, has no trainable variable`},
	} {
		config := freezing(Full, "conv2")
		row.change(&config)
		if _, err := Open(t.TempDir(), photographs(), config); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%v\nwant %s", err, row.want)
		}
	}
}

// TestFrozenKeys: what is frozen, and its weights, are part of the key.
func TestFrozenKeys(t *testing.T) {
	keys := map[string]string{}
	for name, change := range map[string]func(*Config){
		"conv1": func(c *Config) {}, "conv2": func(c *Config) { c.Freeze = "conv2" }, "nothing": func(c *Config) { c.Freeze = "" },
		"cuts": func(c *Config) { c.Mirror = true }, "kept cuts": func(c *Config) { c.Mirror, c.CachedCuts = true, 2 },
		"the centre": func(c *Config) { c.Crop, c.CachedCuts = 6, Off }, "cuts of 6": func(c *Config) { c.Crop = 6 },
		"more cuts":     func(c *Config) { c.Mirror, c.CachedCuts = true, 3 },
		"other weights": func(c *Config) { c.Pretrained = convolvedWeights(2); c.Pretrained.SHA256 = convolvedWeights(1).SHA256 },
	} {
		config := freezing(SourceTarget, "conv1")
		change(&config)
		_, m, _ := pretrainOf(t, photographs(), config)
		if other, ok := keys[m.Key]; ok {
			t.Errorf("%s and %s have one key", name, other)
		}
		keys[m.Key] = name
	}
}

// TestFrozenCentre: with CachedCuts off, training on larger images with Crop is training on
// their centres.
func TestFrozenCentre(t *testing.T) {
	task := photographs()
	config := freezing(Full, "conv2")
	config.Crop, config.CachedCuts = 6, Off
	_, cropped, _, _ := stages(t, t.Context(), t.TempDir(), task, config)
	centres := func(e Examples) Examples {
		dst := make([]uint8, 0, e.Len()*6*6*3)
		for i := range e.Len() {
			for y := 1; y < 7; y++ {
				at := (i*8+y)*8 + 1
				dst = append(dst, e.Pixels[at*3:(at+6)*3]...)
			}
		}
		e.Shape, e.Pixels = []int{6, 6, 3}, dst
		return e
	}
	task.Sources[0].Examples, task.Target.Examples = centres(task.Sources[0].Examples), centres(task.Target.Examples)
	task.Unlabelled, task.Test.Examples = centres(task.Unlabelled), centres(task.Test.Examples)
	config.Crop, config.CachedCuts = 0, 0
	_, want, _, _ := stages(t, t.Context(), t.TempDir(), task, config)
	if !equalWeights(cropped, want) {
		t.Error("training on centres is not training with CachedCuts off")
	}
}

// TestAllFrozen: with the entire network frozen, features are what its last block returns, on
// every back end, and the class classifier trains on them.
func TestAllFrozen(t *testing.T) {
	config := freezing(SourceOnly, "conv2")
	config.Network = convolved[:2:2]
	config.Network = append(config.Network, network.Flatten()...)
	config.Freeze = config.Network[2].Name
	task := photographs()
	features := map[string][]float32{}
	for name, b := range backendtest.All(t) {
		config.Pretrained = convolvedWeights(1) // a tensor belongs to the back end that first used it
		l, err := OpenOn(b, t.TempDir(), task, config)
		if err != nil {
			t.Fatal(err)
		}
		m, err := l.Pretrain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		f, d, err := l.FeaturesOf(t.Context(), m, task.Test.Examples)
		if err != nil || d != 4*4*6 || len(f) != d*task.Test.Len() {
			t.Fatalf("%s: %d features of %d numbers, %v", name, len(f), d, err)
		}
		features[name] = f
		if all := m.History.ClassLoss; all[len(all)-1] > all[0]-0.02 {
			t.Errorf("%s: L_C goes from %v to %v", name, all[0], all[len(all)-1])
		}
	}
	for name, f := range features {
		for i, want := range features["go"] {
			if math.Abs(float64(f[i]-want)) > 1e-4 {
				t.Fatalf("%s: number %d is %v, on pure Go %v", name, i, f[i], want)
			}
		}
	}
}

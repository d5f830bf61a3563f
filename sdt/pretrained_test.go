package sdt

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// noiseTensors returns tensors for all of a network's layers, and a classifier of ten:
// seeded, uniform, of the size that keeps what goes through (He et al., 2015).
func (o origin) noiseTensors() (all []fileTensor) {
	rng := rand.NewPCG(20, 15)
	uniform := func(n int, most float64) []float32 {
		flat := make([]float32, n)
		for i := range flat {
			flat[i] = float32(most * (2*float64(rng.Uint64()>>11)/(1<<53) - 1))
		}
		return flat
	}
	for _, l := range append(slices.Clone(o.layers), foreignLayer{theirs: o.classifier, out: 10, in: 4096, side: 1, dense: true}) {
		seen := l.in * l.side * l.side
		all = append(all, fileTensor{l.theirs + o.weights, l.shape(), uniform(l.out*seen, math.Sqrt(6/float64(seen)))},
			fileTensor{l.theirs + o.biases, []int{l.out}, uniform(l.out, 0.1)})
	}
	return all
}

// write writes a file into a directory of the test's and returns its path.
func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// must returns what was read.
func must(t *testing.T) func(w *Weights, err error) *Weights {
	return func(w *Weights, err error) *Weights {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
}

// A whole file of seeded weights, of full size, gives the features that its home gives on
// the image whose pixel at row y, column x, channel c (red, green, blue) is
// y² + 3x(c+1) + 17c mod 256. Every 256th feature and the sum of all are compared.
//
// Caffe's are from OpenCV 4.10 (readNetFromCaffe on this very file, which it reads in both
// formats, and a deploy.prototxt with the layers of BVLC's, the image in BGR with Caffe's
// mean taken off), torchvision's from PyTorch 1.13 in float64 (load_state_dict of this very
// file into torchvision's AlexNet, eval mode, the image normalised as torchvision says).
func TestWholeNetworksGiveTheFeaturesOfTheirHomes(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: files of 228 MB", t.Name())
	}
	for _, c := range []struct {
		name string
		net  Network
		side int
		read func(t *testing.T) *Weights
		want []float64
		sum  float64
	}{
		{"CaffeNet", CaffeNet, 227, func(t *testing.T) *Weights {
			path := write(t, "bvlc.caffemodel", caffeForm{v1: true, old: true}.file(caffeNet.noiseTensors()))
			return must(t)(ReadCaffeNet(path))
		}, []float64{79.3618, 79.3287, 0, 0, 37.3959, 0, 63.3796, 28.1929, 0, 83.2673, 120.178, 110.184, 0, 134.875, 0, 70.2056}, 166604.5},
		{"AlexNet", AlexNet, 224, func(t *testing.T) *Weights {
			path := write(t, "alexnet.safetensors", safetensorsFile(t, torchAlexNet.noiseTensors(), false))
			return must(t)(ReadAlexNet(path))
		}, []float64{0, 2.63698, 0.155678, 0, 0, 5.08048, 2.20044, 0, 0, 0, 4.00093, 1.64556, 0, 0.546664, 0, 0}, 11870.600},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := c.read(t)
			for name, b := range backends(t) {
				store := model.NewStore()
				defer store.Finalize()
				if err := fill(store, w.values); err != nil {
					t.Fatal(err)
				}
				exec, err := model.NewExec1(b, store, func(_ *model.Scope, x *graph.Node) *graph.Node { return features(c.net, store, x) })
				if err != nil {
					t.Fatal(err)
				}
				defer exec.Finalize()
				pixels := make([]uint8, 0, c.side*c.side*3)
				for y := range c.side {
					for x := range c.side {
						for channel := range 3 {
							pixels = append(pixels, uint8((y*y+3*x*(channel+1)+17*channel)%256))
						}
					}
				}
				out, err := exec.Call(tensors.FromFlatDataAndDimensions(pixels, 1, c.side, c.side, 3))
				if err != nil {
					t.Fatal(err)
				}
				f, err := tensors.CopyFlatData[float32](out)
				if err != nil {
					t.Fatal(err)
				}
				if len(f) != 4096 {
					t.Fatalf("%d features", len(f))
				}
				sum := 0.0
				for i, v := range f {
					sum += float64(v)
					if want := c.want[i/256]; i%256 == 0 && math.Abs(float64(v)-want) > 1e-4*slices.Max(c.want) {
						t.Errorf("%s: feature %d is %v, want %v", name, i, v, want)
					}
				}
				if math.Abs(sum-c.sum) > 1e-5*c.sum {
					t.Errorf("%s: the features' sum is %v, want %v", name, sum, c.sum)
				}
			}
		})
	}
}

// The tables of layers have the networks' variables, all of them, in their shapes.
func TestOriginsHaveTheNetworksVariables(t *testing.T) {
	for _, o := range []origin{caffeNet, torchAlexNet} {
		for _, row := range networkTable() {
			if row.name != o.network {
				continue
			}
			want := row.variables(t)
			for _, l := range o.layers {
				path := reprScope + "/" + l.name + "/"
				for name, dims := range map[string][]int{weightsName: l.ours(), biasesName: {l.out}} {
					if !want[path+name].Equal(shapes.Make(dtypes.Float32, dims...)) {
						t.Errorf("%s: %s%s is %v, the network's %s", o.network, path, name, dims, want[path+name])
					}
				}
			}
			if len(want) != 2*len(o.layers) {
				t.Errorf("%s: %d layers for %d variables", o.network, len(o.layers), len(want))
			}
		}
	}
}

func TestReadWeightsNamesTheFile(t *testing.T) {
	conv := []fileTensor{{"conv1 blob 0", []int{96, 3, 11, 11}, make([]float32, 96*3*121)}}
	alexnet := message(nil, 1, []byte("AlexNet"))
	for _, layer := range []string{"conv1", "relu1", "norm1", "pool1"} {
		alexnet = message(alexnet, 100, message(nil, 1, []byte(layer)))
	}
	torch := safetensorsFile(t, []fileTensor{{"features.0.weight", []int{64, 3, 11, 11}, make([]float32, 64*3*121)}, {"layer1.0.conv1.weight", []int{1}, []float32{1}}}, false)
	caffe := func(path string) error { _, err := ReadCaffeNet(path); return err }
	alex := func(path string) error { _, err := ReadAlexNet(path); return err }
	huge := write(t, "huge.caffemodel", nil)
	if err := os.Truncate(huge, maxWeights+1); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		read func(string) error
		path string
		want []string
	}{
		"none there":      {caffe, filepath.Join(t.TempDir(), "none.caffemodel"), []string{"none.caffemodel"}},
		"a directory":     {caffe, t.TempDir(), []string{"it is a folder"}},
		"too large":       {caffe, huge, []string{"huge.caffemodel", "at most 1073741824"}},
		"empty":           {caffe, write(t, "empty.caffemodel", nil), []string{"empty.caffemodel", "it is empty"}},
		"no layer":        {caffe, write(t, "none.caffemodel", message(nil, 1, []byte("Net"))), []string{"none.caffemodel", `"conv1 blob 0" and 13 more are missing`}},
		"one layer":       {caffe, write(t, "one.caffemodel", caffeForm{}.file(conv)), []string{"one.caffemodel", `"conv1 blob 1" and 12 more are missing`}},
		"Caffe's AlexNet": {caffe, write(t, "alex.caffemodel", alexnet), []string{"alex.caffemodel", "norm1 is before pool1"}},
		"a pickle":        {alex, write(t, "alexnet-owt-7be5be79.pth", []byte("?")), []string{"7be5be79.pth", "safetensors"}},
		"another network": {alex, write(t, "resnet.safetensors", torch), []string{"resnet.safetensors", `"features.0.bias" and 12 more are missing; "layer1.0.conv1.weight" is none of AlexNet's`}},
		"no ONNX":         {alex, write(t, "a.onnx", torch), []string{"a.onnx"}},
		"no safetensors":  {alex, write(t, "a.safetensors", onnxForm{}.file(conv)), []string{"a.safetensors"}},
	} {
		err := c.read(c.path)
		if err == nil {
			t.Errorf("%s: it was read", name)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %q does not say %q", name, err, want)
			}
		}
	}
}

// headWeights are weights of Head(16) on examples of five numbers, seeded.
func headWeights(seed uint64) *Weights {
	rng := rand.New(rand.NewPCG(seed, 1))
	draw := func(dims ...int) *tensors.Tensor {
		flat := make([]float32, Examples{Shape: dims}.Size())
		for i := range flat {
			flat[i] = float32(rng.NormFloat64() / 2)
		}
		return tensors.FromFlatDataAndDimensions(flat, dims...)
	}
	return &Weights{Network: "Head", SHA256: fmt.Sprintf("%064x", seed), values: map[string]*tensors.Tensor{
		reprScope + "/fc7/weights": draw(5, 16), reprScope + "/fc7/biases": draw(16)}}
}

// still is a configuration under which nothing moves: the stages show where they start.
func still(method Method, w *Weights) Config {
	c := quick(method)
	c.Pretrained, c.LearningRate, c.PretrainSteps, c.AdaptSteps = w, 1e-30, 1, 1
	return c
}

func TestStagesStartFromPretrainedWeights(t *testing.T) {
	w, task := headWeights(1), blobs(1, 4, 20, 3, false)
	same := func(m *Model) bool {
		for path, v := range w.values {
			if !v.Equal(m.weights[path]) {
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
	if before := headWeights(1); !before.values[reprScope+"/fc7/weights"].Equal(w.values[reprScope+"/fc7/weights"]) {
		t.Error("training changed the weights that it started from")
	}
}

// In one step from weights, the new layers take ten times the base rate and biases twice
// their layer's: the loss and the start do not depend on the rates, so a layer's way is
// proportional to its own.
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
	one, paper := way(1, 1), way(0, 0) // zero: the paper's
	for path, want := range map[string]float64{
		reprScope + "/fc7/weights": 1, reprScope + "/fc7/biases": 2,
		classifierScope + "/weights": 10, classifierScope + "/biases": 20,
	} {
		if got := paper[path] / one[path]; math.Abs(got-want) > 1e-3*want {
			t.Errorf("%s goes %v times as far, want %v", path, got, want)
		}
	}
}

// Weights join the stages' keys, and only they: without them a key is what it was before
// there were any.
func TestPretrainedWeightsAreInTheKey(t *testing.T) {
	dir, task := t.TempDir(), blobs(1, 4, 20, 3, false)
	keys := map[string]string{}
	for name, w := range map[string]*Weights{"none": nil, "one": headWeights(1), "another": headWeights(2)} {
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
	if len(keys) != 9 { // of each weights a pretraining, and two adaptations
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

// A fingerprint is the SHA-256 of the file, whatever its name.
func TestFingerprintIsTheFiles(t *testing.T) {
	o := tiny(torchAlexNet)
	data := safetensorsFile(t, o.tensors(), false)
	a := must(t)(readWeights(write(t, "a", data), o, decodeForeignTensors))
	b := must(t)(readWeights(write(t, "b", data), o, decodeForeignTensors))
	other := must(t)(readWeights(write(t, "c", onnxForm{}.file(o.tensors())), o, decodeONNX))
	if want := fmt.Sprintf("%x", sha256.Sum256(data)); a.SHA256 != want || b.SHA256 != want || other.SHA256 == want {
		t.Errorf("%s, %s, %s, want %s twice and another", a.SHA256, b.SHA256, other.SHA256, want)
	}
}

func TestOpenNamesVariablesThatTheWeightsDoNotFit(t *testing.T) {
	task := blobs(1, 4, 5, 1, false)
	without, more := headWeights(1), headWeights(1)
	delete(without.values, reprScope+"/fc7/biases")
	more.values[reprScope+"/fc8/weights"] = tensors.FromValue([]float32{1})
	var empty *Weights
	if raw, err := json.Marshal(headWeights(1)); err != nil || json.Unmarshal(raw, &empty) != nil {
		t.Fatal(err)
	}
	two := func(scope *model.Scope, x *graph.Node) *graph.Node {
		return Relu(Dense(scope.In("fc9"), Head(16)(scope, x), 3))
	}
	for name, c := range map[string]struct {
		net  Network
		w    *Weights
		want []string
	}{
		"a variable short":  {Head(16), without, []string{"the network's fc7/biases"}},
		"a variable more":   {Head(16), more, []string{"the network has no fc8/weights"}},
		"another width":     {Head(17), headWeights(1), []string{"fc7/weights has shape (Float32)[5, 16]", "(Float32)[5, 17]"}},
		"a deeper network":  {two, headWeights(1), []string{"the network's fc9/weights", "the network's fc9/biases"}},
		"read back as JSON": {Head(16), empty, []string{"no numbers", "ReadCaffeNet"}},
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

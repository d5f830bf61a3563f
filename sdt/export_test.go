package sdt

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/norm"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/onnxruntimetest"
	"github.com/sdtlab/sdtlab/sdt/internal/torchtest"
	"github.com/sdtlab/sdtlab/sdt/layer"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// exportTask draws a task of K classes: images in which each class has a patch of its own
// brightness and place, or features.
func exportTask(classes int, shape []int, perClass int) Task {
	rng := rand.New(rand.NewPCG(uint64(classes), 3))
	draw := func(domain string) Labelled {
		l := Labelled{Examples: Examples{Domain: domain, Shape: shape}}
		size := l.Size()
		for k := range classes {
			l.Classes = append(l.Classes, "class "+strconv.Itoa(k))
			for range perClass {
				l.Labels = append(l.Labels, int32(k))
				for i := range size {
					near := i*classes/size == k
					switch {
					case len(shape) == 1 && near:
						l.Values = append(l.Values, float32(2+rng.NormFloat64()))
					case len(shape) == 1:
						l.Values = append(l.Values, float32(rng.NormFloat64()))
					case near:
						l.Pixels = append(l.Pixels, uint8(128+rng.IntN(128)))
					default:
						l.Pixels = append(l.Pixels, uint8(rng.IntN(160)))
					}
				}
			}
		}
		return l
	}
	test := draw("target")
	return Task{Name: "export", Sources: []Labelled{draw("source")}, Target: draw("target"), Unlabelled: draw("target").Examples, Test: test}
}

// pooled is a network of a user with what others have: mean pooling, padding, groups, batch
// normalization, attention between places with one more for each image, and dropout.
var pooled = network.Of(func(scope *model.Scope, x *graph.Node) *graph.Node {
	x = graph.MeanPool(graph.DivScalar(x, 255)).Window(3).Strides(2).PadSame().Done()
	x = layer.Relu(layer.Convolution{Filters: 6, Kernel: 4, Pad: 1, Groups: 3}.Apply(scope.In("conv"), x))
	x = norm.BatchNorm(scope.In("norm"), x, -1).UseBackendInference(false).Done()
	x = graph.Concatenate([]*graph.Node{x, graph.Logistic(graph.Neg(x))}, 3)
	x = layer.MaxPool(x, 2, 1)
	places := graph.Reshape(x, x.Shape().Dimensions[0], -1, x.Shape().Dimensions[3]) // [n, places, C]
	token := graph.BroadcastToDims(graph.Const(x.Graph(), [][][]float32{{slices.Repeat([]float32{0.5}, places.Shape().Dimensions[2])}}), places.Shape().Dimensions[0], 1, places.Shape().Dimensions[2])
	places = graph.Concatenate([]*graph.Node{token, places}, 1)
	near := graph.Softmax(graph.Einsum("npc,nqc->npq", places, places), -1)
	mean := graph.ReduceMean(graph.Einsum("npq,nqc->npc", near, places), 1) // [n, C]
	mean = layers.DropoutStatic(scope, mean, 0.5)
	return graph.Tanh(layer.Dense(scope.In("fc"), mean, 9))
})

// Every network of ours, exported, gives the same in Python's onnxruntime as in the lab, for
// batches of one, of seven, and of all.
func TestExportedNetworksGiveTheSame(t *testing.T) {
	for _, row := range []struct {
		name     string
		net      network.Network
		shape    []int
		crop     int
		classes  int
		perClass int
		large    bool
	}{
		{"LeNet, two classes", network.LeNet, []int{28, 28, 1}, 0, 2, 8, false},
		{"LeNet, cut out of images that are not square", network.LeNet, []int{33, 40, 1}, 28, 10, 2, false},
		{"ConvNet, 31 classes", network.ConvNet, []int{32, 32, 3}, 0, 31, 1, false},
		{"Head, two classes", network.Head(16), []int{40}, 0, 2, 8, false},
		{"Head, 31 classes", network.Head(16), []int{62}, 0, 31, 1, false},
		{"of a user", pooled, []int{13, 17, 3}, 0, 3, 5, false},
		{"CaffeNet", network.CaffeNet, []int{230, 230, 3}, 227, 2, 2, true},
		{"AlexNet", network.AlexNet, []int{224, 224, 3}, 0, 2, 2, true},
		{"frozen", convolved, []int{10, 10, 3}, 8, 3, 5, false},
		{"cosine classifier", network.Head(16), []int{40}, 0, 3, 5, false},
		{"EfficientNetLite0", network.EfficientNetLite0, []int{224, 224, 3}, 0, 2, 2, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			if row.large && testing.Short() {
				t.Skipf("%s: a file of 220 MB", t.Name())
			}
			task := exportTask(row.classes, row.shape, row.perClass)
			config := Config{Method: SourceOnly, Network: row.net, Crop: row.crop, PretrainSteps: 2, SourceBatch: 4, LearningRate: 0.01, Seed: 2}
			switch row.name {
			case "frozen":
				config.Freeze, config.Pretrained = "conv1", convolvedWeights(1)
			case "cosine classifier":
				config.CosineClassifier = true
			}
			if row.large {
				config.PretrainSteps, config.SourceBatch, config.LearningRate = 1, 1, 1e-7
			}
			l, err := Open(t.TempDir(), task, config)
			if err != nil {
				t.Fatal(err)
			}
			m, err := l.Pretrain(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "network.onnx")
			if err := l.Export(m, path); err != nil {
				t.Fatal(err)
			}
			compareExported(t, l, m, path)
		})
	}
}

// Networks that PyTorch exported, read and trained here, leave again, and give the same in
// Python's onnxruntime.
func TestExportedAgain(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: exports networks with PyTorch", t.Name())
	}
	python := torchtest.Python(t)
	if python == "" {
		t.Skipf("%s: no PyTorch: %s", t.Name(), torchtest.Install)
	}
	for _, name := range []string{"tiny", "tiny_vit", "tiny_mobile", "tiny_next"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if out, err := exec.CommandContext(t.Context(), python, filepath.Join("network", "testdata", "export.py"), dir, name).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			net, err := network.ONNX(filepath.Join(dir, name+".onnx"), network.ONNXConfig{Mean: []float64{0.485, 0.456, 0.406}, Deviation: []float64{0.229, 0.224, 0.225}})
			if err != nil {
				t.Fatal(err)
			}
			l, err := Open(dir, exportTask(3, []int{16, 16, 3}, 5), Config{Method: SourceOnly, Network: net, PretrainSteps: 2, SourceBatch: 4, LearningRate: 0.001, Seed: 2})
			if err != nil {
				t.Fatal(err)
			}
			m, err := l.Pretrain(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "adapted.onnx")
			if err := l.Export(m, path); err != nil {
				t.Fatal(err)
			}
			compareExported(t, l, m, path)
		})
	}
}

// compareExported compares an exported model with the lab's on the test examples.
func compareExported(t *testing.T, l *Lab, m *Model, path string) {
	t.Helper()
	e := l.task.Test.Examples
	raw, dtype := []byte(e.Pixels), "uint8"
	if e.Pixels == nil {
		raw, dtype = dtypes.UnsafeByteSlice(e.Values), "float32"
	}
	r := onnxruntimetest.Run(t, onnxruntimetest.Python(t), []string{path}, raw, dtype, e.Shape, 1, 7, e.Len())[0]
	p, err := l.Predict(t.Context(), m, e)
	if err != nil {
		t.Fatal(err)
	}
	f, d, err := l.FeaturesOf(t.Context(), m, e)
	if err != nil {
		t.Fatal(err)
	}
	largest := 0.0
	for _, v := range f {
		largest = max(largest, math.Abs(float64(v)))
	}
	k := len(l.task.Classes())
	worstP, worstF := 0.0, 0.0
	for i, run := range r.Runs {
		if len(run.Probabilities) != e.Len()*k || len(run.Features) != e.Len()*d {
			t.Fatalf("run %d: %d probabilities and %d features of %d examples, want %d and %d of each", i, len(run.Probabilities), len(run.Features), e.Len(), k, d)
		}
		for row := range p {
			theirs := run.Probabilities[row*k : (row+1)*k]
			for j := range theirs {
				worstP = max(worstP, math.Abs(float64(theirs[j])-p[row][j]))
			}
			if best(theirs) != best(p[row]) {
				t.Errorf("run %d: example %d is of class %d, in the lab of %d", i, row, best(theirs), best(p[row]))
			}
		}
		for j := range f {
			worstF = max(worstF, math.Abs(float64(run.Features[j]-f[j]))/largest)
		}
	}
	if worstP > 1e-4 || worstF > 1e-4 || largest == 0 {
		t.Errorf("probabilities differ by %.2g, features by %.2g of the largest, %v", worstP, worstF, largest)
	}
	t.Logf("probabilities differ by %.2g, features by %.2g of the largest; checked by onnx: %v", worstP, worstF, r.Checked)
	var classes []string
	if err := json.Unmarshal([]byte(r.Metadata["classes"]), &classes); err != nil || !slices.Equal(classes, l.task.Classes()) {
		t.Errorf("classes %q, %v", r.Metadata["classes"], err)
	}
	if r.Metadata["key"] != m.Key || r.Metadata["method"] != m.Method.String() || r.Producer != "sdtlab" {
		t.Errorf("metadata %v of %q", r.Metadata, r.Producer)
	}
}

// best returns the place of the largest number.
func best[T float32 | float64](all []T) int {
	k := 0
	for i, v := range all {
		if v > all[k] {
			k = i
		}
	}
	return k
}

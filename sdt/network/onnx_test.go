package network

import (
	"encoding/binary"
	"encoding/json"
	"flag"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
	"github.com/sdtlab/sdtlab/sdt/internal/torchtest"
)

// torchScaling is how the networks of testdata/export.py get their pixels.
var torchScaling = ONNXConfig{Mean: torchMean, Deviation: torchDeviation}

// exported is a network that PyTorch exported, with what PyTorch computes with it.
type exported struct {
	file   string
	values map[string]*tensors.Tensor // images, features, and grad:W for each weight W
}

// export runs testdata/export.py.
func export(t *testing.T, name string, how ...string) exported {
	t.Helper()
	dir := os.Getenv("SDT_ONNX_EXPORTS") // of files that were exported before
	if dir == "" {
		python := torchtest.Python(t)
		if python == "" {
			t.Skipf("%s: no PyTorch: %s", t.Name(), torchtest.Install)
		}
		dir = t.TempDir()
		args := append([]string{filepath.Join("testdata", "export.py"), dir, name}, how...)
		if out, err := exec.CommandContext(t.Context(), python, args...).CombinedOutput(); err != nil {
			t.Fatalf("export.py %s: %v\n%s", name, err, out)
		}
	}
	return exported{filepath.Join(dir, name+".onnx"), readSafetensors(t, filepath.Join(dir, name+".safetensors"))}
}

// readSafetensors reads the float32 tensors of a file.
func readSafetensors(t *testing.T, path string) map[string]*tensors.Tensor {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	size := binary.LittleEndian.Uint64(data)
	header, numbers := map[string]struct {
		Shape        []int
		Data_offsets [2]int
	}{}, data[8+size:]
	if err := json.Unmarshal(data[8:8+size], &header); err != nil {
		t.Fatal(err)
	}
	values := map[string]*tensors.Tensor{}
	for name, h := range header {
		flat := make([]float32, (h.Data_offsets[1]-h.Data_offsets[0])/4)
		for i := range flat {
			flat[i] = math.Float32frombits(binary.LittleEndian.Uint32(numbers[h.Data_offsets[0]+4*i:]))
		}
		values[name] = tensors.FromFlatDataAndDimensions(flat, h.Shape...)
	}
	return values
}

// compute returns a network's features and, if slopes is set, the gradient of Σ sin(i)·fᵢ by
// each variable.
func (e exported) compute(t *testing.T, b compute.Backend, net Network, slopes bool) (f []float32, gradient map[string][]float32) {
	t.Helper()
	store := model.NewStore()
	defer store.Finalize()
	var paths []string
	exec, err := model.NewExec(b, store, func(_ *model.Scope, in []*graph.Node) []*graph.Node {
		paths = nil
		scope := store.Scope(netScope)
		store.SetTraining(in[0].Graph(), slopes)
		f := net.Features(scope, in[0])
		out := []*graph.Node{f}
		if slopes {
			sines := make([]float64, f.Shape().Size())
			for i := range sines {
				sines[i] = math.Sin(float64(i))
			}
			weight := graph.ReshapeWithShape(graph.ConstAsDType(f.Graph(), f.DType(), sines), f.Shape())
			out = append(out, scope.BuildTrainableVariablesGradientsGraph(graph.ReduceAllSum(graph.Mul(f, weight)))...)
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
	images, err := e.values["images"].LocalClone()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Call(images)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		t.Fatal(first)
	}
	gradient = map[string][]float32{}
	for i, path := range paths {
		gradient[strings.TrimPrefix(path, netScope+"/")] = tensors.MustCopyFlatData[float32](out[i+1])
	}
	return tensors.MustCopyFlatData[float32](out[0]), gradient
}

// apart returns the largest difference, divided by the largest number of want.
func apart(got, want []float32) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	far, top := 0.0, 0.0
	for i := range want {
		d := math.Abs(float64(got[i]) - float64(want[i]))
		if math.IsNaN(d) {
			return d
		}
		far, top = max(far, d), max(top, math.Abs(float64(want[i])))
	}
	return far / top
}

// large has networks of the size that people use among those of TestONNX, which takes minutes.
var large = flag.Bool("large", false, "TestONNX: ResNet-50, ViT-S and others too")

// TestONNX compares networks that PyTorch exported with PyTorch itself, on every back end:
// features of images, and gradients by all weights in eval mode.
func TestONNX(t *testing.T) {
	for _, row := range []struct {
		name string
		big  bool
		d    int
		last string // a block after which it can be divided
		why  string
	}{
		{"tiny", false, 8, "layers/layers.1/Relu", "ResNet-18's blocks: batch norm, padding, residual connections"},
		{"tiny_vit", false, 16, "blocks/blocks.0/Add_1", "a vision transformer"},
		{"tiny_mobile", false, 16, "layers/layers.3/Add", "depthwise convolutions, squeeze and excitation, SiLU"},
		{"tiny_next", false, 16, "layers/layers.2/Add_1", "ConvNeXt: channels last, windows of 7, 4 and 2"},
		{"resnet18", true, 512, "", ""},
		{"resnet50", true, 2048, "", ""},
		{"vit_s", true, 384, "", ""},
		{"mobilenet_v2", true, 1280, "", ""},
		{"efficientnet_b0", true, 1280, "", ""},
		{"convnext_t", true, 768, "", ""},
	} {
		if row.big && !*large {
			continue
		}
		t.Run(row.name, func(t *testing.T) {
			e := export(t, row.name)
			net, err := ONNX(e.file, torchScaling)
			if err != nil {
				t.Fatal(err)
			}
			if row.last != "" {
				if _, _, err := net.After(row.last); err != nil {
					t.Error(err)
				}
			}
			want := tensors.MustCopyFlatData[float32](e.values["features"])
			if len(want) != 2*row.d {
				t.Fatalf("PyTorch has %d features, want %d", len(want), 2*row.d)
			}
			for name, b := range backendtest.All(t) {
				t.Run(name, func(t *testing.T) {
					f, _ := e.compute(t, b, net, false)
					if d := apart(f, want); !(d < 1e-4) {
						t.Errorf("features differ from PyTorch's by %.2g of the largest", d)
					}
					trained, gradient := e.compute(t, b, net, true)
					if d := apart(trained, want); !(d < 1e-4) {
						t.Errorf("in training, features differ by %.2g of the largest", d)
					}
					compared := 0
					for path, v := range e.values {
						w, ok := strings.CutPrefix(path, "grad:")
						if !ok {
							continue
						}
						compared++
						got, ok := gradient[w]
						if !ok {
							t.Errorf("no gradient by %s", w)
						} else if d := apart(got, tensors.MustCopyFlatData[float32](v)); !(d < 1e-3) {
							t.Errorf("gradient by %s differs from PyTorch's by %.2g of the largest", w, d)
						}
					}
					if compared < 10 || len(gradient) != compared {
						t.Errorf("%d gradients, PyTorch has %d", len(gradient), compared)
					}
				})
			}
		})
	}
}

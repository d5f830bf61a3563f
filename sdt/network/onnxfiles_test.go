package network

import (
	"errors"
	"math"
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
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
	"github.com/sdtlab/sdtlab/sdt/internal/onnxtest"
)

// smallFeatures computes the network of onnxtest.Small by loops.
func smallFeatures(x []float64, weights []onnxtest.Tensor) []float32 {
	w, gamma, beta, mean, variance := weights[2].Values, weights[3].Values, weights[4].Values, weights[5].Values, weights[6].Values
	var features []float32
	for i := range len(x) / 192 {
		for f := range 4 {
			sum := 0.0
			for r := range 4 {
				for s := range 4 {
					y := 0.0
					for c := range 3 {
						for u := range 3 {
							for v := range 3 {
								if row, column := 2*r+u, 2*s+v; row < 8 && column < 8 {
									y += w[((f*3+c)*3+u)*3+v] * (x[((i*8+row)*8+column)*3+c]/127.5 - 1)
								}
							}
						}
					}
					sum += max(0, gamma[f]*(y-mean[f])/math.Sqrt(variance[f]+1e-3)+beta[f])
				}
			}
			features = append(features, float32(sum/16))
		}
	}
	return features
}

// TestONNXChannelsLast reads a model in the form in which Keras is exported: channels last,
// its own scaling of pixels, padding on one side. What is expected is computed by loops.
func TestONNXChannelsLast(t *testing.T) {
	m := onnxtest.Small()
	net, err := ONNX(m.Write(t, "small.onnx"), ONNXConfig{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, b := range net {
		names = append(names, b.Name)
		if len(b.Source) != 64 {
			t.Errorf("block %s has source %q, want the SHA-256 of the file", b.Name, b.Source)
		}
	}
	if want := []string{"scaled", "pixels", "channels_first", "conv/Conv", "normed", "relu", "pooled", "flat"}; !slices.Equal(names, want) {
		t.Errorf("blocks %v, want %v", names, want)
	}
	row := networkRow{shape: []int{8, 8, 3}}
	x := row.examples(3)
	images := make([]float32, len(x))
	for i, v := range x {
		images[i] = float32(v)
	}
	e := exported{values: map[string]*tensors.Tensor{"images": tensors.FromFlatDataAndDimensions(images, 3, 8, 8, 3)}}
	for name, b := range backendtest.All(t) {
		f, gradient := e.compute(t, b, net, true)
		if d := apart(f, smallFeatures(x, m.Weights)); !(d < 1e-5) {
			t.Errorf("%s: features differ by %.2g of the largest", name, d)
		}
		var trained []string
		for path := range gradient {
			trained = append(trained, path)
		}
		slices.Sort(trained)
		if want := []string{"beta", "conv.kernel", "gamma"}; !slices.Equal(trained, want) {
			t.Errorf("%s: training moves %v, want %v: not the statistics, the scaling, or the classifier", name, trained, want)
		}
	}
}

// TestONNXParts divides the network at each block: the parts compute what it computes.
func TestONNXParts(t *testing.T) {
	net, err := ONNX(onnxtest.Small().Write(t, "small.onnx"), ONNXConfig{})
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float32, 2*192)
	for i := range x {
		x[i] = float32(i % 256)
	}
	e := exported{values: map[string]*tensors.Tensor{"images": tensors.FromFlatDataAndDimensions(x, 2, 8, 8, 3)}}
	want, _ := e.compute(t, backendtest.Go(t), net, false)
	for _, block := range net[:len(net)-1] {
		before, after, err := net.After(block.Name)
		if err != nil {
			t.Fatal(err)
		}
		b := backendtest.Go(t)
		store := model.NewStore()
		first, err := model.CallOnce(b, store, func(_ *model.Scope, in []*graph.Node) *graph.Node {
			return before.Features(store.Scope(netScope), in[0])
		}, tensors.FromFlatDataAndDimensions(x, 2, 8, 8, 3))
		if err != nil {
			t.Fatal(err)
		}
		second, err := model.CallOnce(b, store, func(_ *model.Scope, in []*graph.Node) *graph.Node {
			return after.Features(store.Scope(netScope), in[0])
		}, first)
		if err != nil {
			t.Fatal(err)
		}
		if d := apart(tensors.MustCopyFlatData[float32](second), want); !(d < 1e-6) {
			t.Errorf("divided after %s, features differ by %.2g", block.Name, d)
		}
	}
}

// TestONNXSays checks what the file and the configuration say of pixels, size and output.
func TestONNXSays(t *testing.T) {
	open := func(change func(m *onnxtest.Model)) string {
		m := onnxtest.Small()
		m.Input = []int{0, 3, 8, 8} // channels first, no scaling of its own
		m.Nodes = m.Nodes[3:]
		m.Nodes[0].Inputs[0] = "input"
		change(&m)
		return m.Write(t, "model.onnx")
	}
	half := []float64{0.5, 0.5, 0.5}
	scaled := ONNXConfig{Mean: half, Deviation: half}
	for _, row := range []struct {
		why    string
		change func(m *onnxtest.Model)
		config ONNXConfig
		says   string // the error; "": none
		want   []int  // of the size error
	}{
		{"given", func(*onnxtest.Model) {}, scaled, "", []int{8, 8, 3}},
		{"nothing about pixels", func(*onnxtest.Model) {}, ONNXConfig{}, "it does not say how its pixels are scaled: set Mean and Deviation", nil},
		{"metadata", func(m *onnxtest.Model) {
			m.Metadata = [][2]string{{"mean", "[0.5, 0.5, 0.5]"}, {"std", "(0.5, 0.5, 0.5)"}}
		}, ONNXConfig{}, "", []int{8, 8, 3}},
		{"timm's metadata", func(m *onnxtest.Model) {
			m.Input = []int{0, 3, 0, 0}
			m.Metadata = [][2]string{{"pretrained_cfg", `{"input_size": [3, 8, 16], "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}`}}
		}, ONNXConfig{}, "", []int{8, 16, 3}},
		{"Ultralytics' metadata", func(m *onnxtest.Model) {
			m.Input = []int{0, 3, 0, 0}
			m.Metadata = [][2]string{{"imgsz", "[16, 8]"}}
		}, scaled, "", []int{16, 8, 3}},
		{"size open", func(m *onnxtest.Model) { m.Input = []int{0, 3, 0, 0} }, scaled, "it does not say how large its images are: set Height and Width", nil},
		{"size given", func(m *onnxtest.Model) { m.Input = []int{0, 3, 0, 0} }, ONNXConfig{Mean: half, Deviation: half, Height: 12, Width: 10}, "", []int{12, 10, 3}},
		{"another size", func(*onnxtest.Model) {}, ONNXConfig{Mean: half, Deviation: half, Height: 12, Width: 8}, "it takes images of 8×8, and not of 12×8", nil},
		{"two means", func(*onnxtest.Model) {}, ONNXConfig{Mean: half[:2], Deviation: half}, "want 3 numbers each", nil},
		{"deviation 0", func(*onnxtest.Model) {}, ONNXConfig{Mean: half, Deviation: []float64{1, 0, 1}}, "deviations above 0", nil},
		{"output by node", func(*onnxtest.Model) {}, ONNXConfig{Output: "relu", Mean: half, Deviation: half}, "", []int{8, 8, 3}},
		{"output by tensor", func(*onnxtest.Model) {}, ONNXConfig{Output: "/conv/Conv_output_0", Mean: half, Deviation: half}, "", []int{8, 8, 3}},
		{"no such output", func(*onnxtest.Model) {}, ONNXConfig{Output: "layer4", Mean: half, Deviation: half}, `it has no tensor and no node "layer4": near its output it has `, nil},
		{"two channels", func(m *onnxtest.Model) { m.Input = []int{0, 2, 8, 8} }, scaled, "want 3 channels or 1", nil},
		{"not images", func(m *onnxtest.Model) { m.Input = []int{0, 192} }, scaled, "want images", nil},
		{"an operator nobody knows", func(m *onnxtest.Model) { m.Nodes[2].Op = "Blur" }, scaled, `node "relu", Blur: this operator is not supported`, nil},
		{"a cycle", func(m *onnxtest.Model) { m.Nodes[0].Inputs[0] = "relu:0" }, scaled, "the graph has a cycle through node", nil},
		{"a tensor from nowhere", func(m *onnxtest.Model) { m.Nodes[1].Inputs[0] = "lost" }, scaled, `node "bn", BatchNormalization takes tensor "lost", which no node makes`, nil},
		{"made twice", func(m *onnxtest.Model) { m.Nodes[2].Outputs[0] = "normed" }, scaled, `tensor "normed" is made twice`, nil},
		{"features of weights only", func(m *onnxtest.Model) { m.Nodes[0].Inputs[0] = "conv/kernel" }, scaled, "its features do not depend on its input", nil},
		{"weights that do not fit", func(m *onnxtest.Model) { m.Weights[2].Shape = []int{4, 9, 3, 1} }, scaled, `node "conv", Conv: `, nil},
		{"missing data file", func(m *onnxtest.Model) { m.Weights[2].File = "weights.data" }, scaled, "its numbers are in another file", nil},
		{"data file outside", func(m *onnxtest.Model) { m.Weights[2].File = "../weights.data" }, scaled, "which is not a file beside the model", nil},
		{"NaN", func(m *onnxtest.Model) { m.Weights[2].Values[5] = math.NaN() }, scaled, `initializer "conv/kernel": number 5 is NaN`, nil},
	} {
		path := open(row.change)
		net, err := ONNX(path, row.config)
		if row.says != "" {
			if err == nil || !strings.HasPrefix(err.Error(), "read "+path+": ") || !strings.Contains(err.Error(), row.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v\nwant the file and %q", row.why, err, row.says)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", row.why, err)
			continue
		}
		g := graph.NewGraph(backendtest.Go(t), "size")
		store := model.NewStore()
		model.SetStore(g, store)
		err = exceptions.TryCatch[error](func() {
			net.Features(store.Scope(netScope), graph.Parameter(g, "x", shapes.Make(dtypes.Float32, 2, 9, 9, 3)))
		})
		if e := new(SizeError); !errors.As(err, &e) || !slices.Equal(e.Want, row.want) || e.Network != "model.onnx" {
			t.Errorf("%s: %v, want a SizeError of model.onnx with %v", row.why, err, row.want)
		}
		g.Finalize()
		store.Finalize()
	}
}

// TestONNXNotAModel gives other files for a model.
func TestONNXNotAModel(t *testing.T) {
	whole := onnxtest.Small().Bytes()
	for _, row := range []struct {
		why, name string
		data      []byte
		says      string
	}{
		{"cut off", "a.onnx", whole[:len(whole)/2], "this is not an ONNX model, or it is cut off"},
		{"nothing", "a.onnx", nil, "it is empty"},
		{"text", "a.onnx", []byte("a model\n"), "this is not an ONNX model, or it is cut off"},
		{"a web page", "a.onnx", []byte("<!DOCTYPE html><html>"), "a web page"},
		{"PyTorch's", "a.pth", []byte("PK\x03\x04"), "want .onnx"},
	} {
		path := filepath.Join(t.TempDir(), row.name)
		if err := os.WriteFile(path, row.data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ONNX(path, ONNXConfig{}); err == nil || !strings.HasPrefix(err.Error(), "read "+path+": ") || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v, want %q", row.why, err, row.says)
		}
	}
	if _, err := ONNX(filepath.Join(t.TempDir(), "none.onnx"), ONNXConfig{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// FuzzONNX changes and cuts a model: it is read, or an error names the file.
func FuzzONNX(f *testing.F) {
	whole := onnxtest.Small().Bytes()
	f.Add(whole)
	for i := 0; i < len(whole); i += 97 {
		f.Add(slices.Concat(whole[:i], []byte{0xff, 0x7f}, whole[min(i+2, len(whole)):]))
		f.Add(whole[:i])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "a.onnx")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ONNX(path, ONNXConfig{}); err != nil && !strings.Contains(err.Error(), path) {
			t.Errorf("%v does not name the file", err)
		}
	})
}

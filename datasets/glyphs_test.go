package datasets

import (
	"crypto/sha256"
	"encoding/hex"
	"image"
	"slices"
	"sync"
	"testing"

	"github.com/sdtlab/sdtlab/sdt"
)

var wholeSet = sync.OnceValues(func() (Glyphs, error) { return Glyphs31(GlyphsConfig{}) })

func glyphs(t testing.TB) Glyphs {
	t.Helper()
	g, err := wholeSet()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (g Glyphs) all() []sdt.Labelled { return []sdt.Labelled{g.Catalogue, g.DSLR, g.Webcam} }

// The digest is of the pixels of the three domains, in order, for the zero
// configuration. Changing how glyphs look changes it, and every number that was
// measured on them.
func TestGlyphsAreTheSameBitsEverywhere(t *testing.T) {
	const want = "a0de5ea6d81cd0e69cad1fab6eb31ba738273bd24c0e3b85ea334e175ae2db11"
	h := sha256.New()
	for _, d := range glyphs(t).all() {
		h.Write(d.Pixels)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("SHA-256 %s, want %s", got, want)
	}
}

func TestGlyphCounts(t *testing.T) {
	g := glyphs(t)
	for i, want := range []int{2817, 498, 795} {
		d := g.all()[i]
		if err := d.Validate(); err != nil {
			t.Error(err)
		}
		if d.Len() != want || len(d.Classes) != 31 || !slices.IsSorted(d.Classes) || !slices.Equal(d.Shape, []int{32, 32, 3}) {
			t.Errorf("%s: %d images of %d classes, shape %v, want %d of 31", d.Domain, d.Len(), len(d.Classes), d.Shape, want)
		}
	}
}

func TestAFractionIsTheBeginningOfEachClass(t *testing.T) {
	part, err := Glyphs31(GlyphsConfig{Fraction: 0.25})
	if err != nil {
		t.Fatal(err)
	}
	whole := glyphs(t).Webcam
	if n := part.Webcam.Counts()[0]; n != 7 { // 29/4, rounded
		t.Errorf("%d images of class 0, want 7", n)
	}
	for i, name := range part.Webcam.Names {
		j := slices.Index(whole.Names, name)
		if !slices.Equal(part.Webcam.Pixels[i*3072:(i+1)*3072], whole.Pixels[j*3072:(j+1)*3072]) {
			t.Fatalf("%s is another image in the smaller set", name)
		}
	}
}

func TestGlyphOptions(t *testing.T) {
	grey, err := Glyphs31(GlyphsConfig{Fraction: 0.01, Size: 28, Grey: true, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(grey.DSLR.Shape, []int{28, 28, 1}) || grey.DSLR.Len() != 31 {
		t.Errorf("shape %v of %d images, want [28 28 1] of 31", grey.DSLR.Shape, grey.DSLR.Len())
	}
	other, _ := Glyphs31(GlyphsConfig{Fraction: 0.01, Size: 28, Grey: true, Seed: 6})
	if slices.Equal(grey.DSLR.Pixels, other.DSLR.Pixels) {
		t.Error("two seeds drew the same images")
	}
	for _, bad := range []GlyphsConfig{{Size: 7}, {Size: 257}, {Size: -1}, {Fraction: 1.5}, {Fraction: -1}} {
		if _, err := Glyphs31(bad); err == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
}

// The page of a catalogue is white; a webcam's picture is not.
func TestDomainsLookApart(t *testing.T) {
	g := glyphs(t)
	white := func(d sdt.Labelled) float64 {
		n := 0
		for _, v := range d.Pixels {
			if v > 245 {
				n++
			}
		}
		return float64(n) / float64(len(d.Pixels))
	}
	if c, w := white(g.Catalogue), white(g.Webcam); c < 0.6 || w > 0.2 {
		t.Errorf("near white: %.2f of the catalogue, %.2f of the webcam; want above 0.6 and below 0.2", c, w)
	}
}

func TestCover(t *testing.T) {
	square := func(x0, y0, x1, y1 int) []image.Point { // in 1/256 pixel
		return []image.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
	}
	hole := square(256, 256, 512, 512)
	slices.Reverse(hole)
	for _, row := range []struct {
		why      string
		polygons [][]image.Point
		want     []uint8
	}{
		{"one pixel", [][]image.Point{square(256, 256, 512, 512)}, []uint8{0, 0, 0, 0, 255, 0, 0, 0, 0}},
		{"half of it, in x", [][]image.Point{square(256, 256, 384, 512)}, []uint8{0, 0, 0, 0, 127, 0, 0, 0, 0}},
		{"half of it, in y", [][]image.Point{square(256, 256, 512, 384)}, []uint8{0, 0, 0, 0, 127, 0, 0, 0, 0}},
		{"beyond every edge", [][]image.Point{square(-999, -999, 9999, 9999)}, []uint8{255, 255, 255, 255, 255, 255, 255, 255, 255}},
		{"twice the same way round counts once", [][]image.Point{square(0, 0, 256, 256), square(0, 0, 256, 256)}, []uint8{255, 0, 0, 0, 0, 0, 0, 0, 0}},
		{"the other way round is a hole", [][]image.Point{square(0, 0, 768, 768), hole}, []uint8{255, 255, 255, 255, 0, 255, 255, 255, 255}},
		{"a triangle is half its square", [][]image.Point{{{X: 0, Y: 0}, {X: 256, Y: 256}, {X: 0, Y: 256}}}, []uint8{127, 0, 0, 0, 0, 0, 0, 0, 0}},
	} {
		if got := cover(row.polygons, 3); !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", row.why, got, row.want)
		}
	}
}

func TestBellIsNearNormal(t *testing.T) {
	d, n := throw(1, "bell"), 20000
	sum, square := 0.0, 0.0
	for range n {
		v := float64(d.bell(16 * 50))
		sum, square = sum+v, square+v*v
	}
	if mean, variance := sum/float64(n), square/float64(n); mean < -2 || mean > 1 || variance < 49*49 || variance > 51*51 {
		t.Errorf("mean %.2f, variance %.0f, want near −½ (rounding down) and 2500", mean, variance)
	}
}

func BenchmarkGlyphs31(b *testing.B) {
	for b.Loop() {
		if _, err := Glyphs31(GlyphsConfig{}); err != nil {
			b.Fatal(err)
		}
	}
}

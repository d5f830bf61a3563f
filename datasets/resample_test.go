package datasets

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"golang.org/x/image/draw"
)

// patterned returns images of every kind that rowsOf supports, with noise and hard edges.
func patterned(width, height int) map[string]image.Image {
	r := rand.New(rand.NewPCG(uint64(width), uint64(height)))
	fill := func(planes ...[]uint8) {
		for _, p := range planes {
			for i := range p {
				p[i] = uint8(r.Uint32())
				if i/7%3 == 0 {
					p[i] = uint8(255 * (i / 21 % 2))
				}
			}
		}
	}
	bounds := image.Rect(0, 0, width, height)
	grey := image.NewGray(bounds)
	fill(grey.Pix)
	all := map[string]image.Image{"grey": grey}
	for _, ratio := range []image.YCbCrSubsampleRatio{
		image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
		image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
	} {
		// Rows longer than the image is wide, as a JPEG's are.
		whole := image.NewYCbCr(image.Rect(0, 0, width+5, height+3), ratio)
		fill(whole.Y, whole.Cb, whole.Cr)
		all[ratio.String()] = whole.SubImage(bounds)
	}
	return all
}

// Pixels equal those of golang.org/x/image/draw, which the kernels come from, for all kinds
// of image, larger and smaller, and after one of another size.
func TestResamplerGivesDrawsPixels(t *testing.T) {
	for filter := range pillowFilter {
		kernel, err := filter.kernel()
		if err != nil {
			t.Fatal(err)
		}
		for _, to := range []image.Point{{227, 227}, {32, 20}, {1, 1}, {13, 40}} {
			plain, fast := newResampler(kernel, to.X, to.Y), newResampler(kernel, to.X, to.Y)
			plain.loops = plainLoops
			for _, from := range []image.Point{{112, 112}, {97, 61}, {13, 40}, {1, 1}, {3, 300}, {64, 40}} {
				for kind, img := range patterned(from.X, from.Y) {
					canvas := image.NewRGBA(image.Rectangle{Max: to})
					kernel.Scale(canvas, canvas.Bounds(), img, img.Bounds(), draw.Src, nil)
					var want []uint8
					for p := 0; p < len(canvas.Pix); p += 4 {
						want = append(want, canvas.Pix[p:p+3]...)
					}
					if rowsOf(img) == nil {
						t.Fatalf("%s has no rows", kind)
					}
					for loops, r := range map[string]*resampler{"plain": plain, "fastest": fast} {
						got := make([]uint8, len(want))
						if r.squash(got, img, false); !slices.Equal(got, want) {
							t.Errorf("%s, %s loops: %s of %v to %v: pixels differ from draw's", filter, loops, kind, from, to)
						}
					}
				}
			}
		}
	}
}

// Pillow, an implementation that shares nothing with draw, resizes the same decoded
// pixels to the same within two levels of 255, on average within 0.4: it rounds to
// integer levels before, between and after the two convolutions, while we round down
// once, at the end.
func TestReadFolderResizesAsPillow(t *testing.T) {
	python := pillow(t)
	const width, height = 320, 200
	var planes [3][]uint8
	for c := range planes {
		planes[c] = clouds(rand.New(rand.NewPCG(uint64(c), 0)), width, height, 40, 0.6)
	}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for p := range width * height {
		copy(img.Pix[4*p:], []uint8{planes[0][p], planes[1][p], planes[2][p], 255})
	}
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, img, nil); err != nil {
		t.Fatal(err)
	}
	decoded, err := jpeg.Decode(bytes.NewReader(jpg.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	dir := tree(t, map[string][]byte{"noise/a.jpg": jpg.Bytes()})
	same := filepath.Join(t.TempDir(), "same.png") // as decoders differ
	if err := os.WriteFile(same, pngOf(t, decoded), 0o666); err != nil {
		t.Fatal(err)
	}
	for filter, name := range pillowFilter {
		for _, to := range []image.Point{{227, 227}, {32, 20}, {400, 401}} {
			want, err := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "pillow.py"), "resize", same, strconv.Itoa(to.X), strconv.Itoa(to.Y), name).Output()
			if err != nil {
				t.Fatal(err)
			}
			l, err := ReadFolder(t.Context(), dir, FolderConfig{Width: to.X, Height: to.Y, Filter: filter})
			if err != nil {
				t.Fatal(err)
			}
			if len(l.Pixels) != len(want) {
				t.Fatalf("%d values, Pillow has %d", len(l.Pixels), len(want))
			}
			most, sum := 0, 0
			for i, v := range l.Pixels {
				d := max(int(v)-int(want[i]), int(want[i])-int(v))
				most, sum = max(most, d), sum+d
			}
			mean := float64(sum) / float64(len(want))
			t.Logf("%s to %v: at most %d levels from Pillow's, %.2f in the mean", filter, to, most, mean)
			if most > 2 || mean > 0.4 {
				t.Errorf("%s to %v: at most %d levels from Pillow's, %.2f in the mean; want 2 and 0.4", filter, to, most, mean)
			}
		}
	}
}

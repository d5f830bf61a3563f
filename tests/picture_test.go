//go:build picture

package tests

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/tests/browser"
)

// pictureCells are the session of README's picture: data, a network trained in one cell, λ
// changed in the next.
var pictureCells = []string{
	`glyphs := nb.Must(datasets.Glyphs31(datasets.GlyphsConfig{Fraction: 0.2}))
task := nb.Must(datasets.SemiSupervised(glyphs.Catalogue, glyphs.Webcam, datasets.Protocol{Seed: 1}))
config := sdt.Config{Network: network.ConvNet, Nu: 1, LearningRate: 0.01, NewLayerRate: 1, BiasRate: 1, DomainRate: 0.05, PretrainSteps: 60, AdaptSteps: 60}`,
	`config.Lambda = 0.01
lab := nb.Must(sdt.Open("runs", task, config))
source := nb.Must(lab.Pretrain(nb.Context()))
soft := nb.Must(lab.SoftLabels(nb.Context(), source))
lab.OnProgress = plots.Follow(os.Stdout)
adapted := nb.Must(lab.Adapt(nb.Context(), source, soft))`,
	`config.Lambda = 0.1 // the source network and its soft labels are still here
lab = nb.Must(sdt.Open("runs", task, config))
lab.OnProgress = plots.Follow(os.Stdout)
harder := nb.Must(lab.Adapt(nb.Context(), source, soft))`,
}

// TestPicture makes the moving picture of README, docs/session.gif, from a session in
// JupyterLab: go test -tags picture -run TestPicture ./tests -artifacts -outputdir DIR
func TestPicture(t *testing.T) {
	b := openLab(t)
	b.Tab = chromium(t).Open(t, browser.Window{Width: 940, Height: 860}, nil)
	b.open(writeNotebook(t, "session.ipynb", pictureCells))
	b.command("application:toggle-left-area")
	var film film
	for cell := range pictureCells {
		b.start(cell)
		b.Do(fmt.Sprintf(`setTimeout(function () { jupyterapp.shell.currentWidget.content.scrollToItem(%d, "start"); }, 500)`, cell))
		done := make(chan bool)
		go func() { b.ended(cell); close(done) }()
		for running := true; running; {
			select {
			case <-done:
				running = false
			case <-time.After(300 * time.Millisecond):
			}
			film.take(t, b.Tab)
		}
		film.hold(150)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, film.develop()); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d frames, %d bytes", len(film.frames), out.Len())
	if out.Len() > 2<<20 || len(film.frames) < 10 {
		t.Errorf("%d frames in %d bytes, want at least 10 in 2 MiB", len(film.frames), out.Len())
	}
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), "session.gif"), out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// film is a row of screenshots, each with how long it is shown, in hundredths of a second.
type film struct {
	mu     sync.Mutex
	frames []image.Image
	delays []int
}

// take adds a screenshot of the notebook, if it looks different.
func (f *film) take(t *testing.T, p *browser.Tab) {
	var clip struct{ X, Y, Width, Height, Scale float64 }
	if err := p.Value(&clip, `(function (r) {
  return { X: r.x, Y: r.y, Width: r.width, Height: r.height, Scale: 1 };
})(document.querySelector(".jp-NotebookPanel-notebook").getBoundingClientRect())`); err != nil {
		t.Fatal(err)
	}
	var r struct{ Data []byte }
	p.Ask(&r, "Page.captureScreenshot", map[string]any{"format": "png", "clip": map[string]any{
		"x": clip.X, "y": clip.Y, "width": clip.Width, "height": clip.Height, "scale": 1}})
	img, err := png.Decode(bytes.NewReader(r.Data))
	if err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := len(f.frames); n > 0 && changed(f.frames[n-1], img).Empty() {
		f.delays[n-1] = min(f.delays[n-1]+10, 60)
		return
	}
	f.frames, f.delays = append(f.frames, img), append(f.delays, 20)
}

// hold shows the last frame for longer.
func (f *film) hold(hundredths int) { f.delays[len(f.delays)-1] = hundredths }

// changed returns the rectangle outside of which two images are the same.
func changed(a, b image.Image) image.Rectangle {
	var r image.Rectangle
	for y := b.Bounds().Min.Y; y < b.Bounds().Max.Y; y++ {
		for x := b.Bounds().Min.X; x < b.Bounds().Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

// develop returns the film as a GIF: in each frame what has changed, in the colours that are
// most frequent.
func (f *film) develop() *gif.GIF {
	counts := map[color.RGBA]int{}
	for _, img := range f.frames {
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				counts[color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)]++
			}
		}
	}
	frequent := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int { return cmp.Compare(counts[b], counts[a]) })
	var palette color.Palette
	for _, c := range frequent[:min(256, len(frequent))] {
		palette = append(palette, c)
	}
	nearest := map[color.RGBA]uint8{}
	out := &gif.GIF{}
	for i, img := range f.frames {
		r := img.Bounds()
		if i > 0 {
			r = changed(f.frames[i-1], img)
		}
		p := image.NewPaletted(r, palette)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
				index, ok := nearest[c]
				if !ok {
					index = uint8(palette.Index(c))
					nearest[c] = index
				}
				p.SetColorIndex(x, y, index)
			}
		}
		out.Image, out.Delay, out.Disposal = append(out.Image, p), append(out.Delay, f.delays[i]), append(out.Disposal, gif.DisposalNone)
	}
	return out
}

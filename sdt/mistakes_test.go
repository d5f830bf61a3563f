package sdt

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// flatten is a network with the mean colour as its features.
var flatten = network.Of(func(_ *model.Scope, x *graph.Node) *graph.Node {
	return graph.DivScalar(graph.ReduceMean(x, 1, 2), 255)
})

func TestMistakes(t *testing.T) {
	// 9 × 4 images in two colours; those of the second half of the test set have the wrong label.
	task := Task{Name: "squares"}
	draw := func(domain string, n int, wrong bool) Labelled {
		l := Labelled{Examples: Examples{Domain: domain, Shape: []int{9, 4, 3}}, Classes: []string{"red", "blue"}}
		for i := range n {
			k := i % 2
			for p := range 9 * 4 {
				rgb := [2][3]uint8{{200, uint8(i), uint8(p)}, {10, uint8(i), 250}}[k]
				l.Pixels = append(l.Pixels, rgb[:]...)
			}
			if wrong && i >= n/2 {
				k = 1 - k
			}
			l.Labels = append(l.Labels, int32(k))
		}
		return l
	}
	task.Sources = []Labelled{draw("shop", 40, false)}
	task.Test = draw("camera", 200, true)
	task.Test.Names = make([]string, 200)
	for i := range task.Test.Names {
		task.Test.Names[i] = "photo " + strconv.Itoa(i)
	}
	dir := t.TempDir()
	l, err := Open(dir, task, Config{Method: SourceOnly, Network: flatten, LearningRate: 0.1, Policy: Constant, PretrainSteps: 60, SourceBatch: 20})
	if err != nil {
		t.Fatal(err)
	}
	m, err := l.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e, err := l.Evaluate(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if acc := e.Accuracy(); acc != 0.5 {
		t.Fatalf("accuracy %v, want half: red and blue are easily told apart", acc)
	}
	runs, err := ReadRuns(dir)
	if err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	images, rows, err := runs[0].Mistakes()
	if err != nil || len(rows) != 64 || images.Len() != 64 || images.Domain != "camera" {
		t.Fatalf("%d images, rows %v, %v, want 64", images.Len(), rows, err)
	}
	if rows[0] != 100 || rows[63] < 190 || !slices.IsSorted(rows) {
		t.Errorf("rows %v, want some of 100 … 199, evenly", rows)
	}
	want := task.Test.Examples.Rows(rows)
	if !bytes.Equal(images.Pixels, want.Pixels) || !slices.Equal(images.Names, want.Names) || !slices.Equal(images.Shape, want.Shape) {
		t.Errorf("the images are not those of the rows: shape %v, names %v", images.Shape, images.Names)
	}
	for why, edit := range map[string]func(path string) error{
		"damaged":                 func(path string) error { return os.Truncate(path, 100) },
		"of a row that is none":   func(path string) error { return resealed(path, func(all []mistake) { all[3].Row = 200 }) },
		"of a row below":          func(path string) error { return resealed(path, func(all []mistake) { all[0].Row = -1 }) },
		"of something else":       func(path string) error { return resealed(path, func(all []mistake) { all[0].PNG = []byte("GIF89a") }) },
		"of another evaluation":   func(path string) error { return writeRecord(path, "0123456789abcdef", Provenance{}, []mistake{}) },
		"of images of many sizes": func(path string) error { return resealed(path, func(all []mistake) { all[1].PNG = dot }) },
	} {
		path := filepath.Join(dir, mistakesFile(runs[0].Key()))
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := edit(path); err != nil {
			t.Fatal(err)
		}
		if _, _, err := runs[0].Mistakes(); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "evaluate-"+runs[0].Key()+".json") {
			t.Errorf("mistakes %s: %v, want the file, and the evaluation that makes it again", why, err)
		}
		if err := os.WriteFile(path, before, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	part := e.At(rows)
	for i := range rows {
		if part.Labels[i] == part.Predictions[i] {
			t.Errorf("row %d was right", rows[i])
		}
	}
}

// resealed changes the mistakes of a file, and updates its hash.
func resealed(path string, edit func([]mistake)) error {
	s, err := readSealed(path)
	if err != nil {
		return err
	}
	var all []mistake
	if err := json.Unmarshal(s.Record, &all); err != nil {
		return err
	}
	edit(all)
	return writeRecord(path, s.Key, Provenance{}, all)
}

// dot is a PNG of one pixel.
var dot = func() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	return b.Bytes()
}()

func TestThumbnail(t *testing.T) {
	e := Examples{Shape: []int{3, 2, 1}, Pixels: []uint8{1, 2, 3, 5, 10, 20}}
	img := e.Thumbnail(0, 2)
	if size := img.Bounds().Size(); size.X != 1 || size.Y != 2 {
		t.Fatalf("size %v, want 1 × 2: both sides by two, rounded up", size)
	}
	for y, want := range []uint8{3, 15} { // (1+2+3+5)/4 = 2.75, (10+20)/2
		if got := img.At(0, y).(color.Gray).Y; got != want {
			t.Errorf("row %d is %d, want %d", y, got, want)
		}
	}
}

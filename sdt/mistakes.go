package sdt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"path/filepath"
)

// An evaluation saves some of the images that the network got wrong, so that a report can
// show which of them another network corrected: at most mistakesKept, no side longer than
// mistakesSide pixels.
const mistakesKept, mistakesSide = 64, 112

// mistakesFile returns the file's name beside the evaluation with that key.
func mistakesFile(key string) string { return "mistakes-" + key + ".json" }

// mistake is one such image.
type mistake struct {
	Row  int    `json:"row"` // of the test examples
	Name string `json:"name,omitempty"`
	PNG  []byte `json:"png"`
}

// mistakes returns images that the evaluation has wrong, evenly spread over the rows of
// reported classes; nil for examples that are not images.
func mistakes(test Examples, e Evaluation) ([]mistake, error) {
	if test.Pixels == nil || len(test.Shape) != 3 || test.Shape[2] != 1 && test.Shape[2] != 3 {
		return nil, nil
	}
	reported := make([]bool, len(e.Classes))
	for _, k := range e.Reported() {
		reported[k] = true
	}
	var rows []int
	for i, y := range e.Labels {
		if reported[y] && e.Predictions[i] != y {
			rows = append(rows, i)
		}
	}
	all := []mistake{}
	for i := range min(len(rows), mistakesKept) {
		row := rows[i*len(rows)/min(len(rows), mistakesKept)]
		m := mistake{Row: row}
		if test.Names != nil {
			m.Name = test.Names[row]
		}
		var b bytes.Buffer
		if err := png.Encode(&b, test.Thumbnail(row, mistakesSide)); err != nil {
			return nil, err
		}
		m.PNG = b.Bytes()
		all = append(all, m)
	}
	return all, nil
}

// readMistakes returns what the evaluation with that key saved in a run directory: the
// images, and the rows of the test examples that they show.
func readMistakes(dir, key string, e Evaluation) (images Examples, rows []int, err error) {
	path := filepath.Join(dir, mistakesFile(key))
	fail := func(err error) (Examples, []int, error) {
		return Examples{}, nil, fmt.Errorf("read %s: %w: delete it and evaluate-%s.json to make both again", path, err, key)
	}
	s, err := readSealed(path)
	if err != nil {
		return Examples{}, nil, fmt.Errorf("%w, and evaluate-%s.json with it", err, key)
	}
	if s.Key != key {
		return fail(fmt.Errorf("it belongs to the evaluation %s", s.Key))
	}
	var all []mistake
	if err := json.Unmarshal(s.Record, &all); err != nil {
		return fail(err)
	}
	images.Domain = e.Domain
	for _, m := range all {
		if m.Row < 0 || m.Row >= len(e.Labels) {
			return fail(fmt.Errorf("it has row %d of %d test examples", m.Row, len(e.Labels)))
		}
		img, err := png.Decode(bytes.NewReader(m.PNG))
		if err != nil {
			return fail(fmt.Errorf("row %d: %w", m.Row, err))
		}
		pixels, shape := pixelsOf(img)
		if images.Shape == nil {
			images.Shape = shape
		}
		images.Pixels = append(images.Pixels, pixels...)
		name := m.Name
		if name == "" {
			name = fmt.Sprint("row ", m.Row)
		}
		images.Names = append(images.Names, name)
		rows = append(rows, m.Row)
	}
	if err := images.Validate(); len(rows) > 0 && (err != nil || images.Len() != len(rows)) {
		return fail(fmt.Errorf("its %d images do not all have the shape %v", len(rows), images.Shape))
	}
	return images, rows, nil
}

// Thumbnail returns the image at a row, reduced by an integer factor, each pixel the mean of
// a block, so that neither side is longer than side. It panics unless the examples are
// pixels of shape {h, w, 1}, grey, or {h, w, 3}, red, green and blue.
func (e Examples) Thumbnail(row, side int) image.Image {
	if e.Pixels == nil || len(e.Shape) != 3 || e.Shape[2] != 1 && e.Shape[2] != 3 {
		panic(fmt.Sprintf("sdt.Thumbnail: examples of shape %v, want pixels {h, w, 1} or {h, w, 3}", e.Shape))
	}
	h, w, ch := e.Shape[0], e.Shape[1], e.Shape[2]
	pixels := e.Pixels[row*h*w*ch : (row+1)*h*w*ch] // [h, w, ch]
	by := (max(h, w) + side - 1) / side
	mean := func(x, y, c int) uint8 {
		sum, n := 0, 0
		for v := y * by; v < min(h, (y+1)*by); v++ {
			for u := x * by; u < min(w, (x+1)*by); u++ {
				sum, n = sum+int(pixels[(v*w+u)*ch+c]), n+1
			}
		}
		return uint8((sum + n/2) / n)
	}
	rect := image.Rect(0, 0, (w+by-1)/by, (h+by-1)/by)
	if ch == 1 {
		grey := image.NewGray(rect)
		for y := range rect.Dy() {
			for x := range rect.Dx() {
				grey.SetGray(x, y, color.Gray{Y: mean(x, y, 0)})
			}
		}
		return grey
	}
	rgb := image.NewNRGBA(rect)
	for y := range rect.Dy() {
		for x := range rect.Dx() {
			rgb.SetNRGBA(x, y, color.NRGBA{R: mean(x, y, 0), G: mean(x, y, 1), B: mean(x, y, 2), A: 255})
		}
	}
	return rgb
}

// pixelsOf returns the pixels of a decoded Thumbnail, row by row, and their shape.
func pixelsOf(img image.Image) (pixels []uint8, shape []int) {
	size := img.Bounds().Size()
	if grey, ok := img.(*image.Gray); ok {
		return grey.Pix, []int{size.Y, size.X, 1}
	}
	for y := range size.Y {
		for x := range size.X {
			r, g, b, _ := img.At(x, y).RGBA()
			pixels = append(pixels, uint8(r>>8), uint8(g>>8), uint8(b>>8))
		}
	}
	return pixels, []int{size.Y, size.X, 3}
}

package datasets

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"testing"
)

// The reason for [jpegFile.oneScan]: Go's package cannot read the files that
// [jpegFile.miscounted] reports. Remove both when this fails.
func TestGoMiscounts(t *testing.T) {
	for name, data := range archived(t) {
		if !strings.HasSuffix(name, ".jpg") {
			continue
		}
		f, err := readJPEG(data)
		if err != nil || !f.miscounted() {
			continue
		}
		if _, err := jpeg.Decode(bytes.NewReader(data)); err == nil {
			t.Errorf("image/jpeg reads %s", name)
		}
	}
}

// Merging a file's scans into one keeps its pixels, bit for bit.
func TestOneScan(t *testing.T) {
	files, n := archived(t), 0
	for name, data := range files {
		if !strings.HasSuffix(name, ".jpg") {
			continue
		}
		f, err := readJPEG(data)
		if err != nil || f.miscounted() || f.frame > 0xc2 || f.tables != [2]byte{3, 3} || strings.Contains(name, "cut") {
			continue
		}
		want, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			continue // of a rare type
		}
		one, err := f.oneScan()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := jpeg.Decode(bytes.NewReader(one))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !slices.Equal(pixelsOf(got), pixelsOf(want)) {
			t.Errorf("%s: other pixels", name)
		}
		n++
	}
	if n < 20 {
		t.Errorf("%d files", n)
	}
}

func pixelsOf(img image.Image) (all []uint32) {
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			r, g, b, a := img.At(x, y).RGBA()
			all = append(all, r, g, b, a)
		}
	}
	return all
}

// FuzzOneScan: scans of any bytes become one scan that Go's package reads, or an error.
func FuzzOneScan(f *testing.F) {
	fuzzed(f, func(name string) bool {
		return strings.Contains(name, "scan") || strings.HasPrefix(name, "progressive")
	})
	f.Fuzz(func(t *testing.T, data []byte) {
		j, err := readJPEG(data)
		if err != nil || j.width < 1 || j.height < 1 || j.width > 1<<14/j.height || len(j.components) > 4 || j.unit() > 10 {
			return
		}
		one, err := j.oneScan()
		if err != nil {
			return
		}
		if _, err := jpeg.Decode(bytes.NewReader(one)); err != nil && strings.Contains(err.Error(), "Huffman") {
			t.Error(err)
		}
	})
}

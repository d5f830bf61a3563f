// Package miniature draws small sets of images in the folders of real ones, for tests
// that must run where those are not.
package miniature

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
)

// classes are six of Office-31 by their places among the 31: the first three and the last
// three are the two halves of a held-out protocol. DSLR has 10 keyboards, 8 mugs and 7
// rulers, as the real set does.
var classes = map[int32]string{0: "back_pack", 3: "bookcase", 11: "keyboard", 17: "mug", 25: "ruler", 30: "trash_can"}

// Office31 draws a set in Office-31's layout below dir: dir/amazon/images/mug/frame_0001.jpg
// and so on, glyphs at 32×32, at most 24 per class and domain. Webcam's are PNG.
func Office31(dir string) error {
	glyphs, err := datasets.Glyphs31(datasets.GlyphsConfig{})
	if err != nil {
		return err
	}
	for domain, l := range map[string]sdt.Labelled{"amazon": glyphs.Catalogue, "dslr": glyphs.DSLR, "webcam": glyphs.Webcam} {
		drawn := map[int32]int{}
		for i, y := range l.Labels {
			class, wanted := classes[y]
			if drawn[y]++; !wanted || drawn[y] > 24 {
				continue
			}
			at := filepath.Join(dir, domain, "images", class, filepath.Base(l.Names[i]))
			if err := write(at, l.Pixels[i*l.Size():(i+1)*l.Size()], l.Shape[1], domain == "webcam"); err != nil {
				return err
			}
		}
	}
	return nil
}

// write writes red, green, blue [side, side, 3] as PNG or JPEG, with its ending.
func write(path string, pixels []uint8, side int, lossless bool) error {
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	for i := range side * side {
		img.SetRGBA(i%side, i/side, color.RGBA{R: pixels[3*i], G: pixels[3*i+1], B: pixels[3*i+2], A: 255})
	}
	var b bytes.Buffer
	encode, ending := func() error { return jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}) }, ".jpg"
	if lossless {
		encode, ending = func() error { return png.Encode(&b, img) }, ".png"
	}
	if err := encode(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path+ending, b.Bytes(), 0o600)
}

package datasets

import (
	"fmt"
	"image"
	"slices"

	"golang.org/x/image/draw"
)

// A Filter is a way to resize images. Both filters average over several source pixels when an
// image becomes smaller.
type Filter string

const (
	CatmullRom Filter = "catmull-rom" // cubic, sharp
	BiLinear   Filter = "bilinear"    // triangle, soft
)

func (f Filter) kernel() (*draw.Kernel, error) {
	switch f {
	case CatmullRom, "":
		return draw.CatmullRom, nil
	case BiLinear:
		return draw.BiLinear, nil
	}
	return nil, fmt.Errorf("filter %q, want %q or %q", f, CatmullRom, BiLinear)
}

// squash resizes an image to the resampler's size, without keeping its proportions, and
// writes it to to as RGB, or as luma (ITU-R BT.601) if grey is set. Transparent areas
// become white, like the page of a catalogue.
func (r *resampler) squash(to []uint8, img image.Image, grey bool) {
	rgb := to
	if grey {
		r.grey = slices.Grow(r.grey[:0], 3*len(to))[:3*len(to)]
		rgb = r.grey
	}
	if rows := rowsOf(img); rows != nil {
		r.resample(rgb, img.Bounds().Size(), rows)
	} else {
		canvas := image.NewRGBA(image.Rect(0, 0, r.width, r.height))
		draw.Draw(canvas, canvas.Bounds(), image.White, image.Point{}, draw.Src)
		r.kernel.Scale(canvas, canvas.Bounds(), img, img.Bounds(), draw.Over, nil)
		for i := range r.width * r.height {
			copy(rgb[3*i:3*i+3], canvas.Pix[4*i:])
		}
	}
	if grey {
		for i := range to {
			to[i] = luma(rgb[3*i], rgb[3*i+1], rgb[3*i+2])
		}
	}
}

// luma returns the brightness of a colour, ITU-R BT.601.
func luma(r, g, b uint8) uint8 {
	return uint8((299*int(r) + 587*int(g) + 114*int(b) + 500) / 1000)
}

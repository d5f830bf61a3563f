package datasets

import (
	"fmt"
	"image"
	"slices"

	"golang.org/x/image/draw"

	"github.com/sdtlab/sdtlab/sdt"
)

// Resize returns the images resized with the filter: pixels of shape [h, w, 1] or
// [h, w, 3] become [side, side, …]. Labels, classes and names stay the same. It makes
// USPS (16×16) fit a network for MNIST (28×28).
func Resize(l sdt.Labelled, side int, filter Filter) (sdt.Labelled, error) {
	kernel, err := filter.kernel()
	if err != nil {
		return sdt.Labelled{}, fmt.Errorf("resize: %w", err)
	}
	if side < 1 || side > 4096 {
		return sdt.Labelled{}, fmt.Errorf("resize: side %d, want 1…4096", side)
	}
	if err := l.Validate(); err != nil {
		return sdt.Labelled{}, fmt.Errorf("resize: %w", err)
	}
	if l.Pixels == nil || len(l.Shape) != 3 || (l.Shape[2] != 1 && l.Shape[2] != 3) {
		return sdt.Labelled{}, fmt.Errorf("resize: examples %q have shape %v, want pixels [h, w, 1] or [h, w, 3]", l.Domain, l.Shape)
	}
	height, width, channels := l.Shape[0], l.Shape[1], l.Shape[2]
	out := l
	out.Shape = []int{side, side, channels}
	out.Classes, out.Labels, out.Names = slices.Clone(l.Classes), slices.Clone(l.Labels), slices.Clone(l.Names)
	out.Pixels = make([]uint8, l.Len()*side*side*channels)
	from, to := image.NewRGBA(image.Rect(0, 0, width, height)), image.NewRGBA(image.Rect(0, 0, side, side))
	for i := range l.Len() {
		for p := range width * height {
			at := (i*width*height + p) * channels
			from.Pix[4*p], from.Pix[4*p+1], from.Pix[4*p+2], from.Pix[4*p+3] = l.Pixels[at], l.Pixels[at+channels/2], l.Pixels[at+channels-1], 255
		}
		kernel.Scale(to, to.Bounds(), from, from.Bounds(), draw.Src, nil)
		for p := range side * side {
			copy(out.Pixels[(i*side*side+p)*channels:][:channels], to.Pix[4*p:])
		}
	}
	return out, nil
}

// Pad centres the images on a black background of side × side pixels: pixels of shape
// [h, w, 1] or [h, w, 3] become [side, side, …]. MNIST's digits are placed like this, 20
// of 28 pixels high; USPS's fill their images.
func Pad(l sdt.Labelled, side int) (sdt.Labelled, error) {
	if l.Pixels == nil || len(l.Shape) != 3 || side > 4096 || side < max(l.Shape[0], l.Shape[1]) {
		return sdt.Labelled{}, fmt.Errorf("pad: examples %q have shape %v, want pixels [h, w, channels] with sides of at most %d", l.Domain, l.Shape, side)
	}
	height, row, channels := l.Shape[0], l.Shape[1]*l.Shape[2], l.Shape[2]
	out := l
	out.Shape = []int{side, side, channels}
	out.Classes, out.Labels, out.Names = slices.Clone(l.Classes), slices.Clone(l.Labels), slices.Clone(l.Names)
	out.Pixels = make([]uint8, l.Len()*side*side*channels)
	top, left := (side-height)/2, (side-l.Shape[1])/2*channels
	for y := range l.Len() * height {
		to := (y/height*side+top+y%height)*side*channels + left
		copy(out.Pixels[to:to+row], l.Pixels[y*row:])
	}
	return out, nil
}

// Invert returns the images with every pixel v replaced by 255 − v: black on white
// becomes white on black, as in MNIST and USPS. It fails on features, which have no
// such range.
func Invert(l sdt.Labelled) (sdt.Labelled, error) {
	if l.Pixels == nil {
		return sdt.Labelled{}, fmt.Errorf("invert: examples %q are features, want pixels", l.Domain)
	}
	l.Pixels = slices.Clone(l.Pixels)
	for i, v := range l.Pixels {
		l.Pixels[i] = 255 - v
	}
	return l, nil
}
